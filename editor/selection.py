"""What is selected, by id: neurons, synapses, populations and the rest; a view is told and asks the network.

Qt-free.  Nothing here holds a neuron or a synapse, only their ids, so a selection survives whatever
the engine grows or prunes: `forget` drops ids that are gone, and an id that comes back with an undo
may simply be chosen again.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Watcher = Callable[[], None]

KINDS = ("neuron", "synapse", "population", "projection", "input", "probe", "modulator", "note")
"""Every kind of thing that can be selected; individual astrocytes count as neurons here."""

NOTHING: Ids = np.empty(0, dtype=np.int64)
NOTHING.flags.writeable = False


def as_ids(ids: Iterable[int] | Ids) -> Ids:
    """Sorted int64 ids, each once, that nobody can change afterwards."""
    found = np.unique(np.asarray(ids if isinstance(ids, np.ndarray) else list(ids), dtype=np.int64))
    found.flags.writeable = False
    return found


class Selection:
    """The ids that are selected now, the ones selected before, and who wants to hear of a change.

    Watchers are held weakly: a panel that is closed stops listening by itself.
    """

    def __init__(self, remember: int = 50) -> None:
        self._chosen: dict[str, Ids] = {}
        self._watchers: list[weakref.ref[Watcher]] = []
        self._before: list[dict[str, Ids]] = []
        self._after: list[dict[str, Ids]] = []
        self._remember = remember
        self.version = 0

    def ids(self, kind: str) -> Ids:
        """The selected ids of one kind, sorted; empty when there are none."""
        if kind not in KINDS:
            raise KeyError(f"{kind!r} cannot be selected; known kinds: {', '.join(KINDS)}")
        return self._chosen.get(kind, NOTHING)

    @property
    def neurons(self) -> Ids:
        """The selected neurons (and astrocytes)."""
        return self.ids("neuron")

    @property
    def synapses(self) -> Ids:
        """The selected synapses."""
        return self.ids("synapse")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of which something is selected, in the order of `KINDS`."""
        return tuple(kind for kind in KINDS if kind in self._chosen)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is selected."""
        return not self._chosen

    @property
    def count(self) -> int:
        """How many things are selected, of all kinds together."""
        return sum(len(ids) for ids in self._chosen.values())

    @property
    def can_go_back(self) -> bool:
        """Whether something was selected before."""
        return bool(self._before)

    @property
    def can_go_forward(self) -> bool:
        """Whether a `back` can be undone."""
        return bool(self._after)

    def has(self, kind: str, one: int) -> bool:
        """Whether this one thing is selected."""
        ids = self.ids(kind)
        at = int(np.searchsorted(ids, one))
        return at < len(ids) and int(ids[at]) == one

    def choose(self, **ids_by_kind: Iterable[int] | Ids) -> None:
        """Select exactly these, for example `choose(neuron=[3, 4], synapse=[9])`."""
        fresh = {}
        for kind, ids in ids_by_kind.items():
            self.ids(kind)  # refuses a kind that does not exist
            if len(found := as_ids(ids)):
                fresh[kind] = found
        self._become(fresh)

    def add(self, kind: str, ids: Iterable[int] | Ids) -> None:
        """Select these as well."""
        self._become({**self._chosen, kind: as_ids(np.union1d(self.ids(kind), as_ids(ids)))})

    def remove(self, kind: str, ids: Iterable[int] | Ids) -> None:
        """Select these no longer."""
        self._become({**self._chosen, kind: as_ids(np.setdiff1d(self.ids(kind), as_ids(ids)))})

    def toggle(self, kind: str, ids: Iterable[int] | Ids) -> None:
        """Select those of them that are not selected, and drop those that are."""
        self._become({**self._chosen, kind: as_ids(np.setxor1d(self.ids(kind), as_ids(ids)))})

    def clear(self) -> None:
        """Select nothing."""
        self._become({})

    def forget(self, kind: str, ids: Iterable[int] | Ids) -> None:
        """These are gone from the network: drop them here and from what was selected before."""
        gone = as_ids(ids)
        for past in (*self._before, *self._after):
            if kind in past:
                past[kind] = as_ids(np.setdiff1d(past[kind], gone))
        left = as_ids(np.setdiff1d(self.ids(kind), gone))
        if len(left) != len(self.ids(kind)):
            self._chosen = _without_empty({**self._chosen, kind: left})
            self._tell()

    def back(self) -> None:
        """Select again what was selected before."""
        if self._before:
            self._after.append(self._chosen)
            self._chosen = _without_empty(self._before.pop())
            self._tell()

    def forward(self) -> None:
        """Undo one `back`."""
        if self._after:
            self._before.append(self._chosen)
            self._chosen = _without_empty(self._after.pop())
            self._tell()

    def watch(self, watcher: Watcher) -> None:
        """Call this after every change, for as long as whoever owns it lives."""
        ref = weakref.WeakMethod(watcher) if hasattr(watcher, "__self__") else weakref.ref(watcher)
        self._watchers.append(ref)

    def unwatch(self, watcher: Watcher) -> None:
        """Stop calling this."""
        self._watchers = [ref for ref in self._watchers if ref() is not None and ref() != watcher]

    def _become(self, chosen: dict[str, Ids]) -> None:
        chosen = _without_empty(chosen)
        same = chosen.keys() == self._chosen.keys() and all(
            np.array_equal(chosen[kind], self._chosen[kind]) for kind in chosen
        )
        if same:
            return
        self._before = [*self._before[1 - self._remember :], dict(self._chosen)]
        self._after = []
        self._chosen = chosen
        self._tell()

    def _tell(self) -> None:
        self.version += 1
        alive = [(ref, ref()) for ref in self._watchers]
        self._watchers = [ref for ref, watcher in alive if watcher is not None]
        for _, watcher in alive:
            if watcher is not None:
                watcher()


def _without_empty(chosen: dict[str, Ids]) -> dict[str, Ids]:
    return {kind: ids for kind, ids in chosen.items() if len(ids)}
