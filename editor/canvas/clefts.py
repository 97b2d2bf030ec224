"""What leaves a bouton: quanta that cross the cleft, transmitter that lingers there, puffs that are empty."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas.changes import FASTEST_WITH_FLIGHTS, LINGERS, SHORTEST_FLIGHT
from editor.canvas.geometry import Geometry
from editor.canvas.raster.marks import arcs, discs, glows
from editor.canvas.raster.records import ARC, DISC, GLOW, NO_TERMINAL, records
from editor.canvas.scene import Scene
from editor.window.theme import Theme, rgb

Floats = NDArray[np.float64]
Picture = NDArray[np.uint32]

MOST_PUFFS = 400
"""Puffs drawn at most in one frame; `MOST_CLOUDS` are the clouds."""
MOST_CLOUDS = 200
MOST_QUANTA = 7
"""Quanta of one release that are drawn one by one."""
CROSSING = 0.30
"""Wall time (s) in which quanta cross a cleft."""


def draw_puffs(
    picture: Picture, geometry: Geometry, theme: Theme, scene: Scene, now: float, speed: float
) -> None:
    """An empty ring that widens and fades at every bouton a spike has reached in vain."""
    if not scene.contacts.told or speed > FASTEST_WITH_FLIGHTS:
        return
    rows, age, _ = arrivals(scene, now, speed, failed=True)
    rows, age = rows[:MOST_PUFFS], age[:MOST_PUFFS]
    lines, ends = geometry.lines(theme, rows)
    real = ends["kind"] != NO_TERMINAL
    lines, ends = lines[real], ends[real]
    if not len(lines):
        return
    share = age[lines["order"]] / LINGERS
    px = geometry.scale.ratio
    size = np.maximum(ends["size"].astype(np.float64), 4.0 * px)
    rings = records(ARC, len(lines))
    rings["x"], rings["y"] = ends["x"] - 0.55 * size * ends["dx"], ends["y"] - 0.55 * size * ends["dy"]
    rings["radius"] = size * (0.75 + 0.95 * np.sqrt(share))
    rings["width"], rings["soft"], rings["sweep"] = 1.6 * px, 0.7 * px, 7.0
    rings["alpha"] = 0.95 * (1.0 - share) ** 0.7
    rings["rgb"] = rgb(theme.text)
    casing = rings.copy()
    casing["width"], casing["rgb"], casing["alpha"] = 4.0 * px, rgb(theme.background), 0.8 * rings["alpha"]
    arcs(picture, casing, False, 0, picture.shape[0])
    arcs(picture, rings, False, 0, picture.shape[0])


def arrivals(
    scene: Scene, now: float, speed: float, *, failed: bool, lasts: float = LINGERS
) -> tuple[NDArray[np.int32], Floats, Floats]:
    """Synapses (rows) whose last spike arrived less than `lasts` s ago, how long ago, and its vesicles.

    Those that released nothing when `failed`, else those that did.
    """
    rows, at, vesicles = scene.contacts.releases(scene, now)
    mine = (vesicles <= 0.0) == failed
    rows, at, vesicles = rows[mine], at[mine], vesicles[mine]
    true = scene.synapses["delay"][rows].astype(np.float64) / 1000.0 / max(speed, 1e-9)
    age = now - at - np.maximum(true, SHORTEST_FLIGHT)
    here = (age >= 0.0) & (age < lasts)
    return rows[here], age[here], vesicles[here]


def in_vain(scene: Scene, rows: NDArray[np.int32], departed: Floats, now: float) -> NDArray[np.bool_]:
    """Which spikes along synapses (rows), departed at these times, will have released nothing."""
    if not scene.contacts.told:
        return np.zeros(len(rows), bool)
    which, at, vesicles = scene.contacts.releases(scene, now)
    failed = vesicles <= 0.0
    return np.isin(_mark(rows, departed), _mark(which[failed], at[failed]))


def _mark(rows: NDArray[np.int32], at: Floats) -> NDArray[np.int64]:
    """One number for a synapse and a spike, to the ms of wall time."""
    return rows.astype(np.int64) << 36 | np.rint(1000.0 * at).astype(np.int64) & (1 << 36) - 1


def draw_quanta(
    picture: Picture,
    geometry: Geometry,
    theme: Theme,
    scene: Scene,
    row: NDArray[np.int32],
    ends: NDArray[Any],
    middle: tuple[Floats, Floats],
    bouton: Floats,
    now: float,
    speed: float,
) -> None:
    """Close up: as many dots cross a cleft as vesicles were released; none, and the bouton puffs emptily."""
    if not scene.contacts.told or speed > FASTEST_WITH_FLIGHTS:
        return
    px, high = geometry.scale.ratio, picture.shape[0]
    place = np.full(len(scene.synapses), -1)
    place[row] = np.arange(len(row))
    rows, age, _ = arrivals(scene, now, speed, failed=True)
    known = place[rows] >= 0
    k, share = place[rows[known]], age[known] / LINGERS
    rings = records(ARC, len(k))
    rings["x"], rings["y"] = middle[0][k], middle[1][k]
    rings["radius"] = bouton[k] * (1.15 + 0.75 * np.sqrt(share))
    rings["width"], rings["soft"], rings["sweep"] = 2.0 * px, 1.0 * px, 7.0
    rings["alpha"], rings["rgb"] = 0.95 * (1.0 - share) ** 0.7, rgb(theme.text)
    arcs(picture, rings, False, 0, high)
    rows, age, vesicles = arrivals(scene, now, speed, failed=False, lasts=CROSSING)
    known = place[rows] >= 0
    k, age = place[rows[known]], age[known]
    many = np.clip(np.rint(vesicles[known]), 1, MOST_QUANTA).astype(int)
    which = np.repeat(np.arange(len(k)), many)
    spread = np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many) - 0.5 * (many[which] - 1.0)
    at = k[which]
    part = (age / CROSSING)[which]
    dx, dy = ends["dx"][at], ends["dy"][at]
    reach = np.hypot(ends["x"][at] - middle[0][at], ends["y"][at] - middle[1][at])
    along = bouton[at] * 0.9 + (reach - bouton[at] * 0.9) * part
    aside = spread * 0.62 * bouton[at] * (0.3 + 0.7 * part)
    dots = records(DISC, len(at))
    dots["x"] = middle[0][at] + along * dx - aside * dy
    dots["y"] = middle[1][at] + along * dy + aside * dx
    dots["radius"], dots["alpha"] = np.maximum(0.24 * bouton[at], 1.6 * px), 1.0 - part**3
    dots["casing"], dots["casing_rgb"] = 1.2 * px, rgb(theme.background)
    dots["fill_rgb"] = dots["rim_rgb"] = rgb(theme.spark)
    discs(picture, dots, 0, high)


def draw_clouds(
    picture: Picture,
    geometry: Geometry,
    theme: Theme,
    scene: Scene,
    row: NDArray[np.int32],
    x: Floats,
    y: Floats,
    size: Floats,
) -> None:
    """Transmitter at synapses `row` seen at (x, y): specks, as many as there is of it, in a haze.

    Its own lies dense in the cleft it came from, what spilled there wide around it.
    """
    if not scene.contacts.clouds:
        return
    rows, own, around = scene.contacts.clouds_of(scene)
    place = np.full(len(scene.synapses), -1)
    place[row] = np.arange(len(row))
    known = place[rows] >= 0
    at, own, around = place[rows][known], own[known], around[known]
    ids = scene.synapses["id"][row[at]]
    px, high = geometry.scale.ratio, picture.shape[0]
    hue = rgb(theme.spark) if theme.is_dark else rgb(theme.text)
    for share, wide, strength, most in ((around, 4.6, 0.34, 34), (own, 1.9, 0.60, 16)):
        reach = wide * size[at]
        lights = records(GLOW, len(at))
        lights["x"], lights["y"], lights["rgb"] = x[at], y[at], hue
        lights["radius"], lights["alpha"] = 1.25 * reach, strength * share * (1.0 if theme.is_dark else 0.5)
        glows(picture, lights, theme.is_dark, 0, high)
        which, far, turn = _scattered(ids, share, most)
        specks = records(DISC, len(which))
        specks["x"] = x[at][which] + reach[which] * far * np.cos(turn)
        specks["y"] = y[at][which] + reach[which] * far * np.sin(turn)
        specks["radius"] = np.maximum(0.11 * size[at][which], 0.95 * px)
        specks["alpha"], specks["fill_rgb"], specks["rim_rgb"] = 0.95 - 0.45 * far, hue, hue
        discs(picture, specks, 0, high)


def _scattered(ids: NDArray[np.int64], share: Floats, most: int) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Specks of each cloud: whose, how far out (0 to 1) and where around; more of them reach further out."""
    k = np.arange(most)
    shown = k < np.rint(most * np.clip(share, 0.0, 1.0))[:, None]
    mixed = (ids[:, None] * 64 + k).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ mixed >> np.uint64(29)) * np.uint64(0xBF58476D1CE4E5B9)
    luck = (mixed >> np.uint64(40)).astype(np.float64) / 2.0**24 - 0.5
    again = (mixed >> np.uint64(16) & np.uint64(0xFFFFFF)).astype(np.float64) / 2.0**24 - 0.5
    out = np.sqrt((k + 0.5 + 1.6 * luck).clip(0.05) / most)
    turn = 2.39996 * k + 0.9 * again + ids[:, None] % 89
    which = np.broadcast_to(np.arange(len(ids))[:, None], shown.shape)[shown]
    return which, out[shown], turn[shown]


def draw_far_clouds(picture: Picture, geometry: Geometry, theme: Theme, scene: Scene) -> None:
    """The same for terminals too small for a close-up."""
    if not scene.contacts.clouds:
        return
    rows, own, around = scene.contacts.clouds_of(scene)
    strongest = np.argsort(-np.maximum(own, around), kind="stable")[:MOST_CLOUDS]
    lines, ends = geometry.lines(theme, rows[strongest])
    if len(lines):
        size = np.maximum(0.9 * ends["size"].astype(np.float64), 5.0 * geometry.scale.ratio)
        x, y = ends["x"].astype(np.float64), ends["y"].astype(np.float64)
        draw_clouds(picture, geometry, theme, scene, lines["row"], x, y, size)
