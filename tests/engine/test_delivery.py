"""A spike that does nothing but arrive: weights are added as they are stored, to the same bits."""

import numpy as np
import pytest

from engine import Network, Simulation
from engine.kernels import recipes
from engine.kernels.stack_loops import StackLoops


def ran(precision, sign, eye=False):
    net = Network(dt=0.1, seed=6, precision=precision)
    pre = net.add_population("Pre", "iaf_psc_exp", size=60, sign=sign)
    post = net.add_population("Post", "iaf_psc_exp", size=50)
    net.add_input("poisson", pre, rate=9000.0, weight=50.0)
    net.add_input("poisson", post, rate=9000.0, weight=50.0)
    way = net.add_projection("P", pre, post, transmission="current_exp")
    ends = sorted((0.0, sign * 7.0))
    net.wire(way, "fixed_in", n=20, weight=("uniform", *ends), delay=("uniform", 0.2, 3.0))
    ids = net.projections[way.id].synapses.id
    net.set(ids[::9], weight=0.0)
    sim = Simulation(net, eye=eye)
    sim.run(300.0)
    stack = sim.circuit.pathways[way.id].stack
    states = sim.circuit.cells[post.id].states
    return stack, {name: column.tobytes() for name, column in states.items()}, sim.spikes()


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("precision", ["single", "double"])
def test_weights_are_added_as_they_are_stored_to_the_same_bits(precision, sign, monkeypatch):
    stack, states, spikes = ran(precision, sign)
    assert stack.only_delivers
    assert np.unique(spikes["neuron"]).size > 60
    monkeypatch.setattr(StackLoops, "only_delivers", False)
    monkeypatch.setattr(recipes, "_kernels", recipes._kernels.__wrapped__)
    _, slowly, spikes_slowly = ran(precision, sign)
    assert states == slowly
    assert spikes.tolist() == spikes_slowly.tolist()


def test_a_circuit_that_may_be_watched_has_the_bits_of_one_that_may_not():
    plain, states, spikes = ran("single", 1)
    watched, also, seen = ran("single", 1, eye=True)
    assert (plain.watched, watched.watched) == (False, True)
    assert states == also
    assert spikes.tolist() == seen.tolist()


def test_what_is_watched_is_written_down_only_while_somebody_watches():
    net = Network(dt=0.1, seed=6, precision="single")
    pre = net.add_population("Pre", "relay", size=1)
    post = net.add_population("Post", "relay", size=3)
    net.add_input("spike_list", pre, times=[10.0, 20.0, 30.0])
    net.add_input("spike_list", post, times=[15.0, 25.0])
    way = net.add_projection("P", pre, post, rules=["stdp_pair", "prune_weak"])
    ids = net.add_synapses(way, pre=np.repeat(pre.ids, 3), post=post.ids, weight=7.0, delay=1.0)
    seen = []
    sim = Simulation(net, eye=True)
    for looked_at, until in (((), 17.0), (ids[1:2], 27.0), ((), 40.0)):
        sim.look_at(looked_at)
        assert sim.circuit.pathways[way.id].noted["told"][2] == len(looked_at)
        sim.run(until - sim.t)
        seen.append({(step, id) for step, id, *_ in sim.told()})
    watched = int(ids[1])
    assert seen == [set(), {(160, watched), (200, watched)}, set()]
    probe = net.add_probe(ids[:2], "weight", every="pre")
    other = net.add_probe(ids[:2], "weak_for", every="pre")
    sim = Simulation(net)
    sim.run(40.0)
    assert sim.record(probe)["id"].tolist() == [watched - 1, watched] * 3
    assert sim.record(probe)["value"][4] == pytest.approx(sim.weights(way.id)[1][0], rel=1e-6)
    assert sim.record(other)["value"].tolist() == [0.0] * 6


@pytest.mark.parametrize(
    ("models", "options", "only"),
    [
        (("current_exp",), (), True), (("conductance_exp",), (), True), (("delta",), (), True),
        (("tsodyks_markram",), (), False), (("quantal",), (), False), (("current_exp",), ("watched",), True),
        (("current_exp",), ("glia",), False), (("current_exp",), ("unsigned",), False),
        (("current_exp", "stdp_pair"), (), False), (("current_exp", "scaling"), (), False),
    ],
)  # fmt: skip
def test_what_a_spike_may_do_besides_is_not_forgotten(models, options, only):
    assert recipes.Recipe("stack", models, "float64", options).stack().only_delivers == only
