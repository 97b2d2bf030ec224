"""Chance is a function of who, what for and when; its numbers have the distributions they claim."""

import math
from itertools import product
from statistics import NormalDist

import numpy as np
import pytest
from numba import njit

from engine.kernels import chance

COUNT = 200_000


@njit
def _uniforms(along, out):
    for i in range(out.size):
        if along == 0:
            out[i] = chance.uniform(i, 1, 1, 1, 1)
        elif along == 1:
            out[i] = chance.uniform(1, i, 1, 1, 1)
        elif along == 2:
            out[i] = chance.uniform(1, 1, i, 1, 1)
        elif along == 3:
            out[i] = chance.uniform(1, 1, 1, i, 1)
        else:
            out[i] = chance.uniform(1, 1, 1, 1, i)


@njit
def _normals(out):
    for i in range(out.size):
        out[i] = chance.normal(9, 1, -i, 4, 0)


@njit
def _poissons(mean, out):
    for i in range(out.size):
        out[i] = chance.poisson(mean, 9, 1, 5, i, 0)


@njit
def _binomials(n, p, out):
    for i in range(out.size):
        out[i] = chance.binomial(n, p, 9, 1, 5, i, 0)


def chi_square(counts, expected):
    """Standardised chi-square: about 0 plus or minus 1 when the counts follow the law."""
    seen = expected > 5
    degrees = seen.sum() - 1
    return (np.sum((counts - expected)[seen] ** 2 / expected[seen]) - degrees) / math.sqrt(2 * degrees)


ALONG = {"seed": 0, "purpose": 1, "entity": 2, "step": 3, "draw": 4}


@pytest.mark.parametrize("along", ALONG.values(), ids=ALONG.keys())
def test_neighbouring_numbers_are_uniform_and_unrelated_along_every_coordinate(along):
    u = np.empty(COUNT)
    _uniforms(along, u)
    assert u.min() >= 0
    assert u.max() < 1
    counts = np.histogram(u, 256, (0, 1))[0]
    assert abs(chi_square(counts, np.full(256, COUNT / 256))) < 4
    pairs = np.histogram2d(u[:-1], u[1:], 32, ((0, 1), (0, 1)))[0].ravel()
    assert abs(chi_square(pairs, np.full(1024, (COUNT - 1) / 1024))) < 4
    for lag in (1, 2, 3, 7, 64, 1000):
        assert abs(np.corrcoef(u[lag:], u[:-lag])[0, 1]) < 4.5 / math.sqrt(COUNT)


def test_the_lowest_bits_are_as_random_as_the_highest():
    words = np.array([chance.word(3, 5, i, i // 7, 0) for i in range(20_000)])
    for bit in range(64):
        assert abs(np.mean((words >> bit) & 1) - 0.5) < 4.5 * 0.5 / math.sqrt(words.size)


def test_flipping_any_bit_of_any_coordinate_flips_half_the_word():
    flips = []
    for coordinate, bit in product(range(5), range(0, 63, 3)):
        changed = 0
        for trial in range(20):
            who = [11 * trial + 1, 2, 3 * trial, 4, 5]
            before = chance.word(*who)
            who[coordinate] ^= 1 << bit
            changed += bin((before ^ chance.word(*who)) & (2**64 - 1)).count("1")
        flips.append(changed / 20 / 64)
    assert 0.38 < min(flips) <= max(flips) < 0.62


def test_no_two_coordinates_stand_for_each_other():
    seen = {chance.word(*who) for who in product(range(7), repeat=5)}
    assert len(seen) == 7**5


def test_negative_ids_and_large_steps_are_ordinary():
    assert chance.uniform(1, 2, -3, 4, 5) != chance.uniform(1, 2, 3, 4, 5)
    assert 0 <= chance.uniform(2**62, 2, -(2**62), 2**60, 5) < 1
    assert isinstance(chance.word(1, 2, 3, 4, 5), int)
    assert isinstance(chance.poisson(3.0, 1, 2, 3, 4, 5), float)


def test_normals_follow_the_bell_curve():
    x = np.empty(COUNT)
    _normals(x)
    law = NormalDist()
    edges = np.linspace(-3.5, 3.5, 71)
    shares = np.diff([0.0, *[law.cdf(edge) for edge in edges], 1.0])
    counts = np.histogram(x, np.concatenate([[-50], edges, [50]]))[0]
    assert abs(chi_square(counts, shares * COUNT)) < 4
    for u in (1e-300, 1e-16, 1e-5, 0.02, 0.075, 0.3, 0.5, 0.7, 0.999, 1 - 1e-12):
        assert chance.quantile(u) == pytest.approx(law.inv_cdf(u), rel=1e-14, abs=1e-16)


def poisson_shares(mean, last):
    k = np.arange(last + 1)
    logs = np.array([math.lgamma(i + 1) for i in k])
    return np.exp(k * math.log(mean) - mean - logs)


@pytest.mark.parametrize("mean", [0.01, 0.8, 5.0, 11.9, 12.1, 60.0, 1000.0])
def test_poisson_counts_follow_their_law_on_both_sides_of_the_change_of_method(mean):
    x = np.empty(COUNT)
    _poissons(mean, x)
    last = int(mean + 8 * math.sqrt(mean) + 8)
    counts = np.bincount(x.astype(int), minlength=last + 1)[: last + 1]
    assert abs(chi_square(counts, poisson_shares(mean, last) * COUNT)) < 4
    assert abs(x.mean() - mean) < 4.5 * math.sqrt(mean / COUNT)


@pytest.mark.parametrize(
    ("n", "p"), [(1, 0.3), (4, 0.5), (10, 0.97), (100, 0.05), (100, 0.5), (1000, 0.3), (1000, 0.9)]
)
def test_binomial_counts_follow_their_law_on_both_sides_of_the_change_of_method(n, p):
    x = np.empty(COUNT)
    _binomials(float(n), p, x)
    k = np.arange(n + 1)
    logs = np.array([math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) for i in k])
    shares = np.exp(logs + k * math.log(p) + (n - k) * math.log1p(-p))
    counts = np.bincount(x.astype(int), minlength=n + 1)
    assert abs(chi_square(counts, shares * COUNT)) < 4
    assert abs(x.mean() - n * p) < 4.5 * math.sqrt(n * p * (1 - p) / COUNT)


def test_the_ends_of_the_ranges():
    where = (1, 2, 3, 4, 5)
    assert chance.poisson(0.0, *where) == 0
    assert chance.poisson(-1.0, *where) == 0
    assert math.isnan(chance.poisson(math.nan, *where))
    assert chance.binomial(5.0, 0.0, *where) == 0
    assert chance.binomial(5.0, 1.0, *where) == 5
    assert chance.binomial(0.0, 0.5, *where) == 0
    assert math.isnan(chance.binomial(5.0, math.nan, *where))


def test_log_factorial_joins_its_two_halves():
    for n in (0, 1, 5, 15, 16, 17, 100, 100_000):
        assert chance.log_factorial(float(n)) == pytest.approx(math.lgamma(n + 1), rel=1e-14, abs=1e-13)
