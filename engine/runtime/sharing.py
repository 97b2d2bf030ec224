"""Which target tiles each thread owns, so that all have about as much to do; no bit depends on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from engine.runtime.cells import Cells
    from engine.runtime.pathway import Pathway

PER_NEURON, PER_SYNAPSE, PER_PLASTIC = 20_000.0, 40.0, 300.0
"""ns per second of biology, roughly, at 10 Hz and steps of 0.1 ms."""
HALVINGS = 30
"""How often the cost of the dearest range is halved in on."""


def shares(
    cells: Iterable[Cells], pathways: Iterable[Pathway], tiles: int, threads: int
) -> list[tuple[int, int]]:
    """Unbroken ranges of tiles, at most one per thread, such that the dearest costs as little as can be."""
    load = np.zeros(tiles)
    for c in cells:
        load[c.first_tile : c.first_tile + c.tiles] += PER_NEURON * c.n / c.tiles
    for way in pathways:
        syn = way.synapses
        count = syn.segments["count"][: syn.used_segments]
        into = np.bincount(
            syn.segments["row"][: syn.used_segments] % syn.tiles, weights=count, minlength=syn.tiles
        )
        first = way.post.first_tile
        load[first : first + syn.tiles] += into * (PER_PLASTIC if way.is_lazy else PER_SYNAPSE)
    if not tiles:
        return []
    low, high = float(load.max()), float(load.sum())
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if len(_filled(load, middle)) <= threads else (middle, high)
    return _filled(load, high)


def _filled(load: NDArray[np.float64], most: float) -> list[tuple[int, int]]:
    """Unbroken ranges of tiles, each filled until one more would cost more than `most`."""
    found, begin, cost = [], 0, 0.0
    for tile, more in enumerate(load.tolist()):
        if tile > begin and cost + more > most:
            found.append((begin, tile))
            begin, cost = tile, 0.0
        cost += more
    return [*found, (begin, load.size)]
