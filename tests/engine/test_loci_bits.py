"""Loci, late returns and teaching events: the same bits however a run is cut, watched, saved or threaded."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Network, Simulation
from engine.network.edits import SetParams, SetRules
from engine.network.parts import RuleUse
from tests.engine.bits import digest

STEPS = 500


def learning_network() -> Network:
    """Two tiles of neurons that learn at both sides of the cleft, by calcium, and from climbing fibres."""
    net = Network(dt=0.1, seed=21)
    net.sweep = 130
    pre = net.add_population("Pre", "relay", size=60, sign=+1)
    post = net.add_population("Post", "iaf_psc_exp", size=1100, sign=+1, params={"i_e": 420.0})
    climbing = net.add_population("Climbing", "relay", size=20, sign=+1)
    net.add_input("poisson", pre, rate=120.0)
    net.add_input("poisson", climbing, rate=80.0)
    costa = net.add_projection(
        "Costa", pre, post, transmission="quantal", params={"n": 4.0}, w_max=80.0, dendritic=0.5,
        rules=["costa", ("scaling", {"update": 5.0, "tau_sc": 500.0})],
    )  # fmt: skip
    net.wire(costa, "fixed_in", n=2, weight=20.0, delay=("uniform", 0.4, 3.0))
    calcium = net.add_projection(
        "Calcium", pre, post, w_max=50.0, dendritic=0.0, rules=[("graupner_brunel", {"tau": 2000.0})]
    )
    net.wire(calcium, "fixed_in", n=2, weight=30.0, delay=("uniform", 0.4, 3.0))
    growth = {"update": 10.0, "nu": 0.05, "curve": "linear", "weight": 5.0, "delay": 1.2}
    prune = {"below": 4.9, "for_": 5.0, "update": 5.0}
    rules = [("pf_cf", {"a_ltd": 1.0, "a_ltp": 0.2}), ("prune_weak", prune), ("element_growth", growth)]
    taught = net.add_projection("Taught", pre, post, w_max=10.0, rules=rules)
    net.wire(taught, "fixed_in", n=2, weight=5.0, delay=("uniform", 0.4, 3.0))
    teaching = net.add_projection("Teaching", climbing, post, transmission="climbing_fibre")
    net.wire(teaching, "fixed_in", n=1, weight=0.0, delay=("uniform", 0.4, 4.0))
    return net


@pytest.fixture(scope="module")
def net() -> Network:
    return learning_network()


@pytest.fixture(scope="module")
def expected(net: Network) -> str:
    sim = Simulation(net)
    sim.advance(STEPS)
    costa = sim.synapses(net.projection("Costa"))
    assert np.ptp(costa["P"]) > 0.05
    np.testing.assert_allclose(costa["weight"], costa["P"] * costa["q"], rtol=1e-12)
    assert np.ptp(sim.synapses(net.projection("Calcium"))["weight"]) > 1.0
    taught = sim.synapses(net.projection("Taught"))
    assert taught["weight"].min() < 4.99
    assert taught["weight"].max() > 5.5
    changes = {change.kind for change in sim.drain_changes()}
    assert changes == {"grown", "pruned"}
    return digest(sim)


@pytest.mark.parametrize("chunk", [1, 7])
def test_cutting_a_run_changes_nothing(net: Network, expected: str, chunk: int) -> None:
    sim = Simulation(net)
    while sim.step < STEPS:
        sim.advance(min(chunk, STEPS - sim.step))
    assert digest(sim) == expected


def test_threads_change_nothing(net: Network, expected: str) -> None:
    sim = Simulation(net, threads=2)
    sim.advance(STEPS)
    assert digest(sim) == expected


def test_looking_changes_nothing(net: Network, expected: str) -> None:
    sim = Simulation(net)
    while sim.step < STEPS:
        sim.advance(min(37, STEPS - sim.step))
        for id in net.projections:
            sim.synapses(id)
        sim.capture()
    assert digest(sim) == expected


@pytest.mark.parametrize("at", [3, 261])
def test_a_capture_continues_in_a_new_simulation(net: Network, expected: str, at: int) -> None:
    first = Simulation(net)
    first.advance(at)
    early = first.spikes()
    second = Simulation(first.network, state=first.capture())
    second.advance(STEPS - at)
    joined = np.concatenate([early, second.spikes()])
    second.recorder.spike_chunks = [(joined["step"].copy(), joined["neuron"].copy())]
    assert digest(second) == expected


def outcome(sim: Simulation, net: Network) -> list[np.ndarray]:
    return [sim.synapses(net.projection(name)) for name in ("Costa", "Calcium", "Taught")]


def test_what_is_waited_for_survives_a_rebuilt_circuit(net: Network) -> None:
    """An edit that lays the arrays out anew, and one that makes spikes wait longer for their return."""
    runs = []
    for edited in (False, True):
        sim = Simulation(net)
        sim.advance(200)
        if edited:
            teaching = int(net.projection("Teaching"))
            sim.apply(SetRules(teaching, (RuleUse("prune_weak", {"below": 0.0, "update": 1000.0}),)))
        else:
            for way in sim.circuit.pathways.values():
                way.sweep(200)
        sim.advance(200)
        runs.append(outcome(sim, net))
    for plain, rebuilt in zip(*runs, strict=True):
        assert plain.size == rebuilt.size
        for name in plain.dtype.names:
            if name != "id":
                np.testing.assert_allclose(plain[name], rebuilt[name], rtol=1e-12, atol=1e-12, err_msg=name)


def test_calcium_may_be_made_to_come_much_later_while_it_runs(net: Network) -> None:
    calcium = int(net.projection("Calcium"))
    sim = Simulation(net)
    sim.advance(100)
    sim.apply(SetParams([calcium], {"graupner_brunel.d": 40.0}))
    sim.advance(100)
    before = sim.synapses(calcium)["weight"].copy()
    sim.advance(300)
    assert (sim.synapses(calcium)["weight"] != before).any()
