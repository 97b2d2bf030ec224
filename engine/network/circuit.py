"""What a network holds: records and columns under ids that never change, and how to find them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.counting import counted
from engine.errors import UnknownName, UsageError, nearest
from engine.network.canonical import describe, rebuild
from engine.network.given import number, text, whole
from engine.network.ids import Ids
from engine.network.parts import Input, Learner, Modulator, Population, Probe, Projection, Task, Thing

T = TypeVar("T", Population, Projection, Input, Probe, Modulator, Task, Learner)
SPREAD = 4
"""Ids this many times as many as neurons are still looked up in a table of all."""
Ints = NDArray[np.int64]


class Circuit:
    """Populations, projections, what is attached, tasks and learners, each in a dict in id order.

    Args:
        dt: the step, ms.
        seed: what all chance in wiring and in runs follows from.
        precision: "double" or "single", the numbers a run computes with.
        title: what a window shows.
        notes: what its author wants remembered.

    `slow` is how many times faster than life homeostasis, structure and consolidation go; `sweep` the
    number of steps after which a run commits all lazy state.  `version` grows with every change, `ids` gives
    new ids.
    """

    def __init__(
        self, dt: float = 0.1, seed: int = 1, precision: str = "double", title: str = "", notes: str = ""
    ) -> None:
        self.dt = number(dt, "dt", "ms, such as 0.1")
        if not 0.0 < self.dt < float("inf"):
            raise UsageError(f"dt is {dt} ms; the step must be longer than nothing, such as 0.1")
        if not isinstance(precision, str) or precision not in ("double", "single"):
            raise UsageError(f'precision is {precision!r}; it must be "double" or "single"')
        self.seed = whole(seed, "seed", 0)
        self.precision = precision
        self.slow = 1.0
        self.sweep = 10_000
        self.title = text(title, "title")
        self.notes = text(notes, "notes")
        self.populations: dict[int, Population] = {}
        self.projections: dict[int, Projection] = {}
        self.inputs: dict[int, Input] = {}
        self.probes: dict[int, Probe] = {}
        self.modulators: dict[int, Modulator] = {}
        self.tasks: dict[int, Task] = {}
        self.learners: dict[int, Learner] = {}
        self.unknown: dict[str, Any] = {}
        self.ids = Ids()
        self.version = 0
        self._neurons: tuple[Ints, Ints, Ints] | None = None

    def __repr__(self) -> str:
        name = f" {self.title!r}" if self.title else ""
        return (
            f"<Network{name}: {counted(self.neuron_count, 'neuron')} in "
            f"{counted(len(self.populations), 'population')}, "
            f"{counted(self.synapse_count, 'synapse')} in {counted(len(self.projections), 'projection')}>"
        )

    # -- finding -----------------------------------------------------------------------------------

    def thing(self, id: int) -> Thing | None:
        """The record with this id, or None when there is none (any more)."""
        for shelf in self._shelves():
            if id in shelf:
                found: Thing = shelf[id]
                return found
        return None

    def records(self) -> Iterator[Thing]:
        """Every record, populations first."""
        for shelf in self._shelves():
            yield from shelf.values()

    def shelf(self, record: T | type[T]) -> dict[int, T]:
        """The dict that records of this kind stand in."""
        kind = record if isinstance(record, type) else type(record)
        shelves: dict[type, Any] = {
            Population: self.populations,
            Projection: self.projections,
            Input: self.inputs,
            Probe: self.probes,
            Modulator: self.modulators,
            Task: self.tasks,
            Learner: self.learners,
        }
        found: dict[int, T] = shelves[kind]
        return found

    def _shelves(self) -> tuple[dict[int, Any], ...]:
        attached = self.inputs, self.probes, self.modulators
        return self.populations, self.projections, *attached, self.tasks, self.learners

    def labelled(self, label: str, shelf: Mapping[int, Any], what: str) -> int:
        """The id of the one record on a shelf with this label."""
        found = [id for id, record in shelf.items() if record.label == text(label, what)]
        if not found:
            known = [record.label for record in shelf.values()]
            raise UnknownName(f"there is no {what} called {label!r}{nearest(label, known)}")
        if len(found) > 1:
            raise UsageError(f"{len(found)} {what}s are called {label!r} (ids {found}); rename one of them")
        return found[0]

    @property
    def neuron_count(self) -> int:
        """How many neurons and astrocytes there are."""
        return sum(len(population) for population in self.populations.values())

    @property
    def synapse_count(self) -> int:
        """How many synapses there are."""
        return sum(len(projection.synapses) for projection in self.projections.values())

    @property
    def neuron_ids(self) -> Ints:
        """The ids of every neuron and astrocyte, increasing."""
        return self._neuron_index()[0]

    def population_of(self, ids: ArrayLike) -> Ints:
        """The id of the population of each neuron, 0 where there is no such neuron."""
        wanted = np.atleast_1d(np.asarray(ids, np.int64))
        known, owners, by_id = self._neuron_index()
        if not known.size:
            return np.zeros(wanted.shape, np.int64)
        if by_id.size:
            found: Ints = np.take(by_id, wanted - (known[0] - 1), mode="clip")
            return found
        place = np.minimum(np.searchsorted(known, wanted), known.size - 1)
        return np.where(known[place] == wanted, owners[place], 0)

    def projection_of(self, ids: ArrayLike) -> Ints:
        """The id of the projection of each synapse, 0 where there is no such synapse."""
        wanted = np.atleast_1d(np.asarray(ids, np.int64))
        owner = np.zeros(wanted.shape, np.int64)
        for id, projection in self.projections.items():
            missing = np.flatnonzero(owner == 0)
            if not missing.size:
                break
            here = projection.synapses.has(wanted[missing])
            owner[missing[here]] = id
        return owner

    def positions_of(self, ids: ArrayLike) -> NDArray[np.float64]:
        """Where neurons are, (n, 3) um; NaN for those that are gone."""
        wanted = np.atleast_1d(np.asarray(ids, np.int64))
        at = np.full((wanted.size, 3), np.nan)
        owners = self.population_of(wanted)
        for id in np.unique(owners[owners != 0]).tolist():
            here = owners == id
            population = self.populations[id]
            at[here] = population.positions[population.rows(wanted[here])]
        return at

    def incident(self, neurons: ArrayLike) -> dict[int, Ints]:
        """The synapses that start or end at any of these neurons, by projection, sorted."""
        wanted = np.atleast_1d(np.asarray(neurons, np.int64))
        owners = set(self.population_of(wanted).tolist())
        found = {}
        for id, projection in self.projections.items():
            if projection.pre not in owners and projection.post not in owners:
                continue
            table = projection.synapses
            touched = np.isin(table.pre, wanted) | np.isin(table.post, wanted)
            if touched.any():
                found[id] = np.sort(table.id[touched])
        return found

    def taken(self, ids: ArrayLike) -> NDArray[np.bool_]:
        """Whether each id names something: a neuron, a synapse or a record."""
        wanted = np.atleast_1d(np.asarray(ids, np.int64))
        if wanted.size and int(wanted.min()) > max(self.ids.furthest, 0):
            return np.zeros(wanted.shape, np.bool_)  # fresh ids, as almost always: nothing to look through
        taken: NDArray[np.bool_] = np.isin(wanted, [id for shelf in self._shelves() for id in shelf])
        taken |= self.population_of(wanted) != 0
        taken |= self.projection_of(wanted) != 0
        return taken

    def _neuron_index(self) -> tuple[Ints, Ints, Ints]:
        """All neuron ids, sorted; the population of each; and that of every id of their span, 0 for none.

        The last is empty where ids lie far apart; it has one id more at either end.
        """
        if self._neurons is None:
            groups = list(self.populations.values())
            ids = np.concatenate([np.empty(0, np.int64), *(group.neuron_ids for group in groups)])
            owners = np.repeat([group.id for group in groups], [len(group) for group in groups])
            order = np.argsort(ids, kind="stable")
            ids, owners = ids[order], owners.astype(np.int64)[order]
            by_id = np.zeros(0, np.int64)
            if ids.size and int(ids[-1]) - int(ids[0]) < SPREAD * (ids.size + 1000):
                by_id = np.zeros(int(ids[-1]) - int(ids[0]) + 3, np.int64)
                by_id[ids - ids[0] + 1] = owners
            self._neurons = ids, owners, by_id
        return self._neurons

    # -- changing: for edits only ------------------------------------------------------------------

    def put(self, record: Thing) -> None:
        """Set a record on its shelf, in id order, and count on from beyond every id it brings."""
        shelf: dict[int, Any] = self.shelf(record)
        last = next(reversed(shelf), None)
        shelf[record.id] = record
        if last is not None and record.id < last:
            ordered = sorted(shelf.items())
            shelf.clear()
            shelf.update(ordered)
        self.ids.pass_by(record.id)
        if isinstance(record, Population):
            self.ids.pass_by(record.neuron_ids)
            self.neurons_changed()
        elif isinstance(record, Projection):
            self.ids.pass_by(record.synapses.id)
        elif isinstance(record, Probe | Input):
            self.ids.pass_by(record.targets)  # a probe may wait for a synapse that is gone

    def neurons_changed(self) -> None:
        """Forget which neuron is where; the next question finds out."""
        self._neurons = None

    # -- whole networks ----------------------------------------------------------------------------

    def canonical(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """The network as plain JSON values and named columns, by id: equal networks give equal results.

        The counter of new ids is no part of it.  Columns are named "population-3/positions" and so on, and
        stand in the description as `{"column": name}`.
        """
        return describe(self)

    @classmethod
    def from_canonical(cls, description: dict[str, Any], tables: dict[str, NDArray[Any]]) -> Self:
        """The network that `canonical` described; raises UsageError naming the place of what is wrong."""
        network = cls()
        rebuild(network, description, tables)
        return network

    def copy(self) -> Self:
        """An independent network; columns are shared until one of the two changes."""
        twin = type(self)(self.dt, self.seed, self.precision, self.title, self.notes)
        twin.slow, twin.sweep, twin.unknown = self.slow, self.sweep, dict(self.unknown)
        for mine, other in zip(self._shelves(), twin._shelves(), strict=True):
            other.update({id: record.copy() for id, record in mine.items()})
        twin.ids, twin.version, twin._neurons = self.ids.copy(), self.version, self._neurons
        return twin
