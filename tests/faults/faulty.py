"""A disk that goes wrong at a chosen call: it dies, tears, fills up, fails, takes too little, or lies."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine.files import atomic

MODES = ("kill", "tear", "full", "full on", "fault", "fault on", "short", "lie")
"""`on`: from that call on.  `tear`: half of it happens, then death.  `lie`: half, and says it was all."""
WRITING = ("create", "append", "write", "sync", "sync_folder", "shorten")


class Killed(BaseException):
    """The program was killed here; whoever catches this to clean up finds a disk that does nothing more."""


class FaultyDisk(atomic.Disk):
    """Does what the real one does, until the call numbered `at`."""

    def __init__(self, at: int = 0, mode: str = "kill") -> None:
        self.at = at
        self.mode = mode
        self.calls = 0
        self.log: list[str] = []
        self.dead = False

    def _call(self, name: str, *given: Any) -> Any:
        do = getattr(super(), name)
        if self.dead:
            raise Killed
        self.calls += 1
        self.log.append(name)
        here = self.calls == self.at
        if here and self.mode == "kill":
            self._die()
        if here and self.mode == "tear":
            if name == "write":
                do(given[0], memoryview(given[1])[: len(given[1]) // 2])
            else:
                do(*given)
            self._die()
        if name == "write" and here and self.mode in ("short", "lie"):
            half = memoryview(given[1])[: max(1, len(given[1]) // 2)]
            taken = do(given[0], half)
            return taken if self.mode == "short" else len(given[1])
        if self.mode in ("full", "full on") and name in WRITING and self._now(here):
            if name == "write":  # what fits is written, as a real disk does
                do(given[0], memoryview(given[1])[: len(given[1]) // 3])
            raise OSError(errno.ENOSPC, "No space left on device")
        if self.mode in ("fault", "fault on") and self._now(here):
            if name == "close":
                do(*given)
            raise OSError(errno.EIO, "Input/output error")
        return do(*given)

    def _now(self, here: bool) -> bool:
        return here or (self.mode.endswith("on") and self.calls >= self.at > 0)

    def _die(self) -> None:
        self.dead = True
        raise Killed

    def create(self, path: str, mode: int) -> int:
        return self._call("create", path, mode)

    def append(self, path: str, mode: int) -> int:
        return self._call("append", path, mode)

    def open(self, path: str) -> int:
        return self._call("open", path)

    def write(self, file: int, part: Any) -> int:
        return self._call("write", file, part)

    def read(self, file: int, size: int) -> bytes:
        return self._call("read", file, size)

    def shorten(self, file: int, size: int) -> None:
        self._call("shorten", file, size)

    def chmod(self, path: str, mode: int) -> None:
        self._call("chmod", path, mode)

    def sync(self, file: int) -> None:
        self._call("sync", file)

    def close(self, file: int) -> None:
        if self.dead:
            os.close(file)  # the system does this for the dead
        self._call("close", file)

    def rename(self, old: str, new: str) -> None:
        self._call("rename", old, new)

    def unlink(self, path: str) -> None:
        self._call("unlink", path)

    def sync_folder(self, folder: str) -> None:
        self._call("sync_folder", folder)


@contextmanager
def disk(at: int = 0, mode: str = "kill") -> Iterator[FaultyDisk]:
    """Put a faulty disk in place of the real one."""
    before, atomic.disk = atomic.disk, FaultyDisk(at, mode)
    try:
        yield atomic.disk  # type: ignore[misc]
    finally:
        atomic.disk = before
