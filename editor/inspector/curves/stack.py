"""What one pair of spikes does with the whole stack: proposed by the pair, passed by the gates, stored.

One line with every modulator at rest, one with each released with the pair: those that last just before it,
those that only strike just after it.  Qt-free.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from editor.inspector.curves.curve import Axes, Curve, Line, both_ways, drawn, round_up, sampled
from editor.inspector.curves.held_synapse import Card, HeldSynapse
from engine.declare import Rule

POINTS, TRIED = 81, 26


def curve(cards: Sequence[Card], unit: str = "") -> Curve | None:
    """The window of a stack; None where it says no more than its one card, or is not of spikes alone."""
    acting = [card for card in cards if card[0].stage in ("induction", "gate", "expression")]
    inductions = [model for model, _ in acting if model.stage == "induction"]
    if len(acting) < 2 or not inductions or not all(_is_of_spikes(model) for model in inductions):
        return None
    substances = list(dict.fromkeys(role.substance for model, _ in acting for role in model.roles.values()))

    def change(lag: float, released: bool = True) -> float:
        return HeldSynapse(acting).after_pair(lag, released) if lag else 0.0

    reach = _reach(change)
    if reach is None:
        return None
    x = both_ways(reach, POINTS)
    lines = [Line(sampled(partial(change, released=False), x), "at rest" if substances else "")]
    if substances:
        is_silent = not lines[0].y.any()
        name = f"with {' and '.join(substances)}{', at rest nothing' if is_silent else ''}"
        lines.append(Line(sampled(change, x), name, "modulatory"))
    return drawn(Axes("t post − t pre (ms)", "stronger", "weaker", unit, is_two_sided=True), x, lines)


def _reach(change: Callable[[float], float]) -> float | None:
    """How far apart spikes still matter; None when they never do."""
    trial = np.geomspace(0.1, 1e4, TRIED)
    loud = np.maximum(np.abs(sampled(change, trial)), np.abs(sampled(change, -trial)))
    if not np.isfinite(loud).all() or not loud.any():
        return None
    return round_up(float(trial[np.flatnonzero(loud > 0.03 * loud.max())[-1]]))


def _is_of_spikes(model: type[Rule]) -> bool:
    """Whether a rule answers spikes, and nothing but spikes."""
    others = {"on_step", "between", "on_late", "on_event"} & set(model.hooks)
    return not others and not model.asks("pre") and not model.asks("post")
