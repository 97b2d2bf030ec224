"""P3: an edit that was written survives the program being killed; a torn tail is ignored, never misread."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import FileError
from engine.files import atomic
from engine.files.journal import HEAD, MAGIC, SALT, Journal, Record, read_journal
from tests.faults.faulty import MODES, Killed, disk

BODIES = [{"edit": "Rename", "target": n, "label": "x" * (n * 7 % 60)} for n in range(12)]


def written(path: Path, bodies: list[dict] = BODIES) -> list[int]:
    """A journal with these edits; returns where each record ends."""
    journal = Journal(path, every=0.0)
    ends = []
    for number, body in enumerate(bodies, 1):
        journal.append(number, number * 10, "edit", body)
        ends.append(path.stat().st_size)
    journal.close()
    return ends


def test_what_is_written_is_read_back_in_order(folder: Path) -> None:
    written(folder / "j")
    diary = read_journal(folder / "j")
    assert diary.records == [Record(n, n * 10, "edit", body) for n, body in enumerate(BODIES, 1)]
    assert (diary.ignored, diary.why) == (0, "")


def test_records_are_readable_before_the_journal_is_closed(folder: Path) -> None:
    journal = Journal(folder / "j", every=3600.0)
    journal.append(1, 0, "poke", [1, 2])
    assert [record.body for record in read_journal(folder / "j").records] == [[1, 2]]
    journal.close()


def test_a_journal_cut_anywhere_keeps_every_record_before_the_cut(folder: Path) -> None:
    ends = written(folder / "j")
    whole = (folder / "j").read_bytes()
    for cut in range(len(MAGIC) + SALT, len(whole)):
        (folder / "j").write_bytes(whole[:cut])
        diary = read_journal(folder / "j")
        assert len(diary.records) == sum(end <= cut for end in ends)
        assert diary.good + diary.ignored == cut


def test_zeros_that_a_power_cut_left_at_the_end_are_no_record(folder: Path) -> None:
    written(folder / "j")
    for size in (1, 7, HEAD.size, 4096):
        with open(folder / "j", "ab") as file:
            file.write(bytes(size))
        diary = read_journal(folder / "j")
        assert len(diary.records) == len(BODIES)
        assert diary.why


def test_no_flipped_bit_changes_an_edit_unnoticed(folder: Path) -> None:
    ends = written(folder / "j")
    whole = (folder / "j").read_bytes()
    good = read_journal(folder / "j").records
    luck = random.Random(5)
    for _ in range(400):
        place = luck.randrange(len(MAGIC), len(whole))
        spoiled = bytearray(whole)
        spoiled[place] ^= 1 << luck.randrange(8)
        (folder / "j").write_bytes(spoiled)
        diary = read_journal(folder / "j")
        assert diary.records == good[: sum(end <= place for end in ends)]
        assert diary.ignored


def test_records_of_another_journal_are_not_taken_for_this_ones(folder: Path) -> None:
    written(folder / "a", BODIES[:6])
    written(folder / "b", BODIES)
    start = len(MAGIC) + SALT
    foreign = (folder / "b").read_bytes()[start:]
    own = (folder / "a").read_bytes()
    (folder / "c").write_bytes(own + foreign)
    assert len(read_journal(folder / "c").records) == 6


@pytest.mark.parametrize("content", [b"", b"neuro", MAGIC, b"\0" * 100, b"PK\3\4" + b"x" * 60])
def test_a_file_that_is_no_journal_is_refused(folder: Path, content: bytes) -> None:
    (folder / "j").write_bytes(content)
    with pytest.raises(FileError, match="not a journal"):
        read_journal(folder / "j")


def test_an_old_journal_is_never_written_over(folder: Path) -> None:
    written(folder / "j")
    before = (folder / "j").read_bytes()
    with pytest.raises(FileError, match="exists already"):
        Journal(folder / "j")
    assert (folder / "j").read_bytes() == before


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "lie"])
def test_whatever_fails_written_edits_stay_and_refused_ones_are_written_later(
    folder: Path, mode: str
) -> None:
    at = 0
    while True:
        at += 1
        path = folder / f"{at}"
        safe: list[int] = []
        journal = None
        with disk(at, mode) as faulty:
            try:
                journal = Journal(path, every=0.0)
                for number in range(1, 5):
                    try:
                        journal.append(number, 0, "edit", BODIES[number])
                        safe.append(number)
                    except FileError:
                        continue
            except (Killed, FileError):
                pass
            happened = faulty.calls >= at
        if journal is None:
            assert happened
            continue
        found = [record.number for record in read_journal(path).records]
        assert found[: len(safe)] == safe or set(safe) <= set(found)
        if mode not in ("kill", "tear"):  # the disk is well again, and nobody died
            journal.append(5, 0, "edit", {})
            assert [r.number for r in read_journal(path).records] == [1, 2, 3, 4, 5]
        journal.close()
        if not happened:
            break
    assert at > 10


def test_a_record_written_in_part_is_taken_back_before_the_next(folder: Path) -> None:
    journal = Journal(folder / "j", every=0.0)
    journal.append(1, 0, "edit", "first")
    size = (folder / "j").stat().st_size
    with disk(1, "full"), pytest.raises(FileError, match="1 edits wait in memory"):
        journal.append(2, 0, "edit", "second" * 50)
    assert (folder / "j").stat().st_size == size
    assert journal.waiting == 1
    journal.retry()
    journal.close()
    assert [record.number for record in read_journal(folder / "j").records] == [1, 2]


def test_each_record_is_one_write_and_is_flushed_within_the_second(folder: Path) -> None:
    with disk(0) as watched:
        journal = Journal(folder / "j", every=0.01)
        before = watched.log.count("write")
        for number in range(20):
            journal.append(number, 0, "edit", {"n": number})
        assert watched.log.count("write") - before == 20
        journal.close()
        assert watched.log[-2:] == ["sync", "close"]
    assert watched.log.count("sync") < 20


def test_a_flush_that_fails_in_the_background_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Sick(atomic.Disk):
        def sync(self, file: int) -> None:
            raise OSError(errno.EIO, "Input/output error")

    journal = Journal(folder / "j", every=0.001)
    monkeypatch.setattr(atomic, "disk", Sick())
    journal.append(1, 0, "edit", {})
    for _ in range(2000):
        if journal.trouble:
            break
        journal._closing.wait(0.005)
    monkeypatch.undo()
    assert "cannot flush the journal" in journal.trouble
    journal.close()


WRITER = """
import os, signal, sys, time
from engine.files.journal import Journal, read_journal
folder, lost, total = sys.argv[1], 0, 0
for trial in range(int(sys.argv[2])):
    path = os.path.join(folder, str(trial))
    out, into = os.pipe()
    child = os.fork()
    if not child:
        journal = Journal(path)
        for number in range(1, 100000):
            journal.append(number, number, "edit", {"edit": "Rename", "label": "y" * (number % 200)})
            os.write(into, b".")
    os.close(into)
    done = 0
    while done < 20 + 37 * trial:
        done += len(os.read(out, 4096))
    os.kill(child, signal.SIGKILL)
    while more := os.read(out, 65536):
        done += len(more)
    os.waitpid(child, 0); os.close(out)
    found = len(read_journal(path).records)
    total += done
    lost += max(0, done - found)
print(total, lost)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be killed")
@pytest.mark.parametrize("trials", [12, pytest.param(150, marks=pytest.mark.long)])
def test_a_killed_program_loses_no_edit_it_finished(folder: Path, trials: int) -> None:
    result = subprocess.run(
        [sys.executable, "-c", WRITER, str(folder), str(trials)],
        capture_output=True, text=True, timeout=600, check=True,
    )  # fmt: skip
    total, lost = map(int, result.stdout.split())
    assert total > 200
    assert lost == 0


def test_the_disk_seam_is_the_only_way_to_the_disk() -> None:
    import ast

    allowed = {"atomic.py": True}
    for path in sorted(Path(atomic.__file__).parent.glob("*.py")):
        if path.name in allowed:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                called = ast.unparse(node.func)
                assert called not in ("os.write", "os.replace", "os.rename", "os.fsync"), (path.name, called)
                assert node.func.attr not in ("write_bytes", "write_text"), (path.name, called)
