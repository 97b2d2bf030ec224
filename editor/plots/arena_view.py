"""The box seen from above: where each place drives an animal, the animals with their trails, and the goal."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.window.style import field_ground, text_font, worn
from engine.analysis.arena import EDGE, SPACING, places
from engine.live.outing import RADIUS, View

MARGIN = 10.0
ARROW = 3.2
"""How long an arrow is for synapses that all lead the same way, in distances between places."""


class ArenaView(QWidget):
    """Draws a view of the animals; a click or a drag says where the goal shall be."""

    moved = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.seen: View | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(170)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("The box; click where the reward shall be")

    def sizeHint(self) -> QSize:
        return QSize(300, 300)

    def show_view(self, seen: View) -> None:
        """Show another moment."""
        self.seen = seen
        self.update()

    def inks(self) -> list[str]:
        """A colour for each animal."""
        return list(worn().curves)

    def _scale(self) -> tuple[float, float, float]:
        """Px per unit, and where (0, 0) lies."""
        half = EDGE + 0.5 * SPACING
        unit = (min(self.width(), self.height()) - 2 * MARGIN) / (2 * half)
        return unit, self.width() / 2, self.height() / 2

    def _to_px(self, x: float, y: float) -> QPointF:
        unit, cx, cy = self._scale()
        return QPointF(cx + unit * x, cy - unit * y)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = worn()
        unit, cx, cy = self._scale()
        half = (EDGE + 0.5 * SPACING) * unit
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.line), 1.5))
            painter.setBrush(QColor(field_ground(theme)))
            painter.drawRoundedRect(QRectF(cx - half, cy - half, 2 * half, 2 * half), 6, 6)
            if self.seen is None or not self.seen.animals:
                return
            self._arrows(painter)
            goal = QColor(theme.sprout)
            goal.setAlphaF(0.28)
            painter.setPen(QPen(QColor(theme.sprout), 1.5))
            painter.setBrush(goal)
            painter.drawEllipse(self._to_px(*self.seen.goal), RADIUS * unit, RADIUS * unit)
            for ink, animal in reversed(list(zip(self.inks(), self.seen.animals, strict=False))):
                trail = QColor(ink)
                trail.setAlphaF(0.55)
                painter.setPen(QPen(trail, 1.4))
                painter.drawPolyline(QPolygonF([self._to_px(x, y) for x, y in animal.path.tolist()]))
                painter.setPen(QPen(QColor(theme.background), 1))
                painter.setBrush(QColor(ink))
                painter.drawEllipse(self._to_px(*animal.at), 5.5, 5.5)
            painter.setPen(QColor(theme.muted))
            painter.setFont(text_font(10))
            foot = QRectF(cx - half + 6, cy + half - 18, 2 * half - 12, 16)
            painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, "click: the reward moves there")

    def _arrows(self, painter: QPainter) -> None:
        """Where the synapses of each place of the learning animal lead."""
        theme = worn()
        assert self.seen is not None
        leanings = self.seen.animals[0].weights
        most = max(float(np.hypot(*leanings.T).max()), 1e-9)
        for (x, y), (dx, dy) in zip(places().tolist(), (ARROW * SPACING * leanings).tolist(), strict=True):
            strength = float(np.hypot(dx, dy)) / (ARROW * SPACING * most)
            ink = QColor(theme.excitatory)
            ink.setAlphaF(0.15 + 0.6 * strength)
            painter.setPen(QPen(ink, 1.2))
            tip = self._to_px(x + dx, y + dy)
            painter.drawLine(self._to_px(x, y), tip)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawEllipse(tip, 1.6, 1.6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._aim(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._aim(event)

    def _aim(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            unit, cx, cy = self._scale()
            at = event.position()
            x, y = (at.x() - cx) / unit, (cy - at.y()) / unit
            self.moved.emit(float(np.clip(x, -EDGE, EDGE)), float(np.clip(y, -EDGE, EDGE)))
