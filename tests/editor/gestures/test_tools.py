"""Tools that place: neurons, populations, astrocytes, notes, and what is attached to a neuron."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from editor.palette import cards
from tests.editor.gestures.triangle import NOWHERE, done, neurons
from tests.journeys.by_hand import ALT, CTRL, KEY, SHIFT, Hand

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_neurons_drawn_one_by_one_share_a_population(hand: Hand) -> None:
    hand.window.use_tool("neuron")
    for x in (-100, 0, 100):
        hand.click(hand.seen((x, 120)))
    hand.click(hand.seen((50, 30)), ALT)
    records = [one for one in hand.document.network.populations.values() if one.label not in ("E", "I")]
    assert [(len(one), one.sign) for one in records] == [(3, 1), (1, -1)]


@pytest.mark.parametrize("tool", ["neuron", "astrocyte"])
def test_a_double_click_with_a_tool_places_one_thing_and_not_two(hand: Hand, tool: str) -> None:
    hand.window.use_tool(tool)
    hand.double_click(hand.seen(NOWHERE))
    assert hand.document.network.neuron_count == 4
    assert len(done(hand)) == 1


def test_the_population_tool_stamps_a_disc_as_large_as_it_is_drawn(hand: Hand) -> None:
    hand.window.use_tool("population")
    hand.drag(hand.seen((0, 20)), hand.seen((60, 20)))
    (fresh,) = [one for one in hand.document.network.populations.values() if one.label not in ("E", "I")]
    assert len(fresh) > 1
    assert np.hypot(fresh.positions[:, 0], fresh.positions[:, 1] - 20).max() <= 70
    assert len(done(hand)) == 1


@pytest.mark.parametrize(
    ("tool", "where"), [("input", "inputs"), ("probe", "probes"), ("modulator", "modulators")]
)
def test_tools_attach_to_the_neuron_that_is_clicked(hand: Hand, tool: str, where: str) -> None:
    left, _, _ = neurons(hand)
    hand.window.use_tool(tool)
    hand.click(hand.at(left))
    (made,) = getattr(hand.document.network, f"{tool}s").values()
    assert getattr(made, "sources" if tool == "modulator" else "targets").tolist() == [left]


def test_the_astrocyte_tool_places_one(hand: Hand) -> None:
    hand.window.use_tool("astrocyte")
    hand.click(hand.seen(NOWHERE))
    (fresh,) = [one for one in hand.document.network.populations.values() if one.kind == "astrocyte"]
    assert len(fresh) == 1


def test_a_note_is_written_where_it_was_clicked(hand: Hand, qtbot: Any) -> None:
    hand.window.use_tool("note")
    hand.click(hand.seen(NOWHERE))
    line = hand.canvas.gesture.editor
    qtbot.keyClicks(line, "x marks the spot")
    qtbot.keyClick(line, KEY.Key_Return)
    (note,) = hand.canvas.scene.notes
    assert note.text == "x marks the spot"
    assert (note.x, note.y) == pytest.approx(NOWHERE, abs=1.0)
    assert hand.document.layout["notes"][0]["text"] == note.text
    qtbot.waitUntil(lambda: hand.canvas.gesture.editor is None)
    hand.window.use_tool("note")
    hand.click(hand.seen((150, 100)))
    qtbot.keyClick(hand.canvas.gesture.editor, KEY.Key_Escape)
    qtbot.waitUntil(lambda: hand.canvas.gesture.editor is None)
    assert len(hand.canvas.scene.notes) == 1


def test_a_note_one_leaves_for_another_is_kept(hand: Hand, qtbot: Any) -> None:
    for at, words in ((NOWHERE, "first"), ((150, 100), "second")):
        hand.window.use_tool("note")
        hand.click(hand.seen(at))
        qtbot.keyClicks(hand.canvas.gesture.editor, words)
    hand.window.transport.play.setFocus()
    assert [one["text"] for one in hand.document.layout["notes"]] == ["first", "second"]


def test_notes_are_undone_and_redone_and_asked_about_before_they_are_left(hand: Hand, qtbot: Any) -> None:
    hand.document.mark_saved()

    def words() -> list[str]:
        return [note.text for note in hand.canvas.scene.notes]

    hand.window.use_tool("note")
    hand.click(hand.seen(NOWHERE))
    qtbot.keyClicks(hand.canvas.gesture.editor, "here")
    qtbot.keyClick(hand.canvas.gesture.editor, KEY.Key_Return)
    assert not hand.document.is_saved
    hand.key(KEY.Key_Z, CTRL)
    qtbot.waitUntil(lambda: words() == [])
    assert hand.document.is_saved
    hand.key(KEY.Key_Z, CTRL | SHIFT)
    qtbot.waitUntil(lambda: words() == ["here"])
    hand.window.use_tool("select")
    hand.window.selection.choose(note=[1])
    hand.key(KEY.Key_Delete)
    assert words() == []
    assert hand.document.history.undo_label == "delete 1 note"
    hand.key(KEY.Key_Z, CTRL)
    qtbot.waitUntil(lambda: words() == ["here"])
    assert hand.document.layout["notes"][0]["text"] == "here"


def test_a_note_does_not_keep_back_to_t_0_from_drawing_again_what_was_drawn(hand: Hand, qtbot: Any) -> None:
    hand.document.step("dt")
    qtbot.waitUntil(lambda: hand.document.t > 0.0 and not hand.document.is_running)
    before = hand.document.network.neuron_count
    hand.document.pin([{"id": 1, "x": 0.0, "y": 0.0, "text": "now"}], "write a note")
    hand.window.bench.use(cards.find("neuron", "iaf_psc_exp"), (150.0, 100.0))
    hand.document.reset()
    qtbot.waitUntil(lambda: hand.document.t == 0.0 and not hand.document.is_waiting)
    assert hand.document.network.neuron_count == before + 1
    assert hand.document.layout["notes"]


def test_a_note_is_selected_by_a_click_and_deleted_with_the_key(hand: Hand, qtbot: Any) -> None:
    hand.document.layout["notes"] = [{"id": 1, "x": -100.0, "y": 100.0, "text": "one"}]
    hand.window.middle.show_notes(hand.document.layout)
    hand.window.feed.show_all(fit_view=False)  # as when one looks back in time: notes stay
    qtbot.waitUntil(lambda: "note:1" in hand.canvas.overlay.boxes)
    hand.click(hand.canvas.overlay.boxes["note:1"].center().toPoint())
    assert hand.window.selection.ids("note").tolist() == [1]
    hand.key(KEY.Key_Delete)
    assert hand.canvas.scene.notes == []
    assert hand.document.layout["notes"] == []
