"""Spike-timing plasticity: the weights NEST's spikes carry, windows, ties, delays and bounds (A14, A20).

`plasticity.json` was made by `make_plasticity.py` with NEST 3.10.0.  Where NEST has no such rule or delay
(axonal delays, nearest-spike triplets) `brute_force.py` stands in, after it has met NEST's numbers.
"""

import math

import numpy as np
import pytest

from tests.references import brute_force
from tests.references.stage import fresh, named, stdp_pairing, stored

CASES = [case for case in stored("plasticity.json") if case["rule"] != "dopamine"]


def compare(case):
    _, _, carried = stdp_pairing(
        [(case["rule"], case["params"])],
        case["pre"],
        case["post"],
        case["synapses"],
        dt=case["dt"],
        until=case["for"],
        w_min=0.0,
        w_max=abs(case["w_max"]),
    )
    size = max(abs(row[2]) for row in case["synapses"])
    for got, expected in zip(carried, case["carried"], strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-11 * size)
    pairs = zip(carried, case["carried"], strict=True)
    return max(float(np.abs(np.subtract(*pair)).max(initial=0.0)) / size for pair in pairs)


@pytest.mark.parametrize("case", named(CASES))
def test_A14_A20_every_presynaptic_spike_carries_the_weight_of_nest(case, measured):
    measured("A20" if case["rule"] == "stdp_triplet" else "A14", f"{case['name']}: weights against NEST",
             source="equal", ours=f"within {compare(case):.0e}", tolerance="1e-9", kind="X")  # fmt: skip


@pytest.mark.nest
@pytest.mark.slow
def test_weights_equal_the_nest_that_is_installed_on_trains_never_seen_before(tmp_path):
    for case in fresh("make_plasticity.py", tmp_path):
        if case["rule"] != "dopamine":
            compare(case)


@pytest.mark.parametrize("case", named(CASES))
def test_the_slow_rewriting_of_the_rules_agrees_with_nest(case):
    for (i, j, weight, delay), expected in zip(case["synapses"], case["carried"], strict=True):
        got = brute_force.carried(
            case["rule"], case["params"], case["w_max"], weight, case["pre"][i], case["post"][j], delay
        )
        np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-12)


TRIPLET = {
    "tau_plus": 16.8,
    "tau_x": 101.0,
    "tau_minus": 33.7,
    "tau_y": 125.0,
    "a2_plus": 5e-3,
    "a3_plus": 6.2e-3,
    "a2_minus": 7e-3,
    "a3_minus": 2.3e-3,
}
PAIR = {"tau_pre": 17.0, "tau_post": 34.0, "lambda_": 0.03, "alpha": 1.05, "mu_plus": 0.0, "mu_minus": 1.0}
BEYOND = {
    "pair, axonal": ("stdp_pair", PAIR, 0.0),
    "pair, half and half": ("stdp_pair", PAIR, 0.5),
    "power law, axonal": (
        "stdp_power",
        {"tau_pre": 17.0, "tau_post": 34.0, "lambda_": 0.03, "alpha": 0.5, "mu": 0.4},
        0.0,
    ),
    "triplet, axonal": ("stdp_triplet", TRIPLET, 0.0),
    "triplet, nearest": ("stdp_triplet", TRIPLET | {"nearest": "yes"}, 1.0),
    "triplet, nearest, axonal": ("stdp_triplet", TRIPLET | {"nearest": "yes"}, 0.0),
}


@pytest.mark.parametrize("dt", [0.1, 1.0])
@pytest.mark.parametrize(("rule", "params", "dendritic"), BEYOND.values(), ids=BEYOND.keys())
def test_rules_and_delays_that_nest_lacks_agree_with_the_slow_rewriting(rule, params, dendritic, dt):
    rng = np.random.default_rng(8)
    until = 1500.0
    trains = [np.unique(np.round(rng.uniform(5, 1400, 60) / dt)) * dt for _ in range(4)]
    trains = [[round(float(t), 6) for t in train] for train in trains]
    pre, post = [*trains[:2]], [trains[0], trains[2], trains[3]]
    synapses = [
        [
            i,
            j,
            float(rng.choice([0.0, 0.3, 0.5, 1.0])),
            2 * round(int(rng.integers(1, round(5 / dt))) * dt, 6),
        ]
        for i in range(2)
        for j in range(3)
    ]
    _, _, carried = stdp_pairing(
        [(rule, params)], pre, post, synapses, dt=dt, until=until, w_min=0.0, w_max=1.0, dendritic=dendritic
    )
    for (i, j, weight, delay), got in zip(synapses, carried, strict=True):
        expected = brute_force.carried(rule, params, 1.0, weight, pre[i], post[j], delay, dendritic)
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-11)


