"""Homeostasis of the neuron itself: how it hears excitation, how easily it fires; sliding triplets."""

import math

import numpy as np
import pytest

from engine import Network, Simulation
from engine.network.edits import SetRules
from tests.references.stage import relays, run

SLOW = {"target": 10.0, "tau_h": 400.0, "update": 100.0}


def forced(rule, params, train, until, weight=30.0):
    """A neuron made to fire at given times, with one silent synapse that carries the card."""
    net = Network(dt=0.1, seed=2)
    pre = relays(net, "Pre", [[]])
    post = net.add_population("Post", "iaf_psc_exp", size=1, sign=+1, params={"t_ref": 0.0})
    if train:
        net.add_input("spike_list", post, times=train, weight=1e5)
    way = net.add_projection("p", pre, post, transmission="current_exp", rules=[(rule, params)])
    net.add_synapses(way, pre=pre.ids, post=post.ids, weight=weight, delay=1.0)
    return run(net, until), way, post


def test_a_silent_neuron_becomes_sensitive_exponentially_and_its_weights_stay(measured):
    sim, way, post = forced("receptor_sensitivity", SLOW | {"tau_s": 5000.0}, [], 1000.0)
    gain = float(sim.state_of(post.ids, "gain_ex")[0])
    measured(
        "7.3", "receptor sensitivity after a fifth of tau_s of silence", source=f"{math.exp(0.2):.6f}",
        ours=f"{gain:.6f}", tolerance="1e-9", kind="X",
    )  # fmt: skip
    assert gain == pytest.approx(math.exp(0.2), rel=1e-9)
    assert sim.synapses(way)["weight"].tolist() == [30.0]


def test_an_active_neuron_changes_by_the_exact_integral_over_slow_steps():
    quiet, _, post = forced("intrinsic_threshold", SLOW | {"tau_theta": 5000.0, "step": 50.0}, [], 1000.0)
    assert quiet.state_of([post.ids[0]], "bias")[0] == pytest.approx(50.0 * 0.2, rel=1e-9)
    train = [12.0, 40.0, 130.0, 260.0, 333.0, 481.0, 520.0, 777.0, 850.0]
    sim, _, post = forced("receptor_sensitivity", SLOW | {"tau_s": 5000.0}, train, 1000.0)
    times = sim.spikes()["t"]
    assert len(times) >= len(train)
    log_gain = 0.0
    for tick in range(100, 1001, 100):
        rate = 1000.0 / 400.0 * sum(math.exp(-(tick - t) / 400.0) for t in times if t <= tick)
        log_gain += 100.0 / 5000.0 * (1.0 - rate / 10.0)
    assert sim.state_of(post.ids, "gain_ex")[0] == pytest.approx(math.exp(log_gain), rel=1e-9)


@pytest.mark.parametrize("model", ["iaf_psc_exp", "iaf_cond_exp", "iaf_psc_delta"])
def test_every_neuron_hears_excitation_with_its_sensitivity_and_inhibition_without(model):
    """After silence a spike moves the neuron by the gain more; nothing in the neuron's file knows of it."""
    heights = {}
    for sign in (+1, -1):
        for gain in (1.0, 2.0):
            net = Network(dt=0.1)
            pre = relays(net, "Pre", [[400.0]], sign=sign)
            post = net.add_population("Post", model, size=1, sign=+1)
            fast = {"target": 5.0, "tau_s": 1.0, "update": 100.0, "most": gain, "least": gain}
            way = net.add_projection("p", pre, post, rules=[("receptor_sensitivity", fast)])
            net.add_synapses(way, pre=pre.ids, post=post.ids, weight=sign * 1e-3, delay=1.0)
            probe = net.add_probe(post, "v", every=0.1)
            v = run(net, 420.0).record(probe)["value"]
            heights[sign, gain] = float(np.max(np.abs(v[4005:] - v[4000])))
    assert heights[+1, 1.0] > 0.0
    assert heights[+1, 2.0] == pytest.approx(2.0 * heights[+1, 1.0], rel=1e-3)
    assert heights[-1, 2.0] == heights[-1, 1.0]


def driven(rule, params, rate, until, w_max=1e9):
    """How fast a neuron under Poisson excitation fires in the last third of a run."""
    net = Network(dt=0.1, seed=4)
    post = net.add_population("Post", "iaf_psc_exp", size=20, sign=+1)
    pre = relays(net, "Pre", [[]])
    net.add_input("poisson", post, rate=rate, weight=40.0)
    way = net.add_projection("p", pre, post, transmission="current_exp", rules=[(rule, params)], w_max=w_max)
    net.wire(way, "all_to_all", weight=1.0, delay=1.0)
    sim = Simulation(net)
    sim.run(until)
    late = sim.spikes()["t"] > until * 2.0 / 3.0
    return 1000.0 * late.sum() / (20 * until / 3.0)


