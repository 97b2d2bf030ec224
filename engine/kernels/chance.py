"""Chance without a generator: every random number is a function of who draws it, what for, and when.

`(seed, purpose, entity, step, draw)` is hashed to 64 bits, so a number does not depend on which thread
asks, in what order, how the run was cut into blocks, or whether it was paused and saved in between.
`purpose` tells independent uses apart (one constant per use), `draw` the calls within one step.

The hash is two rounds of the 64-bit finaliser of Stafford (variant 13, as in SplitMix64: Steele, Lea &
Flood 2014, doi:10.1145/2660193.2660195) over a key made from seed and purpose.  Everything is int64, whose
products wrap; a shift is masked because int64 shifts drag the sign.  Samples are float64, counts included.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernels.maths import NAN, compiled, exp, inlined, log, log1p

int64: Any = np.int64
# odd constants of the hash, as int64: 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, ...
GOLDEN = -7046029254386353131
FIRST = -4658895280553007687
SECOND = -7723592293110705685
FOR_ENTITY = -3335678366873096957  # 0xD1B54A32D192ED03
FOR_DRAW = -8378864009470890807  # 0x8BB84B93962EACC9
MASK_30 = (1 << 34) - 1
MASK_27 = (1 << 37) - 1
MASK_31 = (1 << 33) - 1
MASK_11 = (1 << 53) - 1
MASK_12 = (1 << 52) - 1
UNIT = 1.1102230246251565e-16  # 2**-53


@inlined
def mix(x: int) -> int:
    """Scramble 64 bits one to one: flipping any bit flips each other with chance one half."""
    x = (x ^ ((x >> 30) & MASK_30)) * FIRST
    x = (x ^ ((x >> 27) & MASK_27)) * SECOND
    return x ^ ((x >> 31) & MASK_31)


@inlined
def key(seed: int, purpose: int) -> int:
    """What a seed and a purpose contribute; a loop may compute it once."""
    return mix(mix(int64(seed) + GOLDEN) ^ (int64(purpose) * FOR_DRAW + GOLDEN))


@inlined
def keyed_word(base: int, entity: int, step: int, draw: int) -> int:
    """64 random bits from a `key`, as an int64."""
    x = mix(int64(base) + int64(entity) * FOR_ENTITY)
    return mix((x + int64(step) * GOLDEN) ^ mix(int64(draw) * FOR_DRAW))


@inlined
def word(seed: int, purpose: int, entity: int, step: int, draw: int) -> int:
    """64 random bits, as an int64."""
    return keyed_word(key(seed, purpose), entity, step, draw)


@inlined
def fraction(random_bits: int) -> float:
    """A number in [0, 1) from the upper 53 of 64 bits."""
    return float((random_bits >> 11) & MASK_11) * UNIT


@inlined
def open_fraction(random_bits: int) -> float:
    """A number strictly between 0 and 1, symmetric about one half."""
    return (float((random_bits >> 12) & MASK_12) + 0.5) * (2.0 * UNIT)


@compiled
def quantile(u: float) -> float:
    """The standard normal value below which a share u lies (Wichura 1988, AS 241, doi:10.2307/2347330)."""
    q = u - 0.5
    if -0.425 <= q <= 0.425:
        r = 0.180625 - q * q
        top = 2.5090809287301226727e3
        top = top * r + 3.3430575583588128105e4
        top = top * r + 6.7265770927008700853e4
        top = top * r + 4.5921953931549871457e4
        top = top * r + 1.3731693765509461125e4
        top = top * r + 1.9715909503065514427e3
        top = top * r + 1.3314166789178437745e2
        top = top * r + 3.3871328727963666080e0
        low = 5.2264952788528545610e3
        low = low * r + 2.8729085735721942674e4
        low = low * r + 3.9307895800092710610e4
        low = low * r + 2.1213794301586595867e4
        low = low * r + 5.3941960214247511077e3
        low = low * r + 6.8718700749205790830e2
        low = low * r + 4.2313330701600911252e1
        return q * top / (low * r + 1.0)
    r = np.sqrt(-log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        r -= 1.6
        top = 7.74545014278341407640e-4
        top = top * r + 2.27238449892691845833e-2
        top = top * r + 2.41780725177450611770e-1
        top = top * r + 1.27045825245236838258e0
        top = top * r + 3.64784832476320460504e0
        top = top * r + 5.76949722146069140550e0
        top = top * r + 4.63033784615654529590e0
        top = top * r + 1.42343711074968357734e0
        low = 1.05075007164441684324e-9
        low = low * r + 5.47593808499534494600e-4
        low = low * r + 1.51986665636164571966e-2
        low = low * r + 1.48103976427480074590e-1
        low = low * r + 6.89767334985100004550e-1
        low = low * r + 1.67638483018380384940e0
        low = low * r + 2.05319162663775882187e0
    else:
        r -= 5.0
        top = 2.01033439929228813265e-7
        top = top * r + 2.71155556874348757815e-5
        top = top * r + 1.24266094738807843860e-3
        top = top * r + 2.65321895265761230930e-2
        top = top * r + 2.96560571828504891230e-1
        top = top * r + 1.78482653991729133580e0
        top = top * r + 5.46378491116411436990e0
        top = top * r + 6.65790464350110377720e0
        low = 2.04426310338993978564e-15
        low = low * r + 1.42151175831644588870e-7
        low = low * r + 1.84631831751005468180e-5
        low = low * r + 7.86869131145613259100e-4
        low = low * r + 1.48753612908506148525e-2
        low = low * r + 1.36929880922735805310e-1
        low = low * r + 5.99832206555887937690e-1
    value = float(top / (low * r + 1.0))
    return -value if q < 0.0 else value


@inlined
def uniform(seed: int, purpose: int, entity: int, step: int, draw: int) -> float:
    """A number in [0, 1), 53 bits."""
    return fraction(word(seed, purpose, entity, step, draw))


@inlined
def normal(seed: int, purpose: int, entity: int, step: int, draw: int) -> float:
    """A standard normal number (mean 0, variance 1)."""
    return quantile(open_fraction(word(seed, purpose, entity, step, draw)))


@compiled
def log_factorial(n: float) -> float:
    """log(n!) for a whole n >= 0: a product when small, Stirling's series from 16 on."""
    if n < 16.0:
        product = 1.0
        i = 2.0
        while i <= n:
            product *= i
            i += 1.0
        return log(product)
    x = n + 1.0
    z = 1.0 / (x * x)
    tail = (
        0.08333333333333333
        - z * (0.002777777777777778 - z * (0.0007936507936507937 - z * 0.0005952380952380953))
    ) / x
    return (x - 0.5) * log(x) - x + 0.9189385332046727 + tail


