"""The zip around a network file: entries stored as they are, read without trusting a single number.

Only what our files need of the format is written and accepted: no compression, no encryption, no
several disks, no trailing descriptors.  So nothing can unpack to more than it is, and every claim
about a size is checked against the bytes that are really there.  (PKWARE APPNOTE 6.3.10.)
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from typing import Any

import numpy as np

from engine.errors import FileError
from engine.files.atomic import AT_ONCE, Buffer

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR = struct.Struct("<4sLQL")
WIDE = 0xFFFFFFFF  # stands for a number that is given elsewhere in 64 bits
MANY = 0xFFFF
LARGE = WIDE
"""Sizes and places from here on are written in the 64-bit form."""
LOTS = MANY
"""As are numbers of entries from here on."""
DATE = 0x21  # 1 January 1980: equal networks give equal bytes
UTF8 = 0x0800
PART = r"[^\x00-\x1f\x7f\\/:*?\"<>|]{1,120}"
NAME = re.compile(f"{PART}(?:/{PART})*")
DOTS = re.compile(r"(?:^|/)\.\.?(?:/|$)")
ROOM = 20
"""Bytes read beyond an entry's own header and name: the 64-bit field of a large one."""


@dataclass(frozen=True)
class Limits:
    """The most a file may hold before it is refused; generous for networks, mean to bombs."""

    file: int = 1 << 36
    """Bytes of the whole file."""
    entries: int = 200_000
    json: int = 1 << 25
    """Bytes of one JSON entry."""
    values: int = 1_000_000
    """Numbers, words, lists and objects in one JSON entry."""
    depth: int = 60
    """Lists within lists in JSON."""
    other: int = 1 << 26
    """Bytes of an entry that is neither JSON nor a column."""


LIMITS = Limits()


@dataclass(frozen=True)
class Slot:
    """Where an entry lies in the file, and what its checksum should be."""

    name: str
    start: int
    """Offset of its bytes from the start of the file."""
    size: int
    crc: int


@dataclass(frozen=True)
class Damage:
    """One thing that is wrong with a file: the entry, the byte within it when known, and why."""

    entry: str
    offset: int | None
    why: str

    def error(self) -> FileError:
        """The same as an exception."""
        return FileError(self.why, entry=self.entry, offset=self.offset)


def check_name(name: str) -> str:
    """Why an entry may not have this name; empty if it may.

    Names are relative paths with `/` between the parts, safe to unpack on any system.
    """
    if name.startswith("/") or name.startswith("\\") or re.match(r"[A-Za-z]:", name):
        return f"entry name {name[:80]!r} is an absolute path"
    if DOTS.search(name):
        return f"entry name {name[:80]!r} leads out of the file"
    if len(name) > 400 or not NAME.fullmatch(name):
        return f"entry name {name[:80]!r} is not allowed"
    return ""


# -- writing ----------------------------------------------------------------------------------------


def pack(entries: list[tuple[str, list[Buffer]]]) -> Iterator[Buffer]:
    """The bytes of a zip that holds these entries in this order, each given as a list of parts."""
    directory: list[bytes] = []
    place = 0
    for name, parts in entries:
        if reason := check_name(name):
            raise FileError(reason, entry=name)
        raw = name.encode()
        flags = 0 if raw.isascii() else UTF8
        size = sum(memoryview(part).nbytes for part in parts)
        crc = 0
        for part in parts:
            crc = zlib.crc32(part, crc)
        wide = size >= LARGE
        extra = struct.pack("<2H2Q", 1, 16, size, size) if wide else b""
        short = WIDE if wide else size
        version = 45 if wide or place >= LARGE else 20
        yield (
            LOCAL.pack(b"PK\3\4", version, flags, 0, 0, DATE, crc, short, short, len(raw), len(extra))
            + raw
            + extra
        )
        yield from parts
        fields = ([size, size] if wide else []) + ([place] if place >= LARGE else [])
        extra64 = struct.pack(f"<2H{len(fields)}Q", 1, 8 * len(fields), *fields) if fields else b""
        directory.append(
            CENTRAL.pack(
                b"PK\1\2", 3 << 8 | version, version, flags, 0, 0, DATE, crc, short, short, len(raw),
                len(extra64), 0, 0, 0, 0o644 << 16, WIDE if place >= LARGE else place,
            )
            + raw
            + extra64
        )  # fmt: skip
        place += LOCAL.size + len(raw) + len(extra) + size
    listing = b"".join(directory)
    yield listing
    count = len(directory)
    shown = (count, count, len(listing), place)
    if place >= LARGE or count >= LOTS or len(listing) >= LARGE:
        yield END_64.pack(b"PK\6\6", 44, 3 << 8 | 45, 45, 0, 0, *shown)
        yield LOCATOR.pack(b"PK\6\7", 0, place + len(listing), 1)
        shown = (MANY, MANY, WIDE, WIDE)
    yield END.pack(b"PK\5\6", 0, 0, *shown, 0)


