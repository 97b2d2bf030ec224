"""What is kept of a document while it is edited, so that a crash costs nothing: copies and a journal.

Each open document has a folder of its own, readable by its user alone.  In it lie whole copies
("000000000012.neuropil": everything up to change 12), journals of the changes after them, and a lock
that tells other windows it is in use.  The folder goes only when the user has saved the document, or
says so; a document closed without saving is kept and listed, but not offered again by itself.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import tempfile
import threading
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import platformdirs

from engine.errors import FileError
from engine.files import atomic, words
from engine.files.atomic import cause_of
from engine.files.container import read_some
from engine.files.journal import EVERY, Journal
from engine.files.save import State, save

ABOUT = "about.json"
ATTEMPTS = "attempts"
COPY = ".neuropil"
JOURNAL = ".journal"
LOCK = "lock"
KEPT = 2
"""How many copies are kept; the older is there in case the newer turns out to be unreadable."""


def default_folders() -> list[Path]:
    """Where recovery files go: the user's data folder, or where that cannot be written, a temporary one."""
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return [
        Path(platformdirs.user_data_dir("neuropil", appauthor=False)) / "recovery",
        Path(tempfile.gettempdir()) / f"neuropil-recovery-{user}",
    ]


class Lock:
    """A mark that a folder is in use, which the system takes away when the program ends, however it ends."""

    def __init__(self, path: Path) -> None:
        """Take the lock; raises BlockingIOError when a living program has it."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(self._file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
            else:
                import fcntl

                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise BlockingIOError(f"{path} is in use") from error

    def release(self) -> None:
        """Give it up; doing so twice does nothing."""
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)


def identity(path: str | os.PathLike[str]) -> str:
    """A digest that tells whether a file still is the one it was: of the checksums of all its entries."""
    said, _ = read_some(path)
    return blake2b(msgspec.json.encode(said, order="sorted"), digest_size=16).hexdigest()


class Recovery:
    """The recovery files of one open document.

    Changes are numbered here, from 1.  `append` may be called from one thread while `autosave` writes
    on another; nothing else may overlap.
    """

    def __init__(
        self,
        document: str | os.PathLike[str] = "",
        title: str = "",
        *,
        folders: Sequence[Path] | None = None,
        parent: str = "",
        number: int = 0,
        every: float = EVERY,
    ) -> None:
        """Begin to keep what is done to a document.

        Arguments:
            document: its file, which is what the journal builds on until there is a copy; empty when it
                has none yet, and then `autosave` must be called at once.
            title: what to call it when it is offered.
            folders: where to keep it, in order of preference; `default_folders()` when None.
            parent: the key of the recovery that this document was recovered from, which is kept until this
                document has been saved; `autosave` must then be called at once.
            number: the number of the last change, when a recovered document goes on.
            every: seconds between flushes of the journal.

        Raises:
            FileError: when none of the folders can be written.
        """
        self.document = os.path.abspath(os.fspath(document)) if document else ""
        self.title = title
        self.number = number
        self.notice = ""
        """What the user should know: that recovery files go elsewhere than usual, and why."""
        self._every = every
        self._parent = parent
        self._began = number
        self._saved = number if document and not parent else -1
        self._identity = identity(document) if document and not parent else ""
        self._folders = list(folders) if folders is not None else default_folders()
        self._mutex = threading.Lock()
        self._turn = 0
        self._journal: Journal | None = None
        self._lock: Lock | None = None
        self._settle(self._folders)

    # -- while editing -----------------------------------------------------------------------------

    def append(self, kind: str, body: Any, step: int = 0) -> int:
        """Keep one change, safe from a crash the moment this returns; returns its number.

        That the engine was set running changes the document, too: say so with a record of its own.

        Arguments:
            kind: "edit" for an edit (its object, or its JSON); any other word for what is only kept.
            body: JSON values.
            step: the engine's step it took effect at.

        Raises:
            FileError: when the disk refuses.  The change is remembered and written with the next one.
        """
        to_json = getattr(body, "to_json", None)
        plain = to_json() if callable(to_json) else body
        with self._mutex:
            self.number += 1
            self._open().append(self.number, step, kind, plain)
            return self.number

    def autosave(
        self,
        what: Any,
        number: int | None = None,
        layout: Mapping[str, Any] | None = None,
        state: State | None = None,
    ) -> None:
        """Write a whole copy, after which older ones but one are let go.

        Arguments:
            what: the network or simulation, which must not change meanwhile.
            number: the last change that is in it; None for the last there was.
            layout: as for `save`.
            state: as for `save`.

        Raises:
            FileError: when it can be written nowhere; what was kept before is still there.
        """
        upto = self.number if number is None else number
        try:
            self._copy(what, upto, layout, state)
        except FileError as error:
            rest = [place for place in self._folders if place != self.place.parent]
            if not rest or not isinstance(error.__cause__, OSError):
                raise
            with self._mutex:
                self._move(rest, str(error))
            self._copy(what, upto, layout, state)

    def sync(self) -> None:
        """Return only when every change is on the disk itself."""
        with self._mutex:
            self._open().retry()
            self._open().sync()

    @property
    def unsaved(self) -> bool:
        """Whether something was done since the document was saved."""
        return self.number > self._saved if self._saved >= 0 else bool(self._parent) or self.number > 0

    @property
    def trouble(self) -> str:
        """Why changes cannot be kept at the moment; empty when all is well."""
        journal = self._journal
        if journal is None:
            return "the journal is closed"
        return journal.trouble or (f"{journal.waiting} changes wait to be written" if journal.waiting else "")

    # -- when the user saves or closes -------------------------------------------------------------

    def saved(self, document: str | os.PathLike[str], number: int | None = None) -> None:
        """The user saved the document, successfully: what only led up to that may go.

        Arguments:
            document: where it was saved.
            number: the last change that is in it; None for the last there was.
        """
        self.document = os.path.abspath(os.fspath(document))
        self._saved = self.number if number is None else number
        self._identity = identity(document)
        self._tell()
        for copy in self._numbered(COPY):
            if _number(copy) <= self._saved:
                _away(copy)
        if self.number <= self._saved:
            self._turn_journal()
            for journal in self._numbered(JOURNAL)[:-1]:
                _away(journal)
        key, self._parent = self._parent, ""
        while key:  # what this document was recovered from is safe now, too
            place = find(key, self._folders)
            key = str(read_about(place).get("parent", "")) if place else ""
            if place is not None:
                remove_set(place)
        self._tell()

    def close(self) -> None:
        """The user closed the document: unsaved changes are kept (not offered again), else nothing is."""
        unsaved = self.unsaved
        self.abandon()
        if unsaved:
            self._tell(closed=True)
        else:
            remove_set(self.place)

    def abandon(self) -> None:
        """Stop writing and leave everything as a crash would, to be offered at the next start."""
        with self._mutex:
            journal, self._journal = self._journal, None
            if journal is not None:
                with contextlib.suppress(FileError):  # told by `trouble` and `append` before
                    journal.close()
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    # -- how ---------------------------------------------------------------------------------------

    @property
    def key(self) -> str:
        """The name of this document's recovery."""
        return self.place.name

    def _open(self) -> Journal:
        if self._journal is None:
            raise FileError("this recovery is closed")
        return self._journal

    def _settle(self, folders: Sequence[Path], because: str = "") -> None:
        """Make a folder of our own in the first place that lets us."""
        name = f"{blake2b(self.document.encode(), digest_size=6).hexdigest()}-{secrets.token_hex(6)}"
        refusals: list[str] = [because] if because else []
        for folder in folders:
            place = folder / name
            try:
                _private(folder)
                place.mkdir(mode=0o700)
                atomic.disk.sync_folder(os.fspath(folder))
                self.place = place
                self._lock = Lock(place / LOCK)
                self._tell()
                self._turn_journal()
            except (OSError, FileError) as error:
                if self._lock is not None:
                    self._lock.release()
                    self._lock = None
                remove_set(place)
                why = cause_of(error) if isinstance(error, OSError) else str(error)
                refusals.append(f"{folder}: {why}")
                continue
            if refusals:
                self.notice = f"recovery files go to {folder}, because: {'; '.join(refusals)}"
            return
        raise FileError(f"recovery files can be written nowhere: {'; '.join(refusals)}")

    def _move(self, folders: Sequence[Path], because: str) -> None:
        """Go on in another folder; the old one stays, as what this document came from."""
        before, journal, lock = self.place, self._journal, self._lock
        self._journal, self._lock, self._turn = None, None, 0
        self._parent = before.name
        try:
            self._settle(folders, because)
        except FileError:
            self.place, self._journal, self._lock = before, journal, lock
            raise
        if journal is not None:
            self._open().adopt(journal)
            with contextlib.suppress(FileError):
                journal.close()
        if lock is not None:
            lock.release()

    def _tell(self, closed: bool = False) -> None:
        """Write down what this is the recovery of."""
        said = {
            "document": self.document,
            "title": self.title,
            "parent": self._parent,
            "began": self._began,
            "saved": self._saved,
            "identity": self._identity,
            "closed": closed,
        }
        atomic.replace_file(self.place / ABOUT, [words.to_bytes(said)], mode=0o600)

    def _copy(self, what: Any, number: int, layout: Mapping[str, Any] | None, state: State | None) -> None:
        save(what, self.place / f"{number:012d}{COPY}", layout, state=state, mode=0o600)
        self._turn_journal()
        copies = self._numbered(COPY)
        for copy in copies[:-KEPT]:
            _away(copy)
        # Journals are in order; one is needed while a change in it may come after the oldest copy.
        oldest = _number(copies[-KEPT:][0])
        journals = self._numbered(JOURNAL)
        for journal, following in pairwise(journals):
            if _number(following) <= oldest:
                _away(journal)

    def _turn_journal(self) -> None:
        """Begin a new journal, named by the last change before it."""
        self._turn += 1
        with self._mutex if self._journal is not None else contextlib.nullcontext():
            before = self._journal
            path = self.place / f"{self.number:012d}-{self._turn:06d}{JOURNAL}"
            journal = Journal(path, every=self._every)
            if before is not None:
                journal.adopt(before)
                with contextlib.suppress(FileError):
                    before.close()
            self._journal = journal
            if journal.waiting:
                journal.retry()

    def _numbered(self, ending: str) -> list[Path]:
        return numbered(self.place, ending)


