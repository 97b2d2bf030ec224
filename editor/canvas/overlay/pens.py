"""Fonts, colours and panels for the overlay, in the tokens of a theme."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from editor.window.theme import FONTS, Theme


def font(px: float, *, is_bold: bool = False) -> QFont:
    """The interface font at a size in logical px."""
    chosen = QFont()
    chosen.setFamilies(list(FONTS))
    chosen.setPixelSize(max(6, round(px)))
    chosen.setWeight(QFont.Weight.DemiBold if is_bold else QFont.Weight.Normal)
    return chosen


def ink(colour: str, alpha: float = 1.0) -> QColor:
    """A colour of the theme, with an opacity 0 to 1."""
    made = QColor(colour)
    made.setAlphaF(min(1.0, max(0.0, alpha)))
    return made


def pen(colour: str, width: float, alpha: float = 1.0, *, dashes: tuple[float, ...] = ()) -> QPen:
    """A round pen; `dashes` in multiples of its width."""
    made = QPen(ink(colour, alpha), width)
    made.setCapStyle(Qt.PenCapStyle.RoundCap)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashes:
        made.setDashPattern(list(dashes))
    return made


def panel(painter: QPainter, theme: Theme, box: QRectF, *, radius: float = 10.0, alpha: float = 0.0) -> None:
    """A translucent rounded panel with a hairline around it."""
    painter.setPen(pen(theme.line, 1.0))
    painter.setBrush(ink(theme.panel, alpha or theme.panel_alpha))
    painter.drawRoundedRect(box, radius, radius)


def width_of(text: str, chosen: QFont) -> float:
    """Width of a text in logical px."""
    return QFontMetricsF(chosen).horizontalAdvance(text)


def fitted(text: str, chosen: QFont, room: float) -> str:
    """A text, ending in dots where it is wider than `room` logical px."""
    return QFontMetricsF(chosen).elidedText(text, Qt.TextElideMode.ElideRight, room)


def outlined(painter: QPainter, theme: Theme, at: QPointF, text: str, chosen: QFont, colour: QColor) -> None:
    """A text with a halo of background, readable over anything; `at` is its middle at the baseline."""
    path = QPainterPath()
    path.addText(QPointF(at.x() - 0.5 * width_of(text, chosen), at.y()), chosen, text)
    painter.strokePath(path, pen(theme.background, 3.4, 0.88))
    painter.fillPath(path, colour)


def chip(
    painter: QPainter, theme: Theme, middle: QPointF, text: str, *, px: float = 12.0, colour: str = ""
) -> QRectF:
    """A small rounded label around a text; returns its box."""
    chosen = font(px)
    wide = width_of(text, chosen) + 22.0
    box = QRectF(middle.x() - 0.5 * wide, middle.y() - 0.5 * (px + 12.0), wide, px + 12.0)
    panel(painter, theme, box, radius=0.5 * (px + 12.0))
    painter.setFont(chosen)
    painter.setPen(ink(colour or theme.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    return box
