# ruff: noqa: D102 - what `label`, `misfit`, `objection`, `advice` and `change` are, `Edit` says
"""Edits of what is attached to a circuit: inputs, probes and modulators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.counting import counted
from engine.network import fit, sense
from engine.network.columns import Value, ints, parameter, setting
from engine.network.edits.base import NOTHING, Edit
from engine.network.parts import ATTRIBUTES, Input, Instrument, Modulator, Probe, targets_of
from engine.network.problems import Problems

if TYPE_CHECKING:
    from engine.network.circuit import Circuit


@dataclass(frozen=True, eq=False)
class AddInput(Edit):
    """Give neurons a stimulus."""

    input: Input
    carries = {"input": Input}

    def __post_init__(self) -> None:
        self.keep(input=self.input.copy())

    @property
    def label(self) -> str:
        return f"add {self.input.label or 'input'}"

    def misfit(self, net: Circuit) -> str:
        return fit.instrument_misfit(net, self.input)

    def objection(self, net: Circuit) -> Problems:
        yield from sense.of_record(net, self.input)

    def change(self, net: Circuit) -> Edit:
        return _attach(net, self.input, RemoveInput(self.input.id, restoring=True))


@dataclass(frozen=True, eq=False)
class RemoveInput(Edit):
    """Take a stimulus away."""

    input: int

    @property
    def label(self) -> str:
        return "delete input"

    def change(self, net: Circuit) -> Edit:
        record = net.inputs.pop(self.input, None)
        return NOTHING if record is None else AddInput(record, restoring=True)


@dataclass(frozen=True, eq=False)
class AddProbe(Edit):
    """Record a quantity of neurons or synapses."""

    probe: Probe
    carries = {"probe": Probe}

    def __post_init__(self) -> None:
        self.keep(probe=self.probe.copy())

    @property
    def label(self) -> str:
        return "add probe"

    def misfit(self, net: Circuit) -> str:
        return fit.instrument_misfit(net, self.probe)

    def objection(self, net: Circuit) -> Problems:
        yield from sense.of_probe(net, self.probe)

    def change(self, net: Circuit) -> Edit:
        return _attach(net, self.probe, RemoveProbe(self.probe.id, restoring=True))


@dataclass(frozen=True, eq=False)
class RemoveProbe(Edit):
    """Take a probe away; what it recorded in a run stays with the run."""

    probe: int

    @property
    def label(self) -> str:
        return "delete probe"

    def change(self, net: Circuit) -> Edit:
        record = net.probes.pop(self.probe, None)
        return NOTHING if record is None else AddProbe(record, restoring=True)


@dataclass(frozen=True, eq=False)
class AddModulator(Edit):
    """Let neurons release a substance that rules can wait for."""

    modulator: Modulator
    carries = {"modulator": Modulator}

    def __post_init__(self) -> None:
        self.keep(modulator=self.modulator.copy())

    @property
    def label(self) -> str:
        return f"add {self.modulator.label}"

    def misfit(self, net: Circuit) -> str:
        return fit.instrument_misfit(net, self.modulator)

    def objection(self, net: Circuit) -> Problems:
        yield from sense.of_modulator(net, self.modulator)

    def change(self, net: Circuit) -> Edit:
        return _attach(net, self.modulator, RemoveModulator(self.modulator.id, restoring=True))


@dataclass(frozen=True, eq=False)
class RemoveModulator(Edit):
    """Take a modulator away."""

    modulator: int

    @property
    def label(self) -> str:
        return "delete modulator"

    def change(self, net: Circuit) -> Edit:
        record = net.modulators.pop(self.modulator, None)
        return NOTHING if record is None else AddModulator(record, restoring=True)


@dataclass(frozen=True, eq=False)
class SetTargets(Edit):
    """Attach an input, a probe or a modulator to other neurons (or synapses).

    `columns` gives parameters that hold one number per target; without it such columns keep the numbers
    of the targets that stay, and others get the first number.
    """

    thing: int
    targets: NDArray[np.int64]
    columns: Mapping[str, Value | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keep(
            targets=ints(self.targets),
            columns={name: setting(value, name) for name, value in self.columns.items()},
        )

    @property
    def label(self) -> str:
        return "attach"

    def misfit(self, net: Circuit) -> str:
        record = net.thing(self.thing)
        if record is None:
            return ""
        if not isinstance(record, Input | Probe | Modulator):
            return f"{record.label!r} has no targets; only inputs, probes and modulators do"
        for name, column in self.columns.items():
            if name in ATTRIBUTES[type(record)] and name != "weight":
                return f"{name} of {record.label!r} is one number for all; set it by itself"
            if isinstance(column, np.ndarray) and column.size != self.targets.size:
                many = f"{counted(column.size, 'number')} for {counted(self.targets.size, 'target')}"
                return f"{name} has {many}; give one for each"
        for name, column in _columns(record).items():
            if not column.size and self.targets.size and name not in self.columns:
                return f"{name} of {record.label!r} is one number per target; give it for the new targets"
        return ""

    def objection(self, net: Circuit) -> Problems:
        record = net.thing(self.thing)
        if isinstance(record, Input | Probe | Modulator):
            unnamed = list(sense.of_names(record, self.columns))
            yield from unnamed
            if not unnamed:
                trial = record.copy()
                self._aim(net, trial)
                yield from sense.of_record(net, trial)

    def change(self, net: Circuit) -> Edit:
        record = net.thing(self.thing)
        if not isinstance(record, Input | Probe | Modulator):
            return NOTHING
        before: dict[str, Value | None] = {name: _get(record, name) for name in self.columns}
        undo = SetTargets(self.thing, targets_of(record), {**before, **_columns(record)}, restoring=True)
        self._aim(net, record)
        return undo

    def _aim(self, net: Circuit, record: Instrument) -> None:
        kept = np.ones(self.targets.size, np.bool_)
        if not isinstance(record, Probe):
            kept = net.population_of(self.targets) != 0
        targets = self.targets[kept]
        rows = np.maximum(_places_in(targets_of(record), targets), 0)
        for name, column in _columns(record).items():
            if column.size and name not in self.columns:
                _put(record, name, column[rows])
        for name, value in self.columns.items():
            _put(record, name, value[kept] if isinstance(value, np.ndarray) else value)
        _aim(record, targets)


def let_go(net: Circuit, neurons: NDArray[np.int64]) -> list[Edit]:
    """Detach everything from neurons that are about to go; what is left without any target goes too.

    Returns the edits that attach it again, to be applied once the neurons are back.
    """
    undo: list[Edit] = []
    shelves: tuple[tuple[Mapping[int, Instrument], Callable[..., Edit]], ...] = (
        (net.inputs, RemoveInput),
        (net.probes, RemoveProbe),
        (net.modulators, RemoveModulator),
    )
    for shelf, removal in shelves:
        for id, record in list(shelf.items()):
            targets = targets_of(record)
            stay = ~np.isin(targets, neurons)
            if stay.all():
                continue
            if not stay.any():
                undo.append(removal(id, restoring=True).change(net))
                continue
            columns = _columns(record)
            undo.append(SetTargets(id, targets, columns, restoring=True))
            for name, column in columns.items():
                _put(record, name, column[stay])
            _aim(record, targets[stay])
    return undo


def _attach(net: Circuit, record: Instrument, inverse: Edit) -> Edit:
    """Set a record on its shelf, without the neurons that are gone."""
    record = record.copy()
    if not isinstance(record, Probe):
        stay = net.population_of(targets_of(record)) != 0
        if not stay.all():
            for name, column in _columns(record).items():
                _put(record, name, column[stay])
            _aim(record, targets_of(record)[stay])
    net.put(record)
    return inverse


def _columns(record: Instrument) -> dict[str, NDArray[np.float64]]:
    """The parameters of a record that hold one number per target."""
    if isinstance(record, Probe):
        return {}
    found = {name: value for name, value in record.params.items() if isinstance(value, np.ndarray)}
    if isinstance(record, Input) and isinstance(record.weight, np.ndarray):
        found["weight"] = record.weight
    return found


def _get(record: Instrument, name: str) -> Value | None:
    if isinstance(record, Input) and name == "weight":
        return record.weight
    return None if isinstance(record, Probe) else record.params.get(name)


def _put(record: Instrument, name: str, value: Value | None) -> None:
    if isinstance(record, Probe):
        return
    if value is None:
        record.params.pop(name, None)
    elif isinstance(record, Input) and name == "weight":
        record.weight = parameter(value)
    else:
        record.params[name] = parameter(value)


def _aim(record: Instrument, targets: NDArray[np.int64]) -> None:
    targets = ints(targets)
    if isinstance(record, Modulator):
        record.sources = targets
    else:
        record.targets = targets


def _places_in(old: NDArray[np.int64], new: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of `new` stood in `old`, -1 where it did not."""
    order = np.argsort(old, kind="stable")
    if not old.size:
        return np.full(new.shape, -1, np.int64)
    place = np.minimum(np.searchsorted(old[order], new), old.size - 1)
    return np.where(old[order][place] == new, order[place], -1)
