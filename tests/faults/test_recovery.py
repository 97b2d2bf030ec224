"""P5: a crash costs nothing, recovery cannot loop, and nothing leaves before the document is safe."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import FileError
from engine.files import recovery as keeping
from engine.files.journal import Record
from engine.files.load import load
from engine.files.recovered import Offer, decline, forget, offers, recover
from engine.files.recovery import Recovery
from engine.files.save import save
from engine.network.edits import AddPopulation, Compound, SetNetwork, SetParams, from_json
from engine.network.network import Network
from engine.network.parts import Population
from engine.runtime.simulation import Simulation
from tests.faults.circuit import Pretended, lively, rich, same, same_state
from tests.faults.faulty import Killed, disk


class Document:
    """What the editor is to a recovery: a network that edits change, each of them kept."""

    def __init__(
        self, home: Path, path: Path | None = None, network: Network | None = None, **more: Any
    ) -> None:
        self.net = network or (load(path)[0] if path else rich())
        self.recovery = Recovery(path or "", "Worm", folders=[home], every=0.0, **more)
        if path is None or more:
            self.recovery.autosave(self.net)

    def edit(self, title: str) -> None:
        """Change the title, and add a population, so that no edit can be missing unnoticed."""
        added = AddPopulation(Population(self.net.ids.one(), title, "relay"))
        edit = Compound((SetNetwork({"title": title}), added))
        self.recovery.append("edit", edit)
        edit.apply(self.net)

    def crash(self) -> Network:
        """What a killed program leaves; returns the network as it was then."""
        self.recovery.abandon()
        return self.net


def ask(home: Path) -> list[Offer]:
    """What a start asks about."""
    return [offer for offer in offers([home]) if offer.is_offered]


def only(home: Path) -> Offer:
    (offer,) = ask(home)
    return offer


def test_a_crash_before_the_first_save_loses_no_edit(folder: Path) -> None:
    document = Document(folder)
    for title in "abc":
        document.edit(title)
    lost = document.crash()
    offer = only(folder)
    assert (offer.title, offer.document, offer.number) == ("Worm", "", 3)
    back = recover(offer)
    assert same(back.network, lost)
    assert (back.number, back.problems, back.state) == (3, [], None)


def test_a_crash_after_a_save_loses_no_edit_and_needs_no_copy(folder: Path) -> None:
    path = folder / "worm.neuropil"
    save(rich(), path)
    document = Document(folder / "r", path)
    document.edit("after")
    lost = document.crash()
    assert list((folder / "r").glob("*/*.neuropil")) == []
    offer = only(folder / "r")
    assert offer.document == str(path)
    assert same(recover(offer).network, lost)


def test_edits_after_an_autosave_come_after_it(folder: Path) -> None:
    document = Document(folder)
    document.edit("a")
    document.recovery.autosave(document.net)
    document.edit("b")
    document.edit("c")
    lost = document.crash()
    assert same(recover(only(folder)).network, lost)


def test_an_edit_made_while_a_copy_is_written_is_not_lost(folder: Path) -> None:
    document = Document(folder)
    document.edit("a")
    snapshot, number = document.net.copy(), document.recovery.number
    document.edit("b")
    document.recovery.autosave(snapshot, number)
    document.edit("c")
    lost = document.crash()
    back = recover(only(folder))
    assert back.number == 3
    assert same(back.network, lost)


def test_a_document_with_nothing_done_to_it_is_not_offered(folder: Path) -> None:
    path = folder / "worm.neuropil"
    save(rich(), path)
    Document(folder / "r", path).crash()
    Document(folder / "r").crash()
    assert offers([folder / "r"]) == []
    assert os.listdir(folder / "r") == []


def test_nothing_done_is_not_kept_although_another_window_saved_the_file(folder: Path) -> None:
    path = folder / "worm.neuropil"
    save(rich(), path)
    Document(folder / "r", path).crash()
    save(rich(2), path)
    assert offers([folder / "r"]) == []
    assert os.listdir(folder / "r") == []


def test_a_saved_document_leaves_nothing_behind(folder: Path) -> None:
    path = folder / "worm.neuropil"
    document = Document(folder / "r")
    document.edit("a")
    save(document.net, path)
    document.recovery.saved(path)
    assert not document.recovery.unsaved
    document.recovery.close()
    assert os.listdir(folder / "r") == []


def test_a_crash_right_after_a_save_offers_nothing(folder: Path) -> None:
    path = folder / "worm.neuropil"
    document = Document(folder / "r")
    document.edit("a")
    save(document.net, path)
    document.recovery.saved(path)
    document.crash()
    assert offers([folder / "r"]) == []


def test_edits_made_while_a_save_was_written_are_still_kept(folder: Path) -> None:
    path = folder / "worm.neuropil"
    document = Document(folder / "r")
    document.edit("a")
    save(document.net, path)
    number = document.recovery.number
    document.edit("b")
    document.recovery.saved(path, number)
    document.edit("c")
    lost = document.crash()
    back = recover(only(folder / "r"))
    assert same(back.network, lost)
    assert back.number == 3


def test_a_copy_that_is_newer_than_the_save_outlives_it(folder: Path) -> None:
    path = folder / "worm.neuropil"
    document = Document(folder / "r")
    document.edit("a")
    save(document.net, path)
    number = document.recovery.number
    document.edit("b")
    document.recovery.autosave(document.net)
    document.recovery.saved(path, number)
    lost = document.crash()
    path.unlink()
    assert same(recover(only(folder / "r")).network, lost)


def test_a_file_that_changed_meanwhile_is_not_built_on(folder: Path) -> None:
    path = folder / "worm.neuropil"
    save(rich(), path)
    document = Document(folder / "r", path)
    document.edit("after")
    document.crash()
    save(rich(99), path)
    (offer,) = offers([folder / "r"])
    assert not offer.is_offered
    assert any("no longer the file" in problem for problem in offer.problems)
    with pytest.raises(FileError, match="no longer the file"):
        recover(offer)
    assert offer.place.exists()


def test_a_recovery_that_kills_the_program_is_offered_twice_and_then_kept(folder: Path) -> None:
    document = Document(folder)
    document.edit("a")
    document.crash()
    for tries in range(5):
        asked = ask(folder)
        assert len(asked) == (1 if tries < 2 else 0)
        for offer in asked:
            with pytest.raises(Killed):
                recover_and_die(offer)
    (offer,) = offers([folder])
    assert offer.attempts == 2
    assert recover(offer).network.title == "a"  # asked for by hand, it still can be


def recover_and_die(offer: Offer) -> None:
    def die(*_: Any, **__: Any) -> None:
        raise Killed

    recover(offer)
    die()


def test_the_try_is_written_down_before_anything_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.files import recovered

    document = Document(folder)
    document.edit("a")
    document.crash()
    offer = only(folder)
    seen: list[str] = []

    def spy(path: Path) -> Any:
        seen.append((offer.place / keeping.ATTEMPTS).read_text())
        raise Killed

    monkeypatch.setattr(recovered, "load_all", spy)
    with pytest.raises(Killed):
        recover(offer)
    assert seen == ["1"]


def test_a_try_that_cannot_be_written_down_is_not_made(folder: Path) -> None:
    document = Document(folder)
    document.edit("a")
    document.crash()
    offer = only(folder)
    with disk(1, "full on"), pytest.raises(FileError, match="attempts"):
        recover(offer)
    assert len(offers([folder])) == 1


def test_a_damaged_counter_means_a_safe_start(folder: Path) -> None:
    document = Document(folder)
    document.edit("a")
    document.crash()
    for garbage in (b"", b"-1", b"x" * 10_000, b"\0"):
        (only_listed(folder).place / keeping.ATTEMPTS).write_bytes(garbage)
        assert ask(folder) == []
    assert recover(only_listed(folder)).network.title == "a"


def only_listed(home: Path) -> Offer:
    (offer,) = offers([home])
    return offer


def test_declining_twice_ends_the_asking_but_keeps_the_files(folder: Path) -> None:
    document = Document(folder)
    document.edit("a")
    document.crash()
    decline(only(folder))
    decline(only(folder))
    assert ask(folder) == []
    assert recover(only_listed(folder)).network.title == "a"


def test_what_the_user_closed_without_saving_is_kept_but_not_offered(folder: Path) -> None:
    document = Document(folder)
    document.edit("a")
    document.recovery.close()
    assert ask(folder) == []
    offer = only_listed(folder)
    assert offer.closed
    assert recover(offer).network.title == "a"
    forget(offer)
    assert offers([folder]) == []


def recovered_again(folder: Path) -> tuple[Document, Offer]:
    """A document that crashed, was recovered, and is open again."""
    document = Document(folder)
    document.edit("a")
    document.crash()
    offer = only(folder)
    back = recover(offer)
    again = Document(folder, network=back.network, parent=offer.key, number=back.number)
    return again, offer


def test_a_crash_right_after_a_recovery_offers_the_same_again(folder: Path) -> None:
    document = Document(folder)
    document.edit("a")
    document.crash()
    offer = only(folder)
    back = recover(offer)
    Recovery("", "Worm", folders=[folder], every=0.0, parent=offer.key, number=back.number).abandon()
    assert recover(only(folder)).network.title == "a"  # the new one had no copy yet


def test_a_crash_after_a_recovery_offers_the_newer_one_and_keeps_the_older(folder: Path) -> None:
    again, offer = recovered_again(folder)
    again.edit("b")
    again.crash()
    newer = only(folder)
    assert newer.key != offer.key
    assert recover(newer).network.title == "b"
    older = next(one for one in offers([folder]) if one.key == offer.key)
    assert older.superseded
    assert recover(older).network.title == "a"


def test_a_newer_recovery_that_is_damaged_gives_way_to_the_older(folder: Path) -> None:
    again, offer = recovered_again(folder)
    again.edit("b")
    again.crash()
    for copy in (folder / again.recovery.key).glob("*.neuropil"):
        copy.write_bytes(copy.read_bytes()[:500])
    assert only(folder).key == offer.key


def test_a_recovered_document_that_is_saved_takes_all_its_past_along(folder: Path) -> None:
    home = folder / "r"
    again, offer = recovered_again(home)
    assert offer.place.exists()
    save(again.net, folder / "worm.neuropil")
    assert offer.place.exists()  # saving is not enough: the user's document must be reported as saved
    again.recovery.saved(folder / "worm.neuropil")
    assert not offer.place.exists()
    again.recovery.close()
    assert os.listdir(home) == []


def test_a_recovered_document_closed_without_saving_is_kept(folder: Path) -> None:
    again, _ = recovered_again(folder)
    again.recovery.close()
    assert ask(folder) == []
    assert {recover(one).network.title for one in offers([folder])} == {"a"}


def test_a_document_that_is_open_in_another_window_is_not_offered(folder: Path) -> None:
    document = Document(folder)
    document.edit("a")
    assert offers([folder]) == []
    again, offer = recovered_again(folder / "other")
    assert ask(folder / "other") == []
    assert again.recovery.key != offer.key
    document.crash()
    again.crash()


def test_two_windows_on_one_file_do_not_touch_each_others_recovery(folder: Path) -> None:
    path = folder / "worm.neuropil"
    save(rich(), path)
    one, two = Document(folder / "r", path), Document(folder / "r", path)
    one.edit("one")
    two.edit("two")
    save(one.net, path)
    one.recovery.saved(path)
    one.recovery.close()
    two.recovery.autosave(two.net)
    two.crash()
    assert recover(only(folder / "r")).network.title == "two"


def test_a_recovery_being_tried_in_another_window_is_left_to_it(folder: Path) -> None:
    document = Document(folder)
    document.edit("a")
    document.crash()
    offer = only(folder)
    lock = keeping.Lock(offer.place / keeping.LOCK)
    with pytest.raises(FileError, match="another window"):
        recover(offer)
    lock.release()
    assert recover(offer).network.title == "a"


def test_the_clock_has_no_say(folder: Path) -> None:
    document = Document(folder)
    document.edit("a")
    document.recovery.autosave(document.net)
    document.edit("b")
    document.recovery.autosave(document.net)
    document.crash()
    place = folder / document.recovery.key
    for journal in keeping.numbered(place, keeping.JOURNAL)[:-1]:
        journal.unlink()  # so that only the copies can tell
    for number, path in enumerate(sorted(place.iterdir())):
        os.utime(path, (4e9 - number * 1e8, 4e9 - number * 1e8))
    assert recover(only(folder)).network.title == "b"


def test_a_damaged_newest_copy_gives_way_to_the_one_before_and_its_journals(folder: Path) -> None:
    document = Document(folder)
    for title in "abcdef":
        document.edit(title)
        document.recovery.autosave(document.net)
    document.edit("g")
    lost = document.crash()
    copies = keeping.numbered(folder / document.recovery.key, keeping.COPY)
    assert len(copies) == 2
    raw = bytearray(copies[-1].read_bytes())
    raw[len(raw) // 2] ^= 1
    copies[-1].write_bytes(raw)
    back = recover(only(folder))
    assert same(back.network, lost)
    assert any("damaged" in problem for problem in back.problems)


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


def test_two_hundred_recoveries_are_all_listed_newest_work_first(folder: Path) -> None:
    document = Document(folder)
    document.edit("a")
    document.crash()
    import shutil

    place = folder / document.recovery.key
    for number in range(199):
        shutil.copytree(place, folder / f"copy{number:03d}")
    found = ask(folder)
    assert len(found) == 200
    decline(found[7])
    assert len(ask(folder)) == 200


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


def test_a_killed_live_run_comes_back_to_the_same_bits(folder: Path) -> None:
    simulation = Pretended(rich())
    recovery = Recovery(folders=[folder], every=0.0)
    recovery.autosave(simulation)
    poked: list[Any] = []
    for step in (3, 3, 17, 40):
        simulation.run((step - simulation.step) * 0.1)
        edit = from_json({"edit": "SetNetwork", "values": {"title": f"at {step}"}})
        recovery.append("edit", edit, step=simulation.step)
        simulation.apply(edit)
        if step == 17:
            recovery.autosave(simulation)
            recovery.append("poke", "now", step=17)
    recovery.abandon()
    offer = only(folder)
    back = recover(
        offer, simulate=Pretended, replay=lambda sim, record: poked.append((sim.step, record.body))
    )
    assert same(back.network, simulation.network)
    assert same_state(back.state, simulation.capture())
    assert (back.step, poked, back.problems) == (40, [(17, "now")], [])
    without = recover(offer)
    assert same(without.network, simulation.network)
    assert without.state is None
    assert "the run begins again" in without.problems[0]


@pytest.mark.slow
def test_a_killed_run_of_the_real_engine_comes_back_to_the_same_bits(folder: Path) -> None:
    simulation = Simulation(lively())
    recovery = Recovery(folders=[folder], every=0.0)
    simulation.run(5.0)
    recovery.autosave(simulation)
    exc = simulation.network.population("Pyramidal").ids
    for ms, kind in ((7.3, "edit"), (0.0, "poke"), (12.0, "edit"), (4.4, "poke")):
        simulation.run(ms)
        if kind == "edit":
            edit = SetParams(exc[:2], {"tau_m": 8.0 + ms})
            recovery.append("edit", edit, step=simulation.step)
            simulation.apply(edit)
        else:
            recovery.append("poke", {"kind": "fire", "ids": [int(exc[3])]}, step=simulation.step)
            simulation.poke("fire", exc[3:4])
    recovery.abandon()
    assert len(simulation.spikes()) > 3
    back = recover(
        only(folder),
        simulate=Simulation,
        replay=lambda again, record: again.poke(record.body["kind"], np.array(record.body["ids"])),
    )
    assert back.problems == []
    assert back.step == simulation.step
    assert same_state(back.state, simulation.capture())
    assert same(back.network, simulation.network)


def test_a_run_without_edits_after_its_copy_goes_on_from_it(folder: Path) -> None:
    simulation = Pretended(rich())
    recovery = Recovery(folders=[folder], every=0.0)
    simulation.run(1.0)
    recovery.append("run", {"from": 0, "to": 10}, step=10)
    recovery.autosave(simulation)
    recovery.abandon()
    assert same_state(recover(only(folder)).state, simulation.capture())


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


PROGRAM = """
import os, signal, sys
from pathlib import Path
from engine.files.recovery import Recovery
from engine.network.edits import SetNetwork
from tests.faults.circuit import rich
recovery = Recovery(folders=[Path(sys.argv[1])])
net = rich()
recovery.autosave(net)
for number in range(1, 40):
    edit = SetNetwork({"title": str(number)})
    recovery.append("edit", edit)
    edit.apply(net)
    if number % 15 == 0:
        recovery.autosave(net)
    print(number, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_killed_program_gives_its_lock_back_and_loses_nothing(folder: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)], capture_output=True, text=True, timeout=60
    )
    assert result.returncode == -9, result.stderr
    assert recover(only(folder)).network.title == result.stdout.split()[-1] == "39"


def test_a_long_session_keeps_two_copies_and_few_journals(folder: Path) -> None:
    document = Document(folder)
    for number in range(30):
        document.edit(str(number))
        if number % 2:
            document.recovery.autosave(document.net)
    place = folder / document.recovery.key
    assert len(list(place.glob("*.neuropil"))) == 2
    assert len(list(place.glob("*.journal"))) <= 4
    lost = document.crash()
    assert same(recover(only(folder)).network, lost)


def test_the_default_place_is_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, spare = keeping.default_folders()
    assert "neuropil" in str(usual)
    assert usual.is_absolute()
    assert spare.is_absolute()


def test_numbers_of_state_survive(folder: Path) -> None:
    simulation = Pretended(rich())
    simulation.v[:] = [np.inf, -0.0, 5e-324, 1e308, -1.0, 0.1]
    save(simulation, folder / "x")
    assert same_state(load(folder / "x")[1], simulation.capture())
