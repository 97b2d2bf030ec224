"""Territories of astrocytes: rounded cells with soft gaps, as in tissue, from a warped Voronoi map.

Bushong, Martone, Jones & Ellisman (2002) J. Neurosci. 22:183-192: neighbouring astrocytes divide
the tissue into domains that hardly overlap, doi:10.1523/JNEUROSCI.22-01-00183.2002

The map is made once per layout in um and is sampled at any magnification after that.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from editor.canvas.raster.pixels import JIT, grain, lay


@njit(**JIT)
def map_territories(owner, edge, core, x0, y0, texel, glia_x, glia_y, x, y, scale):
    """Fill a map of `texel` um: whose territory, um to its edge (negative outside), nearness to its soma.

    `scale` is the typical distance between neurons over 55 um; all soft lengths grow with it.
    """
    rows, columns = owner.shape
    rounding = 26.0 * scale
    reach = 57.0 * scale
    box = max(reach, texel)
    across = max(1, np.int64(columns * texel / box) + 1)
    down = max(1, np.int64(rows * texel / box) + 1)
    start, members = _bins(x, y, x0, y0, box, across, down)
    for row in range(rows):
        for column in range(columns):
            px = x0 + (column + 0.5) * texel
            py = y0 + (row + 0.5) * texel
            u, v = px / scale, py / scale
            wx = px + scale * (11.0 * math.sin(v / 57.0 + 1.3) + 7.0 * math.sin(u / 43.0 + v / 71.0))
            wy = py + scale * (11.0 * math.sin(u / 61.0 + 0.4) + 7.0 * math.cos(v / 39.0 - u / 83.0))
            wx += scale * (
                2.6 * math.sin(v / 9.7 + 2.0 * math.sin(u / 17.0)) + 1.2 * math.sin(u / 5.3 + v / 4.1)
            )
            wy += scale * (
                2.6 * math.sin(u / 8.9 + 2.0 * math.cos(v / 15.0)) + 1.2 * math.cos(u / 4.7 - v / 5.9)
            )
            first, second, who = 1e18, 1e18, 0
            for k in range(glia_x.shape[0]):
                d = (wx - glia_x[k]) ** 2 + (wy - glia_y[k]) ** 2
                if d < first:
                    first, second, who = d, first, k
                elif d < second:
                    second = d
            first = math.sqrt(first)
            gap = math.sqrt(second) - first
            near = _near_neurons(wx, wy, x, y, start, members, x0, y0, box, across, down, reach)
            near = min(near, max(0.0, first - 0.35 * reach))
            q1 = min(1.0, max(0.0, 1.0 - gap / (2.0 * rounding)))
            q2 = min(1.0, max(0.0, 1.0 - (reach - near) / rounding))
            owner[row, column] = who
            edge[row, column] = rounding * (1.0 - math.sqrt(q1 * q1 + q2 * q2))
            core[row, column] = math.exp(-((first / (46.0 * scale)) ** 2))


@njit(**JIT)
def _bins(x, y, x0, y0, box, across, down):
    """Neurons sorted into square boxes: where each box starts, and its members."""
    n = x.shape[0]
    where = np.empty(n, np.int64)
    start = np.zeros(across * down + 1, np.int64)
    for i in range(n):
        column = min(across - 1, max(0, np.int64((x[i] - x0) / box)))
        row = min(down - 1, max(0, np.int64((y[i] - y0) / box)))
        where[i] = row * across + column
        start[where[i] + 1] += 1
    for k in range(across * down):
        start[k + 1] += start[k]
    members = np.empty(n, np.int64)
    fill = start[:-1].copy()
    for i in range(n):
        members[fill[where[i]]] = i
        fill[where[i]] += 1
    return start, members


@njit(**JIT)
def _near_neurons(px, py, x, y, start, members, x0, y0, box, across, down, reach):
    """A smooth distance to the neurons around: rounded where several are near."""
    column = np.int64(math.floor((px - x0) / box))
    row = np.int64(math.floor((py - y0) / box))
    total = 0.0
    sharp = 7.0 / reach
    for r in range(max(0, row - 1), min(down, row + 2)):
        for c in range(max(0, column - 1), min(across, column + 2)):
            for k in range(start[r * across + c], start[r * across + c + 1]):
                i = members[k]
                d = math.sqrt((px - x[i]) ** 2 + (py - y[i]) ** 2)
                total += math.exp(-sharp * d)
    if total <= 0.0:
        return 4.0 * reach
    return max(0.0, -math.log(total) / sharp)


@njit(**JIT)
def paint_territories(
    picture,
    owner,
    edge,
    core,
    x0,
    y0,
    texel,
    um_x,
    um_y,
    um_per_px,
    soft,
    calcium,
    rgb,
    fill,
    rim,
    top,
    bottom,
):
    """Lay territories over a picture whose pixel (x, y) shows um (um_x, um_y) + um_per_px (x, y).

    `calcium` 0 to 1 per astrocyte brightens its territory; `soft` um is the width of the rim;
    `fill` and `rim` are opacities.
    """
    width = picture.shape[1]
    rows, columns = owner.shape
    flat = picture.reshape(-1)
    for y in range(top, bottom):
        v = (um_y + um_per_px * (y + 0.5) - y0) / texel - 0.5
        row = np.int64(math.floor(v))
        if row < 0 or row >= rows - 1:
            continue
        fy = v - row
        first = max(0, math.ceil((x0 + 0.5 * texel - um_x) / um_per_px - 0.5))
        last = min(width, math.floor((x0 + (columns - 0.5) * texel - um_x) / um_per_px - 0.5))
        for x in range(first, last):
            u = (um_x + um_per_px * (x + 0.5) - x0) / texel - 0.5
            column = np.int64(math.floor(u))
            if column < 0 or column >= columns - 1:
                continue
            fx = u - column
            depth = (1.0 - fy) * ((1.0 - fx) * edge[row, column] + fx * edge[row, column + 1])
            depth += fy * ((1.0 - fx) * edge[row + 1, column] + fx * edge[row + 1, column + 1])
            if depth <= 0.3 * soft:
                continue
            near = (1.0 - fy) * ((1.0 - fx) * core[row, column] + fx * core[row, column + 1])
            near += fy * ((1.0 - fx) * core[row + 1, column] + fx * core[row + 1, column + 1])
            who = owner[row + (1 if fy > 0.5 else 0), column + (1 if fx > 0.5 else 0)]
            t = min(1.0, (depth - 0.3 * soft) / (1.1 * soft))
            body = t * t * (3.0 - 2.0 * t)
            away = (depth - soft) / (0.44 * soft)
            line = math.exp(-away * away) + 0.35 * math.exp(-max(0.0, depth - soft) / (2.2 * soft)) * body
            bright = calcium[who]
            share = body * fill * (1.0 + 1.9 * bright)
            share += line * rim * 0.45 * (0.55 + bright)
            share += near * body * 0.10 * (0.3 + bright)
            colour = np.int64(rgb[who])
            lay(
                flat, y * width + x, colour >> 16 & 255, colour >> 8 & 255, colour & 255,
                np.int64(65536.0 * min(0.6, share)), grain(x, y),
            )  # fmt: skip
