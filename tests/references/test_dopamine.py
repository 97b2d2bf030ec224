"""Dopamine and eligibility: NEST's weights, a hand calculation, and credit for a distant reward (A33, A34).

`plasticity.json` was made by `make_plasticity.py` with NEST 3.10.0 (stdp_dopamine_synapse).
"""

import numpy as np
import pytest

from tests.references import brute_force
from tests.references.cases import dopamine_stack
from tests.references.stage import fresh, named, stdp_pairing, stored

CASES = [case for case in stored("plasticity.json") if case["rule"] == "dopamine"]


def weights(case, **more):
    return stdp_pairing(
        dopamine_stack(case["params"], case["w_max"]),
        case["pre"],
        case["post"],
        case["synapses"],
        dt=case["dt"],
        until=case["for"],
        w_min=case["params"]["w_min"],
        w_max=case["w_max"],
        sources=case["sources"],
        source_delay=case["source_delay"],
        **more,
    )


def compare(case):
    for got, expected in zip(weights(case)[2], case["carried"], strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("case", named(CASES))
def test_A34_every_presynaptic_spike_carries_the_weight_of_nest(case, measured):
    compare(case)
    pairs = zip(weights(case)[2], case["carried"], strict=True)
    worst = max(float(np.max(np.abs(np.subtract(got, expected)), initial=0.0)) for got, expected in pairs)
    measured(
        "A34", f"{case['name']}: weights carried, against NEST 3.10", source="equal",
        ours=f"within {worst:.0e}", tolerance="1e-9", kind="X",
    )  # fmt: skip


@pytest.mark.nest
@pytest.mark.slow
def test_weights_equal_the_nest_that_is_installed_on_trains_never_seen_before(tmp_path):
    for case in fresh("make_plasticity.py", tmp_path):
        if case["rule"] == "dopamine":
            compare(case)


@pytest.mark.parametrize("case", named(CASES))
def test_the_slow_rewriting_of_the_rule_agrees_with_nest(case):
    arrivals = [t + case["source_delay"] for train in case["sources"] for t in train]
    for (i, j, weight, delay), expected in zip(case["synapses"], case["carried"], strict=True):
        got = brute_force.carried(
            "dopamine",
            case["params"],
            case["w_max"],
            weight,
            case["pre"][i],
            case["post"][j],
            delay,
            1.0,
            arrivals,
            case["params"]["w_min"],
        )
        np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-10)


BASE = {
    "tau_pre": 20.0,
    "tau_post": 20.0,
    "a_plus": 1.0,
    "a_minus": 1.5,
    "tau_c": 1000.0,
    "tau_n": 200.0,
    "b": 0.0,
    "w_min": 0.0,
}


def one_pair(release, until=20000.0, **changes):
    """The change by one pre-post pair at about 100 ms and releases of dopamine at the given times."""
    sim, projection, _ = stdp_pairing(
        dopamine_stack(BASE | changes, 200.0),
        [[100.0]],
        [[100.0]],
        [[0, 0, 50.0, 1.0]],
        dt=0.1,
        until=until,
        w_min=0.0,
        w_max=200.0,
        sources=[release],
    )
    return float(sim.synapses(projection)["weight"][0]) - 50.0


def test_a_tag_of_one_and_one_release_at_the_same_time_by_hand():
    # dw = n0 / (1/tau_c + 1/tau_n) with n0 = 1/tau_n; the tag is e^(-1/20), loaded when the post spike
    # reaches the synapse at 101 ms, and the dopamine spike of 100 ms arrives at 101 ms too
    got = one_pair([100.0])
    assert got == pytest.approx(np.exp(-1 / 20) * 0.005 / (1 / 1000 + 1 / 200), rel=1e-7)
    assert pytest.approx(0.833333, abs=1e-6) == 0.005 / (1 / 1000 + 1 / 200)


def test_no_release_no_change_and_a_late_release_counts_less():
    assert one_pair([]) == 0.0
    ratio = one_pair([1100.0]) / one_pair([100.0])
    assert ratio == pytest.approx(np.exp(-1.0), rel=1e-6)


def test_dopamine_below_its_baseline_turns_the_sign():
    assert one_pair([], b=0.001) < 0.0
    assert one_pair([200.0], b=0.001) > one_pair([], b=0.001)


def reward_experiment(seed, is_contingent, count=50, seconds=600):
    """Forced trains onto one post train: pre 0 is rewarded 1 to 3 s after it led the post spike.

    Every presynaptic train leads and follows the post train equally often, so timing alone favours none.
    The control gets as many rewards, at random times.
    """
    rng = np.random.default_rng(seed)
    steps = seconds * 1000

    def train(rate):
        return np.flatnonzero(rng.random(steps) < rate / 1000)

    pre = [train(0.5) for _ in range(count)]
    led = train(0.4)
    post = np.union1d(train(1.0), led)
    pre[0] = np.union1d(pre[0], led - rng.integers(3, 12, led.size))
    for k in range(count):
        leads = rng.choice(post, led.size) - rng.integers(3, 12, led.size) if k else []
        follows = rng.choice(post, led.size) + rng.integers(3, 12, led.size)
        pre[k] = np.union1d(np.union1d(pre[k], leads), follows)
    reward = led + rng.integers(1000, 3000, led.size) if is_contingent else rng.integers(10, steps, led.size)

    def times(indices):
        return [float(t) for t in np.unique(indices) if 2 < t < steps - 5]

    return [times(t) for t in pre], times(post), times(reward), float(steps)


REWARDED = BASE | {"a_plus": 0.1, "a_minus": 0.11}


def final_weights(seed, is_contingent):
    pre, post, reward, until = reward_experiment(seed, is_contingent)
    sim, projection, _ = stdp_pairing(
        dopamine_stack(REWARDED, 4.0),
        pre,
        [post],
        [[k, 0, 1.0, 1.0] for k in range(len(pre))],
        dt=1.0,
        until=until,
        w_min=0.0,
        w_max=4.0,
        sources=[reward],
    )
    return sim.synapses(projection)["weight"]


def test_A33_reduced_a_synapse_that_causes_a_reward_seconds_later_rises_above_the_others(measured):
    final = final_weights(1, True)
    place = np.mean(final[1:] < final[0])
    measured(
        "A33",
        "reduced: forced trains, 50 synapses, 600 s, 1 seed: percentile of the rewarded; mean of the others",
        source="> 95; < 1",
        ours=f"{100 * place:.0f}; {np.mean(final[1:]):.2f}",
        tolerance="as the source",
        kind="S",
    )
    assert place > 0.95
    assert final[0] > 1.2
    assert np.mean(final[1:]) < 1.0


def test_A33_reduced_as_many_rewards_at_random_times_leave_the_synapse_in_the_bulk(measured):
    final = final_weights(1, False)
    place = np.mean(final[1:] < final[0])
    measured(
        "A33",
        "reduced control: as many rewards at random times, percentile",
        source="5 to 95",
        ours=f"{100 * place:.0f}",
        tolerance="5 to 95",
        kind="S",
    )
    assert 0.05 <= place <= 0.95
