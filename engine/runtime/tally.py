"""What a run has done so far, in numbers that do not depend on the step: spikes, synaptic events, lifetimes.

The ledger turns them into energy, asynchrony and control; nothing here changes the run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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


@dataclass
class Tally:
    """The counters of one run, by population and by projection; what was removed keeps what it spent."""

    steps: int = 0
    populations: dict[int, Spent] = field(default_factory=dict)
    projections: dict[int, Spent] = field(default_factory=dict)
    _fans: dict[int, tuple[object, Ints, int]] = field(default_factory=dict, repr=False)

    def note(self, circuit: Circuit, step: Ints, row: Ints, since: int) -> None:
        """Count the spikes of some steps, during which no synapse came or went."""
        steps = circuit.now - since
        self.steps += steps
        for id, cells in circuit.cells.items():
            spent = self.populations.setdefault(id, Spent())
            spent.lived += cells.n * steps
        if not row.size and not circuit.pathways:
            return
        fired = np.bincount(row, minlength=circuit.width)
        for id, cells in circuit.cells.items():
            self.populations[id].spikes += int(fired[cells.offset : cells.offset + cells.n].sum())
        for id, way in circuit.pathways.items():
            spent = self.projections.setdefault(id, Spent())
            fan, total = self._fan(id, way)
            spent.lived += total * steps
            mine = fired[way.pre.offset : way.pre.offset + way.pre.n]
            spent.spikes += int(mine.sum())
            events = int(mine @ fan)
            spent.events += events
            if way.stack.counts_vesicles:
                spent.counted += events
                spent.vesicles += int(way.vesicles.sum())
                way.vesicles[:] = 0

    def _fan(self, id: int, way: Any) -> tuple[Ints, int]:
        """Synapses each presynaptic neuron has, and how many there are in all; kept while they stay."""
        syn = way.synapses
        known = self._fans.get(id)
        if known is None or known[0] != (syn, syn.version):
            used = syn.used_segments
            fan = np.bincount(
                syn.segments["row"][:used].astype(np.int64) // syn.tiles,
                weights=syn.segments["count"][:used],
                minlength=way.pre.n,
            ).astype(np.int64)
            known = self._fans[id] = ((syn, syn.version), fan, int(fan.sum()))
        return known[1], known[2]

    # -- captures ----------------------------------------------------------------------------------

    def capture(self) -> dict[str, NDArray[Any]]:
        """The counters as arrays."""
        return {
            "tally/steps": np.array([self.steps], np.int64),
            "tally/populations": _rows(self.populations),
            "tally/projections": _rows(self.projections),
            "tally/vesicles": np.array(
                [(id, s.counted, s.vesicles) for id, s in sorted(self.projections.items())], np.int64
            ).reshape(-1),
        }

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Go back to captured counters; a state from before there were any begins at nothing."""
        steps = _table(state.get("tally/steps"), 1)
        self.steps = steps[0][0] if len(steps) == 1 else 0
        self.populations = _spent(state.get("tally/populations"))
        self.projections = _spent(state.get("tally/projections"))
        for id, counted, vesicles in _table(state.get("tally/vesicles"), COUNTED):  # older states have none
            if spent := self.projections.get(id):
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
