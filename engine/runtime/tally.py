"""What a run has done so far, in numbers that do not depend on the step: spikes, synaptic events, lifetimes.

The ledger turns them into energy, asynchrony and control; nothing here changes the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.kernels.events import VESICLE

if TYPE_CHECKING:
    from engine.runtime.circuit import Circuit

Ints = NDArray[np.int64]
ROW, COUNTED = 4, 3
"""Numbers a captured row holds: the id, then three counts; or two, of what was counted as it was released."""


@dataclass
class Spent:
    """What one population or projection has done: how much of it there was, for how long, and its events.

    `lived` is its size summed over the steps (neurons or synapses times steps); `spikes` are spikes of a
    population, or the presynaptic spikes that entered a projection; `events` are synapses reached.  Of
    `counted` events it is known what they released: `vesicles`, in whole millionths.
    """

    lived: int = 0
    spikes: int = 0
    events: int = 0
    counted: int = 0
    vesicles: int = 0

    @property
    def released(self) -> float:
        """Vesicles that were counted as they were released."""
        return self.vesicles / VESICLE


class Stretch:
    """A stretch of a run in which no neuron and no synapse comes or goes: who fired in it, and how often.

    What that came to in synaptic events is worked out once, when the stretch is over or somebody asks.
    """

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        self.pools = [way.synapses for way in circuit.pathways.values()]
        self.versions = self._versions()
        self.steps = 0
        self.fired: Ints = np.zeros(circuit.width, np.int64)

    def lasts(self, circuit: Circuit) -> bool:
        """Whether it is still that circuit, with the same synapses."""
        return circuit is self.circuit and self._versions() == self.versions

    def _versions(self) -> list[int]:
        return [pool.version for pool in self.pools]


class Tally:
    """The counters of one run, by population and by projection; what was removed keeps what it spent."""

    def __init__(self) -> None:
        self.steps = 0
        self._populations: dict[int, Spent] = {}
        self._projections: dict[int, Spent] = {}
        self._fans: dict[int, tuple[object, Ints, int]] = {}
        self._stretch: Stretch | None = None

    @property
    def populations(self) -> dict[int, Spent]:
        """What each population has spent so far."""
        self._book()
        return self._populations

    @property
    def projections(self) -> dict[int, Spent]:
        """What each projection has spent so far."""
        self._book()
        return self._projections

    def note(self, circuit: Circuit, row: Ints, since: int) -> None:
        """Count the spikes (rows in the network) of the steps after `since`, which are within a stretch."""
        if self._stretch is None or not self._stretch.lasts(circuit):
            self.close()
            self._stretch = Stretch(circuit)
            for id, way in circuit.pathways.items():
                self._fan(id, way)  # as it is now: at the end of the stretch it may be another
        steps = circuit.now - since
        self.steps += steps
        self._stretch.steps += steps
        if row.size:
            self._stretch.fired += np.bincount(row, minlength=circuit.width)

    def close(self) -> None:
        """The circuit is about to be replaced, or was changed: book what was counted, and let go of it."""
        self._book()
        self._stretch = None

    def _book(self) -> None:
        """Enter what the present stretch came to, and go on counting from nothing."""
        stretch = self._stretch
        if stretch is None or not stretch.steps:
            return
        circuit, fired, steps = stretch.circuit, stretch.fired.copy(), stretch.steps
        stretch.fired[:] = 0
        stretch.steps = 0
        for id, cells in circuit.cells.items():
            spent = self._populations.setdefault(id, Spent())
            spent.lived += cells.n * steps
            spent.spikes += int(fired[cells.offset : cells.offset + cells.n].sum())
        for id, way in circuit.pathways.items():
            spent = self._projections.setdefault(id, Spent())
            _, fan, total = self._fans[id]
            spent.lived += total * steps
            mine = fired[way.pre.offset : way.pre.offset + way.pre.n]
            spent.spikes += int(mine.sum())
            events = int(mine @ fan)
            spent.events += events
            if way.stack.counts_vesicles:
                spent.counted += events
                spent.vesicles += int(way.vesicles.sum())
                way.vesicles[:] = 0

    def _fan(self, id: int, way: Any) -> None:
        """Find how many synapses each presynaptic neuron has, and how many there are, if it is not known."""
        syn = way.synapses
        known = self._fans.get(id)
        if known is None or known[0] != (syn, syn.version):
            used = syn.used_segments
            fan = np.bincount(
                syn.segments["row"][:used].astype(np.int64) // syn.tiles,
                weights=syn.segments["count"][:used],
                minlength=way.pre.n,
            ).astype(np.int64)
            self._fans[id] = ((syn, syn.version), fan, int(fan.sum()))

    # -- captures ----------------------------------------------------------------------------------

    def capture(self) -> dict[str, NDArray[Any]]:
        """The counters as arrays."""
        self._book()
        return {
            "tally/steps": np.array([self.steps], np.int64),
            "tally/populations": _rows(self._populations),
            "tally/projections": _rows(self._projections),
            "tally/vesicles": np.array(
                [(id, s.counted, s.vesicles) for id, s in sorted(self._projections.items())], np.int64
            ).reshape(-1),
        }

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Go back to captured counters; a state from before there were any begins at nothing."""
        steps = _table(state.get("tally/steps"), 1)
        self.steps = steps[0][0] if len(steps) == 1 else 0
        self._stretch = None
        self._populations = _spent(state.get("tally/populations"))
        self._projections = _spent(state.get("tally/projections"))
        for id, counted, vesicles in _table(state.get("tally/vesicles"), COUNTED):  # older states have none
            if spent := self._projections.get(id):
                spent.counted, spent.vesicles = counted, vesicles
        self._fans.clear()


def _rows(spent: dict[int, Spent]) -> Ints:
    """One row after the other: id, lived, spikes, events."""
    rows = [(id, s.lived, s.spikes, s.events) for id, s in sorted(spent.items())]
    return np.array(rows, np.int64).reshape(-1)


def _spent(rows: NDArray[Any] | None) -> dict[int, Spent]:
    return {id: Spent(*counts) for id, *counts in _table(rows, ROW)}


def _table(rows: NDArray[Any] | None, wide: int) -> list[list[int]]:
    """The rows of a captured table; one out of a file that cannot be counters is as good as none."""
    if rows is None or rows.dtype != np.int64 or rows.ndim != 1 or rows.size % wide:
        return []
    found: list[list[int]] = rows.reshape(-1, wide).tolist()
    return found
