"""Anything can be switched off, frozen or clamped: one neuron or many, synapses, instruments; as it runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine import Network, Simulation, load, save
from engine.errors import EditRefused, UsageError
from engine.network.edits import Compound, SetParams
from engine.network.parts import SWITCHES
from engine.network.teaching import untrainable
from tests.one_of_everything import check_edit, circuit


def driven(size: int = 4, model: str = "iaf_psc_exp") -> tuple[Network, np.ndarray]:
    """Neurons that spike of themselves, and their ids."""
    net = Network(dt=0.1, seed=3)
    cells = net.add_population("Cells", model, size=size, params={"i_e": 500.0})
    return net, np.array(cells.ids)


def spikes(sim: Simulation, id: int, since: float = 0.0) -> int:
    """How often a neuron fired after a time (ms)."""
    found = sim.spikes()
    return int(((found["neuron"] == id) & (found["t"] > since)).sum())


# -- neurons ---------------------------------------------------------------------------------------


def test_a_frozen_neuron_stays_as_it_is_and_a_disabled_one_rests() -> None:
    net, (free, frozen, off, _) = driven()
    sim = Simulation(net).run(30.0)
    before = sim.state_of([frozen], "v")
    sim.set(frozen, frozen=True)
    sim.set(off, enabled=False)
    sim.run(170.0)
    assert spikes(sim, free, since=30.0) > 5
    assert [spikes(sim, id, since=30.0) for id in (frozen, off)] == [0, 0]
    assert sim.state_of([frozen], "v") == before
    assert sim.state_of([off], "v") == [-70.0]


def test_a_whole_population_can_be_frozen_and_let_go() -> None:
    net, _ = driven()
    net.set(net.population("Cells"), frozen=True)
    sim = Simulation(net).run(100.0)
    assert sim.spikes().size == 0
    sim.set(net.population("Cells"), frozen=False)
    sim.run(100.0)
    assert sim.spikes().size > 20


def test_what_arrives_at_a_frozen_neuron_is_lost() -> None:
    net, (held, *_) = driven(1)
    net.set(held, i_e=0.0)
    net.add_input("spike_list", [held], times=[5.0], weight=500.0)
    sim = Simulation(net)
    sim.set(held, frozen=True)
    sim.run(10.0)
    sim.set(held, frozen=False)
    sim.run(10.0)
    assert sim.state_of([held], "v") == [-70.0]


def test_a_clamped_potential_stays_where_it_was_put_and_spikes_follow() -> None:
    net, (above, below, *_) = driven()
    net.set(above, clamped=True, v=-50.0)
    net.set(below, clamped=True, v=-60.0)
    sim = Simulation(net).run(100.0)
    assert sim.state_of([above, below], "v").tolist() == [-50.0, -60.0]
    assert spikes(sim, below) == 0
    apart = np.diff(sim.spikes()["t"][sim.spikes()["neuron"] == above])
    assert np.allclose(apart, 2.1)  # the refractory time, and the step in which it could spike again
    sim.set(below, v=-40.0)
    sim.run(10.0)
    assert spikes(sim, below) == 5


def test_a_clamped_rate_is_held() -> None:
    net = Network(dt=0.1)
    one, two = (net.add_population(name, "rate", size=1, params={"tau": 10.0}) for name in "AB")
    way = net.add_projection("A to B", one, two, "graded")
    net.add_synapses(way, one[:1], two[:1], weight=2.0, delay=1.0)
    net.set(one[0], clamped=True, rate=3.0)
    sim = Simulation(net).run(200.0)
    assert sim.state_of(one.ids, "rate") == [3.0]
    assert sim.state_of(two.ids, "rate") == pytest.approx([6.0], rel=1e-6)
    sim.set(one[0], enabled=False)
    sim.run(200.0)
    assert sim.state_of(two.ids, "rate") == pytest.approx([0.0], abs=1e-6)


def test_a_relay_can_be_switched_off_and_not_clamped() -> None:
    net = Network(dt=0.1)
    relays = net.add_population("Relays", "relay", size=2)
    net.add_input("spike_list", relays, times=[5.0, 15.0])
    sim = Simulation(net).run(10.0)
    sim.set(relays[1], enabled=False)
    sim.run(10.0)
    assert [spikes(sim, int(id)) for id in relays.ids] == [2, 1]
    with pytest.raises(EditRefused, match="Relay has no potential that could be clamped"):
        sim.set(relays, clamped=True)


@pytest.mark.parametrize("model", ["iaf_cond_exp", "izhikevich", "aeif_cond_exp"])
def test_a_neuron_that_is_held_changes_no_bit_of_the_others(model: str) -> None:
    net, ids = driven(5, model)
    free = Simulation(net).run(80.0)
    net.set(ids[1], frozen=True)
    net.set(ids[3], enabled=False)
    net.set(ids[4], clamped=True)
    held = Simulation(net).run(80.0)
    assert held.state_of(ids[[0, 2]], "v").tobytes() == free.state_of(ids[[0, 2]], "v").tobytes()
    assert spikes(held, ids[0]) == spikes(free, ids[0])


def test_nothing_flows_through_a_gap_junction_of_a_disabled_neuron() -> None:
    net, (one, two, *_) = driven(2)
    net.set(two, i_e=0.0)
    gap = net.add_projection("Gap", net.population("Cells"), net.population("Cells"), "gap_junction")
    net.add_synapses(gap, [one], [two], weight=5.0)
    alone = Network(dt=0.1, seed=3)
    single = alone.add_population("Cells", "iaf_psc_exp", size=1, params={"i_e": 500.0})
    sim = Simulation(net)
    sim.set(two, enabled=False)
    sim.run(50.0)
    expected = Simulation(alone).run(50.0).state_of(single.ids, "v")
    assert sim.state_of([one], "v").tobytes() == expected.tobytes()
    assert spikes(sim, one) > 0


def test_an_astrocyte_that_is_off_rests_and_hears_nothing() -> None:
    net = Network(dt=0.1)
    glia = net.add_astrocytes("Glia", size=2)
    net.add_input("poisson", glia, rate=2000.0, weight=1.0)
    sim = Simulation(net)
    rest = sim.state_of(glia.ids, "ca_astro")
    sim.set(glia[0], enabled=False)
    sim.run(500.0)
    found = sim.state_of(glia.ids, "ca_astro")
    assert found[0] == rest[0]
    assert found[1] != rest[1]


# -- synapses, modulators, probes --------------------------------------------------------------------


def learning() -> tuple[Network, int]:
    """A pair of relays, the second firing 2 ms after the first, with pair STDP between them."""
    net = Network(dt=0.1, seed=7)
    relays = net.add_population("Relays", "relay", size=2)
    way = net.add_projection("A to B", relays, relays, rules=["stdp_pair"], w_max=100.0)
    net.add_synapses(way, relays[:1], relays[1:2], weight=40.0, delay=1.0)
    cells = net.add_population("Cells", "iaf_psc_exp", size=1)
    on = net.add_projection("A to C", relays, cells)
    net.add_synapses(on, relays[:1], cells[:1], weight=100.0, delay=1.0)
    times = np.arange(10.0, 400.0, 20.0)
    net.add_input("spike_list", relays[:1], times=times)
    net.add_input("spike_list", relays[1:2], times=times + 2.0)
    return net, int(way)


def test_a_disabled_projection_delivers_nothing_and_learns_nothing() -> None:
    net, way = learning()
    on = int(net.projection("A to C"))
    sim = Simulation(net).run(100.0)
    assert sim.state_of(net.population("Cells").ids, "v") > -70.0
    weight = sim.synapses(way)["weight"].copy()
    assert weight != [40.0]
    undo = [sim.set(id, enabled=False) for id in (way, on)]
    sim.run(200.0)
    assert sim.synapses(way)["weight"] == weight
    assert sim.state_of(net.population("Cells").ids, "v") == pytest.approx([-70.0], abs=1e-6)
    for edit in undo:
        sim.apply(edit)
    sim.run(100.0)
    assert sim.synapses(way)["weight"] != weight
    assert sim.state_of(net.population("Cells").ids, "v") > -69.99


def test_a_disabled_gap_junction_carries_nothing() -> None:
    net, (one, two, *_) = driven(2)
    net.set(two, i_e=0.0)
    gap = net.add_projection("Gap", net.population("Cells"), net.population("Cells"), "gap_junction")
    net.add_synapses(gap, [one], [two], weight=5.0)
    sim = Simulation(net)
    sim.set(gap, enabled=False)
    assert sim.run(20.0).state_of([two], "v") == [-70.0]
    sim.set(gap, enabled=True)
    assert sim.run(20.0).state_of([two], "v") > -70.0


def test_a_disabled_modulator_releases_nothing() -> None:
    net = Network(dt=0.1)
    relays = net.add_population("Relays", "relay", size=3)
    way = net.add_projection("A to B", relays, relays, rules=["stdp_pair", "dopamine"], w_max=100.0)
    net.add_synapses(way, relays[:1], relays[1:2], weight=40.0, delay=1.0)
    given = net.add_modulator("Dopamine", "diffuse", relays[2:], {"tonic": 0.0})
    for k, times in enumerate(([10.0], [12.0], [20.0, 220.0])):
        net.add_input("spike_list", relays[k : k + 1], times=times)
    weights = {}
    for is_on in (True, False):
        net.set(given, enabled=is_on)
        sim = Simulation(net)
        sim.poke("release", [int(given)])
        weights[is_on] = float(sim.run(150.0).synapses(way)["weight"][0])
    assert weights[False] == 40.0
    assert weights[True] != 40.0
    sim.set(given, enabled=True)
    sim.run(100.0)
    assert sim.synapses(way)["weight"] != 40.0


def test_a_disabled_probe_writes_nothing_down() -> None:
    net, ids = driven(1)
    probe = net.add_probe(ids, "v", every=1.0)
    sim = Simulation(net).run(10.0)
    sim.set(probe, enabled=False)
    sim.run(10.0)
    sim.set(probe, enabled=True)
    sim.run(5.0)
    assert sim.record(probe)["t"].tolist() == [*range(1, 11), *range(21, 26)]
    heard = net.add_probe(ids, "spikes")
    with pytest.raises(EditRefused, match="spikes are written down with or without it"):
        net.set(heard, enabled=False)


# -- how they are kept -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(SWITCHES))
def test_a_switch_of_some_neurons_is_undone_exactly(name: str) -> None:
    net = circuit()
    exc, turned = net.population("Pyramidal"), not SWITCHES[name]
    check_edit(net, SetParams(exc.ids[:2], {name: turned}))
    check_edit(net, SetParams(exc.ids[2:], {name: turned}))
    assert getattr(exc.record, name) is turned  # all agree, so it is one switch again
    check_edit(net, SetParams(exc.ids[:3], {name: [SWITCHES[name], turned, turned]}))
    check_edit(net, SetParams(exc.id, {name: SWITCHES[name]}))
    assert getattr(exc.record, name) is SWITCHES[name]
    check_edit(net, SetParams(exc.ids[1:2], {name: None}))


def test_new_neurons_of_a_frozen_population_are_frozen_and_deletion_is_undone() -> None:
    net, ids = driven()
    net.set(ids[:2], frozen=True)
    net.add_neurons("Cells", 1)
    record = net.population("Cells").record
    assert np.asarray(record.frozen).tolist() == [1, 1, 0, 0, 0]
    net.set(net.population("Cells"), frozen=True)
    net.add_neurons("Cells", 1)
    assert record.frozen is True
    net.add_neurons("Cells", 1, params={"frozen": False})
    assert np.asarray(record.frozen).tolist() == [1, 1, 1, 1, 1, 1, 0]


def test_switches_survive_the_file(tmp_path: Path) -> None:
    net, ids = driven()
    net.set(ids[1], frozen=True)
    net.set(ids[2:], enabled=False)
    sim = Simulation(net).run(50.0)
    save(sim, tmp_path / "a.neuropil")
    found, state = load(tmp_path / "a.neuropil")
    record = found.population("Cells").record
    assert [np.asarray(getattr(record, name)).tolist() for name in ("enabled", "frozen", "clamped")] == [
        [1, 1, 0, 0],
        [0, 1, 0, 0],
        False,
    ]
    again = Simulation(found, state=state).run(50.0)
    assert again.state_of(ids, "v").tobytes() == sim.run(50.0).state_of(ids, "v").tobytes()


def test_a_switch_wants_true_or_false() -> None:
    net, ids = driven()
    with pytest.raises(EditRefused, match="frozen cannot be 3; it takes True or False"):
        net.set(ids[0], frozen=3)
    with pytest.raises(EditRefused, match="True or False"):
        net.set(net.population("Cells"), enabled="no")


def test_a_switch_turned_with_a_new_projection_gives_the_bits_of_one_turned_alone() -> None:
    net, ids = driven(2)
    one, two = Simulation(net).run(33.0), Simulation(net).run(33.0)
    off = SetParams(ids[:1], {"enabled": False})
    one.apply(off)
    two.apply(Compound((SetParams(net.population("Cells").id, {"sign": -1}), off), "both"))
    assert one.run(50.0).state_of(ids, "v").tobytes() == two.run(50.0).state_of(ids, "v").tobytes()


def test_threads_change_no_bit_where_neurons_are_held() -> None:
    net, ids = driven(1500)
    net.set(ids[::7], frozen=True)
    net.set(ids[1::7], enabled=False)
    net.set(ids[2::7], clamped=True, v=-54.0)
    found = [Simulation(net, threads=n).run(20.0) for n in (1, 2)]
    assert found[0].spikes().tobytes() == found[1].spikes().tobytes()
    assert found[0].state_of(ids, "v").tobytes() == found[1].state_of(ids, "v").tobytes()


def test_a_learner_says_that_it_cannot_heed_switches_of_single_neurons() -> None:
    import examples.learn_xor as example

    net = example.build()
    task, learner = next(iter(net.tasks.values())), next(iter(net.learners.values()))
    assert list(untrainable(net, learner, task)) == []
    population = net.populations[task.inputs]
    net.set(population.neuron_ids[:1], frozen=True)
    assert "freeze the whole population" in str(next(iter(untrainable(net, learner, task))))
    net.set(population.id, frozen=True)
    assert list(untrainable(net, learner, task)) == []


def test_a_poke_in_words_that_are_none_is_still_refused() -> None:
    net, ids = driven(1)
    with pytest.raises(UsageError, match="it can be fire"):
        Simulation(net).poke("freeze", ids)
