"""Where the canvas looks, and what lies where in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtWidgets import QWidget

from editor.canvas.camera import Camera, fit
from editor.canvas.geometry import Geometry
from editor.canvas.overlay import hands
from editor.canvas.overlay.items import Items
from editor.canvas.overlay.paint import Overlay
from editor.canvas.picking import Pick, inside, pick, rectangle
from editor.canvas.render import framed
from editor.canvas.scene import Scene
from editor.window.theme import Theme

CLEAR = 28.0
"""Px that a neuron keeps from what floats in a corner: its name stands above it."""
LETTER, TALL = 9.0, 16.0
"""Px of a letter in the name of a population, about; and how much higher than the name of a neuron it stands,
as does the electrode of a probe.
"""
FEW = 40
"""Neurons up to which each of them counts: none may lie under the legend when everything is shown."""


class CanvasView(QWidget):
    """A view of a scene that can be moved, and asked what is at a place (all places in logical px)."""

    camera_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        """Look at an empty scene."""
        super().__init__(parent)
        self.theme = theme
        self.scene = Scene()
        self.items = Items()
        self.overlay = Overlay()
        self._camera = Camera()
        self._goal = self._camera
        self._is_fitted = False
        self._fitted = self._camera
        self._fitted_layout = -1
        self._taken = 0.0
        self._corner = (0.0, 0.0)
        self.spans = False
        """Whether a circuit that is shown whole takes all of the width, its inputs written below it."""

    def touch(self) -> None:
        """Something changed: paint again."""
        self.update()

    # ---- the camera ------------------------------------------------------------------------------

    @property
    def camera(self) -> Camera:
        """Where the view is going (it may still be on its way)."""
        return self._goal

    def go_to(self, camera: Camera, *, animated: bool = True) -> None:
        """Move the view."""
        self._goal = camera
        if not animated:
            self._camera = camera
        self._is_fitted = True
        self.camera_changed.emit()
        self.touch()

    def fit(self, *, animated: bool = True) -> None:
        """Show everything."""
        top, bottom = TALL * ((len(self.scene.populations) > 1) + bool(self.scene.probes)), 0.0
        if self._reaches_into_the_corner(self._framed(top, bottom)):
            top += self._corner[1]
        is_few = not self.spans and len(self.scene.neurons) <= FEW
        for box in self._foot() if is_few else ():
            if self._reaches_under(box, self._framed(top, bottom)):
                bottom = max(bottom, self.height() - box.top())
        self._fitted = self._framed(top, bottom)
        self._fitted_layout = self.scene.layout
        self.go_to(self._fitted, animated=animated)

    def _framed(self, top: float, bottom: float) -> Camera:
        """Everything, beside what floats on the left and between so many px above and below."""
        wide, high = self.width() - self._taken, self.height() - top - bottom
        camera = framed(self.scene, wide, high, chips=not self.spans)
        aside = 0.5 * self._taken / camera.zoom
        return replace(camera, x=camera.x - aside, y=camera.y - 0.5 * (top - bottom) / camera.zoom)

    def _foot(self) -> list[QRectF]:
        """What lies over the lower corners of the picture."""
        return []

    def _reaches_under(self, box: QRectF, camera: Camera) -> bool:
        """Whether a neuron would lie under something at the foot, with room above it."""
        if self.height() - box.top() > 0.25 * self.height():
            return False
        x, y = camera.to_px(self.scene.places(), self.width(), self.height()).T
        inside = (x > box.left() - CLEAR) & (x < box.right() + CLEAR) & (y > box.top() - CLEAR)
        return bool(inside.any())

    def _reaches_into_the_corner(self, camera: Camera) -> bool:
        """Whether a part of the circuit, or its name, would lie under what floats in the corner."""
        wide, high = self._corner
        if not wide or high > 0.4 * self.height():
            return False
        seen = camera.to_px(self.scene.places(), self.width(), self.height())
        if np.any((seen[:, 0] < wide + CLEAR) & (seen[:, 1] < high + CLEAR)):
            return True
        owner, named = self.scene.neurons["population"], self.scene.populations
        for k, mark in enumerate(named if len(named) > 1 else ()):
            mine = seen[: len(owner)][owner == k]
            if len(mine):
                begin = mine[:, 0].mean() - 0.5 * LETTER * len(mark.label)
                if begin < wide and mine[:, 1].min() < high + CLEAR + TALL:
                    return True
        return False

    def make_room(
        self, left: float, corner: tuple[float, float] = (0.0, 0.0), *, animated: bool = True
    ) -> None:
        """Something floats over the first `left` px, or over a corner (width, height) on the top left.

        A view that shows everything shows it beside that, or below.
        """
        if (left, corner) == (self._taken, self._corner):
            return
        was_fitted = self._shows_everything
        self._taken, self._corner = left, corner
        if was_fitted:
            self.fit(animated=animated)

    def keep_in_sight(self) -> None:
        """The view has another size: what was shown whole still is, unless it was drawn into since."""
        if self._shows_everything and self._fitted_layout == self.scene.layout:
            self.fit(animated=False)

    @property
    def _shows_everything(self) -> bool:
        return self._is_fitted and self._goal == self._fitted

    def frame_neurons(self, ids: ArrayLike, *, animated: bool = True) -> None:
        """Show these neurons, as large as is comfortable; everything when there are none."""
        rows = self.scene.neurons.rows(ids)
        rows = rows[rows >= 0]
        if not len(rows):
            self.fit(animated=animated)
            return
        at = np.stack([self.scene.neurons["x"][rows], self.scene.neurons["y"][rows]], axis=1)
        closest = 3.2 * 48.0 / max(self.scene.spacing(), 1e-6)
        self.go_to(fit(at, self.width(), self.height(), margin=0.22, closest=closest), animated=animated)

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the picture with the hand, at once."""
        self._camera = self._camera.panned(dx, dy)
        self.go_to(self._camera, animated=False)

    def zoom_by(self, factor: float, at: QPointF | None = None, *, animated: bool = True) -> None:
        """Come closer by a factor; what is `at` (the middle, if missing) stays where it is."""
        px = (at.x(), at.y()) if at is not None else (0.5 * self.width(), 0.5 * self.height())
        self.go_to(self._goal.zoomed(factor, px, self.width(), self.height()), animated=animated)

    # ---- what lies where -------------------------------------------------------------------------

    def geometry_now(self) -> Geometry:
        """The scene as the camera sees it now, in px of the picture."""
        ratio = self.devicePixelRatioF()
        return Geometry.of(self.scene.look(), self.theme, self._camera, *self._size_px(), ratio)

    def pick(self, at: QPointF | tuple[float, float]) -> Pick:
        """What is under a place (logical px)."""
        x, y = (at.x(), at.y()) if isinstance(at, QPointF) else at
        ratio = self.devicePixelRatioF()
        return pick(self.geometry_now(), self.theme, x * ratio, y * ratio)

    def within(self, corners: ArrayLike, *, is_lasso: bool = False) -> dict[str, NDArray[np.int64]]:
        """Ids of the neurons, astrocytes and synapses in a polygon (n, 2) of logical px."""
        shape = np.asarray(corners, dtype=np.float64) * self.devicePixelRatioF()
        return inside(self.geometry_now(), self.theme, shape, is_lasso=is_lasso)

    def within_rect(self, one: tuple[float, float], other: tuple[float, float]) -> dict[str, Any]:
        """The same for a rectangle between two corners."""
        return self.within(rectangle(*one, *other))

    def to_um(self, at: QPointF | tuple[float, float]) -> tuple[float, float]:
        """The place in the tissue (um) seen at a place (logical px)."""
        px = (at.x(), at.y()) if isinstance(at, QPointF) else at
        found = self._camera.to_um(px, self.width(), self.height())
        return float(found[0]), float(found[1])

    def place_of(self, neuron: int) -> QPointF | None:
        """Where a neuron is seen (logical px); None when it is not there."""
        spot = hands.spot_of(self.geometry_now(), neuron)
        return None if spot is None else QPointF(spot.x, spot.y)

    def hit(self, at: tuple[float, float]) -> str:
        """The handle, chip, note, minimap or ghost action under a place (logical px); "" for none."""
        if self.items.handles_for:
            spot = hands.spot_of(self.geometry_now(), self.items.handles_for)
            name = hands.handle_at(spot, *at) if spot is not None else ""
            if name:
                return f"{name}:{self.items.handles_for}"
        return self.overlay.hit(*at)

    def _size_px(self) -> tuple[int, int]:
        """Width and height of the picture in its own px."""
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))
