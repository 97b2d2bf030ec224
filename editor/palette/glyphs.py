"""The small drawing on every card: shape first, colour second, the same shapes as on the canvas."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from editor.palette.cards import PROBE, WIRING, Card
from editor.window.theme import Theme, blend
from engine import registry
from engine.declare import Declaration

STAGE_COLOUR = {
    "induction": "excitatory",
    "gate": "modulatory",
    "expression": "good",
    "homeostasis": "warm",
    "structure": "sprout",
}
"""The token each stage of the plasticity pipeline is tinted with; its place and its question come first."""


def colour_of(card: Card, theme: Theme) -> str:
    """The tint of a card."""
    if card.stage:
        return str(getattr(theme, STAGE_COLOUR.get(card.stage, "accent")))
    token = {
        "neuron": theme.excitatory,
        "transmission": theme.excitatory,
        WIRING: theme.muted,
        "astrocyte": theme.astrocytes[0],
        "input": theme.input,
        PROBE: theme.accent,
        "modulator": theme.modulatory,
    }
    return token.get(card.kind, theme.accent)


def paint_glyph(painter: QPainter, box: QRectF, card: Card, theme: Theme) -> None:
    """Draw the glyph of a card into a square box."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(colour_of(card, theme))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(blend(theme.panel, colour_of(card, theme), 0.14)))
    painter.drawRoundedRect(box, 7, 7)
    inner = box.adjusted(5.5, 5.5, -5.5, -5.5)
    pen = QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    points = curve_points(card.kind, card.slug)
    if points:
        _curve(painter, inner, points, colour)
    else:
        _DRAW.get(card.kind, _disc)(painter, inner, card, colour, theme)
    painter.restore()


@lru_cache(maxsize=256)
def curve_points(kind: str, slug: str) -> tuple[tuple[float, float], ...]:
    """The curve that tells a rule from the others, in a unit square; empty when it declares none."""
    if kind != "rule" or not registry.knows(slug):
        return ()
    model: type[Declaration] = registry.find(slug)
    p = model.row()
    if window := getattr(model, "window", None):
        xs = [x for i in range(-30, 31) if (x := i * 2.0) or True]
        return _unit([(x, _safe(window, x, p)) for x in xs])
    if growth := getattr(model, "growth", None):
        top = 2.0 * float(getattr(p, "eps", 0.5))
        return _unit([(i / 40, _safe(growth, top * i / 40, p)) for i in range(41)])
    return ()


def _safe(curve: object, x: float, p: object) -> float:
    try:
        return float(curve(x, p))  # type: ignore[operator]
    except (ArithmeticError, ValueError):
        return 0.0


def _unit(points: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    high = max(max(abs(y) for y in ys), 1e-300)
    wide = max(xs) - min(xs) or 1.0
    return tuple(((x - min(xs)) / wide, 0.5 - 0.5 * y / high) for x, y in points)


def _curve(painter: QPainter, box: QRectF, points: tuple[tuple[float, float], ...], colour: QColor) -> None:
    faint = QColor(colour)
    faint.setAlphaF(0.35)
    painter.setPen(QPen(faint, 1.0))
    middle = box.center().y()
    painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))
    painter.setPen(QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    at = [QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in points]
    painter.drawPolyline(QPolygonF(at))


def _disc(painter: QPainter, box: QRectF, card: Card, colour: QColor, theme: Theme) -> None:
    painter.setBrush(QColor(theme.soma_rest))
    painter.setPen(QPen(colour, 1.8))
    painter.drawEllipse(box.center(), box.width() * 0.40, box.width() * 0.40)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    model = registry.find(card.slug) if registry.knows(card.slug) else None
    share = 0.12 if getattr(model, "is_relay", False) else 0.20
    painter.drawEllipse(box.center(), box.width() * share, box.width() * share)


def _line(painter: QPainter, box: QRectF, card: Card, colour: QColor, theme: Theme) -> None:
    model = registry.find(card.slug) if registry.knows(card.slug) else None
    middle = box.center().y()
    if getattr(model, "gives", "") == "gap":
        gap = box.width() * 0.10
        for side in (-1, 1):
            x = box.center().x() + side * gap
            painter.drawLine(QPointF(x, box.top() + 3), QPointF(x, box.bottom() - 3))
            painter.drawLine(QPointF(x, middle), QPointF(x + side * box.width() * 0.4, middle))
        return
    path = QPainterPath(QPointF(box.left(), middle + 3))
    path.quadTo(QPointF(box.center().x(), middle - 8), QPointF(box.right() - 4, middle))
    painter.drawPath(path)
    tip = QPointF(box.right(), middle + 1.5)
    painter.setBrush(colour)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon(QPolygonF([tip, tip + QPointF(-6.5, -5.2), tip + QPointF(-7.2, 1.8)]))
    if model is not None and model.hooks:  # it changes from spike to spike
        painter.setBrush(QColor(colour))
        for i, size in enumerate((2.1, 1.6, 1.1)):
            painter.drawEllipse(QPointF(box.left() + 2 + i * 5.2, box.bottom() - 1.5), size, size)


def _pattern(painter: QPainter, box: QRectF, card: Card, colour: QColor, theme: Theme) -> None:
    left = [QPointF(box.left() + 1.5, box.top() + box.height() * y) for y in (0.12, 0.5, 0.88)]
    right = [QPointF(box.right() - 1.5, point.y()) for point in left]
    pairs = {
        "all_to_all": [(a, b) for a in range(3) for b in range(3)],
        "one_to_one": [(0, 0), (1, 1), (2, 2)],
        "fixed_probability": [(0, 1), (1, 0), (2, 2), (0, 2)],
        "fixed_in": [(0, 0), (1, 0), (1, 1), (2, 1), (0, 2), (2, 2)],
        "fixed_out": [(0, 0), (0, 1), (1, 1), (1, 2), (2, 0), (2, 2)],
        "fixed_total": [(0, 0), (1, 2), (2, 1), (2, 2)],
        "distance": [(0, 0), (1, 1), (2, 2), (0, 1), (1, 2)],
        "small_world": [(0, 0), (1, 1), (2, 2), (0, 2)],
    }.get(card.slug, [(0, 1), (1, 2)])
    painter.setPen(QPen(colour, 1.0))
    for a, b in pairs:
        painter.drawLine(left[a], right[b])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.text))
    for point in (*left, *right):
        painter.drawEllipse(point, 2.0, 2.0)


