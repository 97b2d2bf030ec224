"""One learner's copy of the drawn network: its rates, its weights, and what it sends, as a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from editor.canvas.camera import Camera
from editor.canvas.changes import Changes
from editor.canvas.columns import MISSING
from editor.canvas.follow import OFF_SHARE, Follower
from editor.canvas.geometry import Geometry
from editor.canvas.overlay import halves
from editor.canvas.overlay.items import Halves
from editor.canvas.overlay.pens import font, ink, outlined
from editor.canvas.render import Renderer
from editor.canvas.scene import Scene, spacing_of, tone_of
from editor.canvas.scene_parts import NEUTRAL
from editor.canvas.style import REFERENCE_SPACING
from editor.canvas.teaching import Wave
from editor.window.theme import Theme

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SMALL = 10.5
"""Size of the names of populations, px."""
SIDES, ABOVE, BELOW = 26.0, 20.0, 12.0
"""Px left free around the network, above it for the names of its populations."""
STRETCH = 1.6
"""How much higher than it is drawn a network may stand, where a picture has the room."""
DISC = 6.5
"""Radius of a neuron, px, where neighbours leave room for it."""
MOST_HALOS = 20_000
"""Changed weights of a projection beyond which there are no halos: nobody could tell one from another."""
GLIMMER = 0.25
"""Share of its halo that a changed weight has while training goes on: they never end then."""


class Copy:
    """A scene of its own over the network of a race, which it only reads."""

    def __init__(self, network: Any, theme: Theme) -> None:
        self.scene = Scene()
        Follower(self.scene, network)
        self.network = network
        self.theme = theme
        self.changes = Changes()
        self.halves: Halves | None = None
        self.is_stale = True
        """Whether the picture shows less than is known."""
        self._next: Callable[[], None] | None = None
        self._renderer: Renderer | None = None
        self._rows: dict[int, tuple[Ints, NDArray[np.int32]]] = {}
        self._used: frozenset[int] | None = None
        neurons = self.scene.neurons
        self._places = np.stack([neurons["x"], neurons["y"]], axis=1).astype(np.float64)

    # -- what is known -------------------------------------------------------------------------------

    def expect(self, take: Callable[[], None]) -> None:
        """There is something new: `take` shows it here, when it comes to the next picture and not before.

        Only the newest is taken; a large network costs nothing while it is not its turn.
        """
        self._next, self.is_stale = take, True

    def show_rates(self, ids: Ints, rates: Floats, two: Halves | None = None) -> None:
        """Neurons (ids) have these rates; `two` where each remembers another phase beside it."""
        neurons = self.scene.neurons
        rows = neurons.rows(ids)
        known = rows != MISSING
        neurons.write("v")[rows[known]] = np.clip(rates[known], 0.0, 1.0)
        self.halves = two
        self.is_stale = True

    def show_weights(
        self,
        weights: Mapping[int, tuple[Ints, Floats]],
        full: Mapping[int, float],
        now: float,
        *,
        is_running: bool = False,
    ) -> None:
        """By projection: ids and weights, and the weight that is drawn at full width, alike in all copies.

        Projections that are not named take no part: they step back.
        """
        self._leave_out(frozenset(weights))
        synapses = self.scene.synapses
        for id, (ids, values) in weights.items():
            rows = self._rows_of(id, ids)
            known = rows != MISSING
            rows, new = rows[known], values[known].astype(np.float32)
            scale = max(full.get(id, 1.0), 1e-12)
            by = (np.abs(new) - np.abs(synapses["weight"][rows])) / scale
            share = np.minimum(1.0, np.abs(new) / scale).astype(np.float32)
            if (share != synapses["weight01"][rows]).any() or (new != synapses["weight"][rows]).any():
                synapses.write("weight")[rows] = new
                synapses.write("weight01")[rows] = share
                synapses.write("full")[rows] = scale
                synapses.write("tone")[rows] = tone_of(np.sign(new))
                self.scene.looks += 1
                self.is_stale = True
            moved = np.abs(by) > 1e-6
            if 0 < np.count_nonzero(moved) <= MOST_HALOS:
                share = GLIMMER if is_running else 1.0
                self.changes.reweighed(self.scene, rows[moved], share * by[moved], now)

    def show_signs(self, ids: Ints, values: Floats) -> None:
        """Draw synapses (ids) by a signed quantity in place of their weight.

        The largest of each projection is drawn at full width; synapses that are not named step back.
        """
        synapses = self.scene.synapses
        rows = synapses.rows(ids)
        known = rows != MISSING
        rows, values = rows[known], values[known]
        homes = synapses["projection"][rows]
        most = np.zeros(int(homes.max(initial=0)) + 1)
        np.maximum.at(most, homes, np.abs(values))
        synapses.write("weight01")[:] = np.float32(OFF_SHARE)
        synapses.write("tone")[:] = NEUTRAL
        synapses.write("weight01")[rows] = (np.abs(values) / np.maximum(most[homes], 1e-300)).astype(
            np.float32
        )
        synapses.write("tone")[rows] = tone_of(np.sign(values))
        self.scene.looks += 1
        self.is_stale = True

    def send(self, waves: Sequence[Wave]) -> None:
        """Let waves of a phase run over the synapses."""
        self.changes.waves.send(waves)
        self.is_stale = True

    def is_moving(self, now: float) -> bool:
        """Whether the picture has to be drawn again."""
        return self.is_stale or self.changes.is_active(now)

    @property
    def shape(self) -> float:
        """The width of the network over its height, within what can be pictured."""
        if len(self._places) < 2:
            return 1.0
        wide, high = np.ptp(self._places, axis=0) + 1.0
        return float(np.clip(wide / high, 0.5, 3.0))

    # -- the picture ---------------------------------------------------------------------------------

    def wear(self, theme: Theme) -> None:
        """Wear other colours."""
        self.theme, self._renderer, self.is_stale = theme, None, True

    def image(self, wide: int, high: int, ratio: float, now: float) -> QImage:
        """The picture of this moment, `wide` by `high` logical px."""
        take, self._next = self._next, None
        if take is not None:
            take()
        made = self._renderer
        size = (round(wide * ratio), round(high * ratio))
        if made is None or (made.picture.width, made.picture.height) != size:
            camera = self._fit(wide, high)
            made = self._renderer = Renderer(
                self.scene, wide, high, theme=self.theme, ratio=ratio, changes=self.changes, camera=camera
            )
        image = made.image(now)
        image.setDevicePixelRatio(ratio)
        painter = QPainter(image)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            geometry = Geometry.of(self.scene.look(), self.theme, made.camera, *size, ratio)
            if self.halves is not None and len(self.halves.ids) <= halves.MOST:
                halves.draw(painter, self.theme, geometry, self.scene, self.halves)
            self._names(painter, geometry)
        finally:
            painter.end()
        self.is_stale = False
        return image

    def _fit(self, wide: int, high: int) -> Camera:
        """Fill the picture with the network: it may be stretched upwards, and its neurons be larger."""
        if not len(self._places):
            return Camera()
        ids, scene = self.scene.neurons["id"].copy(), self.scene
        low, size = self._places.min(axis=0), np.ptp(self._places, axis=0) + 1e-9
        room = np.maximum((wide - 2.0 * SIDES, high - ABOVE - BELOW), 8.0)
        zoom = float(np.min(room / size))
        stretch = float(np.clip(room[1] / (size[1] * zoom), 1.0, STRETCH))
        zoom = min(zoom, 230.0 / spacing_of(*self._places.T.astype(np.float32)))
        scene.move_neurons(ids, self._places * (1.0, stretch))
        scene.magnified = 1.0
        apart = scene.spacing() * zoom
        radius = min(DISC, 0.42 * apart)
        scene.magnified = max(1.0, (radius / self.theme.sizes.excitatory) ** 1.25 * REFERENCE_SPACING / apart)
        middle = (low + 0.5 * size) * (1.0, stretch)
        return Camera(float(middle[0]), float(middle[1]) - 0.5 * (ABOVE - BELOW) / zoom, zoom)

    def _names(self, painter: QPainter, geometry: Geometry) -> None:
        """Each population by its name, above it; none where they would overlap."""
        ratio, ends = geometry.scale.ratio, -1e9
        chosen = font(SMALL)
        homes = self.scene.neurons["population"]
        found = []
        for k, mark in enumerate(self.scene.populations):
            rows = np.flatnonzero(homes == k)
            if len(rows):
                x = float(geometry.x[rows].mean()) / ratio
                y = float((geometry.y[rows] - geometry.radius[rows]).min()) / ratio
                found.append((x, y, mark.label))
        for x, y, label in sorted(found):
            half = 0.5 * painter.fontMetrics().horizontalAdvance(label)
            if x - half > ends:
                outlined(painter, self.theme, QPointF(x, max(y - 5.0, SMALL)), label, chosen,
                         ink(self.theme.muted))  # fmt: skip
                ends = x + half

    # -- how -----------------------------------------------------------------------------------------

    def _rows_of(self, projection: int, ids: Ints) -> NDArray[np.int32]:
        """Rows of a projection's synapses; a race never changes which there are."""
        if projection not in self._rows:
            self._rows[projection] = (ids, self.scene.synapses.rows(ids))
        return self._rows[projection][1]

    def _leave_out(self, used: frozenset[int]) -> None:
        """Projections this learner has no use for are thin and grey."""
        if used == self._used:
            return
        self._used = used
        synapses = self.scene.synapses
        rest = np.flatnonzero(~np.isin(synapses["projection"], list(used)))
        synapses.write("tone")[rest] = NEUTRAL
        synapses.write("weight01")[rest] = np.float32(OFF_SHARE)
        self.scene.looks += 1
        self.is_stale = True
