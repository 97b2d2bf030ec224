"""A diary of edits that only grows: after a crash, what was done since the last copy is read from it.

Each record is one `write`, so a killed program loses no edit it finished writing; a helper thread
flushes to the disk at most a second later, so a power cut loses little more.  A record is its length,
a checksum that begins from the record before it, its number, the step it took effect at, and JSON.
A tail that was torn off in the middle is recognised and ignored, zeros included.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import struct
import threading
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import msgspec

from engine.errors import FileError
from engine.files import atomic
from engine.files.atomic import cause_of
from engine.files.container import reading

MAGIC = b"neuropil journal 1\r\n\x1a\n"
SALT = 8
HEAD = struct.Struct("<IIqq")
LONGEST = 1 << 30
EVERY = 1.0
"""Seconds between flushes to the disk."""


@dataclass(frozen=True)
class Record:
    """One thing that was done: its number in the document, the engine's step, its kind, and what it says.

    `kind` is "edit" for a change of the network; anything else ("preview", "poke", ...) is kept as it is.
    """

    number: int
    step: int
    kind: str
    body: Any


@dataclass
class Diary:
    """What a journal holds: its readable records, and what (if anything) was wrong with its end."""

    records: list[Record] = field(default_factory=list)
    good: int = 0
    """Bytes up to the end of the last whole record."""
    ignored: int = 0
    """Bytes after that."""
    why: str = ""


class Journal:
    """A journal being written; use from one thread, close when done.

    A record that cannot be written is kept and tried again, in order, with the next one or by `retry`;
    `append` raises so that the user can be told once, and editing may go on.
    """

    def __init__(self, path: str | os.PathLike[str], *, every: float = EVERY) -> None:
        """Begin a new journal; `every` is the number of seconds between flushes (0: at once, no thread)."""
        self.path = os.fspath(path)
        self.every = every
        self._waiting: deque[tuple[bytes, int, int]] = deque()
        self._lock = threading.Lock()
        self._dirty = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self.trouble = ""
        """Why the last flush in the background failed; empty when all is well."""
        try:
            self._file = atomic.disk.append(self.path, 0o600)
        except OSError as error:
            raise FileError(f"cannot write the journal {self.path!r}: {cause_of(error)}") from error
        head = MAGIC + secrets.token_bytes(SALT)
        self._check = zlib.crc32(head)
        self._end = 0
        try:
            if os.fstat(self._file).st_size:
                raise FileError(f"cannot begin the journal {self.path!r}: it exists already")
            self._write(head)
            self.sync()
            atomic.disk.sync_folder(os.path.dirname(os.path.abspath(self.path)))
        except BaseException as error:
            self._close_file()
            if isinstance(error, OSError):
                raise FileError(f"cannot write the journal {self.path!r}: {cause_of(error)}") from error
            raise

    def append(self, number: int, step: int, kind: str, body: Any) -> None:
        """Write one record, so that it survives this program being killed the moment this returns.

        Raises:
            FileError: when the disk refuses; the record is kept and tried again later.
        """
        text = msgspec.json.encode([kind, body])
        self._waiting.append((text, number, step))
        self.retry()

    def retry(self) -> None:
        """Write the records that could not be written before; FileError when the disk still refuses."""
        while self._waiting:
            text, number, step = self._waiting[0]
            rest = struct.pack("<Iqq", len(text), number, step) + text
            check = zlib.crc32(rest, self._check)
            try:
                self._write(HEAD.pack(len(text), check, number, step) + text)
            except OSError as error:
                raise FileError(
                    f"cannot write the journal {self.path!r}: {cause_of(error)}; "
                    f"{len(self._waiting)} edits wait in memory"
                ) from error
            self._check = check
            self._waiting.popleft()
            self._dirty.set()
            if self.every <= 0.0:
                self.sync()
            elif self._thread is None:
                self._thread = threading.Thread(target=self._flush, name="journal", daemon=True)
                self._thread.start()

    def adopt(self, other: Journal) -> None:
        """Take over the records that another journal could not write; they come before this one's own."""
        self._waiting.extendleft(reversed(other._waiting))
        other._waiting.clear()

    @property
    def waiting(self) -> int:
        """How many records could not be written yet."""
        return len(self._waiting)

    def sync(self) -> None:
        """Return only when every written record is on the disk itself.

        Raises:
            FileError: when the disk refuses.
        """
        self._dirty.clear()
        with self._lock:
            if self._file < 0:
                return
            try:
                atomic.disk.sync(self._file)
            except OSError as error:
                self._dirty.set()
                raise FileError(f"cannot flush the journal {self.path!r}: {cause_of(error)}") from error

    def close(self) -> None:
        """Flush and end; the journal stays on the disk.  Closing twice does nothing."""
        self._closing.set()
        self._dirty.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        try:
            if self._file >= 0:
                self.sync()
        finally:
            self._close_file()

    def _write(self, record: bytes) -> None:
        """One write; when the disk takes only a part, that part is taken back, so that nothing is torn."""
        if self._file < 0:
            raise OSError(0, "the journal is closed")
        if self._end < 0:
            self._take_back()
        taken = 0
        try:
            taken = atomic.disk.write(self._file, record)
            while taken < len(record):  # rare: nearly full, or a record of gigabytes
                more = atomic.disk.write(self._file, memoryview(record)[taken:])
                if more <= 0:
                    raise OSError(5, "the disk took no bytes")
                taken += more
        except OSError:
            self._end = -1 - self._end  # remember the good end until it has been restored
            with contextlib.suppress(OSError):
                self._take_back()
            raise
        self._end += len(record)

    def _take_back(self) -> None:
        """Cut off a record that was written in part."""
        good = -1 - self._end
        atomic.disk.shorten(self._file, good)
        self._end = good

    def _flush(self) -> None:
        """The helper thread: a flush at most every `every` seconds, only when there is something new."""
        while True:
            self._dirty.wait()
            self._closing.wait(self.every)
            if self._closing.is_set():
                return
            try:
                self.sync()
                self.trouble = ""
            except FileError as error:
                self.trouble = str(error)

    def _close_file(self) -> None:
        with self._lock:
            file, self._file = self._file, -1
            if file >= 0:
                with contextlib.suppress(OSError):  # flushed before, or reported before
                    atomic.disk.close(file)


