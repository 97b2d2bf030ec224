"""The standing picture: ground, astrocytes and synapses as they are between two redraws.

It is drawn by whoever has the time (a worker thread, or the window itself when it is cheap) from a
lent scene, and never changed after that.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.canvas.bundles import Clusters
from editor.canvas.camera import Camera
from editor.canvas.detail import Detail, Load, choose, load_of
from editor.canvas.geometry import Geometry
from editor.canvas.layers import Territories, draw_astrocytes, draw_ground, draw_synapses
from editor.canvas.scene import SceneView
from editor.window.theme import Theme


@dataclass(frozen=True)
class Request:
    """Everything the standing picture depends on."""

    view: SceneView
    camera: Camera
    width: int
    height: int
    ratio: float
    theme: Theme
    detail: Detail | None = None
    """A detail the user insists on; None chooses by load."""

    @property
    def ground_key(self) -> tuple[object, ...]:
        """What the ground depends on."""
        view = self.view
        return (self.camera, self.width, self.height, self.ratio, self.theme.name, view.layout, view.glow)

    @property
    def key(self) -> tuple[object, ...]:
        """What the whole standing picture depends on."""
        return (*self.ground_key, self.view.wiring, self.view.looks, self.detail)


@dataclass(frozen=True)
class Standing:
    """A finished standing picture and what it shows."""

    request: Request
    picture: NDArray[np.uint32]
    ground: NDArray[np.uint32]
    detail: Detail
    load: Load


class Painter:
    """Draws standing pictures one after another, keeping what does not change between them."""

    def __init__(self, crew: Executor | None = None, bands: int = 1) -> None:
        """`crew` and `bands`: how many threads share one picture."""
        self._crew, self._bands = crew, bands
        self._territories: tuple[int, Territories | None] = (-1, None)
        self._clusters: tuple[int, Clusters | None] = (-1, None)
        self._ground: tuple[tuple[object, ...], NDArray[np.uint32]] | None = None
        self._detail: Detail | None = None

    def paint(self, request: Request) -> Standing:
        """Draw the standing picture that was asked for."""
        view, theme = request.view, request.theme
        geometry = Geometry.of(view, theme, request.camera, request.width, request.height, request.ratio)
        ground = self._ground_of(request, geometry)
        if self._clusters[0] != view.layout:
            self._clusters = (view.layout, Clusters.of(view) if len(view.neurons["x"]) else None)
        clusters = self._clusters[1]
        load = load_of(geometry)
        separable = clusters.separable() * geometry.zoom if clusters else 0.0
        detail = request.detail
        if detail is None:
            detail = choose(load, geometry, separable, self._detail)
        self._detail = detail
        picture = ground.copy()
        draw_synapses(picture, geometry, theme, detail, clusters, self._crew, self._bands)
        return Standing(request, picture, ground, detail, load)

    def _ground_of(self, request: Request, geometry: Geometry) -> NDArray[np.uint32]:
        if self._ground is not None and self._ground[0] == request.ground_key:
            return self._ground[1]
        ground = np.empty((request.height, request.width), np.uint32)
        draw_ground(ground, request.theme, request.camera, request.ratio)
        view = request.view
        if self._territories[0] != view.layout:
            self._territories = (view.layout, Territories.of(view))
        if self._territories[1] is not None:
            draw_astrocytes(
                ground, request.theme, request.camera, request.ratio, geometry, self._territories[1]
            )
        self._ground = (request.ground_key, ground)
        return ground
