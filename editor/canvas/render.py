"""A picture of a scene without a window: what `neuropil render`, thumbnails and tests look at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from editor.canvas.camera import Camera, fit
from editor.canvas.changes import Changes
from editor.canvas.detail import Detail
from editor.canvas.emphasis import Emphasis
from editor.canvas.overlay import instruments
from editor.canvas.overlay.chrome import Chrome
from editor.canvas.overlay.inset import Inset
from editor.canvas.overlay.items import Items
from editor.canvas.overlay.paint import Overlay
from editor.canvas.picture import Picture
from editor.canvas.scene import Scene
from editor.canvas.standing import Painter
from editor.window.theme import DARK, Theme

NARROW = 400.0
"""Px below which a view leaves no room for the chips of inputs."""
EDGE = 28.0
"""Px between a circuit that moved over for a chip and the edge of the view."""
TERRITORY = 1.1
"""How far astrocytes reach around their neurons, as drawn, in distances between neurons."""


class Renderer:
    """Renders one scene again and again: the frames of a film, or a single picture.

    `width` and `height` are logical px; the image has `ratio` times as many.
    """

    def __init__(
        self,
        scene: Scene,
        width: int = 1600,
        height: int = 1000,
        *,
        theme: Theme = DARK,
        ratio: float = 1.0,
        changes: Changes | None = None,
        chrome: Chrome | None = None,
        insets: tuple[Inset, ...] = (),
        camera: Camera | None = None,
        detail: Detail | None = None,
        speed: float = 1.0,
    ) -> None:
        """Set up a picture that shows the whole scene, or what `camera` shows."""
        self.scene = scene
        self.picture = Picture(
            scene,
            theme,
            round(width * ratio),
            round(height * ratio),
            ratio,
            changes or Changes(),
            detail,
            speed,
        )
        self.camera = camera or framed(scene, width, height, chips=chrome is not None)
        self.chrome = chrome
        self.emphasis = Emphasis()
        self.overlay = Overlay()
        self.overlay.insets = list(insets)
        self._painter = Painter()

    @property
    def changes(self) -> Changes:
        """What is being animated."""
        return self.picture.changes

    def pixels(self, now: float = 0.0) -> NDArray[np.uint32]:
        """The picture at a moment without words: (height, width) of 0xFFRRGGBB, until the next call."""
        if self.picture.is_behind(self.camera):
            self.picture.put(self._painter.paint(self.picture.request(self.camera, lend=False)), -1e9)
        return self.picture.compose(self.camera, self.emphasis, now)

    def image(self, now: float = 0.0) -> QImage:
        """The picture at a moment with its words (they need a QGuiApplication)."""
        pixels = self.pixels(now)
        high, wide = pixels.shape
        image = QImage(pixels.data, wide, high, 4 * wide, QImage.Format.Format_RGB32).copy()
        if self.chrome is not None and QGuiApplication.instance() is not None:
            image.setDevicePixelRatio(self.picture.ratio)
            painter = QPainter(image)
            self.overlay.paint(painter, self.picture, self.camera, self.chrome, Items(), self.emphasis, now)
            painter.end()
            image.setDevicePixelRatio(1.0)
        return image

    def array(self, now: float = 0.0) -> NDArray[np.uint8]:
        """The picture with its words as (height, width, 3) bytes, for film writers."""
        image = self.image(now)
        wide, high = image.width(), image.height()
        words = np.frombuffer(image.constBits(), np.uint32).reshape(high, image.bytesPerLine() // 4)[:, :wide]
        return np.stack([words >> 16 & 255, words >> 8 & 255, words & 255], axis=-1).astype(np.uint8)

    def save(self, path: str | Path, now: float = 0.0) -> None:
        """Write the picture as PNG; raises OSError when that is not possible."""
        if not self.image(now).save(str(path)):
            raise OSError(f"the picture could not be written to {path}")


def framed(scene: Scene, width: float, height: float, *, margin: float = 0.07, chips: bool = True) -> Camera:
    """The camera that shows all of a scene, small circuits no closer than is comfortable.

    With `chips` there is room for the inputs, which are written beside their neurons.
    """
    px = 230.0 if len(scene.neurons) <= 12 else 125.0
    closest = px / max(scene.spacing(), 1e-6)
    places = scene.places()
    around = TERRITORY * scene.spacing() if len(scene.astrocytes) else 0.0
    camera = fit(
        np.concatenate([places - around, places + around]), width, height, margin=margin, closest=closest
    )
    edge = max(EDGE, around * camera.zoom)
    if not chips or not scene.inputs or width < NARROW:
        return camera
    left, right = _chips(scene, camera, width)
    left, right = min(max(left, 0.0), 0.3 * width), min(max(right, 0.0), 0.3 * width)
    if left + right == 0.0:
        return camera
    seen = camera.to_px(places, width, height)
    span = float(np.ptp(seen[:, 0]))
    # the circuit shrinks into what the chips leave of the width, or only moves over when it has room
    begin = max(float(seen[:, 0].min()), left) if left else float(seen[:, 0].min())
    end = min(float(seen[:, 0].max()), width - right) if right else float(seen[:, 0].max())
    if end - begin < span and left and not right:
        end = min(begin + span, width - edge)
    if end - begin < span and right and not left:
        begin = max(end - span, edge)
    if end - begin < min(span, 0.3 * width):
        return camera
    zoom = camera.zoom * (min(1.0, (end - begin) / span) if span > 1.0 else 1.0)
    middle = 0.5 * float(places[:, 0].min() + places[:, 0].max())
    return Camera(middle - (0.5 * (begin + end) - 0.5 * width) / zoom, camera.y, zoom)


def _chips(scene: Scene, camera: Camera, width: float) -> tuple[float, float]:
    """Px that the chips of inputs take left and right of the whole circuit; 0 where there are none."""
    x, rows = scene.neurons["x"], scene.neurons.rows
    low, high, middle = (
        float(x.min(initial=0.0)),
        float(x.max(initial=0.0)),
        float(x.mean()) if len(x) else 0.0,
    )
    left = right = 0.0
    for source in scene.inputs:
        found = rows(source.targets)
        mine = x[found[found >= 0]]
        if not len(mine):
            continue
        wide = instruments.CHIP + instruments.LETTER * len(source.label)
        if float(mine.mean()) <= middle:
            left = max(left, wide - (float(mine.min()) - low) * camera.zoom)
        else:
            right = max(right, wide - (high - float(mine.max())) * camera.zoom)
    return left, right
