"""One picture of a scene: the standing picture moved to where the camera is, and what moves on top of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from editor.canvas.axons import draw_flights, draw_lit
from editor.canvas.camera import Camera
from editor.canvas.changes import Changes, ease
from editor.canvas.clefts import draw_far_clouds, draw_puffs
from editor.canvas.closeup import draw_closeups, is_close
from editor.canvas.dendrites import draw_dendrites
from editor.canvas.detail import Detail
from editor.canvas.emphasis import Emphasis
from editor.canvas.geometry import Geometry
from editor.canvas.growth import draw_births, draw_chosen, draw_deaths, draw_eligibility, draw_halos
from editor.canvas.neurons import draw_fields, draw_neurons, draw_waves
from editor.canvas.raster.pixels import mix, warp
from editor.canvas.scene import Scene
from editor.canvas.standing import Request, Standing
from editor.canvas.teaching import draw_waves_of_teaching
from editor.window.theme import Theme

CROSS_FADE = 0.150
"""Two levels of detail are mixed for this long, s."""

SMOOTH = 800_000
"""Pictures of at most this many px are magnified smoothly while the view zooms; larger ones coarsely."""

DIMMED = 150
"""How far unselected synapses step back, of 256."""


@dataclass
class Picture:
    """The pixels of a canvas: `width` by `height` pictured px, `ratio` of them to a logical px."""

    scene: Scene
    theme: Theme
    width: int
    height: int
    ratio: float = 1.0
    changes: Changes = field(default_factory=Changes)
    detail: Detail | None = None
    speed: float = 1.0
    hidden: int = 0
    """Synapses that light up or carry a spike but were left out of the last frame."""
    standing: Standing | None = None
    _before: Standing | None = None
    _since: float = -1e9
    _base_key: tuple[object, ...] | None = None

    def __post_init__(self) -> None:
        """Set the buffers aside; they live as long as the picture."""
        shape = (self.height, self.width)
        self._base = np.zeros(shape, np.uint32)
        self._spare = np.zeros(shape, np.uint32)
        self.pixels = np.zeros(shape, np.uint32)

    def request(self, camera: Camera, *, lend: bool = True) -> Request:
        """What the standing picture should show now.  `lend` when another thread will draw it."""
        view = self.scene.lend() if lend else self.scene.look()
        return Request(view, camera, self.width, self.height, self.ratio, self.theme, self.detail)

    def is_behind(self, camera: Camera) -> bool:
        """Whether the standing picture shows something else than the scene and camera of now."""
        if self.standing is None:
            return True
        return self.standing.request.key != self.request(camera, lend=False).key

    def put(self, standing: Standing, now: float) -> None:
        """Take a new standing picture; a change of detail is cross-faded."""
        if self.standing is not None and self.standing.detail != standing.detail:
            self._before, self._since = self.standing, now
        self.standing = standing

    def is_fading(self, now: float) -> bool:
        """Whether two levels of detail are being mixed."""
        return self._before is not None and now - self._since < CROSS_FADE

    def compose(self, camera: Camera, emphasis: Emphasis, now: float) -> NDArray[np.uint32]:
        """Draw the frame of this moment and return its pixels (valid until the next call)."""
        base = self._stand(camera, emphasis, now)
        np.copyto(self.pixels, base)
        detail = self.standing.detail if self.standing else Detail.TERMINALS
        self.changes.advance(self.scene, now)
        geometry = Geometry.of(self.scene.look(), self.theme, camera, self.width, self.height, self.ratio)
        target, theme, scene, changes = self.pixels, self.theme, self.scene, self.changes
        standing = self.standing
        in_view = standing.load.in_view if standing is not None and detail is Detail.TERMINALS else -1
        is_near = in_view >= 0 and is_close(geometry, in_view)
        draw_fields(target, geometry, theme, scene, now)
        draw_waves(target, geometry, theme, scene, now)
        self.hidden = draw_lit(target, geometry, theme, scene, detail, now)
        draw_eligibility(target, geometry, theme, scene, now)
        draw_chosen(target, geometry, theme, scene, emphasis, detail)
        draw_halos(target, geometry, theme, scene, changes, now)
        draw_deaths(target, geometry, theme, scene, changes, now)
        seen = self.standing.request.view.looks if self.standing else -1
        draw_births(target, geometry, theme, scene, changes, now, seen)
        self.hidden += draw_flights(target, geometry, theme, scene, changes, detail, self.speed, now)
        if not is_near and detail >= Detail.CURVES:
            draw_far_clouds(target, geometry, theme, scene)
            draw_puffs(target, geometry, theme, scene, now, self.speed)
        draw_dendrites(target, geometry, theme, scene, changes, self.speed, now)
        changes.waves.advance(now)
        draw_waves_of_teaching(target, geometry, theme, scene, changes.waves, now)
        draw_neurons(target, geometry, theme, scene, changes, emphasis, now)
        if is_near and standing is not None:
            ground = self._seen(standing, standing.ground, camera, self._spare)
            draw_closeups(target, ground, geometry, theme, scene, now, self.speed)
        return target

    def _stand(self, camera: Camera, emphasis: Emphasis, now: float) -> NDArray[np.uint32]:
        """The standing picture for this camera, cross-faded and dimmed as it must be."""
        standing = self.standing
        if standing is None:
            return self._base
        fade = 256
        if self._before is not None:
            fade = int(256 * float(ease((now - self._since) / CROSS_FADE)))
            if fade >= 256:
                self._before = None
        dim = int(DIMMED * min(1.0, max(0.0, emphasis.dim)))
        fits = standing.request.camera == camera and standing.picture.shape == self.pixels.shape
        if fade >= 256 and dim == 0 and fits:
            return standing.picture
        key = (id(standing), camera, fade, dim)
        if key == self._base_key:
            return self._base
        self._base_key = key
        current = self._seen(standing, standing.picture, camera, self._spare)
        if self._before is not None:
            before = self._seen(self._before, self._before.picture, camera, self.pixels)
            mix(self._base, before, current, fade, 0, self.height)
            current = self._base
        if dim:
            ground = self._seen(standing, standing.ground, camera, self.pixels)
            mix(self._base, current, ground, dim, 0, self.height)
        elif current is not self._base:
            np.copyto(self._base, current)
        return self._base

    def _seen(
        self, standing: Standing, source: NDArray[np.uint32], camera: Camera, out: NDArray[np.uint32]
    ) -> NDArray[np.uint32]:
        """A picture drawn for one camera, moved and magnified for another."""
        was = standing.request.camera
        if was == camera and source.shape == out.shape:
            return source
        ground = self.standing.ground if self.standing is not None else source
        if ground.shape != out.shape:
            ground = np.full(out.shape, source[0, 0], np.uint32)
        step = was.zoom / camera.zoom
        zoom = was.zoom * self.ratio
        height, width = source.shape
        x0 = 0.5 * width + (camera.x - was.x) * zoom - 0.5 * self.width * step
        y0 = 0.5 * height + (camera.y - was.y) * zoom - 0.5 * self.height * step
        if was.zoom == camera.zoom:
            _shift(out, source, ground, round(x0), round(y0))
        else:
            warp(out, source, ground, step, x0, y0, out.size <= SMOOTH, 0, self.height)
        return out


def _shift(
    out: NDArray[np.uint32], source: NDArray[np.uint32], ground: NDArray[np.uint32], x0: int, y0: int
) -> None:
    """Show `source` from its pixel (x0, y0) on; what lies outside of it is taken from `ground`."""
    np.copyto(out, ground)
    rows, columns = (
        (max(0, -start), min(size, length - start))
        for start, size, length in (
            (y0, out.shape[0], source.shape[0]),
            (x0, out.shape[1], source.shape[1]),
        )
    )
    if rows[0] < rows[1] and columns[0] < columns[1]:
        part = source[rows[0] + y0 : rows[1] + y0, columns[0] + x0 : columns[1] + x0]
        out[rows[0] : rows[1], columns[0] : columns[1]] = part
