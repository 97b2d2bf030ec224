"""What a learner sends over the drawn synapses: values with the arrows, errors against them, reward to all.

A wave belongs to a phase of a training.  Against the arrows it runs over wires that carry nothing that way,
so each bears a lock: somebody had to read its weight from the other end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas.columns import MISSING
from editor.canvas.geometry import Geometry, points_on
from editor.canvas.raster.marks import discs, glows
from editor.canvas.raster.records import DISC, GLOW, records
from editor.canvas.raster.strokes import LIGHT_ADDED, LIGHT_OVER, strokes
from editor.canvas.scene import Scene
from editor.window.theme import Theme, rgb

TAKES = 0.55
"""Seconds of wall time a wave takes over one synapse."""
FADES = 0.5
"""Seconds its trail, and its locks, stay."""
STAYS = 3.0
"""Seconds whole synapses stay lit: long enough to count them."""
MOST = 500
"""Synapses drawn of one wave at most."""
MOST_LOCKS = 160
WITH, AGAINST, EVERYWHERE, WHOLE = 1, -1, 0, 2
"""Which way a wave runs: with the arrows, against them, a halo on all at once, or whole synapses lit up."""


@dataclass(frozen=True, eq=False)
class Wave:
    """Something that passes over synapses (ids) from `begin` on (s), in a colour of the theme."""

    synapses: NDArray[np.int64]
    begin: float
    way: int = WITH
    role: str = "excitatory"
    locked: bool = False
    words: str = ""
    """What is written over the canvas while it lasts."""

    @property
    def lasts(self) -> float:
        """Seconds from its beginning until nothing of it is left."""
        return STAYS if self.way == WHOLE else TAKES + FADES

    def is_seen(self, now: float) -> bool:
        """Whether it has begun and is not over."""
        return 0.0 <= now - self.begin < self.lasts


def waves_of(passing: Iterable[Any], projections: Mapping[int, Any], now: float) -> list[Wave]:
    """The waves of what a phase sends (`drawing.teaching.Passing`), turn after turn from `now` (s) on."""
    return [
        Wave(projections[id].synapses.id, now + TAKES * each.turn, each.way, each.role, each.locked)
        for each in passing
        for id in each.projections
        if id in projections
    ]


@dataclass
class Waves:
    """The waves of now; `send` adds to them, `advance` lets go of those that are over."""

    alive: list[Wave] = field(default_factory=list)

    def send(self, waves: Sequence[Wave]) -> None:
        """Take the place of what was on its way."""
        self.alive = list(waves)

    def advance(self, now: float) -> None:
        """Forget what has faded."""
        self.alive = [wave for wave in self.alive if now < wave.begin + wave.lasts]

    def is_active(self, now: float) -> bool:
        """Whether anything still moves."""
        return any(now < wave.begin + wave.lasts for wave in self.alive)

    def words(self, now: float) -> str:
        """What is to be written now."""
        return next((wave.words for wave in self.alive if wave.words and wave.is_seen(now)), "")


def draw_waves_of_teaching(
    picture: NDArray[np.uint32], geometry: Geometry, theme: Theme, scene: Scene, waves: Waves, now: float
) -> None:
    """Draw every wave that has begun."""
    for wave in waves.alive:
        if wave.is_seen(now):
            _draw(picture, geometry, theme, scene, wave, now - wave.begin)


def _draw(
    picture: NDArray[np.uint32], geometry: Geometry, theme: Theme, scene: Scene, wave: Wave, age: float
) -> None:
    rows = scene.synapses.rows(wave.synapses)
    rows = rows[rows != MISSING]
    rows = rows[:: max(1, -(-len(rows) // MOST))]
    lines, _ = geometry.lines(theme, rows.astype(np.int32))
    if not len(lines):
        return
    high = picture.shape[0]
    line = geometry.scale.line
    size = geometry.scale.ratio * float(np.clip(line / geometry.scale.ratio, 0.7, 2.2))
    hue = rgb(getattr(theme, wave.role))
    share = min(age / TAKES, 1.0)
    fading = 1.0 - max(0.0, age - TAKES) / FADES
    calm = min(1.0, (160.0 / len(lines)) ** 0.5)
    if wave.way == EVERYWHERE:
        _shine(
            picture,
            theme,
            lines,
            np.full(len(lines), 0.5),
            hue,
            11.0 * size,
            0.5 * np.sin(np.pi * share),
            calm,
        )
        return
    if wave.way == WHOLE:
        lit = lines.copy()
        lit["begin"], lit["end"], lit["rgb"] = 0.0, 1.0, hue
        shine = min(1.0, age / FADES, (STAYS - age) / FADES)
        lit["alpha_begin"] = lit["alpha_end"] = 0.75 * shine * calm
        strokes(picture, lit, LIGHT_ADDED if theme.is_dark else LIGHT_OVER, 4.0 * line, 1.0, 0, high)
        return
    at = share if wave.way == WITH else 1.0 - share
    trail = lines.copy()
    trail["begin"], trail["end"] = (0.0, at) if wave.way == WITH else (at, 1.0)
    trail["rgb"] = hue
    trail["alpha_begin"] = trail["alpha_end"] = 0.42 * fading * calm
    strokes(picture, trail, LIGHT_ADDED if theme.is_dark else LIGHT_OVER, 3.0 * line, 1.0, 0, high)
    if share < 1.0:
        places = np.full(len(lines), at)
        _shine(picture, theme, lines, places, hue, 7.5 * size, 0.85, calm)
        x, y = points_on(lines, places)
        dots = _dots(x, y, 1.9 * size, rgb(theme.spark) if theme.is_dark else hue)
        discs(picture, dots, 0, high)
    if wave.locked:
        _lock(picture, theme, lines[:MOST_LOCKS], size, min(1.0, 4.0 * share) * fading)


def _shine(
    picture: NDArray[np.uint32],
    theme: Theme,
    lines: NDArray[np.void],
    at: NDArray[np.float64],
    hue: int,
    radius: float,
    alpha: float,
    calm: float,
) -> None:
    lights = records(GLOW, len(lines))
    lights["x"], lights["y"] = points_on(lines, at)
    lights["rgb"], lights["radius"] = hue, radius
    lights["alpha"] = alpha * (1.0 if theme.is_dark else 0.8) * calm
    glows(picture, lights, theme.is_dark, 0, picture.shape[0])


def _dots(x: NDArray[np.float64], y: NDArray[np.float64], radius: float, fill: int) -> NDArray[np.void]:
    dots = records(DISC, len(x))
    dots["x"], dots["y"], dots["radius"] = x, y, radius
    dots["rim"], dots["core"], dots["casing"] = 0.0, 0.0, 0.0
    dots["alpha"], dots["fill_rgb"] = 0.97, fill
    return dots


def _lock(
    picture: NDArray[np.uint32], theme: Theme, lines: NDArray[np.void], size: float, alpha: float
) -> None:
    """A padlock about the middle of each line: a ring for the shackle, a full disc for the body."""
    x, y = points_on(lines, 0.36 + 0.07 * (np.arange(len(lines)) % 5))  # apart where lines cross
    ink, ground = rgb(theme.danger), rgb(theme.background)
    shackle = _dots(x, y - 3.0 * size, 3.0 * size, ground)
    shackle["rim"], shackle["rim_rgb"] = 1.3 * size, ink
    body = _dots(x, y + 0.6 * size, 3.5 * size, ink)
    keyhole = _dots(x, y + 0.6 * size, 1.1 * size, ground)
    for part in (shackle, body, keyhole):
        part["alpha"] = 0.95 * alpha
        discs(picture, part, 0, picture.shape[0])
