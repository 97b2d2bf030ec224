"""Many results of the arithmetic and of chance, and the digest of their bits."""

import hashlib

import numpy as np
from numba import njit

from engine.kernels import chance, maths


@njit
def _each(x, out):
    for i in range(x.size):
        out[0, i] = maths.exp(x[i])
        out[1, i] = maths.expm1(x[i])
        out[2, i] = maths.log(abs(x[i]))
        out[3, i] = maths.log1p(abs(x[i]))
        out[4, i] = maths.tanh(x[i])
        out[5, i] = maths.sqrt(abs(x[i]))
        out[6, i] = maths.floor(x[i])


@njit
def _powers(x, y, out):
    for i in range(x.size):
        out[i] = maths.pow(x[i], y[i])


def all_of(x):
    out = np.empty((7, x.size))
    _each(x, out)
    return out


def powers(x, y):
    out = np.empty(x.size)
    _powers(x, y, out)
    return out


def samples():
    rng = np.random.default_rng(4)
    wide = rng.uniform(-700, 700, 50_000)
    near = rng.uniform(-2, 2, 50_000)
    tiny = near * 1e-7
    return np.concatenate([wide, near, tiny])


def digest():
    """A digest of many results of the arithmetic and of chance."""
    x = samples()
    drawn = np.empty((5, 3000))
    _drawn(drawn)
    y = np.random.default_rng(6).uniform(-3, 3, x.size)
    parts = all_of(x), powers(np.abs(x), y), drawn
    return hashlib.blake2b(b"".join(part.tobytes() for part in parts)).hexdigest()


@njit
def _drawn(out):
    for i in range(out.shape[1]):
        out[0, i] = chance.uniform(1, 2, i, 3, 0)
        out[1, i] = chance.normal(1, 2, i, 3, 0)
        out[2, i] = chance.poisson(0.01 * i, 1, 2, i, 3, 0)
        out[3, i] = chance.binomial(float(i), 0.3, 1, 2, i, 3, 0)
        out[4, i] = chance.word(1, 2, i, 3, 0) & 0xFFFFFF
