"""Neurons as two half discs: on the left what they were in one phase, on the right what they are in another.

The difference between the halves is what such a learner learns from, so it is drawn where it lies.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from editor.canvas.columns import MISSING
from editor.canvas.geometry import Geometry
from editor.canvas.overlay.items import Halves
from editor.canvas.overlay.pens import ink, pen
from editor.canvas.scene import Scene
from editor.window.theme import Theme, blend

MOST = 600
SMALLEST = 3.0
"""px of radius below which halves cannot be told apart."""
QUARTER = 90 * 16
HALF = 180 * 16


def draw(painter: QPainter, theme: Theme, geometry: Geometry, scene: Scene, halves: Halves) -> None:
    """Draw the two halves of every neuron in view, over its disc."""
    rows = scene.neurons.rows(halves.ids)
    ratio = geometry.scale.ratio
    for row, left, right in zip(rows.tolist(), halves.left.tolist(), halves.right.tolist(), strict=True):
        if row == MISSING or row >= len(geometry.x):
            continue
        x, y = float(geometry.x[row]) / ratio, float(geometry.y[row]) / ratio
        radius = float(geometry.radius[row]) / ratio
        if radius < SMALLEST or not (0 < x < geometry.width / ratio and 0 < y < geometry.height / ratio):
            continue
        box = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)
        painter.setPen(Qt.PenStyle.NoPen)
        for begin, value, hue in ((QUARTER, left, halves.left_ink), (-QUARTER, right, halves.right_ink)):
            painter.setBrush(ink(blend(theme.soma_rest, hue, float(np.clip(value, 0.0, 1.0)))))
            painter.drawPie(box, begin, HALF)
        painter.setPen(pen(theme.neutral, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box)
        painter.drawLine(QPointF(x, y - radius), QPointF(x, y + radius))
