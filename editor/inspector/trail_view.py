"""The weight of a synapse over the run, drawn small: where it was, where it is, between which bounds.

What only kept moments tell is dotted, a dot for each.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.inspector.history import Trail
from editor.transport.timeline import clock
from editor.window.style import paint_ground, text_font, worn

HEIGHT = 86
MOST_DOTS = 60
"""Kept moments that are drawn as a dot each."""


class TrailView(QWidget):
    """Draws a trail."""

    def __init__(self, trail: Trail, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.trail = trail
        self.unit = ""
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Weight over the run")

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = worn()
        painter = QPainter(self)
        paint_ground(painter, self)
        painter.setFont(text_font(10))
        painter.setPen(QColor(theme.muted))
        align = Qt.AlignmentFlag
        box = QRectF(self.rect()).adjusted(12, 10, -12, -20)
        before, was = self.trail.early
        t = np.concatenate([before, self.trail.t])
        w = np.abs(np.concatenate([was, self.trail.weight]))
        if len(t) < 2:
            painter.drawText(self.rect(), align.AlignCenter, "press play: its weight is drawn here")
            return
        low, high = float(w.min()), float(w.max())
        room = max(high - low, 1e-9 + 0.02 * high)
        xs = box.left() + (t - t[0]) / max(t[-1] - t[0], 1e-9) * box.width()
        share = (w - low) / room if high > low else np.full(len(w), 0.5)
        ys = box.bottom() - share * box.height()
        rises = w[-1] >= w[0]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        tint = QColor(theme.warm if rises else theme.cool)
        points = [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]
        if len(before):
            painter.setPen(QPen(QColor(theme.muted), 1.0, Qt.PenStyle.DotLine))
            painter.drawPolyline(QPolygonF(points[: len(before) + 1]))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.muted))
            for point in points[: len(before)] if len(before) <= MOST_DOTS else ():
                painter.drawEllipse(point, 1.8, 1.8)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(tint, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(QPolygonF(points[len(before) :]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawEllipse(points[-1], 3, 3)
        painter.setPen(QColor(theme.muted))
        foot = QRectF(box.left(), box.bottom() + 3, box.width(), 15)
        painter.drawText(foot, align.AlignLeft | align.AlignVCenter, clock(float(t[0])))
        painter.drawText(foot, align.AlignRight | align.AlignVCenter, clock(float(t[-1])))
        span = f"{low:.4g}" if high == low else f"{low:.4g} … {high:.4g}"
        painter.drawText(foot, align.AlignCenter, f"{span} {self.unit}")
