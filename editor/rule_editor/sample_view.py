"""Twenty inputs of one neuron under a rule that removes synapses: which stay, and when the others went."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from editor.rule_editor.rehearsal import POST_RATE, RATES, SHARES, Input, Sample, moment
from editor.window.style import paint_ground, text_font, worn

LEFT, FOOT, MOST = 76, 24, 280
SMALL, LARGE = 3.0, 9.0
"""Radii of the lightest and the heaviest input, px."""


class SampleView(QWidget):
    """Draws what `editor.rule_editor.rehearsal.sample` found."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sample: Sample | None = None
        self.ink = ""
        self.setMinimumHeight(170)
        self.setMaximumHeight(MOST)
        self.setAccessibleName("Twenty inputs of one neuron")
        self.hide()

    def show_sample(self, sample: Sample | None, ink: str) -> None:
        """Draw this sample in this colour (a token of the theme); None hides the picture."""
        self.sample, self.ink = sample, ink
        self.setAccessibleDescription(self.said())
        self.setVisible(sample is not None)
        self.update()

    def said(self) -> str:
        """What came of it, in words."""
        if self.sample is None:
            return ""
        one = self.sample
        lost = "none is lost" if one.left == len(one.inputs) else f"{one.left} of {len(one.inputs)} are left"
        return f"after {one.words} {lost}"

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = worn()
        with QPainter(self) as painter:
            paint_ground(painter, self)
            if self.sample is None:
                return
            box = QRectF(self.rect()).adjusted(LEFT, 10, -12, -FOOT)
            wide, high = box.width() / len(SHARES), box.height() / len(RATES)
            painter.setFont(text_font(10))
            for at, one in enumerate(self.sample.inputs):
                row, column = divmod(at, len(SHARES))
                place = QPointF(box.left() + (column + 0.5) * wide, box.top() + (row + 0.5) * high)
                self._input(painter, one, place, SHARES[column], min(wide, high))
            painter.setPen(QColor(theme.muted))
            for row, rate in enumerate(RATES):
                beside = QRectF(10, box.top() + row * high, LEFT - 20, high)
                name = f"{rate:g} Hz" if rate else "silent"
                painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, name)
            foot = QRectF(box.left(), box.bottom() + 2, box.width(), 16)
            middle = Qt.AlignmentFlag.AlignVCenter
            weights = [one.weight for one in self.sample.inputs[: len(SHARES)]]
            painter.drawText(foot, middle | Qt.AlignmentFlag.AlignLeft, f"light, {weights[0]:.3g}")
            painter.drawText(foot, middle | Qt.AlignmentFlag.AlignRight, f"heavy, {weights[-1]:.3g}")
            painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, f"the neuron fires at {POST_RATE:g} Hz")

    def _input(self, painter: QPainter, one: Input, middle: QPointF, share: float, room: float) -> None:
        """A disc for one that stays; a ring, and when it went, for one that is lost."""
        theme = worn()
        radius = min(SMALL + (LARGE - SMALL) * share, 0.35 * room)
        if one.lost is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(getattr(theme, self.ink, theme.accent)))
            painter.drawEllipse(middle, radius, radius)
            return
        painter.setPen(QPen(QColor(theme.muted), 1.2, Qt.PenStyle.DotLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, radius, radius)
        painter.setPen(QColor(theme.muted))
        beside = QRectF(middle.x() + radius + 3.0, middle.y() - 8.0, 60.0, 16.0)
        painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, moment(one.lost))
