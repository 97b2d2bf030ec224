"""Damaged recovery files, edits that do not fit, and a disk that cannot be written."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.errors import FileError
from engine.files import recovery as keeping
from engine.files.journal import Record
from engine.files.recovered import Offer, offers, recover
from engine.files.recovery import Recovery
from engine.network.edits import SetNetwork
from tests.faults.a_recovery import Document, only
from tests.faults.circuit import rich
from tests.faults.faulty import disk

GARBAGE = [b"", b"\0" * 100, b"PK\3\4", b"{", os.urandom(3000), b"[]"]


@pytest.mark.parametrize("name", [keeping.ABOUT, keeping.ATTEMPTS, keeping.LOCK, "copy", "journal"])
def test_garbage_in_any_recovery_file_never_stops_a_start(folder: Path, name: str) -> None:
    document = Document(folder)
    document.edit("a")
    document.crash()
    place = folder / document.recovery.key
    path = {
        "copy": next(place.glob("*.neuropil")),
        "journal": sorted(place.glob("*.journal"))[-1],
    }.get(name, place / name)
    before = set(os.listdir(place)) - {keeping.ATTEMPTS}
    for garbage in GARBAGE:
        path.write_bytes(garbage)
        for offer in offers([folder]):
            with_luck(offer)
    assert before <= set(os.listdir(place))


def with_luck(offer: Offer) -> None:
    """Recover what can be; a refusal must be a FileError."""
    try:
        recover(offer)
    except FileError as error:
        assert str(error)  # noqa: PT017  (anything else is let through and fails the test)


def test_strange_things_in_the_recovery_folder_are_passed_over(folder: Path) -> None:
    (folder / "file").write_bytes(b"x")
    (folder / "empty").mkdir()
    (folder / "other").mkdir()
    (folder / "other" / "letter.txt").write_text("dear diary")
    (folder / "circle").symlink_to(folder)
    assert offers([folder, folder / "nowhere"]) == []
    assert sorted(os.listdir(folder)) == ["circle", "empty", "file", "other"]


def test_a_torn_journal_gives_all_edits_before_the_tear(folder: Path) -> None:
    document = Document(folder)
    for title in "abc":
        document.edit(title)
    document.crash()
    journal = sorted((folder / document.recovery.key).glob("*.journal"))[-1]
    journal.write_bytes(journal.read_bytes()[:-5])
    back = recover(only(folder))
    assert back.network.title == "b"
    assert back.number == 2
    assert any("cut off" in problem for problem in back.problems)


def test_an_edit_that_no_longer_fits_is_told_and_the_rest_is_made(folder: Path) -> None:
    document = Document(folder)
    document.recovery.append("edit", {"edit": "NoSuchEdit"})
    document.recovery.append("edit", [1, 2])
    document.edit("b")
    document.crash()
    back = recover(only(folder))
    assert back.network.title == "b"
    assert len(back.problems) == 2


def test_what_is_no_edit_is_kept_as_it_was(folder: Path) -> None:
    document = Document(folder)
    document.recovery.append("poke", {"kind": "fire", "ids": [1]}, step=40)
    document.edit("a")
    document.crash()
    back = recover(only(folder))
    assert back.others == [Record(1, 40, "poke", {"kind": "fire", "ids": [1]})]


@pytest.mark.skipif(os.name == "nt", reason="about permissions as Unix has them")
def test_recovery_files_are_for_their_user_alone(folder: Path) -> None:
    before = os.umask(0)
    try:
        document = Document(folder / "r")
        document.edit("a")
        document.crash()
        recover(only(folder / "r"))
    finally:
        os.umask(before)
    for path in [folder / "r", *(folder / "r").rglob("*")]:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_when_the_usual_place_cannot_be_written_another_is_used_and_named(folder: Path) -> None:
    (folder / "file").write_bytes(b"")
    recovery = Recovery(folders=[folder / "file" / "r", folder / "spare"], every=0.0)
    assert str(folder / "spare") in recovery.notice
    recovery.autosave(rich())
    recovery.append("edit", SetNetwork({"title": "kept"}))
    recovery.abandon()
    assert recover(only(folder / "spare")).network.title == "kept"
    with pytest.raises(FileError, match="nowhere"):
        Recovery(folders=[folder / "file" / "r"])


@contextmanager
def full(place: Path) -> Iterator[None]:
    """As if the disk that holds `place` were full."""
    from engine.files import atomic

    class Full(atomic.Disk):
        def create(self, path: str, mode: int) -> int:
            self.refuse(path)
            return super().create(path, mode)

        def append(self, path: str, mode: int) -> int:
            self.refuse(path)
            return super().append(path, mode)

        def refuse(self, path: str) -> None:
            if path.startswith(str(place)):
                raise OSError(28, "No space left on device")

    before, atomic.disk = atomic.disk, Full()
    try:
        yield
    finally:
        atomic.disk = before


def test_a_disk_that_fills_up_while_editing_moves_the_recovery_and_loses_nothing(folder: Path) -> None:
    usual, spare = folder / "usual", folder / "spare"
    recovery = Recovery(folders=[usual, spare], every=0.0)
    net = rich()
    recovery.autosave(net)
    with full(usual):
        edit = SetNetwork({"title": "a"})
        recovery.append("edit", edit)
        edit.apply(net)
        recovery.autosave(net)
        assert "the disk is full" in recovery.notice
        assert str(spare) in recovery.notice
        recovery.append("edit", SetNetwork({"title": "b"}))
    recovery.abandon()
    asked = [offer for offer in offers([usual, spare]) if offer.is_offered]
    assert len(asked) == 1
    assert recover(asked[0]).network.title == "b"


def test_an_edit_the_disk_refused_is_written_with_the_next(folder: Path) -> None:
    document = Document(folder)
    with disk(1, "full"), pytest.raises(FileError, match="disk is full"):
        document.recovery.append("edit", SetNetwork({"title": "a"}))
    assert "1 changes wait" in document.recovery.trouble
    document.recovery.append("edit", SetNetwork({"notes": "b"}))
    assert document.recovery.trouble == ""
    document.crash()
    back = recover(only(folder))
    assert (back.network.title, back.network.notes) == ("a", "b")


def test_an_edit_the_disk_refused_survives_the_next_autosave(folder: Path) -> None:
    document = Document(folder)
    snapshot, number = document.net.copy(), document.recovery.number
    with disk(1, "full"), pytest.raises(FileError, match="disk is full"):
        document.edit("a")
    document.recovery.autosave(snapshot, number)
    assert document.recovery.trouble == ""
    document.crash()
    assert recover(only(folder)).network.title == "a"
