"""Modulators: several sources, a footprint in space, a level at rest, the user's hand, and who is missing."""

import numpy as np
import pytest

from engine import Network, Simulation
from engine.errors import EditRefused, NeuropilError
from engine.network.checks import check, remarks
from engine.network.edits import MoveNeurons, RemoveModulator, SetRules, SetTargets
from engine.network.parts import RuleUse

PLACES = (0.0, 50.0, 150.0)
RELEASES = [(100.0, 0.0), (100.2, 100.0), (100.4, 0.0), (250.0, 100.0), (300.0, 0.0)]
TAU_C, TAU_N, DELAY, PAIRED = 1000.0, 200.0, 2.0, 15.0


def circuit(sigma=0.0, tonic=0.0, dt=0.1, **more):
    """One pair of spikes at three post neurons; two sources of two populations release dopamine."""
    net = Network(dt=dt, seed=1, **more)
    pre = net.add_population("pre", "relay", size=1)
    post = net.add_population("post", "relay", positions=[[x, 0.0, 0.0] for x in PLACES])
    net.add_input("spike_list", pre, times=[10.0, 2000.0])
    net.add_input("spike_list", post, times=[12.0])
    sources = []
    for x in (0.0, 100.0):
        source = net.add_population(f"at {x:g}", "relay", positions=[[x, 0.0, 0.0]])
        net.add_input("spike_list", source, times=[t for t, place in RELEASES if place == x])
        sources += source.ids.tolist()
    drug = {"sigma": sigma, "tonic": tonic, "substance": "dopamine"}
    net.add_modulator("Dopamine", "diffuse", sources, drug, delay=DELAY)
    rules = [("stdp_pair", {"mu_plus": 0.0, "mu_minus": 0.0}), "dopamine"]
    way = net.add_projection("way", pre, post, rules=rules, w_max=100.0)
    net.wire(way, "all_to_all", weight=50.0, delay=3.0)
    return net, way


def learned(sim, way):
    rows = sim.synapses(way)
    return rows["weight"][np.argsort(rows["post"])] - 50.0


def by_hand(until, sigma=0.0, tonic=0.0, releases=RELEASES, places=PLACES):
    """The integral of tag times level at each post neuron, release by release."""
    kappa = 1.0 / TAU_C + 1.0 / TAU_N
    found = []
    for x in places:
        tag = np.exp(-5.0 / 20.0)
        total = tag * tonic / TAU_N * TAU_C * (1.0 - np.exp(-(until - PAIRED) / TAU_C))
        for t, place in releases:
            share = np.exp(-((x - place) ** 2) / (2.0 * sigma**2)) if sigma else 1.0
            at = t + DELAY
            left = tag * np.exp(-(at - PAIRED) / TAU_C)
            total += left * share / TAU_N / kappa * (1.0 - np.exp(-kappa * (until - at)))
        found.append(total)
    return np.array(found)


@pytest.mark.parametrize(("sigma", "tonic"), [(0.0, 0.0), (50.0, 0.0), (80.0, 0.4)])
def test_every_neuron_feels_the_sources_near_to_it_exactly(sigma, tonic):
    net, way = circuit(sigma, tonic)
    sim = Simulation(net).run(1500.0)
    np.testing.assert_allclose(learned(sim, way), by_hand(1500.0, sigma, tonic), rtol=1e-12)


def test_blocks_threads_looks_and_a_capture_change_no_bit():
    net, way = circuit(60.0, 0.2)
    whole = Simulation(net).run(2100.0)
    pieces = Simulation(net, threads=3)
    for piece in (101.1, 0.3, 0.6, 148.0):
        pieces.run(piece)
        pieces.synapses(way)
        pieces.quantities("modulator")
    state = pieces.capture()
    pieces.run(500.0)
    pieces.restore(state)
    again = Simulation(net, state=state)
    for sim in (pieces, again):
        sim.run(2100.0 - sim.t)
        np.testing.assert_array_equal(sim.synapses(way), whole.synapses(way))


def test_single_precision_agrees():
    net, way = circuit(60.0, precision="single")
    sim = Simulation(net).run(1500.0)
    np.testing.assert_allclose(learned(sim, way), by_hand(1500.0, 60.0), rtol=2e-5)


def test_the_hand_releases_as_much_as_the_nearest_source():
    net, way = circuit(60.0)
    for given in list(net.inputs.values())[2:]:
        net.set(given.id, enabled=False)
    sim = Simulation(net).run(400.0)
    sim.poke("release", [next(iter(net.modulators))])
    sim.run(1100.0)
    felt = [max(np.exp(-((x - s) ** 2) / 7200.0) for s in (0.0, 100.0)) for x in PLACES]
    alone = by_hand(1500.0, releases=[(400.1, 0.0)])
    np.testing.assert_allclose(learned(sim, way), np.array(felt) * alone, rtol=1e-12)


