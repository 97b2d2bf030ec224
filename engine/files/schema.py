"""The shape of `network.json`, read off the records themselves, and its faults in a reader's words.

A record that gains a field is checked for it at once; nothing is listed here by hand.  What the file
says and this version does not know is no fault: it is kept.
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.errors import FileError, did_you_mean
from engine.network import canonical
from engine.network.parts import RuleUse
from engine.network.table import SynapseTable

NETWORK = "network.json"
PATH = re.compile(r"(?P<what>.*?)(?: - at `(?:key in )?\$(?P<path>.*)`)?", re.DOTALL)
STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")
NARROW: dict[str, Any] = {"sign": Literal[-1, 0, 1], "precision": Literal["double", "single"]}
"""Fields that are less free than their type."""
ONE = {
    "populations": "population",
    "projections": "projection",
    "inputs": "input",
    "probes": "probe",
    "modulators": "modulator",
    "tasks": "task",
    "learners": "learner",
}
TYPES = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}
KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "a group of named values",
    "null": "nothing",
}


class Column(msgspec.Struct):
    """Where a column stands in for its numbers."""

    column: str


class Columns(msgspec.Struct):
    """The names of the columns of a projection's synapses."""

    columns: list[str]


def check(description: Any) -> None:
    """Refuse a description that does not have the shape of a network.

    Raises:
        FileError: naming the thing as the user knows it, what is wrong, and what would be right.
    """
    try:
        msgspec.convert(description, _network())
    except msgspec.ValidationError as error:
        raise FileError(explain(str(error), description), entry=NETWORK) from error


def known_fields(section: str) -> set[str]:
    """The names of the fields a record of this section has."""
    return {field.name for field in dataclasses.fields(canonical.SECTIONS[section])}


def explain(message: str, description: Any) -> str:
    """Msgspec's message with its path in the user's words: which population, which of its values."""
    found = PATH.fullmatch(message)
    what, path = (found["what"], found["path"] or "") if found else (message, "")
    where: list[str] = []
    here: Any = description
    section = ""
    for name, number in STEP.findall(path):
        if number == "..." and isinstance(here, dict):
            culprit = _culprit(here, what)
            here = here.get(culprit)
            where.append(culprit)
        elif number:
            here = here[int(number)] if isinstance(here, list) else None
            if section:
                label = here.get("label") if isinstance(here, dict) else None
                called = f" {label[:60]!r}" if isinstance(label, str) and label else ""
                where[-1] = f"{ONE.get(section, section)}{called} (number {int(number) + 1})"
                section = ""
            else:
                where[-1] += f" number {int(number) + 1}"
        else:
            section = name if not where and name in ONE else ""
            here = here.get(name) if isinstance(here, dict) else None
            where.append(name)
    place = ", ".join(where) or "the network"
    missing = re.fullmatch(r"Object missing required field `(.+)`", what)
    if missing:
        strange = here.keys() - _every_field() if isinstance(here, dict) else ()
        near = did_you_mean(missing[1], strange)
        return f"{place}: {missing[1]!r} is missing" + near.replace("did you mean", "it has").replace(
            "?)", ")"
        )
    wrong = re.fullmatch(r"Expected `(.+)`, got `(.+)`", what)
    if wrong:
        wanted = " or ".join(KINDS.get(kind.strip(), kind.strip()) for kind in wrong[1].split("|"))
        return f"{place}: {KINDS.get(wrong[2], wrong[2])} where {wanted} should be"
    if what.startswith("Invalid enum value"):
        return f"{place}: {what[19:]} is not one of the values it may have"
    if what.startswith("Expected `int` "):
        return f"{place}: the number is too large"
    return f"{place}: {what[:1].lower()}{what[1:]}"


@cache
def _every_field() -> frozenset[str]:
    """The names that some record has a field by."""
    kinds = (*canonical.SECTIONS.values(), RuleUse)
    return frozenset(field.name for kind in kinds for field in dataclasses.fields(kind))


def _culprit(values: dict[str, Any], what: str) -> str:
    """Which of several named values a message means: the first of the kind it complains of."""
    got = re.search(r"got `(\w+)`", what)
    kind = TYPES.get(got[1]) if got else None
    return next((name for name, value in values.items() if kind is None or type(value) is kind), "")


@cache
def _network() -> type[msgspec.Struct]:
    fields: list[Any] = [
        (name, NARROW.get(name, _type(kind)), msgspec.UNSET) for name, kind in canonical._SETTINGS.items()
    ]
    fields += [(name, list[_struct(kind)], msgspec.UNSET) for name, kind in canonical.SECTIONS.items()]  # type: ignore[misc]
    return msgspec.defstruct("TheNetwork", [(n, Union[t, msgspec.UnsetType], d) for n, t, d in fields])  # noqa: UP007


@cache
def _struct(record: type[Any]) -> Any:
    """The JSON shape of a record."""
    hints = get_type_hints(record)
    fields: list[Any] = []
    for field in dataclasses.fields(record):
        shape = NARROW.get(field.name, _type(hints[field.name]))
        required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        if required:
            fields.append((field.name, shape))
        else:
            fields.append((field.name, Union[shape, msgspec.UnsetType], msgspec.UNSET))  # noqa: UP007
    return msgspec.defstruct(record.__name__, fields, kw_only=True)


def _type(hint: Any) -> Any:
    """The JSON form of a field's type."""
    if hint is int:
        return Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
    if hint is SynapseTable:
        return Columns
    if hint is RuleUse:
        return _struct(RuleUse)
    origin, inner = get_origin(hint), get_args(hint)
    if hint is np.ndarray or origin in (np.ndarray, NDArray):  # from numpy 2.5 the alias is its own origin
        return Column
    if origin in (types.UnionType, Union):
        return Union[tuple(_flat(inner))]  # noqa: UP007
    if origin is tuple or origin is list:
        return list[_type(inner[0])]  # type: ignore[misc]
    if origin is not None and issubclass(origin, Mapping):
        return dict[str, _type(inner[1])]  # type: ignore[misc]
    return hint


def _flat(hints: tuple[Any, ...]) -> Iterator[Any]:
    for hint in hints:
        yield _type(hint)
