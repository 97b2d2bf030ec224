"""Loops over the synapses of a projection that are the same for all: who comes, who goes, in which order.

A circuit runs without them until something grows or is drawn into it, so a child compiles them meanwhile.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernels.on_disk import are_compiled
from engine.runtime import growth, laying, synapses
from engine.runtime.synapses import Synapses

LOOPS: tuple[Any, ...] = (
    synapses.append,
    synapses.take_out,
    synapses.count_ends,
    growth.draw,
    laying.count_out,
)


def prepare() -> None:
    """Compile them, or take them from the cache: a few synapses come and go."""
    none, one = np.zeros(1, np.int64), np.ones(1, np.int64)
    pool = Synapses(2, 1, 2, [], {}, np.float64)
    pool.add(one, none, one, 1.0, one, none, 0)
    pool.degrees(1)
    pool.doomed[0] = 1
    pool.remove_doomed()
    growth.lottery(0, 0, one, 0)
    laying.in_order(np.array([1, 0]), 2)


def is_ready() -> bool:
    """Whether every one is compiled, here or on disk."""
    return are_compiled(LOOPS)
