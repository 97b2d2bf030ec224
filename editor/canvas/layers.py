"""The standing layers: the ground with its astrocytes, and the synapses at the detail the zoom allows.

`draw_synapses(picture, geometry, theme, detail)` is the one seam between what is drawn and how: a
graphics processor could stand behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas import bundles
from editor.canvas.bundles import Clusters
from editor.canvas.camera import Camera
from editor.canvas.detail import Detail, load_of
from editor.canvas.geometry import Geometry
from editor.canvas.raster.density import brightest, splat, tone
from editor.canvas.raster.ground import dots, vignette
from editor.canvas.raster.hairlines import hairlines
from editor.canvas.raster.layout import weak_to_strong
from editor.canvas.raster.marks import discs, glows, terminals
from editor.canvas.raster.records import DISC, GLOW, STROKE, records
from editor.canvas.raster.strokes import INK, strokes
from editor.canvas.raster.territories import map_territories, paint_territories
from editor.canvas.scene import SceneView
from editor.canvas.style import REFERENCE_SPACING, inks
from editor.window.theme import Theme, rgb

Picture = NDArray[np.uint32]

MOST_EXPOSED = 1.2e8
"""Px of line that density draws at most; of longer lists every second, third, ... synapse stands for all."""


@dataclass(frozen=True)
class Territories:
    """The map of a tissue's astrocyte territories, in um; made once per layout."""

    owner: NDArray[np.int32]
    edge: NDArray[np.float32]
    core: NDArray[np.float32]
    x0: float
    y0: float
    texel: float
    softness: float

    @classmethod
    def of(cls, view: SceneView) -> Territories | None:
        """Map a scene; None when it has no astrocytes."""
        glia = view.astrocytes
        if not len(glia["x"]):
            return None
        scale = view.spacing / REFERENCE_SPACING
        x = np.concatenate([view.neurons["x"], glia["x"]])
        y = np.concatenate([view.neurons["y"], glia["y"]])
        pad = 90.0 * scale
        x0, y0 = float(x.min()) - pad, float(y.min()) - pad
        across, down = float(x.max()) + pad - x0, float(y.max()) + pad - y0
        texel = max(view.spacing / 11.0, float(np.sqrt(across * down / 200_000.0)))
        shape = (int(down / texel) + 2, int(across / texel) + 2)
        owner = np.zeros(shape, np.int32)
        edge, core = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        map_territories(
            owner, edge, core, x0, y0, texel, glia["x"], glia["y"],
            view.neurons["x"], view.neurons["y"], scale,
        )  # fmt: skip
        return cls(owner, edge, core, x0, y0, texel, 5.0 * scale)


def draw_ground(picture: Picture, theme: Theme, camera: Camera, ratio: float) -> None:
    """Fill a picture with the background and its grid of dots, which moves with the tissue."""
    height, width = picture.shape
    vignette(picture, rgb(theme.background), rgb(theme.background_edge), 0, height)
    zoom = camera.zoom * ratio
    level = np.log2(theme.sizes.grid / camera.zoom)
    for power, alpha in ((np.floor(level) + 1.0, 1.0), (np.floor(level), 1.0 - (level - np.floor(level)))):
        pitch = 2.0**power * zoom
        x0 = (0.5 * width - camera.x * zoom) % pitch
        y0 = (0.5 * height - camera.y * zoom) % pitch
        if alpha > 0.05:
            dots(picture, x0, y0, pitch, theme.sizes.dot * ratio, rgb(theme.grid), float(alpha), 0, height)


def draw_territories(picture: Picture, theme: Theme, geometry: Geometry, territories: Territories) -> None:
    """Lay the territories of the astrocytes on the ground, each in its colour."""
    glia, camera, zoom = geometry.view.astrocytes, geometry.camera, geometry.zoom
    height, width = picture.shape
    paint_territories(
        picture, territories.owner, territories.edge, territories.core, territories.x0, territories.y0,
        territories.texel, camera.x - 0.5 * width / zoom, camera.y - 0.5 * height / zoom, 1.0 / zoom,
        max(territories.softness, 1.4 / zoom), glia["calcium"], _hues(theme, glia), theme.territory_fill,
        theme.territory_rim, 0, height,
    )  # fmt: skip


def _hues(theme: Theme, glia: dict[str, NDArray[Any]]) -> NDArray[np.uint32]:
    colours = np.array([rgb(c) for c in theme.astrocytes], np.uint32)
    mine = np.where(glia["off"] != 0, rgb(theme.pruned), colours[np.arange(len(glia["x"])) % len(colours)])
    return mine.astype(np.uint32)


