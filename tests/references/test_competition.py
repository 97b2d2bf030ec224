"""Additive STDP splits weights in two camps, weight-dependent STDP keeps one (measures A15, A16, A17).

Reduced: shorter, with faster learning and a step of 1 ms; the full length is behind `-m long`.
"""

import numpy as np
import pytest

from engine import Network
from tests.references.plain_song import settled
from tests.references.stage import relays, run, spike_times

# Song, Miller & Abbott (2000): conductances in units of the leak; here the leak is 10 nS and tau_m 20 ms.
SONG = {
    "c_m": 200.0,
    "g_l": 10.0,
    "e_l": -70.0,
    "e_ex": 0.0,
    "e_in": -70.0,
    "v_th": -54.0,
    "v_reset": -60.0,
    "t_ref": 0.0,
    "tau_syn_ex": 5.0,
    "tau_syn_in": 5.0,
}


def song(rate, seconds, step, *, size=200, alpha=1.1, dt=1.0, seed=1, mus=(0.0,)):
    """Random inputs onto one neuron for each exponent `mu`, which differ in nothing else.

    Fewer, stronger synapses than the 1000 of the paper split sooner.  Returns, for each exponent, the final
    weights as shares of the maximum and the rate over the last half (Hz).
    """
    net = Network(dt=dt, seed=seed)
    excitatory = net.add_population("Excitatory input", "relay", size=size, sign=+1)
    inhibitory = net.add_population("Inhibitory input", "relay", size=size // 5, sign=-1)
    net.add_input("poisson", excitatory, rate=rate)
    net.add_input("poisson", inhibitory, rate=10.0)
    g_max = 150.0 / size
    made = []
    for mu in mus:
        cell = net.add_population(f"Neuron, mu {mu}", "iaf_cond_exp", size=1, sign=+1, params=SONG)
        rule = {
            "lambda_": step,
            "alpha": alpha,
            "mu_plus": mu,
            "mu_minus": mu,
            "tau_pre": 20.0,
            "tau_post": 20.0,
        }
        plastic = net.add_projection(
            f"Plastic, mu {mu}",
            excitatory,
            cell,
            transmission="conductance_exp",
            rules=[("stdp_pair", rule)],
            w_min=0.0,
            w_max=g_max,
        )
        first = np.random.default_rng(seed).uniform(0, g_max, size)
        net.wire(plastic, "all_to_all", weight=first, delay=dt)
        fixed = net.add_projection(f"Inhibition, mu {mu}", inhibitory, cell, transmission="conductance_exp")
        net.wire(fixed, "all_to_all", weight=-500.0 / size, delay=dt)
        made.append((cell, plastic))
    sim = run(net, seconds * 1000.0)
    results = []
    for cell, plastic in made:
        late = [t for t, _ in spike_times(sim, cell.ids) if t > seconds * 500.0]
        results.append((sim.synapses(plastic)["weight"] / g_max, len(late) / (seconds * 0.5)))
    return results


def outer(weights):
    """The share of weights in the two outer deciles."""
    return np.mean((weights < 0.1) | (weights > 0.9))


def middle(weights):
    """The share of weights between 0.2 and 0.8 of the maximum."""
    return np.mean((weights > 0.2) & (weights < 0.8))


def camps(weights):
    """The shares below a tenth and above nine tenths, in words."""
    return f"{100 * np.mean(weights < 0.1):.0f} %, {100 * np.mean(weights > 0.9):.0f} %"


@pytest.fixture(scope="module")
def by_exponent():
    exponents = (0.0, 0.02, 0.05, 0.2, 1.0)
    return dict(zip(exponents, song(15.0, 150, 0.01, mus=exponents), strict=True))


def test_A15_additive_stdp_splits_the_weights_in_two_camps(by_exponent, measured):
    weights, rate = by_exponent[0.0]
    measured("A15", "reduced (200 inputs, 150 s): weights in the outer deciles, and in the middle",
             source="> 65 %, < 15 %", ours=f"{100 * outer(weights):.0f} %, {100 * middle(weights):.0f} %",
             tolerance="bounds", kind="S")  # fmt: skip
    assert outer(weights) > 0.65
    assert middle(weights) < 0.15
    assert np.mean(weights < 0.1) > 0.2
    assert np.mean(weights > 0.9) > 0.1
    assert 8.0 < rate < 40.0


def test_A17_the_share_of_extreme_weights_falls_as_weight_dependence_grows(by_exponent, measured):
    shares = [outer(weights) for weights, _ in by_exponent.values()]
    spreads = [weights.std() for weights, _ in by_exponent.values()]
    measured("A17", f"weights in the outer deciles for mu = {', '.join(map(str, by_exponent))}",
             source="falls from mu = 0 to mu = 1", ours=" ".join(f"{100 * s:.0f} %" for s in shares),
             tolerance="order", kind="S")  # fmt: skip
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.65
    assert shares[-1] == 0.0
    assert spreads == sorted(spreads, reverse=True)
    assert spreads[-1] < 0.25 * spreads[0]


@pytest.mark.slow
def test_A15_the_output_rate_is_buffered_against_the_input_rate(measured):
    slow, fast = song(10.0, 150, 0.01)[0][1], song(40.0, 100, 0.01)[0][1]
    measured("A15", "reduced: output rate for inputs of 40 Hz over that for 10 Hz", source="< 1.8",
             ours=f"{fast / slow:.2f}", tolerance="at most", kind="S")  # fmt: skip
    assert fast / slow < 1.8
    # without plasticity the same range of inputs changes the rate many times over
    slow, fast = song(10.0, 20, 0.0)[0][1], song(40.0, 20, 0.0)[0][1]
    assert fast > 4 * slow


# The rate of MODELS 4.2 is that of a run in steps of 0.2 ms in which an input that arrives in the step of the
# output spike counts as one before it: three inputs a step are 1 % of what a spike strengthens, while
# depression is ahead by 5 % only.  With shorter steps that goes away: both ways of counting meet near 11 Hz.
@pytest.mark.parametrize(
    ("seconds", "fine", "seeds"),
    [
        pytest.param(100, 0.05, (1,), id="reduced"),
        pytest.param(2000, 0.025, (1, 2, 3), id="complete", marks=pytest.mark.long),
    ],
)
def test_A15_the_stated_output_rate_comes_from_pairs_within_one_step(seconds, fine, seeds, measured):
    rates = {
        (step, within): np.mean([settled(15.0, seconds, step, seed, within)[1] for seed in seeds])
        for step in (0.2, fine)
        for within in (True, False)
    }
    stated, ours, *limit = rates.values()
    measured("A15", f"plain loop, {seconds} s: output rate if pairs within a step count, and if not; "
             f"steps of 0.2 ms, then of {fine} ms", source="18.4-19.3 Hz (2000 s, the first)",
             ours=f"{stated:.1f}, {ours:.1f}; {limit[0]:.1f}, {limit[1]:.1f} Hz",
             tolerance="a gap that closes", kind="S")  # fmt: skip
    assert stated > ours + 5.0
    assert abs(limit[0] - limit[1]) < 0.5 * (stated - ours)
    if seconds >= 2000:
        assert stated == pytest.approx(18.85, abs=1.0)
        assert limit == pytest.approx([np.mean(limit)] * 2, rel=0.1)
        assert np.mean(limit) < stated - 5.0


@pytest.mark.long
def test_A15_in_short_steps_the_engine_fires_at_the_rate_of_a_plain_loop(measured):
    """Both on the way: after 500 s, when the weights have parted and the rate still falls a little."""
    weights, rate = song(15.0, 500, 0.005, size=1000, alpha=1.05, dt=0.2)[0]
    plain, rates = zip(*(settled(15.0, 500, 0.05, seed, False) for seed in (1, 2, 3)), strict=True)
    expected = float(np.mean(rates))
    measured("A15", "steps of 0.2 ms, 500 s: weights below 0.1, above 0.9; output rate",
             source=f"{camps(np.concatenate(plain))}; {expected:.1f} Hz (plain loop)",
             ours=f"{camps(weights)}; {rate:.1f} Hz", tolerance="5 points; 10 %", kind="S")  # fmt: skip
    for low, high in ((0.0, 0.1), (0.9, 1.0)):
        shares = [np.mean((some >= low) & (some <= high)) for some in (weights, np.concatenate(plain))]
        assert shares[0] == pytest.approx(shares[1], abs=0.05)
    assert rate == pytest.approx(expected, rel=0.1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 6))
