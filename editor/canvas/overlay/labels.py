"""Labels: populations from afar, names and weights close up; none of them over another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from editor.canvas.bundles import Clusters, drawn_clusters
from editor.canvas.detail import Detail
from editor.canvas.emphasis import Emphasis
from editor.canvas.geometry import Geometry, points_on
from editor.canvas.overlay.pens import font, ink, outlined, panel, width_of
from editor.canvas.scene import Scene
from editor.window.theme import Theme

OVERLAPPING = 0.02
"""The share of pairs of populations that may overlap where their names are written."""
LIFTS = (0.0, 8.0, 16.0, 24.0, 36.0, 48.0)
"""Px by which the name of a population may stand higher, where an input or another name is in its way."""
MOST_NAMES = 90
MOST_CHOSEN = 12
"""Weights are written beside a selection of at most so many synapses."""
MOST_WEIGHTS = 36
"""Weights are written beside synapses when at most this many are in view."""


def draw(
    painter: QPainter,
    theme: Theme,
    geometry: Geometry,
    scene: Scene,
    detail: Detail,
    emphasis: Emphasis,
    in_view: int,
    clusters: Clusters | None,
    taken: list[QRectF],
) -> int:
    """Draw the labels that fit beside what has `taken` its place; returns how many names were left out."""
    if clusters is not None:
        _draw_populations(painter, theme, geometry, scene, clusters, taken)
    missed = _draw_names(painter, theme, geometry, scene, emphasis, taken)
    _draw_weights(painter, theme, geometry, scene, detail, emphasis, in_view, taken)
    return missed


def _draw_populations(
    painter: QPainter,
    theme: Theme,
    geometry: Geometry,
    scene: Scene,
    clusters: Clusters,
    taken: list[QRectF],
) -> None:
    """The name of each population above all of its neurons, where populations lie apart."""
    if len(scene.populations) < 2:
        return
    ratio = geometry.scale.ratio
    x, _, _ = (values / ratio for values in drawn_clusters(geometry, clusters))
    ends = _ends(geometry, len(x))
    if clusters.separable() <= 0.0 and not _lie_apart(*ends):
        return
    top = ends[2]
    chosen = font(theme.sizes.label, is_bold=True)
    hues = (theme.text, theme.inhibitory, theme.muted)
    for k, mark in enumerate(scene.populations):
        if k >= len(clusters.count) or not clusters.count[k]:
            continue
        at = QPointF(float(x[k]), float(top[k]) - 9.0)
        label = f"{mark.label}  ·  off" if mark.is_off else mark.label
        hue = theme.muted if mark.is_off else hues[int(clusters.tone[k])]
        box = _box(at, width_of(label, chosen), theme.sizes.label)
        if aside := _into_view(box, at, geometry.width / ratio):
            at += QPointF(aside, 0.0)
            box.translate(aside, 0.0)
        lift = next((up for up in LIFTS if _is_free(box.translated(0.0, -up), taken)), None)
        if lift is not None:
            outlined(painter, theme, at - QPointF(0.0, lift), label, chosen, ink(hue))
            taken.append(box.translated(0.0, -lift))


def _ends(geometry: Geometry, count: int) -> tuple[NDArray[np.float64], ...]:
    """Where each population begins and ends, across and down, px; it begins at infinity where it has none."""
    owner = geometry.view.neurons["population"].astype(np.int64)
    found = []
    for at in (geometry.x, geometry.y):
        low, high = np.full(count, np.inf), np.full(count, -np.inf)
        np.minimum.at(low, owner, (at - geometry.radius) / geometry.scale.ratio)
        np.maximum.at(high, owner, (at + geometry.radius) / geometry.scale.ratio)
        found += [low, high]
    return tuple(found)


def _lie_apart(
    left: NDArray[np.float64],
    right: NDArray[np.float64],
    top: NDArray[np.float64],
    bottom: NDArray[np.float64],
) -> bool:
    """Whether hardly any two populations lie over each other."""
    across = (left[:, None] < right) & (left < right[:, None])
    down = (top[:, None] < bottom) & (top < bottom[:, None])
    over = across & down & ~np.eye(len(left), dtype=bool)
    return bool(over.mean() < OVERLAPPING)


def _draw_names(
    painter: QPainter,
    theme: Theme,
    geometry: Geometry,
    scene: Scene,
    emphasis: Emphasis,
    taken: list[QRectF],
) -> int:
    """Names of neurons: of the hovered and selected always, of the rest where there is room."""
    if not scene.names:
        return 0
    ratio = geometry.scale.ratio
    ids = geometry.view.neurons["id"]
    columns = geometry.view.neurons
    ringed = np.isfinite(columns["free_boutons"]) | np.isfinite(columns["calcium"])
    below = np.where(ringed & (geometry.radius / ratio > 5.0), 20.0, 13.0)
    first = np.isin(ids, np.append(emphasis.neurons, emphasis.hovered_neuron))
    large = geometry.radius / ratio > 3.6
    seen = (
        (geometry.x > 0) & (geometry.x < geometry.width) & (geometry.y > 0) & (geometry.y < geometry.height)
    )
    rows = np.concatenate([np.flatnonzero(first & seen), np.flatnonzero(large & seen & ~first)])
    chosen = font(11.0)
    missed = 0
    written = 0
    for row in rows.tolist():
        name = scene.names.get(int(ids[row]))
        if not name:
            continue
        at = QPointF(
            float(geometry.x[row]) / ratio,
            float(geometry.y[row] + geometry.radius[row]) / ratio + float(below[row]),
        )
        box = _box(at, width_of(name, chosen), 11.0)
        if written >= MOST_NAMES or not (first[row] or _is_free(box, taken)):
            missed += 1
            continue
        hue = theme.text if first[row] else theme.muted
        outlined(painter, theme, at, name, chosen, ink(hue))
        taken.append(box)
        written += 1
    return missed


def _draw_weights(
    painter: QPainter,
    theme: Theme,
    geometry: Geometry,
    scene: Scene,
    detail: Detail,
    emphasis: Emphasis,
    in_view: int,
    taken: list[QRectF],
) -> None:
    """The weight beside a synapse, with a small gauge if it is plastic."""
    few = emphasis.synapses if len(emphasis.synapses) <= MOST_CHOSEN else emphasis.synapses[:0]
    own = np.append(few, emphasis.hovered_synapse)
    rows = scene.synapses.rows(own)
    rows = rows[rows >= 0]
    is_near = detail is Detail.TERMINALS and in_view <= MOST_WEIGHTS and geometry.scale.neuron > 1.5
    if is_near and len(scene.synapses) <= 20_000:
        rows = np.union1d(rows, np.arange(len(scene.synapses), dtype=np.int32)).astype(np.int32)
    if not len(rows):
        return
    lines, _ = geometry.lines(theme, rows)
    if not len(lines):
        return
    ratio = geometry.scale.ratio
    x, y = (values / ratio for values in points_on(lines, np.full(len(lines), 0.5)))
    # beside the line, on the outside of its bow
    out_x, out_y = (2.0 * lines["c" + axis] - lines["a" + axis] - lines["b" + axis] + 1e-3 for axis in "xy")
    away = (13.0 + 0.5 * lines["width_begin"] / ratio) / np.hypot(out_x, out_y)
    x, y = x + out_x * away, y + out_y * away
    columns = scene.synapses
    chosen = font(10.5)
    first = np.isin(columns["id"][lines["row"]], own) + 2 * (
        columns["id"][lines["row"]] == emphasis.hovered_synapse
    )
    for k in np.argsort(-first, kind="stable").tolist():
        row = int(lines["row"][k])
        weight = float(columns["weight"][row])
        is_plastic = bool(columns["plastic"][row])
        unit = scene.units.get(int(columns["projection"][row]), "")
        text = f"{f'{weight:.0f}' if abs(weight) >= 100.0 else f'{weight:.3g}'} {unit}".strip()
        wide = width_of(text, chosen) + 12.0
        high = 22.0 if is_plastic else 17.0
        box = QRectF(float(x[k]) - 0.5 * wide, float(y[k]) - 0.5 * high, wide, high)
        if first[k] < 2 and not _is_free(box, taken):
            continue
        taken.append(box)
        panel(painter, theme, box, radius=5.0, alpha=0.80)
        painter.setFont(chosen)
        painter.setPen(ink(theme.text))
        painter.drawText(
            box.adjusted(0.0, 0.0, 0.0, -5.0 if is_plastic else 0.0), Qt.AlignmentFlag.AlignCenter, text
        )
        if is_plastic:
            bar = QRectF(box.left() + 5.0, box.bottom() - 5.5, wide - 10.0, 2.6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink(theme.line))
            painter.drawRoundedRect(bar, 1.3, 1.3)
            hue = (theme.excitatory, theme.inhibitory, theme.neutral)[int(columns["tone"][row])]
            painter.setBrush(ink(hue))
            bar.setWidth(max(2.0, bar.width() * float(columns["weight01"][row])))
            painter.drawRoundedRect(bar, 1.3, 1.3)


def _box(at: QPointF, wide: float, px: float) -> QRectF:
    return QRectF(at.x() - 0.5 * wide - 3.0, at.y() - px, wide + 6.0, px + 4.0)


def _into_view(box: QRectF, at: QPointF, wide: float) -> float:
    """How far a name must move aside to be read in full, where what it names is in view."""
    if not 0.0 < at.x() < wide or box.width() > wide:
        return 0.0
    return max(0.0, -box.left()) - max(0.0, box.right() - wide)


def _is_free(box: QRectF, taken: list[QRectF]) -> bool:
    return not any(box.intersects(other) for other in taken)
