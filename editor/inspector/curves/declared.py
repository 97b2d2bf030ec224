"""The curve a rule declares itself: its timing window, its growth curve, its loss, its reach.

Qt-free.  A rule that has a static method of one of these names is drawn by it; no rule is known by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from types import SimpleNamespace

import numpy as np

from editor.inspector.curves.curve import POINTS, Axes, Curve, Line, both_ways, drawn, reach_of, sampled
from engine.by_hand import plain
from engine.declare import Declaration


@dataclass(frozen=True)
class Kind:
    """How curves of one name are drawn."""

    axes: Axes
    start: float
    """Where to start looking for the end of the curve, in the units of the axis."""
    weight: str = ""
    """Which axis is a weight: "across" or "up"."""


KINDS = {
    "window": Kind(Axes("t post − t pre (ms)", "stronger", "weaker", is_two_sided=True), 10.0, "up"),
    "growth": Kind(Axes("calcium", "grows", "retracts", "per ms"), 0.01),
    "loss": Kind(Axes("weight", "is lost"), 1.0, "across"),
    "nearness": Kind(Axes("distance (µm)", "likely"), 10.0),
}


def curve(model: type[Declaration], p: SimpleNamespace, unit: str = "") -> Curve | None:
    """The curve a rule declares; None when it declares none worth drawing."""
    for name, kind in KINDS.items():
        method = getattr(model, name, None)
        if method is None:
            continue
        function = plain(method) if name in model.hook_names else method
        made = _sample(partial(function, p=p), kind, unit)
        if made is not None:
            return made
    return None


def _sample(function: Callable[[float], float], kind: Kind, unit: str) -> Curve | None:
    axes = _in_unit(kind, unit)
    reach = reach_of(function, kind.start, both=axes.is_two_sided)
    if reach is None:
        return None
    x = both_ways(reach) if axes.is_two_sided else np.linspace(0.0, reach, POINTS)
    return drawn(axes, x, [Line(sampled(function, x))])


def _in_unit(kind: Kind, unit: str) -> Axes:
    """The axes with the unit of a weight."""
    if kind.weight == "up":
        return replace(kind.axes, unit=unit)
    if kind.weight == "across" and unit:
        return replace(kind.axes, across=f"{kind.axes.across} ({unit})")
    return kind.axes
