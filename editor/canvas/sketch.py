"""A plain drawing of a circuit with Qt's painter: what is shown while the kernels of the canvas are compiled.

Neurons are discs that light up when they spike, synapses straight lines, strong ones over weak ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

from editor.canvas import plainly
from editor.canvas.camera import Camera
from editor.canvas.changes import flash
from editor.canvas.emphasis import Emphasis
from editor.canvas.geometry import Geometry
from editor.canvas.render import framed
from editor.canvas.scene import Scene
from editor.canvas.style import SHADES, inks
from editor.window.theme import Theme

MANY = 300
"""Of more synapses than this the lines are thinner and fainter."""
LEVELS = 5
"""Shades of weight; lines of one shade are drawn at once."""
GLIMPSE = 0.05
"""Light of a spike below which a neuron is drawn at rest."""
MOST_CHOSEN = 600
"""Synapses that are drawn to stand out at most: the strongest."""
WIDTH = 2.4
"""Of one that stands out, px at scale 1, for a weight in the middle."""
GLIA = 7.0
"""Radius of the soma of an astrocyte, px at scale 1."""


class Sketch:
    """Draws one scene again and again; what stands still is kept as a picture."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] | None = None
        self._ground = QImage()

    def draw(
        self,
        painter: QPainter,
        scene: Scene,
        theme: Theme,
        camera: Camera,
        size: QSize,
        ratio: float,
        now: float,
        emphasis: Emphasis | None = None,
    ) -> None:
        """Draw a scene as a camera sees it; `size` in px of the picture, `ratio` to one of the painter."""
        view = scene.look()
        geometry = Geometry.of(view, theme, camera, size.width(), size.height(), ratio)
        key = (camera, size, ratio, theme.name, view.layout, view.wiring, id(scene))
        if key != self._key:
            self._key = key
            self._ground = QImage(size, QImage.Format.Format_RGB32)
            self._ground.fill(QColor(theme.background))
            with QPainter(self._ground) as ground:
                _lines(ground, geometry, theme)
                _glia(ground, geometry, theme)
        painter.drawImage(QRectF(QPointF(), QSizeF(size) / ratio), self._ground)
        painter.save()
        painter.scale(1.0 / ratio, 1.0 / ratio)
        if emphasis is not None:
            _standing_out(painter, geometry, theme, emphasis.synapse_rows(scene, MOST_CHOSEN))
        _neurons(painter, geometry, theme, flash(view.neurons["spike_at"], now))
        painter.restore()


def portrait(scene: Scene, theme: Theme, size: QSize, ratio: float, now: float = 0.0) -> QImage:
    """A scene in the size (logical px) of a card."""
    camera = framed(scene, size.width(), size.height(), chips=False)
    image = QImage(size * ratio, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        Sketch().draw(painter, scene, theme, camera, image.size(), 1.0, now)
    return image


def _lines(painter: QPainter, geometry: Geometry, theme: Theme) -> None:
    """The synapses, those of one colour and shade in one go."""
    columns, table = geometry.view.synapses, inks(theme)
    weight = columns["weight01"]
    rows = plainly.sketched(geometry)
    level = np.minimum((weight[rows] * LEVELS).astype(int), LEVELS - 1)
    ends = plainly.ends(geometry, rows)
    tone = columns["tone"][rows]
    thin = min(1.0, (MANY / max(len(rows), 1)) ** 0.5)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for each in range(LEVELS):
        shade = int((each + 0.5) / LEVELS * SHADES)
        for hue in range(3):
            lines = [QLineF(*ends_of) for ends_of in ends[(level == each) & (tone == hue)].tolist()]
            if lines:
                ink = QColor.fromRgb(int(table.rgb[hue, shade]))
                ink.setAlphaF(float(table.alpha[hue, shade]) * max(thin, 0.4))
                painter.setPen(QPen(ink, float(table.width[hue, shade]) * geometry.scale.line * thin))
                painter.drawLines(lines)


def _standing_out(painter: QPainter, geometry: Geometry, theme: Theme, rows: NDArray[np.int32]) -> None:
    """What is selected or under the pointer: over the others, in the colour of its kind and in full."""
    columns, hues = geometry.view.synapses, (theme.excitatory, theme.inhibitory, theme.neutral)
    rows = rows[columns["pre"][rows] != columns["post"][rows]]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for row, line in zip(rows.tolist(), plainly.ends(geometry, rows).tolist(), strict=True):
        wide = WIDTH * (0.5 + float(columns["weight01"][row]))
        painter.setPen(QPen(QColor(hues[int(columns["tone"][row])]), wide * geometry.scale.line))
        painter.drawLine(QLineF(*line))


def _glia(painter: QPainter, geometry: Geometry, theme: Theme) -> None:
    glia = geometry.view.astrocytes
    x, y = geometry.project(glia["x"], glia["y"])
    radius = GLIA * geometry.scale.neuron
    painter.setPen(Qt.PenStyle.NoPen)
    for k, place in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
        painter.setBrush(QColor(theme.astrocytes[k % len(theme.astrocytes)]))
        painter.drawEllipse(QPointF(*place), radius, radius)


def _neurons(painter: QPainter, geometry: Geometry, theme: Theme, lit: NDArray[np.float32]) -> None:
    columns = geometry.view.neurons
    hues = [QColor(each) for each in (theme.excitatory, theme.inhibitory, theme.neutral)]
    lights = [QColor(each) for each in (theme.spike_excitatory, theme.spike_inhibitory)]
    rest, spiking = QBrush(QColor(theme.soma_rest)), QBrush(QColor(theme.soma_spiking))
    x, y, radius = geometry.x, geometry.y, geometry.radius
    seen = (x > -radius) & (x < geometry.width + radius) & (y > -radius) & (y < geometry.height + radius)
    width = theme.sizes.rim * min(geometry.scale.neuron, 1.6 * geometry.scale.ratio)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for row in np.flatnonzero(seen & (lit > GLIMPSE)).tolist():
        light = lights[min(int(columns["tone"][row]) & 1, 1)]
        light.setAlphaF(theme.glow * float(lit[row]))
        painter.setBrush(light)
        wide = theme.sizes.core * float(radius[row])
        painter.drawEllipse(QPointF(float(x[row]), float(y[row])), wide, wide)
    for hue in range(3):
        painter.setPen(QPen(hues[hue], width))
        mine = seen & (columns["tone"] == hue)
        for body, some in ((rest, mine & (lit <= GLIMPSE)), (spiking, mine & (lit > GLIMPSE))):
            painter.setBrush(body)
            for row in np.flatnonzero(some).tolist():
                painter.drawEllipse(
                    QPointF(float(x[row]), float(y[row])), float(radius[row]), float(radius[row])
                )
