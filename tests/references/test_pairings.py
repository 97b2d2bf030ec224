"""Which spikes pair: nearest neighbours only (A18), inhibition that balances (A32), and other windows.

`pairings.json` was made by `make_pairings.py` with NEST 3.10.0.
"""

import math
from functools import cache

import numpy as np
import pytest

from engine import Network, Simulation, registry
from tests.references.seeds import holds, seeds, shown
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


@seeds(1)
@pytest.mark.parametrize("target", [5.0, 10.0])
def test_A32_inhibition_brings_a_neuron_to_its_target_rate(target, seeds, measured):
    rate, before = np.transpose([balanced(target, seed) for seed in seeds])
    measured(
        "A32", f"post rate with target {target:g} Hz, each seed",
        source=f"{target:g} Hz", ours=f"{shown(rate, '.2f')} Hz (at first {before.mean():.0f} Hz)",
        tolerance="10 %", kind="S",
    )  # fmt: skip
    assert (before > 2 * target).all()
    assert holds(np.abs(rate / target - 1.0) <= 0.1)


def tuned(seed, channels=8, learn=30_000.0, look=10_000.0):
    """How alike the two currents of a neuron are (bins of 200 ms) before and after inhibition has learned.

    Excitation is tuned to one of eight channels, whose rates change every 200 ms; inhibition starts untuned.
    """
    net = Network(dt=0.5, seed=seed)
    cells = net.add_population("Cells", "iaf_psc_exp", size=8, sign=+1)
    groups = [
        (net.add_population("Excitation", "relay", size=channels * 40, sign=+1), 40),
        (net.add_population("Inhibition", "relay", size=channels * 20, sign=-1), 20),
    ]
    rng = np.random.default_rng(seed)
    times = np.arange(1.0, learn + look, 200.0)
    for channel in range(channels):
        rates = rng.exponential(8.0, times.size)
        for group, size in groups:
            here = group[channel * size : (channel + 1) * size]
            net.add_input("poisson_inhomogeneous", here, times=times, rates=rates)
    profile = 0.3 + 1.1 / (1.0 + (np.arange(channels) - channels // 2) ** 4)
    fixed = net.add_projection("E", groups[0][0], cells, transmission="current_exp")
    net.wire(fixed, "all_to_all", weight=np.repeat(200.0 * profile, 40 * len(cells.ids)), delay=1.0)
    rule = ("vogels_sprekeler", {"tau": 20.0, "eta": 4.0, "alpha": 2.0 * 5.0 * 20.0 / 1000.0})
    way = net.add_projection("I", groups[1][0], cells, rules=[rule], w_max=3000.0)
    net.wire(way, "all_to_all", weight=-30.0, delay=1.0)
    probes = [net.add_probe(cells[:1], name, every=5.0) for name in ("i_ex", "i_in")]
    sim = Simulation(net)
    sim.run(learn + look)
    excitation, inhibition = (sim.record(probe)["value"].reshape(-1, 40).mean(axis=1) for probe in probes)
    early, late = slice(0, 10), slice(-round(look / 200.0), None)
    return [float(np.corrcoef(excitation[span], -inhibition[span])[0, 1]) for span in (early, late)]


@seeds(1)
def test_A32_inhibition_comes_to_mirror_excitation_that_is_tuned(seeds, measured):
    before, after = np.transpose([tuned(seed) for seed in seeds])
    measured(
        "A32", "correlation of excitatory and inhibitory current at tuned inputs, each seed", source="> 0.9",
        ours=f"{shown(after, '.2f')} (in the first 2 s {shown(before, '.2f')})", tolerance="bound", kind="S",
    )  # fmt: skip
    assert holds(after > 0.9)
    assert before.mean() < after.mean() - 0.05


def noisy_weights(seed):
    """Weights (pS) of the noisy rule after 160 s of uncorrelated trains at 20 Hz."""
    net = Network(dt=1.0, seed=seed)
    pre = net.add_population("Pre", "relay", size=600)
    post = net.add_population("Post", "relay", size=4)
    net.add_input("poisson", pre, rate=20.0)
    net.add_input("poisson", post, rate=20.0)
    way = net.add_projection("Synapses", pre, post, rules=["stdp_van_rossum"], w_max=5000.0)
    net.wire(way, "fixed_out", n=1, weight=250.0, delay=1.0)
    sim = Simulation(net)
    sim.run(160000.0)
    return sim.synapses(way)["weight"]


@seeds(16)
def test_A16_noisy_weights_gather_in_one_hump_around_cp_over_cd(seeds, measured):
    """The spread follows from noise, steps and the moments of a trace."""
    each = [noisy_weights(seed) for seed in seeds]
    mean = np.array([weight.mean() for weight in each])
    spread = np.array([weight.std() / weight.mean() for weight in each])
    x, x2 = 0.4, 0.2 + 0.16
    steps = 2.0 * (0.015 * 333.3) ** 2 + 2.0  # noise of both kinds of change, and the changes themselves
    expected = math.sqrt(steps * x2 / (2 * 0.003 * x)) / 333.3
    measured("A16", "mean of noisy weights, each seed", source="333 pS", ours=f"{shown(mean, '.0f')} pS",
             tolerance="10 %", kind="S")  # fmt: skip
    measured("A16", "spread (CV) of noisy weights, uncorrelated trains, each seed",
             source=f"{expected:.2f} (theory)", ours=shown(spread, ".2f"), tolerance="15 %",
             kind="S")  # fmt: skip
    assert holds(np.abs(mean / 333.3 - 1.0) <= 0.1)
    assert holds(np.abs(spread / expected - 1.0) <= 0.15)
    for weight in each:
        assert (weight < 0.2 * weight.mean()).mean() < 0.01
        counts, _ = np.histogram(weight, bins=8, range=(0.0, 2.0 * weight.mean()))
        top = int(np.argmax(counts))
        assert 2 <= top <= 5
        assert (np.diff(counts[: top + 1]) >= -10).all()
        assert (np.diff(counts[top:]) <= 10).all()


def dip(values, bins=30):
    """Hartigan's dip on a grid: the least distance of the values' distribution from one with a single mode.

    Each mode is a linear programme: the distribution is convex below it and concave above it.
    """
    optimize = pytest.importorskip("scipy.optimize")
    counts, _ = np.histogram(values, bins)
    share = np.append(0.0, np.cumsum(counts) / counts.sum())
    n, bend = share.size, np.diff(np.eye(share.size), n=2, axis=0)
    near = np.vstack([np.column_stack([s * np.eye(n), -np.ones(n)]) for s in (1.0, -1.0)])
    best = np.inf
    for mode in range(n - 1):
        sign = np.where(np.arange(n - 2) < mode, -1.0, 1.0)[:, None]
        bends = np.column_stack([sign * bend, np.zeros(n - 2)])
        rising = np.column_stack([-np.diff(np.eye(n), axis=0), np.zeros(n - 1)])
        found = optimize.linprog(
            np.append(np.zeros(n), 1.0), np.vstack([near, bends, rising]),
            np.concatenate([share, -share, np.zeros(2 * n - 3)]), bounds=(0.0, 1.0),
        )  # fmt: skip
        best = min(best, float(found.fun))
    return best


def test_the_dip_knows_one_hump_from_two():
    rng = np.random.default_rng(1)
    one, two = rng.normal(0, 1, 2000), np.append(rng.normal(-2, 1, 1000), rng.normal(2, 1, 1000))
    assert dip(one) < 0.015 < 0.03 < dip(two)


@pytest.mark.long
def test_A16_the_hump_is_single_by_hartigans_test(measured):
    rng = np.random.default_rng(1)
    null = np.array([dip(rng.random(2400)) for _ in range(100)])
    p = np.array([np.mean(null >= dip(noisy_weights(seed))) for seed in range(16, 21)])
    measured("A16", "p of a single mode (Hartigan's dip, 100 uniform samples), each seed", source="> 0.05",
             ours=shown(p, ".2f"), tolerance="bound", kind="S")  # fmt: skip
    assert holds(p > 0.05)
