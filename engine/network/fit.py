"""What does not fit: edits whose structure contradicts the network, which no circumstance could allow.

Every function returns a sentence with place, cause and cure, or nothing when all is well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.counting import counted
from engine.errors import did_you_mean
from engine.network.columns import distinct
from engine.network.declared import is_list
from engine.network.parts import (
    ATTRIBUTES,
    SWITCHES,
    Input,
    Learner,
    Modulator,
    Population,
    Probe,
    Projection,
    Task,
    Thing,
    targets_of,
)
from engine.network.problems import some as some
from engine.network.table import FIXED

if TYPE_CHECKING:
    from engine.network.circuit import Circuit

Ints = NDArray[np.int64]


def lengths_misfit(what: str, **columns: NDArray[Any]) -> str:
    """Columns that must be of one length are not."""
    sizes = {name: len(column) for name, column in columns.items()}
    if len(set(sizes.values())) <= 1:
        return ""
    return (
        f"{what}: "
        + ", ".join(counted(n, name.removesuffix("s")) for name, n in sizes.items())
        + "; give as many of each"
    )


def finite_misfit(name: str, values: NDArray[np.float64], may_lack: bool = False) -> str:
    """A number that is none; with `may_lack` NaN stands for a value that is not given."""
    bad = np.isinf(values) if may_lack else ~np.isfinite(values)
    return f"{name}: {values[bad].flat[0]} is not a number one can compute with" if bad.any() else ""


def new_ids_misfit(net: Circuit, ids: Ints, what: str) -> str:
    """Ids that are taken, or given twice, or zero."""
    if (ids == 0).any():
        return f"the {what} id 0 means none; take ids from net.ids.fresh()"
    if distinct(ids).size != ids.size:
        ordered = np.sort(ids)
        twice = ordered[1:][ordered[1:] == ordered[:-1]]
        return f"the {what} id {twice[0]} is given twice; take ids from net.ids.fresh()"
    taken = net.taken(ids)
    if taken.any():
        return f"the id {some(ids[taken])} is already taken; take {what} ids from net.ids.fresh()"
    return ""


def values_misfit(label: str, values: Mapping[str, Any], what: str, size: int) -> str:
    """Numbers that are none, or not one for each of `size` things; `what` says of what and how many."""
    for name, value in values.items():
        if isinstance(value, np.ndarray):
            if value.size != size:
                return f"{label}: {name} has {counted(value.size, 'number')} for {what}"
            if reason := finite_misfit(f"{label}: {name}", value):
                return reason
        elif not isinstance(value, str) and not np.isfinite(value):
            return f"{label}: {name} is {value}, which is not a number one can compute with"
    return ""


def neurons_misfit(
    ids: Ints,
    positions: NDArray[np.float64],
    params: Mapping[str, Any],
    names: Sequence[str] | None,
    label: str,
) -> str:
    """Columns of neurons that differ in length, or positions that are none."""
    if reason := lengths_misfit(f"{label}", neurons=ids, positions=positions):
        return reason
    if reason := values_misfit(label, params, f"{counted(ids.size, 'neuron')}; give one for each", ids.size):
        return reason
    if names is not None and len(names) != ids.size:
        return f"{label}: {counted(len(names), 'name')} for {counted(ids.size, 'neuron')}; give one for each"
    return finite_misfit(f"{label}: positions", positions)


def population_misfit(net: Circuit, population: Population) -> str:
    """A population that cannot stand in this network."""
    ids = np.append(population.neuron_ids, population.id)
    if reason := new_ids_misfit(net, ids, "population or neuron"):
        return reason
    if (np.diff(population.neuron_ids) <= 0).any():
        return f"{population.label}: neuron ids must increase; sort them"
    if population.sign not in (-1, 0, 1):
        return f"{population.label}: sign is {population.sign}; it must be +1, -1 or 0 (none)"
    if population.kind not in ("neuron", "astrocyte"):
        return f'{population.label}: kind is {population.kind!r}; it must be "neuron" or "astrocyte"'
    params = {**population.params, **population.columns}
    return neurons_misfit(
        population.neuron_ids, population.positions, params, population.names, population.label
    )


def projection_misfit(net: Circuit, projection: Projection) -> str:
    """A projection that cannot stand in this network."""
    if reason := new_ids_misfit(net, np.array([projection.id]), "projection"):
        return reason
    table = projection.synapses
    if projection.id in table:
        return f"{projection.label}: the id {projection.id} is its own; take synapse ids from net.ids.fresh()"
    fixed = {"pre": table.pre, "post": table.post, "weight": table.weight, "delay": table.delay}
    return synapses_misfit(net, projection, table.id, fixed)


def synapses_misfit(
    net: Circuit, projection: Projection, ids: Ints, columns: Mapping[str, NDArray[Any]]
) -> str:
    """Synapses that join neurons of other populations, or whose columns do not fit."""
    label = projection.label
    if reason := lengths_misfit(label, ids=ids, **columns):
        return reason
    if reason := new_ids_misfit(net, ids, "synapse"):
        return reason
    for side, home in (("pre", projection.pre), ("post", projection.post)):
        neurons = columns[side]
        owners = net.population_of(neurons)
        stray = (owners != home) & (owners != 0)
        if stray.any() and home in net.populations:
            return (
                f"{label}: {side} neuron {some(neurons[stray])} is not in {net.populations[home].label!r}; "
                "a projection joins the neurons of its two populations"
            )
    for name, column in columns.items():
        if reason := finite_misfit(f"{label}: {name}", column, may_lack=name not in FIXED):
            return reason
    return ""


def instrument_misfit(net: Circuit, record: Input | Probe | Modulator) -> str:
    """An input, probe or modulator that cannot stand in this network."""
    if reason := new_ids_misfit(net, np.array([record.id]), type(record).__name__.lower()):
        return reason
    if isinstance(record, Probe):
        return ""
    targets = targets_of(record)
    values = dict(record.params)
    if isinstance(record, Input):
        if isinstance(record.weight, str):
            return f"{record.label}: weight cannot be {record.weight!r}; it takes a number, or one each"
        values["weight"] = record.weight
        for name, column in record.lists.items():
            if reason := finite_misfit(f"{record.label}: {name}", column):
                return reason
    return values_misfit(record.label, values, counted(targets.size, "target"), targets.size)


def teaching_misfit(net: Circuit, record: Task | Learner) -> str:
    """A task or a learner that cannot stand in this network."""
    if reason := new_ids_misfit(net, np.array([record.id]), type(record).__name__.lower()):
        return reason
    columns = record.lists if isinstance(record, Task) else {}
    for name, value in {**record.params, **columns}.items():
        place = f"{record.label}: {name}"
        if isinstance(value, np.ndarray):
            if name not in columns:
                return f"{place} is one number for all; give a single one"
            if reason := finite_misfit(place, value):
                return reason
        elif reason := _plain_misfit(place, value):
            return reason
    return ""


def neurons_setting_misfit(net: Circuit, ids: Ints, name: str, value: Any) -> str:
    """A value for some neurons that is not one number, or one each."""
    if isinstance(value, np.ndarray):
        if value.size != ids.size:
            many = f"{counted(value.size, 'number')} for {counted(ids.size, 'neuron')}"
            return f"{name} has {many}; give one for each"
        return finite_misfit(name, value)
    if name in SWITCHES and not isinstance(value, bool | type(None)):
        return f"{name} cannot be {value!r}; it takes True or False, or one each"
    if isinstance(value, str):
        for id in np.unique(net.population_of(ids)).tolist():
            population = net.populations.get(id)
            if population is not None and not np.isin(population.neuron_ids, ids).all():
                return (
                    f"{name} is one choice for all neurons of {population.label!r}; set it on the population"
                )
        return ""
    return _plain_misfit(name, value)


_KINDS: dict[str, tuple[type, ...]] = {
    "sign": (int,),
    "passes": (bool,),
    "frozen": (bool,),
    "clamped": (bool,),
    "learns_from": (str,),
    "enabled": (bool,),
    "group": (str,),
    "what": (str,),
    "notes": (dict,),
    "names": (tuple, type(None)),
    "astrocytes": (int, type(None)),
    "every": (str, float, int),
}
"""What attributes take that are no plain numbers."""


def setting_misfit(net: Circuit, record: Thing, name: str, value: Any) -> str:
    """A value of the wrong kind for an attribute or a parameter of a record."""
    place = f"{name} of {record.label!r}"
    each = isinstance(record, Population) and name in SWITCHES and isinstance(value, np.ndarray)
    if name in ATTRIBUTES[type(record)] and not each:
        kinds = _KINDS.get(name, ())
        if kinds and not isinstance(value, kinds):
            return f"{place} cannot be {value!r}; it takes {' or '.join(map(_said, kinds))}"
        if name == "sign" and value not in (-1, 0, 1):
            return f"{place} cannot be {value}; it must be +1, -1 or 0 (none)"
        if kinds:
            if name == "names" and value is not None and len(value) != len(record):  # type: ignore[arg-type]
                return f"{place}: {counted(len(value), 'name')} for {counted(len(record), 'neuron')}"  # type: ignore[arg-type]
            return ""
        if value is None and name == "outputs":
            return ""
        if value is None or isinstance(value, str):
            return f"{place} cannot be {value!r}; it takes a number"
    if isinstance(value, np.ndarray):
        attribute = name in ATTRIBUTES[type(record)] and name != "weight" and not each
        listed = isinstance(record, Task) and is_list(record.model, name)
        if attribute or (isinstance(record, Projection | Probe | Task | Learner) and not listed):
            return f"{place} is one number for all; give a single one"
        if isinstance(record, Population | Modulator) or (
            isinstance(record, Input) and name not in record.lists and not is_list(record.model, name)
        ):
            size = (record.neuron_ids if isinstance(record, Population) else targets_of(record)).size
            if value.size != size:
                many = f"{counted(value.size, 'number')} for {counted(size, 'neuron')}"
                return f"{place}: {many}; give one for each"
        return finite_misfit(place, value)
    return _plain_misfit(place, value)


def _plain_misfit(place: str, value: Any) -> str:
    if value is None or isinstance(value, str | bool):
        return ""
    if isinstance(value, int | float):
        return "" if np.isfinite(value) else f"{place}: {value} is not a number one can compute with"
    return f"{place} cannot be {value!r}; it takes a number"


def _said(kind: type) -> str:
    words = {
        int: "a whole number",
        bool: "True or False",
        str: "text",
        dict: "a dict of texts",
        float: "a number",
    }
    return words.get(kind, "nothing (None)" if kind is type(None) else "a list of names")


_NETWORK = {
    "dt": float, "seed": int, "precision": str, "slow": float, "sweep": int, "title": str, "notes": str,
}  # fmt: skip


def network_misfit(values: Mapping[str, Any]) -> str:
    """A setting of the network that there is none, or of the wrong kind."""
    for name, value in values.items():
        if name not in _NETWORK:
            return f"the network has no setting {name!r}{did_you_mean(name, _NETWORK)}"
        kind = _NETWORK[name]
        wanted: tuple[type, ...] = (int, float) if kind is float else (kind,)
        if isinstance(value, bool) or not isinstance(value, wanted):
            return f"{name} cannot be {value!r}; it takes {_said(kind)}"
    return ""