def window(params, lags, w_max=1.0, start=0.5, delay=1.0):
    """The change of one synapse by one pair, for each lag t_post - t_pre (ms) as the synapse sees it."""
    at = 200.0
    pre = [[at]] * len(lags)
    post = [[round(at + lag - delay, 6)] for lag in lags]
    synapses = [[k, k, start, delay] for k in range(len(lags))]
    sim, projection, _ = stdp_pairing(
        [("stdp_pair", params)], pre, post, synapses, dt=0.1, until=400.0, w_min=0.0, w_max=w_max
    )
    return sim.synapses(projection)["weight"] - start


LAGS = [float(lag) for lag in range(-100, 101)]


@pytest.mark.parametrize(("tau_pre", "tau_post"), [(20.0, 20.0), (16.8, 33.7)])
def test_A14_the_window_has_the_exponents_and_sizes_it_was_given(tau_pre, tau_post, measured):
    params = {
        "tau_pre": tau_pre,
        "tau_post": tau_post,
        "lambda_": 0.01,
        "alpha": 1.2,
        "mu_plus": 0.0,
        "mu_minus": 0.0,
    }
    lags = np.array(LAGS)
    change = window(params, LAGS)
    assert change[lags == 0] == 0.0
    up, down = lags > 0, lags < 0
    assert (change[up] > 0).all()
    assert (change[down] < 0).all()
    slope, log_size = np.polyfit(lags[up], np.log(change[up]), 1)
    assert -1 / slope == pytest.approx(tau_pre, rel=0.01)
    assert math.exp(log_size) == pytest.approx(0.01, rel=0.01)
    measured("A14", f"pairing curve, -100 to 100 ms: exponent before the post spike, tau {tau_pre:g} ms",
             source=f"{tau_pre:g} ms", ours=f"{-1 / slope:.3f} ms", tolerance="1 %", kind="X")  # fmt: skip
    slope, log_size = np.polyfit(lags[down], np.log(-change[down]), 1)
    assert 1 / slope == pytest.approx(tau_post, rel=0.01)
    assert math.exp(log_size) == pytest.approx(0.012, rel=0.01)


def test_a_synapse_that_meets_both_spikes_in_one_step_does_not_change():
    change = window({"lambda_": 0.5, "mu_plus": 0.0, "mu_minus": 0.0}, [0.0], delay=3.7)
    assert change[0] == 0.0


def test_one_before_and_one_after_by_hand():
    params = {
        "tau_pre": 20.0,
        "tau_post": 20.0,
        "lambda_": 0.01,
        "alpha": 1.0,
        "mu_plus": 0.0,
        "mu_minus": 0.0,
    }
    _, _, carried = stdp_pairing(
        [("stdp_pair", params)],
        [[10.0, 60.0]],
        [[20.0]],
        [[0, 0, 0.5, 1.0]],
        dt=0.1,
        until=100.0,
        w_min=0.0,
        w_max=1.0,
    )
    after_post = 0.5 + 0.01 * math.exp(-11 / 20)
    assert after_post == pytest.approx(0.5 + 0.00576950, abs=1e-8)
    assert list(carried[0]) == pytest.approx([0.5, after_post - 0.01 * math.exp(-39 / 20)], rel=1e-12)


def test_an_inhibitory_synapse_does_exactly_the_same_with_the_other_sign():
    rng = np.random.default_rng(11)
    pre = [sorted({round(float(t), 1) for t in rng.uniform(5, 900, 60)}) for _ in range(2)]
    post = [sorted({round(float(t), 1) for t in rng.uniform(5, 900, 60)})]
    for rule, params in (("stdp_pair", PAIR), ("stdp_triplet", TRIPLET)):
        results = []
        for sign in (1.0, -1.0):
            synapses = [[i, 0, sign * 0.4, 1.5] for i in range(2)]
            results.append(
                stdp_pairing(
                    [(rule, params)], pre, post, synapses, dt=0.1, until=950.0, w_min=0.0, w_max=1.0
                )[2]
            )
        for positive, negative in zip(*results, strict=True):
            assert len(positive) > 20
            assert (positive == -negative).all()


def test_weights_stay_within_a_raised_lower_bound():
    params = {"lambda_": 0.2, "alpha": 0.5, "mu_plus": 0.0, "mu_minus": 0.0}
    rng = np.random.default_rng(12)
    pre = [sorted({float(round(t)) for t in rng.uniform(5, 900, 80)})]
    post = [sorted({float(round(t)) for t in rng.uniform(5, 900, 80)})]
    _, _, carried = stdp_pairing(
        [("stdp_pair", params)], pre, post, [[0, 0, 0.5, 1.0]], dt=1.0, until=950.0, w_min=0.2, w_max=0.8
    )
    assert carried[0].min() == 0.2
    assert 0.75 < carried[0].max() <= 0.8
