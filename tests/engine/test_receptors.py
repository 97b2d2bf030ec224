"""What arrives at a receptor or in a dendrite of its own: late or not, in single precision, through edits."""

import numpy as np
import pytest

from engine import Network, Simulation
from engine.errors import NeuropilError
from engine.network.edits import AddPopulation

TRAIN = [5.0, 9.0, 9.3, 20.0, 31.7, 44.0]


def circuit(precision="double", dendritic=1.0, rules=(), model="iaf_cond_nmda", transmission="nmda"):
    net = Network(dt=0.1, seed=2, precision=precision)
    source = net.add_population("Source", "relay")
    cell = net.add_population("Cell", model, params={"i_e": 100.0})
    way = net.add_projection(
        "To it", source, cell, transmission=transmission, rules=rules, dendritic=dendritic, w_max=50.0
    )
    net.add_synapses(way, pre=source.ids, post=cell.ids, weight=6.0, delay=2.5)
    net.add_input("spike_list", source, times=TRAIN)
    return net, cell, way


def potentials(net, cell, until=60.0, between=None):
    probe = net.add_probe(cell, "v", every=0.1)
    sim = Simulation(net)
    sim.run(25.0)
    if between is not None:
        between(sim)
    sim.run(until - 25.0)
    return sim.record(probe)["value"]


@pytest.mark.parametrize(
    ("model", "transmission"), [("iaf_cond_nmda", "nmda"), ("burst_unit", "dendritic_exp")]
)
def test_an_arrival_after_the_threshold_test_moves_the_membrane_like_any_other(model, transmission):
    still = [("stdp_pair", {"lambda_": 0.0})]
    plain = circuit(model=model, transmission=transmission)
    late = circuit(model=model, transmission=transmission, dendritic=0.0, rules=still)
    one, other = potentials(*plain[:2]), potentials(*late[:2])
    assert np.ptp(one) > 0.05
    np.testing.assert_allclose(other, one, rtol=0, atol=1e-12)


def test_single_precision_differs_only_by_its_rounding():
    exact, rounded = (potentials(*circuit(p)[:2]) for p in ("double", "single"))
    np.testing.assert_allclose(rounded, exact, rtol=1e-4)
    assert (rounded != exact).any()


def test_spikes_on_their_way_to_a_receptor_survive_a_new_population():
    net, cell, _ = circuit()
    quiet = potentials(net.copy(), cell)

    def another(sim):
        edited = sim.network.copy()
        edited.add_population("Another", "iaf_psc_exp", size=3)
        sim.apply(AddPopulation(edited.populations[max(edited.populations)]))

    np.testing.assert_array_equal(potentials(net, cell, between=another), quiet)


def test_a_projection_learns_from_something_else_from_the_moment_it_is_told():
    net = Network(dt=0.1, seed=2)
    source = net.add_population("Source", "relay")
    cell = net.add_population("Cell", "two_comp_bap", params={"blocked": "yes"})
    way = net.add_projection("To it", source, cell, rules=["stdp_pair"], w_max=50.0)
    net.add_synapses(way, pre=source.ids, post=cell.ids, weight=1.0, delay=0.5)
    beats = np.arange(10.0, 200.0, 20.0)
    net.add_input("spike_list", source, times=beats)
    pulses = np.sort(np.concatenate([beats + 5.0, beats + 5.3]))
    net.add_input("step_current", cell, times=np.round(pulses, 9), amplitudes=[3e4, 0.0] * beats.size)
    sim = Simulation(net)
    sim.run(100.0)
    assert sim.synapses(way)["weight"][0] == 1.0  # nothing runs back
    sim.set(way.id, learns_from="spike")
    sim.run(100.0)
    assert sim.synapses(way)["weight"][0] > 1.01
    with pytest.raises(NeuropilError, match="learn from"):
        sim.set(way.id, learns_from="plateau")


def test_a_current_into_a_dendrite_needs_a_neuron_that_has_one():
    net = Network(dt=0.1, seed=2)
    cell = net.add_population("Cell", "iaf_psc_exp")
    net.add_input("dendrite_current", cell, times=[0.0], amplitudes=[10.0])
    with pytest.raises(NeuropilError, match="dendrite_current"):
        Simulation(net)
