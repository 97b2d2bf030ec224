"""Where a change is stored, drawn from the hooks of an expression.

One that keeps changes at once: how much of a step is taken up at each weight, in release and in receptors
where the synapse tells the two apart.  One that consolidates: what time leaves of a step.  Qt-free.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from editor.inspector.curves import stand_in
from editor.inspector.curves.curve import POINTS, Axes, Curve, Line, Points, drawn, time_unit
from engine.declare import Expression, clip

STEP = 0.1
"""The step that is tried, as a share of the weight's range."""
CROWD = 1000
"""How many synapses of a neuron change together where it takes many."""
LASTS = 4.0
"""How much longer than its slowest process one looks at a card that consolidates."""


def curve(model: type[Expression], p: SimpleNamespace, unit: str = "") -> Curve | None:
    """The natural curve of an expression; None when nothing here fits it."""
    if "on_slow" in model.hooks:
        return _left(model, p)
    return _taken_up(model, p, unit)


# -- at once ---------------------------------------------------------------------------------------


def _taken_up(model: type[Expression], p: SimpleNamespace, unit: str) -> Curve | None:
    """The share of a step up and of a step down that each weight takes up."""
    x = np.linspace(float(p.w_min), float(p.w_max), POINTS)
    step = STEP * (x[-1] - x[0])
    if model.keeps_loci():
        up, down = (np.array([_loci(model, p, float(w), sign * step) for w in x]) for sign in (1, -1))
        lines = [
            Line(moved[:, locus] / step, name, tint)
            for moved in (up, down)
            for locus, name, tint in ((0, "in release", "cool"), (1, "in receptors", "warm"))
        ]
    else:
        up, down = (np.array([_weight(model, p, float(w), sign * step) for w in x]) for sign in (1, -1))
        lines = [Line(up / step, "a step up", "warm"), Line(down / step, "a step down", "cool")]
    across = f"weight ({unit})" if unit else "weight"
    return drawn(Axes(across, "stronger", "weaker", "× the step", "full at"), x, lines)


def _weight(model: type[Expression], p: SimpleNamespace, weight: float, change: float) -> float:
    """How much of a change a weight takes up."""
    return float(_applied(model, p, weight, change).w) - weight


def _loci(model: type[Expression], p: SimpleNamespace, weight: float, change: float) -> tuple[float, float]:
    """What of a change goes into release and what into receptors, within the bounds of their product."""
    syn = _applied(model, p, weight, change)
    release, quantum = syn.P, syn.q
    low, top = (p.w_min / quantum, p.w_max / quantum) if quantum > 0.0 else (0.0, 1.0)
    syn.P = clip(release + syn.dP, min(low, release), max(min(top, 1.0), release))
    low, top = (p.w_min / syn.P, p.w_max / syn.P) if syn.P > 0.0 else (0.0, quantum)
    syn.q = clip(quantum + syn.dq, min(low, quantum), max(top, quantum))
    return (syn.P - release) * quantum, (syn.q - quantum) * syn.P


def _applied(model: type[Expression], p: SimpleNamespace, weight: float, change: float) -> stand_in.Still:
    """A synapse of this weight after the card has stored a change."""
    scene = stand_in.rows(model, p, weight)
    scene["syn"].dw = change
    stand_in.hook_of(model, "apply")(scene)
    syn: stand_in.Still = scene["syn"]
    return syn


# -- slowly ----------------------------------------------------------------------------------------


def _left(model: type[Expression], p: SimpleNamespace) -> Curve | None:
    """What is left of a step as time passes: of one synapse alone, and where many change together."""
    slowest = max((float(getattr(p, n)) for n, one in model.params.items() if one.unit == "ms"), default=1e3)
    name, size = time_unit(LASTS * slowest)
    times = np.linspace(0.0, LASTS * slowest, POINTS)
    lines = [
        Line(_course(model, p, times, many), said, tint)
        for many, said, tint in ((1, "one synapse", "cool"), (CROWD, f"{CROWD} together", "warm"))
    ]
    return drawn(Axes(f"time since the step ({name})", "is left", "", "× the step"), times / size, lines)


def _course(model: type[Expression], p: SimpleNamespace, times: Points, many: int) -> Points:
    """The share of a step that is left at each of these times."""
    start = stand_in.half(p)
    step = STEP * (float(p.w_max) - float(p.w_min))
    scene = stand_in.rows(model, p, start)
    syn = scene["syn"]
    syn.dw = step
    stand_in.hook_of(model, "apply")(scene)
    left = [syn.w - start]
    scene["dt"] = float(times[1] - times[0])
    for _ in times[1:]:
        syn.dw = 0.0
        stand_in.sum_up(model, scene, many)
        stand_in.hook_of(model, "on_slow")(scene)
        left.append(syn.w - start)
    return np.array(left) / step
