"""One picture of the running circuit, and the small pool that pictures are lent from.

The engine's thread fills a frame that nobody holds and publishes it; the window takes the newest, reads it
as long as it likes, and gives it back.  A frame never changes while it is held.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

SPIKE = np.dtype([("step", np.int64), ("id", np.int64)])
MOST = 1_000_000
"""Spikes (or samples of a probe) kept while nobody looks; the oldest go first, and spikes are counted."""

SAMPLE = np.dtype([("step", np.int64), ("t", np.float64), ("id", np.int64), ("value", np.float64)])
_NO_SAMPLES = np.empty(0, SAMPLE)


@dataclass(eq=False)
class Frame:
    """What a view may see of one moment: arrays are read-only while the frame is held.

    Neuron columns are aligned with `ids`, which increase: `v01` is 0 at rest and 1 at threshold (float32).
    `spikes` are those after step `spikes_after` up to now, sorted by step.  `weights` holds for some
    projections the synapse ids and weights now (signed, pA or nS); those missing were not looked at.
    """

    number: int = 0
    timeline: int = 0
    step: int = 0
    t: float = 0.0
    structure_version: int = 0
    ids: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    v01: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))
    spikes: NDArray[Any] = field(default_factory=lambda: np.empty(0, SPIKE))
    spikes_after: int = -1
    spikes_lost: int = 0
    samples: dict[int, NDArray[Any]] = field(default_factory=dict)
    """By probe: what it saw after step `spikes_after`, an array of step, t, id and value."""
    told: tuple[tuple[int, int, str, float], ...] = ()
    """What cards did to the synapses asked for, after step `spikes_after`: (step, synapse, card, change)."""
    weights: dict[int, tuple[NDArray[np.int64], NDArray[np.float64]]] = field(default_factory=dict)
    quantities: dict[str, Any] = field(default_factory=dict)
    credit: dict[int, Any] = field(default_factory=dict)
    """By projection: what each card of the stack contributed so far."""
    rates: dict[int, float] = field(default_factory=dict)
    """By population: spikes per neuron per second of biological time, over the last second or so."""
    achieved: float = 0.0
    """Biological time per wall time over the last second."""
    is_running: bool = False
    buffers: dict[str, NDArray[Any]] = field(default_factory=dict, repr=False)

    def keep(self, name: str, values: NDArray[Any]) -> NDArray[Any]:
        """Copy `values` into the frame's own memory, which is reused, and return the read-only view."""
        values = np.asarray(values)
        room = self.buffers.get(name)
        if room is None or room.dtype != values.dtype or room.size < values.size:
            room = self.buffers[name] = np.empty(max(values.size + values.size // 4, 16), values.dtype)
        kept = room[: values.size]
        kept[:] = values.reshape(-1)
        view = kept.reshape(values.shape)
        view.flags.writeable = False
        return view

    def forget_projections(self, known: set[int]) -> None:
        """Let go of the memory for weights of projections that are no more."""
        for name in [name for name in self.buffers if " " in name and int(name.split()[1]) not in known]:
            del self.buffers[name]

    @property
    def nbytes(self) -> int:
        """Bytes of memory behind the columns."""
        columns = [
            self.ids,
            self.v01,
            self.spikes,
            *(column for both in self.weights.values() for column in both),
        ]
        return sum(column.nbytes for column in columns)

    def spikes_since(self, step: int) -> NDArray[Any]:
        """The spikes of this frame after `step`: what a view that saw up to `step` has not seen yet."""
        return self.spikes[np.searchsorted(self.spikes["step"], step, side="right") :]

    def samples_since(self, probe: int, step: int) -> NDArray[Any]:
        """What a probe saw after `step`; empty when this frame has nothing of it."""
        seen = self.samples.get(probe, _NO_SAMPLES)
        return seen[np.searchsorted(seen["step"], step, side="right") :]


class Lease:
    """The newest frame for as long as a `with` block lasts: `with session.latest() as frame:`."""

    def __init__(self, pool: FramePool, frame: Frame) -> None:
        self._pool = pool
        self.frame = frame
        self._is_open = True

    def give_back(self) -> None:
        """Return the frame; giving back twice does nothing."""
        if self._is_open:
            self._is_open = False
            self._pool.give_back(self.frame)

    def __enter__(self) -> Frame:
        return self.frame

    def __exit__(self, *_: object) -> None:
        self.give_back()


class FramePool:
    """A few frames: one newest, some held by readers, at least one free for the engine to fill.

    `take` and `give_back` may be called from any thread, `free` and `publish` from the engine's only.
    """

    def __init__(self, size: int = 3) -> None:
        self._frames = [Frame(number=-1) for _ in range(size)]
        self._held: dict[int, int] = {}
        self._newest: Frame | None = None
        self._taken = -1
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Frame]:
        return iter(self._frames)

    def take(self) -> Lease | None:
        """Borrow the newest frame; None before the first."""
        with self._lock:
            frame = self._newest
            if frame is None:
                return None
            self._held[id(frame)] = self._held.get(id(frame), 0) + 1
            self._taken = max(self._taken, frame.number)
            return Lease(self, frame)

    def give_back(self, frame: Frame) -> None:
        """End one loan of `frame`."""
        with self._lock:
            self._held[id(frame)] -= 1

    def free(self) -> Frame | None:
        """A frame that nobody holds and that is not the newest, to be filled; None when all are lent."""
        with self._lock:
            for frame in self._frames:
                if frame is not self._newest and not self._held.get(id(frame), 0):
                    return frame
            return None

    def publish(self, frame: Frame) -> None:
        """Make a filled frame the newest."""
        with self._lock:
            self._newest = frame

    @property
    def taken(self) -> int:
        """The number of the newest frame anybody took, -1 before the first."""
        return self._taken
