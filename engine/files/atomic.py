"""Replace a file so that, whatever goes wrong, either the old or the new one is there, whole.

The new bytes are written beside the old file, flushed to the disk, read back and compared, and only
then renamed over it; then the folder is flushed too.  Every call that touches the disk goes through
`disk`, so that a test can make any one of them fail, fall short, or be the last one ever made.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import sys
import time
import zlib
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import TypeAlias

from engine.errors import FileError

Buffer: TypeAlias = bytes | bytearray | memoryview

AT_ONCE = 1 << 22
"""Bytes given to the system in one write, and read back in one read."""
STALE = 3600.0
"""Seconds after which the half-written copy of a killed save is cleared away by the next good one."""

_BINARY = getattr(os, "O_BINARY", 0)
_CLOEXEC = getattr(os, "O_CLOEXEC", 0)

CAUSES = {
    errno.ENOSPC: "the disk is full (a save needs room for the old and the new file together)",
    errno.EDQUOT: "your quota of disk space is used up",
    errno.EFBIG: "the file would be larger than this disk allows",
    errno.EIO: "the disk reports a fault",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "you may not write there",
    errno.EPERM: "the system does not allow it",
    errno.ENOENT: "there is no such file or folder",
    errno.ENOTDIR: "a part of the path is not a folder",
    errno.EISDIR: "it is a folder",
    errno.ENAMETOOLONG: "the name is too long for this disk",
    errno.ELOOP: "its links lead in a circle",
    errno.EMFILE: "too many files are open",
}


def cause_of(error: OSError) -> str:
    """Why the system refused, in words a user can act on."""
    known = CAUSES.get(error.errno or 0)
    return known or (error.strerror or str(error) or type(error).__name__).lower()


class Disk:
    """The few calls that change a disk, gathered in one place; a test puts a faulty one here."""

    def create(self, path: str, mode: int) -> int:
        """Open a new file for writing; refuse if the name is taken."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY | _CLOEXEC, mode)

    def append(self, path: str, mode: int) -> int:
        """Open a file (new or old) so that every write goes to its end."""
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _BINARY | _CLOEXEC, mode)

    def open(self, path: str) -> int:
        """Open an existing file for reading."""
        return os.open(path, os.O_RDONLY | _BINARY | _CLOEXEC)

    def write(self, file: int, part: Buffer) -> int:
        """Write some of `part`; returns how many bytes were taken, which may be fewer than all."""
        return os.write(file, part)

    def read(self, file: int, size: int) -> bytes:
        """Read at most `size` bytes."""
        return os.read(file, size)

    def shorten(self, file: int, size: int) -> None:
        """Cut the file to `size` bytes."""
        os.ftruncate(file, size)

    def chmod(self, path: str, mode: int) -> None:
        """Set who may read and write the file."""
        os.chmod(path, mode)

    def sync(self, file: int) -> None:
        """Return only when the file's bytes are on the disk itself."""
        if sys.platform == "darwin":  # there, fsync leaves them in the drive's own cache
            import fcntl

            with contextlib.suppress(OSError):
                fcntl.fcntl(file, fcntl.F_FULLFSYNC)
                return
        os.fsync(file)

    def close(self, file: int) -> None:
        """Close the file."""
        os.close(file)

    def rename(self, old: str, new: str) -> None:
        """Give `old` the name `new`, replacing what had it, in one indivisible step."""
        os.replace(old, new)

    def unlink(self, path: str) -> None:
        """Remove a name."""
        os.unlink(path)

    def sync_folder(self, folder: str) -> None:
        """Return only when the names in the folder are on the disk; a no-op where that is impossible."""
        if os.name == "nt":
            return  # Windows neither needs nor offers it
        try:
            file = os.open(folder, os.O_RDONLY | _CLOEXEC)
        except PermissionError:
            return  # a folder one may write to but not list
        try:
            os.fsync(file)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.ENOSYS):
                raise  # those four: this file system cannot, which is not a failure of the save
        finally:
            os.close(file)


disk = Disk()


