"""Times on the grid of steps: whole numbers of dt, rounded up where a person wrote something between."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

_SLACK = 1e-6
"""Steps by which a time may miss the grid and still be on it; floats do."""


def steps(time: ArrayLike, dt: float) -> NDArray[np.int64]:
    """Times (ms) as whole steps, rounded up."""
    return np.ceil(np.asarray(time, np.float64) / dt - _SLACK).astype(np.int64)


def off_grid(time: ArrayLike, dt: float) -> NDArray[np.bool_]:
    """Whether each time (ms) lies between two steps."""
    exact = np.asarray(time, np.float64) / dt
    return np.asarray(np.abs(exact - np.round(exact)) > _SLACK)


def on_grid(time: NDArray[np.float64], dt: float) -> NDArray[np.float64]:
    """Times (ms) rounded up to whole steps; those already there stay as they are, to the bit."""
    off = off_grid(time, dt)
    return np.where(off, np.round(steps(time, dt) * dt, 9), time) if off.any() else time


def is_whole(time: Any, dt: float) -> bool:
    """Whether a time (ms) is one step or more, and a whole number of them."""
    return bool(np.isfinite(time) and steps(time, dt) >= 1 and not off_grid(time, dt).any())
