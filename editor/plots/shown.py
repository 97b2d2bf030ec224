"""A pattern as it is shown to a network, the answer beside the target, and the share right of each class."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.window.style import text_font, worn
from editor.window.theme import Theme
from engine.counting import counted
from engine.live.insight import Insight, Shown

HEIGHT, SIDE, HEAD, LOW = 118, 82, 15, 10
"""Of the whole, of the picture, of the headings above and of the names below, px."""
FEWEST = 9
"""Inputs that are drawn as a square when their number is one; fewer are bars."""


class ShownPattern(QWidget):
    """Input at the left, answer and target at the right; by class below where there are classes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.insight: Insight | None = None
        self.judged = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("The pattern shown, and the answer")

    def sizeHint(self) -> QSize:
        return QSize(280, HEIGHT)

    def show_insight(self, insight: Insight | None, judged: str) -> None:
        """Draw this; None for nothing yet."""
        if insight is self.insight and judged == self.judged:
            return
        self.insight, self.judged = insight, judged
        self.setAccessibleDescription(self.said())
        self.setToolTip(self.said())
        self.update()

    def said(self) -> str:
        """The same in words."""
        seen = self.insight.shown if self.insight is not None else None
        if seen is None or seen.answer.ndim > 1:
            if seen is None:
                return ""
            at = f", at step {seen.ticks}" if seen.ticks else ""
            if seen.spikes is None:
                return f"a stream of {counted(len(seen.answer), 'step')}{at}"
            hertz = 1000.0 * float(seen.spikes.mean())
            return f"a stream of {len(seen.answer)} ms{at}; {hertz:.0f} spikes a second and neuron"
        if self.judged == "class":
            said, meant = int(np.argmax(seen.answer)), int(np.argmax(seen.target))
            words = f"says {said}, should say {meant}"
            assert self.insight is not None
            for which, share in enumerate(self.insight.classes):
                words += f"\n{which}: {_percent(share)} right"
            return words
        pairs = zip(seen.answer[:12], seen.target[:12], strict=True)
        return "\n".join(f"says {answer:.2f}, should say {target:.2f}" for answer, target in pairs)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = worn()
        seen = self.insight.shown if self.insight is not None else None
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(text_font(10.5))
            if seen is None:
                painter.setPen(QColor(theme.muted))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Train, or step a phase")
                return
            self._paint(painter, theme, seen)

    def _paint(self, painter: QPainter, theme: Theme, seen: Shown) -> None:
        assert self.insight is not None
        left = QRectF(0, HEAD, SIDE, SIDE)
        right = QRectF(SIDE + 16, HEAD, self.width() - SIDE - 18, SIDE)
        _heading(painter, theme, left, "shown" if seen.spikes is None else "spikes within")
        _heading(painter, theme, right, self._verdict(seen))
        if seen.answer.ndim > 1:
            if seen.spikes is not None:
                _raster(painter, left, seen.spikes, theme.text)
            else:
                _curves(painter, left, seen.inputs, theme.muted)
            _curves(painter, right, seen.target, theme.muted)
            _curves(painter, right, seen.answer, theme.accent)
            if seen.ticks:
                painter.setPen(QPen(QColor(theme.warning), 1.0))
                for box in (left, right):
                    x = box.left() + (seen.ticks - 1) / max(len(seen.answer) - 1, 1) * box.width()
                    painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
            return
        side = math.isqrt(seen.inputs.size)
        if side * side == seen.inputs.size >= FEWEST:
            painter.drawImage(left, grid(seen.inputs.reshape(side, side), theme))
        else:
            _bars(painter, left, seen.inputs, theme.accent)
        shares = self.insight.classes
        above = right.adjusted(0, 0, 0, -34) if shares else right
        names = [str(k) for k in range(seen.answer.size)] if shares else []
        _answers(painter, theme, above, seen, names)
        if shares:
            below = QRectF(right.left(), right.bottom() - 18, right.width(), 18)
            _bars(painter, below, np.nan_to_num(np.array(shares)), theme.good, top=1.0)
            name = QRectF(right.left(), right.bottom() + 1, right.width(), HEIGHT - right.bottom() - 1)
            painter.setPen(QColor(theme.muted))
            painter.drawText(name, Qt.AlignmentFlag.AlignLeft, "share right of each")

    def _verdict(self, seen: Shown) -> str:
        if seen.answer.ndim > 1:
            return "answer over target"
        if self.judged != "class":
            return "answer, and target \u2013"
        said, meant = int(np.argmax(seen.answer)), int(np.argmax(seen.target))
        return f"says {said} \u2713" if said == meant else f"says {said}, should say {meant}"


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{100 * share:.0f} %"


