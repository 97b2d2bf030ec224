"""Taking pictures of a running circuit: fills frames for the window and small ones for the timeline.

Looking never changes the run.  Neurons are in every picture; weights of projections take turns, as many as
fit in half a millisecond, and those of a large one are looked at as seldom as that takes long; what changes
slowly is looked at a few times a second.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

from engine.live.frame import MOST, SAMPLE, SPIKE, Frame, FramePool
from engine.live.messages import QUICK, Watch
from engine.live.simulating import Simulating, weights_of

BUDGET = 0.0005
"""Seconds of wall time a picture may spend on weights before it leaves the rest to the next."""
SHARE = 0.05
"""Share of the time that looking at the weights of one projection may take while it runs."""
SELDOM = 0.1
"""Seconds of wall time between two looks at slow quantities, and at what the cards contributed."""
MOST_QUICK = 0.001
"""Seconds a look at what changes with every spike may take to be taken for every picture."""


@dataclass(frozen=True)
class Circumstances:
    """What a picture says besides what the simulation shows."""

    timeline: int
    structure_version: int
    rates: Mapping[int, float]
    achieved: float
    is_running: bool


class Backlog:
    """What has come in and nobody has taken yet: arrays with a `step`, in order of time."""

    def __init__(self) -> None:
        self.chunks: deque[Any] = deque()
        self.lost = 0
        self._size = 0

    def add(self, chunk: Any) -> None:
        """Take in more; when there is too much, the oldest goes and is counted in `lost`."""
        if not chunk.size:
            return
        self.chunks.append(chunk)
        self._size += chunk.size
        while self._size > MOST and len(self.chunks) > 1:
            self.lost += self.chunks[0].size
            self._drop()

    def forget(self, step: int) -> None:
        """Let go of what is not after `step`."""
        while self.chunks and self.chunks[0]["step"][-1] <= step:
            self._drop()

    def after(self, step: int, kind: Any) -> Any:
        """Everything after `step`."""
        whole = np.concatenate([np.empty(0, kind), *self.chunks])
        return whole[np.searchsorted(whole["step"], step, side="right") :]

    def _drop(self) -> None:
        self._size -= self.chunks.popleft().size


class Pictures:
    """Fills and publishes frames; owned by the engine's thread."""

    def __init__(self, pool: FramePool) -> None:
        self.pool = pool
        self.watch = Watch()
        self._number = 0
        self._turn = 0
        self._last: Frame | None = None
        self._rests_until: dict[int, float] = {}  # projections whose weights took long to look at
        self._spikes = Backlog()
        self._samples: dict[int, Backlog] = {}
        self._told: deque[tuple[int, int, str, float]] = deque(maxlen=MOST)
        self._shown: deque[tuple[int, int]] = deque()  # number and step of frames somebody may still take
        self._after = -1
        self._quantities: dict[str, Any] = {}
        self._credit: dict[int, Any] = {}
        self._looked = 0.0
        self._quick_took = 0.0

    def begin(self, step: int) -> None:
        """Forget spikes: the run continues from `step`, perhaps an older one."""
        self._spikes = Backlog()
        self._samples = {}
        self._told.clear()
        self._shown.clear()
        self._last = None
        self._rests_until.clear()
        self._quantities = {}
        self._after = step

    def add(
        self, spikes: Any, samples: Mapping[int, Any], told: Sequence[tuple[int, int, str, float]] = ()
    ) -> None:
        """Keep spikes, what probes saw and what cards did, until somebody has taken a frame with them."""
        self._told.extend(told)
        self._spikes.add(spikes)
        for probe, seen in samples.items():
            self._samples.setdefault(probe, Backlog()).add(seen)

    def publish(self, simulation: Simulating, now: Circumstances) -> bool:
        """Fill a free frame and make it the newest; False when every frame is lent, which loses nothing."""
        frame = self.pool.free()
        if frame is None:
            return False
        self._forget_what_was_seen()
        frame.number = self._number = self._number + 1
        unseen = self._unseen_weights(now)
        if frame.structure_version != now.structure_version:
            frame.forget_projections(set(simulation.base.projections))
        frame.timeline, frame.structure_version = now.timeline, now.structure_version
        frame.step, frame.t = simulation.step, simulation.t
        ids, v01 = _neurons(simulation)
        frame.ids, frame.v01 = frame.keep("ids", ids), frame.keep("v01", v01)
        frame.spikes = frame.keep("spikes", self._spikes.after(self._after, SPIKE))
        frame.spikes_after, frame.spikes_lost = self._after, self._spikes.lost
        frame.samples = {
            probe: frame.keep(f"probe{probe}", seen.after(self._after, SAMPLE))
            for probe, seen in self._samples.items()
        }
        frame.told = tuple(one for one in self._told if one[0] > self._after)
        frame.weights = self._weights(frame, simulation, now, unseen)
        self._look_at_slow_things(simulation, now)
        frame.quantities, frame.credit = self._quantities, self._credit
        frame.rates, frame.achieved, frame.is_running = dict(now.rates), now.achieved, now.is_running
        self._last = frame
        self.pool.publish(frame)
        self._shown.append((frame.number, frame.step))
        return True

    def small(self, simulation: Simulating, network: Any, now: Circumstances, last: Frame | None) -> Frame:
        """A picture for the timeline, with every weight in single precision; ids are shared with the last.

        `network` is the circuit as it now is, with the weights it has learned.
        """
        ids, v01 = _neurons(simulation)
        frame = Frame(
            timeline=now.timeline,
            step=simulation.step,
            t=simulation.t,
            structure_version=now.structure_version,
            ids=ids.copy(),
            v01=v01.copy(),
            rates=dict(now.rates),
        )
        for id, projection in network.projections.items():
            synapses, weights = projection.synapses.id, projection.synapses.weight
            old = last.weights.get(id) if last else None
            same = old is not None and np.array_equal(old[0], synapses)
            kept = old[0] if same and old is not None else np.array(synapses, np.int64)
            frame.weights[id] = kept, np.array(weights, np.float32)
        return frame

    # -- how ---------------------------------------------------------------------------------------

    def _look_at_slow_things(self, simulation: Simulating, now: Circumstances) -> None:
        """They are looked at a few times a second while it runs, and whenever it stands still.

        What changes with every spike is looked at for every picture, where that takes next to nothing.
        What was seen is kept in arrays of its own, so that any number of frames can hold them.
        """
        names = self.watch.quantities
        fresh = tuple(self._quantities) == names and perf_counter() - self._looked < SELDOM
        if not (now.is_running and fresh):
            seen = {name: _own(simulation.quantities(name)) for name in names if name not in QUICK}
            self._credit = dict(simulation.credit())
            self._looked = perf_counter()
        elif self._quick_took > MOST_QUICK:
            return
        else:
            seen = self._quantities
        began = perf_counter()
        quick = {name: _own(simulation.quantities(name)) for name in names if name in QUICK}
        self._quick_took = perf_counter() - began
        self._quantities = {name: quick.get(name, seen.get(name)) for name in names}

    def _forget_what_was_seen(self) -> None:
        """Drop the spikes of frames that were taken."""
        taken = self.pool.taken
        while self._shown and self._shown[0][0] <= taken:
            self._after = self._shown.popleft()[1]
            self._spikes.lost = 0
        while self._told and self._told[0][0] <= self._after:
            self._told.popleft()
        for backlog in (self._spikes, *self._samples.values()):
            backlog.forget(self._after)
        self._samples = {probe: backlog for probe, backlog in self._samples.items() if backlog.chunks}

    def _unseen_weights(self, now: Circumstances) -> dict[int, Any]:
        """Those of the last frame that nobody took, as far as they are still of these synapses."""
        last = self._last
        if last is None or last.number <= self.pool.taken:
            return {}
        if last.structure_version == now.structure_version:
            return last.weights
        for id in last.weights:
            self._rests_until.pop(id, None)
        return {}

    def _weights(
        self, frame: Frame, simulation: Simulating, now: Circumstances, unseen: dict[int, Any]
    ) -> dict[int, Any]:
        known = simulation.base.projections
        asked = self.watch.projections
        wanted = list(known) if asked is None else [id for id in asked if id in known]
        shown: dict[int, Any] = {}
        passed = 0
        began = perf_counter()
        while passed < len(wanted):
            id = wanted[(self._turn + passed) % len(wanted)]
            passed += 1
            before = perf_counter()
            if now.is_running and before < self._rests_until.get(id, 0.0):
                continue
            shown[id] = _kept(frame, id, *weights_of(simulation, id))
            after = perf_counter()
            self._rests_until[id] = after + (after - before) / SHARE
            if now.is_running and after - began > BUDGET:
                break
        self._turn = (self._turn + passed) % max(len(wanted), 1)
        rest = {
            id: _kept(frame, id, *both) for id, both in unseen.items() if id in wanted and id not in shown
        }
        return shown | rest


def _kept(frame: Frame, id: int, synapses: Any, weights: Any) -> tuple[Any, Any]:
    """Ids and weights of a projection in the memory of a frame."""
    return (
        frame.keep(f"synapses {id}", np.asarray(synapses, np.int64)),
        frame.keep(f"weights {id}", np.asarray(weights, np.float64)),
    )


def _neurons(simulation: Simulating) -> tuple[Any, Any]:
    """Neuron ids, increasing, and how far each is from rest to threshold."""
    ids, v01 = simulation.neuron_view()
    ids, v01 = np.asarray(ids, np.int64), np.asarray(v01, np.float32)
    if ids.size > 1 and not (ids[1:] > ids[:-1]).all():
        order = np.argsort(ids)
        ids, v01 = ids[order], v01[order]
    return ids, v01


def _own(value: Any) -> Any:
    """A quantity in read-only arrays of its own, whatever shape it comes in."""
    if isinstance(value, np.ndarray):
        kept = value.copy()
        kept.flags.writeable = False
        return kept
    if isinstance(value, Mapping):
        return {key: _own(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_own(one) for one in value)
    return value
