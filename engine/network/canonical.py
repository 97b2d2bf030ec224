"""A network as plain values: what is saved, compared, copied over a queue and sent in an edit.

Equal networks give equal descriptions and equal columns, byte for byte, however they came about.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine import written
from engine.errors import ModelError, UsageError
from engine.network.columns import floats, ints, parameter, places
from engine.network.parts import (
    SWITCHES,
    Input,
    Learner,
    Modulator,
    Population,
    Probe,
    Projection,
    RuleUse,
    Task,
    Thing,
    switch,
)
from engine.network.table import FIXED, SynapseTable

if TYPE_CHECKING:
    from engine.network.circuit import Circuit

SECTIONS: dict[str, type] = {
    "populations": Population,
    "projections": Projection,
    "inputs": Input,
    "probes": Probe,
    "modulators": Modulator,
    "tasks": Task,
    "learners": Learner,
}
_SETTINGS = {
    "title": str,
    "notes": str,
    "dt": float,
    "seed": int,
    "precision": str,
    "slow": float,
    "sweep": int,
}
_INTS = ("neuron_ids", "targets", "sources")
Tables = dict[str, NDArray[Any]]


def describe(network: Circuit) -> tuple[dict[str, Any], Tables]:
    """The description of a network and its columns; see `Network.canonical`."""
    tables: Tables = {}
    description: dict[str, Any] = {name: getattr(network, name) for name in _SETTINGS}
    for section, kind in SECTIONS.items():
        shelf = network.shelf(kind)
        description[section] = [plain(record, tables) for _, record in sorted(shelf.items())]
        for known in description[section]:
            known.update(network.unknown.get(f"{section}/{known['id']}", {}))
    description.update(network.unknown.get("", {}))
    return description, tables


def plain(record: Thing, tables: Tables | None = None) -> dict[str, Any]:
    """A record as JSON values; its arrays go to `tables` where given, else they become lists."""
    place = f"{type(record).__name__.lower()}-{record.id}"

    def value(name: str, thing: Any) -> Any:
        if isinstance(thing, np.ndarray):
            if tables is None:
                return _list(thing)
            tables[f"{place}/{name}"] = thing
            return {"column": name}
        if isinstance(thing, SynapseTable):
            columns = thing.sorted()
            if tables is None:
                return {column: _list(array) for column, array in columns.items()}
            tables.update({f"{place}/{column}": array for column, array in columns.items()})
            return {"columns": list(columns)}
        if isinstance(thing, dict):
            return {str(key): value(f"{name}.{key}", thing[key]) for key in sorted(thing)}
        if isinstance(thing, RuleUse):
            return card_of(thing)
        if isinstance(thing, tuple | list):
            return [value(name, one) for one in thing]
        return thing

    return {field.name: value(field.name, getattr(record, field.name)) for field in fields(record)}


def revive(
    kind: type[Any], description: dict[str, Any], tables: Tables | None = None, place: str = ""
) -> Any:
    """The record that `plain` described; raises UsageError naming the place of what is wrong."""
    place = place or kind.__name__.lower()
    home = f"{kind.__name__.lower()}-{description.get('id')}"

    def read(thing: Any, where: str) -> Any:
        if isinstance(thing, dict) and set(thing) == {"column"} and tables is not None:
            name = f"{home}/{thing['column']}"
            if name not in tables:
                raise UsageError(f"{place}.{where}: the column {name!r} is missing")
            return tables[name]
        return thing

    given: dict[str, Any] = {}
    for field in fields(kind):
        if field.name in description:
            raw = read(description[field.name], field.name)
            try:
                given[field.name] = _field(kind, field.name, raw, read, home, tables)
            except UsageError:
                raise
            except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
                raise UsageError(f"{place}.{field.name}: {error}") from error
        elif field.default is MISSING and field.default_factory is MISSING:
            raise UsageError(f"{place}: {field.name!r} is missing")
    return kind(**given)


def _field(kind: type[Any], name: str, raw: Any, read: Any, home: str, tables: Tables | None) -> Any:
    if name in _INTS:
        return ints(_array(raw, "iu"))
    if name == "positions":
        return places(_array(raw, "iuf"))
    if name == "synapses":
        return _synapses(raw, home, tables)
    if name == "rules":
        return tuple(rule(card) for card in raw)
    if name in ("params", "transmission_params", "weight"):
        if name == "weight":
            return parameter(_number(raw))
        return {str(key): parameter(_number(read(one, f"{name}.{key}"))) for key, one in raw.items()}
    if name == "lists":
        return {str(key): floats(_array(read(one, f"{name}.{key}"), "iuf")) for key, one in raw.items()}
    if name == "notes":
        return {str(key): _text(one) for key, one in raw.items()}
    if name == "names":
        return None if raw is None else [_text(one) for one in raw]
    if name in ("astrocytes", "outputs"):
        return None if raw is None else _whole(raw)
    if name in ("id", "pre", "post", "sign", "inputs"):
        return _whole(raw)
    if kind is Population and name in SWITCHES and isinstance(raw, list | np.ndarray):
        return switch(name, _array(raw, "iuf"))
    if name in ("passes", *SWITCHES):
        if not isinstance(raw, bool):
            raise TypeError(f"{raw!r} is neither true nor false")
        return raw
    if name == "every":
        return raw if isinstance(raw, str) else _real(raw)
    if name in ("w_min", "w_max", "dendritic", "delay"):
        return _real(raw)
    return _text(raw)


def card_of(use: RuleUse) -> dict[str, Any]:
    """A card of a stack as JSON values; `rule` reads it back."""
    card = {"slug": use.slug, "params": dict(sorted(use.params.items())), "enabled": use.enabled}
    return card | ({"written": use.written} if use.written else {})


def rule(card: dict[str, Any]) -> RuleUse:
    """A card of a stack from its JSON values; a rule written in the program becomes known by its slug.

    Raises:
        UsageError: what it says of a written rule is not arithmetic, or not the rule of that name.
    """
    params = {str(name): one if isinstance(one, str) else _real(one) for name, one in card["params"].items()}
    slug, text = _text(card["slug"]), _text(card.get("written", ""))
    if text:
        try:
            made = written.learn(text)
        except ModelError as error:
            raise UsageError(f"{slug}: {error}") from error
        if made.slug != slug:
            raise UsageError(
                f"{slug}: the rule written under this name is {made.slug}; it was changed by hand"
            )
    return RuleUse(slug, params, bool(card.get("enabled", True)), text)


def _synapses(raw: dict[str, Any], home: str, tables: Tables | None) -> SynapseTable:
    if tables is not None and "columns" in raw:
        missing = [name for name in raw["columns"] if f"{home}/{name}" not in tables]
        if missing:
            raise UsageError(f"{home}: the column {missing[0]!r} of its synapses is missing")
        raw = {name: tables[f"{home}/{name}"] for name in raw["columns"]}
    columns = {
        name: _array(column, "iu" if FIXED.get(name) is np.int64 else "iuf") for name, column in raw.items()
    }
    rows = {len(column) for column in columns.values()}
    if set(FIXED) - set(columns):
        raise UsageError(f"{home}: the column {min(set(FIXED) - set(columns))!r} of its synapses is missing")
    if len(rows) != 1:
        raise UsageError(f"{home}: the columns of its synapses differ in length")
    table = SynapseTable()
    table.add(columns)
    return table


def rebuild(network: Circuit, description: dict[str, Any], tables: Tables) -> None:
    """Fill an empty network from a description; see `Network.from_canonical`."""
    for name, kind in _SETTINGS.items():
        if name in description:
            reader = {str: _text, float: _real, int: _whole}[kind]
            try:
                setattr(network, name, reader(description[name]))
            except TypeError as error:
                raise UsageError(f"{name}: {error}") from error
    for section, kind in SECTIONS.items():
        known = {field.name for field in fields(kind)}
        for number, entry in enumerate(description.get(section, [])):
            place = f"{section}[{number}]"
            if not isinstance(entry, dict):
                raise UsageError(f"{place}: {entry!r} is not a record")
            record = revive(kind, entry, tables, place)
            if network.thing(record.id) is not None:
                raise UsageError(f"{place}: the id {record.id} is already taken")
            network.put(record)
            if rest := {name: value for name, value in entry.items() if name not in known}:
                network.unknown[f"{section}/{record.id}"] = rest
    rest = {name: value for name, value in description.items() if name not in (*_SETTINGS, *SECTIONS)}
    if rest:
        network.unknown[""] = rest


def _list(array: NDArray[Any]) -> list[Any]:
    """An array as JSON values: no value (NaN) becomes null."""
    values = array.tolist()
    if array.dtype.kind == "f" and np.isnan(array).any():
        return [None if value != value else value for value in values]
    return values  # type: ignore[no-any-return]


def _array(raw: Any, kinds: str) -> NDArray[Any]:
    array = np.asarray(raw)
    if array.dtype == object:  # a list with nulls
        array = np.array(raw, np.float64)
    if array.size and array.dtype.kind not in kinds:
        raise TypeError(f"expected {'whole ' if kinds == 'iu' else ''}numbers, found {array.dtype}")
    return array


def _number(raw: Any) -> Any:
    if isinstance(raw, str):
        return raw
    return _array(raw, "iuf") if isinstance(raw, list | np.ndarray) else _real(raw)


def _real(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise TypeError(f"{raw!r} is not a number")
    return float(raw)


def _whole(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise TypeError(f"{raw!r} is not a whole number")
    return raw


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError(f"{raw!r} is not text")
    return raw
