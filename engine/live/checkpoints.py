"""Moments of a run to go back to: one each second of wall time, thinned with age, within a fixed memory.

The recent past is kept densely and the distant past sparsely, so that the timeline can be dragged anywhere
and land near.  Arrays that two neighbouring moments have in common are kept once.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.live.frame import Frame
from engine.live.messages import State

BUDGET = 256 * 1024 * 1024
MOST = 240
"""However small they are, more moments than this are of no use on a timeline."""
SMALL = 4096
"""Bytes of an array that are copied to be compared: that takes less than preparing a comparison in place."""


@dataclass(frozen=True, eq=False)
class Moment:
    """A capture with what a view needs to show it: the network as it then was, and a picture."""

    step: int
    t: float
    timeline: int
    state: State
    network: Any
    picture: Frame
    edition: int = 0
    """Which edition of the network it belongs to: every edit makes a new one."""


class Checkpoints:
    """The moments kept, oldest first; may be read from any thread, and only the engine's adds to them."""

    def __init__(self, budget: int = BUDGET, most: int = MOST) -> None:
        self.budget = budget
        self.most = most
        self._moments: tuple[Moment, ...] = ()
        self._memory = Memory()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._moments)

    @property
    def moments(self) -> tuple[Moment, ...]:
        """Every moment kept, in the order it was taken."""
        return self._moments

    @property
    def nbytes(self) -> int:
        """Bytes of memory behind all moments, arrays they share counted once."""
        return self._memory.nbytes

    def add(self, moment: Moment) -> Moment:
        """Keep a moment, drop what no longer fits; returns it with the arrays it shares with the last."""
        with self._lock:
            kept = list(self._moments)
            if kept:
                moment = _sharing(moment, kept[-1])
            if kept and kept[-1].step == moment.step and kept[-1].timeline == moment.timeline:
                self._memory.drop(kept.pop())  # the same moment, perhaps after an edit made at rest
            kept.append(moment)
            self._memory.hold(moment)
            while len(kept) > 1 and (len(kept) > self.most or self.nbytes > self.budget):
                self._memory.drop(kept.pop(_most_crowded(kept)))
            self._moments = tuple(kept)
            return moment

    def nearest(self, t: float, timeline: int | None = None) -> Moment | None:
        """The latest moment at or before `t` ms (else the earliest), of one timeline if given."""
        known = [m for m in self._moments if timeline is None or m.timeline == timeline]
        before = [moment for moment in known if moment.t <= t]
        if before:
            return max(before, key=lambda moment: (moment.t, moment.timeline))
        return min(known, key=lambda moment: moment.t, default=None)

    def latest(self) -> Moment | None:
        """The moment taken last, or None."""
        return self._moments[-1] if self._moments else None

    def clear(self) -> None:
        """Forget every moment."""
        with self._lock:
            self._moments = ()
            self._memory = Memory()


class Memory:
    """How many bytes a changing set of moments takes, arrays that several of them hold counted once."""

    def __init__(self) -> None:
        self.nbytes = 0
        self._holders: dict[int, int] = {}  # by the identity of an array, which its moment keeps alive

    def hold(self, moment: Moment) -> None:
        """Count a moment that is kept."""
        self.nbytes += moment.picture.nbytes
        for array in moment.state.values():
            holders = self._holders[id(array)] = self._holders.get(id(array), 0) + 1
            if holders == 1:
                self.nbytes += array.nbytes

    def drop(self, moment: Moment) -> None:
        """Count a moment no more that was kept."""
        self.nbytes -= moment.picture.nbytes
        for array in moment.state.values():
            self._holders[id(array)] -= 1
            if not self._holders[id(array)]:
                del self._holders[id(array)]
                self.nbytes -= array.nbytes


def _most_crowded(kept: list[Moment]) -> int:
    """Which moment to drop: the one whose going leaves the smallest gap compared with its age.

    The newest stays, always; the oldest stays as long as there are others, for it is where the run began.
    """
    if len(kept) == 2:
        return 0
    now = len(kept) - 1
    best, least = 1, float("inf")
    order = _clock(kept)
    for place in range(1, now):
        gap = order[place + 1] - order[place - 1]
        crowd = gap / (order[now] - order[place] + 1.0)
        if crowd < least:
            best, least = place, crowd
    return best


def _clock(kept: list[Moment]) -> list[float]:
    """Steps run so far at each moment, going back in time counting as no time at all."""
    clock = [0.0]
    for before, after in pairwise(kept):
        clock.append(clock[-1] + max(after.step - before.step, 0))
    return clock


def _sharing(moment: Moment, before: Moment) -> Moment:
    """The same moment, holding the arrays of the one before it wherever they are equal, bit for bit."""
    shared = dict(moment.state)
    for name, array in moment.state.items():
        old = before.state.get(name)
        if old is not None and old.shape == array.shape and old.dtype == array.dtype and _same(old, array):
            shared[name] = old
    return Moment(
        moment.step, moment.t, moment.timeline, shared, moment.network, moment.picture, moment.edition
    )


def _same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    # Bytes, not numbers: -0.0 is not 0.0 here, and NaN is itself.
    if one is other:
        return True
    if one.nbytes <= SMALL:
        return one.tobytes() == other.tobytes()
    first, second = np.ascontiguousarray(one), np.ascontiguousarray(other)
    return bool(np.array_equal(first.reshape(-1).view(np.uint8), second.reshape(-1).view(np.uint8)))
