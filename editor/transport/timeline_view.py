"""The strip of time: births above, deaths below, runs as a band; drag to look back, release to go there."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from editor.transport.timeline import Timeline, clock, short_time, tick_step
from editor.window.style import field_ground, text_font, worn
from editor.window.theme import blend

MARGIN = 8
BINS = 3
"""px per bar of births and deaths."""


class TimelineView(QWidget):
    """Shows a `Timeline`; scrubbing asks for moments, it does not make them."""

    looked = Signal(float)
    """The pointer is held at this time (ms): show that moment."""
    settled = Signal(float)
    """The pointer was released here: continue from this time."""

    def __init__(self, timeline: Timeline, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.timeline = timeline
        self.held: float | None = None
        self._hover: float | None = None
        self._painted = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumWidth(120)
        self.setFixedHeight(40)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Timeline of the run")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(400, 40)

    def refresh(self) -> None:
        """Repaint if something has happened since."""
        if self.timeline.version != self._painted:
            self._painted = self.timeline.version
            self.update()

    def _x(self, t: float) -> float:
        return MARGIN + t / self.timeline.span() * (self.width() - 2 * MARGIN)

    def _t(self, x: float) -> float:
        share = (x - MARGIN) / max(self.width() - 2 * MARGIN, 1)
        return min(max(share, 0.0) * self.timeline.span(), self.timeline.furthest)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = worn()
        line = self.timeline
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 2.5, -0.5, -2.5)
        painter.setPen(QPen(QColor(theme.accent if self.hasFocus() else theme.line), 1))
        painter.setBrush(QColor(field_ground(theme)))
        painter.drawRoundedRect(frame, 7, 7)
        axis = 18.0
        self._runs(painter, axis)
        self._bars(painter, axis)
        self._marks(painter)
        if self._hover is not None and self.held is None:
            painter.setPen(QPen(QColor(theme.muted), 1, Qt.PenStyle.DotLine))
            x = self._x(self._hover)
            painter.drawLine(QPointF(x, 5), QPointF(x, self.height() - 5))
        if line.furthest == 0.0:
            painter.setPen(QColor(theme.muted))
            painter.setFont(text_font(11))
            words = "The run will be drawn here: births, deaths, pauses. Drag to go back."
            text = painter.fontMetrics().elidedText(
                words, Qt.TextElideMode.ElideRight, int(frame.width()) - 24
            )
            painter.drawText(frame.adjusted(14, 0, -6, 0), Qt.AlignmentFlag.AlignVCenter, text)
        self._head(painter)

    def _runs(self, painter: QPainter, axis: float) -> None:
        theme = worn()
        line = self.timeline
        painter.setPen(Qt.PenStyle.NoPen)
        if line.furthest > line.t:  # what was given up, or is still ahead while one looks back
            painter.setBrush(QColor(blend(field_ground(theme), theme.muted, 0.25)))
            painter.drawRect(QRectF(self._x(line.t), axis - 1, self._x(line.furthest) - self._x(line.t), 2))
        ground = QColor(blend(field_ground(theme), theme.accent, 0.75))
        for i, (start, stop) in enumerate(line.runs):
            painter.setBrush(ground)
            left, right = self._x(start), self._x(stop)
            painter.drawRect(QRectF(left + (0.8 if i else 0), axis - 1.5, max(right - left - 0.8, 0.8), 3))

    def _bars(self, painter: QPainter, axis: float) -> None:
        theme = worn()
        line = self.timeline
        bins = max((self.width() - 2 * MARGIN) // BINS, 1)
        painter.setPen(Qt.PenStyle.NoPen)
        for times, colour, side in ((line.births, theme.sprout, -1), (line.deaths, theme.retracting, 1)):
            if not len(times):
                continue
            counts = times.binned(line.span(), bins)
            top = counts.max()
            painter.setBrush(QColor(colour))
            for i in counts.nonzero()[0].tolist():
                tall = 2.5 + 7.5 * (counts[i] / top) ** 0.5
                y = axis - 2.5 - tall if side < 0 else axis + 2.5
                painter.drawRect(QRectF(MARGIN + i * BINS, y, BINS - 0.8, tall))

    def _marks(self, painter: QPainter) -> None:
        if self.timeline.furthest == 0.0:
            return
        theme = worn()
        span = self.timeline.span()
        step = tick_step(span, self.width() - 2 * MARGIN)
        painter.setFont(text_font(9))
        t = step
        while t < span:
            x = self._x(t)
            painter.setPen(QPen(QColor(theme.line), 1))
            painter.drawLine(QPointF(x, 30), QPointF(x, 33))
            painter.setPen(QColor(theme.muted))
            box = QRectF(x - 66, 27, 62, 10)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, short_time(t, step)
            )
            t += step

    def _head(self, painter: QPainter) -> None:
        theme = worn()
        t = self.timeline.t if self.held is None else self.held
        x = self._x(t)
        painter.setPen(QPen(QColor(theme.text), 1.4))
        painter.drawLine(QPointF(x, 5), QPointF(x, self.height() - 5))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.text))
        painter.drawPolygon(QPolygonF([QPointF(x - 5, 3), QPointF(x + 5, 3), QPointF(x, 9.5)]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.timeline.furthest > 0:
            self._hold(self._t(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        t = self._t(event.position().x())
        self._hover = t
        if self.held is not None:
            self._hold(t)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._let_go()

    def leaveEvent(self, event: object) -> None:
        self._hover = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}
        if event.key() in keys and self.timeline.furthest > 0:
            start = self.timeline.t if self.held is None else self.held
            t = start + keys[Qt.Key(event.key())] * self.timeline.span() / 200.0
            self._hold(min(max(t, 0.0), self.timeline.furthest))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._let_go()
        else:
            super().keyPressEvent(event)

    def _hold(self, t: float) -> None:
        self.held = t
        self.looked.emit(t)
        self.update()

    def give_up(self) -> bool:
        """Let go without going anywhere; whether a moment was held."""
        was_held, self.held = self.held is not None, None
        self.update()
        return was_held

    def _let_go(self) -> None:
        if self.held is not None:
            t, self.held = self.held, None
            self.settled.emit(t)
            self.update()

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            t = self._t(event.pos().x())
            around = self.timeline.span() / max(self.width(), 1) * 4
            born = self.timeline.births.near(t - around, t + around)
            died = self.timeline.deaths.near(t - around, t + around)
            happened = f": {born} born, {died} pruned" if born or died else ""
            QToolTip.showText(event.globalPos(), f"{clock(t)}{happened}", self)
            return True
        return super().event(event)  # type: ignore[arg-type]
