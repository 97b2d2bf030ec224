"""An inset: a round lens in a corner of the canvas that magnifies one crowded place."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath

from editor.canvas.camera import Camera
from editor.canvas.changes import Changes
from editor.canvas.emphasis import Emphasis
from editor.canvas.geometry import Geometry
from editor.canvas.overlay.pens import chip, pen
from editor.canvas.picture import Picture
from editor.canvas.scene import Scene
from editor.canvas.standing import Painter
from editor.window.theme import Theme

MARGIN = 26.0


@dataclass
class Inset:
    """Magnifies the disc of `reach` um around (x, y) um into a lens of `radius` px in a corner."""

    x: float
    y: float
    reach: float
    label: str = ""
    corner: str = "top right"
    radius: float = 118.0
    _picture: Picture | None = None
    _painter: Painter = field(default_factory=Painter)

    def place(self, wide: float, high: float, top: float = 0.0) -> QPointF:
        """Middle of the lens in a canvas of that size, whose first `top` px are taken."""
        away = MARGIN + self.radius
        x = wide - away if "right" in self.corner else away
        y = high - away - 74.0 if "bottom" in self.corner else top + away
        return QPointF(x, y)

    def draw(
        self,
        painter: QPainter,
        theme: Theme,
        scene: Scene,
        changes: Changes,
        geometry: Geometry,
        now: float,
        speed: float,
        top: float = 0.0,
    ) -> None:
        """Draw the lens, and a ring around the place it shows."""
        ratio = geometry.scale.ratio
        wide, high = geometry.width / ratio, geometry.height / ratio
        if wide < 5.0 * self.radius or high < 3.2 * self.radius:
            return
        size = round(2.0 * self.radius * ratio)
        picture = self._picture
        if picture is None or picture.width != size or picture.scene is not scene or picture.ratio != ratio:
            picture = self._picture = Picture(scene, theme, size, size, ratio, changes)
        picture.theme, picture.changes, picture.speed = theme, changes, speed
        camera = Camera(self.x, self.y, self.radius / self.reach)
        if picture.is_behind(camera):
            picture.put(self._painter.paint(picture.request(camera, lend=False)), now)
        pixels = picture.compose(camera, Emphasis(), now)
        image = QImage(pixels.data, size, size, 4 * size, QImage.Format.Format_RGB32)
        middle = self.place(wide, high, top)
        x, y = (float(v) / ratio for v in geometry.project(self.x, self.y))
        reach = self.reach * geometry.zoom / ratio
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(theme.muted, 1.2, 0.9))
        painter.drawEllipse(QPointF(x, y), reach, reach)
        for lead in _tangents(QPointF(x, y), reach, middle, self.radius):
            painter.setPen(pen(theme.muted, 1.0, 0.45))
            painter.drawLine(*lead)
        lens = QPainterPath()
        lens.addEllipse(middle, self.radius, self.radius)
        painter.save()
        painter.setClipPath(lens)
        box = QRectF(middle.x() - self.radius, middle.y() - self.radius, 2.0 * self.radius, 2.0 * self.radius)
        painter.drawImage(box, image)
        painter.restore()
        painter.setPen(pen(theme.line, 3.0))
        painter.drawEllipse(middle, self.radius, self.radius)
        painter.setPen(pen(theme.muted, 1.2))
        painter.drawEllipse(middle, self.radius, self.radius)
        if self.label:  # on the rim, where neither what it shows nor what lies below makes it unreadable
            chip(painter, theme, QPointF(middle.x(), middle.y() + self.radius), self.label)


def _tangents(one: QPointF, small: float, other: QPointF, large: float) -> list[tuple[QPointF, QPointF]]:
    """Two lines that touch both circles on the outside."""
    dx, dy = other.x() - one.x(), other.y() - one.y()
    square = dx * dx + dy * dy
    differ = large - small
    if square <= differ * differ or square == 0.0:
        return []
    root = (square - differ * differ) ** 0.5
    lines = []
    for side in (1.0, -1.0):
        nx = (-differ * dx - side * dy * root) / square
        ny = (-differ * dy + side * dx * root) / square
        lines.append(
            (
                QPointF(one.x() + small * nx, one.y() + small * ny),
                QPointF(other.x() + large * nx, other.y() + large * ny),
            )
        )
    return lines
