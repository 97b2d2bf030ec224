"""Synaptic scaling is multiplicative, exact over slow steps, and brings a neuron back to its rate (A31)."""

import math

import numpy as np
import pytest

from engine import Network, Simulation
from tests.references.seeds import holds, seeds, shown
from tests.references.stage import relays, run, spike_times

WEIGHTS = [0.5, 1.0, 2.0, 3.5, 5.0, 8.0]


def forced(post_train, until, params, weights=WEIGHTS, w_max=1000.0):
    """Final weights of synapses onto one relay that fires as told."""
    net = Network(dt=0.1, seed=1)
    pre = relays(net, "Pre", [[] for _ in weights])
    post = relays(net, "Post", [post_train])
    projection = net.add_projection(
        "Scaled", pre, post, transmission="current_exp", rules=[("scaling", params)], w_min=0.0, w_max=w_max
    )
    net.add_synapses(
        projection, pre=pre.ids, post=np.repeat(post.ids, len(weights)), weight=np.array(weights), delay=1.0
    )
    return run(net, until).synapses(projection)["weight"]


def test_A31_a_silent_neuron_multiplies_every_weight_by_the_same_exponential(measured):
    got = forced([], 1000.0, {"target": 5.0, "tau_sc": 10000.0, "tau_h": 1000.0, "update": 100.0})
    factor = got / WEIGHTS
    assert factor == pytest.approx(np.full(len(WEIGHTS), 1.105171), abs=1e-6)
    assert factor == pytest.approx(np.full(len(WEIGHTS), math.exp(0.1)), rel=1e-9)
    assert np.ptp(factor) < 1e-9
    what = "scaling: factor of every weight after a tenth of tau_sc of silence"
    measured("A31", what, source="1.105171", ours=f"{factor[0]:.6f}", tolerance="1e-9", kind="X")


@pytest.mark.parametrize("exponent", [1.0, 3.0])
def test_an_active_neuron_scales_by_the_exact_integral_over_slow_steps(exponent):
    rng = np.random.default_rng(3)
    # never within a slow step of a tick, so that it does not matter which side of a tick a spike falls on
    train = [float(t) for t in np.unique(np.round(rng.uniform(5, 1990, 40))) if 10 < t % 100 < 90]
    params = {"target": 15.0, "tau_sc": 5000.0, "tau_h": 400.0, "update": 100.0, "exponent": exponent}
    got = forced(train, 2000.0, params)
    log_factor = 0.0
    for tick in range(100, 2001, 100):
        rate = 1000.0 / 400.0 * sum(math.exp(-(tick - t) / 400.0) for t in train if t <= tick)
        log_factor += 100.0 / 5000.0 * (1.0 - (rate / 15.0) ** exponent)
    assert got / WEIGHTS == pytest.approx(np.full(len(WEIGHTS), math.exp(log_factor)), rel=1e-9)
    assert (np.diff(got) > 0).all()


def test_too_much_activity_scales_down_and_too_little_up():
    params = {"target": 10.0, "tau_sc": 5000.0, "tau_h": 500.0, "update": 100.0}
    busy = forced([float(t) for t in range(10, 2000, 20)], 2000.0, params)
    quiet = forced([float(t) for t in range(10, 2000, 500)], 2000.0, params)
    assert (busy < WEIGHTS).all()
    assert (quiet > WEIGHTS).all()


def test_scaled_weights_stop_at_the_upper_bound():
    got = forced([], 2000.0, {"target": 5.0, "tau_sc": 1000.0, "tau_h": 1000.0, "update": 100.0}, w_max=10.0)
    assert (got <= 10.0).all()
    assert got[-1] == 10.0


def test_A31_distributions_coincide_after_rescaling(measured):
    stats = pytest.importorskip("scipy.stats")
    start = np.sort(np.random.default_rng(5).lognormal(1.0, 0.5, 60))
    params = {"target": 10.0, "tau_sc": 4000.0, "tau_h": 500.0, "update": 100.0}
    up = forced([], 2000.0, params, weights=list(start))
    down = forced([float(t) for t in range(10, 2000, 25)], 2000.0, params, weights=list(start))
    alike = stats.ks_2samp(up / up.mean(), down / down.mean()).pvalue
    assert alike > 0.05
    what = "scaling: p that rescaled weights of silent and busy neurons are one distribution (KS)"
    measured("A31", what, source="> 0.05", ours=f"{alike:.2f}", tolerance="bound", kind="S")
    assert stats.ks_2samp(up, down).pvalue < 0.01


def doubled(seed):
    """The rate (Hz) of neurons that aim at 20 Hz before and after their input doubles."""
    net = Network(dt=0.5, seed=seed)
    pre = net.add_population("Pre", "relay", size=60, sign=+1)
    drive = net.add_input("poisson", pre, rate=15.0)
    post = net.add_population("Post", "iaf_psc_exp", size=6, sign=+1)
    params = {"target": 20.0, "tau_sc": 4000.0, "tau_h": 2000.0, "update": 100.0}
    projection = net.add_projection(
        "Scaled", pre, post, transmission="current_exp", rules=[("scaling", params)], w_min=0.0, w_max=5000.0
    )
    net.wire(projection, "all_to_all", weight=200.0, delay=1.0)
    sim = Simulation(net)

    def rate(span):
        """Mean rate over the next `span` ms."""
        before = sim.t
        sim.run(span)
        return len([t for t, _ in spike_times(sim, post.ids) if t > before]) / 6 / span * 1000

    sim.run(25000.0)
    weight = np.mean(sim.synapses(projection)["weight"])
    before = rate(20000.0)
    sim.set(drive, rate=30.0)
    assert rate(500.0) > 30.0
    sim.run(25000.0)
    after = rate(20000.0)
    assert np.mean(sim.synapses(projection)["weight"]) < 0.8 * weight
    return before, after


@seeds(4)
def test_A31_a_neuron_whose_input_doubles_returns_to_its_target_rate(seeds, measured):
    before, after = np.transpose([doubled(seed) for seed in seeds])
    what = "scaling: rate after the input doubled, each seed"
    ours = f"{shown(after, '.2f')} Hz"
    measured("A31", what, source="20 Hz", ours=ours, tolerance="5 %", kind="S", provisional=True)
    assert holds(abs(before / 20.0 - 1.0) <= 0.05)
    assert holds(abs(after / 20.0 - 1.0) <= 0.05)
