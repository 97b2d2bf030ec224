"""A crash costs nothing: what the window keeps while one works, offers at the next start, and brings back."""

import time

import numpy as np
import pytest
from PySide6.QtCore import Qt

from editor.document import recovering
from editor.document.recovering import Recovering
from editor.gallery import catalogue
from engine.network.edits import AddNeurons, SetNetwork
from tests.editor.a_window import circuit, opened, show
from tests.faults.circuit import same, same_state

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def start(qtbot, tmp_path, monkeypatch):
    """Opens windows that keep their recovery files in a folder of this test."""
    monkeypatch.setattr("engine.files.recovery.default_folders", lambda: [tmp_path / "kept"])
    monkeypatch.setattr("engine.files.recovered.default_folders", lambda: [tmp_path / "kept"])
    windows = []

    def begin():
        window = opened(qtbot)
        window.bring_canvas()
        window.show_start()
        windows.append(window)
        return window

    yield begin
    for window in windows:
        window.close()


def crash(window):
    """What a killed program leaves behind; the window itself is put away."""
    keeping = window.recovery.keeping
    keeping._wait()
    keeping.recovery.abandon()
    keeping.recovery = None
    return window.document.network.copy()


def offered(window):
    return [c for c in window.middle.start_page.file_cards if c.property("kind") == "recovered"]


def work(window):
    """Draw a little, by hand."""
    show(window, circuit())
    net = window.document.network
    exc = next(iter(net.populations.values()))
    window.document.do(AddNeurons(exc.id, net.ids.fresh(2), np.zeros((2, 3))))
    window.document.do(SetNetwork({"title": "Half done"}))


def bring_back(window, qtbot):
    (card,) = offered(window)
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.middle.shows_canvas)


def side(window, qtbot):
    """Network and run of the open document together."""
    found = []
    window.document.snapshot(found.append)
    qtbot.waitUntil(lambda: bool(found))
    return found[0]


def test_what_was_drawn_before_a_crash_is_offered_and_comes_back(start, qtbot):
    window = start()
    assert not offered(window)
    work(window)
    before = crash(window)
    window.close()
    again = start()
    (card,) = offered(again)
    assert card.title == "Two populations"
    bring_back(again, qtbot)
    assert same(again.document.network, before)
    assert not again.document.is_saved
    third = start()
    assert not offered(third)  # the window before has it open


def test_a_note_written_last_comes_back_too(start, qtbot):
    window = start()
    work(window)
    window.recovery.keeping.tick()
    window.document.pin([{"id": 1, "x": 3.0, "y": 4.0, "text": "look here"}], "write a note")
    crash(window)
    window.close()
    again = start()
    bring_back(again, qtbot)
    assert again.document.layout["notes"][0]["text"] == "look here"
    assert [note.text for note in again.canvas.scene.notes] == ["look here"]


def test_a_note_on_an_untouched_example_is_kept_and_looking_at_one_is_not(start, qtbot):
    window = start()
    window.files.open_example("stdp_window")
    window.recovery.keeping.tick()
    assert window.recovery.keeping.recovery is None
    window.document.pin([{"id": 1, "x": 3.0, "y": 4.0, "text": "look here"}], "write a note")
    crash(window)
    window.close()
    again = start()
    bring_back(again, qtbot)
    assert [note.text for note in again.canvas.scene.notes] == ["look here"]
    assert again.document.network.title == catalogue.find("stdp_window").build().title


def test_a_note_written_on_a_saved_file_comes_back_and_so_does_taking_it_back(start, qtbot, tmp_path):
    window = start()
    show(window, circuit())
    window.document.save(tmp_path / "here.neuropil", finish=lambda job: None)
    qtbot.waitUntil(lambda: window.document.is_saved and window.document.path is not None)
    window.document.pin([{"id": 1, "x": 3.0, "y": 4.0, "text": "look"}], "write a note")
    window.document.pin([{"id": 1, "x": 3.0, "y": 4.0, "text": "look here"}], "write a note")
    window.document.undo()
    crash(window)
    window.close()
    again = start()
    bring_back(again, qtbot)
    assert [note.text for note in again.canvas.scene.notes] == ["look"]
    assert not again.document.is_saved


