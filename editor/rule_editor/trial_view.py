"""The weight of test synapses over sixty pairs: a line per lag, dashed where no modulator comes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from editor.rule_editor.rehearsal import Trial
from editor.window.style import paint_ground, text_font, worn

NARROW, WIDE, APART = 96, 132, 14
"""Room for the names of the lines, with one weight and with two, and the least distance of two, px."""


class TrialView(QWidget):
    """Draws what `editor.rule_editor.rehearsal.trial` found."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: dict[float, Trial] = {}
        self.without: dict[float, Trial] = {}
        self.setMinimumHeight(150)
        self.setAccessibleName("Sixty pairs")

    def show_lines(self, lines: Mapping[float, Trial], without: Mapping[float, Trial]) -> None:
        """Times (s) and weights (share of the largest) by lag (ms), and the same without modulators."""
        self.lines, self.without = dict(lines), dict(without)
        self.setAccessibleDescription(f"weight after sixty pairs: {'; '.join(map(self.said, lines))}")
        self.setVisible(bool(lines))
        self.update()

    def said(self, lag: float) -> str:
        """How the pairs of a lag end, in words."""
        text = f"{lag:+g} ms  {self.lines[lag][1][-1]:.2f}".replace("-", "\u2212")
        return f"{text}, else {self.without[lag][1][-1]:.2f}" if lag in self.without else text

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = worn()
        with QPainter(self) as painter:
            paint_ground(painter, self)
            box = QRectF(self.rect()).adjusted(12, 12, -(WIDE if self.without else NARROW), -24)
            painter.setPen(QPen(QColor(theme.line), 1, Qt.PenStyle.DashLine))
            middle = box.center().y()
            painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))
            painter.setFont(text_font(10))
            names: list[float] = []
            for ink, (lag, line) in zip(
                (theme.warm, theme.cool, theme.muted), self.lines.items(), strict=False
            ):
                if lag in self.without:
                    self._line(painter, box, self.without[lag], ink, Qt.PenStyle.DashLine)
                y = self._line(painter, box, line, ink, Qt.PenStyle.SolidLine)
                while any(abs(y - other) < APART for other in names):
                    y += APART
                names.append(y)
                painter.drawText(QPointF(box.right() + 6, min(y + 4, box.bottom() + 16)), self.said(lag))
            painter.setPen(QColor(theme.muted))
            foot = QRectF(box.left(), box.bottom() + 4, box.width(), 16)
            middle_of = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(foot, middle_of | Qt.AlignmentFlag.AlignLeft, "0")
            painter.drawText(foot, middle_of | Qt.AlignmentFlag.AlignRight, "60 s")
            painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, "weight, from half to its bounds")

    @staticmethod
    def _line(painter: QPainter, box: QRectF, line: Trial, ink: str, style: Qt.PenStyle) -> float:
        """One line; returns the height at which it ends."""
        when, weight = line
        xs = box.left() + when / max(when[-1], 1e-9) * box.width()
        ys = box.bottom() - np.clip(weight, 0.0, 1.0) * box.height()
        colour = QColor(ink)
        colour.setAlphaF(1.0 if style == Qt.PenStyle.SolidLine else 0.75)
        painter.setPen(QPen(colour, 1.8 if style == Qt.PenStyle.SolidLine else 1.2, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(
            QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)])
        )
        return float(ys[-1])
