"""One learner of a race as a tile: its name and error above, its copy of the network, its phases below."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.abreast.copy import Copy
from editor.canvas.overlay.pens import fitted
from editor.plots.phase_strip import draw_phases
from editor.window.style import text_font
from editor.window.theme import Theme

HEAD, LOW, FOOT = 44, 27, 20
"""px of height that two lines of words, or one, and the phases below the picture take."""
WIDE = 250
"""px of width of a tile that has room for what its number is of."""
TALL = 190
"""px of height of a tile that has room for the second line."""
SIDE = 10
SMALLEST = 40
"""px of height below which a picture is not worth drawing."""


@dataclass(frozen=True)
class Words:
    """What is written over a copy: its name, its number, and a line about it."""

    title: str
    number: str = ""
    of: str = ""
    """What the number is of, written before it where there is room."""
    line: str = ""
    remark: str = ""
    remark_role: str = "muted"
    colour: str = ""
    """Of the dot before the name: that of its curve."""


class Tile(QWidget):
    """Shows a copy; a click, or Enter, chooses it."""

    chosen = Signal()

    def __init__(self, copy: Copy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.copy = copy
        self.words = Words("")
        self.phases: tuple[Any, ...] = ()
        self.phase = ""
        self.is_watched = False
        self.drawn = 0
        """How often its picture was drawn."""
        self._image = QImage()
        self._is_hovered = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def say(self, words: Words, phases: Sequence[Any], phase: str, watched: bool) -> None:
        """Write this around the picture; the phase done last stands out."""
        after = (words, tuple(phases), phase, watched)
        if after != (self.words, self.phases, self.phase, self.is_watched):
            self.words, self.phases, self.phase, self.is_watched = after
            self.setAccessibleName(words.title)
            said = [
                f"{words.of} {words.number}".strip(),
                words.line,
                words.remark,
                f"phase {phase}" if phase else "",
            ]
            said.append("watched" if watched else "")
            self.setAccessibleDescription(", ".join(text for text in said if text))
            self.setToolTip("\n".join(text for text in said[:3] if text))
            self.update()

    def draw(self, now: float) -> None:
        """Draw the picture of this moment, to be shown with the next paint."""
        wide, high = self.width() - 2, self.height() - self._top() - self._foot()
        if wide < SMALLEST or high < SMALLEST:
            self.copy.is_stale = False
            return
        self._image = self.copy.image(wide, high, self.devicePixelRatioF(), now)
        self.drawn += 1
        self.update()

    def _top(self) -> int:
        return HEAD if self.height() >= TALL else LOW

    def _foot(self) -> int:
        return FOOT if self.phases else 1

    # -- Qt ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        try:
            with QPainter(self) as painter:
                self._paint(painter, self.copy.theme)
        except Exception as error:  # out of a paint event it would end the process; this way it is reported
            sys.excepthook(type(error), error, error.__traceback__)

    def _paint(self, painter: QPainter, theme: Theme) -> None:
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(theme.panel))
        inner = QRectF(1, self._top(), self.width() - 2, self.height() - self._top() - self._foot())
        painter.fillRect(inner, QColor(theme.background))
        if not self._image.isNull():
            painter.drawImage(inner, self._image)
        self._head(painter, theme)
        if self.phases:
            below = QRectF(6, self.height() - FOOT + 2, self.width() - 12, FOOT - 5)
            draw_phases(painter, theme, below, self.phases, self.phase)
        edge = theme.accent if self.is_watched or self.hasFocus() else theme.line
        edge = theme.muted if self._is_hovered and edge == theme.line else edge
        width = 2.0 if self.is_watched else 1.0
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = 0.5 * width
        painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))

    def _head(self, painter: QPainter, theme: Theme) -> None:
        words, wide = self.words, float(self.width())
        title, small = text_font(13, bold=True), text_font(11)
        left = float(SIDE)
        if words.colour:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(words.colour))
            painter.drawEllipse(QPointF(left + 4.5, 14.5), 4.5, 4.5)
            left += 15.0
        room = wide - left - SIDE
        is_low = self._top() == LOW
        is_said = words.remark_role == "danger" or (is_low and words.remark_role != "muted")
        ink = getattr(theme, words.remark_role) if is_said else theme.text
        number = f"{words.of} {words.number}" if words.of and wide >= WIDE else words.number
        taken = self._right(painter, title, ink, number, QRectF(left, 4, room, 21))
        painter.setPen(QColor(theme.text))
        painter.drawText(QRectF(left, 4, room - taken, 21), Qt.AlignmentFlag.AlignVCenter,
                         fitted(words.title, title, room - taken - 8))  # fmt: skip
        if is_low:
            return
        room = wide - 2 * SIDE
        box = QRectF(SIDE, 24, room, 16)
        taken = self._right(painter, small, getattr(theme, words.remark_role), words.remark, box)
        painter.setPen(QColor(theme.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, fitted(words.line, small, room - taken - 8))

    @staticmethod
    def _right(painter: QPainter, font: QFont, colour: str, text: str, box: QRectF) -> float:
        """Write a text at the right of a box; returns the width it took."""
        painter.setFont(font)
        painter.setPen(QColor(colour))
        text = fitted(text, font, box.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(box, flags, text)
        return float(painter.fontMetrics().horizontalAdvance(text))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._is_hovered = True
        self.update()

    def leaveEvent(self, event: Any) -> None:
        self._is_hovered = False
        self.update()
