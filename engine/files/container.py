"""A `.neuropil` as a set of named entries, each with a checksum; what they mean is said elsewhere.

`mimetype` comes first, then `about.json` (which holds a BLAKE2b digest of every other entry), then the
rest in the order of their names.  Entries ending in `.json` are JSON, in `.npy` columns of numbers, and
all others bytes.  With `salvage=True` what is damaged is named and left out, and the rest is read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np

from engine.errors import FileError
from engine.files import atomic, columns, words
from engine.files.archive import LIMITS, Archive, Damage, Limits, check_name, pack
from engine.files.atomic import Buffer, cause_of

MIMETYPE = b"application/x-neuropil"
ABOUT = "about.json"


@dataclass
class Bundle:
    """What a file holds: about it, its entries by name, and what was wrong (empty unless salvaged)."""

    about: dict[str, Any]
    entries: dict[str, Any]
    damage: list[Damage] = field(default_factory=list)


@dataclass
class Place:
    """Which entry is being read, so that any mishap can say so."""

    entry: str = ""
    offset: int | None = None


@contextmanager
def reading(path: str | os.PathLike[str]) -> Iterator[Place]:
    """The one place where whatever a damaged file sets off becomes a `FileError` that says where."""
    place = Place()
    shown = os.fspath(path)
    try:
        yield place
    except FileError as error:
        entry = error.entry or place.entry
        offset = error.offset if error.offset is not None else place.offset
        text = str(error)
        if not text.startswith("cannot open "):
            at = "" if offset is None else f" (byte {offset} of the file)"
            text = f"cannot open {shown!r}: {text}{at}"
        raise FileError(text, entry=entry, offset=offset) from error
    except OSError as error:
        raise FileError(f"cannot open {shown!r}: {cause_of(error)}", entry=place.entry) from error
    except MemoryError as error:
        raise FileError(
            f"cannot open {shown!r}: there is not enough memory for {place.entry or 'it'}",
            entry=place.entry, offset=place.offset,
        ) from error  # fmt: skip
    except Exception as error:
        raise FileError(
            f"cannot open {shown!r}: {place.entry or 'the file'} cannot be understood "
            f"({type(error).__name__}: {error})",
            entry=place.entry, offset=place.offset,
        ) from error  # fmt: skip


def write_bundle(
    path: str | os.PathLike[str],
    about: Mapping[str, Any],
    entries: Mapping[str, Any],
    *,
    mode: int | None = None,
    overwrite_read_only: bool = False,
) -> int:
    """Write a file whole or not at all; returns its size in bytes.

    Arguments:
        path: where to.
        about: what `about.json` says, without checksums.
        entries: by name: arrays for `.npy`, data for `.json`, bytes for the rest.
        mode: permissions of the file; None keeps those of the old file.
        overwrite_read_only: replace even a file marked read-only.

    Raises:
        FileError: when an entry cannot be kept, or with path and cause when the disk refuses.
    """
    return atomic.replace_file(
        path, pack(to_parts(about, entries)), mode=mode, overwrite_read_only=overwrite_read_only
    )


def to_parts(about: Mapping[str, Any], entries: Mapping[str, Any]) -> list[tuple[str, list[Buffer]]]:
    """Entries in their order with their bytes and digests; equal contents give equal bytes."""
    listed: list[tuple[str, list[Buffer]]] = []
    digests: dict[str, str] = {}
    for name in sorted(entries):
        if reason := check_name(name):
            raise FileError(reason, entry=name)
        if name in ("mimetype", ABOUT):
            raise FileError(f"{name} is written by the program itself", entry=name)
        parts = _encode(name, entries[name])
        listed.append((name, parts))
        digests[name] = digest(parts)
    first: list[Buffer] = [MIMETYPE]
    said: list[Buffer] = [words.to_bytes({**about, "entries": digests}, ABOUT)]
    # Sorted like the rest, about.json would come after an entry named "a"; a reader wants it early.
    return [("mimetype", first), (ABOUT, said), *listed]


def digest(parts: list[Buffer]) -> str:
    """The checksum of an entry, as `about.json` has it."""
    total = blake2b(digest_size=16)
    for part in parts:
        total.update(part)
    return total.hexdigest()


def _encode(name: str, value: Any) -> list[Buffer]:
    if name.endswith(".npy"):
        return columns.to_parts(np.asarray(value), name)
    if name.endswith(".json") and not isinstance(value, bytes):
        return [words.to_bytes(value, name)]
    if not isinstance(value, bytes):
        raise FileError(f"{name} must be bytes, not {type(value).__name__}", entry=name)
    return [value]


def read_bundle(
    path: str | os.PathLike[str],
    limits: Limits = LIMITS,
    *,
    salvage: bool = False,
    check_about: Callable[[dict[str, Any]], None] | None = None,
) -> Bundle:
    """Read and check every entry of a file.  Nothing is executed, whatever the file holds.

    Arguments:
        path: the file.
        limits: what is refused unread.
        salvage: leave out damaged entries and list them, instead of refusing the file.
        check_about: called with `about.json` before anything else is read; may refuse.

    Raises:
        FileError: with the entry and the byte where they are known.
    """
    with reading(path) as place, open(path, "rb", buffering=0) as file:
        archive = Archive(file, limits, salvage=salvage)
        damage = archive.damage
        try:
            about = _about(archive, place)
        except FileError as error:
            if not salvage or error.entry != ABOUT:
                raise
            damage.append(Damage(ABOUT, error.offset, str(error)))
            # The zip's own checksums are still there to go by.
            about = {"entries": dict.fromkeys(archive.slots.keys() - {"mimetype", ABOUT})}
        else:
            if check_about is not None:
                check_about(about)
        digests: dict[str, str | None] = about["entries"]
        damage += [
            Damage(name, None, f"{name} is missing") for name in sorted(set(digests) - archive.slots.keys())
        ]
        if damage and not salvage:
            raise damage[0].error()
        entries: dict[str, Any] = {}
        for name in sorted(archive.slots.keys() - {"mimetype", ABOUT}):
            place.entry, place.offset = name, None
            try:
                entries[name] = _checked(archive, name, digests, limits)
            except FileError as error:
                if not salvage:
                    raise
                damage.append(Damage(name, error.offset, str(error)))
        place.entry = ""
        return Bundle(about, entries, damage)


def read_some(
    path: str | os.PathLike[str], wanted: tuple[str, ...] = (), limits: Limits = LIMITS
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `about.json` says, and a few entries that are there, without reading the others."""
    with reading(path) as place, open(path, "rb", buffering=0) as file:
        archive = Archive(file, limits)
        about = _about(archive, place)
        found: dict[str, Any] = {}
        for name in wanted:
            if name in archive.slots:
                place.entry = name
                found[name] = _checked(archive, name, about["entries"], limits)
        return about, found


