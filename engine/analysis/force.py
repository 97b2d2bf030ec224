"""Springs between wired neurons and repulsion between all: the layout that shows clusters.

Fruchterman & Reingold (1991) Softw. Pract. Exper. 21:1129, doi:10.1002/spe.4380211102.  Up to
`EXACT` neurons repel each other exactly; beyond that, neurons far apart repel through the centre of
their square of a coarse grid, so that 10,000 neurons take seconds, where all pairs would take minutes.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Places = NDArray[np.float64]
Rows = NDArray[np.int64]

EXACT = 400
"""Up to this many neurons every pair repels exactly."""
TOGETHER = 2.0
"""How strongly what nothing wires to the rest is drawn to the middle: it ends just around the rest."""


def spring(start: Places, pre: Rows, post: Rows, spacing: float, rounds: int = 120) -> Places:
    """Relax positions under springs and repulsion; float64 (n, 3) in um, z unchanged.

    `start`: float64 (n, 3).  `pre`, `post`: rows joined by each synapse (several synapses of one pair
    pull as one; autapses do not pull).  `spacing`: the distance wired neurons settle at, um.
    """
    n = len(start)
    if n < 2:
        return start.copy()
    low, high = _pairs(n, pre, post)
    flat = _spread(start[:, :2], spacing)
    part = parts(n, low, high)
    many = np.bincount(part)
    rest = spacing * 1.6
    repel = _repel_exactly if n <= EXACT else _repel_by_squares
    for turn in range(rounds):
        push = repel(flat, rest)
        step = flat[low] - flat[high]
        distance = np.hypot(step[:, 0], step[:, 1])
        pull = step * (distance / rest)[:, None]
        for axis in (0, 1):
            push[:, axis] -= np.bincount(low, weights=pull[:, axis], minlength=n)
            push[:, axis] += np.bincount(high, weights=pull[:, axis], minlength=n)
        away = flat - flat.mean(axis=0)
        push -= 0.02 * rest / spacing * away
        for axis in (0, 1):  # a part moves as a whole: its shape is that of its springs
            push[:, axis] -= TOGETHER * (np.bincount(part, weights=away[:, axis]) / many)[part]
        length = np.hypot(push[:, 0], push[:, 1])
        heat = 0.12 * spacing * np.sqrt(n) * (1.0 - turn / rounds) ** 1.5
        flat = flat + push * (np.minimum(length, heat) / np.maximum(length, 1e-12))[:, None]
    places = start.copy()
    places[:, :2] = flat
    return places


def _pairs(n: int, pre: Rows, post: Rows) -> tuple[Rows, Rows]:
    """Each wired pair once, without autapses."""
    low, high = np.minimum(pre, post), np.maximum(pre, post)
    key = np.unique(low[low != high] * n + high[low != high])
    return key // n, key % n


def parts(n: int, low: Rows, high: Rows) -> Rows:
    """Which part of the network each neuron is of, counted from 0: parts are not wired to each other."""
    least = np.arange(n)
    while True:
        before = least.copy()
        np.minimum.at(least, low, before[high])
        np.minimum.at(least, high, before[low])
        least = least[least]  # what a neighbour knows of its neighbours: long chains take few rounds
        if np.array_equal(least, before):
            return np.unique(least, return_inverse=True)[1]


def _spread(flat: Places, spacing: float) -> Places:
    """Start positions without coincidences, scaled to the room that `n` neurons need."""
    n = len(flat)
    nudge = np.arange(n) * 2.399963
    flat = flat - flat.mean(axis=0)
    wide = float(np.sqrt((flat**2).sum(axis=1).mean()))
    if wide < 1e-9:
        flat = np.sqrt(np.arange(n))[:, None] * np.column_stack([np.cos(nudge), np.sin(nudge)])
        wide = float(np.sqrt((flat**2).sum(axis=1).mean()))
    flat = flat * (spacing * np.sqrt(n) * 0.5 / wide)
    moved: Places = flat + 0.05 * spacing * np.column_stack([np.cos(nudge), np.sin(nudge)])
    return moved


def _repel_exactly(flat: Places, rest: float) -> Places:
    dx = flat[:, 0][:, None] - flat[:, 0][None, :]
    dy = flat[:, 1][:, None] - flat[:, 1][None, :]
    inverse = rest * rest / np.maximum(dx * dx + dy * dy, 1e-2)
    return np.column_stack([(dx * inverse).sum(axis=1), (dy * inverse).sum(axis=1)])


def _repel_by_squares(flat: Places, rest: float) -> Places:
    """Repulsion by neighbours one by one, and by far neurons through the centre of their square."""
    squares = max(4, int(np.sqrt(len(flat) / 12.0)))
    corner = flat.min(axis=0)
    side = float((flat.max(axis=0) - corner).max()) / squares + 1e-9
    at = np.minimum((flat - corner) // side, squares - 1).astype(np.int64)
    key = at[:, 0] * squares + at[:, 1]
    many = np.bincount(key, minlength=squares * squares)
    centre = (
        np.column_stack([np.bincount(key, weights=flat[:, a], minlength=squares * squares) for a in (0, 1)])
        / np.maximum(many, 1)[:, None]
    )
    order = np.argsort(key, kind="stable")
    edges = np.searchsorted(key[order], np.arange(squares * squares + 1))
    push = np.zeros_like(flat)
    _push_squares(flat, at, order, edges, centre, many, squares, rest * rest, push)
    return push


@njit(nogil=True, cache=True)
def _push_squares(flat, at, order, edges, centre, many, squares, rest2, push):  # type: ignore[no-untyped-def]
    """Fill `push` (float64 (n, 2)); `order` and `edges` list the neurons of each square."""
    for i in range(flat.shape[0]):
        x, y = 0.0, 0.0
        for column in range(squares):
            for row in range(squares):
                key = column * squares + row
                if many[key] == 0:
                    continue
                if abs(column - at[i, 0]) <= 1 and abs(row - at[i, 1]) <= 1:
                    for place in range(edges[key], edges[key + 1]):
                        j = order[place]
                        dx = flat[i, 0] - flat[j, 0]
                        dy = flat[i, 1] - flat[j, 1]
                        share = rest2 / max(dx * dx + dy * dy, 1e-2)
                        x += dx * share
                        y += dy * share
                else:
                    dx = flat[i, 0] - centre[key, 0]
                    dy = flat[i, 1] - centre[key, 1]
                    share = many[key] * rest2 / (dx * dx + dy * dy)
                    x += dx * share
                    y += dy * share
        push[i, 0] = x
        push[i, 1] = y
