# ruff: noqa: D102 - what `label`, `misfit`, `objection`, `advice` and `change` are, `Edit` says
"""Edits of numbers, names and switches: parameters, attributes, labels and the network's own settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.network import fit, sense
from engine.network.columns import Value, floats, ints, parameter, setting
from engine.network.declared import default_of, is_list
from engine.network.edits.base import NOTHING, Edit, together
from engine.network.parts import (
    ATTRIBUTES,
    Input,
    Learner,
    Modulator,
    Population,
    Projection,
    Task,
    Thing,
    draft,
)
from engine.network.problems import Problems

if TYPE_CHECKING:
    from engine.network.circuit import Circuit


@dataclass(frozen=True, eq=False)
class SetParams(Edit):
    """Give neurons, or whole things, other values; None takes an override away.

    `targets` are neuron ids, or ids of populations, projections, inputs, probes and modulators.  For neurons
    a value is one number or one per neuron.  For a thing it is a parameter of its model or one of its
    attributes: `sign passes group notes names` of a population, `w_min w_max dendritic astrocytes frozen
    learns_from enabled` of a projection and `"stdp_pair.tau_pre"` of its rules, `weight delay enabled` and
    the lists of an input, `what every enabled` of a probe, `delay enabled` of a modulator.  The switches
    `enabled frozen clamped` are for neurons as for populations.
    """

    targets: NDArray[np.int64]
    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        self.keep(
            targets=ints(self.targets),
            values={name: _kept(name, value) for name, value in self.values.items()},
        )

    @property
    def label(self) -> str:
        if len(self.values) > 1:
            return f"change {len(self.values)} values"
        return "change " + " ".join(self.values).replace(".", " ").replace("_", " ")

    def misfit(self, net: Circuit) -> str:
        owners = net.population_of(self.targets)
        for name, value in self.values.items():
            if (owners != 0).any() and (reason := fit.neurons_setting_misfit(net, self.targets, name, value)):
                return reason
            for id in self.targets[owners == 0].tolist():
                record = net.thing(id)
                if record is not None and (reason := fit.setting_misfit(net, record, name, value)):
                    return reason
        return ""

    def objection(self, net: Circuit) -> Problems:
        trial: dict[int, Thing] = {}
        for part, rows, values in self._parts(net):
            record = trial.setdefault(part.id, draft(part))
            unnamed = list(sense.of_names(record, values, of_neurons=rows is not None))
            if unnamed:
                yield from unnamed
                return
            if isinstance(record, Population) and rows is not None:
                _set_rows(record, rows, values)
            else:
                for name, value in values.items():
                    _set(record, name, value)
        for record in trial.values():
            yield from sense.of_record(net, record)

    def change(self, net: Circuit) -> Edit:
        undo: list[Edit] = []
        for record, rows, values in self._parts(net):
            if isinstance(record, Population) and rows is not None:
                undo.extend(_set_rows(record, rows, values))
            else:
                before = {name: _get(record, name) for name in values}
                for name, value in values.items():
                    _set(record, name, value)
                undo.append(SetParams(ints(record.id), before, restoring=True))
        return together(undo[::-1], self.label) if undo else NOTHING

    def _parts(self, net: Circuit) -> list[tuple[Thing, NDArray[np.int64] | None, dict[str, Any]]]:
        """Whom it concerns: a record, the rows in it (None for all of it) and the values they get."""
        owners = net.population_of(self.targets)
        parts: list[tuple[Thing, NDArray[np.int64] | None, dict[str, Any]]] = []
        for id in np.unique(owners[owners != 0]).tolist():
            population = net.populations[id]
            mine = owners == id
            rows = population.rows(self.targets[mine])
            values = {k: v[mine] if isinstance(v, np.ndarray) else v for k, v in self.values.items()}
            parts.append((population, rows, values))
        for id in self.targets[owners == 0].tolist():
            record = net.thing(id)
            if record is not None:
                parts.append((record, None, dict(self.values)))
        return parts


def _kept(name: str, value: Any) -> Any:
    """A value as the edit keeps it; a list of names stays one when it is empty."""
    return tuple(value) if name == "names" and isinstance(value, list | tuple) else setting(value, name)


def _set_rows(population: Population, rows: NDArray[np.int64], values: Mapping[str, Any]) -> list[Edit]:
    """Give some neurons of a population other values; a number becomes a column only where it must."""
    undo: list[Edit] = []
    everyone = np.unique(rows).size == len(population)
    ids = population.neuron_ids[rows]
    for name, value in values.items():
        has = population.given(name)
        if everyone and not isinstance(value, np.ndarray):
            new = value
        else:
            base = default_of(population, name) if has is None else has
            column = np.array(np.broadcast_to(np.asarray(base, np.float64), (len(population),)))
            column[rows] = default_of(population, name) if value is None else value
            new = floats(column)
        if isinstance(has, np.ndarray) and isinstance(new, np.ndarray):
            undo.append(SetParams(ids, {name: has[rows]}, restoring=True))
        else:
            undo.append(SetParams(ints(population.id), {name: has}, restoring=True))
        _set(population, name, new)
    return undo


def _get(record: Thing, name: str) -> Any:
    """The value of an attribute or an override, None where there is none."""
    if name in ATTRIBUTES[type(record)]:
        return _kept(name, getattr(record, name))
    if isinstance(record, Projection) and "." in name:
        slug, _, param = name.partition(".")
        found = [card.params.get(param) for card in record.rules if card.slug == slug]
        return found[0] if found else None
    if isinstance(record, Input | Task) and name in record.lists:
        return record.lists[name]
    return _params(record).get(name)


def _set(record: Thing, name: str, value: Any) -> None:
    if name in ATTRIBUTES[type(record)]:
        setattr(record, name, ATTRIBUTES[type(record)][name](value))
    elif isinstance(record, Projection) and "." in name:
        slug, _, param = name.partition(".")
        cards = []
        for card in record.rules:
            if card.slug == slug:
                rest = {key: known for key, known in card.params.items() if key != param}
                number = value if isinstance(value, str | None) else float(value)
                card = replace(card, params=rest if number is None else {**rest, param: number})
            cards.append(card)
        record.rules = tuple(cards)
    elif isinstance(record, Input | Task) and (name in record.lists or is_list(record.model, name)):
        if value is None:
            record.lists.pop(name, None)
        else:
            record.lists[name] = floats(value)
    elif value is None:
        _params(record).pop(name, None)
    else:
        _params(record)[name] = parameter(value)


def _params(record: Thing) -> dict[str, Value]:
    if isinstance(record, Projection):
        return record.transmission_params
    return record.params if isinstance(record, Population | Input | Modulator | Task | Learner) else {}


@dataclass(frozen=True, eq=False)
class Rename(Edit):
    """Call a population, a projection or an attached thing something else."""

    thing: int
    name: str

    @property
    def label(self) -> str:
        return "rename"

    def change(self, net: Circuit) -> Edit:
        record = net.thing(self.thing)
        if record is None:
            return NOTHING
        was, record.label = record.label, self.name
        return Rename(self.thing, was, restoring=True)


@dataclass(frozen=True, eq=False)
class SetNetwork(Edit):
    """Change what holds for the whole network: dt, seed, precision, slow, sweep, title, notes."""

    values: Mapping[str, float | int | str]

    @property
    def label(self) -> str:
        return f"change {' '.join(self.values)}" if len(self.values) == 1 else "change settings"

    def misfit(self, net: Circuit) -> str:
        return fit.network_misfit(self.values)

    def objection(self, net: Circuit) -> Problems:
        yield from sense.of_network(net, self.values)

    def change(self, net: Circuit) -> Edit:
        before = {name: getattr(net, name) for name in self.values}
        for name, value in self.values.items():
            setattr(net, name, type(getattr(net, name))(value))
        return SetNetwork(before, restoring=True)
