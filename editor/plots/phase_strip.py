"""The phases a batch of patterns goes through, as a strip in their colours; the one done last stands out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.window.style import text_font, worn
from editor.window.theme import Theme

HEIGHT = 26


class PhaseStrip(QWidget):
    """Names and colours of the phases of one learner, from left to right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.phases: tuple[Any, ...] = ()
        self.now = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setMinimumWidth(186)
        self.setAccessibleName("Phases")

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def show_phases(self, phases: Sequence[Any], now: str) -> None:
        """Show these phases; `now` is the name of the one done last."""
        if (tuple(phases), now) != (self.phases, self.now):
            self.phases, self.now = tuple(phases), now
            self.setAccessibleDescription(f"{', '.join(p.name for p in phases)}; now {now or 'none'}")
            self.setToolTip(
                "\n".join(f"{p.name}: {p.does}{', targets held' if p.clamp else ''}" for p in self.phases)
            )
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.phases:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_phases(painter, worn(), QRectF(0, 3, self.width(), HEIGHT - 6), self.phases, self.now)


def draw_phases(painter: QPainter, theme: Theme, box: QRectF, phases: Sequence[Any], now: str) -> None:
    """Draw phases side by side in a box, with their names where there is room for them."""
    wide = box.width() / len(phases)
    small = text_font(11)
    painter.setFont(small)
    for place, phase in enumerate(phases):
        part = QRectF(box.left() + place * wide, box.top(), wide, box.height()).adjusted(1, 0, -1, 0)
        ink = QColor(phase.colour or theme.muted)
        is_now = phase.name == now
        ink.setAlphaF(0.95 if is_now else 0.28)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawRoundedRect(part, 4, 4)
        painter.setPen(QColor("#ffffff" if is_now else theme.text))
        name = painter.fontMetrics().elidedText(phase.name, Qt.TextElideMode.ElideRight, int(wide) - 6)
        painter.drawText(part, Qt.AlignmentFlag.AlignCenter, name)