def _about(archive: Archive, place: Place) -> dict[str, Any]:
    """What the file says of itself, after checking that it is one of ours."""
    place.entry = "mimetype"
    if "mimetype" not in archive.slots or archive.slots["mimetype"].size != len(MIMETYPE):
        raise FileError("this is not a Neuropil file: it does not say that it is one", offset=0)
    if bytes(archive.read("mimetype")) != MIMETYPE:
        raise FileError("this is not a Neuropil file: it says that it is another kind", offset=0)
    place.entry = ABOUT
    if ABOUT not in archive.slots:
        raise FileError("about.json is missing", entry=ABOUT)
    about = _decode(archive, ABOUT, None, archive.limits)
    digests = about.get("entries") if isinstance(about, dict) else None
    if not isinstance(digests, dict) or not all(isinstance(value, str) for value in digests.values()):
        raise FileError("about.json does not list the entries and their checksums", entry=ABOUT)
    return dict(about)


def _checked(archive: Archive, name: str, digests: dict[str, str | None], limits: Limits) -> Any:
    """One entry that `about.json` vouches for."""
    if name not in digests:
        raise FileError(
            f"{name} is not among the entries that about.json vouches for",
            entry=name,
            offset=archive.slots[name].start,
        )
    return _decode(archive, name, digests[name], limits)


def _decode(archive: Archive, name: str, expected: str | None, limits: Limits) -> Any:
    """One entry as array, data or bytes, checked against its digest where there is one."""
    slot = archive.slots[name]
    bound = limits.other
    if name.endswith(".json"):
        bound = limits.json
    elif name.endswith(".npy"):
        bound = limits.file
    try:
        if slot.size > bound:
            raise FileError(f"{name} has {slot.size} bytes; at most {bound} are read", entry=name)
        held = archive.read(name)
        if expected is not None and digest([held.data]) != expected:
            raise FileError(f"{name} is damaged: it is not what was saved", entry=name)
        if name.endswith(".npy"):
            return columns.from_bytes(held, name)
        raw = held.tobytes()
        return words.from_bytes(raw, name, limits) if name.endswith(".json") else raw
    except FileError as error:  # what is read knows its own bytes; a reader wants the byte in the file
        raise FileError(str(error), entry=name, offset=slot.start + (error.offset or 0)) from error
