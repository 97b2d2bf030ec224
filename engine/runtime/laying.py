"""Lays the synapses of a projection out in rows by presynaptic neuron, and the rows in segments.

Counting instead of sorting: ten million synapses take a second.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernels.maths import compiled

Ints = NDArray[np.int64]


def delays_in_use(axon: Ints, dendrite: Ints) -> tuple[Ints, Ints]:
    """The pairs of axonal and dendritic delay, (2, n) in increasing order, and which one each has."""
    if bool((axon == axon[0]).all()) and bool((dendrite == dendrite[0]).all()):
        return np.array([axon[:1], dendrite[:1]]), np.zeros(axon.size, np.int64)
    wide = int(dendrite.max()) + 1
    pairs, code = np.unique(axon * wide + dendrite, return_inverse=True)
    return np.stack(np.divmod(pairs, wide)), code.reshape(-1)


def in_order(key: Ints, kinds: int) -> Ints:
    """The places of `key`, 0 to `kinds` - 1, in increasing order; equal ones stay as they are."""
    if key.size < 2 or bool((key[1:] >= key[:-1]).all()):
        return np.arange(key.size)
    if kinds > 4 * key.size + 1024:
        return np.argsort(key, kind="stable")
    order = np.empty(key.size, np.int64)
    count_out(key, np.zeros(kinds + 1, np.int64), order)
    return order


def give_back() -> None:
    """Return to the system what building took and has let go; the C library of Linux keeps it otherwise."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, others do without
        if trim is not None:
            trim(0)


@compiled
def count_out(key: Any, first: Any, order: Any) -> None:
    """A counting sort."""
    for i in range(key.size):
        first[key[i] + 1] += 1
    for k in range(1, first.size):
        first[k] += first[k - 1]
    for i in range(key.size):
        order[first[key[i]]] = i
        first[key[i]] += 1