def test_a_run_goes_on_where_it_was_copied(start, qtbot):
    window = start()
    show(window, circuit())
    window.document.do(SetNetwork({"title": "Runs"}))
    window.set_speed(None)
    window.document.play()
    qtbot.waitUntil(lambda: window.document.t > 20.0)
    window.document.pause()
    qtbot.waitUntil(lambda: not window.document.is_answering and not window.document.is_running)
    window.recovery.keeping.copy()
    qtbot.waitUntil(lambda: window.recovery.keeping._has_state)
    before = side(window, qtbot)
    crash(window)
    window.close()
    again = start()
    bring_back(again, qtbot)
    after = side(again, qtbot)
    assert after.step == before.step > 0
    for one, other in zip(
        after.network.projections.values(), before.network.projections.values(), strict=True
    ):
        np.testing.assert_array_equal(one.synapses.id, other.synapses.id)  # weights are part of the run
    assert same_state(after.state, before.state)


def test_declined_twice_it_is_only_listed_and_goes_when_the_user_says_so(start):
    window = start()
    work(window)
    crash(window)
    window.close()
    for _ in range(2):
        window = start()
        (card,) = offered(window)
        next(a for a in card.actions() if a.text() == "Not now").trigger()
        window.close()
    window = start()
    assert not offered(window)
    window.perform("show_recovered")
    (card,) = offered(window)
    next(a for a in card.actions() if a.text() == "Delete it for good").trigger()
    window.perform("show_recovered")
    assert not offered(window)


def test_saving_leaves_nothing_to_recover(start, tmp_path, qtbot):
    window = start()
    work(window)
    window.document.save(tmp_path / "done.neuropil")
    qtbot.waitUntil(lambda: window.document.is_saved)
    window.document.do(SetNetwork({"title": "After saving"}))
    before = crash(window)
    window.close()
    again = start()
    bring_back(again, qtbot)  # what was done after saving
    assert same(again.document.network, before)
    assert again.document.path == tmp_path / "done.neuropil"
    again.document.save(tmp_path / "done.neuropil")
    qtbot.waitUntil(lambda: again.document.is_saved)
    again.close()
    assert not offered(start())


def test_looking_at_an_example_leaves_nothing_behind(start, tmp_path, qtbot):
    window = start()
    window.files.open_example(catalogue.names()[1])
    window.document.step("dt")
    qtbot.waitUntil(lambda: window.document.t > 0.0)
    window.close()
    assert not (tmp_path / "kept").exists()


def test_what_is_closed_without_saving_is_kept_but_not_asked_about(start):
    window = start()
    work(window)
    window.close()
    again = start()
    assert not offered(again)
    again.perform("show_recovered")
    assert len(offered(again)) == 1


def test_a_copy_is_due_after_a_minute_of_work_and_after_going_back(start, monkeypatch):
    window = start()
    work(window)
    keeping = window.recovery.keeping
    asked = []
    monkeypatch.setattr(keeping, "copy", lambda: asked.append(keeping.number))
    keeping.tick()
    assert not asked
    keeping._last = time.monotonic() - recovering.MINUTE
    keeping.tick()
    assert asked == [2]
    keeping._last = time.monotonic()
    keeping.record("restore", {"timeline": 1}, 0)
    keeping.tick()
    assert asked == [2, 3]


def test_a_disk_that_refuses_is_told_once_and_editing_goes_on(tmp_path):
    from editor.document.document import Document

    place = tmp_path / "a file, not a folder"
    place.write_text("")
    said = []
    document = Document(circuit())
    keeping = Recovering(document, lambda text, is_bad: said.append((text, is_bad)), [place])
    assert document.do(SetNetwork({"title": "Goes on"}))
    keeping.tick()
    keeping.tick()
    assert len(said) == 1
    assert said[0][1]
    assert "recovery files can be written nowhere" in said[0][0]
    keeping.close()
    document.close()
