"""Small pictures for cards: a network, the first synapse, and the picture inside a file."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QRadialGradient,
)

from editor.theme import Theme, blend

MOST_LINES = 2500
"""Synapses on a card, strongest first; more would be a grey cloth."""
SCALE = 2
"""Pictures are painted at twice their size, for screens that have the pixels."""
LARGEST_PREVIEW = 8_000_000
"""Bytes of a picture inside a file that we are ready to decode."""


def of_network(network: Any, size: QSize, theme: Theme) -> QImage:
    """A still picture of a network: synapses under neurons, a few of them glowing."""
    image, painter = _canvas(size, theme)
    people = [p for p in network.populations.values() if len(p.neuron_ids)]
    if not people:
        painter.end()
        return image
    at = np.concatenate([p.positions[:, :2] for p in people])
    ids = np.concatenate([p.neuron_ids for p in people])
    x, y, zoom = _fit(at, size)
    order = np.argsort(ids)
    place = {"ids": ids[order], "x": x[order], "y": y[order]}
    crowd = float(np.clip(zoom * _spacing(at) / 40.0, 0.18, 1.15))
    _draw_synapses(painter, network, place, theme, crowd, size)
    first = 0
    for population in people:
        rows = slice(first, first + len(population.neuron_ids))
        first = rows.stop
        _draw_population(painter, population, x[rows], y[rows], theme, crowd)
    painter.end()
    return image


def of_first_synapse(size: QSize, theme: Theme) -> QImage:
    """Two neurons and the synapse between them, for the card of the tour."""
    image, painter = _canvas(size, theme)
    wide, high = size.width(), size.height()
    pre, post = QPointF(wide * 0.27, high * 0.56), QPointF(wide * 0.73, high * 0.46)
    path = QPainterPath(pre)
    path.quadTo(QPointF(wide * 0.5, high * 0.22), post)
    warm = QColor(theme.warm)
    warm.setAlphaF(0.16)
    painter.setPen(QPen(warm, 16, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPath(path)
    painter.setPen(QPen(QColor(theme.excitatory), 4.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPath(path)
    for share in (0.42, 0.62):
        _glow(painter, path.pointAtPercent(share), 11, theme.spike_excitatory, 0.8)
        _disc(painter, path.pointAtPercent(share), 3, theme.spark, theme.spark)
    near = path.pointAtPercent(0.885)
    angle = -path.angleAtPercent(0.9)
    painter.save()
    painter.translate(near)
    painter.rotate(angle)
    arrow = QPainterPath(QPointF(13, 0))
    arrow.lineTo(-5, -8)
    arrow.lineTo(-5, 8)
    arrow.closeSubpath()
    painter.fillPath(arrow, QColor(theme.excitatory))
    painter.restore()
    _glow(painter, pre, 74, theme.spike_excitatory, 0.55)
    _disc(painter, pre, 20, theme.soma_spiking, theme.excitatory, 3.4)
    _disc(painter, post, 20, blend(theme.soma_rest, theme.soma_spiking, 0.35), theme.excitatory, 3.4)
    painter.end()
    return image


def of_file(path: Path, size: QSize, theme: Theme) -> QImage:
    """The preview a file carries; an empty canvas when there is none or it cannot be read."""
    try:
        with zipfile.ZipFile(path) as bundle:
            entry = bundle.getinfo("preview.png")
            if entry.file_size <= LARGEST_PREVIEW:
                found = QImage.fromData(bundle.read(entry))
                if not found.isNull():
                    return found
    except (OSError, KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        pass  # a card without a picture is still a card
    image, painter = _canvas(size, theme)
    painter.end()
    return image


def _canvas(size: QSize, theme: Theme) -> tuple[QImage, QPainter]:
    """An image with the background of the canvas, and a painter in its logical pixels."""
    image = QImage(size * SCALE, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(1.0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(SCALE, SCALE)
    fade = QRadialGradient(size.width() / 2, size.height() / 2, max(size.width(), size.height()) * 0.7)
    fade.setColorAt(0.0, QColor(theme.background))
    fade.setColorAt(1.0, QColor(theme.background_edge))
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), QBrush(fade))
    return image, painter


def _fit(at: np.ndarray, size: QSize) -> tuple[np.ndarray, np.ndarray, float]:
    """Positions on the picture, and px per um."""
    low, high = at.min(axis=0), at.max(axis=0)
    margin = 26.0
    span = np.maximum(high - low, 40.0)
    zoom = float(min((size.width() - 2 * margin) / span[0], (size.height() - 2 * margin) / span[1], 2.2))
    middle = (low + high) / 2
    flat = (at - middle) * zoom + np.array([size.width() / 2, size.height() / 2])
    return flat[:, 0], flat[:, 1], zoom


def _spacing(at: np.ndarray) -> float:
    """A typical distance between neighbours, um."""
    if len(at) < 2:
        return 60.0
    some = at[np.linspace(0, len(at) - 1, min(len(at), 80)).astype(int)]
    gaps = np.hypot(some[:, None, 0] - at[None, :, 0], some[:, None, 1] - at[None, :, 1])
    gaps[gaps < 1e-6] = np.inf
    return float(np.median(gaps.min(axis=1)))


def _draw_synapses(
    painter: QPainter, network: Any, place: dict[str, np.ndarray], theme: Theme, crowd: float, size: QSize
) -> None:
    lines = []
    for projection in network.projections.values():
        table = projection.synapses
        if not len(table):
            continue
        full = max(float(projection.w_max), float(np.abs(table.weight).max()), 1e-9)
        electrical = "gap" in projection.transmission
        sign = 0 if electrical else network.populations[projection.pre].sign
        pre, post = np.searchsorted(place["ids"], table.pre), np.searchsorted(place["ids"], table.post)
        share = np.abs(table.weight) / full
        lines += zip(share.tolist(), pre.tolist(), post.tolist(), [sign] * len(share), strict=True)
    lines.sort(key=lambda line: line[0])
    faint = np.clip(600.0 / max(len(lines), 1), 0.16, 1.0)
    tones = {
        1: (theme.excitatory_weak, theme.excitatory),
        -1: (theme.inhibitory_weak, theme.inhibitory),
        0: (theme.neutral_weak, theme.neutral),
    }
    x, y = place["x"], place["y"]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for share, pre, post, sign in lines[-MOST_LINES:]:
        weak, full_ink = tones.get(sign, tones[0])
        ink = QColor(blend(weak, full_ink, min(share**0.6, 1.0)))
        ink.setAlphaF(float((0.20 + 0.62 * share**0.6) * faint))
        painter.setPen(QPen(ink, (0.6 + 3.0 * share**0.9) * max(crowd, 0.45)))
        path = QPainterPath(QPointF(x[pre], y[pre]))
        dx, dy = x[post] - x[pre], y[post] - y[pre]
        middle = QPointF((x[pre] + x[post]) / 2 - dy * 0.13, (y[pre] + y[post]) / 2 + dx * 0.13)
        path.quadTo(middle, QPointF(x[post], y[post]))
        painter.drawPath(path)


def _draw_population(
    painter: QPainter, population: Any, x: np.ndarray, y: np.ndarray, theme: Theme, crowd: float
) -> None:
    if population.kind == "astrocyte":
        for k, (px, py) in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
            ink = theme.astrocytes[k % len(theme.astrocytes)]
            _glow(painter, QPointF(px, py), 90 * crowd, ink, 0.28)
            _star(painter, QPointF(px, py), 11 * crowd, ink)
        return
    is_unwired = population.notes.get("wiring") == "none"
    rim = {1: theme.excitatory, -1: theme.inhibitory}.get(population.sign, theme.neutral)
    rim = theme.neutral_weak if is_unwired else rim
    radius = max(1.3, (theme.sizes.inhibitory if population.sign < 0 else theme.sizes.excitatory) * crowd)
    fires = not is_unwired and (len(x) <= 3 or np.arange(len(x)) % 11 == 3)
    lit = np.broadcast_to(fires, len(x))
    for px, py, is_lit in zip(x.tolist(), y.tolist(), lit.tolist(), strict=True):
        if is_lit and len(x) > 1:
            glow = theme.spike_inhibitory if population.sign < 0 else theme.spike_excitatory
            _glow(painter, QPointF(px, py), radius * 3.6, glow, 0.6)
        core = theme.soma_spiking if is_lit else theme.soma_rest
        _disc(painter, QPointF(px, py), radius, core, rim, max(0.7, 1.5 * crowd))


def _disc(painter: QPainter, at: QPointF, radius: float, fill: str, rim: str, width: float = 0.0) -> None:
    painter.setBrush(QColor(fill))
    painter.setPen(QPen(QColor(rim), width) if width else Qt.PenStyle.NoPen)
    painter.drawEllipse(at, radius, radius)


def _glow(painter: QPainter, at: QPointF, radius: float, ink: str, alpha: float) -> None:
    fade = QRadialGradient(at, radius)
    for stop, share in ((0.0, 1.0), (0.35, 0.38), (1.0, 0.0)):
        colour = QColor(ink)
        colour.setAlphaF(alpha * share)
        fade.setColorAt(stop, colour)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(fade))
    painter.drawEllipse(at, radius, radius)


def _star(painter: QPainter, at: QPointF, radius: float, ink: str) -> None:
    path = QPainterPath()
    for k in range(16):
        r = radius if k % 2 == 0 else radius * 0.32
        point = at + QPointF(r * np.cos(k * np.pi / 8), r * np.sin(k * np.pi / 8))
        path.moveTo(point) if k == 0 else path.lineTo(point)
    path.closeSubpath()
    fade = QLinearGradient(at - QPointF(0, radius), at + QPointF(0, radius))
    fade.setColorAt(0.0, QColor(ink))
    fade.setColorAt(1.0, QColor(ink).darker(130))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillPath(path, QBrush(fade))
