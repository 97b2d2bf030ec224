"""P1: at whichever call the disk fails, the old or the new file is there, whole, and nothing else is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import FileError
from engine.files import atomic
from engine.files.load import load_all
from engine.files.recovery import Recovery
from engine.files.save import save
from tests.faults.circuit import rich, same
from tests.faults.faulty import MODES, Killed, disk
from tests.faults.saves import NEW, OLD, SMALL, WAYS

TARGETS = ("new", "existing", "link")


def campaign(
    folder: Path, way: Callable[[Path], object], mode: str, target: str, step: int = 1
) -> tuple[int, list[str]]:
    """Fail at every call in turn; returns the number of cases and what went wrong in them."""
    wrong: list[str] = []
    clean = folder / "clean.neuropil"
    way(clean)
    new = clean.read_bytes()
    clean.unlink()
    save(OLD, clean)
    old = clean.read_bytes()
    clean.unlink()
    at = cases = 0
    while True:
        at += step
        shutil.rmtree(folder)
        folder.mkdir()
        path = folder / "net.neuropil"
        if target == "existing":
            path.write_bytes(old)
        elif target == "link":
            (folder / "real").write_bytes(old)
            path.symlink_to(folder / "real")
        ours = {"net.neuropil", "real"} if target == "link" else {"net.neuropil"}
        outcome = "saved"
        with disk(at, mode) as faulty:
            try:
                way(path)
            except Killed:
                outcome = "killed"
            except FileError as error:
                outcome = "refused"
                if path.name not in str(error):
                    wrong.append(f"{at}: the message does not name the file: {error}")
            happened = faulty.calls >= at
        cases += 1
        found = path.read_bytes() if path.exists() else None
        whole = [new, old] if target != "new" else [new, None]
        if found not in whole:
            wrong.append(f"{at} {faulty.log[-1]}: {outcome}, the file is damaged")
        if outcome == "saved" and found != new:
            wrong.append(f"{at} {faulty.log[-1]}: reported as saved, but it is not")
        unlinkable = mode != "fault on"  # there, even taking away fails
        if outcome == "refused" and unlinkable and set(os.listdir(folder)) - ours:
            wrong.append(f"{at} {faulty.log[-1]}: left {set(os.listdir(folder)) - ours}")
        if target == "link" and not path.is_symlink():
            wrong.append(f"{at}: the link became a file")
        if not happened:
            return cases, wrong


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("way", WAYS)
def test_a_save_is_all_or_nothing_at_every_call(
    folder: Path, mode: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic, "AT_ONCE", SMALL)
    for target in TARGETS:
        cases, wrong = campaign(folder, WAYS[way], mode, target)
        assert cases > 8
        assert wrong == []


def test_P1_at_least_2500_calls_fail_in_these_tests(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic, "AT_ONCE", SMALL)
    calls = []
    for number, way in enumerate(WAYS.values()):
        with disk(0) as counting:
            way(folder / f"{number}.neuropil")
        calls.append(counting.calls)
    assert sum(calls) * len(MODES) * len(TARGETS) >= 2500


def test_the_campaign_finds_a_save_that_truncates(folder: Path) -> None:
    def careless(path: Path) -> None:
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            for part in (b"a" * 500, b"b" * 500):
                atomic.disk.write(file, part)
            atomic.disk.close(file)
        except OSError as error:
            raise FileError(f"{path}: {error}") from error

    _, wrong = campaign(folder, careless, "kill", "existing")
    assert any("damaged" in one for one in wrong)
    _, wrong = campaign(folder, careless, "short", "existing")
    assert any("damaged" in one or "is not" in one for one in wrong)


def test_a_write_that_lies_is_found_before_the_old_file_is_replaced(folder: Path) -> None:
    path = folder / "net.neuropil"
    save(OLD, path)
    with disk(0) as counting:
        save(OLD, path)
    with (
        disk(counting.log.index("write") + 1, "lie"),
        pytest.raises(FileError, match="differs from what was written"),
    ):
        save(NEW, path)
    assert same(load_all(path).network, OLD)


def test_a_failed_flush_of_the_folder_is_not_reported_as_saved(folder: Path) -> None:
    save(OLD, folder / "net.neuropil")
    with disk(0) as counting:
        save(OLD, folder / "net.neuropil")
    at = counting.log.index("sync_folder") + 1
    with disk(at, "fault"), pytest.raises(FileError, match="did not confirm"):
        save(NEW, folder / "net.neuropil")
    assert same(load_all(folder / "net.neuropil").network, NEW)


def test_the_new_file_is_flushed_before_it_gets_the_name_and_the_folder_after(folder: Path) -> None:
    with disk(0) as watched:
        save(NEW, folder / "net.neuropil")
    order = [watched.log.index(name) for name in ("sync", "close", "open", "rename", "sync_folder")]
    assert order == sorted(order)


@pytest.mark.parametrize("mode", ["kill", "tear", "full", "fault", "short"])
def test_an_autosave_that_fails_leaves_the_last_one(folder: Path, mode: str) -> None:
    from engine.files.recovered import offers, recover

    at, cases = 0, 0
    while True:
        at += 1
        home = folder / str(at)
        recovery = Recovery(folders=[home], title="t", every=0.0)
        recovery.autosave(OLD, 0)
        recovery.append("edit", {"edit": "SetNetwork", "values": {"title": "changed"}})
        with disk(at, mode) as faulty:
            try:
                recovery.autosave(NEW)
                outcome = "saved"
            except Killed:
                outcome = "killed"
            except FileError:
                outcome = "refused"
            happened = faulty.calls >= at
        recovery.abandon()
        (offer,) = offers([home])
        back = recover(offer)
        expected = rich(1)
        expected.title = "changed"
        assert back.number == 1
        if outcome == "saved":
            assert same(back.network, NEW)
        else:
            assert same(back.network, NEW) or same(back.network, expected)
        shutil.rmtree(home)
        cases += 1
        if not happened:
            break
    assert cases > 10


KILLER = """
import os, sys
from engine.files import atomic
from engine.files.save import save, to_entries
from tests.faults.circuit import rich
from tests.faults.faulty import FaultyDisk, Killed

class Dying(FaultyDisk):
    def _die(self):
        os._exit(9)

path, bad = sys.argv[1], 0
new, old = rich(2), rich(1)
save(new, path); wanted = open(path, "rb").read()
save(old, path); before = open(path, "rb").read()
atomic.AT_ONCE = 3000
at = 0
while True:
    at += 1
    mode = "kill" if at % 2 else "tear"
    with open(path, "wb") as file: file.write(before)
    child = os.fork()
    if not child:
        atomic.disk = Dying(at, mode)
        save(new, path)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    found = open(path, "rb").read()
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 9), code
    if found not in (before, wanted) or (code == 0 and found != wanted): bad += 1
    if code == 0: break
print(at, bad)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be killed in the middle")
def test_a_process_that_dies_at_any_call_leaves_a_whole_file(folder: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", KILLER, str(folder / "net.neuropil")],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    cases, bad = map(int, result.stdout.split())
    assert cases > 10
    assert bad == 0


def test_what_a_killed_save_left_is_cleared_by_a_later_good_one(folder: Path) -> None:
    path = folder / "net.neuropil"
    with disk(5, "kill"), pytest.raises(Killed):
        save(NEW, path)
    (left,) = folder.iterdir()
    save(NEW, path)
    assert left.exists()  # it may belong to a window that is saving right now
    os.utime(left, (1.0, 1.0))
    save(NEW, path)
    assert list(folder.iterdir()) == [path]
