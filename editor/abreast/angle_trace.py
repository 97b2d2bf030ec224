"""The angle between two updates as a number, projection by projection, and as it went while one looked on."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.window.style import text_font, worn
from engine.live.insight import Updates

KEPT = 600
"""Looks that are remembered."""
HEIGHT = 104
NUMBER = 250
"""px of width that the numbers take."""
LOW, HIGH = 0.01, 180.0
MARKS = (0.1, 1.0, 10.0, 90.0)
"""Degrees, on an axis of equal ratios."""


class AngleTrace(QWidget):
    """A number, what it is made of, and its trace from look to look."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.angles: deque[float] = deque(maxlen=KEPT)
        self.seen: Updates | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("Angle between the update and the gradient")

    def sizeHint(self) -> QSize:
        return QSize(480, HEIGHT)

    def add(self, found: Updates) -> None:
        """One look more."""
        self.seen = found
        self.angles.append(found.angle)
        self.setAccessibleDescription(f"{found.angle:.3g} degrees; {'; '.join(self._parts())}")
        self.setToolTip("Over all forward synapses that learn; below it projection by projection")
        self.update()

    def clear(self) -> None:
        """Forget everything: another learner, or another race."""
        self.seen = None
        self.angles.clear()
        self.update()

    def _parts(self) -> list[str]:
        parts = self.seen.parts if self.seen is not None else ()
        return [f"{part.label} {said(part.angle)}" for part in parts]

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = worn()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(theme.panel))
            if self.seen is None:
                return
            painter.setFont(text_font(28, bold=True))
            painter.setPen(QColor(theme.text))
            painter.drawText(QRectF(12, 6, NUMBER, 38), Qt.AlignmentFlag.AlignVCenter, said(self.seen.angle))
            painter.setFont(text_font(11))
            painter.setPen(QColor(theme.muted))
            words = ["between the update and the gradient", *self._parts()]
            for k, text in enumerate(words[:4]):
                box = QRectF(12, 44 + 14.5 * k, NUMBER, 15)
                text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, NUMBER)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
            self._draw_trace(painter, QRectF(NUMBER + 56, 10, self.width() - NUMBER - 68, HEIGHT - 20))

    def _draw_trace(self, painter: QPainter, box: QRectF) -> None:
        theme = worn()
        if box.width() < 40:
            return
        known = np.array([a for a in self.angles if not math.isnan(a)] or [1.0])
        low = max(LOW, min(0.5, float(known.min()) / 1.5))
        span = math.log(HIGH / low)

        def height(angle: float) -> float:
            share = math.log(min(max(angle, low), HIGH) / low) / span
            return box.bottom() - share * box.height()

        for mark in MARKS:
            if mark > low:
                y = height(mark)
                painter.setPen(QPen(QColor(theme.line), 1.0))
                painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
                painter.setPen(QColor(theme.muted))
                flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
                painter.drawText(QRectF(box.left() - 50, y - 8, 44, 16), flags, f"{mark:g}\u00b0")
        step = box.width() / max(len(self.angles) - 1, 60)
        line = QPolygonF()
        painter.setPen(QPen(QColor(theme.accent), 1.6))
        for k, angle in enumerate(self.angles):
            if math.isnan(angle):
                painter.drawPolyline(line)
                line = QPolygonF()
            else:
                line.append(QPointF(box.left() + k * step, height(angle)))
        painter.drawPolyline(line)
        if line.size():
            painter.setBrush(QColor(theme.accent))
            painter.drawEllipse(line.at(line.size() - 1), 3.0, 3.0)


def said(angle: float) -> str:
    """An angle in words: "0.94\u00b0", "12.3\u00b0"; a dash where there is none."""
    if math.isnan(angle):
        return "-"
    if angle < 5e-4:
        return "0\u00b0"
    return f"{angle:.2g}\u00b0" if angle < 1.0 else f"{angle:.1f}\u00b0"
