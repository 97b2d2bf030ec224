"""What an electrode tells of a synapse from its trials alone: estimates with errors, and where it learned.

A trial is a first pulse after a rest, and the pulse after it where one came soon.  A change of quantal size
moves the mean and leaves 1/CV2; more release moves 1/CV2 at least as much as the mean: Malinow & Tsien (1990)
Nature 346:177, doi:10.1038/346177a0; Bekkers & Stevens (1990) Nature 346:724, doi:10.1038/346724a0; what the
method takes for granted: Faber & Korn (1991) Biophys. J. 60:1288, doi:10.1016/S0006-3495(91)82162-2.
"""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.arithmetic import CHANCE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TRIAL = np.dtype([(n, np.float64 if n != "id" else np.int64)
                  for n in ("t", "id", "first", "second", "interval")])  # fmt: skip
SECOND = 200.0
"""A second pulse counts as one of a pair when it comes within so many ms."""
RESTED = 4.0
"""A first pulse comes after so many of the longest time constants of short-term plasticity."""
SHORTEST = 100.0
"""ms of rest before a first pulse, at least."""
PARTS, FEWEST = 20, 8
"""Parts of a jackknife, and the fewest trials of which an error is told."""
SURELY = 2.0
"""How many standard errors apart two numbers count as different."""


@dataclass(frozen=True)
class Estimate:
    """A number and its standard error; NaN where it cannot be told."""

    value: float = math.nan
    error: float = math.nan


@dataclass(frozen=True)
class Measured:
    """What the trials of some synapses tell: amplitudes in the unit of the weight, the rest without one.

    `P` and `q` follow from mean and variance if there are as many sites as the synapse says, all alike.
    """

    trials: int = 0
    pairs: int = 0
    interval: float = math.nan
    """Of the pairs, ms."""
    mean: Estimate = Estimate()
    failures: Estimate = Estimate()
    inverse_cv2: Estimate = Estimate()
    paired_pulses: Estimate = Estimate()
    P: Estimate = Estimate()
    q: Estimate = Estimate()


QUANTITIES = tuple(one.name for one in fields(Measured) if one.default == Estimate())


def is_by_chance(slug: str) -> bool:
    """Whether this transmission releases by chance, so that its amplitudes vary by themselves."""
    model = registry.find(slug, "transmission")
    return any(name in CHANCE for hook in model.hooks for name in _called(model.source_of(hook)))


def _called(tree: Any) -> list[str]:
    return [n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]


def rest_of(params: Any) -> float:
    """How long (ms) a synapse with these parameters of short-term plasticity rests before a first pulse."""
    slowest = max(float(params.get("tau_rec", 0.0)), float(params.get("tau_fac", 0.0)))
    return max(SHORTEST, RESTED * slowest)


def trials(t: Floats, ids: Ints, amplitudes: Floats, rest: float, begun: float) -> NDArray[np.void]:
    """The trials among recorded pulses, by time.

    Args:
        t: of every pulse, ms, in any order.
        ids: the synapse of each.
        amplitudes: what each delivered.
        rest: ms without a pulse before a first one.
        begun: when recording began (ms): of what came before it nothing is known.
    """
    order = np.lexsort((t, ids))
    t, ids, sizes = np.asarray(t, float)[order], np.asarray(ids)[order], np.abs(amplitudes)[order]
    if not t.size:
        return np.zeros(0, TRIAL)
    is_same = np.concatenate([[False], ids[1:] == ids[:-1]])
    before = np.where(is_same, np.concatenate([[begun], t[:-1]]), begun)
    slack = 1e-6
    at = np.flatnonzero(t - before >= rest - slack)
    found = np.zeros(at.size, TRIAL)
    found["t"], found["id"], found["first"] = t[at], ids[at], sizes[at]
    found["second"] = found["interval"] = math.nan
    has = at[(at + 1 < t.size)]
    has = has[is_same[has + 1] & (t[has + 1] - t[has] <= min(SECOND, rest) + slack)]
    row = np.searchsorted(at, has)
    found["second"][row], found["interval"][row] = sizes[has + 1], t[has + 1] - t[has]
    return found[np.argsort(found["t"], kind="stable")]


