"""Gain fields as physiologists draw them: nine circles a neuron, one for each position of the eye.

Two rows: before anything was learned, and now.  A neuron that hardly moves with the eye is pale.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.plots.training_views import MODULATED
from editor.window.style import text_font, worn
from engine.analysis.ledger.learning import GainField

LEFT, FOOT = 112.0, 15.0
"""Px: width of the names of the rows, and height of the number below a neuron."""
NARROW = 32.0
"""Px a neuron needs for its number to be written."""
ROWS = ("before learning", "now")


class GainFields(QWidget):
    """Draws the gain fields of the hidden neurons of one learner."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: tuple[dict[int, GainField], dict[int, GainField]] = ({}, {})
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(112)
        self.setAccessibleName("Gain fields before learning and now")
        self.setToolTip(
            "Each neuron at its best retinal place, the eye at nine positions; the number is how much of it "
            "a plane over eye position explains (R\u00b2)."
        )

    def sizeHint(self) -> QSize:
        return QSize(480, 180)

    def show_fields(self, before: Sequence[GainField], now: Sequence[GainField]) -> None:
        """Draw these."""
        self.fields = ({f.neuron: f for f in before}, {f.neuron: f for f in now})
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        neurons = sorted({*self.fields[0], *self.fields[1]})
        if not neurons:
            return
        high = self.height() / len(ROWS)
        wide = (self.width() - LEFT - 8) / len(neurons)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(text_font(11.5))
            for row, (name, fields) in enumerate(zip(ROWS, self.fields, strict=True)):
                painter.setPen(QColor(worn().muted))
                head = QRectF(8, row * high, LEFT - 12, high - FOOT)
                painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, name)
                for column, neuron in enumerate(neurons):
                    if neuron in fields:
                        box = QRectF(LEFT + column * wide, row * high + 4, wide, high - 8)
                        self._field(painter, fields[neuron], box)

    @staticmethod
    def _field(painter: QPainter, field: GainField, box: QRectF) -> None:
        theme = worn()
        is_moved = field.span > MODULATED
        ink = QColor(theme.excitatory if is_moved else theme.neutral)
        ink.setAlphaF(1.0 if is_moved else 0.4)
        pitch = min((box.height() - FOOT) / 3, box.width() / 3.6)
        middle = QPointF(box.center().x(), box.top() + (box.height() - FOOT) / 2)
        for at, rate in enumerate(field.rates.tolist()):
            place = middle + QPointF((at // 3 - 1) * pitch, (1 - at % 3) * pitch)
            painter.setPen(QPen(QColor(theme.line), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(place, 0.46 * pitch, 0.46 * pitch)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            size = 0.46 * pitch * min(max(rate, 0.0), 1.0) ** 0.5
            painter.drawEllipse(place, size, size)
        if box.width() < NARROW:
            return
        painter.setPen(QColor(theme.text if is_moved else theme.muted))
        foot = QRectF(box.left(), middle.y() + 1.6 * pitch, box.width(), FOOT)
        text = f"{field.planar:.2f}" if is_moved else "-"
        painter.drawText(foot, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)
