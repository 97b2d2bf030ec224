"""Which target tiles each thread owns, so that all have about as much to do; no bit depends on it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from engine.runtime.cells import Cells
    from engine.runtime.pathway import Pathway

PER_NEURON, PER_SYNAPSE, PER_PLASTIC = 20_000.0, 40.0, 300.0
"""ns per second of biology, roughly, at 10 Hz and steps of 0.1 ms."""


def shares(
    cells: Iterable[Cells], pathways: Iterable[Pathway], tiles: int, threads: int
) -> list[tuple[int, int]]:
    """Unbroken ranges of tiles, one per thread, of about equal cost; fewer where there are fewer tiles."""
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
    done = np.cumsum(load)
    cuts = np.searchsorted(done, done[-1] * np.arange(1, threads) / threads) + 1 if tiles else []
    ends = np.clip([0, *cuts, tiles], 0, tiles)
    return [(int(a), int(b)) for a, b in pairwise(ends) if b > a]
