"""What stands in the middle of the window: the start page, the canvas, or an example beside its control."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from editor.window.style import named, worn
from editor.window.theme import Theme

if TYPE_CHECKING:
    from editor.drawing.workbench import Workbench
    from editor.gallery.catalogue import Example
    from editor.gallery.start_page import Known


class Middle(QStackedWidget):
    """Holds the canvas and what may stand in its place or float over it; heavy parts are made when wanted."""

    wanted = Signal(str, str)
    """What the start page asks for: a kind, and a name or a path."""
    pointed = Signal(object)
    """The circuit of the start page that somebody points at, None when nobody does."""
    ghost = Signal(str)
    """An action that the canvas offers was chosen."""
    hint = Signal(str)
    """What click and drag do, when the canvas knows better than the tool."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "heart")
        self.canvas: Any = None
        self.start_page: Any = None
        self.beside: Any = None
        """An example with its control, while they are shown."""
        self.staged: Any = None
        """What stands in the place of the canvas for as long as somebody wants it; it has a signal `left`."""
        self.card: Any = None
        """The card that floats over the canvas: the tour, or what an example is about."""

    @property
    def shows_start(self) -> bool:
        """Whether the start page can be seen."""
        return self.start_page is not None and self.currentWidget() is self.start_page

    @property
    def shows_canvas(self) -> bool:
        """Whether the canvas can be seen."""
        return self.canvas is not None and self.currentWidget() is self.canvas

    def bring_canvas(self, bench: Workbench) -> Any:
        """Make the canvas; numba comes with it, so after the window can be seen."""
        from editor.canvas.widget import CanvasWidget
        from editor.gestures.hands import Hands

        self.canvas = CanvasWidget(worn(), self)
        self.canvas.gesture = Hands(bench)
        self.canvas.ghost_chosen.connect(self.ghost)
        self.addWidget(self.canvas)
        if self.start_page is None:
            self.show_canvas()
        return self.canvas

    def show_canvas(self) -> None:
        """Bring the canvas to the front and give it the keys."""
        self.end_beside()
        self.leave_stage()
        if self.canvas is not None:
            self.setCurrentWidget(self.canvas)
            self.canvas.setFocus()

    def show_start(self, recent: list[str], recovered: Sequence[Known] = (), behind: str = "") -> None:
        """Bring the start page to the front, with the files one worked on and what a crash left behind.

        `behind` is the circuit that is open and can be gone back to, if there is one.
        """
        from editor.gallery.start_page import Known, StartPage

        self.end_beside()
        self.leave_stage()
        known = [*recovered, *(Known(path, Path(path).stem) for path in recent)]
        if self.start_page is None:
            self.start_page = StartPage(worn(), known, self)
            self.start_page.wanted.connect(self.wanted)
            self.start_page.pointed.connect(self.pointed)
            self.addWidget(self.start_page)
        else:
            self.start_page.set_known(known)
        self.start_page.show_behind(behind)
        self.setCurrentWidget(self.start_page)

    def leave_start(self) -> bool:
        """Have the canvas back from the start page; whether that was shown."""
        was_shown = self.shows_start
        if was_shown:
            self.show_canvas()
        return was_shown

    def show_tour(self) -> None:
        """Begin the first steps, on a card over the canvas."""
        from editor.gallery.overlay import TourCard

        if self.canvas is not None:
            self._float(TourCard(worn(), self.canvas))

    def show_example(self, example: Example | None) -> None:
        """Say what the example on the canvas is about; None takes the card away."""
        self._float(None)
        if example is not None and self.canvas is not None:
            from editor.gallery.overlay import ExampleCard

            card = ExampleCard(example, worn(), self.canvas)
            card.wants_control.connect(self.show_control)
            if self.canvas.spans:
                card.fold.setChecked(True)
            self._float(card)

    def show_card(self, card: Any) -> None:
        """Let a card float over the canvas in place of the one that does."""
        self._float(card)

    def show_control(self, name: str) -> None:
        """Show an example with its mechanism and without, side by side."""
        from editor.gallery import catalogue
        from editor.gallery.side_by_side import SideBySide

        self.end_beside()
        self.leave_stage()
        self.beside = SideBySide(catalogue.find(name), worn(), self)
        self.beside.closed.connect(self.show_canvas)
        self.addWidget(self.beside)
        self.setCurrentWidget(self.beside)
        self.beside.start()

    def stage(self, widget: Any) -> None:
        """Let a widget stand in the place of the canvas; None brings the canvas back.

        It belongs to whoever stages it; its signal `left` says that somebody went back, by whatever route.
        """
        before, self.staged = self.staged, widget
        if before is not None:
            self.removeWidget(before)
        if widget is not None:
            self.end_beside()
            self.addWidget(widget)
            self.setCurrentWidget(widget)
            widget.setFocus()
        elif before is not None and self.canvas is not None:
            self.setCurrentWidget(self.canvas)
            self.canvas.setFocus()

    def leave_stage(self) -> bool:
        """Have the canvas back from what stands in its place; whether anything did."""
        if self.staged is None:
            return False
        self.staged.left.emit()
        return True

    def leave_beside(self) -> bool:
        """Have the circuit back from an example beside its control; whether that was shown."""
        was_shown = self.beside is not None
        if was_shown:
            self.beside.leave()
        return was_shown

    def end_beside(self) -> None:
        """End the two engines of an example and its control, if they run."""
        beside, self.beside = self.beside, None
        if beside is not None:
            beside.close_both()
            self.removeWidget(beside)
            beside.deleteLater()

    def look(self, network: Any, frame: Any = None) -> None:
        """Something changed: the tour may go on."""
        if self.card is not None and hasattr(self.card, "look"):
            self.card.look(network, frame)

    def look_at_training(self) -> None:
        """Something is trained: the card makes room."""
        if self.card is not None and hasattr(self.card, "begin"):
            self.card.begin()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours."""
        from editor.gallery.overlay import FloatingCard

        panels = self.canvas.findChildren(FloatingCard) if self.canvas is not None else []
        for each in (self.canvas, self.start_page, self.beside, self.card, *panels):
            if each is not None:
                each.set_theme(theme)

    def keep_view(self, layout: dict[str, Any]) -> None:
        """Write where the canvas looks into a layout."""
        if self.canvas is not None:
            camera = self.canvas.camera
            layout["camera"] = {"x": camera.x, "y": camera.y, "zoom": camera.zoom}

    def take_view(self, layout: Mapping[str, Any]) -> None:
        """Look where a layout says, at everything where it says nothing that makes sense."""
        if self.canvas is None:
            return
        from editor.canvas.laid_out import insets_of, spans

        self.canvas.insets[:] = list(insets_of(layout))
        self.show_notes(layout)
        self.canvas.spans = spans(layout)
        kept = layout.get("camera")
        try:
            x, y, zoom = (float(kept[name]) for name in ("x", "y", "zoom"))  # type: ignore[index]
        except (KeyError, TypeError, ValueError):
            x = y = zoom = 0.0
        if abs(x) < 1e9 and abs(y) < 1e9 and 1e-6 < zoom < 1e6:
            self.canvas.go_to(type(self.canvas.camera)(x, y, zoom), animated=False)
        else:
            self.canvas.fit(animated=False)

    def show_notes(self, layout: Mapping[str, Any]) -> None:
        """Pin the notes of a layout to the canvas."""
        from editor.gestures.noting import notes_of

        if self.canvas is not None:
            self.canvas.scene.notes[:] = notes_of(layout)
            self.canvas.touch()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.card is not None and self.card.isVisible():
            self.card.place()
            if hasattr(self.card, "make_fit"):
                self.card.make_fit()
            self._make_room()

    def _make_room(self) -> None:
        """Let the circuit be seen beside an open card, where there is width for both."""
        from editor.gallery.overlay import MARGIN, has_room_beside

        card, canvas = self.card, self.canvas
        if canvas is None:
            return
        is_there = card is not None and card.corner == "top left"
        is_open = is_there and not card.is_folded
        left = card.width() + float(MARGIN) if is_open else 0.0
        canvas.chrome.left = left if is_open and has_room_beside(card, canvas) else 0.0
        folded = is_there and card.is_folded
        corner = (float(card.geometry().right()), float(card.geometry().bottom())) if folded else (0.0, 0.0)
        canvas.chrome.corner = corner
        canvas.make_room(canvas.chrome.left, corner, animated=self.shows_canvas)

    def _float(self, card: Any) -> None:
        before, self.card = self.card, card
        if before is not None:
            before.hide()
            before.deleteLater()
        if self.canvas is not None:  # a card in the place of the title says it instead
            self.canvas.chrome.titled = card is None or card.corner != "top left"
            self.canvas.chrome.ghosts = card is None  # it offers its own first thing to do, over theirs
            self.canvas.touch()
        if card is not None:
            card.closed.connect(self._drop_card)
            card.show()
            card.place()
            card.raise_()
            if hasattr(card, "folded"):
                card.folded.connect(self._make_room)
        self._make_room()

    def _drop_card(self) -> None:
        self._float(None)
