"""An edit: a small frozen value that changes a network and returns the edit that undoes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from engine.errors import EditRefused, UsageError, did_you_mean
from engine.network.canonical import card_of, plain, revive, rule
from engine.network.given import wrong
from engine.network.parts import RuleUse, Thing
from engine.network.problems import Problems, first
from engine.network.table import SynapseTable

if TYPE_CHECKING:
    from engine.network.circuit import Circuit

_KINDS: dict[str, type[Edit]] = {}


@dataclass(frozen=True, eq=False)
class Edit:
    """One change.  It applies whole or not at all, and names of things already gone are passed over.

    `restoring` marks an edit that puts back what was there: only structure is checked then, not whether
    the values are sensible, so that an undo is never refused.
    """

    restoring: bool = field(default=False, kw_only=True)
    carries: ClassVar[Mapping[str, type]] = {}
    """Which fields hold a record, and of which kind."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        _KINDS[cls.__name__] = cls

    @property
    def label(self) -> str:
        """Finishes the sentence "Undo ..."."""
        return "edit"

    def why_not(self, net: Circuit) -> str:
        """Why this edit cannot be applied and what would be right, or nothing when it can."""
        if reason := self.misfit(net):
            return reason
        return "" if self.restoring else first(self.objection(net))

    def misfit(self, net: Circuit) -> str:
        """What in its structure contradicts the network: an id that is taken, columns of different length."""
        return ""

    def objection(self, net: Circuit) -> Problems:
        """What in its values makes no sense: a weight against its sign, a parameter out of range."""
        yield from ()

    def advice(self, net: Circuit) -> Problems:
        """What is applied a little differently than written, such as a delay rounded up to the grid."""
        yield from ()

    def apply(self, net: Circuit) -> Edit:
        """Change the network and return the edit that undoes it; raises EditRefused and changes nothing."""
        if reason := self.why_not(net):
            raise EditRefused(reason)
        inverse = self.change(net)
        net.version += 1
        return inverse

    def change(self, net: Circuit) -> Edit:
        """Change the network, unchecked, and return the inverse; `apply` is the door."""
        raise TypeError(f"{type(self).__name__} does not say what it changes")

    def keep(self, **values: Any) -> None:
        """Set fields while the edit is being made."""
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and same(self, other)

    __hash__ = None  # type: ignore[assignment]

    def to_json(self) -> dict[str, Any]:
        """The edit as plain JSON values."""
        return to_json(self)


@dataclass(frozen=True, eq=False)
class Compound(Edit):
    """Several edits as one: all apply, in order, or none does."""

    edits: tuple[Edit, ...] = ()
    label: str = "edit"

    def __post_init__(self) -> None:
        self.keep(edits=tuple(from_json(e) if isinstance(e, dict) else e for e in self.edits))

    def why_not(self, net: Circuit) -> str:
        """The reason of the first part that cannot be applied after those before it."""
        try:
            inverse = self._all(net)
        except EditRefused as refusal:
            return str(refusal)
        inverse.apply(net)
        return ""

    def advice(self, net: Circuit) -> Problems:
        """The advice of its parts."""
        for edit in self.edits:
            yield from edit.advice(net)

    def apply(self, net: Circuit) -> Edit:
        """Apply every part, or raise EditRefused with the network as it was."""
        return self._all(net)

    def _all(self, net: Circuit) -> Edit:
        done: list[Edit] = []
        for edit in self.edits:
            try:
                done.append(edit.apply(net))
            except EditRefused:
                for inverse in reversed(done):
                    inverse.apply(net)
                raise
        return together(done[::-1], self.label)


def asked(edit: Any) -> Edit:
    """The edit itself; raises UsageError for what is none."""
    if not isinstance(edit, Edit):
        raise wrong(edit, "apply", "an edit, such as SetParams of engine.network.edits")
    return edit


def together(edits: list[Edit] | tuple[Edit, ...], label: str = "edit") -> Edit:
    """One edit that does them all in order; a single one stands for itself."""
    return edits[0] if len(edits) == 1 else Compound(tuple(edits), label)


def same(one: Any, other: Any) -> bool:
    """Whether two edits, records, tables, arrays or plain values hold the same."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        if not (isinstance(one, np.ndarray) and isinstance(other, np.ndarray)):
            return False
        return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()
    if isinstance(one, SynapseTable):
        return isinstance(other, SynapseTable) and same(one.sorted(), other.sorted())
    if is_dataclass(one):
        return type(one) is type(other) and all(
            same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one)
        )
    if isinstance(one, Mapping):
        return (
            isinstance(other, Mapping)
            and one.keys() == other.keys()
            and all(same(value, other[key]) for key, value in one.items())
        )
    if isinstance(one, tuple | list):
        return (
            isinstance(other, tuple | list)
            and len(one) == len(other)
            and all(same(a, b) for a, b in zip(one, other, strict=True))
        )
    return bool(one == other)


def to_json(edit: Edit) -> dict[str, Any]:
    """An edit as plain JSON values, arrays as lists; `from_json` reads it back."""

    def value(thing: Any) -> Any:
        if isinstance(thing, Edit):
            return to_json(thing)
        if isinstance(thing, np.ndarray):
            values = thing.tolist()
            if thing.dtype.kind == "f" and np.isnan(thing).any():
                return [None if one != one else one for one in values]
            return values
        if isinstance(thing, RuleUse):
            return card_of(thing)
        if isinstance(thing, Thing):
            return plain(thing)
        if isinstance(thing, Mapping):
            return {str(key): value(one) for key, one in thing.items()}
        if isinstance(thing, tuple | list):
            return [value(one) for one in thing]
        return thing.item() if isinstance(thing, np.generic) else thing

    found = {f.name: value(getattr(edit, f.name)) for f in fields(edit) if f.name != "restoring"}
    return {"edit": type(edit).__name__, **found, **({"restoring": True} if edit.restoring else {})}


def from_json(values: dict[str, Any] | str | bytes) -> Edit:
    """The edit that `to_json` wrote; raises UsageError for anything else."""
    read = json.loads(values) if isinstance(values, str | bytes) else dict(values)
    name = read.pop("edit", None)
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise UsageError(f"{name!r} is not an edit{did_you_mean(str(name), _KINDS)}")
    for field_name, record in kind.carries.items():
        if isinstance(read.get(field_name), dict):
            read[field_name] = revive(record, read[field_name], place=f"{name}.{field_name}")
    try:
        if isinstance(read.get("rules"), list):
            read["rules"] = tuple(rule(card) for card in read["rules"])
        return kind(**read)
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
        raise error if isinstance(error, UsageError) else UsageError(f"{name}: {error}") from error


NOTHING = Compound((), "nothing")
"""The edit that changes nothing: the inverse of an edit whose things were all gone."""
