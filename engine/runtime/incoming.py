"""Every neuron's incoming synapses of one projection, found anew whenever the pool changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.runtime.synapses import Synapses

Ints = NDArray[np.int64]


class Incoming:
    """Place, segment and presynaptic row of the synapses onto each post neuron, in the order of the pool."""

    def __init__(self, n_post: int) -> None:
        self.n_post, self.version = n_post, -1
        self.start: Ints = np.zeros(n_post + 1, np.int64)
        self.place: Ints = np.zeros(1, np.int64)
        self.seg: Ints = np.zeros(1, np.int64)
        self.row: Ints = np.zeros(1, np.int64)

    def follow(self, syn: Synapses) -> dict[str, Ints]:
        """The index of the pool as it is now, as its kernel takes it."""
        if self.version != syn.version:
            place, row, _, _ = syn.expanded()
            counts = syn.segments["count"][: syn.used_segments].astype(np.int64)
            seg = np.repeat(np.arange(syn.used_segments), counts)
            post = syn.post[place].astype(np.int64)
            order = np.lexsort((place, post))
            self.start = np.zeros(self.n_post + 1, np.int64)
            np.cumsum(np.bincount(post, minlength=self.n_post), out=self.start[1:])
            if order.size:
                self.place, self.seg, self.row = (
                    np.ascontiguousarray(a[order].astype(np.int64)) for a in (place, seg, row)
                )
            self.version = syn.version
        return {"in_start": self.start, "in_place": self.place, "in_seg": self.seg, "in_row": self.row}
