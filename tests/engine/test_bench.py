"""The benchmark compares like with like: workloads run small, and results are checked, not times."""

import json
from dataclasses import replace

import numpy as np
import pytest

from engine import Simulation, commands
from engine.bench import circuits, compare, report
from engine.bench.curves import powers
from engine.bench.side import side
from engine.bench.stages import profile
from engine.bench.statistics import described, quartiles, ratios
from engine.bench.workloads import WORKLOADS


def run(capsys, *words):
    code = commands.main([str(w) for w in words])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_peer_that_is_not_there_is_named_with_its_cure(capsys, monkeypatch):
    monkeypatch.delenv("NEUROPIL_BRIAN2_PYTHON", raising=False)
    code, _, err = run(capsys, "bench", "--against", "brian2")
    assert (code, "--brian2-python" in err) == (2, True)
    code, _, err = run(capsys, "bench", "--against", "neuron")
    assert (code, "nest" in err) == (2, True)


def test_an_unknown_workload_is_named(capsys):
    code, _, err = run(capsys, "bench", "cubba")
    assert (code, "cuba" in err) == (1, True)


def test_rate_and_regularity_are_those_of_the_trains():
    clock = np.arange(10.0, 1000.0, 10.0)
    uneven = np.cumsum(np.tile([5.0, 15.0], 49))
    found = described([*clock, *uneven], [1] * len(clock) + [2] * len(uneven), 1000.0, 2)
    assert found["rate"] == pytest.approx((len(clock) + len(uneven)) / 2)
    assert found["cv"] == pytest.approx((0.0 + np.std(np.diff(uneven)) / np.mean(np.diff(uneven))) / 2)
    assert described([], [], 100.0, 5) == {"rate": 0.0, "cv": None}


def test_ratios_are_taken_turn_by_turn():
    assert quartiles(ratios([1.0, 2.0, 9.0], [2.0, 4.0, 3.0]))[1] == 0.5


