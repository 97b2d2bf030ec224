"""What the views are told when something changed: which ids, of which kind, and lines for the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.network.edits import (
    AddInput,
    AddLearner,
    AddModulator,
    AddNeurons,
    AddPopulation,
    AddProbe,
    AddProjection,
    AddSynapses,
    AddTask,
    Compound,
    MoveNeurons,
    MoveSynapses,
    RemoveInput,
    RemoveLearner,
    RemoveModulator,
    RemoveNeurons,
    RemovePopulation,
    RemoveProbe,
    RemoveProjection,
    RemoveSynapses,
    RemoveTask,
    Rename,
    SetNetwork,
    SetParams,
    SetRules,
    SetSynapses,
    SetTargets,
    SetTransmission,
)
from engine.network.network import Network

KINDS = ("population", "neuron", "projection", "synapse", "input", "probe", "modulator")
NONE = np.empty(0, np.int64)


@dataclass(frozen=True)
class Line:
    """A line of the log: when (ms of biological time), what, and the ids it names."""

    t: float
    text: str
    ids: tuple[int, ...] = ()
    kind: str = "note"
    """"grown", "pruned", "changed", "edit", "run", "trouble" or "note"."""


@dataclass(eq=False)
class News:
    """Everything that changed since the views were last told.

    `added`, `removed` and `changed` give ids by kind (`"synapse"`, ...); a kind that is missing did not
    change.  A projection is `changed` when synapses of it came or went.  With `everything` the whole network
    is another one.
    """

    added: dict[str, list[NDArray[np.int64]]] = field(default_factory=dict)
    removed: dict[str, list[NDArray[np.int64]]] = field(default_factory=dict)
    changed: dict[str, list[NDArray[np.int64]]] = field(default_factory=dict)
    grown: list[NDArray[np.int64]] = field(default_factory=list)
    """Synapses that the engine grew by itself; also among `added`."""
    pruned: list[NDArray[np.int64]] = field(default_factory=list)
    """Synapses that the engine pruned by itself; also among `removed`."""
    everything: bool = False
    settings: bool = False
    """The network's own settings changed: title, dt, seed."""
    history: bool = False
    """What can be undone or redone changed, or whether it is saved."""
    run: bool = False
    """Playing, speed, or the moment that is looked at changed."""
    frame: bool = False
    """There is a new picture."""
    lines: list[Line] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(
            self.touches_network or self.history or self.run or self.frame or self.lines or self.settings
        )

    @property
    def touches_network(self) -> bool:
        """Whether anything that is drawn or listed changed."""
        return bool(self.everything or self.added or self.removed or self.changed)

    def and_then(self, later: News) -> News:
        """Both as one: what happened, and what happened later."""
        both = News()
        for name in ("added", "removed", "changed"):
            mine: dict[str, list[NDArray[np.int64]]] = getattr(self, name)
            others: dict[str, list[NDArray[np.int64]]] = getattr(later, name)
            kinds = {**mine, **others}
            setattr(both, name, {kind: [*mine.get(kind, ()), *others.get(kind, ())] for kind in kinds})
        for name in ("grown", "pruned", "lines"):
            setattr(both, name, [*getattr(self, name), *getattr(later, name)])
        for name in ("everything", "settings", "history", "run", "frame"):
            setattr(both, name, getattr(self, name) or getattr(later, name))
        return both

    def ids(self, what: str, kind: str) -> NDArray[np.int64]:
        """The ids of a kind that were "added", "removed" or "changed"."""
        found = getattr(self, what).get(kind)
        return np.unique(np.concatenate(found)) if found else NONE

    def note(self, what: dict[str, list[NDArray[np.int64]]], kind: str, ids: Iterable[int]) -> None:
        """Remember ids of a kind."""
        known = np.atleast_1d(np.asarray(ids, np.int64))
        if known.size:
            what.setdefault(kind, []).append(known)

    def tell(self, inverse: Any, network: Network) -> None:
        """Remember what an edit did, which is read off the inverse it returned; `network` is as it now is."""
        match inverse:
            case Compound(edits=parts):
                for part in parts:
                    self.tell(part, network)
            case AddPopulation(population=record):
                self.note(self.removed, "population", [record.id])
                self.note(self.removed, "neuron", record.neuron_ids)
            case RemovePopulation(population=id):
                self.note(self.added, "population", [id])
                self.note(self.added, "neuron", _neurons_of(network, id))
            case AddNeurons():
                self.note(self.removed, "neuron", inverse.ids)
                self.note(self.changed, "population", [inverse.population])
            case RemoveNeurons():
                self.note(self.added, "neuron", inverse.ids)
                self.note(self.changed, "population", np.unique(network.population_of(inverse.ids)))
            case MoveNeurons():
                self.note(self.changed, "neuron", inverse.ids)
            case AddProjection(projection=record):
                self.note(self.removed, "projection", [record.id])
                self.note(self.removed, "synapse", record.synapses.id)
            case RemoveProjection(projection=id):
                self.note(self.added, "projection", [id])
                self.note(self.added, "synapse", _synapses_of(network, id))
            case AddSynapses():
                self.note(self.removed, "synapse", inverse.ids)
                self.note(self.changed, "projection", [inverse.projection])
            case RemoveSynapses():
                self.note(self.added, "synapse", inverse.ids)
                self.note(self.changed, "projection", _owners(network, inverse.ids))
            case SetSynapses():
                self.note(self.changed, "synapse", inverse.ids)
            case MoveSynapses():
                self.note(self.changed, "synapse", inverse.ids)
                owners = [inverse.to_projection, *_owners(network, inverse.ids)]
                self.note(self.changed, "projection", owners)
            case SetRules(projection=id) | SetTransmission(projection=id):
                self.note(self.changed, "projection", [id])
            case AddInput(input=record):
                self.note(self.removed, "input", [record.id])
            case RemoveInput(input=id):
                self.note(self.added, "input", [id])
            case AddProbe(probe=record):
                self.note(self.removed, "probe", [record.id])
            case RemoveProbe(probe=id):
                self.note(self.added, "probe", [id])
            case AddModulator(modulator=record):
                self.note(self.removed, "modulator", [record.id])
            case RemoveModulator(modulator=id):
                self.note(self.added, "modulator", [id])
            case AddTask(task=record):
                self.note(self.removed, "task", [record.id])
            case RemoveTask(task=id):
                self.note(self.added, "task", [id])
            case AddLearner(learner=record):
                self.note(self.removed, "learner", [record.id])
            case RemoveLearner(learner=id):
                self.note(self.added, "learner", [id])
            case SetParams():
                self._things(inverse.targets, network)
            case SetTargets(thing=id) | Rename(thing=id):
                self._things([id], network)
            case SetNetwork():
                self.settings = True
            case _:  # an edit that this list does not know: views look at everything
                self.everything = True

    def tell_settings(self, edit: Any, network: Network) -> None:
        """Remember what parameters an edit set: its inverse may name the population of a neuron instead."""
        if isinstance(edit, Compound):
            for part in edit.edits:
                self.tell_settings(part, network)
        elif isinstance(edit, SetParams):
            self._things(edit.targets, network)

    def _things(self, ids: Iterable[int], network: Network) -> None:
        known = np.atleast_1d(np.asarray(ids, np.int64))
        owners = network.population_of(known)
        self.note(self.changed, "neuron", known[owners != 0])
        for id in known[owners == 0].tolist():
            if (record := network.thing(id)) is not None:
                self.note(self.changed, type(record).__name__.lower(), [id])


def _neurons_of(network: Network, population: int) -> NDArray[np.int64]:
    found = network.populations.get(population)
    return NONE if found is None else found.neuron_ids


def _synapses_of(network: Network, projection: int) -> NDArray[np.int64]:
    found = network.projections.get(projection)
    return NONE if found is None else found.synapses.id


def _owners(network: Network, synapses: NDArray[np.int64]) -> list[int]:
    return [int(id) for id in np.unique(network.projection_of(synapses)) if id]
