"""What a right click opens, and what the keys do to a selection."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from tests.editor.gestures.triangle import NOWHERE, done, neurons
from tests.journeys.by_hand import CTRL, KEY, RIGHT, Hand

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_right_click_on_nothing_opens_the_ring_and_a_petal_places(hand: Hand, qtbot: Any) -> None:
    hand.click(hand.seen(NOWHERE), button=RIGHT)
    ring = hand.canvas.gesture.menu
    assert ring.isVisible()
    index = [petal.label for petal in ring.petals].index("Inhibitory neuron")
    place = ring.place_of(index).toPoint()
    qtbot.mouseMove(ring, place)
    assert ring.chosen == index
    qtbot.mousePress(ring, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseRelease(ring, Qt.MouseButton.LeftButton, pos=place)
    net = hand.document.network
    (fresh,) = [record for record in net.populations.values() if record.label not in ("E", "I")]
    assert fresh.sign == -1
    assert fresh.positions[0, :2] == pytest.approx(NOWHERE, abs=1.0)
    qtbot.waitUntil(lambda: hand.canvas.gesture.menu is None)


def test_escape_closes_the_ring_and_places_nothing(hand: Hand, qtbot: Any) -> None:
    hand.click(hand.seen(NOWHERE), button=RIGHT)
    ring = hand.canvas.gesture.menu
    qtbot.keyClick(ring, KEY.Key_Escape)
    qtbot.waitUntil(lambda: hand.canvas.gesture.menu is None)
    assert done(hand) == []


def test_a_right_click_on_a_neuron_selects_it_and_offers_actions(hand: Hand, qtbot: Any) -> None:
    left, _, _ = neurons(hand)
    hand.click(hand.at(left), button=RIGHT)
    menu = hand.canvas.gesture.menu
    assert hand.window.selection.neurons.tolist() == [left]
    names = [each.text() for each in menu.actions()]
    assert "Delete" in names
    assert "Outgoing" in names
    assert all(each.isEnabled() for each in menu.actions() if each.text() in ("Delete", "Copy"))
    next(each for each in menu.actions() if each.text() == "Delete").trigger()
    menu.close()
    assert left not in hand.document.network.neuron_ids.tolist()
    qtbot.waitUntil(lambda: hand.canvas.gesture.menu is None)


def test_delete_removes_the_selection_and_undo_brings_it_back(hand: Hand) -> None:
    left, right, low = neurons(hand)
    hand.click(hand.at(left))
    hand.key(KEY.Key_Delete)
    assert hand.document.network.neuron_ids.tolist() == [right, low]
    hand.key(KEY.Key_Z, CTRL)
    assert hand.document.network.synapse_count == 2


def test_duplicate_again_repeats_the_offset(hand: Hand) -> None:
    _left, right, _low = neurons(hand)
    hand.click(hand.at(right))
    hand.key(KEY.Key_D, CTRL)
    (twin,) = hand.window.selection.neurons.tolist()
    start = hand.at(twin)
    hand.drag(start, hand.seen((200, 20)))
    hand.key(KEY.Key_D, CTRL)
    (third,) = hand.window.selection.neurons.tolist()
    assert hand.document.network.positions_of([third])[0, :2] == pytest.approx([280, 100], abs=3)


def test_copy_and_paste_bring_the_synapses_among_the_copied(hand: Hand) -> None:
    left, right, _ = neurons(hand)
    hand.window.selection.choose(neuron=[left, right])
    hand.key(KEY.Key_C, CTRL)
    hand.key(KEY.Key_V, CTRL)
    assert hand.document.network.neuron_count == 5
    assert hand.document.network.synapse_count == 3


@pytest.mark.parametrize("tool", ["neuron", "population", "wire", "input", "probe", "modulator", "brush"])
def test_escape_during_a_drag_leaves_the_circuit_as_it_was(hand: Hand, tool: str) -> None:
    hand.window.use_tool(tool)
    hand.window.next.set(brush="wire")
    left, right, _ = neurons(hand)
    hand.drag(hand.at(left), hand.at(right), lets_go=False)
    hand.key(KEY.Key_Escape)
    hand.release(hand.at(right))
    assert done(hand) == []
    assert hand.window.next.tool == tool
    hand.key(KEY.Key_Escape)
    assert hand.window.next.tool == "select"
    items = hand.canvas.items
    assert not items.previews
    assert items.band is None
    assert not len(items.ghosts)
