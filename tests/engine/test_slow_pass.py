"""What all synapses of a neuron have in common on the slow clock is worked out once, to the same bits."""

import numpy as np

from engine import Network, Simulation
from engine.kernels import recipes
from engine.kernels.lifted import Lifted, lift_from

KNOWN = ("p0_", "y0_")


def grown(rules, seconds=0.6):
    net = Network(dt=0.1, seed=4, precision="single")
    pre = net.add_population("Pre", "relay", size=40)
    post = net.add_population("Post", "relay", size=30)
    net.add_input("poisson", pre, rate=60.0)
    net.add_input("poisson", post[:20], rate=30.0)
    way = net.add_projection("Learns", pre, post, "current_exp", rules=rules, w_max=100.0)
    net.wire(way, "fixed_probability", p=0.6, weight=("uniform", 20.0, 60.0), delay=("uniform", 0.5, 4.0))
    sim = Simulation(net)
    sim.run(1000.0 * seconds)
    return sim, way


def test_a_neuron_s_share_of_scaling_is_worked_out_once_to_the_same_bits(monkeypatch):
    rules = ["stdp_pair", ("scaling", {"tau_sc": 2000.0, "tau_h": 300.0}), ("prune_weak", {"below": 25.0})]
    sim, way = grown(rules)
    assert sim.circuit.pathways[way.id].stack.shared_by_neuron == ["part1_0"]
    once = sim.synapses(way)
    monkeypatch.setattr(
        "engine.kernels.slow_loops.lift_from", lambda lines, key, known: Lifted((), (), tuple(lines))
    )
    for remembered in ("_stack", "_kernels"):
        monkeypatch.setattr(recipes, remembered, getattr(recipes, remembered).__wrapped__)
    sim, way = grown(rules)
    assert sim.circuit.pathways[way.id].stack.shared_by_neuron == ["y1_h"]
    each = sim.synapses(way)
    assert once.tobytes() == each.tobytes()
    assert sim.credit()[way.id]["scaling"][1] < 0.0 < sim.credit()[way.id]["scaling"][0]


def test_lines_within_a_part_that_is_worked_out_once_are_left_out():
    lines = ["v_rate = y0_h / p0_tau", "v_factor = exp(dt * v_rate)", "w = w * v_factor + v_rate * x0_x"]
    found = lift_from([*lines[:2], "w = w * v_factor"], "0", KNOWN)
    (name,) = [name for name, _ in found.parts]
    assert found.lines == (f"v_factor = {name}", "w = w * v_factor")
    assert lift_from(lines, "0", KNOWN).lines[0] == lines[0]


def test_what_depends_on_the_synapse_or_on_chance_stays_with_it():
    for line in ("w = exp(w)", "w = pow(y0_h, x0_x)", "w = exp(uniform(seed, 1, j, s, 0) * y0_h)"):
        assert not lift_from([line], "0", KNOWN).parts


def test_kernels_are_bound_anew_only_where_an_array_has_moved():
    rules = [("element_growth", {"nu": 0.0, "weight": 20.0, "update": 1e8})]
    sim, way = grown(rules, 0.01)
    way = sim.circuit.pathways[way.id]
    (elements,) = sim.circuit.elements[way.id]
    bound, count = way.visit, len(way.synapses)
    elements.z[1][:] -= 1.0
    sim.slowly.grow(elements, sim.slowly.spikes(), sim.step)
    assert way.is_bound()
    assert len(way.synapses) < count
    first = way.visit
    for z in elements.z:
        z += 3.0
    sim.slowly.grow(elements, sim.slowly.spikes(), sim.step)
    assert way.is_bound()
    assert way.visit is not first
    assert bound is not None
    assert (np.diff(np.sort(way.synapses.ids_at(way.synapses.expanded()[0]))) > 0).all()
    sim.run(20.0)
