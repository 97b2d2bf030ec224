"""Neurons as they are drawn: filled by their membrane potential, flashing when they spike."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas.changes import Changes, Kind, flash
from editor.canvas.emphasis import Emphasis
from editor.canvas.geometry import Geometry
from editor.canvas.raster.dress import CLAMPED, FROZEN, dress
from editor.canvas.raster.marks import arcs, discs, glows
from editor.canvas.raster.records import ARC, CIRCLE, DISC, GLOW, records
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import ModulatorMark
from editor.canvas.style import spike_rgb, tone_rgb
from editor.window.theme import Theme, rgb

SMALLEST_RING = 5.0
"""Neurons of fewer px radius carry no rings of vacant elements."""


def draw_fields(
    picture: NDArray[np.uint32], geometry: Geometry, theme: Theme, scene: Scene, now: float
) -> None:
    """Tint the tissue around the sources of each modulator by its concentration, pulsing on release.

    A field in space reaches as far as its footprint: two sigma, with a fine line at one.
    """
    high = picture.shape[0]
    tints = [rgb(colour) for colour in (theme.modulatory, *theme.astrocytes)]
    for order, mark in enumerate(scene.modulators):
        tint = tints[order % len(tints)]
        rows = scene.neurons.rows(mark.sources)
        rows = rows[rows >= 0]
        if not len(rows):
            continue
        if not mark.enabled:
            _draw_mute(picture, geometry, theme, scene, mark, rows)
            continue
        age = now - mark.released_at
        pulse = float(np.exp(-age / 0.8)) if 0.0 <= age < 6.0 else 0.0
        level = float(np.clip(mark.level, 0.0, 1.0))
        if mark.sigma > 0.0:
            reach = 2.0 * mark.sigma * geometry.zoom
            shown = rows
            rim = records(ARC, len(shown))
            rim["x"], rim["y"], rim["radius"] = geometry.x[shown], geometry.y[shown], 0.5 * reach
            rim["width"], rim["soft"] = 1.0 * geometry.scale.ratio, 1.0 * geometry.scale.ratio
            rim["sweep"], rim["alpha"], rim["rgb"] = 7.0, 0.10 + 0.25 * level, tint
            arcs(picture, rim, False, 0, high)
        else:
            reach = scene.spacing() * (2.4 + 1.6 * level) * geometry.zoom
            reach = max(reach, 60.0 * geometry.scale.ratio)
            shown = rows[:: max(1, len(rows) // 12)]
        lights = records(GLOW, len(shown))
        lights["x"], lights["y"] = geometry.x[shown], geometry.y[shown]
        lights["radius"], lights["rgb"] = reach, tint
        strength = 0.05 + 0.15 * level + 0.12 * pulse
        lights["alpha"] = strength / (1.0 + 0.35 * (len(shown) - 1)) if mark.sigma <= 0.0 else strength
        glows(picture, lights, False, 0, high)
        if pulse > 0.02:
            rings = records(ARC, len(shown))
            rings["x"], rings["y"] = geometry.x[shown], geometry.y[shown]
            rings["radius"] = 0.8 * reach * min(1.0, 0.15 + age / 1.1)
            rings["width"], rings["soft"] = 2.0 * geometry.scale.ratio, 5.0 * geometry.scale.ratio
            rings["sweep"], rings["alpha"], rings["rgb"] = 7.0, 0.5 * pulse, tint
            arcs(picture, rings, False, 0, high)


def _draw_mute(
    picture: NDArray[np.uint32],
    geometry: Geometry,
    theme: Theme,
    scene: Scene,
    mark: ModulatorMark,
    rows: NDArray[np.int32],
) -> None:
    """A modulator that is switched off: a thin grey ring where its field would be, and nothing in it."""
    px = geometry.scale.ratio
    shown = rows if mark.sigma > 0.0 else rows[:: max(1, len(rows) // 12)]
    reach = mark.sigma * geometry.zoom if mark.sigma > 0.0 else scene.spacing() * geometry.zoom
    rings = records(ARC, len(shown))
    rings["x"], rings["y"] = geometry.x[shown], geometry.y[shown]
    rings["radius"] = np.maximum(reach, geometry.radius[shown] + 8.0 * px)
    rings["width"], rings["soft"], rings["sweep"] = 1.2 * px, 0.5, 7.0
    rings["alpha"], rings["rgb"] = 0.75, rgb(theme.pruned)
    arcs(picture, rings, False, 0, picture.shape[0])


def draw_waves(
    picture: NDArray[np.uint32], geometry: Geometry, theme: Theme, scene: Scene, now: float
) -> None:
    """Calcium waves: a rim that widens from an astrocyte's soma for two and a half seconds."""
    age = now - scene.astrocytes["wave_at"]
    rows = np.flatnonzero((age >= 0.0) & (age < 2.5))
    if not len(rows):
        return
    share = age[rows] / 2.5
    rings = records(ARC, len(rows))
    rings["x"], rings["y"] = geometry.project(scene.astrocytes["x"][rows], scene.astrocytes["y"][rows])
    rings["radius"] = scene.spacing() * geometry.zoom * (0.3 + 2.4 * share)
    rings["width"], rings["soft"] = 3.0 * geometry.scale.ratio, 7.0 * geometry.scale.ratio
    rings["sweep"], rings["alpha"] = 7.0, 0.55 * (1.0 - share) ** 1.5
    rings["rgb"] = np.array([rgb(c) for c in theme.astrocytes])[rows % len(theme.astrocytes)]
    arcs(picture, rings, theme.is_dark, 0, picture.shape[0])