def test_A15_competition_at_full_length(seed, measured):
    """In steps and delays of 1 ms, which cost some 2 Hz of the 11 that short steps have."""
    weights, rate = song(15.0, 2000, 0.005, size=1000, alpha=1.05, dt=1.0, seed=seed)[0]
    measured("A15", f"seed {seed}: weights below 0.1, above 0.9, between 0.2 and 0.8; output rate",
             source="49 %, 27 %, < 9 %; 11 Hz in short steps",
             ours=f"{camps(weights)}, {100 * middle(weights):.0f} %; {rate:.1f} Hz",
             tolerance="> 65 % outer, < 15 % middle; 6-12 Hz", kind="S")  # fmt: skip
    assert outer(weights) > 0.65
    assert middle(weights) < 0.15
    assert np.mean(weights < 0.1) == pytest.approx(0.5, abs=0.08)
    assert 6.0 < rate < 12.0


@pytest.mark.long
def test_A15_rate_buffering_at_full_length(measured):
    rates = [
        song(rate, 2000, 0.005, size=1000, alpha=1.05, dt=1.0)[0][1] for rate in (10.0, 15.0, 25.0, 40.0)
    ]
    measured("A15", "output rate for inputs of 10, 15, 25, 40 Hz",
             source="17.6, 18.4, 21.9, 26.8 Hz (pairs within a step counted)",
             ours=", ".join(f"{rate:.1f}" for rate in rates) + " Hz", kind="S",
             tolerance="the last over the first < 1.8")  # fmt: skip
    assert rates == sorted(rates)
    assert rates[-1] / rates[0] < 1.8


