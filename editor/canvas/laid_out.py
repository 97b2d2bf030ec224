"""What the layout of a file says of the canvas; it is nobody's truth, so what makes no sense says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from editor.canvas.overlay.inset import Inset


def spans(layout: Mapping[str, Any]) -> bool:
    """Whether a file's layout asks for all of the width, as for an animal that lies along it."""
    return layout.get("fit") == "horizontal"


def insets_of(layout: Mapping[str, Any]) -> tuple[Inset, ...]:
    """The magnified part that a file's layout asks for, if it asks for one that can be drawn."""
    asked: Any = layout.get("inset")
    try:
        (x0, x1), (y0, y1) = asked["x"], asked["y"]
        reach = 0.5 * max(float(x1 - x0), float(y1 - y0))
        return (Inset(0.5 * (x0 + x1), 0.5 * (y0 + y1), reach, str(asked["title"])),) if reach > 0.0 else ()
    except (KeyError, TypeError, ValueError):
        return ()
