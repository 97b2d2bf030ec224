"""Where neurons stand when nobody says: a grid for each population, beside or below what is there."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

SPACING = 20.0
"""um between neighbours in a grid."""
GAP = 60.0
"""um between a new population and everything that stands already."""


def grid(size: int, taken: Iterable[NDArray[np.float64]] = ()) -> NDArray[np.float64]:
    """Positions (size, 3) um of a new population, in rows, clear of the positions that are `taken`."""
    columns = max(1, math.ceil(math.sqrt(size)))
    row, column = np.divmod(np.arange(size), columns)
    at = np.column_stack([column * SPACING, row * SPACING, np.zeros(size)])
    groups = [positions for positions in taken if len(positions)]
    if groups:
        low = np.min([positions[:, :2].min(axis=0) for positions in groups], axis=0)
        high = np.max([positions[:, :2].max(axis=0) for positions in groups], axis=0)
        width, height = high - low
        beside = width <= 1.6 * height + GAP
        at[:, :2] += (high[0] + GAP, low[1]) if beside else (low[0], high[1] + GAP)
    return at


def row(size: int, beside: NDArray[np.float64]) -> NDArray[np.float64]:
    """Positions (size, 3) um of neurons that join a population: a row below those at `beside`."""
    at = np.column_stack([np.arange(size) * SPACING, np.zeros(size), np.zeros(size)])
    if len(beside):
        at += (beside[:, 0].min(), beside[:, 1].max() + SPACING, beside[:, 2].mean())
    return at
