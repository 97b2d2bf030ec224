"""Which spikes pair: nearest neighbours only (A18), inhibition that balances (A32), and other windows.

`pairings.json` was made by `make_pairings.py` with NEST 3.10.0.
"""

import math
from functools import cache

import numpy as np
import pytest

from engine import Network, Simulation, registry
from tests.references.stage import fresh, named, stdp_pairing, stored


def worst(case):
    """The largest difference from NEST, relative to the greatest weight."""
    _, _, carried = stdp_pairing(
        [(case["rule"], case["params"])], case["pre"], case["post"], case["synapses"],
        dt=case["dt"], until=case["for"], w_min=0.0, w_max=abs(case["w_max"]),
    )  # fmt: skip
    size = abs(case["w_max"])
    moved = 0.0
    for got, expected in zip(carried, case["carried"], strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-11 * size)
        moved = max(moved, float(np.ptp(got)))
    assert moved > 1e-3 * size
    return max(
        float(np.abs(np.subtract(got, expected)).max()) / size
        for got, expected in zip(carried, case["carried"], strict=True)
    )


@pytest.mark.parametrize("case", named(stored("pairings.json")))
def test_A18_A32_every_presynaptic_spike_carries_the_weight_of_nest(case, measured):
    found = worst(case)
    measured(
        "A18" if case["rule"] == "stdp_nearest" else "A32",
        f"{case['name']}: weights that spikes carry, against NEST",
        source="equal", ours=f"within {found:.0e} of w_max", tolerance="1e-9", kind="X",
    )  # fmt: skip


@pytest.mark.nest
@pytest.mark.slow
def test_weights_equal_the_nest_that_is_installed_on_trains_never_seen_before(tmp_path):
    for case in fresh("make_pairings.py", tmp_path):
        worst(case)


SCHEMES = ("symmetric", "restricted", "pre_centered")
ADDITIVE = {"mu_plus": 0.0, "mu_minus": 0.0, "lambda_": 0.01, "tau_plus": 20.0, "tau_minus": 20.0}


@cache
def carried(scheme, pre, post):
    _, _, found = stdp_pairing(
        [("stdp_nearest", {**ADDITIVE, "scheme": scheme})], [list(pre)], [list(post)], [[0, 0, 0.5, 1.0]],
        dt=0.1, until=200.0, w_min=0.0, w_max=1.0,
    )  # fmt: skip
    return [float(x) for x in found[0]]


def test_A18_schemes_differ_in_which_spikes_pair():
    e = lambda d: 0.01 * math.exp(-d / 20.0)  # noqa: E731
    # two pre spikes, two post spikes (at the synapse 30 and 40), a last pre spike that reads the weight
    pre, post = (10.0, 20.0, 60.0), (29.0, 39.0)
    up = {
        "symmetric": e(10) + e(20),
        "restricted": e(10),
        "pre_centered": e(10) + e(20),  # both pre spikes with the first post spike
    }
    for scheme in SCHEMES:
        assert carried(scheme, pre, post)[-1] == pytest.approx(0.5 + up[scheme] - e(20), rel=1e-12)


def test_A18_a_tied_spike_pairs_with_its_second_nearest_partner():
    e = lambda d: 0.01 * math.exp(-d / 20.0)  # noqa: E731
    # the post spike of 29 meets the pre spike of 30: it pairs with that of 10, and the pre spike with 15
    pre, post = (10.0, 30.0, 100.0), (14.0, 29.0)
    found = carried("symmetric", pre, post)
    assert found[1] == pytest.approx(0.5 + e(5) + e(20) - e(15), rel=1e-12)


def test_stdp_log_saturates_above_its_reference_weight():
    rule = registry.find("stdp_log")
    p = rule.row()
    assert rule.window(10.0, p) > 0 > rule.window(-10.0, p)
    w, d = [5.0, 25.0, 100.0], 0.01 * 25.0 * 0.5 * math.exp(-19.0 / 34.0)
    _, _, found = stdp_pairing(
        [("stdp_log", {})], [[30.0, 130.0]] * 3, [[10.0]] * 3, [[i, i, w[i], 1.0] for i in range(3)],
        dt=0.1, until=150.0, w_min=0.0, w_max=1000.0,
    )  # fmt: skip
    f = [0.2, 1.0, 1.0 + math.log1p(5.0 * 3.0) / 5.0]
    for i in range(3):
        assert found[i][0] == pytest.approx(w[i] - d * f[i], rel=1e-9)


