"""The curve of a rule: its timing window, its growth curve, its reach, sampled where something happens.

Qt-free.  A rule that has a static method of one of these names is drawn by it; no rule is known by name.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.inspector.meaning import plain
from engine.declare import Declaration

POINTS = 161


@dataclass(frozen=True)
class Kind:
    """How curves of one name are drawn."""

    across: str
    """What the horizontal axis is."""
    up: str
    """What a positive value means."""
    down: str
    """What a negative value means."""
    is_two_sided: bool
    reach: float
    """Where to start looking for the end of the curve, in the units of the axis."""


KINDS = {
    "window": Kind("t post − t pre (ms)", "stronger", "weaker", True, 10.0),
    "growth": Kind("calcium", "grows", "retracts", False, 0.01),
    "loss": Kind("weight", "is lost", "", False, 1.0),
    "nearness": Kind("distance (µm)", "likely", "", False, 10.0),
}


@dataclass(frozen=True)
class Curve:
    """Sampled points of a curve, and where it crosses zero away from the origin."""

    kind: Kind
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    crossings: tuple[float, ...]
    """Points where a one-sided curve changes sign: the set points of growth."""


def curve_of(model: type[Declaration], p: SimpleNamespace) -> Curve | None:
    """The curve of a rule with these parameters; None when it has none worth drawing."""
    for name, kind in KINDS.items():
        method = getattr(model, name, None)
        if method is None:
            continue
        function = plain(method) if name in model.hook_names else method
        made = _sample(function, p, kind)
        if made is not None:
            return made
    return None


def _sample(function: Callable[[float, Any], float], p: SimpleNamespace, kind: Kind) -> Curve | None:
    reach = _reach(function, p, kind)
    if reach is None:
        return None
    if kind.is_two_sided:
        half = np.linspace(0.0, reach, POINTS // 2 + 1)[1:]
        x = np.concatenate([-half[::-1], [-reach * 1e-6, 0.0, reach * 1e-6], half])
    else:
        x = np.linspace(0.0, reach, POINTS)
    y = np.array([_at(function, float(one), p) for one in x])
    if not np.isfinite(y).all() or not (np.ptp(y) > 0.0):
        return None
    crossings: tuple[float, ...] = ()
    if not kind.is_two_sided:
        turn = np.flatnonzero(np.sign(y[:-1]) * np.sign(y[1:]) < 0)
        crossings = tuple(float(x[i] - y[i] * (x[i + 1] - x[i]) / (y[i + 1] - y[i])) for i in turn)
    return Curve(kind, x, y, crossings)


def _reach(function: Callable[[float, Any], float], p: SimpleNamespace, kind: Kind) -> float | None:
    """How far out the curve is worth looking at: until it has died away, or twice its last crossing."""
    trial = np.geomspace(kind.reach * 1e-2, kind.reach * 1e4, 240)
    y = np.array([_at(function, float(one), p) for one in trial])
    if kind.is_two_sided:
        other = np.array([_at(function, -float(one), p) for one in trial])
        y = np.where(np.abs(other) > np.abs(y), other, y)
    end = int(np.argmin(np.isfinite(y))) if not np.isfinite(y).all() else len(y)
    trial, y = trial[:end], y[:end]  # beyond that the arithmetic overflows: nothing to see there
    if not end:
        return None
    if not kind.is_two_sided:
        turn = np.flatnonzero(np.sign(y[:-1]) * np.sign(y[1:]) < 0)
        if turn.size:
            return float(trial[turn[-1]] * 1.9)
    top = float(np.abs(y).max())
    if top == 0.0:
        return None
    loud = np.flatnonzero(np.abs(y) > 0.03 * top)
    if loud[-1] == len(trial) - 1:
        return kind.reach * 10.0 if y.max() == y.min() else float(trial[-1])
    return _round_up(float(trial[loud[-1]]))


def _round_up(value: float) -> float:
    size = 10.0 ** math.floor(math.log10(value))
    return next(
        size * step for step in (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0) if size * step >= value * 0.999
    )


def _at(function: Callable[[float, Any], float], x: float, p: SimpleNamespace) -> float:
    try:
        return float(function(x, p))
    except (ArithmeticError, ValueError):
        return math.nan
