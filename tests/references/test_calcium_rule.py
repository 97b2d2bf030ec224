"""The calcium rule: time above thresholds, the curves of its published sets, the frequency table (A22).

The reference is written here from the paper's equations: calcium of a periodic protocol in closed form, and
Graupner & Brunel's mean-field change of many bistable synapses.
"""

import itertools
import math

import numpy as np
import pytest

from engine import Network, Simulation, registry
from tests.references.seeds import holds, seeds, shown
from tests.references.stage import relays, stdp_pairing

RULE = registry.find("graupner_brunel")
W_MAX = 5.0


def above(p, lag, period, theta):
    """Share of time that calcium is above `theta`, at one pair every `period` ms."""
    jumps = sorted([(p["d"] % period, p["c_pre"]), (lag % period, p["c_post"])])
    c, last, total = 0.0, 0.0, 0.0
    for turn in range(200):
        for when, size in jumps:
            now = turn * period + when
            c, high = c * math.exp(-(now - last) / p["tau_ca"]), c
            total += min(now - last, p["tau_ca"] * math.log(max(high / theta, 1.0))) if turn > 100 else 0.0
            c, last = c + size, now
    return total / (99 * period)


def integrated(p, pre, post, rho):
    """Efficacy after all spikes, without noise and drift: exact from crossing to crossing."""
    late = round(p["d"] / 0.1) * 0.1
    jumps = sorted([(t + late, p["c_pre"]) for t in pre] + [(t, p["c_post"]) for t in post])
    c = 0.0
    for (when, size), (then, _) in zip(jumps, [*jumps[1:], (math.inf, 0.0)], strict=True):
        c += size
        crossed = [p["tau_ca"] * math.log(max(c / p[theta], 1.0)) for theta in ("theta_p", "theta_d")]
        ends = sorted({0.0, then - when, *(min(then - when, end) for end in crossed)} - {math.inf})
        for begin, end in itertools.pairwise(ends):
            middle = c * math.exp(-(begin + end) / 2 / p["tau_ca"])
            up = p["gamma_p"] if middle > p["theta_p"] else 0.0
            down = p["gamma_d"] if middle > p["theta_d"] else 0.0
            if up + down:
                goal = up / (up + down)
                rho = goal + (rho - goal) * math.exp(-(end - begin) * (up + down) / p["tau"])
        c *= math.exp(-(then - when) / p["tau_ca"])
    return rho


def change(p, shares, duration):
    """The mean change of synapses of which `beta` begin weak, from the shares of time above thresholds."""
    up, down = p["gamma_p"] * shares[0], p["gamma_d"] * shares[1]
    if up + down == 0.0:
        return 1.0
    goal, e = up / (up + down), math.exp(-duration * (up + down) / p["tau"])
    spread = math.sqrt(p["sigma"] ** 2 * (shares[0] + shares[1]) / (up + down) * (1 - e * e))
    rise = 0.5 * (1 + math.erf(-(0.5 - goal + goal * e) / spread))
    fall = 0.5 * (1 - math.erf(-(0.5 - goal + (goal - 1) * e) / spread))
    beta, b = p["beta"], p["b"]
    after = (1 - rise) * beta + fall * (1 - beta) + b * (rise * beta + (1 - fall) * (1 - beta))
    return after / (beta + (1 - beta) * b)


def measured_shares(p, lags, rate, pairs):
    """The shares of time above both thresholds, inferred from what becomes of weak and strong synapses.

    Without noise and drift the efficacy is linear, so two synapses per lag give its goal and its speed; on
    the way every weight is held to the piecewise integration above.
    """
    period = 1000.0 / rate
    begin = 20.0 + max(0.0, -min(lags)) if rate > 1.0 else 200.0
    pre = [[round(begin + k * period, 1) for k in range(pairs)]]
    post = [[round(begin + lag - 1.0 + k * period, 1) for k in range(pairs)] for lag in lags]
    given = {**p, "sigma": 0.0, "bistable": "no"}
    weak, strong = W_MAX / p["b"], W_MAX
    synapses = [[0, j, w, 1.0] for j in range(len(lags)) for w in (weak, strong)]
    until = math.ceil(begin + pairs * period + 300.0)
    sim, way, _ = stdp_pairing(
        [("graupner_brunel", given)], pre, post, synapses, dt=0.1, until=until, w_min=0.0, w_max=W_MAX
    )
    table = sim.synapses(way)
    found = []
    for j in range(len(lags)):
        mine = np.sort(table["weight"][table["post"] == np.unique(table["post"])[j]])
        low, high = (mine - weak) / (strong - weak)
        arrived = [t + 1.0 for t in post[j]]
        expected = [integrated(p, pre[0], arrived, start) for start in (0.0, 1.0)]
        np.testing.assert_allclose([low, high], expected, rtol=1e-9, atol=1e-12)
        left = high - low
        speed = -math.log(left)
        goal = low / (1 - left) if left < 1 else 0.5
        time = pairs * period / p["tau"]
        found.append((goal * speed / p["gamma_p"] / time, (1 - goal) * speed / p["gamma_d"] / time))
    return found


