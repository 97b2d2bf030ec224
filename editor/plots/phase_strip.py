"""The phases a batch of patterns goes through, as a strip in their colours; the one done last stands out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.style import text_font, worn

HEIGHT = 26


class PhaseStrip(QWidget):
    """Names and colours of the phases of one learner, from left to right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.phases: tuple[Any, ...] = ()
        self.now = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
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
        theme = worn()
        wide = self.width() / len(self.phases)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(text_font(11))
            for place, phase in enumerate(self.phases):
                box = QRectF(place * wide, 3, wide, HEIGHT - 6).adjusted(1, 0, -1, 0)
                ink = QColor(phase.colour or theme.muted)
                is_now = phase.name == self.now
                ink.setAlphaF(0.95 if is_now else 0.28)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(ink)
                painter.drawRoundedRect(box, 4, 4)
                painter.setPen(QColor("#ffffff" if is_now else theme.text))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, phase.name)
