"""The history of one synapse while it is selected: its weight over the run, and which card changed it.

Qt-free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

ROOM = 4000
"""Points kept; when there are more, every second one is given up."""


class Deeds:
    """What each card did to one synapse: how much altogether, and what it did last."""

    def __init__(self) -> None:
        self.sums: dict[str, float] = {}
        self.last: dict[str, tuple[float, float]] = {}
        """By card: when (ms) it last changed the synapse, and by how much."""
        self._seen = -1

    def clear(self) -> None:
        """Another synapse, or an earlier moment."""
        self.sums, self.last, self._seen = {}, {}, -1

    def take(self, told: Iterable[tuple[int, int, str, float]], synapse: int, dt: float) -> bool:
        """Take in what a frame tells, each thing once; returns whether there was anything new."""
        newest = self._seen
        for step, id, card, change in told:
            if step > self._seen and id == synapse:
                self.sums[card] = self.sums.get(card, 0.0) + change
                self.last[card] = (step * dt, change)
            newest = max(newest, step)
        is_news = newest > self._seen
        self._seen = newest
        return is_news

    def in_words(self, label_of: Callable[[str], str], unit: str) -> str:
        """A line per card: "pair STDP +0.4 pA, last +0.04 at 17.1 ms"."""
        lines = []
        for card, total in sorted(self.sums.items(), key=lambda one: -abs(one[1])):
            when, change = self.last[card]
            lines.append(f"{label_of(card)}  {total:+.3g} {unit}, last {change:+.2g} at {when:.1f} ms")
        return "\n".join(lines)


class Trail:
    """Weights of one synapse, in the order of the run; going back in time cuts what follows."""

    def __init__(self) -> None:
        self.synapse = 0
        self._t = np.empty(ROOM, np.float64)
        self._w = np.empty(ROOM, np.float64)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def t(self) -> NDArray[np.float64]:
        """Times, ms."""
        return self._t[: self._size]

    @property
    def weight(self) -> NDArray[np.float64]:
        """Weights at those times."""
        return self._w[: self._size]

    def follow(self, synapse: int) -> None:
        """Follow this synapse from now on; another one begins a new trail."""
        if synapse != self.synapse:
            self.synapse = synapse
            self._size = 0

    def add(self, t: float, weight: float) -> None:
        """The weight was this at `t`; a point where nothing changed since the last two moves the last."""
        while self._size and self._t[self._size - 1] >= t:
            self._size -= 1
        if self._size >= 2 and self._w[self._size - 1] == self._w[self._size - 2] == weight:
            self._t[self._size - 1] = t
            return
        if self._size == ROOM:
            half = ROOM // 2
            self._t[:half], self._w[:half] = self._t[::2].copy(), self._w[::2].copy()
            self._size = half
        self._t[self._size], self._w[self._size] = t, weight
        self._size += 1
