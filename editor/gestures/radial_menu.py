"""The menu around the pointer: what can be placed here, a flick away in each direction."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from editor.gestures.offers import Petal
from editor.window.focus import keeps_escape
from editor.window.theme import Theme

INNER, OUTER = 28.0, 106.0
"""px of the ring."""
BORDER = 56.0
"""px around the ring in which a petal is still chosen."""
GAP = 2.5
"""Degrees between two petals."""


class RadialMenu(QWidget):
    """Opens at a place of its parent; a click, or a release over a petal, chooses; Escape closes."""

    def __init__(self, parent: QWidget, theme: Theme, at: QPointF, petals: list[Petal]) -> None:
        super().__init__(parent)
        self.theme = theme
        self.petals = petals
        self.chosen = -1
        side = int(2 * (OUTER + BORDER))
        out = BORDER - 6.0  # how far its empty border may stand out of the parent
        x = min(max(at.x() - side / 2, -out), parent.width() - side + out)
        y = min(max(at.y() - side / 2, -out), parent.height() - side + out)
        self.setGeometry(int(x), int(y), side, side)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("What to place here")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.show()
        self.raise_()
        self.setFocus()

    @property
    def _middle(self) -> QPointF:
        return QPointF(self.width() / 2, self.height() / 2)

    def place_of(self, index: int) -> QPointF:
        """The middle of a petal, in the menu's own px."""
        angle = math.radians(self._angle(index))
        radius = 0.52 * (INNER + OUTER)
        return self._middle + QPointF(radius * math.cos(angle), radius * math.sin(angle))

    def _angle(self, index: int) -> float:
        return -90.0 + 360.0 * index / len(self.petals)

    def petal_at(self, at: QPointF) -> int:
        """The petal under a place, -1 for none."""
        away = at - self._middle
        if not INNER <= math.hypot(away.x(), away.y()) <= OUTER + BORDER:
            return -1
        share = (math.degrees(math.atan2(away.y(), away.x())) + 90.0) / 360.0 * len(self.petals)
        return round(share) % len(self.petals)

    def event(self, event: QEvent) -> bool:
        """Escape closes the menu and is not the window's."""
        return keeps_escape(event) or super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self.petal_at(event.position())
        if found != self.chosen:
            self.chosen = found
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.petal_at(event.position()) < 0:
            self.close()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._choose(self.petal_at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Tab):
            self.chosen = (self.chosen + 1) % len(self.petals)
            self.update()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Backtab):
            self.chosen = (self.chosen - 1) % len(self.petals)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.chosen)

    def focusOutEvent(self, event: object) -> None:
        self.close()

    def _choose(self, index: int) -> None:
        if index >= 0:
            petal = self.petals[index]
            self.close()
            petal.act()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(13)
        painter.setFont(font)
        width = 360.0 / len(self.petals)
        for index, petal in enumerate(self.petals):
            is_chosen = index == self.chosen
            fill = QColor(self.theme.accent if is_chosen else self.theme.panel)
            fill.setAlpha(245 if is_chosen else 232)
            painter.setPen(QPen(QColor(self.theme.line), 1.0))
            painter.setBrush(fill)
            painter.drawPath(self._petal(self._angle(index) - width / 2 + GAP / 2, width - GAP))
            at = self.place_of(index)
            painter.setPen(QColor(self.theme.panel if is_chosen else self.theme.text))
            painter.drawText(
                QRectF(at.x() - 44, at.y() - 18, 88, 36),
                int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap),
                petal.label,
            )
        painter.end()

    def _petal(self, begin: float, width: float) -> QPainterPath:
        middle = self._middle
        outer = QRectF(middle.x() - OUTER, middle.y() - OUTER, 2 * OUTER, 2 * OUTER)
        inner = QRectF(middle.x() - INNER, middle.y() - INNER, 2 * INNER, 2 * INNER)
        path = QPainterPath()
        path.arcMoveTo(outer, -begin)
        path.arcTo(outer, -begin, -width)
        path.arcTo(inner, -begin - width, width)
        path.closeSubpath()
        return path
