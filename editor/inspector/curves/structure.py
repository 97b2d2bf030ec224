"""Whether a synapse stays, drawn from the hooks of pruning: how soon it is lost, against what decides it.

That is its weight, the rate of its input, or how many inputs share what the neuron has.  How soon is one over
the mean time until it is doomed, beginning with a synapse that has just been seen.  Qt-free.
"""

from __future__ import annotations

import ast
import inspect
import math
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np

from editor.inspector.curves import stand_in
from editor.inspector.curves.curve import Axes, Curve, Line, drawn, pace_unit, round_up, sampled
from engine.arithmetic import CHANCE
from engine.by_hand import plain
from engine.declare import Structure
from engine.once import once

POINTS, TRIED = 61, 40
POST_RATES = (20.0, 5.0, 1.0)
"""Hz; how active the neuron is while the rate of its input is varied."""
GROWTH, LONGEST = 1.4, 1e6
"""Each look is as much later than the one before; up to so many times the first."""


class Draw:
    """A random number that lets everything pass, and remembers the chance of the opposite."""

    def __init__(self) -> None:
        self.chance = 0.0

    def __call__(self) -> Draw:
        return self

    def __lt__(self, chance: float) -> bool:
        self.chance = chance
        return False


def curve(model: type[Structure], p: SimpleNamespace, unit: str = "") -> Curve | None:
    """How soon a synapse is lost; None when the card removes none, or throws its dice twice."""
    if "on_slow" not in model.hooks or _throws(model) > 1:
        return None
    if model.totals:
        across, least, lines = "inputs that are active together", 1.0, [("", _shared(model, p))]
    elif "pre" in stand_in.owners(model):
        across, least = "rate of the input (Hz)", 0.0
        first, *others = (_of_input(model, p, rate) for rate in POST_RATES)
        lines = [(f"post at {POST_RATES[0]:g} Hz", first)]
        lines += [(f"{rate:g} Hz", loss) for rate, loss in zip(POST_RATES[1:], others, strict=True)]
    else:
        across, least = f"weight ({unit})" if unit else "weight", 0.0
        lines = [("", _of_weight(model, p))]
    reach = _reach(lines[0][1], max(least, 1.0))
    if reach is None:
        return None
    x = np.linspace(least, reach, POINTS)
    values = [sampled(loss, x) for _, loss in lines]
    time, size = pace_unit(float(np.max(values)))
    shades = (1.0, 0.65, 0.4)
    drawn_lines = [
        Line(size * y, name, shade=shade) for (name, _), y, shade in zip(lines, values, shades, strict=False)
    ]
    return drawn(Axes(across, "is lost", "", f"per {time}"), x, drawn_lines)


def _of_weight(model: type[Structure], p: SimpleNamespace) -> Callable[[float], float]:
    return lambda weight: _loss(model, p, stand_in.rows(model, p, weight), 1)


def _of_input(model: type[Structure], p: SimpleNamespace, post_rate: float) -> Callable[[float], float]:
    def loss(rate: float) -> float:
        scene = stand_in.rows(model, p)
        stand_in.put(scene["pre"], stand_in.memory(model, p, "pre", rate))
        stand_in.put(scene["post"], stand_in.memory(model, p, "post", post_rate))
        return _loss(model, p, scene, 1)

    return loss


def _shared(model: type[Structure], p: SimpleNamespace) -> Callable[[float], float]:
    def loss(many: float) -> float:
        scene = stand_in.rows(model, p)
        for owner in ("pre", "post"):
            stand_in.put(scene[owner], stand_in.memory(model, p, owner, POST_RATES[0]))
        return _loss(model, p, scene, many)

    return loss


def _loss(model: type[Structure], p: SimpleNamespace, scene: stand_in.Rows, many: float) -> float:
    """One over the mean time (ms) until this synapse is doomed, one of `many` that fare alike."""
    look, draw = _look(model)
    first = float(getattr(p, "update", 1.0))
    after, dt, alive, life, hazard = 0.0, first, 1.0, 0.0, 0.0
    while alive > 1e-3 and after < LONGEST * first:
        before = dict(vars(scene["syn"]))
        gone = _chance(model, look, draw, scene, dt, many)
        if gone >= 1.0:
            return 1.0 / (life + alive * _moment(model, look, draw, scene, before, dt, many))
        hazard = -math.log1p(-gone) / dt
        life += alive * (gone / hazard if hazard > 0.0 else dt)
        alive *= 1.0 - gone
        after, dt = after + dt, dt * GROWTH
    return 1.0 / (life + alive / hazard) if hazard > 0.0 else 0.0


def _chance(
    model: type[Structure],
    look: Callable[[stand_in.Rows], object],
    draw: Draw,
    scene: stand_in.Rows,
    dt: float,
    many: float,
) -> float:
    """The chance that a look after `dt` ms dooms the synapse."""
    scene["dt"] = dt
    scene["syn"].doomed = draw.chance = 0.0
    stand_in.sum_up(model, scene, many)
    look(scene)
    return 1.0 if scene["syn"].doomed else min(max(draw.chance, 0.0), 1.0)


def _moment(
    model: type[Structure],
    look: Callable[[stand_in.Rows], object],
    draw: Draw,
    scene: stand_in.Rows,
    before: dict[str, float],
    dt: float,
    many: float,
) -> float:
    """The time (ms) within the last `dt` at which the synapse was doomed for sure."""
    early, late = 0.0, dt
    for _ in range(20):
        middle = 0.5 * (early + late)
        stand_in.put(scene["syn"], before)
        if _chance(model, look, draw, scene, middle, many) >= 1.0:
            late = middle
        else:
            early = middle
    return late


@once
def _throws(model: type[Structure]) -> int:
    """How often the hook throws the dice."""
    calls = (node.func for node in ast.walk(model.source_of("on_slow")) if isinstance(node, ast.Call))
    return sum(isinstance(called, ast.Name) and called.id in CHANCE for called in calls)


@once
def _look(model: type[Structure]) -> tuple[Callable[[stand_in.Rows], object], Draw]:
    """The hook that dooms a synapse, and the dice it throws."""
    draw = Draw()
    hook = plain(model.hooks["on_slow"], uniform=draw)
    wanted = tuple(inspect.signature(hook).parameters)
    return (lambda scene: hook(*(scene[one] for one in wanted))), draw


def _reach(loss: Callable[[float], float], start: float) -> float | None:
    """How far to look: somewhat beyond the last loss, or to where a growing loss shows."""
    trial = np.geomspace(start * 1e-3, start * 1e4, TRIED)
    y = sampled(loss, trial)
    if not np.isfinite(y).all() or not y.max() > 0.0:
        return None
    if y[-1] > 0.5 * y.max():
        return round_up(float(trial[np.argmax(y > 0.3 * y.max())]))
    return round_up(1.4 * float(trial[np.flatnonzero(y > 0.03 * y.max())[-1]]))
