"""What a plot remembers: recent spikes, recent values, and a whole run thinned to a few thousand points.

No Qt.  Times are ms.  When time jumps back (a restore, or another branch of the run) what lies after the
new time leaves the curve and stays behind as its ghost.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Curves:
    """Values of several named curves over time, at most `room` points each.

    A curve that only needs the recent past drops its oldest half when full (`whole_run=False`); one that
    shows the whole run keeps every second point and from then on takes every second value.
    """

    def __init__(self, room: int = 4096, *, whole_run: bool = False) -> None:
        self.room = room
        self.whole_run = whole_run
        self.clear()

    def clear(self) -> None:
        """Forget everything, ghosts too."""
        self.names: tuple[object, ...] = ()
        self._t = np.zeros(self.room)
        self._values = np.zeros((0, self.room))
        self._many = 0
        self._stride = 1
        self._skipped = 0
        self.ghosts: list[tuple[object, Floats, Floats]] = []
        """Abandoned branches: name, times, values; the latest few."""

    def __len__(self) -> int:
        return self._many

    @property
    def t(self) -> Floats:
        """The times, ms; a view that the next call to `add` may change."""
        return self._t[: self._many]

    def of(self, name: object) -> Floats:
        """The values of one curve, aligned with `t`; NaN before it began."""
        return self._values[self.names.index(name), : self._many]

    def add(self, t: float, values: dict[object, float]) -> None:
        """Append one point to every curve; a curve not seen before begins here, one left out has a gap."""
        if self._many and t < self._t[self._many - 1]:
            self.rewind(t)
        if self._many and t == self._t[self._many - 1]:
            self._many -= 1  # the same moment again: the latest word counts
        elif self.whole_run:
            self._skipped += 1
            if self._skipped < self._stride:
                return
            self._skipped = 0
        for name in values:
            if name not in self.names:
                self.names += (name,)
                self._values = np.vstack([self._values, np.full((1, self.room), np.nan)])
        if self._many == self.room:
            self._make_room()
        self._t[self._many] = t
        self._values[:, self._many] = [values.get(name, np.nan) for name in self.names]
        self._many += 1

    def add_many(self, t: ArrayLike, name: object, values: ArrayLike) -> None:
        """Append a stretch of one curve, sorted by time; other curves have a gap there."""
        for when, value in zip(np.asarray(t).tolist(), np.asarray(values).tolist(), strict=True):
            self.add(when, {name: value})

    def blank(self, name: object) -> None:
        """Forget what one curve was so far, and the moments that only it had a value at."""
        if name not in self.names:
            return
        self.of(name)[:] = np.nan
        kept = np.flatnonzero(np.isfinite(self._values[:, : self._many]).any(axis=0))
        self._t[: len(kept)], self._values[:, : len(kept)] = self._t[kept], self._values[:, kept]
        self._many = len(kept)

    def rewind(self, t: float) -> None:
        """Time went back to `t`: what came after becomes a ghost."""
        kept = int(np.searchsorted(self.t, t, side="right"))
        begin = max(kept - 1, 0)
        if self._many - begin > 2:
            for name in self.names:
                line = self.of(name)[begin:].copy()
                if np.isfinite(line).any():
                    self.ghosts.append((name, self.t[begin:].copy(), line))
            del self.ghosts[: -3 * max(len(self.names), 1)]
        self._many = kept

    def jump(self, t: float) -> None:
        """Time goes on from `t` on another branch of the run: earlier is a rewind, later leaves a gap."""
        if not self._many or t == self._t[self._many - 1]:
            return
        if t < self._t[self._many - 1]:
            self.rewind(t)
            return
        if self._many == self.room:
            self._make_room()
        self._t[self._many] = np.nextafter(self._t[self._many - 1], np.inf)
        self._values[:, self._many] = np.nan
        self._many += 1

    @property
    def gaps(self) -> NDArray[np.bool_]:
        """Which of the times belong to no curve: nothing is drawn across them."""
        return np.asarray(~np.isfinite(self._values[:, : self._many]).any(axis=0))

    def _make_room(self) -> None:
        half = self.room // 2
        rows = slice(0, self.room, 2) if self.whole_run else slice(self.room - half, self.room)
        kept_t, kept = self._t[rows].copy(), self._values[:, rows].copy()
        self._many = len(kept_t)
        self._t[: self._many] = kept_t
        self._values[:, : self._many] = kept
        if self.whole_run:
            self._stride *= 2


class Spikes:
    """The recent spikes, oldest first: time in ms and neuron id; at most `room` of them."""

    def __init__(self, room: int = 400_000) -> None:
        self.room = room
        self._t = np.zeros(1024)
        self._id = np.zeros(1024, np.int64)
        self._begin = self._end = 0

    def clear(self) -> None:
        """Forget everything."""
        self._begin = self._end = 0

    def __len__(self) -> int:
        return self._end - self._begin

    @property
    def t(self) -> Floats:
        """Times, ms, never decreasing."""
        return self._t[self._begin : self._end]

    @property
    def neuron(self) -> Ints:
        """Neuron ids, aligned with `t`."""
        return self._id[self._begin : self._end]

    def add(self, t: ArrayLike, neuron: ArrayLike) -> None:
        """Append spikes sorted by time; spikes later than the first of them are dropped (time went back)."""
        when, who = np.asarray(t, np.float64), np.asarray(neuron, np.int64)
        if not len(when):
            return
        if len(self) and when[0] < self._t[self._end - 1]:
            self.rewind(float(when[0]))
        when, who = when[-self.room :], who[-self.room :]
        if self._end + len(when) > len(self._t):
            self._grow(len(when))
        self._t[self._end : self._end + len(when)] = when
        self._id[self._end : self._end + len(when)] = who
        self._end += len(when)
        self._begin = max(self._begin, self._end - self.room)

    def rewind(self, t: float) -> None:
        """Drop the spikes after `t`."""
        self._end = self._begin + int(np.searchsorted(self.t, t, side="right"))

    def between(self, start: float, stop: float) -> slice:
        """Which of them lie in (start, stop], as a slice of `t` and `neuron`."""
        low, high = np.searchsorted(self.t, [start, stop], side="right")
        return slice(int(low), int(high))

    def _grow(self, more: int) -> None:
        many = len(self)
        size = min(max(2 * (many + more), 1024), 2 * self.room + more)
        when, who = np.zeros(size), np.zeros(size, np.int64)
        when[:many], who[:many] = self.t, self.neuron
        self._t, self._id, self._begin, self._end = when, who, 0, many


class RasterRing:
    """The raster as an image that scrolls: a column per slice of time, a row per neuron or few.

    `rows` rows of `columns` columns of `width` ms.  A pixel holds 0, or the number of the ink of the
    last spike on it (1 to 255).  Adding costs what is new; looking costs one copy.
    """

    def __init__(self, rows: int, columns: int, width: float) -> None:
        self.rows, self.columns, self.width = rows, columns, width
        self.image = np.zeros((rows, columns), np.uint8)
        self.head = -1
        """Number of the newest column since t = 0; older ones are up to `columns` behind."""

    def add(self, t: Floats, row: Ints, ink: NDArray[np.uint8], now: float) -> None:
        """Draw spikes that came since the last call, and scroll to `now`."""
        head = int(np.ceil(now / self.width - 1e-9)) - 1
        if head < self.head:
            self.image[:] = 0
        else:
            new = min(head - self.head, self.columns)
            self.image[:, np.arange(head - new + 1, head + 1) % self.columns] = 0
        self.head = head
        column = np.ceil(t / self.width - 1e-9).astype(np.int64) - 1
        seen = (column > head - self.columns) & (column <= head) & (row >= 0) & (row < self.rows)
        self.image[row[seen], column[seen] % self.columns] = ink[seen]

    def unrolled(self) -> NDArray[np.uint8]:
        """The image with the newest column last."""
        cut = (self.head + 1) % self.columns
        return np.concatenate([self.image[:, cut:], self.image[:, :cut]], axis=1)

    @property
    def span(self) -> tuple[float, float]:
        """Times of the left and right edge, ms."""
        right = (self.head + 1) * self.width
        return right - self.columns * self.width, right