@compiled
def _poisson_count(random_bits: int, mean: float) -> float:
    """A Poisson count, by inversion below a mean of 12 and by rejection above."""
    if not mean > 0.0:
        return 0.0 if mean <= 0.0 else NAN
    if mean < 12.0:  # walk up the distribution until it passes one uniform number
        u = fraction(random_bits)
        chance = exp(-mean)
        count = 0.0
        while u >= chance and count < 200.0:
            u -= chance
            count += 1.0
            chance *= mean / count
        return count
    if mean > 1e15:
        return NAN  # counts would no longer be whole numbers
    # transformed rejection, PTRS (Hoermann 1993, doi:10.1016/0167-6687(93)90997-4)
    b = 0.931 + 2.53 * np.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    v_r = 0.9277 - 3.6224 / (b - 2.0)
    log_mean = log(mean)
    stream = random_bits
    while True:
        stream += GOLDEN
        u = fraction(mix(stream)) - 0.5
        stream += GOLDEN
        v = open_fraction(mix(stream))
        us = 0.5 - abs(u)
        count = np.floor((2.0 * a / us + b) * u + mean + 0.43) if us > 0.0 else -1.0
        if us >= 0.07 and v <= v_r:
            return float(count)
        if count < 0.0 or (us < 0.013 and v > us):
            continue
        left = log(v * inverse_alpha / (a / (us * us) + b))
        if left <= count * log_mean - mean - log_factorial(count):
            return count


@inlined
def poisson_from(random_bits: int, mean: float) -> float:
    """A Poisson count from 64 random bits, which start a stream of their own when one is not enough."""
    if fraction(random_bits) < 1.0 - mean:
        return 0.0  # no more than the chance of none, exp(-mean): a rare event needs no exponential
    return _poisson_count(random_bits, mean)


@compiled
def binomial_from(random_bits: int, n: float, p: float) -> float:
    """How many of n trials succeed, from 64 random bits that start a stream of their own when needed."""
    if n != n or p != p:
        return NAN
    n = np.floor(n)
    if n <= 0.0 or p <= 0.0:
        return 0.0
    if p >= 1.0:
        return n
    rare = p if p <= 0.5 else 1.0 - p
    if n * rare < 12.0:
        u = fraction(random_bits)
        chance = exp(n * log1p(-rare))
        odds = rare / (1.0 - rare)
        count = 0.0
        while u >= chance and count < n and count < 200.0:
            u -= chance
            chance *= odds * (n - count) / (count + 1.0)
            count += 1.0
        return count if p <= 0.5 else n - count
    # transformed rejection, BTRS (Hoermann 1993, doi:10.1080/00949659308811496)
    spread = np.sqrt(n * rare * (1.0 - rare))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * rare
    c = n * rare + 0.5
    v_r = 0.92 - 4.2 / b
    alpha = (2.83 + 5.1 / b) * spread
    log_odds = log(rare / (1.0 - rare))
    mode = np.floor((n + 1.0) * rare)
    top = log_factorial(mode) + log_factorial(n - mode)
    stream = random_bits
    while True:
        stream += GOLDEN
        u = fraction(mix(stream)) - 0.5
        stream += GOLDEN
        v = open_fraction(mix(stream))
        us = 0.5 - abs(u)
        count = np.floor((2.0 * a / us + b) * u + c) if us > 0.0 else -1.0
        if count < 0.0 or count > n:
            continue
        if us >= 0.07 and v <= v_r:
            return count if p <= 0.5 else n - count
        left = log(v * alpha / (a / (us * us) + b))
        right = top - log_factorial(count) - log_factorial(n - count) + (count - mode) * log_odds
        if left <= right:
            return count if p <= 0.5 else n - count


@inlined
def poisson(mean: float, seed: int, purpose: int, entity: int, step: int, draw: int) -> float:
    """A count of independent rare events whose mean is given; 0 for a mean of 0 or less, NaN for NaN."""
    return poisson_from(word(seed, purpose, entity, step, draw), mean)


@inlined
def binomial(n: float, p: float, seed: int, purpose: int, entity: int, step: int, draw: int) -> float:
    """How many of n trials succeed, each with chance p; n is rounded down, p is held within 0 and 1."""
    return binomial_from(word(seed, purpose, entity, step, draw), n, p)