def draw_astrocytes(
    picture: Picture,
    theme: Theme,
    camera: Camera,
    ratio: float,
    geometry: Geometry,
    territories: Territories,
) -> None:
    """Lay the territories and the star-shaped somata of the astrocytes on the ground."""
    height, width = picture.shape
    zoom = camera.zoom * ratio
    glia = geometry.view.astrocytes
    off, mine = glia["off"] != 0, _hues(theme, glia)
    draw_territories(picture, theme, geometry, territories)
    strokes(picture, tied(geometry, theme), INK, 0.0, 1.0, 0, height)
    x = ((glia["x"].astype(np.float64) - camera.x) * zoom + 0.5 * width).astype(np.float32)
    y = ((glia["y"].astype(np.float64) - camera.y) * zoom + 0.5 * height).astype(np.float32)
    size = geometry.scale.neuron
    strokes(picture, star(x, y, glia["id"], mine, size, glia["calcium"]), INK, 0.0, 1.0, 0, height)
    body = records(GLOW, len(x))
    body["x"], body["y"], body["rgb"] = x, y, mine
    body["radius"], body["alpha"] = 16.0 * size, np.where(off, 0.0, 0.20 + 0.40 * glia["calcium"])
    glows(picture, body, theme.is_dark, 0, height)
    body["radius"], body["alpha"] = 7.0 * size, np.where(off, 0.0, 0.95)
    glows(picture, body, False, 0, height)
    # whoever is switched off has an empty soma
    empty = records(DISC, int(off.sum()), alpha=1.0)
    empty["x"], empty["y"], empty["radius"], empty["rim"] = x[off], y[off], 4.6 * size, 1.3 * size
    empty["fill_rgb"], empty["rim_rgb"] = rgb(theme.background), rgb(theme.pruned)
    discs(picture, empty, 0, height)


def tied(geometry: Geometry, theme: Theme) -> NDArray[Any]:
    """What flows between astrocytes, and from them to neurons: faint lines, wider where they begin."""
    ties = geometry.view.ties
    lines = records(STROKE, len(ties))
    lines["ax"], lines["ay"] = geometry.project(ties[:, 0], ties[:, 1])
    lines["bx"], lines["by"] = geometry.project(ties[:, 2], ties[:, 3])
    lines["cx"], lines["cy"] = 0.5 * (lines["ax"] + lines["bx"]), 0.5 * (lines["ay"] + lines["by"])
    lines["end"] = 1.0
    lines["width_begin"], lines["width_end"] = 2.4 * geometry.scale.neuron, 1.0 * geometry.scale.neuron
    lines["alpha_begin"], lines["alpha_end"] = 0.34, 0.16
    lines["rgb"], lines["row"] = rgb(theme.astrocytes[0]), -1
    return lines


def star(
    x: NDArray[np.floating[Any]],
    y: NDArray[np.floating[Any]],
    ids: NDArray[np.int64],
    colour: NDArray[np.uint32],
    size: float,
    calcium: NDArray[np.float32],
) -> NDArray[Any]:
    """The tapering processes of astrocytes: nine to each, forked, the same for an id every time."""
    arms = 9
    k = np.arange(arms * 2)
    seed = (ids[:, None] * 2654435761 + k * 40503 * 97) & 0xFFFFFF
    luck = (seed * 69069 + 12345 & 0xFFFFFF).astype(np.float64) / 2.0**24
    again = (seed * 1664525 + 1013904223 & 0xFFFFFF).astype(np.float64) / 2.0**24
    is_fork = k >= arms
    turn = 2.0 * np.pi * (k % arms) / arms + ids[:, None] * 1.7 + 0.45 * (luck - 0.5)
    reach = size * (20.0 + 22.0 * again)
    sway = np.where(luck < 0.5, 0.32, -0.32)
    dx, dy = np.cos(turn), np.sin(turn)
    bend_x, bend_y = np.cos(turn + sway), np.sin(turn + sway)
    lines = records(STROKE, len(x) * arms * 2)

    def flat(values: Any) -> NDArray[np.float64]:
        return np.broadcast_to(values, seed.shape).reshape(-1)

    # half way along a process: 1/4 soma + 1/2 control point + 1/4 tip
    half_x = reach * (0.275 * bend_x + 0.25 * dx)
    half_y = reach * (0.275 * bend_y + 0.25 * dy)
    away = turn + np.where(luck < 0.5, -0.75, 0.75)
    fork = 0.40 * reach
    start_x, start_y = np.where(is_fork, half_x, 0.0), np.where(is_fork, half_y, 0.0)
    lines["ax"], lines["ay"] = flat(x[:, None] + start_x), flat(y[:, None] + start_y)
    lines["cx"] = flat(x[:, None] + np.where(is_fork, half_x + 0.5 * fork * dx, 0.55 * reach * bend_x))
    lines["cy"] = flat(y[:, None] + np.where(is_fork, half_y + 0.5 * fork * dy, 0.55 * reach * bend_y))
    lines["bx"] = flat(x[:, None] + np.where(is_fork, half_x + fork * np.cos(away), reach * dx))
    lines["by"] = flat(y[:, None] + np.where(is_fork, half_y + fork * np.sin(away), reach * dy))
    lines["end"] = 1.0
    lines["width_begin"] = flat(np.where(is_fork, 1.3, 2.8) * size)
    lines["width_end"] = 0.5 * size
    bright = 0.55 + 0.35 * np.clip(calcium, 0.0, 1.0)[:, None]
    lines["alpha_begin"] = flat(np.where(is_fork, 0.45, 1.0) * bright)
    lines["alpha_end"] = 0.02
    lines["rgb"] = flat(colour[:, None]).astype(np.uint32)
    lines["row"] = -1
    return lines


