"""What a start offers: a try that died, what was declined or closed, several windows and copies."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from engine.errors import FileError
from engine.files import recovery as keeping
from engine.files.recovered import Offer, decline, forget, offers, recover
from engine.files.recovery import Recovery
from engine.files.save import save
from tests.faults.a_recovery import Document, ask, only
from tests.faults.circuit import rich, same
from tests.faults.faulty import Killed, disk


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
