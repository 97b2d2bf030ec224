"""Estimates from trials: against known parameters, with errors that are honest, and where a change lies."""

import math

import numpy as np
import pytest

from engine.analysis import electrode, quanta
from engine.analysis.electrode import Estimate, Measured, locus, measure, shift, trials

SITES = 6.0


def drawn(seed, P, q, synapses=10, each=40, sites=SITES, tau_rec=200.0, apart=20.0):
    """Trials of synapses that release by chance, as the model does, pulses `apart` ms apart."""
    draw = np.random.default_rng(seed)
    count = synapses * each
    first = draw.binomial(int(sites), P, count)
    empty = first - draw.binomial(first, -math.expm1(-apart / tau_rec))
    second = draw.binomial(int(sites) - empty, P)
    told = np.zeros(count, electrode.TRIAL)
    told["t"], told["id"] = np.arange(count), np.tile(np.arange(synapses), each)
    told["first"], told["second"], told["interval"] = q * first, q * second, apart
    return told


@pytest.mark.parametrize(("P", "q"), [(0.2, 3.0), (0.5, 1.0), (0.8, 12.0)])
def test_the_estimates_and_their_errors_agree_with_the_known_parameters(P, q):
    """Of eighty recordings two errors hold about 95 in a hundred, and the errors are what scatters."""
    known = {
        "P": P, "q": q, "mean": SITES * P * q, "failures": float(quanta.failures(P, SITES)),
        "inverse_cv2": float(quanta.inverse_cv2(P, SITES)),
        "paired_pulses": float(quanta.paired_pulses(P, 200.0, 0.0, 20.0)),
    }  # fmt: skip
    found = [measure(drawn(seed, P, q), SITES) for seed in range(80)]
    for name, truth in known.items():
        values = np.array([getattr(one, name).value for one in found])
        errors = np.array([getattr(one, name).error for one in found])
        assert values.mean() == pytest.approx(truth, abs=4.0 * values.std() / 80**0.5 + 0.02 * truth), name
        within = np.abs(values - truth) <= 2.0 * errors
        assert within.mean() >= 0.86, name
        if name != "failures":  # its error is Agresti's, wider than the scatter where failures are rare
            assert errors.mean() == pytest.approx(values.std(), rel=0.3), name


def test_synapses_of_different_size_do_not_pass_for_variable_ones():
    """The variance is that within each synapse: a pool of large and small ones keeps the 1/CV2 of each."""
    told = drawn(1, 0.4, 1.0, synapses=20, each=60)
    whole = measure(told, SITES).inverse_cv2.value
    for name in ("first", "second"):
        told[name] *= 1.0 + told["id"] % 2
    larger = measure(told, SITES).inverse_cv2.value
    assert larger == pytest.approx(whole, rel=0.12)
    assert larger == pytest.approx(float(quanta.inverse_cv2(0.4, SITES)), rel=0.2)


def test_a_trial_is_a_pulse_after_a_rest_and_the_next_one_soon_after_it():
    t = np.array([500.0, 520.0, 900.0, 1500.0, 1520.0, 1540.0, 2400.0, 500.0])
    ids = np.array([1, 1, 1, 1, 1, 1, 1, 2])
    told = trials(t, ids, -np.arange(1.0, 9.0), rest=400.0, begun=0.0)
    assert told["t"].tolist() == [500.0, 500.0, 1500.0, 2400.0]
    assert told["id"].tolist() == [1, 2, 1, 1]
    assert told["first"].tolist() == [1.0, 8.0, 4.0, 7.0]
    np.testing.assert_array_equal(told["second"], [2.0, math.nan, 5.0, math.nan])
    np.testing.assert_array_equal(told["interval"], [20.0, math.nan, 20.0, math.nan])
    assert trials(t, ids, t, rest=400.0, begun=200.0)["t"].tolist() == [1500.0, 2400.0], (
        "nothing known before"
    )
    assert len(trials(t[:0], ids[:0], t[:0], 100.0, 0.0)) == 0


def test_few_trials_tell_no_error_and_no_place():
    assert measure(np.zeros(0, electrode.TRIAL)) == Measured()
    few = measure(drawn(1, 0.5, 1.0, synapses=1, each=5), SITES)
    assert few.trials == 5
    assert math.isfinite(few.mean.value)
    assert math.isnan(few.mean.error)
    assert few.failures.error > 0.1, "no failure among five is not certainty"
    assert locus(shift(few, few, "mean"), shift(few, few, "inverse_cv2")) == electrode.OPEN
    one_each = measure(drawn(1, 0.5, 1.0, synapses=12, each=1), SITES)
    assert math.isnan(one_each.inverse_cv2.value), "one trial of a synapse has no variance"


def test_what_does_not_vary_has_no_place():
    told = drawn(1, 0.5, 1.0)
    told["first"] = 3.0
    sure = measure(told, SITES)
    assert sure.inverse_cv2.value == math.inf
    assert math.isnan(sure.P.value)
    assert locus(shift(sure, sure, "mean"), shift(sure, sure, "inverse_cv2")) == electrode.SURE


def side(before, now):
    """Where a change lies, by the trials before and after it."""
    told = measure(before), measure(now)
    return locus(*(shift(*told, name) for name in ("mean", "inverse_cv2")))


@pytest.mark.parametrize(
    ("P", "q", "place"),
    [
        (0.5, 1.0, electrode.PRE), (0.3, 1.8, electrode.POST), (0.36, 1.4, electrode.BOTH),
        (0.15, 1.0, electrode.PRE), (0.3, 0.5, electrode.POST), (0.24, 0.7, electrode.BOTH),
        (0.5, 0.3, electrode.APART), (0.3, 1.0, electrode.UNCHANGED),
    ],
)  # fmt: skip
def test_the_shift_of_variation_against_the_mean_tells_the_side(P, q, place):
    """From P 0.3 and q 1, in both directions, with enough trials; too few never name the wrong side."""
    many, few = (
        [side(drawn(seed, 0.3, 1.0, each=each), drawn(seed + 50, P, q, each=each)) for seed in range(12)]
        for each in (400, 3)
    )
    assert many.count(place) >= 9, many
    opposite = {electrode.PRE: electrode.POST, electrode.POST: electrode.PRE}.get(place)
    assert few.count(opposite) <= 1, few


def test_the_ratio_of_two_estimates_carries_both_errors():
    one = Measured(mean=Estimate(2.0, 0.2))
    two = Measured(mean=Estimate(3.0, 0.3))
    assert shift(one, two, "mean") == Estimate(1.5, 1.5 * math.hypot(0.1, 0.1))
    assert math.isnan(shift(Measured(), two, "mean").value)


def test_only_transmission_that_draws_chance_varies():
    assert electrode.is_by_chance("quantal")
    assert not electrode.is_by_chance("tsodyks_markram")
    assert not electrode.is_by_chance("current_exp")