def order(lag):
    return f"{'pre' if lag > 0 else 'post'} first by {abs(lag):g} ms"


def given(name):
    return dict(RULE.presets[name])


def test_above_threshold_by_hand():
    p = given("DP")
    alone = {**p, "c_pre": 0.0}
    assert above(alone, 10.0, 1000.0, 1.0) * 1000.0 == pytest.approx(20.0 * math.log(2.0), rel=1e-9)
    assert above(alone, 10.0, 1000.0, 1.3) * 1000.0 == pytest.approx(20.0 * math.log(2.0 / 1.3), rel=1e-9)
    assert above({**p, "c_post": 0.0}, 10.0, 1000.0, 1.0) == 0.0, "the threshold itself is not above it"


CURVES = {
    "DP": {-25.0: 0.729, -10.0: 0.882, 5.0: 1.240, 20.0: 1.172, 100.0: 1.0, -100.0: 1.0},
    "DPD": {-10.0: 0.859, 5.0: 1.193, 15.0: 0.841},
}


@pytest.mark.parametrize("name", CURVES)
def test_A22_time_above_threshold_and_curve_of_a_published_set(name, measured):
    p, lags = given(name), list(CURVES[name])
    shares = measured_shares(p, lags, 1.0, 60)
    for lag, found in zip(lags, shares, strict=True):
        expected = [above(p, lag, 1000.0, p[theta]) for theta in ("theta_p", "theta_d")]
        np.testing.assert_allclose(
            found, expected, rtol=0.01, atol=2e-5
        )  # of second order in a pair's change
        ours, source = change(p, found, 60000.0), CURVES[name][lag]
        # The source is the mean field, which takes the two phases of a pair for simultaneous; the authors'
        # own simulation of DP at -25 ms gave .719, as here.
        tolerance = 0.03 if abs(lag) == 100.0 else 0.015
        measured(
            "A22", f"set {name}, 60 pairs at 1 Hz, {order(lag)}", source=f"{source:.3f}", ours=f"{ours:.3f}",
            tolerance=str(tolerance), kind="N",
        )  # fmt: skip
        assert ours == pytest.approx(source, abs=tolerance)
        drawn = 1.0 + RULE.window(lag, RULE.row(**p, w_max=W_MAX)) / (W_MAX / p["b"] * (0.5 + 0.5 * p["b"]))
        assert drawn == pytest.approx(source, abs=0.002 if abs(lag) < 100.0 else 0.03)


TABLE = {
    10.0: {0.1: 1.06, 10.0: 1.08, 20.0: 1.25, 40.0: 1.55, 50.0: 1.64},
    -10.0: {0.1: 0.69, 10.0: 0.62, 20.0: 0.64, 40.0: 1.59, 50.0: 1.64},
}


@pytest.mark.parametrize("rate", [10.0, 20.0, 40.0, 50.0])
def test_A22_the_cortical_set_meets_sjostroms_frequencies(rate, measured):
    p = given("cortical slices")
    for lag, shares in zip((10.0, -10.0), measured_shares(p, [10.0, -10.0], rate, 75), strict=True):
        ours, source = change(p, shares, 75 * 1000.0 / rate), TABLE[lag][rate]
        measured(
            "A22", f"cortical set, 75 pairs at {rate:g} Hz, {order(lag)}", source=f"{source:.2f}",
            ours=f"{ours:.3f}", tolerance="0.03", kind="N",
        )  # fmt: skip
        assert ours == pytest.approx(source, abs=0.03)


def test_A22_the_cortical_set_at_a_tenth_of_a_hertz(measured):
    p = given("cortical slices")
    for lag in (10.0, -10.0):  # ten seconds between pairs: each stands alone, as at 1 Hz
        shares = [above(p, lag, 10000.0, p[theta]) for theta in ("theta_p", "theta_d")]
        ours, source = change(p, shares, 750000.0), TABLE[lag][0.1]
        measured(
            "A22", f"cortical set, 75 pairs at 0.1 Hz, {order(lag)} (closed form)", source=f"{source:.2f}",
            ours=f"{ours:.3f}", tolerance="0.03", kind="N",
        )  # fmt: skip
        assert ours == pytest.approx(source, abs=0.03)


def noisy(lag, seed):
    """The change of 600 weak and 600 strong synapses under DP, with the paper's drift, and the expected."""
    p, count = given("DP"), 600
    net = Network(dt=0.5, seed=seed)
    beats = [round(200.0 + 1000.0 * k, 1) for k in range(60)]
    pre = relays(net, "Pre", [beats])
    post = relays(net, "Post", [[t + lag - 1.0 for t in beats]])
    way = net.add_projection(
        "Synapses", pre, post, rules=[("graupner_brunel", {**p, "d": 13.5})], w_max=W_MAX
    )
    weights = np.repeat([W_MAX / p["b"], W_MAX], count)
    net.add_synapses(way, pre=pre.ids, post=np.repeat(post.ids, 2 * count), weight=weights, delay=1.0)
    sim = Simulation(net)
    sim.run(60500.0)
    table = np.sort(sim.synapses(way), order="id")
    rho = (table["weight"] - W_MAX / p["b"]) / (W_MAX - W_MAX / p["b"])
    strong = rho > 0.5
    ratio = np.where(strong, W_MAX, W_MAX / p["b"]).mean() / weights.mean()
    shares = [above({**p, "d": 13.5}, lag, 1000.0, p[theta]) for theta in ("theta_p", "theta_d")]
    assert len(set(np.round(rho, 12))) > count, "each synapse has luck of its own"
    return ratio, change(p, shares, 60000.0)


