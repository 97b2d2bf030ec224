"""Taking pictures of a running circuit: fills frames for the window and small ones for the timeline.

Looking never changes the run.  Neurons are in every picture; weights of projections take turns, as many as
fit in a few milliseconds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from engine.live.frame import MOST_SPIKES, SPIKE, Frame, FramePool
from engine.live.messages import Watch
from engine.live.simulating import Simulating

BUDGET = 0.002
"""Seconds of wall time a picture may spend on weights."""


@dataclass(frozen=True)
class Circumstances:
    """What a picture says besides what the simulation shows."""

    timeline: int
    structure_version: int
    rates: Mapping[int, float]
    achieved: float
    is_running: bool


class Pictures:
    """Fills and publishes frames; owned by the engine's thread."""

    def __init__(self, pool: FramePool) -> None:
        self.pool = pool
        self.watch = Watch()
        self._number = 0
        self._turn = 0
        self._next_turn = 0
        self._spikes: deque[Any] = deque()
        self._lost = 0
        self._shown: deque[tuple[int, int]] = deque()  # number and step of frames somebody may still take
        self._after = -1

    def begin(self, step: int) -> None:
        """Forget spikes: the run continues from `step`, perhaps an older one."""
        self._spikes.clear()
        self._shown.clear()
        self._after = step
        self._lost = 0

    def add_spikes(self, spikes: Any) -> None:
        """Keep spikes until somebody has taken a frame with them, or there are too many."""
        if spikes.size:
            self._spikes.append(spikes)
        total = sum(some.size for some in self._spikes)
        while total > MOST_SPIKES and len(self._spikes) > 1:
            oldest = self._spikes.popleft()
            total -= oldest.size
            self._lost += oldest.size

    def publish(self, simulation: Simulating, now: Circumstances) -> bool:
        """Fill a free frame and make it the newest; False when every frame is lent, which loses nothing."""
        frame = self.pool.free()
        if frame is None:
            return False
        self._forget_what_was_seen()
        frame.number = self._number = self._number + 1
        frame.timeline, frame.structure_version = now.timeline, now.structure_version
        frame.step, frame.t = simulation.step, simulation.t
        ids, v01 = simulation.neuron_view()
        frame.ids = frame.keep("ids", np.asarray(ids, np.int64))
        frame.v01 = frame.keep("v01", np.asarray(v01, np.float32))
        frame.spikes = frame.keep("spikes", self._all_spikes())
        frame.spikes_after, frame.spikes_lost = self._after, self._lost
        frame.weights = self._weights(frame, simulation)
        frame.quantities = {
            name: _copied(frame, name, simulation.quantities(name)) for name in self.watch.quantities
        }
        frame.credit = dict(simulation.credit())
        frame.rates, frame.achieved, frame.is_running = dict(now.rates), now.achieved, now.is_running
        self.pool.publish(frame)
        self._shown.append((frame.number, frame.step))
        return True

    def small(self, simulation: Simulating, now: Circumstances, last: Frame | None) -> Frame:
        """A picture for the timeline, with every weight in single precision; ids are shared with the last."""
        ids, v01 = simulation.neuron_view()
        frame = Frame(
            timeline=now.timeline,
            step=simulation.step,
            t=simulation.t,
            structure_version=now.structure_version,
            ids=np.array(ids, np.int64),
            v01=np.array(v01, np.float32),
            rates=dict(now.rates),
        )
        for id in simulation.network.projections:
            synapses, weights = simulation.weights(id)
            old = last.weights.get(id) if last else None
            same = old is not None and np.array_equal(old[0], synapses)
            kept = old[0] if same and old is not None else np.array(synapses, np.int64)
            frame.weights[id] = kept, np.array(weights, np.float32)
        return frame

    # -- how ---------------------------------------------------------------------------------------

    def _forget_what_was_seen(self) -> None:
        """Drop the spikes of frames that were taken; turn to the next weights if the last were seen."""
        taken = self.pool.taken
        if taken == self._number:
            self._turn = self._next_turn
        while self._shown and self._shown[0][0] <= taken:
            self._after = self._shown.popleft()[1]
            self._lost = 0
        while self._spikes and self._spikes[0]["step"][-1] <= self._after:
            self._spikes.popleft()

    def _all_spikes(self) -> Any:
        chunks = [np.asarray(some)[["step", "id"]].astype(SPIKE, copy=False) for some in self._spikes]
        spikes = np.concatenate(chunks) if chunks else np.empty(0, SPIKE)
        return spikes[np.searchsorted(spikes["step"], self._after, side="right") :]

    def _weights(self, frame: Frame, simulation: Simulating) -> dict[int, Any]:
        known = list(simulation.network.projections)
        asked = self.watch.projections
        wanted = known if asked is None else [id for id in asked if id in known]
        shown: dict[int, Any] = {}
        began = perf_counter()
        for offset in range(len(wanted)):
            id = wanted[(self._turn + offset) % len(wanted)]
            synapses, weights = simulation.weights(id)
            shown[id] = (
                frame.keep(f"synapses {id}", np.asarray(synapses, np.int64)),
                frame.keep(f"weights {id}", np.asarray(weights, np.float64)),
            )
            if perf_counter() - began > BUDGET:
                break
        self._next_turn = (self._turn + len(shown)) % max(len(wanted), 1)
        gone = [name for name in frame.buffers if " " in name and int(name.split()[1]) not in known]
        for name in gone:
            del frame.buffers[name]
        return shown


def _copied(frame: Frame, name: str, value: Any) -> Any:
    """A quantity in the frame's own memory, whatever shape it comes in."""
    if isinstance(value, np.ndarray):
        return frame.keep(name, value)
    if isinstance(value, Mapping):
        return {key: _copied(frame, f"{name}/{key}", one) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_copied(frame, f"{name}/{place}", one) for place, one in enumerate(value))
    return value
