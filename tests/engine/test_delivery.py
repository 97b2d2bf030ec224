"""A spike that does nothing but arrive: weights are added as they are stored, to the same bits."""

import numpy as np
import pytest

from engine import Network, Simulation
from engine.kernels import recipes
from engine.kernels.stack_loops import StackLoops


def ran(precision, sign):
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
    sim = Simulation(net)
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


@pytest.mark.parametrize(
    ("models", "options", "only"),
    [
        (("current_exp",), (), True), (("conductance_exp",), (), True), (("delta",), (), True),
        (("tsodyks_markram",), (), False), (("quantal",), (), False), (("current_exp",), ("watched",), False),
        (("current_exp",), ("glia",), False), (("current_exp",), ("unsigned",), False),
        (("current_exp", "stdp_pair"), (), False), (("current_exp", "scaling"), (), False),
    ],
)  # fmt: skip
def test_what_a_spike_may_do_besides_is_not_forgotten(models, options, only):
    assert recipes.Recipe("stack", models, "float64", options).stack().only_delivers == only
