"""Tiles side by side in the place of the canvas, drawn one after another so that nobody has to wait.

The pictures of many learners take long together.  So tiles take turns, a few at a time, and rest in between:
whatever else wants the processor, a race above all, gets the larger share of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from editor.abreast.grid import boxes
from editor.abreast.tile import FOOT, HEAD, Tile
from editor.window.focus import keeps_escape
from editor.window.style import keyboard_only
from editor.window.theme import Theme

FRAME = 33
"""Milliseconds between two drawings while something moves, at least."""
AT_ONCE = 0.012
"""Seconds after which the tiles that are left wait for the next turn."""
SHARE = 0.2
"""Share of its time the window may spend on these pictures."""
EDGE = 12


class Field(QWidget):
    """The room the tiles stand in."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class Pane(QWidget):
    """A title, a way back to the circuit, and tiles."""

    left = Signal()
    """Somebody wants the circuit back."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.tiles: list[Tile] = []
        self.clock: Callable[[], float] = time.perf_counter
        self._turn = 0
        self.title = QLabel(self)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.back = QPushButton("Back to the circuit", self)
        self.back.clicked.connect(self.left)
        keyboard_only(self.back)
        self.field = Field(self)
        self.field.resized.connect(self.place)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.back)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(EDGE, 8, EDGE, EDGE)
        self.box.setSpacing(8)
        self.box.addLayout(head)
        self.box.addWidget(self.field, 1)
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._draw)
        self.set_theme(theme)

    def fill(self, tiles: Sequence[Tile]) -> None:
        """Let these tiles stand here, in the place of those that did."""
        for tile in self.tiles:
            tile.hide()
            tile.deleteLater()
        self.tiles = list(tiles)
        for tile in self.tiles:
            tile.setParent(self.field)
            tile.show()
        self.place()

    def place(self) -> None:
        """Give every tile its place."""
        if not self.tiles:
            return
        size = self.field.size()
        shape = self.tiles[0].copy.shape
        for tile, box in zip(
            self.tiles, boxes(len(self.tiles), size.width(), size.height(), shape, HEAD + FOOT), strict=True
        ):
            left, top, wide, high = box
            x, y = round(left), round(top)
            tile.setGeometry(x, y, round(left + wide) - x, round(top + high) - y)
            tile.copy.is_stale = True
        self.wake()

    def wake(self) -> None:
        """Something is to be drawn."""
        if self.isVisible() and not self._timer.isActive():
            self._timer.start(0)

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours."""
        self.theme = theme
        self.title.setStyleSheet(f"color: {theme.text}; font-size: 14px; font-weight: 600")
        for tile in self.tiles:
            tile.copy.wear(theme)
            tile.update()
        self.wake()

    def _draw(self) -> None:
        """Draw tiles in turn, as many as there is time for; the rest, and what moves on, later."""
        now, begun = self.clock(), time.perf_counter()
        count = len(self.tiles)
        for k in range(count):
            tile = self.tiles[(self._turn + k) % count]
            if tile.copy.is_moving(now):
                tile.draw(now)
            if time.perf_counter() - begun > AT_ONCE:
                self._turn += k + 1
                break
        took = time.perf_counter() - begun
        if any(tile.copy.is_moving(now) for tile in self.tiles) and self.isVisible():
            self._timer.start(max(FRAME, round(1000.0 * took / SHARE)))

    # -- Qt ------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Escape is the pane's own: it brings the circuit back."""
        return keeps_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.wake()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)
