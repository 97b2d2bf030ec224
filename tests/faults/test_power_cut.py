"""P2, P3: whatever a power cut leaves of the last writes, a document is whole and little is lost.

Each way to save is recorded call by call, and cut after every call under every rule of tests/faults/power.py.
"""

from __future__ import annotations

import random
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import FileError
from engine.files import atomic, journal
from engine.files.journal import Journal, read_journal
from engine.files.load import load_all
from engine.files.recovered import offers, recover
from engine.files.recovery import Recovery
from engine.files.save import save
from engine.network.edits import AddPopulation
from engine.network.parts import Population
from tests.faults.circuit import rich
from tests.faults.power import Done, RecordingDisk, cut, lasting, lay_out, recording
from tests.faults.saves import OLD, SMALL, WAYS

LONG = pytest.mark.long
FLAVOURS = 4
"""The cuts that are not left to chance; see `cut`."""


def cuts_of_a_save(
    folder: Path, way: Callable[[Path], object], target: str, chances: int, without: tuple[str, ...] = ()
) -> tuple[int, list[str]]:
    """Cut a save after every call; returns the number of cuts and what was wrong after them."""
    clean = folder / "clean.neuropil"
    way(clean)
    new = clean.read_bytes()
    save(OLD, clean)
    old = clean.read_bytes()
    shutil.rmtree(folder)
    folder.mkdir()
    path = folder / "net.neuropil"
    before = {} if target == "new" else {str(path): old}
    if before:
        path.write_bytes(old)
    with recording(*without) as disk:
        way(path)
    wrong, cuts = [], 0
    for upto in range(len(disk.done) + 1):
        for flavour in range(FLAVOURS + chances):
            left = cut(disk.done[:upto], before, random.Random(cuts), flavour)
            found = left.get(str(path))
            cuts += 1
            if found not in (new, before.get(str(path))):
                wrong.append(f"after {upto} calls, flavour {flavour}: the file is damaged")
            elif upto == len(disk.done) and found != new:
                wrong.append(f"flavour {flavour}: reported as saved, and the old one is there")
    return cuts, wrong


@pytest.mark.parametrize("chances", [2, pytest.param(60, marks=LONG)])
def test_a_power_cut_leaves_the_old_or_the_new_file_and_after_saved_the_new(
    folder: Path, chances: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic, "AT_ONCE", SMALL)
    total = 0
    for way in WAYS.values():
        for target in ("existing", "new"):
            cuts, wrong = cuts_of_a_save(folder, way, target, chances)
            assert wrong == []
            total += cuts
    assert total >= (150 if chances == 2 else 3000)


@pytest.mark.parametrize(
    ("without", "said"), [("sync", "the file is damaged"), ("sync_folder", "the old one is there")]
)
def test_a_save_that_leaves_out_a_flush_is_found(folder: Path, without: str, said: str) -> None:
    _, wrong = cuts_of_a_save(folder, WAYS["a network"], "existing", 2, (without,))
    assert any(said in one for one in wrong)


def test_a_save_that_writes_over_the_old_file_is_found(folder: Path) -> None:
    def careless(path: Path) -> None:
        file = atomic.disk.append(str(path), 0o666)
        atomic.disk.shorten(file, 0)
        atomic.disk.write(file, b"new" * 100)
        atomic.disk.sync(file)
        atomic.disk.close(file)

    _, wrong = cuts_of_a_save(folder, careless, "existing", 2)
    assert any("the file is damaged" in one for one in wrong)


