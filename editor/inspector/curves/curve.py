"""What a drawn curve is: points, what its axes say, one line or a few, and where they turn.

Qt-free.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

POINTS = 161
TIMES = (("ms", 1.0), ("s", 1e3), ("min", 6e4), ("h", 3.6e6), ("d", 8.64e7))
"""Units of time, and their lengths in ms."""

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Axes:
    """What the axes of a curve say."""

    across: str
    """What the horizontal axis is, with its unit."""
    up: str
    """What a positive value means."""
    down: str = ""
    """What a negative value means."""
    unit: str = ""
    """The unit of the values."""
    turn: str = "set point"
    """What a point is at which a one-sided curve changes sign."""
    is_two_sided: bool = False
    has_numbers: bool = True
    """Whether the ends of the horizontal axis mean something as numbers."""


@dataclass(frozen=True)
class Line:
    """One line of a curve: its values, its name where there are several, its tint (a token) and how pale."""

    y: Points
    name: str = ""
    tint: str = ""
    """The name of a colour of the theme; "" for that of the card."""
    shade: float = 1.0


@dataclass(frozen=True)
class Curve:
    """Sampled points of one line or a few, and where they cross zero away from the origin."""

    axes: Axes
    x: Points
    lines: tuple[Line, ...]
    crossings: tuple[float, ...] = ()
    """Points where a one-sided curve changes sign: the set points of growth, the thresholds of a rule."""

    @property
    def y(self) -> Points:
        """The values of the first line."""
        return self.lines[0].y

    @property
    def low(self) -> float:
        """The least value of any line."""
        return min(float(line.y.min()) for line in self.lines)

    @property
    def high(self) -> float:
        """The greatest value of any line."""
        return max(float(line.y.max()) for line in self.lines)


def drawn(axes: Axes, x: Points, lines: Iterable[Line]) -> Curve | None:
    """The curve of these lines, without those that say nothing; None when there is nothing to see."""
    lines = tuple(lines)
    if not lines or not all(np.isfinite(line.y).all() for line in lines):
        return None
    kept = _telling(lines)
    if not any(np.ptp(line.y) > 0.0 for line in kept):
        return None
    turns = () if axes.is_two_sided else tuple(sorted({t for line in kept for t in crossings(x, line.y)}))
    return Curve(axes, x, kept, _apart(turns, float(x[-1] - x[0])))


def sampled(function: Callable[[float], float], x: Points) -> Points:
    """The values of a function at these points, NaN where it has none."""
    return np.array([_at(function, float(one)) for one in x])


def both_ways(reach: float, points: int = POINTS) -> Points:
    """Points from -reach to reach, with both sides of 0 told apart."""
    half = np.linspace(0.0, reach, points // 2 + 1)[1:]
    return np.concatenate([-half[::-1], [-reach * 1e-6, 0.0, reach * 1e-6], half])


def crossings(x: Points, y: Points) -> tuple[float, ...]:
    """Where the line through these points changes sign."""
    turn = np.flatnonzero(np.sign(y[:-1]) * np.sign(y[1:]) < 0)
    through = [float(x[i] - y[i] * (x[i + 1] - x[i]) / (y[i + 1] - y[i])) for i in turn]
    touch = np.flatnonzero((y[1:-1] == 0.0) & (np.sign(y[:-2]) * np.sign(y[2:]) < 0)) + 1
    return (*through, *(float(x[i]) for i in touch))


def reach_of(function: Callable[[float], float], start: float, *, both: bool = False) -> float | None:
    """How far out a curve is worth looking at: until it has died away, or twice its last crossing.

    `start` is where to start looking, in the units of the axis.
    """
    trial = np.geomspace(start * 1e-2, start * 1e4, 240)
    y = sampled(function, trial)
    if both:
        other = sampled(function, -trial)
        y = np.where(np.abs(other) > np.abs(y), other, y)
    end = int(np.argmin(np.isfinite(y))) if not np.isfinite(y).all() else len(y)
    trial, y = trial[:end], y[:end]  # beyond that the arithmetic overflows: nothing to see there
    if not end:
        return None
    if not both:
        turns = crossings(trial, y)
        if turns:
            return float(f"{2.0 * max(turns):.3g}")
    top = float(np.abs(y).max())
    if top == 0.0:
        return None
    loud = np.flatnonzero(np.abs(y) > 0.03 * top)
    if loud[-1] == len(trial) - 1:
        return start * 10.0 if y.max() == y.min() else float(trial[-1])
    return round_up(float(trial[loud[-1]]))


def round_up(value: float) -> float:
    """The next round number."""
    size = 10.0 ** math.floor(math.log10(value))
    steps = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
    return next(size * step for step in steps if size * step >= value * 0.999)


def time_unit(longest: float) -> tuple[str, float]:
    """The unit in which a time of so many ms is best told, and its length in ms."""
    return next(((unit, size) for unit, size in reversed(TIMES) if longest >= 2.0 * size), TIMES[0])


def pace_unit(fastest: float) -> tuple[str, float]:
    """The unit of time, from the second on, in which so much per ms is no tiny number, and its length."""
    return next(((unit, size) for unit, size in TIMES[1:] if fastest * size >= 0.1), TIMES[-1])


def _at(function: Callable[[float], float], x: float) -> float:
    try:
        return float(function(x))
    except (ArithmeticError, ValueError):
        return math.nan


def _telling(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines that are not 0 all along; those that run alike become one."""
    top = max(float(np.abs(line.y).max()) for line in lines)
    kept: list[Line] = []
    for line in lines:
        if float(np.abs(line.y).max()) <= 1e-9 * top:
            continue
        twin = next((i for i, k in enumerate(kept) if np.allclose(k.y, line.y, rtol=0, atol=1e-9 * top)), -1)
        if twin < 0:
            kept.append(line)
        elif line.name and line.name not in kept[twin].name:
            kept[twin] = replace(kept[twin], name=f"{kept[twin].name}, {line.name}")
    return tuple(kept) if len(kept) > 1 else tuple(replace(line, tint="") for line in kept)


def _apart(turns: Sequence[float], width: float) -> tuple[float, ...]:
    """Turning points that can be told apart on paper."""
    kept: list[float] = []
    for turn in turns:
        if not kept or turn - kept[-1] > 0.01 * width:
            kept.append(turn)
    return tuple(kept)