@seeds(4)
def test_A22_noise_lets_the_expected_share_of_synapses_switch(seeds, measured):
    ratio, expected = np.transpose([noisy(5.0, seed) for seed in seeds])
    measured(
        "A22", "set DP, +5 ms, 1200 noisy synapses, each seed", source="1.237 +- .059 (authors)",
        ours=shown(ratio, ".3f"), tolerance="0.06", kind="S",
    )  # fmt: skip
    assert holds(np.abs(ratio - expected) <= 0.06)


def test_a_bistable_synapse_drifts_to_the_nearer_state_as_the_closed_form_says():
    p = given("DP")
    start = [0.3, 0.7]
    weak = W_MAX / p["b"]
    net = Network(dt=0.5, seed=1)
    pre, post = relays(net, "Pre", [[]]), relays(net, "Post", [[]])
    way = net.add_projection("Drift", pre, post, rules=[("graupner_brunel", p)], w_max=W_MAX)
    net.add_synapses(
        way, pre=pre.ids, post=np.repeat(post.ids, 2), weight=[weak + r * (W_MAX - weak) for r in start]
    )
    sim = Simulation(net)
    sim.run(100000.0)
    rho = (np.sort(sim.synapses(way)["weight"]) - weak) / (W_MAX - weak)
    for r, got in zip(start, rho, strict=True):
        x, n = r, 20000  # midpoint rule, by small steps
        h = 100000.0 / n / p["tau"]
        f = lambda v: -v * (1 - v) * (0.5 - v)  # noqa: E731
        for _ in range(n):
            x += h * f(x + 0.5 * h * f(x))
        assert got == pytest.approx(x, rel=1e-6)


@pytest.mark.parametrize("rate", [1.0, 30.0])
def test_nine_hundred_pulses_weaken_at_one_hertz_and_strengthen_at_thirty(rate, measured):
    """The set fitted to hippocampal slices; each pulse is answered by a spike (Dudek & Bear 1992)."""
    p, count = {**given("hippocampal slices"), "d": 19.0}, 500
    net = Network(dt=0.5, seed=8)
    beats = [round((100.0 + k * 1000.0 / rate) * 2) / 2 for k in range(900)]
    pre, post = relays(net, "Pre", [beats]), relays(net, "Post", [[t + 9.0 for t in beats]])
    way = net.add_projection("Synapses", pre, post, rules=[("graupner_brunel", p)], w_max=W_MAX)
    start = np.where(np.arange(count) < p["beta"] * count, W_MAX / p["b"], W_MAX)
    net.add_synapses(way, pre=pre.ids, post=np.repeat(post.ids, count), weight=start, delay=1.0)
    sim = Simulation(net)
    sim.run(beats[-1] + 500.0)
    rho = sim.synapses(way)["rho"]
    ours = np.where(rho > 0.5, W_MAX, W_MAX / p["b"]).mean() / start.mean()
    shares = [above(p, 10.0, 1000.0 / rate, p[theta]) for theta in ("theta_p", "theta_d")]
    expected = change(p, shares, 900 * 1000.0 / rate)
    measured(
        "A22", f"hippocampal set, 900 answered pulses at {rate:g} Hz", source=f"{expected:.2f} (mean field)",
        ours=f"{ours:.2f}", tolerance="0.12", kind="S",
    )  # fmt: skip
    assert ours == pytest.approx(expected, abs=0.12)
    assert (ours < 0.8) == (rate == 1.0)


def test_noise_carries_efficacy_beyond_its_states_and_the_weight_keeps_its_bounds_and_comes_back():
    p = {**given("DP"), "sigma": 20.0}
    beats = [200.0 + 50.0 * k for k in range(40)]
    net = Network(dt=0.5, seed=2)
    pre, post = relays(net, "Pre", [beats]), relays(net, "Post", [[t + 9.0 for t in beats]])
    way = net.add_projection(
        "Synapses", pre, post, rules=[("graupner_brunel", {**p, "d": 13.5})], w_max=W_MAX
    )
    net.add_synapses(way, pre=pre.ids, post=np.repeat(post.ids, 300), weight=W_MAX, delay=1.0)
    sim = Simulation(net)
    sim.run(2300.0)
    table = sim.synapses(way)
    assert table["rho"].max() > 1.2
    assert table["rho"].min() < -0.3
    weak = W_MAX / p["b"]
    np.testing.assert_allclose(
        table["weight"], np.clip(weak + table["rho"] * (W_MAX - weak), 0.0, W_MAX), rtol=1e-12, atol=1e-12
    )
