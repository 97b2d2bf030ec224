"""The history of one synapse: its weight over the run, and which card changed it.

Before it was selected its weight is known from the moments that the timeline keeps; what each card did to it
is written down only while it is selected.  Qt-free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from editor.transport.timeline import clock

if TYPE_CHECKING:
    from engine.live.checkpoints import Moment
    from engine.network.parts import Projection

Floats = NDArray[np.float64]

ROOM = 4000
"""Points kept; when there are more, every second one is given up."""
LOOKED_THROUGH = 20_000_000
"""Synapses looked through at most for the past of one: of large circuits fewer moments are asked."""


class Deeds:
    """What each card did to one synapse: how much altogether, and what it did last."""

    def __init__(self) -> None:
        self.sums: dict[str, float] = {}
        self.last: dict[str, tuple[float, float]] = {}
        """By card: when (ms) it last changed the synapse, and by how much."""
        self.each: list[tuple[float, str, float]] = []
        """When (ms) which card changed it by how much, the newest `ROOM` of them."""
        self._seen = -1

    def clear(self) -> None:
        """Another synapse, or an earlier moment."""
        self.sums, self.last, self.each, self._seen = {}, {}, [], -1

    def take(self, told: Iterable[tuple[int, int, str, float]], synapse: int, dt: float) -> bool:
        """Take in what a frame tells, each thing once; returns whether there was anything new."""
        newest = self._seen
        for step, id, card, change in told:
            if step > self._seen and id == synapse:
                self.sums[card] = self.sums.get(card, 0.0) + change
                self.last[card] = (step * dt, change)
                self.each.append((step * dt, card, change))
            newest = max(newest, step)
        del self.each[:-ROOM]
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


@dataclass(frozen=True)
class Past:
    """What kept moments of a run say of one synapse."""

    t: Floats
    """Times (ms) of the moments in which there is such a synapse, in order."""
    weight: Floats
    absent: float = float("nan")
    """The last moment (ms) before those in which there was none; NaN where it was there from the start."""

    def in_words(self, followed_from: float) -> str:
        """What is known from before it was followed, what is not, and how to come by it."""
        many = int((self.t < followed_from).sum())
        if not many or followed_from <= 0.0 or not self.t[:many].any():
            return ""
        born = f"It grew between {clock(self.absent)} and {clock(self.t[0])}. "
        start = "" if np.isnan(self.absent) else born
        kept = "the one moment" if many == 1 else f"the {many} moments"
        return (
            f"{start}Dots until {clock(followed_from)}: {kept} that the timeline keeps. What each card "
            "did is noted only while a synapse is selected: leave it selected, reset and play the run again."
        )


NOTHING = Past(np.empty(0), np.empty(0))


def past_of(moments: Sequence[Moment], home: Projection, synapse: int) -> Past:
    """The weight of a synapse in moments of a run, oldest first, in whichever projection it then was."""
    size = max((sum(map(len, _tables(moment.network, home))) for moment in moments), default=0)
    most = max(2, LOOKED_THROUGH // max(size, 1))
    if len(moments) > most:
        some = np.unique(np.linspace(0, len(moments) - 1, most).astype(int))
        moments = [moments[k] for k in some.tolist()]
    t: list[float] = []
    weights: list[float] = []
    absent, row = float("nan"), 0
    for moment in moments:
        for table in _tables(moment.network, home):
            if not (row < len(table) and table.id[row] == synapse):  # mostly it stands where it stood
                found = np.flatnonzero(table.id == synapse)
                if not found.size:
                    continue
                row = int(found[0])
            t.append(moment.t)
            weights.append(float(table.weight[row]))
            break
        else:
            absent = absent if t else moment.t
    return Past(np.array(t), np.array(weights), absent)


def _tables(network: Any, home: Projection) -> list[Any]:
    """The synapses among which one of this projection may have been: all between the same populations."""
    ways = network.projections.values()
    between = [way for way in ways if (way.pre, way.post) == (home.pre, home.post)]
    return [way.synapses for way in sorted(between, key=lambda way: way.id != home.id)]


class Trail:
    """Weights of one synapse, in the order of the run; going back in time cuts what follows."""

    def __init__(self) -> None:
        self.synapse = 0
        self.past = NOTHING
        self._t = np.empty(ROOM, np.float64)
        self._w = np.empty(ROOM, np.float64)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    @property
    def t(self) -> Floats:
        """Times, ms, since it is followed."""
        return self._t[: self._size]

    @property
    def weight(self) -> Floats:
        """Weights at those times."""
        return self._w[: self._size]

    @property
    def early(self) -> tuple[Floats, Floats]:
        """Times (ms) and weights from before it was followed."""
        if not self._size:
            return self.past.t, self.past.weight
        before = self.past.t < self._t[0]
        return self.past.t[before], self.past.weight[before]

    def follow(self, synapse: int, past: Past = NOTHING) -> None:
        """Follow this synapse from now on; another one begins a new trail, with what is known of its past."""
        if synapse != self.synapse:
            self.synapse, self.past = synapse, past
            self._size = 0

    def table(self, deeds: Deeds, unit: str) -> dict[str, NDArray[Any]]:
        """What a CSV of it holds, in order of time: a row for each weight seen, and one for each change."""
        early = [(t, w, "moment kept", "", "") for t, w in zip(*self.early, strict=True)]
        seen = [(t, w, "seen", "", "") for t, w in zip(self.t, self.weight, strict=True)]
        done = [(t, "", "change", card, change) for t, card, change in deeds.each]
        rows = sorted([*early, *seen, *done], key=lambda row: float(row[0]))
        heads = ("t_ms", f"weight_{unit}", "row", "card", f"change_{unit}")
        return {head: np.array([row[k] for row in rows], object) for k, head in enumerate(heads)}

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