def _star(painter: QPainter, box: QRectF, card: Card, colour: QColor, theme: Theme) -> None:
    middle, reach = box.center(), box.width() * 0.5
    for i in range(7):
        angle = 2 * math.pi * i / 7 - math.pi / 2
        far = reach * (1.0 if i % 2 else 0.78)
        painter.drawLine(middle, middle + QPointF(math.cos(angle) * far, math.sin(angle) * far))
    painter.setBrush(colour)
    painter.drawEllipse(middle, 3.2, 3.2)


def _bolt(painter: QPainter, box: QRectF, card: Card, colour: QColor, theme: Theme) -> None:
    model = registry.find(card.slug) if registry.knows(card.slug) else None
    if getattr(model, "gives", "spikes") == "current":
        levels = (0.75, 0.75, 0.3, 0.3, 0.55, 0.55) if model is not None and model.lists else (
            0.6, 0.25, 0.7, 0.4, 0.8, 0.35, 0.6)  # fmt: skip
        step = box.width() / (len(levels) - 1)
        at = [QPointF(box.left() + i * step, box.top() + y * box.height()) for i, y in enumerate(levels)]
        painter.drawPolyline(QPolygonF(at))
        return
    places = (0.08, 0.34, 0.62, 0.92) if model is not None and model.lists else (0.05, 0.2, 0.5, 0.58, 0.95)
    for i, x in enumerate(places):
        short = 0.18 if model is not None and not model.lists and i % 2 else 0.0
        at_x = box.left() + x * box.width()
        painter.drawLine(QPointF(at_x, box.top() + box.height() * short), QPointF(at_x, box.bottom()))


def _electrode(painter: QPainter, box: QRectF, card: Card, colour: QColor, theme: Theme) -> None:
    tip = box.bottomLeft() + QPointF(1.5, -1.5)
    painter.drawLine(tip, box.center() + QPointF(1, -1))
    painter.setPen(QPen(colour, 3.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(box.center() + QPointF(1.5, -1.5), box.topRight() + QPointF(-2, 2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(tip, 2.0, 2.0)


def _diamond(painter: QPainter, box: QRectF, card: Card, colour: QColor, theme: Theme) -> None:
    m, r = box.center(), box.width() * 0.36
    halo = QColor(colour)
    halo.setAlphaF(0.35)
    painter.setPen(QPen(halo, 1.2))
    painter.drawEllipse(m, r * 1.35, r * 1.35)
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(QColor(theme.soma_rest))
    r *= 0.85
    painter.drawPolygon(
        QPolygonF([m + QPointF(0, -r), m + QPointF(r, 0), m + QPointF(0, r), m + QPointF(-r, 0)])
    )


def _store(painter: QPainter, box: QRectF, card: Card, colour: QColor, theme: Theme) -> None:
    """A rule without a curve: a gauge for its stage."""
    if card.stage == "gate":
        _diamond(painter, box, card, colour, theme)
        return
    if card.stage == "expression":
        painter.setPen(QPen(colour, 1.6))
        painter.drawLine(box.bottomLeft() + QPointF(0, -3), box.bottomRight() + QPointF(0, -3))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for i in range(4):
            painter.drawEllipse(
                QPointF(box.left() + 2.2 + i * (box.width() - 4.4) / 3, box.bottom() - 7.5), 2.0, 2.0
            )
        return
    if card.stage == "homeostasis":
        middle = box.center()
        painter.drawLine(QPointF(box.left() + 1, box.top() + 5), QPointF(box.right() - 1, box.top() + 5))
        painter.drawLine(middle + QPointF(0, 7), QPointF(middle.x(), box.top() + 5))
        for x in (box.left() + 3, box.right() - 3):
            painter.drawArc(QRectF(x - 4, box.top() + 6, 8, 8), 180 * 16, 180 * 16)
        return
    faint = QColor(colour)
    faint.setAlphaF(0.5)
    painter.setPen(QPen(faint, 1.5, Qt.PenStyle.DotLine))
    painter.drawLine(box.bottomLeft(), box.topRight())
    painter.setPen(QPen(colour, 1.7))
    painter.drawLine(box.topLeft() + QPointF(4, 4), box.bottomRight() - QPointF(4, 4))
    painter.drawLine(box.topRight() + QPointF(-4, 4), box.bottomLeft() + QPointF(4, -4))


_DRAW = {
    "neuron": _disc,
    "transmission": _line,
    WIRING: _pattern,
    "astrocyte": _star,
    "input": _bolt,
    PROBE: _electrode,
    "modulator": _diamond,
    "rule": _store,
}