@pytest.mark.parametrize(
    ("rule", "pace"),
    [
        ("receptor_sensitivity", {"tau_s": 1500.0}),
        ("intrinsic_threshold", {"tau_theta": 1500.0, "step": 200.0}),
    ],
)
def test_a_neuron_returns_to_its_rate_whether_driven_weakly_or_strongly(rule, pace, measured):
    params = pace | {"target": 8.0, "tau_h": 500.0, "update": 20.0}
    found = [driven(rule, params, rate, 9000.0) for rate in (4000.0, 12000.0)]
    measured(
        "7.2" if rule == "intrinsic_threshold" else "7.3", f"{rule}: rate after weak and strong drive",
        source="8 Hz", ours=f"{found[0]:.2f} and {found[1]:.2f} Hz", tolerance="10 %", kind="S",
    )  # fmt: skip
    assert found == pytest.approx([8.0, 8.0], rel=0.1)


def test_where_the_delay_is_does_not_matter_to_a_spike_that_arrives_as_sensitivity_changes():
    """Spikes that arrive in the very step of an adjustment meet the receptors as they were before it."""
    seen = []
    for dendritic in (1.0, 0.0):
        net = Network(dt=0.5, seed=2)
        pre = relays(net, "Pre", [[99.0, 199.0, 299.0, 350.0]])
        post = net.add_population("Post", "iaf_psc_exp", size=1, sign=+1)
        rules = [("stdp_pair", {}), ("receptor_sensitivity", SLOW | {"tau_s": 500.0})]
        way = net.add_projection("p", pre, post, rules=rules, dendritic=dendritic)
        net.add_synapses(way, pre=pre.ids, post=post.ids, weight=50.0, delay=1.0)
        potential = net.add_probe(post, "v", every=0.5)
        seen.append(run(net, 400.0).record(potential)["value"])
    np.testing.assert_allclose(seen[1], seen[0], rtol=1e-12)


def test_sensitivity_and_current_survive_capture_edits_and_restore():
    sim, way, post = forced("receptor_sensitivity", SLOW | {"tau_s": 500.0}, [], 300.0)
    held = sim.state_of(post.ids, "gain_ex").copy()
    state = sim.capture()
    sim.run(200.0)
    assert (sim.state_of(post.ids, "gain_ex") > held).all()
    sim.restore(state)
    np.testing.assert_array_equal(sim.state_of(post.ids, "gain_ex"), held)
    sim.apply(SetRules(int(way), ()))
    np.testing.assert_array_equal(sim.state_of(post.ids, "gain_ex"), held)


def test_the_sliding_triplet_rule_depresses_a_fast_neuron_and_potentiates_a_slow_one(measured):
    """With the mean rate in its depression the crossover is at rho_0^2 / 19.2 Hz, and now from above."""
    rates, each = np.array([8.0, 12.0, 17.0, 26.0, 34.0]), 30
    net = Network(dt=1.0, seed=6)
    pre = net.add_population("pre", "relay", size=40, sign=+1)
    post = net.add_population("post", "relay", size=each * len(rates), sign=+1)
    net.add_input("poisson", pre, rate=10.0, weight=1.0)
    net.add_input("poisson", post, rate=np.repeat(rates, each), weight=1.0)
    rule = ("stdp_triplet_sliding", {"rho_0": 19.22, "tau_bar": 20000.0})
    way = net.add_projection("p", pre, post, rules=[rule], w_max=400.0)
    net.wire(way, "all_to_all", weight=200.0, delay=1.0)
    sim = Simulation(net)
    sim.run(60000.0)
    first = sim.synapses(way)["weight"]
    sim.run(25000.0)
    table = sim.synapses(way)
    group = (table["post"] - post.ids[0]) // each
    drift = np.array([(table["weight"] - first)[group == i].mean() for i in range(len(rates))])
    assert drift[0] > 0.0
    assert drift[-1] < 0.0
    crossing = float(np.interp(0.0, -drift[1:], rates[1:]))
    measured(
        "7.5", "sliding triplet rule: rate above which it depresses", source="19.2 Hz",
        ours=f"{crossing:.1f} Hz", tolerance="15 %", kind="S", provisional=True,
    )  # fmt: skip
    assert crossing == pytest.approx(19.2, rel=0.15)
