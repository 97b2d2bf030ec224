"""A synapse close up: a bouton with its vesicles, and opposite of it the receptors of the post neuron.

Vesicles are filled by the release probability P; a receptor dot stands for a share of the AMPA
receptors q.  Where the two are not known apart, all of the weight is drawn as receptors.  Where spines are
modelled the receptors sit on the head of one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas.geometry import Geometry
from editor.canvas.raster.marks import discs
from editor.canvas.raster.records import DISC, NO_TERMINAL, records
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import RECEPTOR_SHARE, SPINE
from editor.canvas.spines import Spines, draw_spines, spines
from editor.canvas.style import tone_rgb
from editor.theme import Theme, ramp, rgb

NEAR = 2.8
"""Neurons at least this many times their usual size are near enough."""
MOST = 60
"""Synapses are drawn close up when at most this many are in view."""
VESICLES = 7
RECEPTORS = 9


def is_close(geometry: Geometry, in_view: int) -> bool:
    """Whether the view is so near that synapses show what they are made of."""
    return geometry.scale.neuron / geometry.scale.ratio >= NEAR and in_view <= MOST


def draw_closeups(
    picture: NDArray[np.uint32], geometry: Geometry, theme: Theme, scene: Scene, in_view: int
) -> None:
    """Draw boutons and receptors of every synapse in view, when the view is near enough."""
    if not len(scene.synapses) or not is_close(geometry, in_view):
        return
    rows = np.flatnonzero((scene.synapses["kind"] == 0) & (scene.synapses["shown"] == 1))
    lines, ends = geometry.lines(theme, rows.astype(np.int32))
    real = ends["kind"] != NO_TERMINAL
    lines, ends = lines[real], ends[real]
    if not len(lines):
        return
    row = lines["row"]
    columns = scene.synapses
    tones = columns["tone"][row]
    hue = tone_rgb(theme)[tones]
    px = geometry.scale.ratio
    size = ends["size"].astype(np.float64)
    soma = geometry.radius[columns["post"][row]].astype(np.float64)
    strength = 0.75 + 0.5 * columns["weight01"][row]
    bouton = np.clip(0.25 * soma * strength, 4.5 * px, 24.0 * px)
    mature = columns[SPINE][row].astype(np.float64)
    spine = spines(ends, mature, columns["weight01"][row].astype(np.float64), soma, px)
    away = (
        np.where(spine.exists, spine.length + 1.5 * px, np.where(tones == 1, 2.2 * px, 0.80 * size)) + bouton
    )
    x, y = ends["x"] - ends["dx"] * away, ends["y"] - ends["dy"] * away
    bodies = records(DISC, len(lines))
    bodies["x"], bodies["y"], bodies["radius"], bodies["alpha"] = x, y, bouton, 1.0
    bodies["rim"], bodies["rim_rgb"] = 1.2 * px, hue
    pale = [int(ramp(theme.background, c, 0.22)) for c in (theme.excitatory, theme.inhibitory, theme.neutral)]
    bodies["fill_rgb"] = np.array(pale, np.uint32)[tones]
    high = picture.shape[0]
    post = columns["post"][row]
    draw_spines(picture, theme, geometry, spine, ends, post, scene.neurons["tone"][post])
    discs(picture, bodies, 0, high)
    _draw_vesicles(picture, theme, x, y, bouton, columns["release"][row], hue, px)
    q = columns[RECEPTOR_SHARE][row]
    share = np.where(np.isfinite(q), q, columns["weight01"][row])
    _draw_receptors(picture, geometry, theme, ends, post, spine, share, hue)


def _draw_vesicles(
    picture: NDArray[np.uint32],
    theme: Theme,
    x: NDArray[np.floating[Any]],
    y: NDArray[np.floating[Any]],
    bouton: NDArray[np.floating[Any]],
    release: NDArray[np.float32],
    hue: NDArray[np.uint32],
    px: float,
) -> None:
    """Six vesicles around one; as many are full as P says (all, where P is not modelled)."""
    n = len(x)
    k = np.arange(VESICLES)
    turn = 2.0 * np.pi * (k - 1) / (VESICLES - 1) + 0.4
    out = np.where(k == 0, 0.0, 0.56)
    full = np.where(np.isfinite(release), release, 1.0)[:, None] * VESICLES > k + 0.5
    dots = records(DISC, n * VESICLES)
    dots["x"] = (x[:, None] + bouton[:, None] * out * np.cos(turn)).reshape(-1)
    dots["y"] = (y[:, None] + bouton[:, None] * out * np.sin(turn)).reshape(-1)
    radius = 0.22 * bouton
    dots["radius"] = np.repeat(radius, VESICLES)
    dots["rim"], dots["alpha"] = 0.7 * px, 1.0
    own = np.repeat(hue, VESICLES)
    dots["rim_rgb"] = own
    dots["fill_rgb"] = np.where(full.reshape(-1), own, rgb(theme.background))
    discs(picture, dots, 0, picture.shape[0])


def _draw_receptors(
    picture: NDArray[np.uint32],
    geometry: Geometry,
    theme: Theme,
    ends: NDArray[Any],
    post: NDArray[np.int32],
    spine: Spines,
    share: NDArray[np.floating[Any]],
    hue: NDArray[np.uint32],
) -> None:
    """A row of receptors on the membrane below the terminal, of spine or soma; those in place are full."""
    n = len(ends)
    px = geometry.scale.ratio
    soma = geometry.radius[post].astype(np.float64)
    dot = np.clip(0.060 * soma, 1.0 * px, 4.0 * px)
    middle_x = np.where(spine.exists, spine.x, geometry.x[post])
    middle_y = np.where(spine.exists, spine.y, geometry.y[post])
    radius = np.where(spine.exists, np.maximum(spine.head, 1.0), soma)
    dot = np.where(spine.exists, np.minimum(dot, 0.14 * radius), dot)
    heading = np.where(
        spine.exists,
        np.arctan2(-ends["dy"], -ends["dx"]),
        np.arctan2(ends["y"] - geometry.y[post], ends["x"] - geometry.x[post]),
    )
    k = np.arange(RECEPTORS) - (RECEPTORS - 1) / 2.0
    # filled from the middle outwards, so that one more receptor is one more at an end
    order = np.argsort(np.argsort(np.abs(k), kind="stable"))
    turn = heading[:, None] + k * (2.7 * dot / radius)[:, None]
    dots = records(DISC, n * RECEPTORS)
    away = (radius + 0.2 * dot)[:, None]
    dots["x"] = (middle_x[:, None] + away * np.cos(turn)).reshape(-1)
    dots["y"] = (middle_y[:, None] + away * np.sin(turn)).reshape(-1)
    dots["radius"] = np.repeat(dot, RECEPTORS)
    full = np.round(np.clip(share, 0.0, 1.0) * RECEPTORS)[:, None] > order
    own = np.repeat(hue, RECEPTORS)
    dots["rim"], dots["alpha"] = 0.6 * px, 1.0
    dots["casing"] = np.repeat(np.minimum(0.8 * px, 0.4 * dot), RECEPTORS)
    dots["casing_rgb"] = rgb(theme.background)
    dots["rim_rgb"] = own
    bright = rgb(theme.spark) if theme.is_dark else rgb(theme.text)
    dots["fill_rgb"] = np.where(full.reshape(-1), bright, rgb(theme.background))
    discs(picture, dots, 0, picture.shape[0])