@pytest.mark.parametrize("name", ["cuba", "poisson", "create", "delete", "edit", "saving", "opening"])
def test_a_workload_of_ours_runs_small(name):
    made = side(name, WORKLOADS[name].small // 4 if WORKLOADS[name].build else 2000, "")
    costs = [made.go(), made.go()]
    assert all(np.isfinite(cost) and cost >= 0.0 for cost in costs)
    end = made.end()
    if name in ("cuba", "poisson"):
        assert 1.0 < end["rate"] < 60.0
    if name in ("create", "delete"):
        assert end["synapses"] == 2000


def test_the_stages_are_those_of_a_run():
    together, apart = (Simulation(circuits.cuba(200)) for _ in range(2))
    together.run(50.0)
    spent = profile(apart, 50.0)
    assert apart.spikes().tolist() == together.spikes().tolist()
    assert len(together.spikes()) > 10
    assert {"inputs", "neurons", "exchange"} < set(spent)


def test_what_was_measured_is_not_measured_again(capsys, tmp_path, monkeypatch):
    asked = []

    def measured(workload, n, turns, against, tell):
        asked.append((workload.name, n, turns))
        ours = {"side": "ours", "median": 1.0, "least": 1.0, "rate": 5.0, "cv": 0.9}
        peer = {"side": "nest", "version": "3.10.0", "median": 0.5, "least": 0.5, "ratio": 2.0,
                "ratio_quartiles": [1.9, 2.1], "goal": 0.1, "met": False}  # fmt: skip
        return {"name": workload.name, "about": "", "unit": "s", "n": n, "sides": [ours, peer]}

    monkeypatch.setattr(compare, "compare", measured)
    found, text = tmp_path / "found.json", tmp_path / "found.md"
    words = ("bench", "--size", "small", "--write", found)
    assert run(capsys, *words, "--markdown", text)[0] == 0
    assert [name for name, _, _ in asked] == list(WORKLOADS)
    assert set(json.loads(found.read_text())["workloads"]) == set(WORKLOADS)
    assert "2 (it wins)" in text.read_text()
    asked.clear()
    assert run(capsys, *words)[0] == 0
    assert asked == []
    assert run(capsys, "bench", "cuba", *words[1:])[0] == 0
    assert [name for name, _, _ in asked] == ["cuba"]


def points(curve, cost, steps, events):
    return [
        {"curve": curve, "work": a + b, "events": b, "cost": cost(a, b)}
        for a, b in zip(steps, events, strict=True)
    ]


def test_growth_is_told_as_a_power_of_what_was_expected():
    more, same, none = (4e6, 1e6, 2e6), (4e6, 4e6, 4e6), (0.0, 0.0, 0.0)
    rows = [
        *points("steps", lambda a, b: 3e-9 * a, more, none),
        *points("square of steps", lambda a, b: 1e-15 * a * a, more, none),
        *points("events", lambda a, b: 1e-10 * a + 8e-9 * b, same, more),
        *points("square of events", lambda a, b: 1e-10 * a + 1e-14 * b * b, same, more),
    ]
    found = powers(rows)
    assert found["steps"] == pytest.approx(1.0)
    assert found["events"] == pytest.approx(1.0)
    assert found["square of steps"] == pytest.approx(2.0)
    assert found["square of events"] > 1.5
    assert powers(points("one", lambda a, b: 1.0, (1e6,), (0.0,))) == {}


@pytest.mark.long
@pytest.mark.parametrize("name", WORKLOADS)
def test_every_workload_compares_its_sides(name):
    workload = WORKLOADS[name]
    found = compare.compare(workload, workload.small, 2, {}, lambda text: None)
    ours, *others = found["sides"]
    assert [s["side"] for s in others] == list(workload.beside)
    assert ours["median"] > 0.0
    assert report.text([found], report.machine())
    for other in others:
        assert other["ratio"] > 0.0
        if other["side"] in ("two threads", "watched"):
            assert (other["rate"], other["cv"]) == (ours["rate"], ours["cv"])


class Turned:
    """A side that has taken its turns."""

    def __init__(self, label, *costs):
        self.label, self.costs, self.facts = label, list(costs), {}


def test_more_cards_are_held_against_the_pair_rule_alone():
    workload = replace(
        WORKLOADS["dopamine"], beside=("pair alone", "double"), goals={"pair alone": 1.4, "double": 1.6}
    )
    turned = [Turned("ours", 3.0, 3.0), Turned("pair alone", 1.0, 1.0), Turned("double", 4.5, 4.5)]
    _, alone, double = compare.summed(workload, 100, turned)["sides"]
    assert (alone["ratio"], alone["met"]) == (3.0, False)
    assert (double["ratio"], double["met"]) == (1.5, True)


def test_a_table_that_is_put_off_says_the_same(monkeypatch):
    from engine.network.edits import AddSynapses, RemoveSynapses
    from engine.runtime import simulation

    def after(size):
        monkeypatch.setattr(simulation, "LARGE", size)
        net = circuits.cuba(200)
        sim = Simulation(net)
        ids = net.projections[next(iter(net.projections))].synapses.id
        projection = next(iter(net.projections.values()))
        sim.run(20.0)
        sim.apply(RemoveSynapses(ids[:50]))
        more = AddSynapses(
            projection.id, np.arange(10) + 10**6, projection.synapses.pre[:10],
            projection.synapses.post[5:15], np.full(10, 20.0), np.full(10, 0.1),
        )  # fmt: skip
        inverse = sim.apply(more)
        sim.run(20.0)
        sim.apply(inverse)
        sim.run(20.0)
        now = sim.network  # its weights are the running ones, in the precision of the circuit
        tables = [p.synapses.sorted() for p in now.projections.values()]
        return sim.spikes(), tables, len(now.to_networkx())

    at_once, later = after(10**9), after(0)
    assert np.array_equal(at_once[0], later[0])
    assert at_once[2] == later[2]
    for one, other in zip(at_once[1], later[1], strict=True):
        assert one.keys() == other.keys()
        for name in one:
            assert np.array_equal(one[name], other[name]), name