def draw_synapses(
    picture: Picture,
    geometry: Geometry,
    theme: Theme,
    detail: Detail,
    clusters: Clusters | None = None,
    crew: Executor | None = None,
    bands: int = 1,
) -> None:
    """Draw all synapses in view, weak ones under strong ones, with the detail asked for.

    With a `crew` the picture is divided into `bands` that are drawn at once, with the same result.
    """
    columns = geometry.view.synapses
    if not len(columns["pre"]):
        return
    table = inks(theme)
    height = picture.shape[0]

    def everywhere(draw: Callable[[int, int], None], rows: int = height) -> None:
        edges = np.linspace(0, rows, max(1, bands) + 1).astype(int).tolist()
        if crew is None or bands == 1:
            for top, bottom in pairwise(edges):
                draw(top, bottom)
        else:
            list(crew.map(draw, edges[:-1], edges[1:]))

    if detail is Detail.BUNDLES:
        where = clusters or Clusters.of(geometry.view)
        glows(picture, bundles.clouds(geometry, where, theme), theme.is_dark, 0, height)
        lines, ends = bundles.ribbons(geometry, where, theme)
        halo = lines.copy()
        halo["rgb"], halo["alpha_begin"], halo["alpha_end"] = rgb(theme.background), 0.3, 0.8
        halo["begin"], halo["end"] = 0.06, 0.97
        for k in range(len(lines)):
            strokes(picture, halo[k : k + 1], INK, 4.0 * geometry.scale.ratio, 1.0, 0, height)
            strokes(picture, lines[k : k + 1], INK, 0.0, 1.0, 0, height)
        terminals(picture, ends, 0.0, 1.0, 0, height)
    elif detail is Detail.DENSITY:
        grown = max(1, round(geometry.scale.ratio))
        film = np.zeros((2, -(-height // grown), -(-picture.shape[1] // grown)), np.float32)
        x, y = geometry.x / np.float32(grown), geometry.y / np.float32(grown)
        stride = max(1, round(load_of(geometry).painted / MOST_EXPOSED))
        everywhere(
            lambda top, bottom: splat(
                film, x, y, columns["pre"], columns["post"], columns["weight01"], columns["tone"],
                columns["shown"], stride, top, bottom,
            ),
            film.shape[1],
        )  # fmt: skip
        exposure = max(6.0, brightest(film, 7))
        everywhere(
            lambda top, bottom: tone(
                picture, film, table.density_rgb, table.density_alpha, exposure, grown, top, bottom
            )
        )
    elif detail is Detail.HAIRLINES:
        # the more lines lie over one another, the fainter each of them
        thin = float(np.clip((1.2 / max(load_of(geometry).crowding, 1e-3)) ** 0.5, 0.35, 1.0))
        opacity = table.hair_alpha * np.float32(thin)
        everywhere(
            lambda top, bottom: hairlines(
                picture, geometry.x, geometry.y, columns["pre"], columns["post"], columns["weight01"],
                columns["tone"], columns["shown"], table.hair_rgb, opacity,
                170.0 * geometry.scale.ratio, top, bottom,
            )
        )  # fmt: skip
    else:
        lines, ends = geometry.lines(theme, weak_to_strong(columns["weight01"]))
        weave(picture, lines, columns["weight01"], theme, geometry, everywhere)
        if detail is Detail.TERMINALS:
            everywhere(lambda top, bottom: terminals(picture, ends, 0.0, 1.0, top, bottom))


def weave(
    picture: Picture,
    lines: NDArray[Any],
    weight01: NDArray[np.float32],
    theme: Theme,
    geometry: Geometry,
    everywhere: Callable[[Callable[[int, int], None]], None],
) -> None:
    """Draw curves weak to strong in a few batches; the strong ones keep the weak ones off with a halo."""
    weight = weight01[lines["row"]]
    limits = np.searchsorted(weight, (0.25, 0.4, 0.55, 0.7, 0.85))
    gap = 3.0 * geometry.scale.line

    def lay(part: NDArray[Any], extra: float) -> None:
        everywhere(lambda top, bottom: strokes(picture, part, INK, extra, 1.0, top, bottom))

    for k, part in enumerate(np.split(lines, limits)):
        if not len(part):
            continue
        if k > 0:
            halo = part.copy()
            halo["rgb"] = rgb(theme.background)
            halo["alpha_begin"] = halo["alpha_end"] = 0.45
            halo["begin"], halo["end"] = 0.14, 0.92
            lay(halo, gap)
        lay(part, 0.0)
