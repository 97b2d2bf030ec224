"""Short-term plasticity: NEST's amplitudes, and the laws of depression and facilitation (A07, A08).

`short_term.json` was made by `make_short_term.py` with NEST 3.10.0 (tsodyks2_synapse, tsodyks_synapse).
"""

import math

import numpy as np
import pytest

from engine import Network
from tests.references.cases import amplitudes
from tests.references.stage import fresh, named, relays, run, stored


def compare(case):
    got = amplitudes(case)
    np.testing.assert_allclose(got, case["amplitudes"], rtol=1e-9, atol=1e-12)
    return float(np.abs(np.subtract(got, case["amplitudes"])).max() / np.abs(got).max())


def regular(params, rate, count, form="two_variable"):
    train = [10.0 + round(k * 1000 / rate, 1) for k in range(count)]
    params = {"tau_psc": 3.0, **params}
    return amplitudes(
        {"dt": 0.1, "weight": 1.0, "delay": 1.0, "params": params, "form": form, "train": train,
         "for": math.ceil(train[-1]) + 20.0}
    )  # fmt: skip


@pytest.mark.parametrize("case", named(stored("short_term.json")))
def test_A07_every_spike_delivers_the_amplitude_of_nest(case, measured):
    measured("A07", f"{case['name']}: amplitudes against NEST", source="equal",
             ours=f"within {compare(case):.0e}", tolerance="1e-9", kind="X")  # fmt: skip


@pytest.mark.nest
@pytest.mark.slow
def test_amplitudes_equal_the_nest_that_is_installed_on_trains_never_seen_before(tmp_path):
    for case in fresh("make_short_term.py", tmp_path):
        compare(case)


def test_two_spikes_by_hand():
    # u = 0.5, tau_rec = 800: the second of two spikes 50 ms apart finds 1 + (1 - 0.5 - 1) e^(-50/800)
    got = regular({"u": 0.5, "tau_rec": 800.0, "tau_fac": 0.0}, 20, 2)
    assert got == pytest.approx([0.5, 0.5 * (1 - 0.5 * math.exp(-50 / 800))], rel=1e-12)
    assert got[1] == pytest.approx(0.265147, abs=1e-6)


def test_A08_paired_pulses_at_20_hz_depress_and_facilitate(measured):
    depressing = regular({"u": 0.5, "tau_rec": 800.0, "tau_fac": 0.0}, 20, 2)
    facilitating = regular({"u": 0.05, "tau_rec": 130.0, "tau_fac": 530.0}, 20, 2)
    ratios = f"{depressing[1] / depressing[0]:.3f}, {facilitating[1] / facilitating[0]:.3f}"
    measured("A08", "paired-pulse ratio at 20 Hz, depressing and facilitating", source="0.530, 1.801",
             ours=ratios, tolerance="0.0005", kind="X")  # fmt: skip
    assert depressing[1] / depressing[0] == pytest.approx(0.530, abs=5e-4)
    assert facilitating[1] / facilitating[0] == pytest.approx(1.801, abs=5e-4)


def test_A08_a_depressing_synapse_delivers_in_proportion_to_one_over_the_rate(measured):
    product = [
        rate * regular({"u": 0.5, "tau_rec": 800.0, "tau_fac": 0.0}, rate, 60)[-1]
        for rate in (10, 20, 40, 80)
    ]
    measured("A08", "depressing: rate times steady amplitude, 10 to 80 Hz", source="1.05 to 1.22",
             ours=f"{product[0]:.2f} to {product[-1]:.2f}", tolerance="0.01", kind="S")  # fmt: skip
    assert product[0] == pytest.approx(1.05, abs=0.01)
    assert product[-1] == pytest.approx(1.22, abs=0.01)
    assert product == sorted(product)


def test_without_short_term_plasticity_every_spike_delivers_the_weight():
    net = Network(dt=0.1, seed=1)
    pre = relays(net, "Pre", [[10.0, 12.0, 14.0]])
    post = net.add_population("Post", "iaf_psc_exp", size=1, sign=+1)
    projection = net.add_projection("Synapse", pre, post, transmission="current_exp")
    ids = net.add_synapses(projection, pre=pre.ids, post=post.ids, weight=3.5, delay=1.0)
    probe = net.add_probe(ids, "transmitted", every="pre")
    assert list(run(net, 20.0).record(probe)["value"]) == [3.5, 3.5, 3.5]


def three_pools(u, tau_rec, tau_psc, spikes):
    """The published equations of three pools between spikes, in small steps (fourth-order Runge-Kutta)."""
    flow = np.array([[0.0, 0.0, 1 / tau_rec], [0.0, -1 / tau_psc, 0.0], [0.0, 1 / tau_psc, -1 / tau_rec]])
    pools, last, found = np.array([1.0, 0.0, 0.0]), spikes[0], []
    for t in spikes:
        h = (t - last) / 400
        for _ in range(400):
            one = flow @ pools
            two = flow @ (pools + 0.5 * h * one)
            three = flow @ (pools + 0.5 * h * two)
            four = flow @ (pools + h * three)
            pools = pools + h / 6 * (one + 2 * two + 2 * three + four)
        found.append(u * pools[0])
        pools, last = pools + u * pools[0] * np.array([-1.0, 1.0, 0.0]), t
    return found


@pytest.mark.parametrize("apart", [0.0, 1e-12, -1e-7, 1e-5, -1e-3, 0.03, 0.5, -0.5])
def test_the_three_pools_know_the_limit_in_which_release_ends_as_fast_as_recovery(apart):
    tau = 20.0
    got = regular({"u": 0.5, "tau_rec": tau * (1 + apart), "tau_psc": tau}, 50, 8, form="three_pool")
    asked = three_pools(0.5, tau * (1 + apart), tau, [20.0 * k for k in range(8)])
    np.testing.assert_allclose(got, asked, rtol=1e-8)
    assert np.ptp(got) > 0.1
