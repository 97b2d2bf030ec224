"""Spikes that run back: a pulse from the soma up the dendrite, weaker on the way, or stopped on it.

Magee & Johnston (1997) Science 275:209-213, doi:10.1126/science.275.5297.209.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas.changes import FASTEST_WITH_FLIGHTS, SHORTEST_FLIGHT, Changes
from editor.canvas.columns import MISSING
from editor.canvas.geometry import Geometry, points_on
from editor.canvas.raster.dress import DISABLED, GREY
from editor.canvas.raster.marks import discs, glows
from editor.canvas.raster.records import DISC, GLOW, STROKE, records
from editor.canvas.raster.strokes import INK, strokes
from editor.canvas.scene import Scene
from editor.canvas.style import spike_rgb, tone_rgb
from editor.window.theme import Theme, rgb

Floats = NDArray[np.float64]
Picture = NDArray[np.uint32]

REACH = 0.34
"""How far a dendrite reaches to where its input comes from; the rest is left to the axons."""
SHORTEST = 14.0
"""Px below which a dendrite is not drawn."""
THINNEST = 6.0
"""Dendrites, and the spikes in them, are drawn as those of a neuron of at least so many px radius."""
BARRIER = 0.45
"""How far out a spike comes that is blocked, as a share of the dendrite."""
FLARE = 0.30
"""The end of a dendrite lights up for so long when a spike arrives there, s."""
FORK = 0.55
"""How far the two branches at the end of a dendrite lie apart, radians to each side."""


def draw_dendrites(
    picture: Picture,
    geometry: Geometry,
    theme: Theme,
    scene: Scene,
    changes: Changes,
    speed: float,
    now: float,
) -> None:
    """Draw the dendrites in view, and the spikes that run back in them."""
    known = scene.contacts.dendrites
    if not len(known.ids):
        return
    px, high = geometry.scale.ratio, picture.shape[0]
    rows = scene.neurons.rows(known.ids)
    towards = facing(scene)
    size = np.maximum(geometry.radius[rows].astype(np.float64), THINNEST * px)
    length = REACH * (1.0 + 0.1 * np.minimum(known.takes, 4.0)) * towards[:, 2] * geometry.zoom
    length = np.clip(length, 2.4 * geometry.radius[rows], 9.0 * size + 60.0 * px)
    x, y = geometry.x[rows], geometry.y[rows]
    here = (rows != MISSING) & (length > SHORTEST * px)
    here &= (x > -length) & (x < geometry.width + length) & (y > -length) & (y < geometry.height + length)
    if not here.any():
        return
    rows, takes, share, size = rows[here], known.takes[here], known.share[here], size[here]
    trunk, tips = shapes(geometry, rows, towards[here, :2], length[here], size)
    # dressed as a soma is: a casing that cuts lines off, a rim in its colour, and the inside of a cell
    rim = tone_rgb(theme)[scene.neurons["tone"][rows]]
    rim = np.where(scene.neurons["flags"][rows] & (GREY | DISABLED) != 0, rgb(theme.pruned), rim)
    wide = min(theme.sizes.rim * geometry.scale.neuron, 1.6 * px)
    for wider, colour in (
        (2.0 * wide + 3.0 * px, rgb(theme.background)),
        (2.0 * wide, rim),
        (0.0, rgb(theme.soma_rest)),
    ):
        for line in (*tips, trunk):
            line["rgb"] = colour
            strokes(picture, line, INK, wider, 1.0, 0, high)
    stopped = share <= 0.0
    if stopped.any():
        _draw_barriers(picture, theme, trunk[stopped], size[stopped], px)
    if speed <= FASTEST_WITH_FLIGHTS:
        _draw_pulses(picture, geometry, theme, scene, changes, rows, trunk, size, takes, share, speed, now)


def facing(scene: Scene) -> NDArray[np.float64]:
    """For neurons with dendrites the direction of their input (x, y: a unit vector) and how far it is (um).

    Up where there is none, and then 0 um.
    """
    ids = scene.contacts.dendrites.ids
    key = (scene.layout, scene.wiring, ids.tobytes())
    if scene.contacts.facing[0] == key:
        return scene.contacts.facing[1]
    n = len(scene.neurons)
    place = np.full(n, -1)
    rows = scene.neurons.rows(ids)
    place[rows[rows != MISSING]] = np.flatnonzero(rows != MISSING)
    pre, post = scene.synapses["pre"], scene.synapses["post"]
    mine = (place[post] >= 0) & (pre != post)
    pre, post = pre[mine], post[mine]
    dx = scene.neurons["x"][pre].astype(np.float64) - scene.neurons["x"][post]
    dy = scene.neurons["y"][pre].astype(np.float64) - scene.neurons["y"][post]
    away = np.maximum(np.hypot(dx, dy), 1e-9)
    total = np.stack([np.bincount(place[post], v / away, len(ids)) for v in (dx, dy)], axis=1)
    length = np.hypot(*total.T)[:, None]
    turned = np.where(length > 0.3, total / np.maximum(length, 1e-9), (0.0, -1.0))
    far = np.bincount(place[post], away, len(ids)) / np.maximum(
        np.bincount(place[post], minlength=len(ids)), 1
    )
    towards = np.column_stack([turned, far])
    scene.contacts.facing = (key, towards)
    return towards


def shapes(
    geometry: Geometry, rows: NDArray[np.int32], turned: Floats, length: Floats, size: Floats
) -> tuple[NDArray[Any], tuple[NDArray[Any], NDArray[Any]]]:
    """The trunk of each dendrite and its two branches, as thick as fits a neuron of `size` px radius."""
    radius = geometry.radius[rows].astype(np.float64)
    trunk = records(STROKE, len(rows))
    x, y = geometry.x[rows] + 0.6 * radius * turned[:, 0], geometry.y[rows] + 0.6 * radius * turned[:, 1]
    end_x, end_y = x + length * turned[:, 0], y + length * turned[:, 1]
    sway = 0.05 * length
    trunk["ax"], trunk["ay"], trunk["bx"], trunk["by"] = x, y, end_x, end_y
    trunk["cx"] = 0.5 * (x + end_x) - sway * turned[:, 1]
    trunk["cy"] = 0.5 * (y + end_y) + sway * turned[:, 0]
    trunk["end"], trunk["alpha_begin"], trunk["alpha_end"], trunk["row"] = 1.0, 1.0, 1.0, -1
    trunk["width_begin"], trunk["width_end"] = 0.58 * size, 0.30 * size
    heading = np.arctan2(end_y - trunk["cy"], end_x - trunk["cx"])
    tips = []
    for side in (-FORK, FORK):
        tip = trunk.copy()
        reach = np.minimum(0.30 * length, 3.5 * size)
        tip["ax"], tip["ay"] = end_x, end_y
        tip["bx"], tip["by"] = end_x + reach * np.cos(heading + side), end_y + reach * np.sin(heading + side)
        tip["cx"] = end_x + 0.5 * reach * np.cos(heading + 0.4 * side)
        tip["cy"] = end_y + 0.5 * reach * np.sin(heading + 0.4 * side)
        tip["width_begin"], tip["width_end"] = 0.26 * size, 0.14 * size
        tips.append(tip)
    return trunk, (tips[0], tips[1])


def _draw_barriers(picture: Picture, theme: Theme, trunk: NDArray[Any], size: Floats, px: float) -> None:
    """A bar across a dendrite into which nothing runs back."""
    x, y, dx, dy = _at(trunk, np.full(len(trunk), BARRIER + 0.06))
    half = 0.95 * size
    bars = records(STROKE, len(trunk))
    bars["ax"], bars["ay"] = x - half * dy, y + half * dx
    bars["bx"], bars["by"] = x + half * dy, y - half * dx
    bars["cx"], bars["cy"], bars["end"], bars["row"] = x, y, 1.0, -1
    bars["alpha_begin"] = bars["alpha_end"] = 1.0
    bars["width_begin"] = bars["width_end"] = np.maximum(0.20 * size, 2.2 * px)
    for wider, hue in ((3.0 * px, theme.background), (0.0, theme.danger)):
        bars["rgb"] = rgb(hue)
        strokes(picture, bars, INK, wider, 1.0, 0, picture.shape[0])


def _draw_pulses(
    picture: Picture,
    geometry: Geometry,
    theme: Theme,
    scene: Scene,
    changes: Changes,
    rows: NDArray[np.int32],
    trunk: NDArray[Any],
    size: Floats,
    takes: Floats,
    share: Floats,
    speed: float,
    now: float,
) -> None:
    """The spikes on their way: a light that shrinks to the share that arrives, hollow where lengthened."""
    true = takes / 1000.0 / max(speed, 1e-9)
    takes = np.maximum(true, SHORTEST_FLIGHT)
    changes.longest_flight = max(changes.longest_flight, float(takes.max()))
    at = scene.neurons["spike_at"][rows]
    place = (now - at) / takes[:, None]
    flare = 1.0 + FLARE / takes[:, None]
    k, slot = np.nonzero((place >= 0.0) & (place < flare))
    if not len(k):
        return
    place = place[k, slot]
    kept = scene.contacts.spikes
    there = kept.rows(scene.neurons["id"][rows[k]])
    told = (
        np.where(there != MISSING, kept["arrived"][there, slot], np.nan)
        if len(kept)
        else np.full(len(k), np.nan)
    )
    arrives = np.where(np.isfinite(told), told, share[k])
    blocked = arrives <= 0.0
    stands = np.where(blocked, np.minimum(place, BARRIER), np.minimum(place, 1.0))
    beyond = np.where(blocked, place - BARRIER, (place - 1.0) * takes[k] / FLARE)
    left = np.clip(1.0 - np.maximum(beyond, 0.0) / np.where(blocked, 0.35, 1.0), 0.0, 1.0)
    strength = (1.0 + (np.maximum(arrives, np.where(blocked, 1.0, 0.0)) - 1.0) * stands) * left
    radius = size[k]
    x, y, _, _ = _at(trunk[k], stands)
    px, high = geometry.scale.ratio, picture.shape[0]
    lights = records(GLOW, len(k))
    lights["x"], lights["y"] = x, y
    lights["rgb"] = spike_rgb(theme)[scene.neurons["tone"][rows[k]]]
    arriving = ~blocked & (place >= 1.0)
    lights["radius"] = radius * np.where(arriving, 1.0 + 1.4 * strength, 0.7 + 0.9 * strength)
    lights["alpha"] = 0.95 * np.sqrt(strength)
    glows(picture, lights, theme.is_dark, 0, high)
    dots = records(DISC, len(k))
    dots["x"], dots["y"] = x, y
    dots["radius"] = np.maximum(radius * (0.10 + 0.20 * strength), 1.5 * px)
    hollow = true[k] < SHORTEST_FLIGHT
    dots["rim"] = np.where(hollow, 0.4 * dots["radius"], 0.0)
    dots["alpha"] = np.where(arriving, 0.0, np.clip(3.0 * left, 0.0, 1.0))
    dots["rim_rgb"] = rgb(theme.spark)
    dots["fill_rgb"] = np.where(hollow, rgb(theme.background), rgb(theme.spark))
    discs(picture, dots, 0, high)


def _at(trunk: NDArray[Any], t: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Places on dendrites and the unit directions there."""
    x, y = points_on(trunk, t)
    after_x, after_y = points_on(trunk, t + 0.02)
    length = np.maximum(np.hypot(after_x - x, after_y - y), 1e-9)
    return x, y, (after_x - x) / length, (after_y - y) / length