def measure(told: NDArray[np.void], sites: float = math.nan) -> Measured:
    """Estimates from trials, pooled over their synapses; the variance is that within each synapse.

    Errors are those of a jackknife over parts of the trials; that of the share of failures is Agresti's, so
    that no failure among few trials is not taken for certainty.  `sites` is n, NaN if unknown.
    """
    count = len(told)
    if not count:
        return Measured()
    _, who = np.unique(told["id"], return_inverse=True)
    spread = told["interval"][np.isfinite(told["interval"])]
    interval = float(np.median(spread)) if spread.size else math.nan
    near = (
        np.abs(told["interval"] - interval) <= max(0.5, 0.05 * interval)
        if spread.size
        else np.zeros(count, bool)
    )
    second = np.where(near, told["second"], math.nan)
    whole = _moments(who, told["first"], second, sites)
    errors = dict.fromkeys(whole, math.nan)
    if count >= FEWEST:
        part = np.arange(count) % min(PARTS, count)
        without = [_moments(who[part != k], told["first"][part != k], second[part != k], sites)
                   for k in range(int(part.max()) + 1)]  # fmt: skip
        errors = {name: _jackknife([one[name] for one in without]) for name in whole}
    failed = float((told["first"] == 0.0).mean())
    likely = (failed * count + 2.0) / (count + 4.0)
    return Measured(
        count, int(near.sum()), interval,
        failures=Estimate(failed, math.sqrt(likely * (1.0 - likely) / (count + 4.0))),
        **{name: Estimate(whole[name], errors[name]) for name in whole},
    )  # fmt: skip


def _moments(who: Ints, first: Floats, second: Floats, sites: float) -> dict[str, float]:
    """Mean, 1/CV2, ratio of paired pulses, P and q."""
    held = np.bincount(who)
    mean_of = np.bincount(who, first) / np.maximum(held, 1)
    free = first.size - int(np.count_nonzero(held))
    mean = float(first.mean()) if first.size else math.nan
    within = float(((first - mean_of[who]) ** 2).sum()) / free if free > 0 else math.nan
    # Means of a few trials scatter: what that adds to the mean of their squares is taken off again.
    square = float((held * mean_of**2).sum()) / max(first.size, 1)
    square = (
        max(square - within * int(np.count_nonzero(held)) / max(first.size, 1), 0.0) if free > 0 else square
    )
    inverse = math.nan if math.isnan(within) else square / within if within > 1e-18 * square else math.inf
    paired = np.isfinite(second)
    base = float(first[paired].mean()) if paired.any() else 0.0
    P = inverse / (sites + inverse) if math.isfinite(inverse) else math.nan
    return {
        "mean": mean,
        "inverse_cv2": inverse,
        "paired_pulses": float(second[paired].mean()) / base if base else math.nan,
        "P": P,
        "q": mean / (sites * P) if P else math.nan,
    }


def _jackknife(values: list[float]) -> float:
    """The standard error from what is found without each part."""
    found = np.array(values)
    if not np.isfinite(found).all():
        return math.nan
    return math.sqrt((len(found) - 1) / len(found) * float(((found - found.mean()) ** 2).sum()))


def shift(before: Measured, now: Measured, name: str) -> Estimate:
    """A quantity now as a multiple of what it was before, with its standard error."""
    one, two = getattr(before, name), getattr(now, name)
    if not (one.value and math.isfinite(one.value) and math.isfinite(two.value)):
        return Estimate()
    ratio = two.value / one.value
    relative = math.hypot(one.error / one.value, two.error / two.value) if two.value else math.nan
    return Estimate(ratio, abs(ratio) * relative)


PRE, POST, BOTH, APART = "presynaptic", "postsynaptic", "both sides", "both sides, against each other"
UNCHANGED, OPEN, SURE = (
    "no change that chance could not make",
    "not to be told apart yet",
    "without chance nothing varies, and nothing can be told",
)


def locus(mean: Estimate, inverse_cv2: Estimate) -> str:
    """Where a change is stored, by the shift of the mean and of 1/CV2 (`shift`): as far as trials allow it.

    Between the level line (1/CV2 stays) and the diagonal (it moves as the mean does) it is both sides; on the
    diagonal and beyond it is release.
    """
    if not all(math.isfinite(one.value) and one.value > 0.0 for one in (mean, inverse_cv2)):
        return SURE
    if not all(math.isfinite(one.error) for one in (mean, inverse_cv2)):
        return OPEN
    moved, error = math.log(mean.value), mean.error / mean.value
    if abs(moved) <= SURELY * error:
        return UNCHANGED
    turned = math.log(inverse_cv2.value) * math.copysign(1.0, moved)
    doubt = inverse_cv2.error / inverse_cv2.value
    if turned < -SURELY * doubt:
        return APART
    is_off_level = turned > SURELY * doubt
    is_below_diagonal = abs(moved) - turned > SURELY * math.hypot(error, doubt)
    if is_off_level and is_below_diagonal:
        return BOTH
    if is_off_level:
        return PRE
    return POST if is_below_diagonal else OPEN
