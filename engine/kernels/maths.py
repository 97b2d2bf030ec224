"""The arithmetic of every kernel: exp, log, pow and friends whose bits are the same on every processor.

The C library picks its exp by the processor it finds, so the last bit of a weight could depend on the
machine.  These functions are only additions, multiplications and divisions in a fixed order (no fused
multiply-add, no fastmath, no library), which IEEE 754 rounds alike everywhere.  All take and return
float64.  Division by zero gives an infinity or a NaN, as in numpy, never an exception.

Measured against extended precision: exp, log, log1p below 2 units in the last place, expm1 and tanh below 3,
pow below 1e-15 relative (whole exponents up to 32 are products: exact when they can be, else 3e-15).
Results that would be subnormal are flushed to zero by exp and pow, since subnormals are slow.

numba's cache does not notice that a function called by a cached function changed: whoever caches code
that calls these must put `fingerprint()` into its key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic as numba_intrinsic

from engine.kernels.passes import Straight

Function = TypeVar("Function", bound=Callable[..., Any])
intrinsic: Any = numba_intrinsic


def compiled(function: Function) -> Function:
    """Compile a function the way all kernels are: no interpreter lock, cached on disk, numpy's errors."""
    decorate: Any = njit(nogil=True, cache=True, error_model="numpy", pipeline_class=Straight)
    jitted: Function = decorate(function)
    return jitted


def inlined(function: Function) -> Function:
    """Compile a short function into its callers, so that what does not change leaves their loops."""
    decorate: Any = njit(
        nogil=True, cache=True, error_model="numpy", forceinline=True, pipeline_class=Straight
    )
    jitted: Function = decorate(function)
    return jitted


def fingerprint() -> str:
    """The digest of the arithmetic and of the randomness: part of the key of every cached kernel."""
    return _digest(Path(__file__))


@cache
def _digest(here: Path) -> str:
    """Read once a process: it runs the arithmetic that it began with."""
    digest = hashlib.blake2b(digest_size=8)
    for name in ("maths.py", "chance.py", "lags.py", "drawing.py", "lanes.py", "naming.py", "passes.py"):
        digest.update(here.with_name(name).read_bytes())
    return digest.hexdigest()


@intrinsic
def bits(typing_context: Any, x: Any) -> Any:
    """The 64 bits of a float64, as an int64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


@intrinsic
def from_bits(typing_context: Any, i: Any) -> Any:
    """The float64 that has the 64 bits of an int64."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


INF = float("inf")
NAN = float("nan")
LOG2_E = 1.4426950408889634
LN2_HIGH = 0.6931471801362932  # 31 bits of ln 2, so that whole multiples of it are exact
LN2_LOW = 4.236521365809284e-10
ROUNDER = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to a whole number, kept in the low bits
EXP_LOW, EXP_HIGH = -708.0, 709.782712893384
SPLITTER = 134217729.0  # 2**27 + 1, halves a float64 for an exact product
TWO_54 = 18014398509481984.0


@compiled
def _remainder(r: float) -> float:
    """(exp(r) - 1 - r) / r**2 for |r| <= ln(2)/2, to 1.1e-16."""
    s = r * r
    even = 0.5000000000000001 + s * (
        0.041666666666623824
        + s * (0.0013888888917367081 + s * (2.4801521057868204e-05 + s * 2.7620201591031547e-07))
    )
    odd = 0.16666666666666669 + s * (
        0.008333333333330039
        + s * (0.00019841269863171557 + s * (2.7557268276905696e-06 + s * 2.5100472505694996e-08))
    )
    return even + r * odd


@compiled
def exp(x: float) -> float:
    """The exponential; exactly 0 below -708, infinite above 709.78."""
    inside = EXP_LOW if x < EXP_LOW else (EXP_HIGH if x > EXP_HIGH else x)
    shifted = inside * LOG2_E + ROUNDER
    k = shifted - ROUNDER
    r = (inside - k * LN2_HIGH) - k * LN2_LOW
    half_power = from_bits((bits(shifted) + 1022) << 52)  # 2**(k - 1): k itself may reach 1024
    value = (2.0 * (1.0 + (r + (r * r) * _remainder(r)))) * half_power
    value = 0.0 if x < EXP_LOW else value
    return INF if x > EXP_HIGH else value


@compiled
def expm1(x: float) -> float:
    """exp(x) - 1 without losing the digits of a small x."""
    inside = -40.0 if x < -40.0 else (EXP_HIGH if x > EXP_HIGH else x)
    shifted = inside * LOG2_E + ROUNDER
    k = shifted - ROUNDER
    r = (inside - k * LN2_HIGH) - k * LN2_LOW
    more = r + (r * r) * _remainder(r)
    power = from_bits((bits(shifted) + 1023) << 52)
    value = (power - 1.0) + power * more
    half_power = from_bits((bits(shifted) + 1022) << 52)
    value = (2.0 * (1.0 + more)) * half_power if x > 40.0 else value  # the 1 is lost there, as in exp
    value = INF if x > EXP_HIGH else value
    value = -1.0 if x < -40.0 else value
    return x if x == 0.0 else value


@compiled
def _series(s: float) -> float:
    """2 atanh(s) - 2 s for |s| <= 0.1716, to 2e-18 relative to 2 s."""
    z = s * s
    low = 0.6666666666666666 + z * (0.4000000000000089 + z * (0.28571428570795937 + z * 0.2222222239345263))
    high = 0.181817954545265 + z * (0.15386249788196105 + z * (0.1326850331279476 + z * 0.13089445145246312))
    return s * (z * (low + (z * z) * (z * z) * high))


