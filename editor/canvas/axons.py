"""Axons at work: the synapses of a neuron that just spiked light up, and spikes travel along them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from editor.canvas.changes import (
    FASTEST_WITH_FLIGHTS,
    SHORTEST_FLIGHT,
    Changes,
    flash,
)
from editor.canvas.clefts import in_vain
from editor.canvas.detail import Detail
from editor.canvas.geometry import Geometry, points_on
from editor.canvas.raster.flights import flights, pick_rows
from editor.canvas.raster.hairlines import hairlines
from editor.canvas.raster.marks import discs, glows, terminals
from editor.canvas.raster.records import DISC, GLOW, records
from editor.canvas.raster.strokes import INK, LIGHT_ADDED, LIGHT_OVER, strokes
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import LONGEST_MEMORY
from editor.canvas.style import spike_rgb, tone_rgb
from editor.window.theme import Theme, rgb

MOST_LIT = {
    Detail.BUNDLES: 0,
    Detail.DENSITY: 600,
    Detail.HAIRLINES: 1200,
    Detail.CURVES: 260,
    Detail.TERMINALS: 320,
}
"""How many synapses light up at most in one frame, by detail."""

MOST_FLIGHTS = 700
"""How many spikes are drawn in flight at most in one frame."""

ARRIVAL = 0.12
"""A terminal lights up for this long when a spike reaches it, s."""


def draw_lit(
    picture: NDArray[np.uint32], geometry: Geometry, theme: Theme, scene: Scene, detail: Detail, now: float
) -> int:
    """Light up the synapses of neurons that just spiked.  Returns how many were left out."""
    lit = flash(scene.neurons["spike_at"], now)
    active = np.flatnonzero(lit > 0.10).astype(np.int32)
    most = MOST_LIT[detail]
    if not len(active) or not len(scene.synapses):
        return 0
    start, rows = scene.outgoing()
    total = int((start[active + 1] - start[active]).sum())
    if most == 0 or total == 0:
        return total
    chosen = pick_rows(active, start, rows, scene.synapses["id"], most / total)
    columns = scene.synapses
    glow = lit[columns["pre"][chosen]]
    high = picture.shape[0]
    if detail <= Detail.HAIRLINES:
        strength = (0.55 * glow).astype(np.float32)
        colour = np.broadcast_to(tone_rgb(theme)[:, None], (3, 256)).copy()
        opacity = np.broadcast_to(np.linspace(0.0, 1.0, 256, dtype=np.float32), (3, 256)).copy()
        hairlines(
            picture, geometry.x, geometry.y, columns["pre"][chosen], columns["post"][chosen], strength,
            columns["tone"][chosen], columns["shown"][chosen], colour, opacity,
            400.0 * geometry.scale.ratio, 0, high,
        )  # fmt: skip
        return total - len(chosen)
    lines, ends = geometry.lines(theme, chosen)
    bright = glow[lines["order"]]
    tones = columns["tone"][lines["row"]]
    halo = lines.copy()
    halo["rgb"] = spike_rgb(theme)[tones] if theme.is_dark else tone_rgb(theme)[tones]
    # many lights in one place must not burn it out
    calm = min(1.0, (90.0 / max(len(lines), 1)) ** 0.5)
    halo["alpha_begin"] = halo["alpha_end"] = (0.34 if theme.is_dark else 0.20) * calm * bright
    strokes(
        picture, halo, LIGHT_ADDED if theme.is_dark else LIGHT_OVER, 8.0 * geometry.scale.line, 1.0, 0, high
    )
    lines["rgb"] = tone_rgb(theme)[tones]
    for name in ("alpha_begin", "alpha_end"):
        lines[name] = np.minimum(1.0, lines[name] + 0.45 * bright) * np.minimum(1.0, 2.5 * bright)
    strokes(picture, lines, INK, 0.0, 1.0, 0, high)
    if detail is Detail.TERMINALS:
        ends["rgb"], ends["alpha"] = lines["rgb"], lines["alpha_end"]
        terminals(picture, ends, 0.0, 1.0, 0, high)
    return total - len(chosen)


def draw_flights(
    picture: NDArray[np.uint32],
    geometry: Geometry,
    theme: Theme,
    scene: Scene,
    changes: Changes,
    detail: Detail,
    speed: float,
    now: float,
) -> int:
    """Draw spikes on their way, hollow where their flight is lengthened.  Returns how many were left out."""
    if speed > FASTEST_WITH_FLIGHTS or not len(scene.synapses) or detail is Detail.BUNDLES:
        return 0
    spike_at = scene.neurons["spike_at"]
    delay = scene.synapses["delay"]
    longest = max(SHORTEST_FLIGHT, float(delay.max()) / 1000.0 / max(speed, 1e-9))
    changes.longest_flight = min(longest, LONGEST_MEMORY)
    age = now - spike_at
    active = np.flatnonzero(((age >= 0.0) & (age < changes.longest_flight + ARRIVAL)).any(axis=1))
    if not len(active):
        return 0
    start, rows = scene.outgoing()
    active = active.astype(np.int32)
    total = int((start[active + 1] - start[active]).sum())
    if not total:
        return 0
    share = min(1.0, MOST_FLIGHTS / total)
    chosen, at, is_long = flights(
        active, start, rows, scene.synapses["id"], scene.synapses["kind"], share, spike_at, delay, now,
        speed, SHORTEST_FLIGHT, ARRIVAL,
    )  # fmt: skip
    on = scene.synapses["off"][chosen] == 0  # nothing travels where a projection is switched off
    chosen, at, is_long = chosen[on], at[on], is_long[on]
    if not len(chosen):
        return 0
    lines, _ = geometry.lines(theme, chosen)
    if not len(lines):
        return 0  # all of them are out of sight
    at, is_long = at[lines["order"]], is_long[lines["order"]]
    takes = np.maximum(delay[lines["row"]].astype(np.float64) / 1000.0 / max(speed, 1e-9), SHORTEST_FLIGHT)
    gone = np.where(at <= 1.0, at * takes, takes + (at - 1.0) * ARRIVAL)
    lost = in_vain(scene, lines["row"], now - gone, now)
    tones = scene.synapses["tone"][lines["row"]]
    high = picture.shape[0]
    scale = geometry.scale
    flying = at <= 1.0
    hue = spike_rgb(theme)[tones]
    x, y = points_on(lines, np.minimum(at, 1.0))
    size = scale.ratio * float(np.clip(scale.line / scale.ratio, 0.7, 2.2))
    lights = records(GLOW, len(lines))
    lights["x"], lights["y"], lights["rgb"] = x, y, hue
    lights["radius"] = np.where(flying, 7.5, 9.0) * size
    fading = np.clip(1.0 - (at - 1.0), 0.0, 1.0)
    calm = min(1.0, (160.0 / len(lines)) ** 0.5)
    lights["alpha"] = np.where(flying, 0.85, 0.75 * fading * ~lost) * (1.0 if theme.is_dark else 0.8) * calm
    glows(picture, lights, theme.is_dark, 0, high)
    dots = records(DISC, int(flying.sum()))
    dots["x"], dots["y"] = x[flying], y[flying]
    hollow = is_long[flying]
    dots["radius"] = np.where(hollow, 2.3, 1.7) * size
    dots["rim"] = np.where(hollow, 1.0, 0.0) * size
    dots["alpha"], dots["core"], dots["casing"] = 0.97, 0.0, 0.0
    spark = rgb(theme.spark)
    dots["rim_rgb"] = spark
    dots["fill_rgb"] = np.where(hollow, rgb(theme.background), spark)
    discs(picture, dots, 0, high)
    return round(total * (1.0 - share))