class Clock:
    """Time that passes only when told to, so that a thread's naps can be counted and not waited for."""

    def __init__(self) -> None:
        self.now = 0.0
        self.turn = threading.Condition()
        self.resting = False
        """Whether the one thread that waits here cannot go on."""

    def rest(self, over: Callable[[], bool]) -> None:
        """Wait, in the thread that is timed, until `over()`."""
        with self.turn:
            while not over():
                self.resting = True
                self.turn.notify_all()
                self.turn.wait(10.0)
            self.resting = False

    def go_on(self, seconds: float) -> None:
        """Let time pass, and let the timed thread do all that it would do by then."""
        with self.turn:
            self.now += seconds
            self.resting = False
            self.turn.notify_all()
            assert self.turn.wait_for(lambda: self.resting, 30.0), "the thread never rests"

    def end(self) -> None:
        """Nobody waits any more."""
        with self.turn:
            self.now = float("inf")
            self.turn.notify_all()


class Flag:
    """A `threading.Event` by that clock."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.up = clock, False

    def set(self) -> None:
        with self.clock.turn:
            self.up = True
            self.clock.turn.notify_all()

    def clear(self) -> None:
        self.up = False

    def is_set(self) -> bool:
        return self.up

    def wait(self, seconds: float | None = None) -> bool:
        end = None if seconds is None else self.clock.now + seconds
        self.clock.rest(lambda: self.up or (end is not None and self.clock.now >= end))
        return self.up


class SlowDisk(RecordingDisk):
    """A flush takes a while, by the clock; what is written meanwhile is not part of it."""

    def __init__(self, clock: Clock, luck: random.Random, without: tuple[str, ...] = ()) -> None:
        super().__init__(without)
        self.clock, self.luck, self.timed = clock, luck, False

    def sync(self, file: int) -> None:
        upto = len(self.done)
        if self.timed:
            end = self.clock.now + self.luck.uniform(0.0, 0.4)
            self.clock.rest(lambda: self.clock.now >= end)
        if not self.timed or "sync" not in self.without:
            self._note("sync", file=self._files[file][0], upto=upto)


def journalled(
    path: Path, seconds: float, seed: int, monkeypatch: pytest.MonkeyPatch, without: tuple[str, ...] = ()
) -> list[Done]:
    """What a journal does to the disk while edits come for a while; each edit is said when it is taken."""
    luck, clock = random.Random(seed), Clock()
    disk = SlowDisk(clock, luck, without)
    monkeypatch.setattr(atomic, "disk", disk)
    monkeypatch.setattr(journal.threading, "Event", lambda: Flag(clock))
    diary = Journal(path)
    monkeypatch.setattr(journal.threading, "Event", threading.Event)
    disk.timed = True
    number = 0
    while clock.now < seconds:
        number += 1
        diary.append(number, number, "edit", {"label": "y" * luck.randrange(90)})
        disk.now = clock.now
        disk.say(number)
        for _ in range(luck.choice((1, 2, 5, 30))):  # a nap ends within 10 ms of its end
            clock.go_on(0.01)
        disk.now = clock.now
    done = list(disk.done)
    disk.timed = False
    clock.end()
    diary.close()
    monkeypatch.setattr(atomic, "disk", atomic.Disk())
    return done


def lost_by_cuts(
    done: list[Done], folder: Path, path: Path, cuts: int, seed: int
) -> tuple[float, list[str], int]:
    """Cut at random moments: the most seconds of edits that were lost, and what was wrong."""
    luck = random.Random(seed)
    said = {one.word: one.time for one in done if one.what == "said"}
    first = next(turn for turn, one in enumerate(done) if one.what == "said")
    wrong: list[str] = []
    longest, unreadable = 0.0, 0
    for turn in range(cuts):
        upto = luck.randrange(first + 1, len(done) + 1)
        left = cut(done[:upto], {}, luck, turn % (FLAVOURS + 8))
        now = done[upto - 1].time
        taken = [number for number, when in said.items() if when <= now]
        shelf = folder / "cut"
        shelf.write_bytes(left.get(str(path), b""))
        try:
            found = [record.number for record in read_journal(shelf).records]
        except FileError:
            unreadable += 1
            continue
        if found != list(range(1, len(found) + 1)):
            wrong.append(f"the edits read are {found}")
        missing = [number for number in taken if number > len(found)]
        if missing:
            longest = max(longest, now - said[missing[0]])
    return longest, wrong, unreadable


@pytest.mark.parametrize(("seeds", "cuts"), [(3, 60), pytest.param(30, 100, marks=LONG)])
def test_a_power_cut_loses_at_most_two_seconds_of_edits(
    folder: Path, seeds: int, cuts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = 0.0
    for seed in range(seeds):
        path = folder / f"journal-{seed}"
        done = journalled(path, 12.0, seed, monkeypatch)
        lost, wrong, unreadable = lost_by_cuts(done, folder, path, cuts, seed)
        assert (wrong, unreadable) == ([], 0)
        longest = max(longest, lost)
    assert 0.5 < longest <= 2.0


def test_a_journal_that_never_flushes_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = journalled(folder / "journal", 12.0, 1, monkeypatch, ("sync",))
    lost, _, _ = lost_by_cuts(done, folder, folder / "journal", 60, 1)
    assert lost > 4.0


def session(folder: Path, without: tuple[str, ...] = ()) -> tuple[list[Done], dict[str, bytes]]:
    """A user who edits, is autosaved, saves, and edits on; what is kept is said as soon as it is."""
    path, home = folder / "worm.neuropil", folder / "recovery"
    net = rich(1)
    save(net, path)
    before = {str(path): path.read_bytes()}
    with recording(*without) as disk:
        keeping = Recovery(path, "Worm", folders=[home], every=0.0)

        def edits(count: int) -> None:
            for _ in range(count):
                added = AddPopulation(Population(net.ids.one(), f"edit {keeping.number + 1}", "relay"))
                keeping.append("edit", added)
                added.apply(net)
                disk.say(keeping.number)

        edits(3)
        keeping.autosave(net)
        edits(2)
        keeping.autosave(net)
        edits(1)
        keeping.autosave(net)
        edits(2)
        save(net, path)
        keeping.saved(path)
        edits(2)
    keeping.abandon()
    return disk.done, before


def edits_in(net: object) -> set[int]:
    labels = [one.label for one in net.populations.values()]  # type: ignore[attr-defined]
    return {int(label[5:]) for label in labels if label.startswith("edit ")}


def losses_of_a_session(
    folder: Path, chances: int, step: int, without: tuple[str, ...] = ()
) -> tuple[int, list[str]]:
    """Cut a session and start again; returns the number of cuts and what was not there any more."""
    work = folder / "work"
    work.mkdir()
    done, before = session(work, without)
    wrong, cuts = [], 0
    for upto in range(len(done) + 1):
        kept = max((one.word for one in done[:upto] if one.what == "said"), default=0)
        for flavour in range(upto % step, FLAVOURS + chances, step):
            left = cut(done[:upto], before, random.Random(cuts), flavour)
            again = folder / "again"
            lay_out(lasting(done[:upto], left, work), work, again)
            # The document is where it was: what is told of it names that place.
            shutil.rmtree(work)
            again.rename(work)
            found = edits_in(load_all(work / "worm.neuropil").network)
            for offer in offers([work / "recovery"]):
                if found >= set(range(1, offer.number + 1)):
                    continue
                found |= edits_in(recover(offer).network)
            cuts += 1
            if not found >= set(range(1, kept + 1)):
                wrong.append(f"after {upto} calls, flavour {flavour}: of {kept} edits only {sorted(found)}")
    return cuts, wrong


@pytest.mark.parametrize(("chances", "step"), [(2, 3), pytest.param(28, 1, marks=LONG)])
def test_edits_that_were_flushed_survive_a_power_cut_whatever_is_being_saved(
    folder: Path, chances: int, step: int
) -> None:
    cuts, wrong = losses_of_a_session(folder, chances, step)
    assert wrong == []
    assert cuts >= (150 if step > 1 else 3000)


def test_a_session_without_flushes_of_folders_is_found(folder: Path) -> None:
    _, wrong = losses_of_a_session(folder, 2, 6, ("sync_folder",))
    assert wrong
