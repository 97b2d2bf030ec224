"""Loops that are the same for every circuit: what calls the kernels, what tables are filled with.

Numba keeps them beside their source, not in the folder of generated kernels.  Without them nothing runs, so
a child compiles them before it is needed, like any kernel: in the window's process that would hold up every
thread for a second.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types

from engine.kernels import calls, drawing, lags
from engine.kernels.on_disk import are_compiled

LOOPS: tuple[Any, ...] = (
    calls.call_now, calls.each, calls.before, calls.after, calls.run, lags.write_down, drawing.mixed,
)  # fmt: skip


def prepare() -> None:
    """Compile them, or take them from the cache: each is called with nothing to do."""
    none, bad = np.zeros((0, 2), np.int64), np.zeros(4, np.int64)
    calls.call_now.compile((types.int64,) * 6)
    calls.run(none, none, none, none, none, none, 1, 1, 1, 1, bad)
    lags.fill(np.zeros(0), 0.1, 1.0)
    drawing.mixed_of(0, 0, np.zeros(0, np.int64))


def is_ready() -> bool:
    """Whether every one is compiled, here or on disk."""
    return are_compiled(LOOPS)
