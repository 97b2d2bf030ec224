"""Save a network, or a simulation in the middle of its run, so that nothing can be half saved."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import FileError
from engine.files import layout as places
from engine.files.container import write_bundle
from engine.files.sound import faults
from engine.network import given

if TYPE_CHECKING:
    from engine.network.network import Network
    from engine.runtime.simulation import Simulation

State = Mapping[str, Any]


def save(
    what: Network | Simulation,
    path: str | os.PathLike[str],
    layout: Mapping[str, Any] | None = None,
    preview: bytes | None = None,
    *,
    state: State | None = None,
    mode: int | None = None,
    overwrite_read_only: bool = False,
) -> int:
    """Write a network or a simulation to a `.neuropil` file; returns its size in bytes.

    Arguments:
        what: a network, or a simulation, which is saved as it is now, with its run.
        path: where to; an old file there is replaced only when the new one is whole on the disk.
        layout: where the window looked: JSON values, no part of the network.
        preview: a picture of it (PNG).
        state: the capture of a run, when `what` is the network it belongs to.
        mode: permissions of the file; None keeps those of the old one.
        overwrite_read_only: replace even a file that is marked read-only.

    Raises:
        FileError: with path and cause; the old file is then as it was.
    """
    from engine.network.network import Network

    path = given.path(path)
    network: Any = getattr(what, "network", what)
    if not isinstance(network, Network):
        raise given.wrong(what, "save", "a Network or a Simulation")
    if state is None and hasattr(what, "capture"):
        state = what.capture()
    for _, reason in faults(network):
        raise FileError(f"cannot save {os.fspath(path)!r}: {reason}")
    said = {**network.unknown.get("about", {}), **places.about()}
    entries = to_entries(network, state)
    if layout is not None:
        entries[places.LAYOUT] = dict(layout)
    if preview is not None:
        entries[places.PREVIEW] = bytes(preview)
    return write_bundle(path, said, entries, mode=mode, overwrite_read_only=overwrite_read_only)


def to_entries(network: Network, state: State | None = None) -> dict[str, Any]:
    """The entries of a file that hold the network, its run, and what was kept of things not understood."""
    description, tables = network.canonical()
    _put_back_cards(network, description)
    entries: dict[str, Any] = {places.NETWORK: description}
    entries.update({places.table_entry(name): column for name, column in tables.items()})
    for name, quantity in (state or {}).items():
        entries[places.run_entry(name)] = np.asarray(quantity)
    for name, kept in network.unknown.get("entries", {}).items():
        if name not in entries and _has_home(network, name):
            entries[name] = kept
    return entries


def _has_home(network: Network, entry: str) -> bool:
    """Whether a column nobody understands still belongs to something in the network."""
    if not entry.startswith(places.TABLES):
        return True
    _, _, id = entry.split("/")[1].partition("-")
    try:
        return network.thing(int(id)) is not None
    except ValueError:
        return True


def _put_back_cards(network: Network, description: dict[str, Any]) -> None:
    """Give the cards of rule stacks what a later version had written on them."""
    kept: Mapping[int, Mapping[str, Mapping[str, Any]]] = network.unknown.get("cards", {})
    for projection in description["projections"]:
        for card in projection["rules"]:
            for name, value in kept.get(projection["id"], {}).get(card["slug"], {}).items():
                card.setdefault(name, value)