def test_a_neuron_that_is_moved_feels_the_field_where_it_is_now():
    net, way = circuit(60.0)
    sim = Simulation(net).run(200.0)
    before = by_hand(200.0, 60.0, releases=RELEASES[:3])
    mover = net.population("post").ids[2:]
    sim.apply(MoveNeurons(mover, np.array([[0.0, 0.0, 0.0]])))
    sim.run(1300.0)
    # what had come by then now counts as it would have at the new place
    moved = by_hand(1500.0, 60.0)[0] - by_hand(200.0, 60.0, releases=RELEASES[:3])[0]
    np.testing.assert_allclose(learned(sim, way)[2], before[2] + moved, rtol=1e-12)


def test_a_time_constant_changed_in_a_run_holds_from_then_on():
    net, way = circuit()
    sim = Simulation(net).run(400.0)
    level = sim.quantities("modulator")
    sim.set(way, **{"dopamine.tau_n": 50.0})
    assert sim.quantities("modulator") == level
    sim.run(50.0)
    for id, was in level.items():
        assert sim.quantities("modulator")[id] == pytest.approx(was * np.exp(-1.0), rel=1e-12)


def test_a_level_at_rest_may_be_turned_in_a_run():
    net, way = circuit()
    drug = next(iter(net.modulators))
    sim = Simulation(net).run(1500.0)
    sim.set(drug, tonic=2.0)
    sim.run(100.0)
    tag = np.exp(-0.25) * np.exp(-(1500.0 - PAIRED) / TAU_C)
    more = tag * 2.0 / TAU_N * TAU_C * (1.0 - np.exp(-100.0 / TAU_C))
    np.testing.assert_allclose(learned(sim, way), by_hand(1600.0) + more, rtol=1e-12)


def test_a_source_added_in_a_run_leaves_what_is_in_the_tissue():
    net, way = circuit(60.0)
    sim = Simulation(net).run(600.0)
    twin = Simulation(net).run(600.0)
    drug = next(iter(net.modulators.values()))
    sim.apply(SetTargets(drug.id, np.append(net.population("pre").ids, drug.sources)))
    for one in (sim, twin):
        one.run(900.0)
    np.testing.assert_allclose(learned(sim, way), learned(twin, way), rtol=1e-12)


def test_a_field_of_very_many_sources_is_refused_with_the_cure():
    net, _ = circuit(60.0)
    crowd = net.add_population("crowd", "relay", size=101)
    net.add_modulator("Serotonin", "diffuse", crowd, {"sigma": 10.0, "substance": "serotonin"})
    with pytest.raises(NeuropilError, match="it can be 100, or any number with sigma 0"):
        Simulation(net)


def test_a_rule_takes_the_substance_it_asks_for_and_no_other():
    net, way = circuit()
    drug = next(iter(net.modulators))
    net.set(drug, substance="serotonin")
    [problem] = check(net)
    assert "waits for dopamine, and there is none" in problem.what
    assert "dopamine.modulator" not in problem.what
    with pytest.raises(NeuropilError, match="waits for dopamine"):
        Simulation(net)
    net.set(way, **{"dopamine.modulator": float(drug)})
    assert check(net) == []
    Simulation(net)


def test_a_modulator_that_nobody_releases_is_remarked_upon():
    net, _ = circuit()
    net.add_modulator("Noradrenaline", "diffuse", [], {"substance": "noradrenaline"})
    assert ["no neuron releases it" in p.what for p in remarks(net)] == [True]
    net.set(list(net.modulators)[-1], tonic=1.0)
    assert remarks(net) == []
    net.set(next(iter(net.modulators)), delay=0.55)
    (said,) = (str(problem) for problem in remarks(net))
    assert said.endswith("delay is 0.55 ms, between two steps of 0.1 ms; it counts as 0.6 ms")


def test_a_rule_that_would_hear_nothing_is_refused_in_a_run():
    net = Network(dt=0.5)
    pre = net.add_population("pre", "relay", size=2)
    way = net.add_projection("way", pre, pre, rules=["stdp_pair"])
    net.wire(way, "all_to_all", weight=10.0, delay=1.0)
    sim = Simulation(net).run(5.0)
    stack = (RuleUse("stdp_pair"), RuleUse("dopamine"))
    with pytest.raises(EditRefused, match="Dopamine waits for dopamine, and there is none; add one"):
        sim.apply(SetRules(way.id, stack))
    assert [use.slug for use in sim.run(5.0).network.projection("way").rules] == ["stdp_pair"]


def test_taking_away_the_modulator_of_a_running_rule_is_refused_and_changes_nothing():
    net, way = circuit()
    sim = Simulation(net).run(150.0)
    with pytest.raises(EditRefused, match="waits for dopamine"):
        sim.apply(RemoveModulator(next(iter(net.modulators))))
    np.testing.assert_allclose(learned(sim.run(50.0), way), by_hand(200.0, releases=RELEASES[:3]), rtol=1e-12)
