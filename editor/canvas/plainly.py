"""What lies where, without a kernel: for sketches, whose synapses are straight lines and few."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas.geometry import Geometry

MOST = 3000
"""Synapses that a sketch draws at most: the strongest."""


def sketched(geometry: Geometry) -> NDArray[np.int64]:
    """Rows of the synapses that a sketch draws."""
    columns = geometry.view.synapses
    weight = columns["weight01"]
    rows = np.argpartition(-weight, MOST)[:MOST] if len(weight) > MOST else np.arange(len(weight))
    drawn: NDArray[np.int64] = rows[
        (columns["shown"][rows] != 0) & (columns["pre"][rows] != columns["post"][rows])
    ]
    return drawn


def ends(geometry: Geometry, rows: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    """Where the lines of some synapses begin and end, px: (n, 4) of x, y, x, y."""
    columns = geometry.view.synapses
    pre, post = columns["pre"][rows], columns["post"][rows]
    x, y = geometry.x, geometry.y
    return np.stack([x[pre], y[pre], x[post], y[post]], axis=1).astype(np.float64)


def contained(
    x: NDArray[np.floating[Any]], y: NDArray[np.floating[Any]], corners: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Which points lie in a polygon, edge by edge."""
    inside_of = np.zeros(len(x), bool)
    for (ax, ay), (bx, by) in _edges(corners):
        if ay != by:
            inside_of ^= ((ay > y) != (by > y)) & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    return inside_of


def nearest(lines: NDArray[np.float64], x: float, y: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """How far (px) each line (see `ends`) is from a place, and where on the line that is (0 to 1)."""
    begin, along = lines[:, :2], lines[:, 2:] - lines[:, :2]
    square = np.maximum((along**2).sum(axis=1), 1e-12)
    at = np.clip(((np.array([x, y]) - begin) * along).sum(axis=1) / square, 0.0, 1.0)
    foot = begin + at[:, None] * along
    return np.hypot(foot[:, 0] - x, foot[:, 1] - y), at


def crossed(lines: NDArray[np.float64], corners: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which lines (see `ends`) cross the edge of a polygon, or lie inside of it."""
    x1, y1, x2, y2 = lines.T
    hit = contained(x1, y1, corners) & contained(x2, y2, corners)
    for (ax, ay), (bx, by) in _edges(corners):
        of_begin = (bx - ax) * (y1 - ay) - (by - ay) * (x1 - ax)
        of_end = (bx - ax) * (y2 - ay) - (by - ay) * (x2 - ax)
        of_a = (x2 - x1) * (ay - y1) - (y2 - y1) * (ax - x1)
        of_b = (x2 - x1) * (by - y1) - (y2 - y1) * (bx - x1)
        hit |= ((of_begin > 0.0) != (of_end > 0.0)) & ((of_a > 0.0) != (of_b > 0.0))
    return hit


def _edges(corners: NDArray[np.float64]) -> Any:
    return zip(corners, np.roll(corners, -1, axis=0), strict=True)
