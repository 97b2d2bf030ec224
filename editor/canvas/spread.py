"""Room in a close-up: contacts that crowd on one neuron are set apart around it, their axons led there."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas.geometry import Geometry, points_on
from editor.canvas.raster.strokes import INK, strokes

Floats = NDArray[np.float64]

WANTED = 0.62
"""Room a contact would like to have, in radii of its neuron."""
MOST_TURN = 0.92
"""Share of the way around a neuron that its contacts take at most."""
HALVINGS = 14
"""How finely the place is looked for where an axon enters the ring around its neuron."""


def set_apart(
    geometry: Geometry, ends: NDArray[Any], post: NDArray[np.int32]
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Terminals with room between those onto the same neuron, and which were moved for that.

    Each is moved as little as possible; those that have room enough stay where they are.
    """
    moved = np.zeros(len(ends), bool)
    ends = ends.copy()
    for neuron in np.unique(post):
        mine = np.flatnonzero(post == neuron)
        x, y = float(geometry.x[neuron]), float(geometry.y[neuron])
        dx, dy = ends["x"][mine] - x, ends["y"][mine] - y
        turn, away = np.arctan2(dy, dx).astype(np.float64), np.hypot(dx, dy).astype(np.float64)
        room = min(WANTED, MOST_TURN * 2.0 * np.pi / len(mine))
        new = apart(turn, room)
        if np.abs(new - turn).max(initial=0.0) < 1e-3:
            continue
        moved[mine] = True
        out = np.stack([np.cos(new), np.sin(new)])
        far = max(float(away.mean()), float(geometry.radius[neuron]))
        ends["x"][mine], ends["y"][mine] = x + far * out[0], y + far * out[1]
        ends["dx"][mine], ends["dy"][mine] = -out[0], -out[1]
    return ends, moved


def apart(turn: Floats, room: float) -> Floats:
    """Angles at least `room` apart, each as near to where it was as that allows (least squares)."""
    if len(turn) < 2:
        return turn
    order = np.argsort(turn % (2.0 * np.pi), kind="stable")
    around = (turn % (2.0 * np.pi))[order]
    gaps = np.diff(np.append(around, around[0] + 2.0 * np.pi))
    first = (int(np.argmax(gaps)) + 1) % len(turn)  # the row begins after the widest gap
    order = np.roll(order, -first)
    row = np.unwrap(turn[order])
    steps = room * np.arange(len(row))
    sums: list[tuple[float, int]] = []
    for value in (row - steps).tolist():  # pool neighbours until each is at least the one before
        total, count = value, 1
        while sums and sums[-1][0] / sums[-1][1] > total / count:
            total, count = total + sums[-1][0], count + sums[-1][1]
            sums.pop()
        sums.append((total, count))
    pooled = np.concatenate([np.full(count, total / count) for total, count in sums]) + steps
    new = turn.copy()
    new[order] = turn[order] + (pooled - row)
    return new


def lead_there(
    picture: NDArray[np.uint32],
    ground: NDArray[np.uint32],
    geometry: Geometry,
    lines: NDArray[Any],
    post: NDArray[np.int32],
    x: Floats,
    y: Floats,
    hue: NDArray[np.uint32],
) -> None:
    """Cut the axons off around their neurons, and bend each of them to its bouton at (x, y).

    `ground` is the picture without synapses, which is seen where they are cut off.
    """
    px, high = geometry.scale.ratio, picture.shape[0]
    cx, cy, soma = (values[post].astype(np.float64) for values in (geometry.x, geometry.y, geometry.radius))
    out_x, out_y = x - cx, y - cy
    far = np.hypot(out_x, out_y)
    reach = np.zeros(len(geometry.x))
    np.maximum.at(reach, post, far + 0.45 * soma)
    for neuron in np.unique(post):
        inner = float(geometry.radius[neuron]) + 1.5 * px
        _clear(picture, ground, float(geometry.x[neuron]), float(geometry.y[neuron]), inner, reach[neuron])
    low, inside_by = np.full(len(lines), 0.0), np.full(len(lines), 1.0)
    for _ in range(HALVINGS):  # where each axon enters the ring
        t = 0.5 * (low + inside_by)
        there = points_on(lines, t)
        outside = np.hypot(there[0] - cx, there[1] - cy) >= reach[post]
        low, inside_by = np.where(outside, t, low), np.where(outside, inside_by, t)
    begin = points_on(lines, low)
    bent = lines.copy()
    bent["ax"], bent["ay"], bent["bx"], bent["by"] = begin[0], begin[1], x, y
    enters = np.arctan2(begin[1] - cy, begin[0] - cx)
    half = 0.5 * ((np.arctan2(out_y, out_x) - enters + np.pi) % (2.0 * np.pi) - np.pi)
    wide = 0.97 * reach[post] / np.maximum(np.cos(half), 0.5)  # it goes around, not across
    bent["cx"], bent["cy"] = cx + wide * np.cos(enters + half), cy + wide * np.sin(enters + half)
    bent["begin"], bent["end"], bent["rgb"] = 0.0, 1.0, hue
    for name in ("width_begin", "width_end"):
        bent[name] = np.maximum(bent[name], 1.2 * px)
    bent["alpha_begin"] = bent["alpha_end"] = np.maximum(bent["alpha_end"], 0.55)
    strokes(picture, bent, INK, 0.0, 1.0, 0, high)


def _clear(
    picture: NDArray[np.uint32], ground: NDArray[np.uint32], x: float, y: float, inner: float, outer: float
) -> None:
    """Show the ground again in the ring between two radii around a place."""
    high, wide = picture.shape
    top, left = max(0, int(y - outer)), max(0, int(x - outer))
    rows, columns = np.ogrid[
        top : max(top, min(high, int(y + outer) + 2)), left : max(left, min(wide, int(x + outer) + 2))
    ]
    away = np.hypot(rows + 0.5 - y, columns + 0.5 - x)
    ring = (away > inner) & (away < outer)
    box = (slice(top, top + ring.shape[0]), slice(left, left + ring.shape[1]))
    picture[box][ring] = ground[box][ring]
