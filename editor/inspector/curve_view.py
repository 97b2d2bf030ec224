"""The curve of a rule as the inspector draws it: axes, line, what up and down mean, the set point."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.inspector.curves import Curve
from editor.style import field_ground, text_font, worn

HEIGHT = 118


class CurveView(QWidget):
    """Draws one curve; follows its parameters while they are turned."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curve: Curve | None = None
        self.tint = "accent"
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Curve of the rule")

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    def show_curve(self, curve: Curve | None, tint: str = "accent") -> None:
        """Show another curve; None hides the view."""
        self.curve, self.tint = curve, tint
        self.setVisible(curve is not None)
        if curve is not None:
            low, high = float(curve.y.min()), float(curve.y.max())
            self.setAccessibleDescription(
                f"{curve.kind.across} from {curve.x[0]:.3g} to {curve.x[-1]:.3g}; "
                f"values {low:.3g} to {high:.3g}"
            )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.curve is None:
            return
        theme = worn()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(field_ground(theme)))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        box = QRectF(self.rect()).adjusted(12, 10, -12, -22)
        at = self._points(box)
        self._axes(painter, box, at)
        self._line(painter, at)
        self._words(painter, box)

    def _points(self, box: QRectF) -> QPolygonF:
        curve = self.curve
        assert curve is not None
        low, high = min(float(curve.y.min()), 0.0), max(float(curve.y.max()), 0.0)
        xs = box.left() + (curve.x - curve.x[0]) / (curve.x[-1] - curve.x[0]) * box.width()
        ys = box.bottom() - (curve.y - low) / (high - low) * box.height()
        self._zero = box.bottom() + low / (high - low) * box.height()
        self._x0 = box.left() + (0.0 - curve.x[0]) / (curve.x[-1] - curve.x[0]) * box.width()
        return QPolygonF([QPointF(float(x), float(y)) for x, y in zip(xs, ys, strict=True)])

    def _axes(self, painter: QPainter, box: QRectF, at: QPolygonF) -> None:
        theme = worn()
        curve = self.curve
        assert curve is not None
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(QPointF(box.left(), self._zero), QPointF(box.right(), self._zero))
        if curve.kind.is_two_sided:
            painter.drawLine(QPointF(self._x0, box.top()), QPointF(self._x0, box.bottom()))
        tint = QColor(getattr(theme, self.tint))
        for x in curve.crossings:
            px = box.left() + x / float(curve.x[-1]) * box.width()
            painter.setPen(QPen(QColor(theme.muted), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(px, box.top()), QPointF(px, box.bottom()))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            painter.drawEllipse(QPointF(px, self._zero), 3, 3)

    def _line(self, painter: QPainter, at: QPolygonF) -> None:
        theme = worn()
        tint = QColor(getattr(theme, self.tint))
        wash = QPainterPath(QPointF(at.first().x(), self._zero))
        for point in at:
            wash.lineTo(point)
        wash.lineTo(QPointF(at.last().x(), self._zero))
        faint = QColor(tint)
        faint.setAlphaF(0.13)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillPath(wash, faint)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(
            QPen(tint, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        painter.drawPolyline(at)

    def _words(self, painter: QPainter, box: QRectF) -> None:
        theme = worn()
        curve = self.curve
        assert curve is not None
        painter.setFont(text_font(10))
        painter.setPen(QColor(theme.muted))
        align = Qt.AlignmentFlag
        foot = QRectF(box.left(), box.bottom() + 3, box.width(), 16)
        painter.drawText(foot, align.AlignLeft | align.AlignVCenter, f"{curve.x[0]:.3g}")
        painter.drawText(foot, align.AlignRight | align.AlignVCenter, f"{curve.x[-1]:.3g}")
        middle = curve.kind.across
        if curve.crossings:
            middle += f" · set point {curve.crossings[-1]:.3g}"
        painter.drawText(foot, align.AlignCenter, middle)
        side = align.AlignLeft if _is_quiet(curve, left=True) else align.AlignRight
        if curve.y.max() > 0:
            painter.drawText(
                box.adjusted(2, -4, -2, 0), side | align.AlignTop, f"{curve.kind.up} +{curve.y.max():.2g}"
            )
        if curve.y.min() < 0 and curve.kind.down:
            side = align.AlignRight if side == align.AlignLeft else align.AlignLeft
            if not curve.kind.is_two_sided:
                side = align.AlignLeft
            text = f"{curve.kind.down} −{-curve.y.min():.2g}"
            painter.drawText(box.adjusted(2, 0, -2, 3), side | align.AlignBottom, text)


def _is_quiet(curve: Curve, *, left: bool) -> bool:
    """Whether a corner at the top is free of the line."""
    third = len(curve.x) // 3
    part = curve.y[:third] if left else curve.y[-third:]
    return bool(np.max(part) < 0.5 * np.max(curve.y))
