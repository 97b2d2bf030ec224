"""What a run has done so far, in numbers that do not depend on the step: spikes, synaptic events, lifetimes.

The ledger turns them into energy, asynchrony and control; nothing here changes the run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from engine.runtime.circuit import Circuit

Ints = NDArray[np.int64]
ROW = 4
"""Numbers a captured row holds: the id, then three counts."""


@dataclass
class Spent:
    """What one population or projection has done: how much of it there was, for how long, and its events.

    `lived` is its size summed over the steps (neurons or synapses times steps); `spikes` are spikes of a
    population, or the presynaptic spikes that entered a projection; `events` are synapses reached.
    """

    lived: int = 0
    spikes: int = 0
    events: int = 0


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
            spent.events += int(mine @ fan)

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
        }

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Go back to captured counters; a state from before there were any begins at nothing."""
        steps = state.get("tally/steps")
        self.steps = int(steps[0]) if _sound(steps, 1) and steps is not None else 0
        self.populations = _spent(state.get("tally/populations"))
        self.projections = _spent(state.get("tally/projections"))
        self._fans.clear()


def _rows(spent: dict[int, Spent]) -> Ints:
    """One row after the other: id, lived, spikes, events."""
    rows = [(id, s.lived, s.spikes, s.events) for id, s in sorted(spent.items())]
    return np.array(rows, np.int64).reshape(-1)


def _spent(rows: NDArray[Any] | None) -> dict[int, Spent]:
    if rows is None or not _sound(rows, None):
        return {}
    return {int(id): Spent(*(int(n) for n in counts)) for id, *counts in rows.reshape(-1, ROW)}


def _sound(rows: NDArray[Any] | None, size: int | None) -> bool:
    """Whether an array out of a file can be counters; one that cannot is as good as none."""
    return (
        rows is not None
        and rows.dtype == np.int64
        and rows.ndim == 1
        and (rows.size == size if size is not None else rows.size % ROW == 0)
    )
