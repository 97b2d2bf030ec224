"""What the hands are doing: handles at a hovered neuron, rubber bands, previews, brushes, reasons."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from editor.canvas.geometry import Geometry
from editor.canvas.overlay.items import Items, Preview
from editor.canvas.overlay.pens import font, ink, panel, pen, width_of
from editor.window.theme import Theme

WIRE, FIRE = "wire", "fire"
HANDLE_RADIUS = 9.0
HANDLE_REACH = 13.0
"""A handle is under the pointer up to this many px from its middle."""


@dataclass(frozen=True)
class Spot:
    """Where a neuron is seen, in logical px."""

    x: float
    y: float
    radius: float


def spot_of(geometry: Geometry, neuron: int) -> Spot | None:
    """Where a neuron (id) is seen; None when it is not in the scene."""
    ids = geometry.view.neurons["id"]
    rows = np.flatnonzero(ids == neuron)
    if not len(rows):
        return None
    row, ratio = rows[0], geometry.scale.ratio
    return Spot(
        float(geometry.x[row]) / ratio, float(geometry.y[row]) / ratio, float(geometry.radius[row]) / ratio
    )


def handle_places(spot: Spot) -> dict[str, QPointF]:
    """Middles of the wiring handle and the lightning handle of a neuron."""
    away = spot.radius + 15.0
    return {
        WIRE: QPointF(spot.x + away * math.cos(-0.62), spot.y + away * math.sin(-0.62)),
        FIRE: QPointF(spot.x + away * math.cos(0.62), spot.y + away * math.sin(0.62)),
    }


def handle_at(spot: Spot, x: float, y: float) -> str:
    """The handle under the pointer: "wire", "fire" or ""."""
    for name, at in handle_places(spot).items():
        if math.hypot(at.x() - x, at.y() - y) <= HANDLE_REACH:
            return name
    return ""


def draw(painter: QPainter, theme: Theme, geometry: Geometry, items: Items) -> None:
    """Draw everything a gesture shows."""
    if items.is_empty:
        return
    _draw_pending(painter, theme, geometry, items)
    for preview in items.previews:
        _draw_preview(painter, theme, geometry, preview)
    for ring in items.rings:
        spot = spot_of(geometry, ring.neuron)
        if spot is not None:
            hue = theme.good if ring.is_welcome else theme.danger
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(pen(hue, 2.4))
            painter.drawEllipse(QPointF(spot.x, spot.y), spot.radius + 6.0, spot.radius + 6.0)
            painter.setPen(pen(hue, 6.0, 0.25))
            painter.drawEllipse(QPointF(spot.x, spot.y), spot.radius + 6.0, spot.radius + 6.0)
            if not ring.is_welcome:
                arm = 0.7 * (spot.radius + 6.0)
                painter.setPen(pen(hue, 2.4))
                painter.drawLine(QPointF(spot.x - arm, spot.y - arm), QPointF(spot.x + arm, spot.y + arm))
    _draw_ghosts(painter, theme, geometry, items.ghosts, items.ghost_sign, is_dashed=False)
    if items.band is not None:
        (x1, y1), (x2, y2) = items.band
        painter.setPen(pen(theme.accent, 1.2))
        painter.setBrush(ink(theme.accent, 0.10))
        painter.drawRect(QRectF(min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1)))
    if len(items.lasso) > 1:
        painter.setPen(pen(theme.accent, 1.6, dashes=(3.0, 2.5)))
        painter.setBrush(ink(theme.accent, 0.10))
        painter.drawPolygon(QPolygonF([QPointF(*at) for at in items.lasso]))
    if items.brush is not None:
        hues = {"stimulate": theme.input, "silence": theme.cool, "lesion": theme.danger}
        hue = hues.get(items.brush.kind, theme.accent)
        painter.setPen(pen(hue, 1.6))
        painter.setBrush(ink(hue, 0.10))
        painter.drawEllipse(QPointF(*items.brush.at), items.brush.radius, items.brush.radius)
    if items.handles_for:
        spot = spot_of(geometry, items.handles_for)
        if spot is not None:
            _draw_handles(painter, theme, spot, items.pressed_handle)
    if items.reason is not None:
        _draw_reason(painter, theme, geometry, items)


def _draw_handles(painter: QPainter, theme: Theme, spot: Spot, pressed: str) -> None:
    """An arrow that becomes a synapse, and a bolt that makes the neuron fire."""
    for name, at in handle_places(spot).items():
        hue = theme.accent if name == WIRE else theme.input
        painter.setPen(pen(theme.background, 4.0, 0.8))
        painter.setBrush(ink(hue if name == pressed else theme.panel_raised))
        painter.drawEllipse(at, HANDLE_RADIUS, HANDLE_RADIUS)
        painter.setPen(pen(hue, 1.6))
        painter.drawEllipse(at, HANDLE_RADIUS, HANDLE_RADIUS)
        mark = theme.panel if name == pressed else hue
        painter.setPen(pen(mark, 1.7))
        x, y = at.x(), at.y()
        if name == WIRE:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawLine(QPointF(x - 4.2, y + 2.6), QPointF(x + 3.4, y - 2.1))
            painter.setBrush(ink(mark))
            painter.drawPolygon(
                QPolygonF([QPointF(x + 5.2, y - 3.2), QPointF(x + 0.6, y - 3.4), QPointF(x + 2.9, y + 0.6)])
            )
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink(mark))
            corners = ((1.6, -5.6), (-3.4, 0.8), (-0.5, 0.8), (-1.6, 5.6), (3.4, -1.2), (0.5, -1.2))
            painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in corners]))


def _draw_preview(painter: QPainter, theme: Theme, geometry: Geometry, preview: Preview) -> None:
    """A dashed synapse from a neuron to another, or to the pointer."""
    pre = spot_of(geometry, preview.pre)
    if pre is None:
        return
    post = spot_of(geometry, preview.post) if preview.post else None
    end = Spot(*preview.to, 0.0) if post is None else post
    hue = theme.excitatory if preview.sign > 0 else theme.inhibitory if preview.sign < 0 else theme.neutral
    if not preview.is_welcome:
        hue = theme.muted
    dash_synapse(painter, hue, pre, end, preview.sign)


def dash_synapse(painter: QPainter, hue: str, pre: Spot, post: Spot, sign: int) -> None:
    """A dashed, bowed line with its terminal."""
    dx, dy = post.x - pre.x, post.y - pre.y
    length = math.hypot(dx, dy)
    if length < pre.radius + post.radius + 2.0:
        return
    cx, cy = 0.5 * (pre.x + post.x) - 0.11 * dy, 0.5 * (pre.y + post.y) + 0.11 * dx
    ux, uy = _unit(cx - pre.x, cy - pre.y)
    vx, vy = _unit(post.x - cx, post.y - cy)
    tip = QPointF(post.x - vx * (post.radius + 2.5), post.y - vy * (post.radius + 2.5))
    path = QPainterPath(QPointF(pre.x + ux * (pre.radius + 1.0), pre.y + uy * (pre.radius + 1.0)))
    path.quadTo(QPointF(cx, cy), tip)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen(hue, 2.0, dashes=(3.0, 2.6)))
    painter.drawPath(path)
    side_x, side_y = -vy, vx
    if sign < 0:
        painter.setPen(pen(hue, 2.4))
        painter.drawLine(
            QPointF(tip.x() - 5.0 * side_x, tip.y() - 5.0 * side_y),
            QPointF(tip.x() + 5.0 * side_x, tip.y() + 5.0 * side_y),
        )
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(hue))
        back = QPointF(tip.x() - 8.0 * vx, tip.y() - 8.0 * vy)
        painter.drawPolygon(
            QPolygonF(
                [
                    tip,
                    QPointF(back.x() + 3.8 * side_x, back.y() + 3.8 * side_y),
                    QPointF(back.x() - 3.8 * side_x, back.y() - 3.8 * side_y),
                ]
            )
        )


def _draw_pending(painter: QPainter, theme: Theme, geometry: Geometry, items: Items) -> None:
    """Until the engine's receipt a new thing is dashed."""
    for pre, post in items.pending_synapses:
        one, other = spot_of(geometry, pre), spot_of(geometry, post)
        if one is not None and other is not None:
            dash_synapse(painter, theme.muted, one, other, 1)
    _draw_ghosts(painter, theme, geometry, items.pending_neurons, 0, is_dashed=True)