# -- reading ----------------------------------------------------------------------------------------


class Archive:
    """An open zip whose directory has been read and believed only where the bytes agree."""

    def __init__(self, file: FileIO, limits: Limits = LIMITS, *, salvage: bool = False) -> None:
        """Read the directory.  With `salvage`, a broken one is rebuilt from the entries themselves."""
        self.file = file
        self.limits = limits
        self.damage: list[Damage] = []
        self.size = os.fstat(file.fileno()).st_size
        if self.size > limits.file:
            raise FileError(f"the file has {self.size} bytes; at most {limits.file} are read")
        try:
            slots = self._directory()
        except FileError as error:
            if not salvage:
                raise
            self.damage.append(Damage(error.entry or "", error.offset, str(error)))
            slots = self._scan()
        self.slots = {slot.name: slot for slot in slots}

    def read(self, name: str) -> np.ndarray[Any, Any]:
        """The bytes of an entry (uint8), its checksum verified."""
        slot = self.slots[name]
        self.file.seek(slot.start)
        held = np.empty(slot.size, np.uint8)
        got = 0
        while got < slot.size:
            more = self.file.readinto(held.data[got : got + AT_ONCE])
            if not more:
                raise FileError(f"{name} ends after {got} of {slot.size} bytes", entry=name, offset=got)
            got += more
        if zlib.crc32(held.data) != slot.crc:
            raise FileError(f"{name} is damaged: its checksum is wrong", entry=name)
        return held

    def _at(self, place: int, size: int) -> bytes:
        """Exactly `size` bytes from `place`."""
        if place < 0 or place + size > self.size:
            raise FileError(f"the file ends before byte {place + size}", offset=self.size)
        self.file.seek(place)
        found = self.file.read(size)
        if len(found) != size:
            raise FileError(f"the file ends before byte {place + size}", offset=place + len(found))
        return found

    def _end(self) -> tuple[int, int, int]:
        """Number of entries, size and place of the directory, from the record at the end of the file."""
        if self.size < END.size:
            raise FileError("this is not a Neuropil file: it is too short", offset=self.size)
        if self._at(0, 2) != b"PK":
            raise FileError("this is not a Neuropil file: it does not begin as a zip does", offset=0)
        reach = min(self.size, END.size + 0xFFFF)
        tail = self._at(self.size - reach, reach)
        here = tail.rfind(b"PK\5\6")
        while here >= 0:
            if here + END.size <= len(tail):
                fields = END.unpack_from(tail, here)
                if here + END.size + fields[7] == len(tail):
                    break
            here = tail.rfind(b"PK\5\6", 0, here)
        if here < 0:
            raise FileError("the file is cut off: the list of its entries is missing", offset=self.size)
        place = self.size - reach + here
        _, disk, first, count, total, size, start, _ = fields
        if MANY in (count, total) or WIDE in (size, start):
            signature, _, number, disks = LOCATOR.unpack(self._at(place - LOCATOR.size, LOCATOR.size))
            if signature != b"PK\6\7" or disks != 1:
                raise FileError("the record at the end of the file is damaged", offset=place)
            end = END_64.unpack(self._at(number, END_64.size))
            if end[0] != b"PK\6\6":
                raise FileError("the record at the end of the file is damaged", offset=number)
            place, (disk, first, count, total, size, start) = number, end[4:]
        if disk or first or count != total or start + size != place:
            raise FileError("the record at the end of the file is damaged", offset=place)
        return count, size, start

    def _directory(self) -> list[Slot]:
        """Every entry, after checking names, sizes and that no two share a byte."""
        count, size, start = self._end()
        if count > self.limits.entries:
            raise FileError(f"the file has {count} entries; at most {self.limits.entries} are read")
        if size > count * (CENTRAL.size + 2048) or size < count * CENTRAL.size:
            raise FileError("the list of entries is damaged", offset=start)
        listing = self._at(start, size)
        here = 0
        slots: list[Slot] = []
        spans: list[tuple[int, int, str]] = []
        seen: set[str] = set()
        for _ in range(count):
            if here + CENTRAL.size > size:
                raise FileError("the list of entries is damaged", offset=start + here)
            row = CENTRAL.unpack_from(listing, here)
            signature, _, _, flags, method, _, _, crc, packed, full = row[:10]
            length, extra, remark, disk, _, _, place = row[10:]
            after = here + CENTRAL.size
            if signature != b"PK\1\2" or after + length + extra + remark > size:
                raise FileError("the list of entries is damaged", offset=start + here)
            name = _name(listing[after : after + length], start + after)
            if name in seen:
                raise FileError(f"two entries are named {name!r}", entry=name, offset=start + here)
            seen.add(name)
            packed, full, place = _wide(
                listing[after + length : after + length + extra], packed, full, place, name
            )
            _plain(name, flags, method, packed, full, disk)
            body = self._local(name, place, flags, crc, full)
            spans.append((place, body + full, name))
            slots.append(Slot(name, body, full, crc))
            here = after + length + extra + remark
        if here != size:
            raise FileError("the list of entries is damaged", offset=start + here)
        spans.sort()
        following = [*spans[1:], (start, start, "the list of entries")]
        for (_, stop, name), (begin, _, other) in zip(spans, following, strict=False):
            if stop > begin:
                raise FileError(f"{name} overlaps {other}", entry=name, offset=begin)
        return slots

    def _local(self, name: str, place: int, flags: int, crc: int, size: int) -> int:
        """Check an entry's own header against the directory; returns where its bytes begin."""
        raw = name.encode()
        start = self._at(place, min(LOCAL.size + len(raw) + ROOM, max(self.size - place, LOCAL.size)))
        header = LOCAL.unpack_from(start)
        length, extra = header[9:]
        named = LOCAL.size + length
        if header[0] != b"PK\3\4" or start[LOCAL.size : named] != raw:
            raise FileError(f"{name} is not where the list of entries says", entry=name, offset=place)
        body: int = place + named + extra
        field = start[named : named + extra] if named + extra <= len(start) else self._at(body - extra, extra)
        packed, full, _ = _wide(field, header[7], header[8], 0, name)
        _plain(name, header[2], header[3], packed, full, 0)
        if header[2] != flags or header[6] != crc or full != size:
            raise FileError(
                f"{name} and the list of entries disagree about its size or checksum",
                entry=name, offset=place,
            )  # fmt: skip
        return body

    def _scan(self) -> list[Slot]:
        """The entries found by walking the file from its start, for a file whose directory is lost."""
        slots: dict[str, Slot] = {}
        place = 0
        while place + LOCAL.size <= self.size and len(slots) < self.limits.entries:
            header = LOCAL.unpack(self._at(place, LOCAL.size))
            if header[0] in (b"PK\1\2", b"PK\5\6", b"PK\6\6"):
                break
            try:
                if header[0] != b"PK\3\4":
                    raise FileError("an entry's header is damaged", offset=place)
                length, extra = header[9:]
                name = _name(self._at(place + LOCAL.size, length), place + LOCAL.size)
                body = place + LOCAL.size + length + extra
                packed, full, _ = _wide(self._at(body - extra, extra), header[7], header[8], 0, name)
                _plain(name, header[2], header[3], packed, full, 0)
                if body + full > self.size:
                    raise FileError(f"the file ends within {name}", entry=name, offset=self.size)
            except FileError as error:
                self.damage.append(Damage(error.entry or "", error.offset, str(error)))
                following = self._next(place + 4)
                if following < 0:
                    break
                place = following
                continue
            slots.setdefault(name, Slot(name, body, full, header[6]))
            place = body + full
        return list(slots.values())

    def _next(self, place: int) -> int:
        """Where the next entry's header may begin, or -1."""
        step = 1 << 20
        while place < self.size:
            block = self._at(place, min(step + 3, self.size - place))
            found = block.find(b"PK\3\4")
            if found >= 0:
                return place + found
            place += step
        return -1