def numbered(place: Path, ending: str) -> list[Path]:
    """The copies or journals in a folder, oldest first."""
    return sorted(path for path in place.glob(f"*{ending}") if path.name[:12].isdigit())


def _number(path: Path) -> int:
    return int(path.name[:12])


def _away(path: Path) -> None:
    with contextlib.suppress(OSError):  # it may stay; it is only superseded
        atomic.disk.unlink(os.fspath(path))


def remove_set(place: Path) -> None:
    """Remove one document's recovery folder and what we wrote in it; anything else in there stays."""
    with contextlib.suppress(OSError):
        for path in sorted(place.iterdir()):
            if path.name in (ABOUT, ATTEMPTS, LOCK) or path.suffix in (COPY, JOURNAL, ".part"):
                path.unlink()
        place.rmdir()


def find(key: str, folders: Sequence[Path]) -> Path | None:
    """The folder of a recovery, or None."""
    if not key or os.path.basename(key) != key:
        return None
    return next((folder / key for folder in folders if (folder / key).is_dir()), None)


def read_about(place: Path) -> dict[str, Any]:
    """What a recovery says of itself; nothing, when that is damaged."""
    try:
        said = words.from_bytes((place / ABOUT).read_bytes()[: 1 << 16], ABOUT)
    except (OSError, FileError):
        return {}
    return said if isinstance(said, dict) else {}


def _private(folder: Path) -> None:
    """Make a folder that only its user may enter, or make sure that it is one."""
    above = [one.parent for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for one in above:
        atomic.disk.sync_folder(os.fspath(one))
    if os.name == "nt":
        return
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise FileError("it belongs to somebody else")
    if found.st_mode & 0o077:
        folder.chmod(0o700)
