"""A gesture under way: what one press began, until it is let go of or given up."""

from __future__ import annotations

from typing import Any

from editor.canvas.pointer import Pointer
from editor.drawing.workbench import Workbench

STILL = 4.0
"""px a press may move and still be a click."""


class Taken:
    """One gesture from press to release; subclasses say what it does.  `is_over` when nothing more comes."""

    def __init__(self, bench: Workbench, canvas: Any, start: Pointer) -> None:
        self.bench = bench
        self.canvas = canvas
        self.start = start
        self.is_over = False

    def has_moved(self, pointer: Pointer) -> bool:
        """Whether the press has become a drag."""
        return abs(pointer.x - self.start.x) + abs(pointer.y - self.start.y) > STILL

    def move(self, pointer: Pointer) -> None:
        """The mouse moved, the button is down."""

    def end(self, pointer: Pointer) -> None:
        """The button was let go."""
        self.is_over = True

    def cancel(self) -> None:
        """Escape: as if it had never begun."""
        self.canvas.items.clear()
        self.is_over = True
