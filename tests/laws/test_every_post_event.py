"""Whatever a rule learns from: spikes that ran back into the dendrite reach it with their time and size.

The reference is that of `eager.py`, told when and how large each of them was.
"""

from __future__ import annotations

import sys
from functools import partial

import numpy as np
import pytest

from engine import Network, Simulation, registry
from engine.errors import NeuropilError
from tests.laws.eager import INDUCTIONS, SWEEP, W_MAX, H, Luck, eager

ALONE = [slug for slug in INDUCTIONS if not registry.find(slug, "rule").roles]
"""Those that wait for no modulator."""
USUAL = [slug for slug in ALONE if slug in ("stdp_pair", "graupner_brunel")]
STEPS, D = 6000, 13


def circuit(rules: list[str], learns_from: str = "", seed: int = 5, size: int = 1) -> tuple:
    """A cell whose dendrite is pushed up and down while its soma is made to fire, and a synapse on it."""
    rng = np.random.default_rng(seed)
    net = Network(dt=H, seed=3)
    cell = net.add_population(
        "Cell",
        "two_comp_bap",
        size,
        params={"beta": 0.4, "distance": 150.0, "boost": "on", "v_boost": -50.0, "k_boost": 5.0},
    )
    relay = net.add_population("Relay", "relay")
    pre = np.unique(rng.integers(20, STEPS // 7, 110) * 7)
    net.add_input("spike_list", relay, times=np.round(pre * H, 9))
    pushes = np.unique(rng.integers(4, STEPS // 35, 120)) * 35
    times = np.sort(np.concatenate([pushes, pushes + 10]))
    net.add_input("step_current", cell, times=np.round(times * H, 9), amplitudes=[8000.0, 0.0] * pushes.size)
    swings = np.arange(0, STEPS, 400)
    net.add_input(
        "dendrite_current",
        cell,
        times=np.round(swings * H, 9),
        amplitudes=rng.uniform(-100, 250, swings.size),
    )
    way = net.add_projection(
        "p", relay, cell, transmission="conductance_exp", rules=rules, w_max=W_MAX, learns_from=learns_from
    )
    ids = net.add_synapses(way, pre=np.repeat(relay.ids, size), post=cell.ids, weight=2.0, delay=D * H)
    return net, cell, pre, way, ids


@pytest.mark.parametrize(
    "slug", [s if s in USUAL else pytest.param(s, marks=pytest.mark.long) for s in ALONE]
)
def test_a_rule_meets_back_propagating_spikes_when_and_as_large_as_they_arrive(
    slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    net, cell, pre, way, ids = circuit([slug])
    net.sweep = SWEEP
    size = net.add_probe(cell, "bap", every=H)
    carried = net.add_probe(ids, "weight", every="pre")
    sim = Simulation(net)
    sim.run(STEPS * H)
    got = sim.record(size)
    sizes = {int(s): float(v) for s, v in zip(got["step"], got["value"], strict=True) if v > 0.0}
    assert len(sizes) > 60
    assert np.ptp(list(sizes.values())) > 0.1
    rule = registry.find(slug, "rule")
    luck = Luck(net.seed, way.id, int(np.asarray(ids)[0]))
    for kind in ("uniform", "normal", "poisson", "binomial"):
        if hasattr(sys.modules[rule.__module__], kind):
            monkeypatch.setattr(sys.modules[rule.__module__], kind, partial(luck.draw, kind))
    trains = {"pre": set(pre.tolist()), "post": set(sizes), "teacher": set()}
    expected = eager([rule], trains, {}, STEPS + 1, D, 2.0, luck, sizes)
    found = sim.record(carried)["value"]
    assert found.size == len(expected) > 80
    assert np.ptp(found) > 1e-6, "the weight never moved, so this shows nothing"
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_a_back_propagating_spike_arrives_after_its_way_and_a_blocked_one_never() -> None:
    net, cell, _, _, _ = circuit(["stdp_pair"])
    probe = net.add_probe(cell, "bap", every=H)
    sim = Simulation(net)
    sim.run(100.0)
    got = sim.record(probe)
    arrived = got["t"][got["value"] > 0.0]
    fired = sim.spikes()["t"][sim.spikes()["neuron"] == cell.ids[0]]
    fired = fired[fired < 99.0]
    np.testing.assert_allclose(arrived[: fired.size], fired + 1.4, atol=1e-9)  # 1 ms, and 150 um at 400 um/ms
    net.set(cell, blocked="yes")
    quiet = Simulation(net)
    quiet.run(100.0)
    assert (quiet.spikes()["neuron"] == cell.ids[0]).sum() >= fired.size
    assert not quiet.record(probe)["value"].any()


def test_a_projection_may_learn_from_the_somatic_spike_instead_and_from_nothing_else() -> None:
    weights = []
    for learns_from in ("", "bap", "spike"):
        net, _, _, way, _ = circuit(["stdp_pair"], learns_from)
        sim = Simulation(net)
        sim.run(STEPS * H)
        weights.append(float(sim.synapses(way)["weight"][0]))
    assert weights[0] == weights[1] != weights[2]
    with pytest.raises(NeuropilError, match="learn from"):
        net.set(way, learns_from="burst")


def test_events_of_the_dendrite_are_the_same_bits_for_threads_blocks_and_captures() -> None:
    net, _, _, way, _ = circuit(["stdp_pair"], size=1100)  # more than a tile
    until = 150.0
    plain = Simulation(net)
    plain.run(until)
    weights = plain.synapses(way)["weight"]
    assert np.ptp(weights) == 0.0
    assert weights[0] != 2.0
    shared = Simulation(net, threads=2)
    for piece in (0.1, 33.3, 66.6, until - 100.0):
        shared.run(piece)
    assert (shared.synapses(way)["weight"] == weights).all()
    halfway = Simulation(net)
    halfway.run(71.3)
    state = halfway.capture()
    halfway.run(20.0)
    halfway.restore(state)
    halfway.run(until - 71.3)
    assert (halfway.synapses(way)["weight"] == weights).all()
    again = Simulation(net, state=state)
    again.run(until - 71.3)
    assert (again.synapses(way)["weight"] == weights).all()


@pytest.mark.parametrize("blocked", ["no", "yes"])
def test_homeostasis_counts_the_spikes_of_the_soma_whatever_the_others_learn_from(blocked: str) -> None:
    rates = {}
    for learns_from in ("bap", "spike"):
        net, cell, _, way, _ = circuit([], learns_from)
        net.set(cell, blocked=blocked)
        net.set_rules(way, ["stdp_pair", ("scaling", {"target": 20.0, "tau_sc": 5000.0, "tau_h": 1000.0})])
        net.set(way, **{"stdp_pair.lambda_": 0.0})
        sim = Simulation(net)
        sim.run(STEPS * H)
        rates[learns_from] = float(sim.synapses(way)["weight"][0])
    assert rates["bap"] != 2.0
    assert rates["bap"] == pytest.approx(rates["spike"], rel=1e-12)


def test_a_card_that_counts_spikes_beside_it_does_not_change_what_a_rule_learns_from() -> None:
    weights = []
    for cards in (["stdp_pair"], ["stdp_pair", ("scaling", {"tau_sc": 1e12})]):
        net, _, _, way, _ = circuit([])
        net.set_rules(way, cards)
        sim = Simulation(net)
        sim.run(STEPS * H)
        weights.append(float(sim.synapses(way)["weight"][0]))
    assert weights[0] != 2.0
    assert weights[1] == pytest.approx(weights[0], rel=1e-6)  # scaling itself moves it by 1e-9