def _name(raw: bytes, offset: int) -> str:
    try:
        name = raw.decode()
    except UnicodeDecodeError as error:
        raise FileError("an entry's name is not text", offset=offset + error.start) from error
    if reason := check_name(name):
        raise FileError(reason, entry=name[:80], offset=offset)
    return name


def _wide(extra: bytes, packed: int, full: int, place: int, name: str) -> tuple[int, int, int]:
    """Sizes and place, taken from the 64-bit field where the 32-bit ones say so."""
    here = 0
    values: list[int] = []
    while here + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, here)
        if kind == 1:
            block = extra[here + 4 : here + 4 + length]
            values = [number for (number,) in struct.iter_unpack("<Q", block[: len(block) & ~7])]
        here += 4 + length
    numbers = iter(values)
    try:
        if full == WIDE:
            full = next(numbers)
        if packed == WIDE:
            packed = next(numbers)
        if place == WIDE:
            place = next(numbers)
    except StopIteration:
        raise FileError(f"{name} says it is very large, but not how large", entry=name) from None
    return packed, full, place


def _plain(name: str, flags: int, method: int, packed: int, full: int, disk: int) -> None:
    """Refuse an entry that is not simply stored."""
    if flags & ~UTF8:
        what = "encrypted" if flags & 1 else "of a kind Neuropil does not write"
        raise FileError(f"{name} is {what}; entries of a network file are stored plainly", entry=name)
    if method:
        raise FileError(
            f"{name} is compressed; the entries of a network file are stored (zip -0)", entry=name
        )
    if packed != full or disk:
        raise FileError(f"{name} lies about its size", entry=name)
