"""Rate neurons and graded synapses against their equations: delay, time constant, shapes, signs."""

import numpy as np
import pytest

from engine import Network, Simulation
from engine.errors import EditRefused
from tests.references.stage import run


def chain(delay, dt=0.5, precision="double", **params):
    """A driven neuron and two that it reaches over weights of either sign, the second over two delays."""
    net = Network(dt=dt, precision=precision)
    first = net.add_population("first", "rate", size=1, sign=0)
    then = net.add_population("then", "rate", size=2, sign=0, params=params or None)
    way = net.add_projection("p", first, then, transmission="graded", dendritic=0.5)
    net.add_synapses(
        way, pre=np.repeat(first.ids, 3), post=[then.ids[0], then.ids[1], then.ids[1]],
        weight=[2.0, -1.0, 0.25], delay=[delay, delay, 2 * delay],
    )  # fmt: skip
    rng = np.random.default_rng(3)
    shown = rng.normal(size=120)
    net.add_input("step_current", first, times=np.arange(120) * dt, amplitudes=shown)
    probe = net.add_probe(np.concatenate([first.ids, then.ids]), "rate", every=dt)
    return net, probe, shown


@pytest.mark.parametrize("delay", [0.5, 2.0])
def test_what_arrives_is_the_weighted_rate_one_delay_before(delay):
    net, probe, shown = chain(delay)
    rates = run(net, 60.0).record(probe)["value"].reshape(-1, 3)
    np.testing.assert_array_equal(rates[:, 0], shown)
    gap = round(delay / 0.5)
    late = np.concatenate([np.zeros(gap), shown])[:120]
    later = np.concatenate([np.zeros(2 * gap), shown])[:120]
    np.testing.assert_allclose(rates[:, 1], 2.0 * late, rtol=1e-15)
    np.testing.assert_allclose(rates[:, 2], -late + 0.25 * later, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(
    ("shape", "curve"),
    [
        ("linear", lambda x: x),
        ("rectified", lambda x: np.maximum(x, 0.0)),
        ("tanh", lambda x: 0.8 * np.tanh(x / 0.8)),
        ("logistic", lambda x: 0.8 / (1.0 + np.exp(-4.0 * x / 0.8))),
    ],
)
def test_a_rate_follows_the_curve_of_its_input_with_its_time_constant(shape, curve):
    net, probe, shown = chain(0.5, tau=3.0, shape=shape, gain=1.5, threshold=0.2, full=0.8, bias_in=0.05)
    rates = run(net, 60.0).record(probe)["value"].reshape(-1, 3)
    late = np.concatenate([[0.0], shown])[:120]
    rate, keep = 0.0, np.exp(-0.5 / 3.0)
    for x, found in zip(2.0 * late, rates[:, 1], strict=True):
        rate = keep * rate + (1.0 - keep) * float(curve(1.5 * (x + 0.05 - 0.2)))
        assert found == pytest.approx(rate, rel=1e-12, abs=1e-14)


def test_single_precision_and_threads_agree():
    found = {}
    for precision in ("double", "single"):
        net, probe, _ = chain(1.0, precision=precision, shape="tanh")
        found[precision] = run(net, 60.0, threads=1).record(probe)["value"]
        np.testing.assert_array_equal(run(net, 60.0, threads=3).record(probe)["value"], found[precision])
    np.testing.assert_allclose(found["single"], found["double"], rtol=1e-4, atol=1e-5)


def test_rates_on_their_way_survive_a_capture_and_a_new_synapse():
    net, probe, _ = chain(2.0)
    through = run(net, 60.0).record(probe)["value"]
    sim = run(net, 10.0)
    again = Simulation(net, state=sim.capture())
    again.run(50.0)
    np.testing.assert_array_equal(again.record(probe)["value"], through[60:])


def test_a_rate_neuron_is_drawn_as_full_as_it_is_active():
    net, _, shown = chain(0.5)
    sim = run(net, 40.0)
    ids, view = sim.neuron_view()
    assert ids.size == 3
    assert view[0] == pytest.approx(np.clip(shown[79], -1.0, 1.0), rel=1e-6)
    assert sim.quantities("rate")[net.population("first").id][0] == shown[79]


def test_spiking_neurons_and_graded_synapses_are_kept_apart():
    net = Network()
    rates = net.add_population("R", "rate", size=1)
    cells = net.add_population("C", "iaf_psc_exp", size=1)
    for pre, post, transmission in (
        (cells, rates, "graded"),
        (rates, cells, "graded"),
        (cells, rates, "current_exp"),
    ):
        with pytest.raises(EditRefused):
            net.add_projection("p", pre, post, transmission=transmission)
