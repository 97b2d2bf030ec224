"""What has happened on the clock of the run: when synapses were born and died, and which stretches were run.

Qt-free.  Times are ms of biological time.  Going back to an earlier moment keeps what follows it as an
abandoned branch, shown faintly until it is overwritten.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Times:
    """Times in order, appended cheaply, with how many things happened at each."""

    def __init__(self) -> None:
        self._t = np.empty(64, np.float64)
        self._n = np.empty(64, np.int64)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def total(self) -> int:
        """How many things happened altogether."""
        return int(self._n[: self._size].sum())

    def add(self, t: float, count: int = 1) -> None:
        """`count` things happened at `t`."""
        if self._size and self._t[self._size - 1] == t:
            self._n[self._size - 1] += count
            return
        if self._size == len(self._t):
            self._t = np.concatenate([self._t, np.empty_like(self._t)])
            self._n = np.concatenate([self._n, np.empty_like(self._n)])
        self._t[self._size], self._n[self._size] = t, count
        self._size += 1

    def cut(self, t: float) -> None:
        """Forget what happened after `t`."""
        self._size = int(np.searchsorted(self._t[: self._size], t, side="right"))

    def binned(self, stop: float, bins: int) -> NDArray[np.int64]:
        """How many things happened in each of `bins` equal parts of 0 to `stop`."""
        counts = np.zeros(max(bins, 1), np.int64)
        if self._size and stop > 0:
            at = np.minimum((self._t[: self._size] / stop * bins).astype(np.int64), bins - 1)
            np.add.at(counts, at, self._n[: self._size])
        return counts

    def near(self, low: float, high: float) -> int:
        """How many things happened between two times."""
        first, last = np.searchsorted(self._t[: self._size], [low, high])
        return int(self._n[first:last].sum())


class Timeline:
    """The run so far, as the strip under the canvas shows it."""

    def __init__(self) -> None:
        self.births = Times()
        self.deaths = Times()
        self.runs: list[tuple[float, float]] = []
        """Stretches that were run without a pause, in order; they touch where one was continued."""
        self.t = 0.0
        self.furthest = 0.0
        """How far the run ever got, abandoned branches included."""
        self.version = 0

    def clear(self, t: float = 0.0) -> None:
        """Another circuit, whose clock stands at `t`: nothing has happened yet."""
        self.births, self.deaths = Times(), Times()
        self.runs = []
        self.t = self.furthest = t
        self.version += 1

    def reach(self, t: float) -> None:
        """The clock has come to `t`: it ran there, also where nobody saw it running."""
        if t == self.t:
            return
        if t > self.t:
            if self.runs and abs(self.runs[-1][1] - self.t) < 1e-9:
                self.runs[-1] = (self.runs[-1][0], t)
            else:
                self.runs.append((self.t, t))
        self.t = t
        self.furthest = max(self.furthest, t)
        self.version += 1

    def paused(self) -> None:
        """The run was paused here: what follows is a stretch of its own."""
        if self.runs and self.runs[-1][1] > self.runs[-1][0] and self.runs[-1][1] == self.t:
            self.runs.append((self.t, self.t))
            self.version += 1

    def born(self, t: float, count: int = 1) -> None:
        """Synapses grew at `t`."""
        self.births.add(t, count)
        self.version += 1

    def died(self, t: float, count: int = 1) -> None:
        """Synapses were pruned at `t`."""
        self.deaths.add(t, count)
        self.version += 1

    def rewind(self, t: float) -> None:
        """An earlier moment was restored: what followed it no longer holds."""
        self.births.cut(t)
        self.deaths.cut(t)
        self.runs = [(start, min(stop, t)) for start, stop in self.runs if start < t]
        self.t = t
        self.version += 1

    def span(self) -> float:
        """The time the strip covers: at least a little, and room to go on."""
        reach = max(self.furthest, self.t)
        return max(reach * 1.04, 100.0)


def clock(t: float) -> str:
    """A time as a person reads it: "412.6 ms", "12.431 s", "3 min 20.5 s"."""
    if t < 1000.0:
        return f"{t:.1f} ms"
    if t < 60_000.0:
        return f"{t / 1000:.3f} s"
    minutes, seconds = divmod(t / 1000, 60.0)
    if minutes < 60:
        return f"{minutes:.0f} min {seconds:04.1f} s"
    hours, minutes = divmod(minutes, 60.0)
    return f"{hours:.0f} h {minutes:02.0f} min"


LONG_STEPS = (1e4, 2e4, 3e4, 6e4, 1.2e5, 3e5, 6e5, 1.2e6, 1.8e6, 3.6e6)
"""Distances of marks beyond a few seconds, ms."""


def tick_step(span: float, room: float) -> float:
    """The distance of the marks on a strip of `room` px: a round time at least 70 px wide."""
    least = span * 70.0 / max(room, 1.0)
    if least > 5_000.0:  # minutes and hours are not counted in tens
        found = next((step for step in LONG_STEPS if step >= least), None)
        return found or 3_600_000.0 * float(np.ceil(least / 3_600_000.0))
    size = 10.0 ** np.floor(np.log10(max(least, 1e-6)))
    return float(next(size * step for step in (1, 2, 5, 10, 20) if size * step >= least))


def short_time(t: float, step: float) -> str:
    """The label of a mark."""
    if step >= 3_600_000.0:
        return f"{t / 3_600_000:g} h"
    if step >= 60_000.0:
        return f"{t / 60_000:g} min"
    return f"{t / 1000:g} s" if step >= 100.0 or t >= 1000.0 else f"{t:g} ms"
