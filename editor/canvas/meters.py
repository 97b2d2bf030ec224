"""Meters: what probes saw of their neurons over the last two seconds one watched, for a curve beside each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

WATCHED = 2000.0
"""ms of wall time a meter looks back over; at another speed as much more or less of the circuit's time."""
SHORTEST = 5.0
"""ms of the circuit's time it looks back over at least."""
COLUMNS = 56
"""How many px wide the curve of a meter is; each shows the least and the greatest value of its time."""

Floats = NDArray[np.float64]


class Meters:
    """Curves by probe and neuron."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self._seen: dict[tuple[int, int], tuple[Floats, Floats]] = {}

    def clear(self) -> None:
        """The run begins anew, or goes back."""
        self._seen.clear()

    def take(self, samples: Mapping[int, Any], speed: float) -> None:
        """Add what probes saw; `speed` is biological over wall time.  What was seen before is skipped."""
        span = max(WATCHED * speed, SHORTEST)
        for probe, seen in samples.items():
            for neuron in np.unique(seen["id"]).tolist():
                mine = seen[seen["id"] == neuron]
                t, value = self._seen.get((probe, neuron), (np.empty(0), np.empty(0)))
                fresh = mine[mine["t"] > t[-1]] if len(t) else mine
                t, value = np.append(t, fresh["t"]), np.append(value, fresh["value"])
                kept = t >= t[-1] - span
                self._seen[probe, neuron] = t[kept], value[kept]

    def now(self, probe: int, neuron: int) -> float | None:
        """The newest value; None before the first."""
        seen = self._seen.get((probe, neuron))
        return float(seen[1][-1]) if seen is not None and len(seen[1]) else None

    def curve(self, probe: int, neuron: int) -> tuple[Floats, Floats]:
        """Where the curve is seen: shares of the width, and of the height from the bottom."""
        t, value = self._seen.get((probe, neuron), (np.empty(0), np.empty(0)))
        if len(t) < 2:
            return np.empty(0), np.empty(0)
        column = np.minimum((COLUMNS * (t - t[0]) / (t[-1] - t[0])).astype(int), COLUMNS - 1)
        first = np.flatnonzero(np.diff(column, prepend=-1))
        low, high = np.minimum.reduceat(value, first), np.maximum.reduceat(value, first)
        middle = 0.5 * (low.min() + high.max())
        reach = max(0.5 * (high.max() - low.min()), 0.02 * abs(middle), 1e-9)
        across = np.repeat((column[first] + 0.5) / COLUMNS, 2)
        up = np.column_stack([low, high]).reshape(-1)
        return across, 0.5 + 0.5 * (up - middle) / reach
