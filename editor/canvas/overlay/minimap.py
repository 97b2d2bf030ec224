"""The minimap: the whole circuit in a corner, with a frame around what is in view."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from editor.canvas.camera import Camera, fit
from editor.canvas.geometry import Geometry
from editor.canvas.overlay.pens import ink, panel, pen
from editor.canvas.raster.marks import discs
from editor.canvas.raster.records import DISC, records
from editor.canvas.scene import Scene
from editor.canvas.style import tone_rgb
from editor.window.theme import Theme, rgb

WIDE, HIGH = 176.0, 112.0
MARGIN = 18.0
MOST_DOTS = 20_000


class Minimap:
    """Draws the minimap and turns places on it back into places in the tissue."""

    def __init__(self) -> None:
        """Begin without a picture."""
        self._key: tuple[object, ...] | None = None
        self._pixels = np.zeros((1, 1), np.uint32)
        self._camera = Camera()
        self.box: QRectF | None = None
        """Where it was drawn last; None when everything is in view."""

    def draw(
        self,
        painter: QPainter,
        theme: Theme,
        scene: Scene,
        geometry: Geometry,
        camera: Camera,
        lift: float = 0.0,
    ) -> None:
        """Draw it in the lower right corner, `lift` px up, unless the view shows everything anyway."""
        ratio = geometry.scale.ratio
        wide, high = geometry.width / ratio, geometry.height / ratio
        self.box = None
        if len(scene.neurons) < 2 or wide < 520.0 or high < 360.0 or _shows_all(geometry):
            return
        box = QRectF(wide - WIDE - MARGIN, high - HIGH - MARGIN - 46.0 - lift, WIDE, HIGH)
        self._refresh(theme, scene, ratio)
        panel(painter, theme, box, radius=8.0)
        image = QImage(
            self._pixels.data,
            self._pixels.shape[1],
            self._pixels.shape[0],
            4 * self._pixels.shape[1],
            QImage.Format.Format_RGB32,
        )
        painter.drawImage(box.adjusted(4.0, 4.0, -4.0, -4.0), image)
        corners = camera.to_um([(0.0, 0.0), (wide, high)], wide, high)
        (x1, y1), (x2, y2) = self._camera.to_px(corners, WIDE - 8.0, HIGH - 8.0).tolist()
        view = QRectF(
            QPointF(box.left() + 4.0 + x1, box.top() + 4.0 + y1),
            QPointF(box.left() + 4.0 + x2, box.top() + 4.0 + y2),
        ).intersected(box.adjusted(2.0, 2.0, -2.0, -2.0))
        painter.setBrush(ink(theme.accent, 0.10))
        painter.setPen(pen(theme.accent, 1.3))
        painter.drawRect(view)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self.box = box

    def to_um(self, x: float, y: float) -> tuple[float, float] | None:
        """The place in the tissue (um) under a place on the minimap; None when it is not on it."""
        if self.box is None or not self.box.contains(QPointF(x, y)):
            return None
        at = self._camera.to_um((x - self.box.left() - 4.0, y - self.box.top() - 4.0), WIDE - 8.0, HIGH - 8.0)
        return float(at[0]), float(at[1])

    def _refresh(self, theme: Theme, scene: Scene, ratio: float) -> None:
        key = (scene.layout, theme.name, ratio)
        if key == self._key:
            return
        self._key = key
        shape = (round((HIGH - 8.0) * ratio), round((WIDE - 8.0) * ratio))
        self._pixels = np.full(shape, 0xFF000000 | rgb(theme.background), np.uint32)
        self._camera = fit(scene.places(), WIDE - 8.0, HIGH - 8.0, margin=0.06)
        stride = max(1, len(scene.neurons) // MOST_DOTS)
        um = np.stack([scene.neurons["x"][::stride], scene.neurons["y"][::stride]], axis=1)
        at = self._camera.to_px(um, WIDE - 8.0, HIGH - 8.0) * ratio
        dots = records(DISC, len(at))
        dots["x"], dots["y"], dots["alpha"] = at[:, 0], at[:, 1], 0.9
        dots["radius"] = ratio * float(np.clip(28.0 / np.sqrt(len(at) + 1.0), 0.55, 1.8))
        dots["fill_rgb"] = dots["rim_rgb"] = tone_rgb(theme)[scene.neurons["tone"][::stride]]
        discs(self._pixels, dots, 0, shape[0])


def _shows_all(geometry: Geometry) -> bool:
    """Whether every neuron is in view and the circuit is not lost in it."""
    return bool(
        geometry.x.min() >= 0.0
        and geometry.y.min() >= 0.0
        and geometry.x.max() <= geometry.width
        and geometry.y.max() <= geometry.height
    )