def test_stdp_anti_is_pair_stdp_upside_down():
    pre, post = [[10.0, 40.0, 90.0]], [[20.0, 35.0, 60.0]]
    plain = {"lambda_": 0.01, "mu_plus": 0.0, "mu_minus": 0.0}
    found = {}
    for rule in ("stdp_pair", "stdp_anti"):
        _, _, series = stdp_pairing(
            [(rule, plain)], pre, post, [[0, 0, 0.5, 1.0]], dt=0.1, until=120.0, w_min=0.0, w_max=1.0
        )
        found[rule] = np.array(series[0]) - 0.5
    np.testing.assert_allclose(found["stdp_anti"], -found["stdp_pair"], rtol=1e-12)


def balanced(target, seed):
    """Rate (Hz) at the end of a neuron whose inhibition learns; its excitation alone would drive it hard."""
    tau = 20.0
    net = Network(dt=0.2, seed=seed)
    cell = net.add_population("Cell", "iaf_psc_exp", size=10, sign=+1)
    net.add_input("poisson", cell, rate=2000.0, weight=130.0)
    inhibitory = net.add_population("Inhibition", "relay", size=300, sign=-1)
    net.add_input("poisson", inhibitory, rate=10.0)
    rule = ("vogels_sprekeler", {"tau": tau, "eta": 1.0, "alpha": 2.0 * target * tau / 1000.0})
    way = net.add_projection("I", inhibitory, cell, rules=[rule], w_max=2000.0)
    net.wire(way, "all_to_all", weight=-1.0, delay=1.0)
    sim = Simulation(net)
    sim.run(20000.0)
    first = sum(1 for row in sim.spikes() if row["neuron"] in set(cell.ids.tolist()) and row["t"] < 500.0)
    since = sim.step
    sim.run(20000.0)
    _, who = sim.spikes_since(since)
    return float(np.isin(who, cell.ids).sum()) / 10 / 20.0, first / 10 / 0.5


@pytest.mark.parametrize("target", [5.0, 10.0])
def test_A32_inhibition_brings_a_neuron_to_its_target_rate(target, measured):
    rate, before = balanced(target, 1)
    measured(
        "A32", f"post rate with target {target:g} Hz",
        source=f"{target:g} Hz", ours=f"{rate:.2f} Hz (at first {before:.0f} Hz)", tolerance="10 %", kind="S",
    )  # fmt: skip
    assert before > 2 * target
    assert rate == pytest.approx(target, rel=0.1)


def test_A16_noisy_weights_gather_in_one_hump_around_cp_over_cd(measured):
    """Uncorrelated trains at 20 Hz; the spread follows from noise, steps and the moments of a trace."""
    net = Network(dt=1.0, seed=16)
    pre = net.add_population("Pre", "relay", size=600)
    post = net.add_population("Post", "relay", size=4)
    net.add_input("poisson", pre, rate=20.0)
    net.add_input("poisson", post, rate=20.0)
    way = net.add_projection("Synapses", pre, post, rules=["stdp_van_rossum"], w_max=5000.0)
    net.wire(way, "fixed_out", n=1, weight=250.0, delay=1.0)
    sim = Simulation(net)
    sim.run(160000.0)
    weight = sim.synapses(way)["weight"]
    mean, spread = float(weight.mean()), float(weight.std() / weight.mean())
    x, x2 = 0.4, 0.2 + 0.16
    steps = 2.0 * (0.015 * 333.3) ** 2 + 2.0  # noise of both kinds of change, and the changes themselves
    expected = math.sqrt(steps * x2 / (2 * 0.003 * x)) / 333.3
    measured("A16", "mean of noisy weights", source="333 pS", ours=f"{mean:.0f} pS", tolerance="10 %",
             kind="S")  # fmt: skip
    measured("A16", "spread (CV) of noisy weights, uncorrelated trains", source=f"{expected:.2f} (theory)",
             ours=f"{spread:.2f}", tolerance="15 %", kind="S")  # fmt: skip
    assert mean == pytest.approx(333.3, rel=0.1)
    assert spread == pytest.approx(expected, rel=0.15)
    assert (weight < 0.2 * mean).mean() < 0.01
    counts, _ = np.histogram(weight, bins=8, range=(0.0, 2.0 * mean))
    top = int(np.argmax(counts))
    assert 2 <= top <= 5
    assert (np.diff(counts[: top + 1]) >= -10).all()
    assert (np.diff(counts[top:]) <= 10).all()
