"""What can be made of a file that is damaged in places: everything that does not need the lost parts.

Each function mends the contents and returns what had to be given up, as sentences for the user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from engine.files.archive import Damage
from engine.files.layout import table_entry
from engine.files.migrate import Contents
from engine.files.schema import ONE
from engine.files.sound import faults

if TYPE_CHECKING:
    from engine.network.network import Network

SPACING = 30.0  # um between neurons whose places are lost


def mend(contents: Contents) -> list[Damage]:
    """Do without the columns that are missing: use defaults where there are any, else give up the record."""
    lost: list[Damage] = []
    for section in ONE:
        records = contents.description.get(section)
        if not isinstance(records, list):
            continue
        contents.description[section] = [
            record
            for record in records
            if not isinstance(record, dict) or _mend_record(section, record, contents, lost)
        ]
    return lost


def drop_faulty(network: Network) -> list[Damage]:
    """Take out records that contradict the rest (mostly because what they name was lost), until none do."""
    lost: list[Damage] = []
    while True:
        found = {home: reason for home, reason in faults(network) if home}
        if not found:
            return lost
        for home, reason in found.items():
            id = int(home.partition("-")[2])
            record = network.thing(id)
            if record is None:
                continue
            shelf: dict[int, Any] = network.shelf(type(record))
            del shelf[id]
            lost.append(Damage("", None, f"{home.partition('-')[0]} {record.label!r} was left out: {reason}"))
        network.neurons_changed()


def _mend_record(section: str, record: dict[str, Any], contents: Contents, lost: list[Damage]) -> bool:
    """Whether the record can stay, its missing columns replaced."""
    home = f"{ONE[section]}-{record.get('id')}"
    name = f"{ONE[section]} {record.get('label', '')!r}"

    def gone(value: Any) -> bool:
        column = value.get("column") if isinstance(value, dict) and set(value) == {"column"} else None
        return isinstance(column, str) and f"{home}/{column}" not in contents.tables

    def tell(column: str, what: str) -> None:
        lost.append(Damage(table_entry(f"{home}/{column}"), None, f"{name}: {what}"))

    for key in ("neuron_ids", "targets"):
        if gone(record.get(key)):
            tell(key, "it was left out, as nobody knows which neurons it has")
            return False
    if gone(record.get("sources")):
        tell("sources", "its sources are lost")
        contents.tables[f"{home}/sources"] = np.empty(0, np.int64)
    if gone(record.get("positions")):
        tell("positions", "the places of its neurons are lost; they stand on a grid")
        neurons = record.get("neuron_ids", {})
        size = len(contents.tables.get(f"{home}/{neurons.get('column')}", ()))
        contents.tables[f"{home}/positions"] = _grid(size)
    if gone(record.get("weight")):
        tell("weight", "its weights are lost; they are 1")
        del record["weight"]
    for key in ("params", "transmission_params", "lists"):
        values: Any = record.get(key)
        lost_ones = [one for one, value in values.items() if gone(value)] if isinstance(values, dict) else []
        for parameter in lost_ones:
            tell(f"{key}.{parameter}", f"{parameter} is lost; it is as the model has it")
            del values[parameter]
    columns = record.get("synapses")
    if isinstance(columns, dict) and isinstance(columns.get("columns"), list):
        columns["columns"] = _mend_synapses(home, columns["columns"], contents, tell)
    return True


def _mend_synapses(home: str, names: list[Any], contents: Contents, tell: Any) -> list[Any]:
    """The columns of a projection's synapses that are left or can be replaced."""
    tables = contents.tables
    missing = [name for name in names if f"{home}/{name}" not in tables]
    if not missing:
        return names
    if {"pre", "post"} & set(missing):
        tell(missing[0], "its synapses are lost, as nobody knows which neurons they join")
        for name in ("id", "pre", "post", "weight", "delay"):
            tables[f"{home}/{name}"] = np.empty(0, np.int64 if name in ("id", "pre", "post") else np.float64)
        return ["id", "pre", "post", "weight", "delay"]
    size = len(tables[f"{home}/pre"])
    for name in missing:
        if name == "id":
            tell(name, "its synapses have new ids; probes of them record nothing")
            tables[f"{home}/id"] = _beyond(contents) + np.arange(size, dtype=np.int64)
        elif name == "weight":
            tell(name, "the weights of its synapses are lost; they are 0")
            tables[f"{home}/weight"] = np.zeros(size)
        elif name == "delay":
            tell(name, "the delays of its synapses are lost; they are 1 ms")
            dt = contents.description.get("dt", 0.1)
            tables[f"{home}/delay"] = np.full(size, max(1.0, dt if isinstance(dt, int | float) else 1.0))
        else:
            tell(name, f"{name} of its synapses is lost; they begin afresh")
    return [name for name in names if f"{home}/{name}" in tables]


def _beyond(contents: Contents) -> int:
    """An id that is larger than every id in the file."""
    ids = [column.max() for column in contents.tables.values() if column.dtype == np.int64 and column.size]
    records = [
        record["id"]
        for section in ONE
        for record in contents.description.get(section, [])
        if isinstance(record, dict) and isinstance(record.get("id"), int)
    ]
    return int(max([0, *ids, *records])) + 1


def _grid(size: int) -> np.ndarray[Any, Any]:
    """Places on a square grid."""
    wide = max(1, int(np.ceil(np.sqrt(size))))
    rows, columns = np.divmod(np.arange(size), wide)
    return np.column_stack([columns * SPACING, rows * SPACING, np.zeros(size)])