def grid(values: NDArray[np.float64], theme: Theme) -> QImage:
    """Values from 0 (or the least below it) to the largest as a picture, a pixel each, from ground to ink."""
    low, high = min(0.0, float(values.min())), max(float(values.max()), 1e-12)
    share = np.clip((values - low) / (high - low), 0.0, 1.0)[:, :, None]
    ends = [QColor(theme.panel_raised), QColor(theme.text)]
    one, two = (np.array([c.red(), c.green(), c.blue()], np.float64) for c in ends)
    pixels = np.ascontiguousarray(np.round(one + share * (two - one)), np.uint8)
    high_, wide = values.shape
    return QImage(pixels.tobytes(), wide, high_, 3 * wide, QImage.Format.Format_RGB888).copy()


def _heading(painter: QPainter, theme: Theme, box: QRectF, text: str) -> None:
    painter.setPen(QColor(theme.muted))
    painter.drawText(QRectF(box.left(), 0, box.width(), HEAD), Qt.AlignmentFlag.AlignLeft, text)


def _slots(box: QRectF, count: int) -> list[QRectF]:
    wide = box.width() / max(count, 1)
    gap = min(2.0, wide * 0.2)
    return [
        QRectF(box.left() + k * wide + gap / 2, box.top(), wide - gap, box.height()) for k in range(count)
    ]


def _bars(
    painter: QPainter, box: QRectF, values: NDArray[np.float64], ink: str, top: float | None = None
) -> None:
    """Bars from 0, which lies at the foot, or in the middle where some are below it."""
    reach = top or max(float(np.abs(values).max(initial=0.0)), 1e-12)
    is_signed = bool((values < 0).any())
    zero = box.center().y() if is_signed else box.bottom()
    tall = box.height() * (0.5 if is_signed else 1.0)
    ground = QColor(worn().panel_raised)
    painter.setPen(Qt.PenStyle.NoPen)
    for slot, value in zip(_slots(box, values.size), values, strict=True):
        painter.fillRect(slot, ground)
        high = tall * float(np.clip(value / reach, -1.0, 1.0))
        painter.fillRect(QRectF(slot.left(), zero - max(high, 0.0), slot.width(), abs(high)), QColor(ink))


def _answers(painter: QPainter, theme: Theme, box: QRectF, seen: Shown, names: list[str]) -> None:
    """A bar for each answer with a line across where the target lies."""
    inner = box.adjusted(0, 1, 0, -LOW - 2) if names else box
    low = min(0.0, float(seen.target.min()), float(seen.answer.min()) * 0.5)
    high = max(1.0, float(seen.target.max()))
    scale = inner.height() / (high - low)

    def at(value: float) -> float:
        return inner.bottom() - (min(max(value, low), high) - low) * scale

    for k, slot in enumerate(_slots(inner, seen.answer.size)):
        painter.fillRect(slot, QColor(theme.panel_raised))
        zero, top = at(0.0), at(float(seen.answer[k]))
        bar = QRectF(slot.left(), min(zero, top), slot.width(), max(abs(zero - top), 1.0))
        painter.fillRect(bar, QColor(theme.accent))
        painter.setPen(QPen(QColor(theme.warning), 2.0))
        y = min(max(at(float(seen.target[k])), inner.top() + 1.0), inner.bottom() - 1.0)
        painter.drawLine(QPointF(slot.left(), y), QPointF(slot.right(), y))
        if names:
            painter.setPen(QColor(theme.muted))
            name = QRectF(slot.left(), inner.bottom() + 1, slot.width(), LOW + 3)
            painter.drawText(name, Qt.AlignmentFlag.AlignCenter, names[k])


def _raster(painter: QPainter, box: QRectF, spikes: NDArray[np.float64], ink: str) -> None:
    """Spikes, (steps, neurons): a dot for each, time to the right, a row to a neuron; at most sixty rows."""
    shown = spikes[:, :: max(1, -(-spikes.shape[1] // 60))]
    wide, high = box.width() / max(len(shown), 1), box.height() / max(shown.shape[1], 1)
    painter.setPen(QPen(QColor(ink), min(2.2, max(1.1, high))))
    steps, rows = np.nonzero(shown > 0.5)
    for step, row in zip(steps.tolist(), rows.tolist(), strict=True):
        painter.drawPoint(QPointF(box.left() + (step + 0.5) * wide, box.top() + (row + 0.5) * high))


def _curves(painter: QPainter, box: QRectF, rows: NDArray[np.float64], ink: str) -> None:
    """What runs in time, (steps, channels), as lines; at most eight of them."""
    low, high = float(rows.min()), float(rows.max())
    span = max(high - low, 1e-12)
    painter.setPen(QPen(QColor(ink), 1.0))
    x = box.left() + np.linspace(0.0, 1.0, len(rows)) * box.width()
    for channel in rows.T[:8]:
        y = box.bottom() - (channel - low) / span * box.height()
        points = [QPointF(float(a), float(b)) for a, b in zip(x, y, strict=True)]
        painter.drawPolyline(QPolygonF(points))
