"""Synapses that change: sprouts that advance, pruned ones that retract, halos of changed weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas.changes import Changes, ease
from editor.canvas.columns import MISSING
from editor.canvas.detail import Detail
from editor.canvas.emphasis import Emphasis
from editor.canvas.geometry import Geometry, points_on
from editor.canvas.raster.marks import arcs, discs, glows, terminals
from editor.canvas.raster.records import ARC, DISC, GLOW, STROKE, records
from editor.canvas.raster.strokes import INK, LIGHT_ADDED, LIGHT_OVER, RAILS_ADDED, RAILS_OVER, strokes
from editor.canvas.scene import Scene
from editor.canvas.style import tone_rgb
from editor.window.theme import Theme, rgb

HALO_WIDTH = 11.0
"""Px a halo adds on the whole to a synapse whose weight changed by `HALO_FULL` of the full weight."""
HALO_FULL = 0.12

Picture = NDArray[np.uint32]


def draw_births(
    picture: Picture,
    geometry: Geometry,
    theme: Theme,
    scene: Scene,
    changes: Changes,
    now: float,
    seen_looks: int = -1,
) -> None:
    """Draw sprouts with their growth cones, and the synapses they have just become."""
    alive = changes.births(now, seen_looks)
    rows = scene.synapses.rows(alive.ids)
    known = rows != MISSING
    lines, ends = geometry.lines(theme, rows[known], hidden_too=True)
    if not len(lines):
        return
    progress = alive.progress[known][lines["order"]]
    high = picture.shape[0]
    px = geometry.scale.ratio
    size = max(geometry.scale.line, 0.8 * px)
    growing = progress < 1.0
    young, age = lines[growing], ease(progress[growing])
    if len(young):
        reach = np.maximum(age, 0.03)
        young["end"] = reach
        young["width_begin"], young["width_end"] = 2.6 * size, 1.0 * size
        young["rgb"], young["alpha_begin"], young["alpha_end"] = rgb(theme.sprout), 0.95, 0.95
        casing = young.copy()
        casing["rgb"] = rgb(theme.background)
        strokes(picture, casing, INK, 3.0 * size, 0.55, 0, high)
        strokes(picture, young, INK, 0.0, 1.0, 0, high)
        x, y = points_on(young, reach)
        _draw_cones(picture, geometry, theme, young, reach, x, y, size, now)
    done = ~growing
    if done.any():
        grown, tips = lines[done], ends[done]
        fresh = np.clip(2.0 - progress[done], 0.0, 1.0)
        own = grown["rgb"].copy()
        mixed = _towards(own, theme.sprout, fresh)
        grown["rgb"], tips["rgb"] = mixed, mixed
        for name in ("alpha_begin", "alpha_end"):
            grown[name] = np.maximum(grown[name], 0.95 * fresh)
        tips["alpha"] = np.maximum(tips["alpha"], fresh)
        grown["width_begin"] = np.maximum(grown["width_begin"], 2.2 * size * fresh)
        grown["width_end"] = np.maximum(grown["width_end"], 2.2 * size * fresh)
        strokes(picture, grown, INK, 0.0, 1.0, 0, high)
        terminals(picture, tips, 0.0, 1.0, 0, high)
        flare = records(ARC, len(tips))
        flare["x"], flare["y"], flare["sweep"] = tips["x"], tips["y"], 7.0
        flare["radius"] = (3.0 + 13.0 * (1.0 - fresh)) * size
        flare["width"], flare["soft"] = 1.2 * size, 1.6 * size
        flare["alpha"], flare["rgb"] = 0.9 * fresh**1.5, rgb(theme.sprout)
        arcs(picture, flare, False, 0, high)


def _draw_cones(
    picture: Picture,
    geometry: Geometry,
    theme: Theme,
    young: NDArray[Any],
    reach: NDArray[np.float64],
    x: NDArray[Any],
    y: NDArray[Any],
    size: float,
    now: float,
) -> None:
    """Growth cones: a bright tip from which three filopodia feel their way."""
    high = picture.shape[0]
    tip = np.asarray(reach)
    back_x, back_y = points_on(young, np.maximum(tip - 0.02, 0.0))
    heading = np.arctan2(y - back_y, x - back_x)
    feelers = records(STROKE, 3 * len(young))
    for k, spread in enumerate((-0.62, 0.0, 0.62)):
        sway = spread + 0.22 * np.sin(7.0 * now + 2.1 * k + 0.7 * young["row"])
        length = size * (6.5 + 1.8 * np.sin(9.0 * now + 1.3 * k + young["row"]))
        part = feelers[k::3]
        part["ax"], part["ay"] = x, y
        part["bx"], part["by"] = x + length * np.cos(heading + sway), y + length * np.sin(heading + sway)
        part["cx"] = x + 0.55 * length * np.cos(heading + 0.5 * sway)
        part["cy"] = y + 0.55 * length * np.sin(heading + 0.5 * sway)
    feelers["end"], feelers["width_begin"], feelers["width_end"] = 1.0, 1.3 * size, 0.5 * size
    feelers["alpha_begin"], feelers["alpha_end"], feelers["rgb"] = 0.95, 0.35, rgb(theme.sprout)
    strokes(picture, feelers, INK, 0.0, 1.0, 0, high)
    lights = records(GLOW, len(young))
    lights["x"], lights["y"], lights["rgb"] = x, y, rgb(theme.sprout)
    lights["radius"], lights["alpha"] = 12.0 * size, 0.75 if theme.is_dark else 0.5
    glows(picture, lights, theme.is_dark, 0, high)
    dots = records(DISC, len(young))
    dots["x"], dots["y"], dots["radius"], dots["rim"] = x, y, 2.7 * size, 0.9 * size
    dots["alpha"], dots["rim_rgb"] = 1.0, rgb(theme.sprout)
    dots["fill_rgb"] = rgb("#FFFFFF") if theme.is_dark else rgb(theme.sprout)
    discs(picture, dots, 0, high)


def draw_deaths(
    picture: Picture, geometry: Geometry, theme: Theme, scene: Scene, changes: Changes, now: float
) -> None:
    """Draw pruned synapses: they pale, thin and retract, and leave a dotted ghost for a second."""
    alive = changes.deaths(now)
    if not len(alive.ids):
        return
    columns, known = changes.dying(scene)
    order = changes.graves.rows(alive.ids)
    progress = np.empty(len(known))
    progress[order] = alive.progress
    rows = np.flatnonzero(known).astype(np.int32)
    lines, ends = geometry.lines_of(columns, theme, rows)
    if not len(lines):
        return
    age = progress[lines["row"]]
    high = picture.shape[0]
    px = geometry.scale.ratio
    size = max(geometry.scale.line, 0.8 * px)
    left = np.where(age < 1.0, 1.0 - ease(np.clip((age - 0.12) / 0.88, 0.0, 1.0)), 0.0)
    _draw_ghosts(picture, theme, lines, left, age, size)
    shrinking = age < 1.0
    if shrinking.any():
        part, q = lines[shrinking], age[shrinking]
        part["end"] = np.maximum(left[shrinking], 0.02)
        thick = np.maximum(part["width_begin"] * (1.0 - 0.6 * q), 1.9 * size)
        part["width_begin"], part["width_end"] = thick, np.maximum(0.65 * thick, 1.6 * size)
        pale = np.clip(q / 0.15, 0.0, 1.0)
        part["rgb"] = _towards(part["rgb"], theme.retracting, 0.35 + 0.65 * pale)
        part["alpha_begin"] = part["alpha_end"] = 1.0
        casing = part.copy()
        casing["rgb"] = rgb(theme.background)
        strokes(picture, casing, INK, 4.0 * size, 0.9, 0, high)
        strokes(picture, part, INK, 0.0, 1.0, 0, high)
        tips = ends[shrinking]
        intact = q < 0.14
        tips["rgb"], tips["alpha"] = part["rgb"], np.where(intact, 1.0, 0.0)
        terminals(picture, tips, 0.0, 1.0, 0, high)
        x, y = points_on(part, part["end"])
        bulb = records(DISC, len(part))
        bulb["x"], bulb["y"], bulb["radius"], bulb["alpha"] = x, y, 2.2 * size, np.where(intact, 0.0, 1.0)
        bulb["fill_rgb"] = bulb["rim_rgb"] = rgb(theme.retracting)
        discs(picture, bulb, 0, high)


def _draw_ghosts(
    picture: Picture,
    theme: Theme,
    lines: NDArray[Any],
    left: NDArray[np.float64],
    age: NDArray[np.float64],
    size: float,
) -> None:
    """Dots where the synapse was, fading after it has gone."""
    length = np.hypot(lines["bx"] - lines["ax"], lines["by"] - lines["ay"])
    count = np.clip(length / (7.0 * size), 2, 60).astype(int)
    which = np.repeat(np.arange(len(lines)), count)
    place = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    t = (place + 0.5) / count[which]
    bare = t > left[which]
    which, t = which[bare], t[bare]
    if not len(which):
        return
    x, y = points_on(lines[which], t)
    dots = records(DISC, len(which))
    dots["x"], dots["y"], dots["radius"] = x, y, 1.15 * size
    fade = np.sqrt(np.clip(2.0 - age[which], 0.0, 1.0))
    dots["alpha"] = 0.85 * fade
    dots["fill_rgb"] = dots["rim_rgb"] = rgb(theme.pruned)
    discs(picture, dots, 0, picture.shape[0])


def draw_halos(
    picture: Picture, geometry: Geometry, theme: Theme, scene: Scene, changes: Changes, now: float
) -> None:
    """Draw changed synapses: a warm glow where stronger, two cool rails where weaker, wide as the change."""
    ids, size = changes.halos(now)
    rows = scene.synapses.rows(ids)
    known = (rows != MISSING) & (np.abs(size) > 0.0008)
    if not known.any():
        return
    size = size[known]
    lines, ends = geometry.lines(theme, rows[known])
    if not len(lines):
        return
    size = size[lines["order"]]
    share = np.minimum(np.abs(size) / HALO_FULL, 1.6)
    line = max(geometry.scale.line, 0.8 * geometry.scale.ratio)
    high = picture.shape[0]
    stronger = size > 0.0
    wide = lines.copy()
    for name in ("width_begin", "width_end"):
        wide[name] = np.maximum(wide[name], 1.4 * line) + line * (3.5 + HALO_WIDTH * share)
    opacity = np.minimum(1.0, 0.42 + 0.75 * share) * np.minimum(1.0, np.abs(size) / 0.004)
    for name in ("alpha_begin", "alpha_end"):
        wide[name] = opacity
    for chosen, hue, manner in (
        (stronger, theme.warm, LIGHT_ADDED if theme.is_dark else LIGHT_OVER),
        (~stronger, theme.cool, RAILS_ADDED if theme.is_dark else RAILS_OVER),
    ):
        if chosen.any():
            part = wide[chosen]
            part["rgb"] = rgb(hue)
            strokes(picture, part, manner, 0.0, 1.0, 0, high)
    lines["rgb"] = np.where(
        stronger, _towards(lines["rgb"], theme.warm, 0.9 * np.minimum(1.0, opacity)), lines["rgb"]
    )
    lines["width_begin"] = np.maximum(lines["width_begin"], 1.2 * line)
    lines["width_end"] = np.maximum(lines["width_end"], 1.2 * line)
    for name in ("alpha_begin", "alpha_end"):
        lines[name] = np.maximum(lines[name], 0.9 * np.minimum(1.0, opacity))
    strokes(picture, lines, INK, 0.0, 1.0, 0, high)
    ends["rgb"] = lines["rgb"]
    terminals(picture, ends, 0.0, 1.0, 0, high)


def draw_chosen(
    picture: Picture, geometry: Geometry, theme: Theme, scene: Scene, emphasis: Emphasis, detail: Detail
) -> None:
    """Draw the selected and hovered synapses, and those of selected neurons, in full and on top."""
    rows = emphasis.synapse_rows(scene)
    if not len(rows):
        return
    lines, ends = geometry.lines(theme, rows)
    high = picture.shape[0]
    line = max(geometry.scale.line, 0.8 * geometry.scale.ratio)
    tones = scene.synapses["tone"][lines["row"]]
    own = np.isin(scene.synapses["id"][lines["row"]], np.append(emphasis.synapses, emphasis.hovered_synapse))
    halo = lines.copy()
    halo["rgb"], halo["alpha_begin"], halo["alpha_end"] = rgb(theme.background), 0.6, 0.6
    halo["begin"], halo["end"] = 0.10, 0.94
    strokes(picture, halo, INK, 3.0 * line, 1.0, 0, high)
    if own.any():
        ring = lines[own]
        ring["rgb"], ring["alpha_begin"], ring["alpha_end"] = rgb(theme.accent), 0.55, 0.55
        strokes(picture, ring, INK, 5.0 * line, 1.0, 0, high)
        ring["rgb"], ring["alpha_begin"], ring["alpha_end"] = rgb(theme.background), 1.0, 1.0
        strokes(picture, ring, INK, 2.6 * line, 1.0, 0, high)
    lines["rgb"] = tone_rgb(theme)[tones]
    for name in ("alpha_begin", "alpha_end"):
        lines[name] = np.maximum(lines[name], np.where(own, 1.0, 0.72))
    for name in ("width_begin", "width_end"):
        lines[name] = np.maximum(lines[name], 1.2 * line)
    strokes(picture, lines, INK, 0.0, 1.0, 0, high)
    ends["rgb"], ends["alpha"] = lines["rgb"], 1.0
    terminals(picture, ends, 0.0, 1.0, 0, high)


def draw_eligibility(
    picture: Picture, geometry: Geometry, theme: Theme, scene: Scene, now: float, most: int = 200
) -> None:
    """Synapses that wait for a modulator shimmer in its colour, the stronger the more they hold."""
    held = scene.synapses["eligibility"]
    rows = np.flatnonzero(np.abs(held) > 0.03).astype(np.int32)
    if not len(rows):
        return
    if len(rows) > most:
        rows = rows[np.argsort(-np.abs(held[rows]), kind="stable")[:most]]
    lines, _ = geometry.lines(theme, rows)
    if not len(lines):
        return
    share = np.minimum(1.0, np.abs(held[lines["row"]]))
    twinkle = 0.65 + 0.35 * np.sin(5.0 * now + 1.7 * (lines["row"] % 64))
    lines["rgb"] = rgb(theme.modulatory)
    for name in ("alpha_begin", "alpha_end"):
        lines[name] = 0.75 * share * twinkle
    line = geometry.scale.line
    manner = RAILS_ADDED if theme.is_dark else RAILS_OVER
    strokes(picture, lines, manner, 7.0 * line, 1.0, 0, picture.shape[0])


def _towards(colours: NDArray[np.uint32], goal: str, share: Any) -> NDArray[np.uint32]:
    """Colours (0xRRGGBB) moved a share of the way to another."""
    part = np.broadcast_to(np.asarray(share, dtype=np.float64), colours.shape)
    out = np.zeros(colours.shape, np.uint32)
    for shift in (16, 8, 0):
        own = (colours >> np.uint32(shift) & np.uint32(255)).astype(np.float64)
        other = rgb(goal) >> shift & 255
        out |= np.rint(own + (other - own) * part).astype(np.uint32) << np.uint32(shift)
    return out
