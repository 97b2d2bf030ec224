"""Open a network file: whole and unharmed, or not at all, or (when asked) as much of it as is left."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import FileError, UsageError
from engine.files import layout as places
from engine.files import salvage as mending
from engine.files import schema
from engine.files.archive import LIMITS, Damage, Limits
from engine.files.container import Bundle, read_bundle, read_some, reading
from engine.files.migrate import Contents, migrate
from engine.files.sound import faults
from engine.network import given

if TYPE_CHECKING:
    from engine.network.network import Network

State = dict[str, NDArray[Any]]
BESIDE = (places.LAYOUT, places.PREVIEW)
"""Entries that no run needs: it continues without them."""


@dataclass
class Loaded:
    """Everything a file held, and (when it was salvaged) what was wrong with it."""

    network: Network
    state: State | None = None
    """The capture of the run it was saved in, or None."""
    layout: dict[str, Any] | None = None
    preview: bytes | None = None
    problems: list[Damage] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)


def load(path: str | os.PathLike[str]) -> tuple[Network, State | None]:
    """The network in a file, and the state of the run it was saved in (None when it was at rest).

    Raises:
        FileError: with the entry and the byte, where they are known, of what is wrong.
    """
    loaded = load_all(path)
    return loaded.network, loaded.state


def load_all(path: str | os.PathLike[str], *, salvage: bool = False, limits: Limits = LIMITS) -> Loaded:
    """Everything in a file.  With `salvage`, what is damaged is left out and listed in `problems`.

    Raises:
        FileError: as `load`; with `salvage` only when not even the description can be read.
    """
    path = given.path(path)
    bundle = read_bundle(path, limits, salvage=salvage, check_about=places.check_about)
    with reading(path) as place:
        place.entry = places.NETWORK
        contents, rest = _sorted_out(bundle)
        contents = migrate(contents, bundle.about.get("version", places.VERSION))
        problems = list(bundle.damage)
        if salvage and isinstance(contents.description, dict):
            problems += mending.mend(contents)
        schema.check(contents.description)
        network = _network(contents)
        if salvage:
            problems += mending.drop_faulty(network)
        for home, reason in faults(network):
            raise FileError(reason, entry=places.TABLES + home if home else places.NETWORK)
        network.unknown.update(rest)
        state: State | None = dict(contents.run) or None
        if state and any(one.entry not in BESIDE for one in problems):
            state = None
            problems.append(Damage("", None, "the run cannot be continued, as parts of the file are lost"))
        layout = contents.layout if isinstance(contents.layout, dict) else None
        preview = bundle.entries.get(places.PREVIEW)
        return Loaded(network, state, layout, preview, problems, bundle.about)


def peek_about(path: str | os.PathLike[str]) -> dict[str, Any]:
    """What a file says of itself, its checksums left out, without reading the network in it.

    Raises:
        FileError: when it is not a network file, or of a later format.
    """
    path = given.path(path)
    said, _ = read_some(path)
    with reading(path):
        places.check_about(said)
    return {name: value for name, value in said.items() if name != "entries"}


def peek_preview(path: str | os.PathLike[str]) -> bytes | None:
    """The picture in a file (PNG), or None when it has none; raises FileError as `peek_about`."""
    _, found = read_some(path, (places.PREVIEW,))
    picture = found.get(places.PREVIEW)
    return picture if isinstance(picture, bytes) else None


def _sorted_out(bundle: Bundle) -> tuple[Contents, dict[str, Any]]:
    """Entries by what they are, and what is not understood, to be kept in `Network.unknown`."""
    entries = dict(bundle.entries)
    entries.pop(places.PREVIEW, None)
    if places.NETWORK not in entries:
        why = next(
            (one.why for one in bundle.damage if one.entry == places.NETWORK), "network.json is missing"
        )
        raise FileError(why, entry=places.NETWORK)
    contents = Contents(entries.pop(places.NETWORK), layout=entries.pop(places.LAYOUT, None))
    used = _columns_named(contents.description)
    for name in list(entries):
        if name.startswith(places.RUN) and name.endswith(places.COLUMN):
            contents.run[name[len(places.RUN) : -len(places.COLUMN)]] = entries.pop(name)
        elif name.startswith(places.TABLES) and name.endswith(places.COLUMN):
            column = name[len(places.TABLES) : -len(places.COLUMN)]
            if column in used:
                contents.tables[column] = entries.pop(name)
    rest: dict[str, Any] = {}
    if entries:
        rest["entries"] = entries
    ours = {"entries", *places.about()}
    if about := {name: value for name, value in bundle.about.items() if name not in ours}:
        rest["about"] = about
    if cards := _unknown_on_cards(contents.description):
        rest["cards"] = cards
    return contents, rest


def _columns_named(description: Any) -> set[str]:
    """The columns that the known fields of the description name, as "population-3/positions"."""
    found: set[str] = set()

    def look(home: str, value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("column"), str):
                found.add(f"{home}/{value['column']}")
            if isinstance(value.get("columns"), list):
                found.update(f"{home}/{name}" for name in value["columns"])
            for inner in value.values():
                look(home, inner)

    for section, one in schema.ONE.items():
        records = description.get(section) if isinstance(description, dict) else None
        for record in records if isinstance(records, list) else []:
            if isinstance(record, dict):
                known = schema.known_fields(section)
                for name, value in record.items():
                    if name in known:
                        look(f"{one}-{record.get('id')}", value)
    return found


def _unknown_on_cards(description: Any) -> dict[int, dict[str, dict[str, Any]]]:
    """What a later version wrote on the cards of rule stacks: by projection, slug and name."""
    kept: dict[int, dict[str, dict[str, Any]]] = {}
    records = description.get("projections") if isinstance(description, dict) else None
    for record in records if isinstance(records, list) else []:
        cards = record.get("rules") if isinstance(record, dict) else None
        for card in cards if isinstance(cards, list) else []:
            if isinstance(card, dict) and isinstance(card.get("slug"), str):
                card.setdefault("params", {})
                extra = {n: v for n, v in card.items() if n not in ("slug", "params", "enabled")}
                if extra and isinstance(record.get("id"), int):
                    kept.setdefault(record["id"], {})[card["slug"]] = extra
    return kept


def _network(contents: Contents) -> Network:
    """The network, its columns checked one by one as they are fitted in."""
    from engine.network.network import Network

    for name, column in contents.tables.items():
        if column.ndim > 2 or (column.ndim == 2 and not name.endswith("/positions")):
            size = tuple(int(one) for one in np.shape(column))
            raise FileError(f"{name} has the shape {size}", entry=places.table_entry(name))
    try:
        return Network.from_canonical(contents.description, contents.tables)
    except UsageError as error:
        raise FileError(str(error), entry=places.NETWORK) from error
