"""The curve of a rule as the inspector draws it: axes, lines, what up and down mean, the set point."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.inspector.curves import Curve, Line
from editor.window.style import field_ground, paint_ground, text_font, worn

HEIGHT, LEGEND = 118, 16
"""px; the legend of several lines is put on top."""
SWATCH, GAP = 12, 10
FLAT = 0.28
"""Share of the height below which there is no room for words on one side of zero."""


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
            self.setFixedHeight(HEIGHT + LEGEND * bool(self.legend))
            self.setAccessibleDescription(
                f"{curve.axes.across} from {curve.x[0]:.3g} to {curve.x[-1]:.3g}; "
                f"values {curve.low:.3g} to {curve.high:.3g} {curve.axes.unit}".rstrip()
            )
        self.update()

    @property
    def legend(self) -> tuple[Line, ...]:
        """The lines that have a name, one of each."""
        lines = self.curve.lines if self.curve is not None else ()
        return tuple({line.name: line for line in lines if line.name}.values())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.curve is None:
            return
        painter = QPainter(self)
        paint_ground(painter, self)
        painter.setFont(text_font(10))
        top = 10 + LEGEND * bool(self.legend)
        scale = _Scale(self.curve, QRectF(self.rect()).adjusted(12, top, -12, -22))
        runs = [scale.run(line) for line in self.curve.lines]
        self._axes(painter, scale)
        for line, run in reversed(list(zip(self.curve.lines, runs, strict=True))):
            self._line(painter, scale, line, run)
        self._legend(painter)
        self._foot(painter, scale)
        self._ends(painter, scale, runs)

    def _ink(self, line: Line) -> QColor:
        ink = QColor(getattr(worn(), line.tint or self.tint))
        ink.setAlphaF(line.shade)
        return ink

    def _axes(self, painter: QPainter, scale: _Scale) -> None:
        theme, box = worn(), scale.box
        curve = scale.curve
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(QPointF(box.left(), scale.zero), QPointF(box.right(), scale.zero))
        if curve.axes.is_two_sided:
            painter.drawLine(QPointF(scale.across(0.0), box.top()), QPointF(scale.across(0.0), box.bottom()))
        for x in curve.crossings:
            at = scale.across(x)
            painter.setPen(QPen(QColor(theme.muted), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(at, box.top()), QPointF(at, box.bottom()))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._ink(curve.lines[0]))
            painter.drawEllipse(QPointF(at, scale.zero), 3, 3)

    def _line(self, painter: QPainter, scale: _Scale, line: Line, run: QPolygonF) -> None:
        ink = self._ink(line)
        if len(scale.curve.lines) == 1:
            wash = QPainterPath(QPointF(run.first().x(), scale.zero))
            for point in run:
                wash.lineTo(point)
            wash.lineTo(QPointF(run.last().x(), scale.zero))
            faint = QColor(ink)
            faint.setAlphaF(0.13)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.fillPath(wash, faint)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(ink, 1.8, Qt.PenStyle.SolidLine, cap, join))
        painter.drawPolyline(run)

    def _legend(self, painter: QPainter) -> None:
        metrics = QFontMetricsF(painter.font())
        left = 14.0
        for line in self.legend:
            room = self.width() - 12 - left - SWATCH - 5
            text = metrics.elidedText(line.name, Qt.TextElideMode.ElideRight, room)
            painter.setPen(QPen(self._ink(line), 2.2))
            painter.drawLine(QPointF(left, 13), QPointF(left + SWATCH, 13))
            painter.setPen(QColor(worn().muted))
            left += SWATCH + 5
            painter.drawText(QRectF(left, 5, room, LEGEND), Qt.AlignmentFlag.AlignVCenter, text)
            left += metrics.horizontalAdvance(text) + GAP

    def _foot(self, painter: QPainter, scale: _Scale) -> None:
        curve, box, align = scale.curve, scale.box, Qt.AlignmentFlag
        metrics = QFontMetricsF(painter.font())
        painter.setPen(QColor(worn().muted))
        foot = QRectF(box.left(), box.bottom() + 3, box.width(), 16)
        first, last = (_number(end) * curve.axes.has_numbers for end in (curve.x[0], curve.x[-1]))
        painter.drawText(foot, align.AlignLeft | align.AlignVCenter, first)
        painter.drawText(foot, align.AlignRight | align.AlignVCenter, last)
        room = foot.width() - metrics.horizontalAdvance(first + last) - 2 * GAP
        said = [curve.axes.across]
        if curve.crossings:
            at = _number(curve.crossings[-1])
            said = [f"{said[0]} · {curve.axes.turn} {at}", f"{said[0]} · {at}", *said]
        fits = (text for text in said if metrics.horizontalAdvance(text) <= room)
        middle = next(fits, metrics.elidedText(said[-1], Qt.TextElideMode.ElideRight, room))
        foot.adjust(metrics.horizontalAdvance(first), 0, -metrics.horizontalAdvance(last), 0)
        painter.drawText(foot, align.AlignCenter, middle)

    def _ends(self, painter: QPainter, scale: _Scale, runs: list[QPolygonF]) -> None:
        """What the greatest and the least value are, where they hide the least of the lines."""
        axes, curve = scale.curve.axes, scale.curve
        plus = "+" if axes.down else ""
        up = f"{axes.up} {plus}{curve.high:.2g}" if curve.high > 0.0 and axes.up else ""
        down = f"{axes.down} −{-curve.low:.2g}" if curve.low < 0.0 and axes.down else ""
        share = -scale.low / (scale.high - scale.low)
        top, bottom = scale.box.top() - 4, scale.box.bottom() - 13
        is_flat = not axes.is_two_sided and not FLAT < share < 1.0 - FLAT
        if up and down and is_flat:  # no room for words on one side: together
            short = f"+{curve.high:.2g}, −{-curve.low:.2g}"
            said = [([f"{up}, {down} {axes.unit}", f"{short} {axes.unit}"], top if share < 0.5 else bottom)]
        else:
            said = [([f"{text} {axes.unit}"], at) for text, at in ((up, top), (down, bottom)) if text]
        obstacles = [point for run in runs for point in _dense(run)]
        height = range(int(scale.box.top()), int(scale.box.bottom()), 4)
        obstacles += [QPointF(scale.across(x), y) for x in curve.crossings for y in height]
        for texts, at in said:
            beside = max(scale.zero - 17, top) if at == top else min(scale.zero + 1, bottom)
            places = [place for text in texts for place in _places(painter, scale.box, text, at, beside)]
            text, place = min(places, key=lambda one: sum(one[1].contains(point) for point in obstacles))
            ground = QColor(field_ground(worn()))
            ground.setAlphaF(0.75)
            painter.fillRect(place.adjusted(-2, 2, 2, -2), ground)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)


def _places(painter: QPainter, box: QRectF, text: str, *heights: float) -> list[tuple[str, QRectF]]:
    """Where words could stand: at the right, the left and in the middle of these heights."""
    text = text.rstrip()
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 2
    left, right = box.left() + 2, box.right() - 2 - width
    return [(text, QRectF(x, y, width, 16)) for y in heights for x in (right, left, 0.5 * (left + right))]


def _number(value: float) -> str:
    return (f"{value:.0f}" if 1e3 <= abs(value) < 1e5 else f"{value:.3g}").replace("-", "−")


def _dense(run: QPolygonF) -> list[QPointF]:
    """The points of a line, without gaps in which a word could hide."""
    points = [run.at(i) for i in range(run.count())]
    return [
        a + (b - a) * (k / n)
        for a, b in pairwise(points)
        for n in [1 + int(abs(b.y() - a.y()) / 4)]
        for k in range(n)
    ]


class _Scale:
    """Where the values of a curve lie in a box of px."""

    def __init__(self, curve: Curve, box: QRectF) -> None:
        self.curve, self.box = curve, box
        self.low, self.high = min(curve.low, 0.0), max(curve.high, 0.0)
        self.zero = self.up(0.0)

    def across(self, x: float) -> float:
        first, last = float(self.curve.x[0]), float(self.curve.x[-1])
        return self.box.left() + (x - first) / (last - first) * self.box.width()

    def up(self, y: float) -> float:
        return self.box.bottom() - (y - self.low) / (self.high - self.low) * self.box.height()

    def run(self, line: Line) -> QPolygonF:
        """The line in px."""
        points = zip(self.curve.x, line.y, strict=True)
        return QPolygonF([QPointF(self.across(float(x)), self.up(float(y))) for x, y in points])
