"""A synapse close up: a bouton with its vesicles, and opposite of it the receptors of the post neuron.

Vesicles are filled by the release probability P; a receptor dot stands for a share of the AMPA
receptors q.  Where the two are not known apart, all of the weight is drawn as receptors.  Where spines are
modelled the receptors sit on the head of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas.clefts import draw_clouds, draw_quanta
from editor.canvas.geometry import Geometry
from editor.canvas.raster.marks import discs, glows
from editor.canvas.raster.records import DISC, GLOW, NO_TERMINAL, records
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import HEAD, RECEPTOR_SHARE, SPINE
from editor.canvas.spines import Spines, draw_spines, spines
from editor.canvas.spread import lead_there, set_apart
from editor.canvas.style import tone_rgb
from editor.window.theme import Theme, ramp, rgb

NEAR = 2.8
"""Neurons at least this many times their usual size are near enough."""
MOST = 60
"""Synapses are drawn close up when at most this many are in view."""
VESICLES = 7
RECEPTORS = 9
MOST_OCTAVES = 3.0
"""Receptors are as bright as they get when their neuron is 2 to this times as sensitive as usual."""
DULLEST = 0.72
"""How far the fill of receptors fades when it is so many times less sensitive."""

Floats = NDArray[np.float64]


def is_close(geometry: Geometry, in_view: int) -> bool:
    """Whether the view is so near that synapses show what they are made of."""
    return geometry.scale.neuron / geometry.scale.ratio >= NEAR and in_view <= MOST


@dataclass(frozen=True)
class Boutons:
    """The boutons of the synapses in view, in px of the picture: one row of each array per synapse."""

    row: NDArray[np.int32]
    post: NDArray[np.int32]
    lines: NDArray[Any]
    ends: NDArray[Any]
    moved: NDArray[np.bool_]
    """Which were moved to have room."""
    x: Floats
    y: Floats
    radius: Floats
    soma: Floats
    room: Floats
    """How far apart the synapses onto the same neuron lie."""
    hue: NDArray[np.uint32]
    spine: Spines

    @classmethod
    def of(cls, geometry: Geometry, theme: Theme, scene: Scene) -> Boutons | None:
        """Place them; None where no synapse is in view."""
        columns = scene.synapses
        rows = np.flatnonzero((columns["kind"] == 0) & (columns["shown"] == 1))
        lines, ends = geometry.lines(theme, rows.astype(np.int32))
        real = ends["kind"] != NO_TERMINAL
        lines, ends = lines[real], ends[real]
        row = lines["row"]
        if not len(row):
            return None
        px = geometry.scale.ratio
        size, tones, post = ends["size"].astype(np.float64), columns["tone"][row], columns["post"][row]
        ends, moved = set_apart(geometry, ends, post)
        soma = geometry.radius[post].astype(np.float64)
        weight = columns["weight01"][row].astype(np.float64)
        room = _room(ends, post)
        radius = np.clip(0.25 * soma * (0.75 + 0.5 * weight), 4.5 * px, 24.0 * px)
        radius = np.minimum(radius, np.maximum(0.5 * room, 2.2 * px))
        head = columns[HEAD][row].astype(np.float64)
        head = np.where(np.isfinite(head), head, weight)
        spine = spines(ends, columns[SPINE][row].astype(np.float64), head, soma, room, px)
        bare = np.where(tones == 1, 2.2 * px, 0.80 * size)
        away = np.where(spine.exists, spine.length + 1.5 * px, bare) + radius
        x, y = ends["x"] - ends["dx"] * away, ends["y"] - ends["dy"] * away
        return cls(row, post, lines, ends, moved, x, y, radius, soma, room, tone_rgb(theme)[tones], spine)

    def cleft(self) -> tuple[Floats, Floats]:
        """The places between bouton and receptors."""
        away = self.radius + np.where(self.spine.exists, 1.0, 0.35 * self.ends["size"])
        return self.x + self.ends["dx"] * away, self.y + self.ends["dy"] * away


def _room(ends: NDArray[Any], post: NDArray[np.int32]) -> Floats:
    """The usual distance (px) between a synapse and the next one onto the same neuron."""
    away = np.hypot(ends["x"][:, None] - ends["x"], ends["y"][:, None] - ends["y"]).astype(np.float64)
    away[(post[:, None] != post) | np.eye(len(post), dtype=bool)] = np.inf
    nearest = away.min(axis=1, initial=np.inf)
    room = np.full(len(post), np.inf)
    for neuron in np.unique(post):
        room[post == neuron] = np.median(nearest[post == neuron])
    return room


def draw_closeups(
    picture: NDArray[np.uint32],
    ground: NDArray[np.uint32],
    geometry: Geometry,
    theme: Theme,
    scene: Scene,
    now: float,
    speed: float,
) -> None:
    """Draw boutons and receptors of every synapse in view; the view should be near (see `is_close`).

    `ground` is the picture of the same place without synapses.
    """
    at = Boutons.of(geometry, theme, scene)
    if at is None:
        return
    columns, px, high = scene.synapses, geometry.scale.ratio, picture.shape[0]
    bodies = records(DISC, len(at.row))
    bodies["x"], bodies["y"], bodies["radius"], bodies["alpha"] = at.x, at.y, at.radius, 1.0
    bodies["rim"], bodies["rim_rgb"] = 1.2 * px, at.hue
    pale = [int(ramp(theme.background, c, 0.22)) for c in (theme.excitatory, theme.inhibitory, theme.neutral)]
    bodies["fill_rgb"] = np.array(pale, np.uint32)[columns["tone"][at.row]]
    if (m := at.moved).any():
        lead_there(picture, ground, geometry, at.lines[m], at.post[m], at.x[m], at.y[m], at.hue[m])
    draw_spines(picture, theme, geometry, at.spine, at.ends, at.post, scene.neurons["tone"][at.post])
    draw_clouds(picture, geometry, theme, scene, at.row, *at.cleft(), at.radius)
    discs(picture, bodies, 0, high)
    _draw_vesicles(picture, theme, at.x, at.y, at.radius, columns["release"][at.row], at.hue, px)
    q = columns[RECEPTOR_SHARE][at.row]
    share = np.where(np.isfinite(q), q, columns["weight01"][at.row])
    gain = scene.neurons["sensitivity"][at.post].astype(np.float64)
    _draw_receptors(picture, geometry, theme, at, share, np.where(np.isfinite(gain), gain, 1.0))
    draw_quanta(picture, geometry, theme, scene, at.row, at.ends, (at.x, at.y), at.radius, now, speed)


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
    at: Boutons,
    share: NDArray[np.floating[Any]],
    gain: Floats,
) -> None:
    """A row of receptors on the membrane below the terminal, of spine or soma; those in place are full.

    The sensitivity of their neuron (`gain`, 1 as usual) is how bright all of them are: dull below 1, glowing
    above.
    """
    n = len(at.row)
    px, high = geometry.scale.ratio, picture.shape[0]
    ends, post, spine = at.ends, at.post, at.spine
    dot = np.clip(0.060 * at.soma, 1.0 * px, 4.0 * px)
    middle_x = np.where(spine.exists, spine.x, geometry.x[post])
    middle_y = np.where(spine.exists, spine.y, geometry.y[post])
    radius = np.where(spine.exists, np.maximum(spine.head, 1.0), at.soma)
    crowded = np.maximum(at.room / (2.3 * RECEPTORS), 0.6 * px)
    dot = np.where(spine.exists, np.minimum(dot, 0.14 * radius), np.minimum(dot, crowded))
    heading = np.where(
        spine.exists,
        np.arctan2(-ends["dy"], -ends["dx"]),
        np.arctan2(ends["y"] - geometry.y[post], ends["x"] - geometry.x[post]),
    )
    k = np.arange(RECEPTORS) - (RECEPTORS - 1) / 2.0
    # filled from the middle outwards, so that one more receptor is one more at an end
    order = np.argsort(np.argsort(np.abs(k), kind="stable"))
    pitch = np.where(spine.exists, 2.7, np.where(dot < crowded, 2.7, 2.2))
    turn = heading[:, None] + k * (pitch * dot / radius)[:, None]
    dots = records(DISC, n * RECEPTORS)
    away = (radius + 0.2 * dot)[:, None]
    dots["x"] = (middle_x[:, None] + away * np.cos(turn)).reshape(-1)
    dots["y"] = (middle_y[:, None] + away * np.sin(turn)).reshape(-1)
    dots["radius"] = np.repeat(dot, RECEPTORS)
    full = (np.round(np.clip(share, 0.0, 1.0) * RECEPTORS)[:, None] > order).reshape(-1)
    keen = np.repeat(np.clip(np.log2(np.maximum(gain, 1e-9)) / MOST_OCTAVES, -1.0, 1.0), RECEPTORS)
    glowing = full & (keen > 0.02)
    if glowing.any():
        lights = records(GLOW, int(glowing.sum()))
        lights["x"], lights["y"] = dots["x"][glowing], dots["y"][glowing]
        lights["radius"] = (2.6 + 2.4 * keen[glowing]) * np.maximum(dots["radius"][glowing], 1.3 * px)
        lights["alpha"], lights["rgb"] = 0.25 + 0.65 * keen[glowing], rgb(theme.soma_spiking)
        glows(picture, lights, theme.is_dark, 0, high)
    own = np.repeat(at.hue, RECEPTORS)
    dots["rim"], dots["alpha"] = 0.6 * px, 1.0
    dots["casing"] = np.where(glowing, 0.0, np.repeat(np.minimum(0.8 * px, 0.4 * dot), RECEPTORS))
    dots["casing_rgb"] = rgb(theme.background)
    dots["rim_rgb"] = own
    bright = theme.spark if theme.is_dark else theme.text
    dots["fill_rgb"] = np.where(
        full, ramp(theme.background, bright, 1.0 + DULLEST * keen), rgb(theme.background)
    )
    discs(picture, dots, 0, high)