def draw_neurons(
    picture: NDArray[np.uint32],
    geometry: Geometry,
    theme: Theme,
    scene: Scene,
    changes: Changes,
    emphasis: Emphasis,
    now: float,
) -> None:
    """Draw the neurons with their glows, rings and selection marks, on top of everything else."""
    columns = geometry.view.neurons
    n = len(geometry.x)
    if not n:
        return
    high = picture.shape[0]
    lit = flash(columns["spike_at"], now)
    dim = 0.62 * emphasis.dim
    bright = emphasis.bright_neurons(scene) if dim > 0.0 else np.ones(n, bool)
    _draw_shimmer(picture, geometry, theme, changes.shimmer(scene, now))
    for lights in spike_lights(geometry, theme, lit, np.where(bright, 1.0, 1.0 - 0.5 * dim)):
        glows(picture, lights, theme.is_dark, 0, high)
    made = dressed(geometry, theme, lit, bright, dim)
    discs(picture, made, 0, high)
    if theme.is_dark:
        _draw_shine(picture, made)
    _draw_rings(picture, geometry, theme)
    _draw_marks(picture, geometry, theme, scene, emphasis)


def spike_lights(
    geometry: Geometry, theme: Theme, lit: NDArray[np.float32], share: NDArray[np.floating[Any]]
) -> list[NDArray[Any]]:
    """Two glows around each neuron that just spiked: a wide faint one, then a bright core."""
    spiking = np.flatnonzero(lit > 0.02)
    glow = np.power(lit[spiking], 1.3) * share[spiking]
    body = np.maximum(geometry.radius[spiking], 2.6 * geometry.scale.ratio)
    made = []
    for radius, alpha in ((theme.sizes.halo, theme.glow), (theme.sizes.core, theme.glow_core)):
        lights = records(GLOW, len(spiking))
        lights["x"], lights["y"] = geometry.x[spiking], geometry.y[spiking]
        lights["rgb"] = spike_rgb(theme)[geometry.view.neurons["tone"][spiking]]
        lights["radius"], lights["alpha"] = radius * body, alpha * glow
        made.append(lights)
    return made


def dressed(
    geometry: Geometry,
    theme: Theme,
    lit: NDArray[np.float32],
    bright: NDArray[np.bool_] | None = None,
    dim: float = 0.0,
) -> NDArray[Any]:
    """The neurons in view as records `DISC`; those that are not `bright` step back by `dim`."""
    columns, scale = geometry.view.neurons, geometry.scale
    keeps = np.ones(len(geometry.x), bool) if bright is None else bright
    made = np.zeros(len(geometry.x), DISC)
    n = dress(
        made, geometry.x, geometry.y, geometry.radius, columns["tone"], columns["shape"], columns["flags"],
        columns["v"], lit, keeps, dim, theme.sizes.rim * min(scale.neuron, 1.6 * scale.ratio),
        theme.sizes.casing * scale.line, tone_rgb(theme), rgb(theme.soma_rest), rgb(theme.soma_spiking),
        rgb(theme.pruned), rgb(theme.modulatory), rgb(theme.background), scale.ratio, geometry.width,
        geometry.height,
    )  # fmt: skip
    return made[:n]


def _draw_shine(picture: NDArray[np.uint32], made: NDArray[Any]) -> None:
    """A faint light from above on neurons large enough to have a body."""
    round_ = made[(made["radius"] > 4.0) & (made["shape"] == CIRCLE)]
    lights = records(GLOW, len(round_))
    lights["x"] = round_["x"] - 0.30 * round_["radius"]
    lights["y"] = round_["y"] - 0.35 * round_["radius"]
    lights["radius"], lights["rgb"], lights["alpha"] = 0.75 * round_["radius"], 0xFFFFFF, 0.20
    glows(picture, lights, True, 0, picture.shape[0])


