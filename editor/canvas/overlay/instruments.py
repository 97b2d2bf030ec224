"""Inputs and probes: a chip beside the neurons an input drives, an electrode on the neuron it records."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from editor.canvas.geometry import Geometry
from editor.canvas.meters import COLUMNS
from editor.canvas.overlay.pens import font, ink, panel, pen, width_of
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import InputMark, ProbeMark
from editor.window.theme import Theme

MOST_LEADS = 14
"""Thin lines from an input to its neurons; more would only be noise."""
MOST_ELECTRODES = 40
MOST_METERS = 8
"""Curves beside their neurons; more would hide the circuit."""
NOTHING = 1e-6
"""What a meter shows as zero, in any unit: a current that decays for ever is over at some time."""
EDGE = 10.0
"""Px between a chip and the edge of the view."""
CHIP, LETTER = 76.0, 6.6
"""About how far the chip of an input reaches from its neurons, px: without its words, and per letter."""
TALL, LOW, APART = 24.0, 18.0, 6.0
"""How high a chip is, px, and where many would lie on each other; and what lies between two of them."""
CROWD = 3
"""So many neighbours without room between them make all chips low."""


def draw(
    painter: QPainter,
    theme: Theme,
    geometry: Geometry,
    scene: Scene,
    begin: float = 0.0,
    corner: tuple[float, float] = (0.0, 0.0),
) -> dict[str, QRectF]:
    """Draw all inputs and probes; returns their boxes by "input:ID", "probe:ID" and "meter:ID:neuron".

    Further electrodes of a probe are "electrode:ID:row".  Over the first `begin` px, or over a
    `corner` (width, height) at the top left, floats something else.
    """
    boxes: dict[str, QRectF] = {}
    taken = [QRectF(0.0, 0.0, *corner)]
    for probe in scene.probes:
        _draw_probe(painter, theme, geometry, scene, probe, boxes, taken, begin)
    high = _chip_height(geometry, scene)
    for source in scene.inputs:
        box = _draw_input(painter, theme, geometry, scene, source, taken, high, begin + EDGE)
        if box is not None:
            boxes[f"input:{source.id}"] = box
            taken.append(box)
    return boxes


def _chip_height(geometry: Geometry, scene: Scene) -> float:
    """How high the chips of inputs are, px: low where many stand beside neurons close to each other."""
    if len(scene.inputs) <= CROWD:
        return TALL
    middles: dict[int, list[float]] = {}
    for source in scene.inputs:
        rows = _rows(scene, source.targets)
        if len(rows):
            column = int(geometry.x[rows].min() / geometry.scale.ratio // 60.0)
            middles.setdefault(column, []).append(float(geometry.y[rows].mean()) / geometry.scale.ratio)
    crowded = sum(int(np.sum(np.diff(np.sort(column)) < TALL)) for column in middles.values())
    return LOW if crowded >= CROWD else TALL


def _rows(scene: Scene, targets: np.ndarray) -> np.ndarray:
    rows = scene.neurons.rows(targets)
    return rows[rows >= 0]


def _draw_input(
    painter: QPainter,
    theme: Theme,
    geometry: Geometry,
    scene: Scene,
    source: InputMark,
    taken: list[QRectF],
    high: float,
    edge: float,
) -> QRectF | None:
    rows = _rows(scene, source.targets)
    if not len(rows):
        return None
    ratio = geometry.scale.ratio
    x, y, r = (values[rows] / ratio for values in (geometry.x, geometry.y, geometry.radius))
    is_one = len(rows) == 1
    chosen = font(11.0 if high == TALL else 9.5)
    text = source.label
    wide = high + 6.0 + width_of(text, chosen)
    # on the side of its neurons that faces out of the circuit
    is_left = float(x.mean()) * ratio <= float(geometry.x.mean())
    away = float(r.max()) + (26.0 if is_one else 34.0)
    left = float(x.min()) - away - wide if is_left else float(x.max()) + away
    box = QRectF(left, float(y.mean()) - 0.5 * high, wide, high)
    right = geometry.width / ratio - EDGE
    hangs = left < edge <= float(x.min()) or box.right() > right >= float(x.max())  # no room beside them
    if hangs:
        box.moveLeft(max(min(max(left, edge), right - wide), EDGE))
        near = y[np.abs(x - box.center().x()) < wide]
        near = near if len(near) else y
        foot = geometry.height / ratio - EDGE
        low, top = float(near.max()) + away, float(near.min()) - away - high
        box.moveTop(low if low + high <= foot or top < EDGE else top)
        if box.bottom() > foot >= float(near.max()):
            box.moveBottom(foot)
    while any(box.intersects(other) for other in taken):
        box.translate(0.0, high + APART if high == TALL else 1.0)
    facing = 1.0 if is_left else -1.0
    hue = theme.input if source.enabled else theme.muted
    painter.setBrush(Qt.BrushStyle.NoBrush)
    end = QPointF(box.right() if is_left else box.left(), box.center().y())
    bend = QPointF(18.0 * facing, 0.0)
    if hangs:
        is_below = box.center().y() > float(y.mean())
        end = QPointF(box.center().x(), box.top() if is_below else box.bottom())
        bend = QPointF(0.0, -18.0 if is_below else 18.0)
    nearest = np.argsort(np.hypot(x - end.x(), y - end.y()))[:MOST_LEADS]
    painter.setPen(pen(hue, 1.1, 0.65 if is_one else 0.30))
    for k in nearest.tolist():
        path = QPainterPath(end)
        reach = 0.9 * float(r[k]) / 18.0
        to = QPointF(float(x[k]), float(y[k])) - reach * bend
        path.cubicTo(end + bend, to - bend, to)
        painter.drawPath(path)
    panel(painter, theme, box, radius=0.5 * high)
    painter.setPen(pen(hue, 1.4))
    painter.drawRoundedRect(box, 0.5 * high, 0.5 * high)
    bolt = ((1.4, -5.6), (-3.4, 0.8), (-0.5, 0.8), (-1.6, 5.6), (3.4, -1.2), (0.5, -1.2))
    at = QPointF(box.left() + 0.5 * high + 2.0, box.center().y())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink(hue))
    size = high / TALL
    painter.drawPolygon(QPolygonF([QPointF(at.x() + size * dx, at.y() + size * dy) for dx, dy in bolt]))
    painter.setPen(ink(theme.text if source.enabled else theme.muted))
    painter.setFont(chosen)
    painter.drawText(box.adjusted(high - 1.0, 0.0, 0.0, 0.0), Qt.AlignmentFlag.AlignVCenter, text)
    return box


def _draw_probe(
    painter: QPainter,
    theme: Theme,
    geometry: Geometry,
    scene: Scene,
    probe: ProbeMark,
    boxes: dict[str, QRectF],
    taken: list[QRectF],
    begin: float,
) -> None:
    rows = _rows(scene, probe.targets)[:MOST_ELECTRODES]
    ratio = geometry.scale.ratio
    for row in rows.tolist():
        x, y, r = geometry.x[row] / ratio, geometry.y[row] / ratio, geometry.radius[row] / ratio
        if r < 4.0:
            continue
        hue = theme.curves[probe.colour % len(theme.curves)] if probe.enabled else theme.muted
        tip = QPointF(x + 0.55 * r, y - 0.62 * r)
        far = QPointF(tip.x() + 17.0, tip.y() - 22.0)
        painter.setPen(pen(theme.background, 5.0, 0.7))
        painter.drawLine(tip, far)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(hue))
        painter.drawPolygon(
            QPolygonF([tip, QPointF(far.x() - 2.6, far.y() - 2.0), QPointF(far.x() + 2.6, far.y() + 2.0)])
        )
        painter.drawEllipse(far, 3.6, 3.6)
        own = f"probe:{probe.id}"
        name = own if own not in boxes else f"electrode:{probe.id}:{row}"
        # it ends at the tip, which stands on the neuron: the neuron stays under the mouse
        boxes[name] = QRectF(tip, far).normalized().adjusted(0.0, -4.0, 4.0, 0.0)
        if len(taken) <= MOST_METERS:
            room = QRectF(begin, 0.0, geometry.width / ratio - begin, geometry.height / ratio)
            neuron = int(scene.neurons["id"][row])
            known = len(taken)
            _draw_meter(painter, theme, scene, probe, neuron, far, hue, taken, room)
            boxes |= {f"meter:{probe.id}:{neuron}": box for box in taken[known:]}


def _free_box(box: QRectF, taken: list[QRectF], at: QPointF, room: QRectF) -> QRectF:
    """A place for a meter beside its electrode that is free and in view: higher, lower, or on its left."""
    left = QRectF(box)
    left.moveRight(at.x() - 9.0)
    tries = [side.translated(0.0, 32.0 * k) for side in (box, left) for k in (0, -1, -2, -3, -4, 1, 2, 3, 4)]
    free = [one for one in tries if not any(one.intersects(other) for other in taken)]
    return next((one for one in free if room.contains(one)), free[0] if free else box)


def _draw_meter(
    painter: QPainter,
    theme: Theme,
    scene: Scene,
    probe: ProbeMark,
    neuron: int,
    at: QPointF,
    hue: str,
    taken: list[QRectF],
    room: QRectF,
) -> None:
    """The last two seconds of what an electrode sees, and its value now, pinned beside its neuron."""
    value = scene.meters.now(probe.id, neuron)
    if value is None:
        return
    chosen = font(11.0)
    value = value if abs(value) >= NOTHING else 0.0
    text = f"{value:.1f} {probe.unit}" if abs(value) >= 1.0 or not value else f"{value:.2g} {probe.unit}"
    usual = width_of(f"-00.0 {probe.unit}", chosen)  # it does not change with every digit
    box = QRectF(at.x() + 9.0, at.y() - 20.0, COLUMNS + max(usual, width_of(text, chosen)) + 27.0, 28.0)
    box = _free_box(box, taken, at, room)
    taken.append(box)
    panel(painter, theme, box, radius=8.0)
    across, up = scene.meters.curve(probe.id, neuron)
    left, low, tall = box.left() + 9.0, box.bottom() - 6.0, box.height() - 12.0
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(pen(hue, 1.3))
    points = zip(across.tolist(), up.tolist(), strict=True)
    painter.drawPolyline(QPolygonF([QPointF(left + COLUMNS * x, low - tall * y) for x, y in points]))
    painter.setPen(ink(theme.text))
    painter.setFont(chosen)
    end = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    painter.drawText(box.adjusted(0.0, 0.0, -9.0, 0.0), end, text.strip())