def uncorrelated(params, w_max, start, seconds, *, size=400, rate=20.0, seed=2):
    """Final weights of synapses whose pre and post trains are independent Poisson trains of one rate."""
    rng = np.random.default_rng(seed)
    net = Network(dt=1.0, seed=seed)
    pre = net.add_population("Pre", "relay", size=size, sign=+1)
    net.add_input("poisson", pre, rate=rate)
    steps = seconds * 1000
    post = relays(net, "Post", [[float(t) for t in np.flatnonzero(rng.random(steps) < rate / 1000) if t > 0]])
    projection = net.add_projection(
        "Plastic",
        pre,
        post,
        transmission="current_exp",
        rules=[("stdp_pair", params)],
        w_min=0.0,
        w_max=w_max,
    )
    net.wire(projection, "all_to_all", weight=start, delay=1.0)
    return run(net, float(steps)).synapses(projection)["weight"]


def test_proportional_depression_keeps_one_camp_around_the_ratio_of_the_steps():
    # van Rossum, Bi & Turrigiano (2000): potentiation by 1 pS, depression by 0.003 w, w settles near 333
    w_max = 2000.0
    params = {
        "lambda_": 1.0 / w_max,
        "alpha": 0.003 * w_max,
        "mu_plus": 0.0,
        "mu_minus": 1.0,
        "tau_pre": 20.0,
        "tau_post": 20.0,
    }
    weights = uncorrelated(params, w_max, 200.0, 60, rate=40.0)
    assert weights.mean() == pytest.approx(1000 / 3, rel=0.1)
    assert np.mean(weights < 0.2 * weights.mean()) <= 0.01
    assert weights.max() < 0.5 * w_max
    counts, _ = np.histogram(weights, 9)
    top = counts.argmax()
    assert 1 <= top <= 7
    assert counts[0] < 0.3 * counts[top]
    assert counts[-1] < 0.3 * counts[top]