def replace_file(
    path: str | os.PathLike[str],
    parts: Iterable[Buffer],
    *,
    mode: int | None = None,
    overwrite_read_only: bool = False,
) -> int:
    """Put `parts` on the disk as the file `path`, all or nothing; returns the number of bytes.

    A symbolic link is followed and kept.  An existing file keeps its permissions unless `mode` is
    given.  A file marked read-only is left alone unless `overwrite_read_only`.

    Raises:
        FileError: with the path and the cause.  The old file, if there was one, is still whole
            (or, when only the last flush failed, the new one is), and nothing is left beside it.
    """
    shown = os.fspath(path)
    try:
        target = os.path.realpath(shown, strict=False)
        found = _look(target)
        if found is not None and not stat.S_ISREG(found.st_mode):
            what = "a folder" if stat.S_ISDIR(found.st_mode) else "not an ordinary file"
            raise FileError(f"cannot save {shown!r}: it is {what}")
        if found is not None and not found.st_mode & 0o222 and not overwrite_read_only:
            raise FileError(
                f"cannot save {shown!r}: the file is marked read-only; "
                "save under another name, or allow it to be replaced"
            )
        keep = mode if mode is not None else stat.S_IMODE(found.st_mode) if found else None
    except (OSError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        why = cause_of(error) if isinstance(error, OSError) else str(error)
        raise FileError(f"cannot save {shown!r}: {why}") from error
    return _replace(shown, target, parts, keep)


def _replace(shown: str, target: str, parts: Iterable[Buffer], mode: int | None) -> int:
    """Write beside, flush, compare, rename, flush the folder; clean up after any failure."""
    folder, name = os.path.split(target)
    stem = _stem(name)
    beside = os.path.join(folder, f"{stem}{secrets.token_hex(4)}.part")
    file = -1
    in_place = False
    try:
        file = disk.create(beside, 0o666 if mode is None else mode & 0o777 | 0o200)
        size, check = _write_all(file, parts)
        disk.sync(file)
        closing, file = file, -1
        disk.close(closing)
        if _reread(beside) != (size, check):
            raise FileError(f"cannot save {shown!r}: what the disk gave back differs from what was written")
        if mode is not None:
            disk.chmod(beside, mode)
        disk.rename(beside, target)
        in_place = True
        disk.sync_folder(folder)
    except BaseException as error:
        if file >= 0:
            with contextlib.suppress(OSError):
                disk.close(file)
        if not in_place:
            _remove(beside)
        if not isinstance(error, OSError):
            raise
        where = "the file is written, but the disk did not confirm it" if in_place else ""
        why = "; ".join(part for part in (where, cause_of(error)) if part)
        raise FileError(f"cannot save {shown!r}: {why}") from error
    _clear_stale(folder, stem)
    return size


def _look(target: str) -> os.stat_result | None:
    try:
        return os.stat(target)
    except FileNotFoundError:
        return None


def _stem(name: str) -> str:
    """How the half-written copies of the file `name` begin: short, whatever the length of the name."""
    return f".neuropil-{blake2b(os.fsencode(name), digest_size=6).hexdigest()}-"


def _write_all(file: int, parts: Iterable[Buffer]) -> tuple[int, int]:
    """Write every byte, however few the system takes at a time; returns their number and checksum."""
    size = check = 0
    for part in _gathered(parts):
        rest = memoryview(part)
        check = zlib.crc32(rest, check)
        size += len(rest)
        while len(rest):
            taken = disk.write(file, rest[:AT_ONCE])
            if taken <= 0:
                raise OSError(errno.EIO, "the disk took no bytes")
            rest = rest[taken:]
    return size, check


def _gathered(parts: Iterable[Buffer]) -> Iterator[Buffer]:
    """The same bytes with small parts joined, so that a thousand columns are not a thousand calls."""
    waiting = bytearray()
    for part in parts:
        flat = memoryview(part).cast("B") if memoryview(part).nbytes else b""
        if len(waiting) + len(flat) > AT_ONCE and waiting:
            yield bytes(waiting)
            waiting.clear()
        if len(flat) >= AT_ONCE:
            yield flat
        else:
            waiting += flat
    if waiting:
        yield bytes(waiting)


def _reread(path: str) -> tuple[int, int]:
    """The size and checksum of what is on the disk now."""
    file = disk.open(path)
    try:
        size = check = 0
        while block := disk.read(file, AT_ONCE):
            size += len(block)
            check = zlib.crc32(block, check)
        return size, check
    finally:
        with contextlib.suppress(OSError):  # nothing was written through it
            disk.close(file)


def _remove(path: str) -> None:
    """Take away our own half-written copy; try twice, since a failing disk may fail once."""
    for _ in range(2):
        try:
            disk.unlink(path)
        except FileNotFoundError:
            return
        except OSError:
            continue
        return


def _clear_stale(folder: str, stem: str) -> None:
    """After a good save, clear what a save of this same file left when it was killed long ago."""
    with contextlib.suppress(OSError):
        for left in Path(folder).glob(f"{stem}????????.part"):
            if time.time() - left.stat().st_mtime > STALE:
                disk.unlink(os.fspath(left))