def _draw_shimmer(
    picture: NDArray[np.uint32], geometry: Geometry, theme: Theme, amount: NDArray[np.float32]
) -> None:
    """Merged events: a soft ring around the neurons where they happened, one hue for each kind."""
    hues = {
        Kind.BIRTH: theme.sprout,
        Kind.DEATH: theme.retracting,
        Kind.POTENTIATION: theme.warm,
        Kind.DEPRESSION: theme.cool,
    }
    for kind, hue in hues.items():
        size = amount[:, int(kind)]
        rows = np.flatnonzero(size > 0.05)
        if not len(rows):
            continue
        rings = records(ARC, len(rows))
        rings["x"], rings["y"] = geometry.x[rows], geometry.y[rows]
        share = 1.0 - np.exp(-size[rows])
        rings["radius"] = geometry.radius[rows] + (2.0 + 1.7 * int(kind)) * geometry.scale.ratio
        rings["width"] = (0.8 + 1.6 * share) * geometry.scale.ratio
        rings["soft"] = 1.4 * geometry.scale.ratio
        rings["sweep"], rings["alpha"], rings["rgb"] = 7.0, 0.85 * share, rgb(hue)
        arcs(picture, rings, False, 0, picture.shape[0])


def _draw_rings(picture: NDArray[np.uint32], geometry: Geometry, theme: Theme) -> None:
    """Vacant boutons (left half) and spines (right half) as shares of a ring; calcium as a tick on top."""
    columns = geometry.view.neurons
    known = np.isfinite(columns["free_boutons"]) | np.isfinite(columns["calcium"])
    rows = np.flatnonzero(known & (geometry.radius > SMALLEST_RING * geometry.scale.ratio))
    if not len(rows):
        return
    px = geometry.scale.ratio
    high = picture.shape[0]
    radius = geometry.radius[rows] + (theme.sizes.casing + 1.6) * geometry.scale.line
    rings = records(ARC, len(rows))
    rings["x"], rings["y"], rings["radius"] = geometry.x[rows], geometry.y[rows], radius
    rings["width"], rings["soft"] = 1.6 * px, 0.5
    quarter = 0.5 * np.pi
    for name, start, hue in (
        ("free_boutons", quarter + 0.22, theme.sprout),
        ("free_spines", -quarter + 0.22, theme.good),
    ):
        share = np.nan_to_num(columns[name][rows], nan=0.0).clip(0.0, 1.0)
        rings["start"], rings["rgb"] = start, rgb(theme.line)
        rings["sweep"], rings["alpha"] = np.pi - 0.44, 0.75
        arcs(picture, rings, False, 0, high)
        rings["sweep"], rings["alpha"], rings["rgb"] = (np.pi - 0.44) * share, 0.95, rgb(hue)
        arcs(picture, rings, False, 0, high)
    calcium = columns["calcium"][rows]
    ticked = np.isfinite(calcium)
    if ticked.any():
        ticks = rings[ticked]
        middle = -quarter
        ticks["width"], ticks["alpha"], ticks["rgb"] = 3.0 * px, 0.9, rgb(theme.muted)
        ticks["start"], ticks["sweep"] = middle - 0.03, 0.06
        arcs(picture, ticks, False, 0, high)
        off = 1.1 * np.tanh(calcium[ticked] - 1.0)
        ticks["width"], ticks["rgb"] = 5.0 * px, rgb(theme.text)
        ticks["start"], ticks["sweep"] = middle + off - 0.05, 0.10
        arcs(picture, ticks, False, 0, high)


def _draw_marks(
    picture: NDArray[np.uint32], geometry: Geometry, theme: Theme, scene: Scene, emphasis: Emphasis
) -> None:
    """Rings around what is selected and hovered; a collar on clamped and on frozen neurons."""
    px = geometry.scale.ratio
    chosen = scene.neurons.rows(emphasis.neurons)
    hovered = scene.neurons.rows([emphasis.hovered_neuron]) if emphasis.hovered_neuron else chosen[:0]
    flags = geometry.view.neurons["flags"]
    clamped, frozen = np.flatnonzero(flags & CLAMPED), np.flatnonzero(flags & FROZEN)
    for rows, away, width, hue, alpha in (
        (clamped, 2.0, 2.0, theme.muted, 0.9),
        (frozen, 2.0, 2.0, theme.cool, 0.9),
        (chosen[chosen >= 0], 3.6, 1.8, theme.accent, 1.0),
        (hovered[hovered >= 0], 3.6, 1.4, theme.text, 0.75),
    ):
        if not len(rows):
            continue
        rings = records(ARC, len(rows))
        rings["x"], rings["y"] = geometry.x[rows], geometry.y[rows]
        rings["radius"] = geometry.radius[rows] + away * px
        rings["width"], rings["soft"], rings["sweep"] = width * px, 0.5, 7.0
        rings["rgb"], rings["alpha"] = rgb(hue), alpha
        arcs(picture, rings, False, 0, picture.shape[0])
