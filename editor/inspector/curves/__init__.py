"""The curve of a rule: what it does, sampled where something happens, live from its parameters.

Qt-free.  A rule that declares its curve is drawn by that; otherwise by the hooks of its stage, which are run
as plain Python.  No rule is known by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from editor.inspector.curves import declared, expression, gate, homeostasis, induction, stack, structure
from editor.inspector.curves.curve import Axes, Curve, Line
from editor.inspector.curves.held_synapse import Card
from engine.declare import Declaration

__all__ = ["FAULTS", "Axes", "Curve", "Line", "curve_of", "window_of"]

FAULTS = (ArithmeticError, ValueError, AttributeError, NameError, TypeError, KeyError)
"""A model that is half written, or asks for more than a stand-in has: there is nothing to see."""
Drawing = Callable[[Any, SimpleNamespace, str], Curve | None]

STAGES: dict[str, Drawing] = {
    "induction": induction.curve,
    "gate": gate.curve,
    "expression": expression.curve,
    "homeostasis": homeostasis.curve,
    "structure": structure.curve,
}


def curve_of(model: type[Declaration], p: SimpleNamespace, unit: str = "") -> Curve | None:
    """The curve of a rule with these parameters; None when it has none worth drawing.

    `unit` is that of a weight, where it is known.
    """
    unit = "" if unit == "1" else unit
    draw = STAGES.get(model.stage)
    try:
        made = declared.curve(model, p, unit)
        return made if made is not None or draw is None else draw(model, p, unit)
    except FAULTS:
        return None


def window_of(cards: Sequence[Card], unit: str = "") -> Curve | None:
    """What one pair of spikes does with a whole stack; None where that says no more than a card alone."""
    try:
        return stack.curve(cards, "" if unit == "1" else unit)
    except FAULTS:
        return None