def read_journal(path: str | os.PathLike[str]) -> Diary:
    """Every whole record of a journal, in order, up to the first that is not.

    Raises:
        FileError: when the file is not a journal at all.
    """
    with reading(path) as place, open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(len(MAGIC) + SALT)
        if not head.startswith(MAGIC) or len(head) != len(MAGIC) + SALT:
            raise FileError("it is not a journal of edits", offset=0)
        check = zlib.crc32(head)
        diary = Diary(good=len(head))
        while diary.good < size:
            place.offset = diary.good
            start = file.read(HEAD.size)
            if len(start) < HEAD.size:
                diary.why = "the last record is cut off"
                break
            length, claimed, number, step = HEAD.unpack(start)
            if not 0 < length <= min(LONGEST, size - diary.good - HEAD.size):
                diary.why = "the last record is cut off"
                break
            text = file.read(length)
            check = zlib.crc32(text, zlib.crc32(struct.pack("<Iqq", length, number, step), check))
            if check != claimed:
                diary.why = f"the record at byte {diary.good} is damaged"
                break
            try:
                kind, body = msgspec.json.decode(text, type=tuple[str, Any])
            except (msgspec.MsgspecError, RecursionError, ValueError):
                diary.why = f"the record at byte {diary.good} cannot be understood"
                break
            diary.records.append(Record(number, step, kind, body))
            diary.good += HEAD.size + length
        diary.ignored = size - diary.good
        return diary
