"""A card of the start page: a picture, a title, a sentence; pressed like a button."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from editor.window.style import icon
from editor.window.theme import FONTS, Theme, blend

RADIUS = 12.0
MARGIN = 16
FRAME = 50
"""Milliseconds between two pictures of a card that lives."""
BEAT = 0.45
"""Seconds between its spikes."""
GLYPH = 44.0
"""Px of the sign that stands where there is no picture, or none yet."""


class Living(Protocol):
    """A picture that moves."""

    def fire(self, now: float) -> None:
        """Let something happen at `now` (s)."""

    def image(self, now: float) -> QImage:
        """The picture at `now` (s)."""


def face(size: int, bold: bool = False) -> QFont:
    """The face of the interface at a size in px."""
    font = QFont(list(FONTS))
    font.setPixelSize(size)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


class Card(QAbstractButton):
    """A picture with a title and a few lines of text; `large` cards say more, in larger type."""

    pointed = Signal(bool)
    """Somebody points at it with mouse or keys, or no longer does."""

    def __init__(
        self,
        title: str,
        text: str,
        theme: Theme,
        *,
        large: bool = False,
        badge: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.title, self.words, self.theme, self.large, self.badge = title, text, theme, large, badge
        self.picture: QImage | None = None
        self.come_alive: Callable[[], Living] | None = None
        """Makes a moving picture, asked for when somebody points at the card."""
        self._living: Living | None = None
        self._began = self._fired = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME)
        self._timer.timeout.connect(self._live)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setMinimumSize(320 if large else 230, self.sizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(420, 330) if self.large else QSize(250, 228)

    def set_picture(self, image: QImage | None) -> None:
        """Show this picture at the top."""
        self.picture = image
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours; the picture has to be drawn anew by its owner."""
        self.theme = theme
        self._living = None
        self.update()

    @property
    def picture_size(self) -> QSize:
        """How large the picture is drawn, in px."""
        below = 118 if self.large else 88
        return QSize(self.width(), max(self.height() - below, 40))

    def keyPressEvent(self, event) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.FocusIn):
            self._begin()
            self.pointed.emit(True)
        elif event.type() in (QEvent.Type.HoverLeave, QEvent.Type.FocusOut, QEvent.Type.Hide):
            self._timer.stop()
            self.update()
            self.pointed.emit(False)
        return super().event(event)

    def _begin(self) -> None:
        """Somebody points at the card: its circuit begins to live."""
        if self.come_alive is not None and self.picture is not None:
            self._living = self._living or self.come_alive()
            self._began = time.monotonic()
            self._fired = 0.0
            self._timer.start()
        self.update()

    def _live(self) -> None:
        now = time.monotonic() - self._began
        if self._living is None or not self.isVisible():
            self._timer.stop()
            return
        if now - self._fired > BEAT:
            self._living.fire(now)
            self._fired = now
        self.picture = self._living.image(now)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, box = self.theme, QRectF(self.rect()).adjusted(1, 1, -1, -1)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            shape = QPainterPath()
            shape.addRoundedRect(box, RADIUS, RADIUS)
            warm = self.underMouse() or self.isDown()
            painter.fillPath(shape, QColor(theme.panel_raised if warm else theme.panel))
            painter.save()
            painter.setClipPath(shape)
            top = QRectF(box.left(), box.top(), box.width(), self.picture_size.height())
            painter.fillRect(top, QColor(theme.background))
            if self.picture is not None:
                painter.drawImage(top, self.picture, _covering(self.picture, top))
            else:
                glyph = QRectF(0.0, 0.0, GLYPH, GLYPH)
                glyph.moveCenter(top.center())
                icon("fa6s.circle-nodes", "line").paint(painter, glyph.toRect())
            painter.restore()
            self._write(painter, top.bottom())
            edge = theme.accent if self.hasFocus() or warm else theme.line
            painter.setPen(QPen(QColor(edge), 2.0 if self.hasFocus() else 1.0))
            painter.drawPath(shape)

    def _write(self, painter: QPainter, top: float) -> None:
        theme = self.theme
        width = self.width() - 2 * MARGIN
        y = top + (16 if self.large else 11)
        title = face(18 if self.large else 14, bold=True)
        while (
            title.pixelSize() > 13 and QFontMetrics(title).horizontalAdvance(self.title) > self._title_room()
        ):
            title.setPixelSize(title.pixelSize() - 1)
        painter.setFont(title)
        painter.setPen(QColor(theme.text))
        height = painter.fontMetrics().height()
        room = self._title_room()
        if self.badge:
            painter.setFont(face(11, bold=True))
            wide = self._badge_width()
            chip = QRectF(self.width() - MARGIN - wide, y + (height - 20) / 2, wide, 20)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(blend(theme.panel, theme.accent, 0.22)))
            painter.drawRoundedRect(chip, 10, 10)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(theme.accent))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, self.badge)
            painter.setFont(title)
            painter.setPen(QColor(theme.text))
        line = painter.fontMetrics().elidedText(self.title, Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(QRectF(MARGIN, y, room, height), Qt.AlignmentFlag.AlignLeft, line)
        painter.setPen(QColor(theme.muted))
        top = y + height + 5
        write_lines(
            painter, self.words, face(13 if self.large else 12), MARGIN, top, width, self.height() - 6
        )

    def _title_room(self) -> float:
        """Px the title may take, beside the badge if there is one."""
        return self.width() - 2 * MARGIN - (self._badge_width() + 10 if self.badge else 0)

    def _badge_width(self) -> int:
        return QFontMetrics(face(11, bold=True)).horizontalAdvance(self.badge) + 16


def write_lines(
    painter: QPainter, text: str, font: QFont, x: float, y: float, width: float, bottom: float
) -> None:
    """Write wrapped text above `bottom`: all of it, else whole sentences, else what fits and an ellipsis."""
    painter.setFont(font)
    metrics = painter.fontMetrics()
    high = metrics.height() + 1
    most = max(1, int((bottom - y) // high))
    text = whole_sentences(text, font, width, most)
    lines = wrapped(text, font, width)
    for i, (start, length) in enumerate(lines[:most]):
        words = text[start : start + length]
        if i == most - 1 and len(lines) > most:
            words = metrics.elidedText(text[start:], Qt.TextElideMode.ElideRight, int(width))
        painter.drawText(QRectF(x, y + i * high, width + 4, high + 1), 0, words)


def whole_sentences(text: str, font: QFont, width: float, most: int) -> str:
    """The sentences that fit into so many lines; the whole text where they leave more than one line."""
    ends = [at for at in range(1, len(text)) if text[at - 1] in ".?!" and text[at] == " "]
    long = {at: len(wrapped(text[:at], font, width)) for at in (*ends, len(text))}
    return text[: max((at for at in long if most - 1 <= long[at] <= most), default=len(text))]


def wrapped(text: str, font: QFont, width: float) -> list[tuple[int, int]]:
    """Where each line of a wrapped text begins, and how long it is."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        lines.append((line.textStart(), line.textLength()))
    layout.endLayout()
    return lines


def _covering(image: QImage, box: QRectF) -> QRectF:
    """The middle part of an image that has the shape of a box."""
    ratio = max(box.width() / image.width(), box.height() / image.height())
    wide, high = box.width() / ratio, box.height() / ratio
    return QRectF((image.width() - wide) / 2, (image.height() - high) / 2, wide, high)
