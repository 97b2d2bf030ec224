"""A spine close up: a thin filopodium while it is new, a mushroom once it lasts, its head as its weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas.geometry import Geometry
from editor.canvas.raster.marks import discs
from editor.canvas.raster.records import DISC, records
from editor.canvas.style import tone_rgb
from editor.window.theme import Theme, ramp, rgb

Floats = NDArray[np.float64]
BEADS = 30
"""Discs in a row that make a neck."""


@dataclass(frozen=True)
class Spines:
    """Where each spine stands, in px: the place on the membrane, the head and how long it all is.

    Synapses without a spine have a length of 0.
    """

    x: Floats
    y: Floats
    head: Floats
    neck: Floats
    length: Floats
    exists: NDArray[np.bool_]


def spines(ends: NDArray[Any], mature: Floats, size: Floats, soma: Floats, room: Floats, px: float) -> Spines:
    """The spines at the ends of synapses, pointing back along them; `mature` is NaN where there is none.

    `size` (0 to 1) is what the area of a head follows; `room` px lie between one spine and the next.
    """
    exists = np.isfinite(mature)
    grown = np.clip(np.where(exists, mature, 0.0), 0.0, 1.0)
    largest = np.clip(np.minimum(0.42 * soma, 0.62 * room), 3.5 * px, 30.0 * px)
    head = largest * np.sqrt(0.06 + 0.94 * np.clip(size, 0.0, 1.0)) * (0.34 + 0.66 * grown)
    neck = np.clip(0.085 * largest, 0.7 * px, 3.0 * px) * (0.8 + 0.8 * grown)
    length = largest * (1.75 - 0.95 * grown) + 2.0 * head
    head, length = np.where(exists, head, 0.0), np.where(exists, length, 0.0)
    x = ends["x"].astype(np.float64) - ends["dx"] * (length - head)
    y = ends["y"].astype(np.float64) - ends["dy"] * (length - head)
    return Spines(x, y, head, neck, length, exists)


def draw_spines(
    picture: NDArray[np.uint32], theme: Theme, geometry: Geometry, at: Spines, ends: NDArray[Any],
    post: NDArray[np.int32], tones: NDArray[Any],
) -> None:  # fmt: skip
    """Draw necks from the membrane of the post neuron, then heads."""
    which = np.flatnonzero(at.exists)
    if not len(which):
        return
    px = geometry.scale.ratio
    soma = np.stack([geometry.x[post[which]], geometry.y[post[which]]], axis=1).astype(np.float64)
    root = np.stack([ends["x"][which], ends["y"][which]], axis=1).astype(np.float64)
    toward = soma - root
    gap = np.maximum(np.hypot(*toward.T) - geometry.radius[post[which]], 0.0)
    root += toward / np.maximum(np.hypot(*toward.T), 1e-9)[:, None] * gap[:, None]
    head = np.stack([at.x[which], at.y[which]], axis=1)
    own = tone_rgb(theme)[tones[which]]
    pale = [int(ramp(theme.background, c, 0.42)) for c in (theme.excitatory, theme.inhibitory, theme.neutral)]
    fill = np.array(pale, np.uint32)[tones[which]]
    share = (np.arange(BEADS) / (BEADS - 1.0))[None, :, None]
    beads = (root[:, None, :] * (1 - share) + head[:, None, :] * share).reshape(-1, 2)
    high = picture.shape[0]
    _cover(picture, theme, ends[which], px)
    for wider, colour in ((1.8 * px, np.full_like(own, rgb(theme.background))), (0.7 * px, own), (0.0, fill)):
        made = records(DISC, len(beads), alpha=1.0)
        made["x"], made["y"] = beads.T
        made["radius"] = np.repeat(at.neck[which] + wider, BEADS)
        made["fill_rgb"] = made["rim_rgb"] = np.repeat(colour, BEADS)
        discs(picture, made, 0, high)
        if not wider:
            continue
        heads = records(DISC, len(which), alpha=1.0)
        heads["x"], heads["y"], heads["radius"] = at.x[which], at.y[which], at.head[which] + wider
        heads["fill_rgb"] = heads["rim_rgb"] = colour
        discs(picture, heads, 0, high)
    heads = records(DISC, len(which), alpha=1.0)
    heads["x"], heads["y"], heads["radius"] = at.x[which], at.y[which], at.head[which]
    heads["fill_rgb"] = heads["rim_rgb"] = fill
    discs(picture, heads, 0, high)


def _cover(picture: NDArray[np.uint32], theme: Theme, ends: NDArray[Any], px: float) -> None:
    """Take away the arrowheads: the synapse ends at the head of the spine, not at the soma."""
    size = ends["size"].astype(np.float64)
    gone = records(DISC, len(ends), alpha=1.0)
    gone["x"], gone["y"] = ends["x"] - 0.55 * size * ends["dx"], ends["y"] - 0.55 * size * ends["dy"]
    gone["radius"] = 0.62 * size + 1.0 * px
    gone["fill_rgb"] = gone["rim_rgb"] = rgb(theme.background)
    discs(picture, gone, 0, picture.shape[0])
