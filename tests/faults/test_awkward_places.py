"""P6: full disks, places one may not write, odd names: one clear message, nothing lost, a retry works."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.errors import FileError
from engine.files import atomic
from engine.files.load import load
from engine.files.save import save
from tests.faults.circuit import rich, same
from tests.faults.faulty import disk

NET = rich()
posix = pytest.mark.skipif(os.name == "nt", reason="about permissions as Unix has them")


@contextmanager
def nobody(*folders: Path) -> Iterator[None]:
    """As a user whom permissions bind, since they do not bind root."""
    if os.geteuid() != 0:
        yield
        return
    for folder in folders:
        os.chown(folder, 65534, 65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_full_disk_leaves_the_old_file_and_a_retry_works(tmp_path: Path) -> None:
    path = tmp_path / "net.neuropil"
    save(rich(1), path)
    with disk(3, "full on"), pytest.raises(FileError, match="the disk is full"):
        save(NET, path)
    assert same(load(path)[0], rich(1))
    assert os.listdir(tmp_path) == ["net.neuropil"]
    save(NET, path)
    assert same(load(path)[0], NET)


@posix
def test_a_file_that_grows_too_large_for_the_disk_is_refused(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "net.neuropil"
    save(rich(1), path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(FileError, match=r"net\.neuropil.*larger than this disk allows"):
            save(NET, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert same(load(path)[0], rich(1))
    assert os.listdir(tmp_path) == ["net.neuropil"]


@posix
def test_a_folder_one_may_not_write_is_refused_with_the_cause(tmp_path: Path) -> None:
    folder = Path(os.path.join("/tmp", f"neuropil-{os.getpid()}"))
    folder.mkdir(mode=0o755)
    try:
        path = folder / "net.neuropil"
        save(rich(1), path)
        with nobody(folder):
            folder.chmod(0o555)
            with pytest.raises(FileError, match="you may not write there"):
                save(NET, path)
            folder.chmod(0o755)
        assert same(load(path)[0], rich(1))
    finally:
        folder.chmod(0o755)
        for left in folder.iterdir():
            left.unlink()
        folder.rmdir()


def test_a_file_marked_read_only_is_left_alone_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "net.neuropil"
    save(rich(1), path)
    path.chmod(0o444)
    with pytest.raises(FileError, match="read-only"):
        save(NET, path)
    assert same(load(path)[0], rich(1))
    save(NET, path, overwrite_read_only=True)
    assert same(load(path)[0], NET)
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    path.chmod(0o644)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("gone/net.neuropil", "no such file or folder"),
        ("n" * 300, "name is too long"),
        ("file/net.neuropil", "not a folder"),
        ("folder", "it is a folder"),
        ("bad\0name", "null"),
        ("", "it is a folder|no such file"),
    ],
)
def test_a_place_that_cannot_be_is_named_in_the_message(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(FileError, match=why) as caught:
        save(NET, os.path.join(str(tmp_path), name))
    assert "cannot save" in str(caught.value)
    assert sorted(os.listdir(tmp_path)) == before


@posix
def test_a_thing_that_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", "/dev/null"):
        with pytest.raises(FileError, match="not an ordinary file"):
            save(NET, place)


def test_a_name_of_255_bytes_can_be_saved(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 246 + ".neuropil")
    save(NET, path)
    save(NET, path)
    assert same(load(path)[0], NET)


@posix
def test_permissions_are_kept_and_new_files_follow_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "net.neuropil"
    before = os.umask(0o027)
    try:
        save(NET, path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o600)
        save(NET, path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    finally:
        os.umask(before)


@posix
def test_a_link_is_followed_even_when_it_leads_nowhere_yet(tmp_path: Path) -> None:
    (tmp_path / "shelf").mkdir()
    link = tmp_path / "link.neuropil"
    link.symlink_to(tmp_path / "shelf" / "real.neuropil")
    save(NET, link)
    save(rich(1), link)
    assert link.is_symlink()
    assert os.listdir(tmp_path / "shelf") == ["real.neuropil"]
    assert same(load(link)[0], rich(1))


@posix
def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(FileError, match=r"circle|links"):
        save(NET, tmp_path / "a")


def test_a_system_without_folder_flush_can_still_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    real = os.fsync

    def picky(file: int) -> None:
        if stat.S_ISDIR(os.fstat(file).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        real(file)

    monkeypatch.setattr(atomic.os, "fsync", picky)
    save(NET, tmp_path / "net.neuropil")
    assert same(load(tmp_path / "net.neuropil")[0], NET)


@pytest.mark.parametrize("place", ["gone.neuropil", "folder", "empty.neuropil"])
def test_what_cannot_be_opened_is_named_with_the_cause(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.neuropil").write_bytes(b"")
    with pytest.raises(FileError, match=rf"cannot open .*{place}.*: "):
        load(tmp_path / place)


def test_nothing_that_is_not_a_number_is_ever_saved(tmp_path: Path) -> None:
    path = tmp_path / "net.neuropil"
    save(NET, path)
    spoiled = NET.copy()
    projection = next(iter(spoiled.projections.values()))
    projection.synapses.put("weight", projection.synapses.id[:1], float("nan"))
    with pytest.raises(FileError, match="E to E: weight"):
        save(spoiled, path)
    assert same(load(path)[0], NET)