@compiled
def _log_near_one(f: float) -> float:
    """log(1 + f) for 1 + f between sqrt(1/2) and sqrt(2)."""
    s = f / (2.0 + f)
    half = 0.5 * f * f
    return f - (half - s * half - _series(s))


@compiled
def _exponent(x: float) -> int:
    """The k that brings a normal positive x / 2**k between sqrt(1/2) and sqrt(2)."""
    return int((bits(x) - 0x3FE6A09E667F3BCD) >> 52)


@compiled
def log(x: float) -> float:
    """The natural logarithm; -infinity at 0, NaN below."""
    if not x > 0.0:
        return -INF if x == 0.0 else NAN
    if x == INF:
        return x
    extra = 0.0
    if x < 2.2250738585072014e-308:
        x, extra = x * TWO_54, -54.0
    whole = _exponent(x)
    k = float(whole) + extra
    f = from_bits(bits(x) - (whole << 52)) - 1.0
    s = f / (2.0 + f)
    half = 0.5 * f * f
    return float(k * LN2_HIGH - ((half - (s * half + _series(s) + k * LN2_LOW)) - f))


@compiled
def log1p(x: float) -> float:
    """log(1 + x) without losing the digits of a small x."""
    if -0.29 < x < 0.41:
        return x if x == 0.0 else _log_near_one(x)
    if not x > -1.0:
        return -INF if x == -1.0 else NAN
    u = 1.0 + x
    if u == INF:
        return u
    lost = (1.0 - (u - x)) if x > 1.0 else (x - (u - 1.0))
    return log(u) + lost / u


@compiled
def _lost(a: float, b: float, product: float) -> float:
    """What rounding took from a * b (Dekker 1971), for operands far from overflow."""
    t = SPLITTER * a
    a1 = t - (t - a)
    a2 = a - a1
    t = SPLITTER * b
    b1 = t - (t - b)
    b2 = b - b1
    return ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2


@compiled
def _positive_power(x: float, y: float) -> float:
    """x**y for a finite x > 0, with the logarithm kept to about 100 bits."""
    extra = 0.0
    if x < 2.2250738585072014e-308:
        x, extra = x * TWO_54, -54.0
    whole = _exponent(x)
    k = float(whole) + extra
    f = from_bits(bits(x) - (whole << 52)) - 1.0
    d = 2.0 + f
    s = f / d
    product = s * d
    s_low = (((f - product) - _lost(s, d, product)) - s * (f - (d - 2.0))) / d
    high = k * LN2_HIGH
    first = 2.0 * s
    total = high + first
    carried = total - high
    error = (high - (total - carried)) + (first - carried)
    low = error + (2.0 * s_low + _series(s) + k * LN2_LOW)
    log_high = total + low
    log_low = low - (log_high - total)
    whole_part = y * log_high
    if whole_part > 720.0:
        return INF
    if whole_part < -720.0:
        return 0.0
    if whole_part != whole_part:
        return NAN if y != y else 1.0  # infinite y times the logarithm of exactly 1
    rest = y * log_low
    if -1e100 < y < 1e100:
        rest += _lost(y, log_high, whole_part)
    return float(exp(whole_part) * (1.0 + rest))


@inlined
def pow(x: float, y: float) -> float:
    """Raise x to the power y; 0 to the power 0 is 1, and whole powers of whole numbers are exact."""
    if y == 0.0 or x == 1.0:
        return 1.0
    if y == 1.0:
        return x
    return _power(x, y)


@compiled
def _power(x: float, y: float) -> float:
    """Where neither is plain."""
    if y == 2.0:
        return x * x
    if y == 0.5 and x > 0.0:
        return np.sqrt(x)  # type: ignore[no-any-return]
    if x != x or y != y:
        return NAN
    is_whole = np.floor(y) == y
    is_odd = is_whole and np.floor(0.5 * y) != 0.5 * y
    size = -x if x < 0.0 else x
    if is_whole and -32.0 <= y <= 32.0:
        count = int(y) if y > 0.0 else -int(y)
        result, square = 1.0, size
        while count > 0:
            if count & 1:
                result *= square
            square *= square
            count >>= 1
        if 1e-300 < result < 1e300:
            result = 1.0 / result if y < 0.0 else result
            return -result if x < 0.0 and is_odd else result
    if size == 0.0:
        result = 0.0 if y > 0.0 else INF
    elif size == INF:
        result = INF if y > 0.0 else 0.0
    else:
        result = _positive_power(size, y)
    if x < 0.0:
        if not is_whole and size != INF:
            return NAN
        return -result if is_odd else result
    return result


@compiled
def sqrt(x: float) -> float:
    """The square root, which every processor rounds correctly; NaN below 0."""
    return np.sqrt(x)  # type: ignore[no-any-return]


@compiled
def tanh(x: float) -> float:
    """The hyperbolic tangent: an S from -1 to 1."""
    size = -x if x < 0.0 else x
    if size > 22.0:
        value = 1.0
    elif size < 1e-8:
        return x
    else:
        e = expm1(2.0 * size)
        value = e / (e + 2.0)
    return -value if x < 0.0 else value


@compiled
def floor(x: float) -> float:
    """The largest whole number not above x, as a float64."""
    return np.floor(x)  # type: ignore[no-any-return]


@compiled
def clip(x: float, low: float, high: float) -> float:
    """Bring x between low and high; a NaN stays a NaN."""
    return low if x < low else (high if x > high else x)


@compiled
def where(condition: bool, a: float, b: float) -> float:
    """Give a where the condition holds, else b."""
    return a if condition else b
