"""Tells the window what happened in each slice: synapses born and pruned, spikes, and sums over a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.live.messages import Grown, Pruned, Ran
from engine.live.past import Past
from engine.live.rates import Rates
from engine.live.simulating import spikes_since, weights_of


class News:
    """Reads what a simulation did and sends it; owned by the engine's thread."""

    def __init__(self, past: Past, send: Callable[[Any], None]) -> None:
        self._past = past
        self._send = send
        self.rates = Rates(past.simulation.base)
        self.structure_version = 0
        self.changes: Sequence[Any] = ()
        """Synapses that grew or were pruned in the slice just run, not told yet."""
        self._start = 0
        self._is_running = False
        self._before: dict[int, tuple[Any, Any]] = {}
        self._grown = self._pruned = self._spikes = 0
        self.begin(past.simulation.step)

    def begin(self, step: int) -> None:
        """Start anew at `step`, after a restore."""
        self.structure_version += 1
        self.changes = ()
        self.rates.begin(self._past.simulation.base, step)

    def changed_shape(self) -> None:
        """Something was edited."""
        self.structure_version += 1
        self.rates.refer(self._past.simulation.base)
        if self._is_running:
            self._note_weights()

    def tell(self, since: int) -> Any:
        """Send what changed in the slice that began after step `since`; returns its spikes."""
        for change in self.changes:
            self._send(self._told(change))
        if self.changes:
            self.structure_version += 1
            self.changes = ()
        spikes = spikes_since(self._past.simulation, since)
        self.rates.add(spikes)
        self._spikes += int(spikes.size)
        return spikes

    def samples(self, since: int) -> dict[int, Any]:
        """What each probe saw after step `since`."""
        simulation = self._past.simulation
        found = {}
        for id in simulation.base.probes:
            seen = simulation.record(id)
            found[id] = seen[np.searchsorted(seen["step"], since, side="right") :]
        return found

    def told(self) -> list[tuple[int, int, str, float]]:
        """What cards did to the synapses under the user's eye: (step, synapse, card, change)."""
        tell = getattr(self._past.simulation, "told", None)
        return [] if tell is None else sorted(tell())

    def _told(self, change: Any) -> Grown | Pruned:
        simulation, timeline = self._past.simulation, self._past.timeline
        t = round(change.step * simulation.dt, 9)
        ids = np.array(change.ids, np.int64)
        if change.kind == "pruned":
            self._pruned += ids.size
            return Pruned(change.projection, ids, change.rule, change.why, change.step, t, timeline)
        self._grown += ids.size
        return Grown(
            change.projection,
            ids,
            np.array(change.pre, np.int64),
            np.array(change.post, np.int64),
            np.array(change.weight, np.float64),
            np.array(change.delay, np.float64),
            change.rule,
            change.why,
            change.step,
            t,
            timeline,
        )

    # -- one run -----------------------------------------------------------------------------------

    def begin_run(self) -> None:
        """Remember the weights, to tell at the end how many changed."""
        simulation = self._past.simulation
        self._start = simulation.step
        self._grown = self._pruned = self._spikes = 0
        self._before = {}
        self._is_running = True
        self._note_weights()

    def _note_weights(self) -> None:
        """Keep the weights of projections that have rules, as they are when they are first seen."""
        simulation = self._past.simulation
        for id, projection in simulation.base.projections.items():
            is_plastic = any(rule.enabled for rule in projection.rules) and not projection.rests
            if is_plastic and id not in self._before:
                self._before[id] = _copies(weights_of(simulation, id))

    def end_run(self) -> None:
        """Send the sums of the run."""
        simulation = self._past.simulation
        known = simulation.base.projections
        changed = sum(
            _differing(before, weights_of(simulation, id))
            for id, before in self._before.items()
            if id in known
        )
        self._before = {}
        self._is_running = False
        ran = (self._start, simulation.step, changed, self._grown, self._pruned, self._spikes)
        self._send(Ran(*ran, timeline=self._past.timeline))


def _copies(both: tuple[Any, Any]) -> tuple[Any, Any]:
    return np.array(both[0]), np.array(both[1])


def _differing(before: tuple[Any, Any], after: tuple[Any, Any]) -> int:
    """How many synapses there before and after have another weight."""
    if np.array_equal(before[0], after[0]):
        return int(np.count_nonzero(before[1] != after[1]))
    _, first, second = np.intersect1d(before[0], after[0], assume_unique=True, return_indices=True)
    return int(np.count_nonzero(before[1][first] != after[1][second]))
