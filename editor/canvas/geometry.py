"""A scene as one camera sees it: neurons in px, and on request the lines of any synapses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from editor.canvas.camera import Camera
from editor.canvas.raster.layout import lay_out
from editor.canvas.raster.records import ARROW, BAR, ROUND, STROKE, TERMINAL
from editor.canvas.scene import SceneView
from editor.canvas.style import Inks, Scale, inks, neuron_radii
from editor.window.theme import Theme

_TERMINAL_OF_TONE = np.array([ARROW, BAR, ROUND], np.int32)


@dataclass(frozen=True)
class Geometry:
    """The neurons of a scene as one camera sees them, and the synapses between them."""

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    radius: NDArray[np.float32]
    width: int
    height: int
    scale: Scale
    view: SceneView
    camera: Camera
    zoom: float
    """Px of the picture per um."""

    @classmethod
    def of(
        cls, view: SceneView, theme: Theme, camera: Camera, width: int, height: int, ratio: float
    ) -> Geometry:
        """Project a scene; width and height in pictured px, `ratio` of them to a logical px."""
        zoom = camera.zoom * ratio
        scale = Scale.at(camera.zoom, view.spacing, ratio, len(view.neurons["x"]))
        x = ((view.neurons["x"].astype(np.float64) - camera.x) * zoom + 0.5 * width).astype(np.float32)
        y = ((view.neurons["y"].astype(np.float64) - camera.y) * zoom + 0.5 * height).astype(np.float32)
        radius = neuron_radii(theme, scale, view.neurons["tone"], view.neurons["variety"])
        return cls(x, y, radius, width, height, scale, view, camera, zoom)

    def project(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where places (um) are seen, px of the picture."""
        return (
            (np.asarray(x, dtype=np.float64) - self.camera.x) * self.zoom + 0.5 * self.width,
            (np.asarray(y, dtype=np.float64) - self.camera.y) * self.zoom + 0.5 * self.height,
        )

    def lines(
        self, theme: Theme, rows: NDArray[np.int32], *, hidden_too: bool = False
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """Strokes and terminals of some synapses, in the order of `rows`, those out of view left out.

        Synapses that are animated (`shown` 0) are left out unless `hidden_too`.
        """
        return self.lines_of(self.view.synapses, theme, rows, hidden_too=hidden_too)

    def lines_of(
        self,
        columns: dict[str, NDArray[Any]],
        theme: Theme,
        rows: NDArray[np.int32],
        *,
        hidden_too: bool = True,
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """The same for synapses of any table with the columns of the scene's."""
        strokes = np.empty(len(rows), STROKE)
        ends = np.empty(len(rows), TERMINAL)
        table: Inks = inks(theme)
        n = lay_out(
            strokes, ends, rows, self.x, self.y, self.radius, self.view.neurons["id"],
            columns["pre"], columns["post"], columns["weight01"], columns["tone"], columns["kind"],
            columns["fan"], columns["shown"], hidden_too, table.rgb, table.alpha, table.width,
            table.terminal, _TERMINAL_OF_TONE, theme.sizes.bend, self.scale.line, self.scale.ratio,
            theme.sizes.casing, self.width, self.height,
        )  # fmt: skip
        return strokes[:n], ends[:n]


def points_on(strokes: NDArray[Any], t: NDArray[np.floating[Any]]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Places on curves at `t` (0 the pre end, 1 the post end), one each: x and y px."""
    u = 1.0 - t
    x = u * u * strokes["ax"] + 2.0 * t * u * strokes["cx"] + t * t * strokes["bx"]
    y = u * u * strokes["ay"] + 2.0 * t * u * strokes["cy"] + t * t * strokes["by"]
    return x, y
