"""A disk that writes down what is done to it, and what a power cut at any moment may leave of that.

The rules are harsher than any file system in use: until a file is flushed, each write to it may be whole,
missing, torn or zeros, whatever became of the others; until its folder is flushed, each new name, rename
and removal in it may have happened or not, in any combination.  A rename itself happens or does not.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.files import atomic


@dataclass(frozen=True)
class Done:
    """One thing done: to a file (by number), to a name, or only said (`what` is then "said")."""

    what: str
    file: int = 0
    path: str = ""
    to: str = ""
    at: int = 0
    data: bytes = b""
    upto: int = 0
    """For a flush: how many things had been done when it began."""
    time: float = 0.0
    word: Any = None


class RecordingDisk(atomic.Disk):
    """Does what the real one does, and keeps account; `without` names calls that only pretend to."""

    def __init__(self, without: tuple[str, ...] = ()) -> None:
        self.done: list[Done] = []
        self.without = without
        self.now = 0.0
        self._files: dict[int, tuple[int, int]] = {}
        self._fresh = 0
        self._named: dict[str, int] = {}

    def say(self, word: Any) -> None:
        """Note a promise made to the user at this moment."""
        self._note("said", word=word)

    def _note(self, what: str, **more: Any) -> None:
        self.done.append(Done(what, time=self.now, **more))

    def _begin(self, file: int, path: str) -> int:
        path = os.path.realpath(path)
        if path not in self._named:
            self._fresh += 1
            self._named[path] = self._fresh
            self._note("name", path=path, file=self._fresh)
        self._files[file] = (self._named[path], os.fstat(file).st_size)
        return file

    def create(self, path: str, mode: int) -> int:
        return self._begin(super().create(path, mode), path)

    def append(self, path: str, mode: int) -> int:
        return self._begin(super().append(path, mode), path)

    def write(self, file: int, part: Any) -> int:
        taken = super().write(file, part)
        number, end = self._files[file]
        self._note("write", file=number, at=end, data=bytes(memoryview(part)[:taken]))
        self._files[file] = (number, end + taken)
        return taken

    def shorten(self, file: int, size: int) -> None:
        super().shorten(file, size)
        number, _ = self._files[file]
        self._note("shorten", file=number, at=size)
        self._files[file] = (number, size)

    def sync(self, file: int) -> None:
        if "sync" not in self.without:
            self._note("sync", file=self._files[file][0], upto=len(self.done))

    def rename(self, old: str, new: str) -> None:
        super().rename(old, new)
        old, new = os.path.realpath(old), os.path.realpath(new)
        number = self._named.pop(old)
        self._named[new] = number
        self._note("rename", path=old, to=new, file=number)

    def unlink(self, path: str) -> None:
        super().unlink(path)
        path = os.path.realpath(path)
        self._named.pop(path, None)
        self._note("unlink", path=path)

    def sync_folder(self, folder: str) -> None:
        if "sync_folder" not in self.without:
            self._note("sync_folder", path=os.path.realpath(folder), upto=len(self.done))


@contextmanager
def recording(*without: str) -> Iterator[RecordingDisk]:
    """Put a recording disk in place of the real one."""
    before = atomic.disk
    atomic.disk = watched = RecordingDisk(without)
    try:
        yield watched
    finally:
        atomic.disk = before


@dataclass
class _Bytes:
    """What is on the disk of one file, and what was done to it since."""

    safe: bytes = b""
    waiting: list[tuple[int, Done]] = field(default_factory=list)


def _put(content: bytearray, at: int, data: bytes) -> None:
    if len(content) < at:
        content.extend(bytes(at - len(content)))
    content[at : at + len(data)] = data


def _after(safe: bytes, waiting: list[tuple[int, Done]], luck: random.Random | None) -> bytes:
    """The bytes of a file, of whose latest writes each had its own fate (None: all arrived)."""
    content = bytearray(safe)
    for _, one in waiting:
        fate = "whole" if luck is None else luck.choice(("whole", "missing", "torn", "zeros"))
        if one.what == "shorten":
            if fate != "missing":
                del content[one.at :]
        elif fate == "whole":
            _put(content, one.at, one.data)
        elif fate == "torn":
            _put(content, one.at, one.data[: luck.randrange(len(one.data) + 1)] if luck else b"")
        elif fate == "zeros":  # the new size was kept, the bytes were not
            _put(content, one.at, bytes(len(one.data)))
    return bytes(content)


def cut(done: list[Done], before: dict[str, bytes], luck: random.Random, flavour: int) -> dict[str, bytes]:
    """The files, by path, that a power cut leaves right after the last thing done.

    Flavours: 0 nothing that was not flushed arrived, 1 the names arrived and the bytes did not, 2 the
    bytes and not the names, 3 everything; from 4 on each thing has its own fate.
    """
    files: dict[int, _Bytes] = {}
    names: dict[str, int | bytes] = dict(before)
    waiting: list[tuple[int, str, Done]] = []
    for turn, one in enumerate(done):
        if one.what in ("write", "shorten"):
            files[one.file].waiting.append((turn, one))
        elif one.what == "sync":
            about = files[one.file]
            arrived = [each for each in about.waiting if each[0] < one.upto]
            about.safe = _after(about.safe, arrived, None)
            about.waiting = [each for each in about.waiting if each[0] >= one.upto]
        elif one.what in ("name", "rename", "unlink"):
            if one.what == "name":
                files.setdefault(one.file, _Bytes())
            waiting.append((turn, os.path.dirname(one.path), one))
        elif one.what == "sync_folder":
            for each in [each for each in waiting if each[0] < one.upto and each[1] == one.path]:
                _name(names, each[2])
                waiting.remove(each)
    for _, _, one in waiting:
        if flavour in (1, 3) or (flavour >= 4 and luck.random() < 0.5):
            _name(names, one)
    found = {}
    for path, about in names.items():
        if isinstance(about, bytes):
            found[path] = about
        elif flavour in (0, 1):
            found[path] = files[about].safe
        else:
            found[path] = _after(files[about].safe, files[about].waiting, None if flavour < 4 else luck)
    return found


def lasting(done: list[Done], found: dict[str, bytes], root: Path) -> dict[str, bytes]:
    """The files of these whose folders are on the disk, too; `root` was there before."""
    flushed = {one.path for one in done if one.what == "sync_folder"}

    def lasts(folder: str) -> bool:
        above = os.path.dirname(folder)
        return folder == str(root) or (above in flushed and lasts(above))

    return {path: content for path, content in found.items() if lasts(os.path.dirname(path))}


def _name(names: dict[str, int | bytes], one: Done) -> None:
    if one.what == "name":
        names[one.path] = one.file
    elif one.what == "rename":
        names.pop(one.path, None)
        names[one.to] = one.file
    else:
        names.pop(one.path, None)


def lay_out(found: dict[str, bytes], where: Path, instead: Path) -> None:
    """Write what was left, as it lay in the folder `where`, into the folder `instead`."""
    for path, content in found.items():
        place = instead / Path(path).relative_to(where)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.write_bytes(content)
