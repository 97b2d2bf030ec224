# ruff: noqa: D102 - what `label`, `misfit`, `objection`, `advice` and `change` are, `Edit` says
"""Edits of populations and of the neurons in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.counting import counted
from engine.network import declared, fit, sense
from engine.network.columns import Value, distinct, fixed, ints, parameters, places
from engine.network.edits.base import NOTHING, Edit, together
from engine.network.edits.instruments import let_go
from engine.network.edits.projections import RemoveProjection, RemoveSynapses
from engine.network.edits.settings import SetParams
from engine.network.parts import SWITCHES, Population
from engine.network.problems import Problems

if TYPE_CHECKING:
    from engine.network.circuit import Circuit


@dataclass(frozen=True, eq=False)
class AddPopulation(Edit):
    """Add a population with its neurons (or astrocytes)."""

    population: Population
    carries = {"population": Population}

    def __post_init__(self) -> None:
        self.keep(population=self.population.copy())

    @property
    def label(self) -> str:
        return f"add {self.population.label}"

    def misfit(self, net: Circuit) -> str:
        return fit.population_misfit(net, self.population)

    def objection(self, net: Circuit) -> Problems:
        yield from sense.of_record(net, self.population)

    def change(self, net: Circuit) -> Edit:
        net.put(self.population.copy())
        return RemovePopulation(self.population.id, restoring=True)


AddAstrocytes = AddPopulation


@dataclass(frozen=True, eq=False)
class RemovePopulation(Edit):
    """Remove a population with everything that hangs on it."""

    population: int

    @property
    def label(self) -> str:
        return "delete population"

    def change(self, net: Circuit) -> Edit:
        population = net.populations.get(self.population)
        if population is None:
            return NOTHING
        undo: list[Edit] = []
        for id, projection in list(net.projections.items()):
            if population.id in (projection.pre, projection.post):
                undo.append(RemoveProjection(id, restoring=True).change(net))
            elif projection.astrocytes == population.id:
                undo.append(SetParams(ints(id), {"astrocytes": None}, restoring=True).change(net))
        undo.extend(let_go(net, population.neuron_ids))
        del net.populations[population.id]
        net.neurons_changed()
        return together([AddPopulation(population, restoring=True), *undo])


@dataclass(frozen=True, eq=False)
class AddNeurons(Edit):
    """Add neurons to a population; what `params` does not give is as for the rest, or as declared."""

    population: int
    ids: NDArray[np.int64]
    positions: NDArray[np.float64]
    params: Mapping[str, Value] = field(default_factory=dict)
    names: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        names = None if self.names is None else tuple(self.names)
        self.keep(
            ids=ints(self.ids), positions=places(self.positions), params=parameters(self.params), names=names
        )

    @property
    def label(self) -> str:
        return f"add {counted(self.ids.size, 'neuron')}"

    def misfit(self, net: Circuit) -> str:
        population = net.populations.get(self.population)
        if population is None:
            return ""
        for name, value in self.params.items():
            has = population.params.get(name)
            if isinstance(value, str) and not (isinstance(has, str) and has == value):
                return f"{name} is one choice for all of {population.label!r}; set it on the population"
        return fit.new_ids_misfit(net, self.ids, "neuron") or fit.neurons_misfit(
            self.ids, self.positions, self.params, self.names, population.label
        )

    def objection(self, net: Circuit) -> Problems:
        population = net.populations.get(self.population)
        if population is not None:
            shared = {name: one for name, one in population.params.items() if not isinstance(one, np.ndarray)}
            params = {n: value for n, value in {**shared, **self.params}.items() if n not in SWITCHES}
            yield from declared.param_problems(
                population.model, population.kind, params, population.label, states=True
            )

    def change(self, net: Circuit) -> Edit:
        population = net.populations.get(self.population)
        if population is None or not self.ids.size:
            return NOTHING
        old, new = len(population), self.ids.size
        ids = np.concatenate([population.neuron_ids, self.ids])
        order = np.argsort(ids, kind="stable")
        before: dict[str, Any] = {}
        for name in {**population.params, **population.columns, **self.params}:
            has = population.given(name)
            gets = self.params.get(name, has if not isinstance(has, np.ndarray) else None)
            if not isinstance(has, np.ndarray):
                if isinstance(gets, str) or (not isinstance(gets, np.ndarray) and gets == has):
                    continue
                before[name] = has
            inherited = declared.default_of(population, name)
            first = np.broadcast_to(np.asarray(inherited if has is None else has, np.float64), (old,))
            last = np.broadcast_to(np.asarray(inherited if gets is None else gets, np.float64), (new,))
            population.give(name, fixed(np.concatenate([first, last])[order]))
        if population.names is None and self.names is not None:
            before["names"] = None
        if population.names is not None or self.names is not None:
            names = [*(population.names or [""] * old), *(self.names or [""] * new)]
            population.names = [names[row] for row in order]
        population.positions = fixed(np.concatenate([population.positions, self.positions])[order])
        population.neuron_ids = fixed(ids[order])
        net.ids.pass_by(self.ids)
        net.neurons_changed()
        undo: list[Edit] = [RemoveNeurons(self.ids, restoring=True)]
        if before:
            undo.append(SetParams(ints(population.id), before, restoring=True))
        return together(undo)


@dataclass(frozen=True, eq=False)
class RemoveNeurons(Edit):
    """Remove neurons with their synapses and their places in inputs, probes and modulators."""

    ids: NDArray[np.int64]

    def __post_init__(self) -> None:
        self.keep(ids=ints(self.ids))

    @property
    def label(self) -> str:
        return f"delete {counted(self.ids.size, 'neuron')}"

    def change(self, net: Circuit) -> Edit:
        gone = distinct(self.ids)
        owners = net.population_of(gone)
        gone, owners = gone[owners != 0], owners[owners != 0]
        if not gone.size:
            return NOTHING
        synapses: list[Edit] = [
            RemoveSynapses(ids, restoring=True).change(net) for ids in net.incident(gone).values()
        ]
        instruments = let_go(net, gone)
        neurons: list[Edit] = []
        for id in np.unique(owners).tolist():
            population = net.populations[id]
            rows = population.rows(gone[owners == id])
            stay = np.ones(len(population), np.bool_)
            stay[rows] = False
            columns = population.columns
            names = None if population.names is None else tuple(population.names[row] for row in rows)
            neurons.append(
                AddNeurons(
                    id,
                    population.neuron_ids[rows],
                    population.positions[rows],
                    {name: column[rows] for name, column in columns.items()},
                    names,
                    restoring=True,
                )
            )
            for name, column in columns.items():
                population.give(name, fixed(column[stay]))
            population.neuron_ids = fixed(population.neuron_ids[stay])
            population.positions = fixed(population.positions[stay])
            if population.names is not None:
                population.names = [population.names[row] for row in np.flatnonzero(stay)]
        net.neurons_changed()
        return together([*neurons, *synapses, *instruments])


@dataclass(frozen=True, eq=False)
class MoveNeurons(Edit):
    """Put neurons somewhere else; distance wiring, growth and territories read where they are."""

    ids: NDArray[np.int64]
    at: NDArray[np.float64]

    def __post_init__(self) -> None:
        self.keep(ids=ints(self.ids), at=places(self.at))

    @property
    def label(self) -> str:
        return "move"

    def misfit(self, net: Circuit) -> str:
        return fit.lengths_misfit("neurons to move", ids=self.ids, positions=self.at) or fit.finite_misfit(
            "positions", self.at
        )

    def change(self, net: Circuit) -> Edit:
        owners = net.population_of(self.ids)
        here = owners != 0
        if not here.any():
            return NOTHING
        was = net.positions_of(self.ids[here])
        for id in np.unique(owners[here]).tolist():
            population = net.populations[id]
            mine = owners == id
            at = population.positions.copy()
            at[population.rows(self.ids[mine])] = self.at[mine]
            population.positions = fixed(at)
        return MoveNeurons(self.ids[here], was, restoring=True)
