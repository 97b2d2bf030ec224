"""What a view may see of single contacts besides their weight: P and q, spines, tags, clefts, what runs back.

Looking changes nothing: everything is computed from the running arrays as they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernels.stack import NOBODY, OWNER
from engine.runtime.cells import Cells
from engine.runtime.circuit import Circuit
from engine.runtime.pathway import Pathway
from engine.runtime.synapses import NEVER

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def maturity(circuit: Circuit) -> dict[int, tuple[Ints, Floats, Floats]]:
    """By projection with spines: synapse ids, how mature each is (0 to 1), and the size of its head.

    The size is in the unit of a weight, NaN where the card knows none.
    """
    found = {}
    for id, way in circuit.pathways.items():
        place = way.synapses.expanded()[0]
        for key, card in way.stack.cards:
            if spine := getattr(card, "spine", ""):
                grown = way.synapses.columns[f"F{key}_{spine}"][place].astype(np.float64)
                head = np.full(place.size, np.nan)
                if size := getattr(card, "head", ""):
                    head = np.abs(way.synapses.columns[f"F{key}_{size}"][place].astype(np.float64))
                found[id] = way.synapses.ids_at(place), grown, head
                break
    return found


def eligibility(circuit: Circuit) -> dict[int, tuple[Ints, Floats]]:
    """By projection with gates: synapse ids, and the most any gate keeps until a third party comes."""
    found = {}
    for id, way in circuit.pathways.items():
        gates = {key for key, card in way.stack.cards if card.stage == "gate"}
        kept = [f"F{key}_{name}" for key, name in way.stack.fields if key in gates]
        if kept:
            place, now = way.synapses.expanded()[0], way.peek(circuit.now)
            found[id] = (
                way.synapses.ids_at(place),
                np.max([np.abs(now[name][place]) for name in kept], axis=0),
            )
    return found


def loci(circuit: Circuit) -> dict[int, tuple[Ints, Floats, Floats]]:
    """By projection whose P is known: synapse ids, P, and q as a share of the greatest weight.

    q is NaN where only the transmission has a release probability; that is then the one of the last spike.
    """
    found = {}
    for id, way in circuit.pathways.items():
        sends, place = way.stack.transmission, way.synapses.expanded()[0]
        if way.stack.has_loci:
            now = way.peek(circuit.now)
            found[id] = way.synapses.ids_at(place), now["Fs_P"][place], now["Fs_q"][place] / way.bounds[1]
        elif sends.probability:
            chance = np.full(place.size, way.value("t", sends.probability))
            if sends.chance:
                chance = np.where(last_spikes(way) > NEVER, _field(way, sends.chance)[place], chance)
            found[id] = way.synapses.ids_at(place), chance, np.full(place.size, np.nan)
    return found


def released(circuit: Circuit) -> dict[int, tuple[Ints, Ints, Floats]]:
    """By projection whose spikes may fail: synapse ids, the step at which the last spike left, its vesicles.

    The step is a large negative number where there was no spike yet; 0 vesicles are a failure.
    """
    found = {}
    for id, way in circuit.pathways.items():
        if way.stack.transmission.outcome:
            place, _, axon, _ = way.synapses.expanded()
            last = last_spikes(way)
            left = np.where(last > NEVER, last - axon, NEVER)
            found[id] = way.synapses.ids_at(place), left, _field(way, way.stack.transmission.outcome)[place]
    return found


def clefts(circuit: Circuit) -> dict[int, tuple[Ints, Floats, Floats]]:
    """By projection: synapse ids, transmitter (uM) each has in its own cleft, and what spilled there."""
    found = {}
    for id, way in circuit.pathways.items():
        sends = way.stack.transmission
        if sends.cleft:
            place = way.synapses.expanded()[0]
            owner = _owners(way, place)
            last = last_spikes(way)
            since = np.where(last > NEVER, circuit.now - last, 0) * 0.001 * circuit.dt
            held = _field(way, sends.cleft)[place] * np.exp(-since * _clearance(way)[owner])
            found[id] = way.synapses.ids_at(place), held, _of_glia(way, sends.around)[owner]
    return found


def returned(circuit: Circuit) -> dict[int, tuple[Ints, Floats]]:
    """By population with dendrites: the step at which a spike last arrived there, and the share that did.

    A step below 0 where none has yet.
    """
    found = {}
    for id, cells in circuit.cells.items():
        if name := cells.model.runs_back:
            made = cells.events[name].made
            found[id] = made[f"{name}_last"][: cells.n], made[f"{name}_last_size"][: cells.n]
    return found


SEEN: Mapping[str, Callable[[Circuit], dict[int, Any]]] = {
    "maturity": maturity,
    "eligibility": eligibility,
    "loci": loci,
    "released": released,
    "clefts": clefts,
    "returned": returned,
}
"""What may be looked at, by the name under which a frame carries it."""


def last_spikes(way: Pathway) -> Ints:
    """When the last spike reached each synapse (a step), in the order of `Synapses.expanded`."""
    segments = way.synapses.segments
    used = slice(way.synapses.used_segments)
    return np.repeat(segments["last"][used], segments["count"][used])


def _field(way: Pathway, name: str) -> Floats:
    """A field of the transmission, at every place of the pool."""
    column: Floats = way.synapses.columns[f"Ft_{name}"].astype(np.float64)
    return column


def _owners(way: Pathway, place: Ints) -> Ints:
    """The row of the astrocyte of each synapse, -1 for none."""
    if way.glia is None:
        return np.full(place.size, -1)
    nearest = way.territory[way.synapses.post[place]].astype(np.int64)
    if not way.stack.owned:
        return nearest
    own = way.synapses.columns[f"Fg_{OWNER}"][place].astype(np.int64)
    return np.where(own < NOBODY, nearest, own)


def _of_glia(way: Pathway, name: str) -> Floats:
    """What each astrocyte of a projection has under a name, then 0 for synapses without one."""
    if way.glia is None or not name:
        return np.zeros((way.glia.n if way.glia else 0) + 1)
    return np.append(way.glia.offered(name)[: way.glia.n].astype(np.float64), 0.0)


def _clearance(way: Pathway) -> Floats:
    """At which rate (1/s) the clefts of each astrocyte empty, then that without one."""
    sends = way.stack.transmission
    p = SimpleNamespace(**{name: way.value("t", name) for name in sends.params})
    rows = range(way.glia.n if way.glia else 0)
    rates = [sends.clearance(_Glia(way.glia, row), p) for row in rows]
    alone = sends.clearance(_Glia(None, 0), p)
    return np.array([*rates, alone], np.float64)


class _Glia:
    """One astrocyte as a hook sees it, none at all included."""

    def __init__(self, cells: Cells | None, row: int) -> None:
        self._cells, self._row = cells, row

    def __getattr__(self, name: str) -> float:
        if name == "present":
            return float(self._cells is not None)
        return float(self._cells.offered(name)[self._row]) if self._cells is not None else 0.0
