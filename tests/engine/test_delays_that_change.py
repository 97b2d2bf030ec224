"""Delays that come and go as a circuit runs: there is room for them, and a saved run can be taken up."""

import numpy as np
import pytest

from engine import Network, Simulation, load, save
from engine.network.edits import MoveNeurons, RemoveSynapses

STEP = 0.25


def two_delays():
    """A neuron that tells another twice, after 1 ms and after 9 ms; the first synapse is soon pruned."""
    net = Network(dt=STEP, seed=1)
    cells = net.add_population("Cells", "relay", size=2)
    net.add_input("spike_list", cells[:1], times=np.arange(2.0, 900.0, 7.0))
    rules = ["stdp_pair", ("prune_weak", {"below": 1.0, "for_": 50.0, "update": 50.0})]
    way = net.add_projection("Way", cells, cells, rules=rules, w_max=10.0)
    ids = net.add_synapses(way, cells[[0, 0]], cells[[1, 1]], weight=[0.5, 5.0], delay=[1.0, 9.0])
    return net, way, np.asarray(ids)


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_run_whose_shortest_delay_is_gone_can_be_saved_and_taken_up_again(tmp_path, by_hand):
    net, way, ids = two_delays()
    whole, part = Simulation(net), Simulation(net)
    for sim in (whole, part):
        sim.run(20.0)
        if by_hand:
            sim.apply(RemoveSynapses(ids[:1]))
        sim.run(180.0)
        assert sim.synapses(way).size == 1
    save(part, tmp_path / "a.neuropil")
    again = Simulation(*_loaded(tmp_path / "a.neuropil"))
    for sim in (whole, again):
        sim.run(300.0)
    after = whole.spikes()["t"] > 200.0
    np.testing.assert_array_equal(again.spikes(), whole.spikes()[after])
    np.testing.assert_array_equal(again.synapses(way.id), whole.synapses(way))


def _loaded(path):
    net, state = load(path)
    return net, 1, state


def far_apart(dendritic):
    """Boutons and spines that meet once, at 100 ms; neurons at first 20 um from each other."""
    net = Network(dt=STEP, seed=1)
    cells = net.add_population("Cells", "relay", size=1, positions=[[0.0, 0.0, 0.0]])
    target = net.add_population("Target", "iaf_psc_exp", size=1, positions=[[20.0, 0.0, 0.0]])
    net.add_input("spike_list", cells, times=[150.0])
    growth = {"curve": "linear", "nu": 0.015, "update": 100.0, "weight": 100.0, "speed": 0.1}
    way = net.add_projection("Way", cells, target, rules=["stdp_pair", ("element_growth", growth)],
                             dendritic=dendritic, w_max=200.0)  # fmt: skip
    return net, way, target, net.add_probe(target, "v", every=STEP)


@pytest.mark.parametrize("dendritic", [1.0, 0.5, 0.0])
@pytest.mark.parametrize("change", ["move", "speed"])
def test_what_grows_over_a_distance_that_has_become_longer_takes_as_long_and_arrives(dendritic, change):
    net, way, target, potential = far_apart(dendritic)
    sim = Simulation(net)
    sim.run(50.0)
    if change == "move":
        sim.apply(MoveNeurons(target.ids, [[6000.0, 0.0, 0.0]]))
        expected = 1.0 + 60.0
    else:
        sim.set([way.id], **{"element_growth.speed": 0.0004})
        expected = 1.0 + 50.0
    sim.run(50.0)
    assert sim.synapses(way)["delay"].tolist() == [expected]
    sim.run(200.0)
    seen = sim.record(potential)
    assert seen["t"][seen["value"] > -70.0].min() == pytest.approx(150.0 + expected + STEP)


def test_a_run_in_which_neurons_moved_apart_can_be_saved_and_taken_up_again(tmp_path):
    net, way, target, _ = far_apart(1.0)
    sim = Simulation(net)
    sim.run(50.0)
    sim.apply(MoveNeurons(target.ids, [[6000.0, 0.0, 0.0]]))
    sim.run(10.0)
    save(sim, tmp_path / "a.neuropil")
    again = Simulation(*_loaded(tmp_path / "a.neuropil"))
    again.run(40.0)
    assert again.synapses(way.id)["delay"].tolist() == [61.0]
