"""From Qt's events to gestures: presses, moves and keys, and the panning and zooming that always work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)

from editor.canvas.picking import Pick
from editor.canvas.pointer import Pointer

if TYPE_CHECKING:
    from editor.canvas.widget import CanvasWidget

STEP = 1.0015
"""Zoom per eighth of a degree of the wheel, so that one notch is a fifth."""
STILL = 4.0
"""A press that moves less than this many px is a click."""
NUDGE = 60.0
"""Px an arrow key moves the view."""

CURSORS = {
    "": Qt.CursorShape.ArrowCursor,
    "cross": Qt.CursorShape.CrossCursor,
    "hand": Qt.CursorShape.PointingHandCursor,
    "grab": Qt.CursorShape.OpenHandCursor,
    "grabbing": Qt.CursorShape.ClosedHandCursor,
    "forbidden": Qt.CursorShape.ForbiddenCursor,
}
BUTTONS = {Qt.MouseButton.LeftButton: "left", Qt.MouseButton.RightButton: "right"}


class Mouse:
    """Reads the events of one canvas."""

    def __init__(self, canvas: CanvasWidget) -> None:
        """Listen for a canvas (which owns this)."""
        self.canvas = canvas
        self._panning: QPointF | None = None
        self._held: tuple[QPointF, Pointer] | None = None
        self._button = ""
        self._on_map = False
        self._ghost = ""

    def takes(self, event: QEvent) -> bool:
        """Handle an event of the canvas; False leaves it to Qt."""
        kind = event.type()
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            assert isinstance(event, QMouseEvent)
            return self._press(event, 2 if kind == QEvent.Type.MouseButtonDblClick else 1)
        if kind == QEvent.Type.MouseMove:
            assert isinstance(event, QMouseEvent)
            return self._move(event)
        if kind == QEvent.Type.MouseButtonRelease:
            assert isinstance(event, QMouseEvent)
            return self._release(event)
        if kind == QEvent.Type.Wheel:
            assert isinstance(event, QWheelEvent)
            return self._wheel(event)
        if kind == QEvent.Type.NativeGesture:
            assert isinstance(event, QNativeGestureEvent)
            return self._pinch(event)
        if kind == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Escape and (self.canvas.gesture.is_busy or self._held is not None):
                event.accept()  # Escape gives up the gesture before it puts down the tool
                return True
            return False
        if kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            assert isinstance(event, QKeyEvent)
            return self._key(event, is_press=kind == QEvent.Type.KeyPress)
        if isinstance(event, QDragLeaveEvent):
            self.canvas.gesture.drag_leave(self.canvas)
            return True
        if isinstance(event, QDropEvent):  # entering and moving are drops in the making
            return self._drag(event)
        if kind == QEvent.Type.Leave:
            self.canvas._set_hovered(Pick())
            self.canvas.items.handles_for = 0
            self.canvas.gesture.leave(self.canvas)
        return False

    def pointer(self, event: QMouseEvent, clicks: int = 1) -> Pointer:
        """The mouse as gestures see it."""
        return self.pointer_at(event.position(), event.modifiers(), clicks)

    def pointer_at(
        self,
        at: QPointF,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        clicks: int = 1,
    ) -> Pointer:
        """What is at a place of the canvas."""
        place = (at.x(), at.y())
        return Pointer(
            *place,
            um=self.canvas.to_um(place),
            pick=self.canvas.pick(place),
            hit=self.canvas.hit(place),
            button=self._button,
            is_down=bool(self._button),
            shift=bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
            ctrl=bool(modifiers & Qt.KeyboardModifier.ControlModifier),
            alt=bool(modifiers & Qt.KeyboardModifier.AltModifier),
            clicks=clicks,
        )

    def show_cursor(self) -> None:
        """Let the cursor say what a click would do."""
        shape = "grabbing" if self._panning is not None else self.canvas.gesture.cursor
        self.canvas.setCursor(CURSORS.get(shape, Qt.CursorShape.ArrowCursor))

    # ---- buttons ---------------------------------------------------------------------------------

    def _press(self, event: QMouseEvent, clicks: int) -> bool:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panning = event.position()
            self.show_cursor()
            return True
        name = BUTTONS.get(event.button(), "")
        if not name:
            return False
        self._button = name
        pointer = self.pointer(event, clicks)
        if name == "left" and pointer.hit == "minimap":
            self._on_map = True
            self._go_to_map(event.position())
            return True
        if name == "left" and pointer.hit.startswith("ghost:") and clicks == 1:
            self._ghost = pointer.hit.removeprefix("ghost:")
            return True
        if name == "left" and pointer.shift:
            # Shift-drag pans, Shift-click is the gesture's: the first move decides
            self._held = (event.position(), pointer)
            return True
        self.canvas.gesture.begin(self.canvas, pointer)
        return True

    def _move(self, event: QMouseEvent) -> bool:
        at = event.position()
        if self._held is not None and (at - self._held[0]).manhattanLength() > STILL:
            self._panning, self._held = self._held[0], None
            self.show_cursor()
        if self._panning is not None:
            moved = at - self._panning
            self._panning = at
            self.canvas.pan_by(moved.x(), moved.y())
            return True
        if self._on_map:
            self._go_to_map(at)
            return True
        if self._held is not None or self._ghost:
            return True
        pointer = self.pointer(event)
        if self._button:
            self.canvas.gesture.move(self.canvas, pointer)
        else:
            self.canvas.hover_at(pointer)
            self.canvas.gesture.hover(self.canvas, pointer)
            hand = pointer.hit.partition(":")[0] in ("wire", "fire", "ghost", "input", "minimap")
            self.canvas.setCursor(CURSORS["hand" if hand else self.canvas.gesture.cursor])
        return True

    def _release(self, event: QMouseEvent) -> bool:
        if self._panning is not None:
            self._panning, self._button = None, ""
            self.show_cursor()
            return True
        if self._on_map:
            self._on_map, self._button = False, ""
            return True
        if self._ghost:
            ghost, self._ghost, self._button = self._ghost, "", ""
            if self.canvas.hit((event.position().x(), event.position().y())) == f"ghost:{ghost}":
                self.canvas.ghost_chosen.emit(ghost)
            return True
        if self._held is not None:
            pointer, self._held = self._held[1], None
            self.canvas.gesture.begin(self.canvas, pointer)
        if not self._button:
            return False
        pointer = self.pointer(event)
        self._button = ""
        self.canvas.gesture.end(self.canvas, pointer)
        return True

    def _drag(self, event: QDropEvent) -> bool:
        """A card of the palette over the canvas, or let go of: the gesture says whether it is welcome."""
        pointer = self.pointer_at(event.position(), event.modifiers())
        is_over = event.type() in (QEvent.Type.DragEnter, QEvent.Type.DragMove)
        answer = self.canvas.gesture.drag_over if is_over else self.canvas.gesture.drop
        if answer(self.canvas, pointer, event.mimeData()):
            event.acceptProposedAction()
        else:
            event.ignore()
        return True

    def _go_to_map(self, at: QPointF) -> None:
        um = self.canvas.overlay.minimap.to_um(at.x(), at.y())
        if um is not None:
            camera = self.canvas.camera
            self.canvas.go_to(type(camera)(um[0], um[1], camera.zoom))

    # ---- wheel and keys --------------------------------------------------------------------------

    def _wheel(self, event: QWheelEvent) -> bool:
        pixels, angle = event.pixelDelta(), event.angleDelta()
        is_touchpad = not pixels.isNull() and event.phase() != Qt.ScrollPhase.NoScrollPhase
        if is_touchpad and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.canvas.pan_by(pixels.x(), pixels.y())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.canvas.pan_by(angle.x() or angle.y(), 0.0)
        elif angle.y():
            self.canvas.zoom_by(STEP ** angle.y(), event.position(), animated=not is_touchpad)
        event.accept()
        return True

    def _pinch(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.canvas.zoom_by(1.0 + event.value(), event.position(), animated=False)
            return True
        return False

    def _key(self, event: QKeyEvent, *, is_press: bool) -> bool:
        canvas = self.canvas
        key = QKeySequence(event.key()).toString()
        if is_press and event.key() == Qt.Key.Key_Escape:
            self._button, self._held = "", None
            canvas.gesture.cancel(canvas)
            canvas.items.clear()
            canvas.touch()
            return True
        if canvas.gesture.key(canvas, key, is_press=is_press, repeats=event.isAutoRepeat()):
            return True
        if not is_press or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        moves = {
            Qt.Key.Key_Left: (NUDGE, 0.0),
            Qt.Key.Key_Right: (-NUDGE, 0.0),
            Qt.Key.Key_Up: (0.0, NUDGE),
            Qt.Key.Key_Down: (0.0, -NUDGE),
        }
        for arrow, step in moves.items():
            if event.key() == arrow:
                canvas.go_to(canvas.camera.panned(*step))
                return True
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            canvas.zoom_by(0.8 if event.key() == Qt.Key.Key_Minus else 1.25)
            return True
        return False