def _draw_ghosts(
    painter: QPainter, theme: Theme, geometry: Geometry, um: Any, sign: int, *, is_dashed: bool
) -> None:
    """Neurons that are not there yet."""
    if not len(um):
        return
    hue = theme.excitatory if sign > 0 else theme.inhibitory if sign < 0 else theme.muted
    ratio = geometry.scale.ratio
    size = theme.sizes.inhibitory if sign < 0 else theme.sizes.excitatory
    radius = size * geometry.scale.neuron / ratio
    x, y = geometry.project(um[:, 0], um[:, 1])
    painter.setBrush(ink(hue, 0.14))
    painter.setPen(pen(hue, 1.5, 0.9, dashes=(2.4, 2.0) if is_dashed else ()))
    for place in zip((x / ratio).tolist(), (y / ratio).tolist(), strict=True):
        painter.drawEllipse(QPointF(*place), radius, radius)


def _draw_reason(painter: QPainter, theme: Theme, geometry: Geometry, items: Items) -> None:
    """A few words beside the pointer, kept inside of the canvas."""
    assert items.reason is not None
    chosen = font(12.5)
    text = items.reason.text
    wide = width_of(text, chosen) + 20.0
    right = geometry.width / geometry.scale.ratio
    x = min(items.reason.at[0] + 16.0, right - wide - 8.0)
    y = max(8.0, items.reason.at[1] - 34.0)
    box = QRectF(max(8.0, x), y, wide, 26.0)
    panel(painter, theme, box, radius=8.0, alpha=0.96)
    painter.setFont(chosen)
    painter.setPen(ink(theme.danger if items.reason.is_refusal else theme.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _unit(dx: float, dy: float) -> tuple[float, float]:
    length = math.hypot(dx, dy) or 1.0
    return dx / length, dy / length
