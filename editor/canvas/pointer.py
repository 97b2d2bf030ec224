"""The mouse on the canvas as gestures see it, and what a gesture may answer.  No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from editor.canvas.picking import Pick

if TYPE_CHECKING:
    from editor.canvas.widget import CanvasWidget


@dataclass(frozen=True)
class Pointer:
    """Where the mouse is and what is under it.

    `x`, `y` are logical px of the canvas, `um` the place in the tissue; `button` is the one that was
    pressed or let go ("left", "right" or ""), `hit` the handle, chip or card under it ("wire:12",
    "fire:12", "input:3", "note:2", "ghost:neuron", "minimap" or "").
    """

    x: float
    y: float
    um: tuple[float, float]
    pick: Pick
    hit: str = ""
    button: str = ""
    is_down: bool = False
    shift: bool = False
    ctrl: bool = False
    alt: bool = False
    clicks: int = 1

    @property
    def at(self) -> tuple[float, float]:
        """The place in logical px."""
        return self.x, self.y


class Gesture:
    """What the mouse does on the canvas; install one with `canvas.gesture = ...`.

    Every method may be overridden; none needs to be.  `hint` is what the line below the canvas says.
    """

    hint = ""
    cursor = ""
    """Name of the cursor: "", "cross", "hand", "grab", "forbidden"."""

    @property
    def is_busy(self) -> bool:
        """Whether something is under way that Escape gives up (else Escape is the window's)."""
        return False

    def begin(self, canvas: CanvasWidget, pointer: Pointer) -> None:
        """A button was pressed (`pointer.clicks` is 2 for the second press of a double click)."""

    def move(self, canvas: CanvasWidget, pointer: Pointer) -> None:
        """The mouse moved with a button down."""

    def end(self, canvas: CanvasWidget, pointer: Pointer) -> None:
        """The button was let go."""

    def cancel(self, canvas: CanvasWidget) -> None:
        """Escape, or the gesture was replaced: leave everything as it was before `begin`."""

    def hover(self, canvas: CanvasWidget, pointer: Pointer) -> None:
        """The mouse moved with no button down."""

    def leave(self, canvas: CanvasWidget) -> None:
        """The mouse left the canvas."""

    def key(self, canvas: CanvasWidget, key: str, *, is_press: bool, repeats: bool) -> bool:
        """A key went down or up ("X", "Delete", ...); True when it was used."""
        return False

    def drag_over(self, canvas: CanvasWidget, pointer: Pointer, payload: object) -> bool:
        """Something from the palette is over the canvas; True when it may be dropped here."""
        return False

    def drop(self, canvas: CanvasWidget, pointer: Pointer, payload: object) -> bool:
        """Something from the palette was dropped; True when it was taken."""
        return False

    def drag_leave(self, canvas: CanvasWidget) -> None:
        """Something from the palette left the canvas again."""


class PanGesture(Gesture):
    """Dragging moves the picture; the default until tools are installed."""

    hint = "drag to pan, wheel to zoom"
    cursor = "grab"

    def __init__(self) -> None:
        """Begin at rest."""
        self._from: tuple[float, float] | None = None

    def begin(self, canvas: CanvasWidget, pointer: Pointer) -> None:
        """Take hold of the picture."""
        self._from = pointer.at

    def move(self, canvas: CanvasWidget, pointer: Pointer) -> None:
        """Move it with the mouse."""
        if self._from is not None:
            canvas.pan_by(pointer.x - self._from[0], pointer.y - self._from[1])
            self._from = pointer.at

    def end(self, canvas: CanvasWidget, pointer: Pointer) -> None:
        """Let go."""
        self._from = None

    def cancel(self, canvas: CanvasWidget) -> None:
        """Let go."""
        self._from = None
