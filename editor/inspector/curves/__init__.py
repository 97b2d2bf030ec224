"""The curve of a rule: what it does, sampled where something happens, live from its parameters.

Qt-free.  A rule that declares its curve is drawn by that; otherwise by the hooks of its stage, which are run
as plain Python.  No rule is known by name.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from editor.inspector.curves import declared, expression, gate, homeostasis, induction, structure
from editor.inspector.curves.curve import Axes, Curve, Line
from engine.declare import Declaration

__all__ = ["Axes", "Curve", "Line", "curve_of"]

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
    made = declared.curve(model, p, unit)
    draw = STAGES.get(model.stage)
    if made is not None or draw is None:
        return made
    try:
        return draw(model, p, unit)
    except (ArithmeticError, ValueError, AttributeError, NameError, TypeError, KeyError):
        return None  # a half-written model, or one that asks for more than is here: nothing to see
