"""Firing by hand, and the brushes that fire, silence, lesion, strengthen, prune and wire."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt

from tests.editor.gestures.triangle import NOWHERE, done, neurons, on_synapse, synapse
from tests.journeys.by_hand import ALT, KEY, RIGHT, Hand

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Spikes:
    """Counts what fires."""

    def __init__(self, window: Any) -> None:
        self.seen: list[int] = []
        window.bridge.frame_ready.connect(self.take)

    def take(self, frame: Any) -> None:
        self.seen += frame.spikes["id"].tolist()


def test_the_lightning_handle_fires_again_and_again_while_it_is_held(hand: Hand, qtbot: Any) -> None:
    left, _, _ = neurons(hand)
    spikes = Spikes(hand.window)
    bolt = hand.handle("fire", left)
    hand.press(bolt)
    assert hand.canvas.items.pressed_handle == "fire"
    qtbot.waitUntil(lambda: spikes.seen.count(left) >= 3)
    hand.release(bolt)
    assert hand.canvas.items.pressed_handle == ""
    assert hand.document.is_running
    assert hand.window.selection.is_empty


def test_x_fires_what_is_under_the_pointer_else_the_selection(hand: Hand, qtbot: Any) -> None:
    left, right, low = neurons(hand)
    spikes = Spikes(hand.window)
    hand.window.selection.choose(neuron=[right, low])
    hand.hover(hand.at(left))
    hand.key(KEY.Key_X)
    qtbot.waitUntil(lambda: left in spikes.seen)
    assert right not in spikes.seen
    hand.hover(hand.seen(NOWHERE))
    hand.key(KEY.Key_X)
    qtbot.waitUntil(lambda: {right, low} <= set(spikes.seen))


def brush(hand: Hand, kind: str, *places: QPoint, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
    hand.window.use_tool("brush")
    hand.window.next.set(brush=kind)
    hand.drag(*places, modifier=modifier)


def test_the_stimulating_brush_fires_what_it_touches(hand: Hand, qtbot: Any) -> None:
    left, _right, low = neurons(hand)
    spikes = Spikes(hand.window)
    brush(hand, "stimulate", hand.seen((-120, -120)), hand.at(left))
    qtbot.waitUntil(lambda: left in spikes.seen)
    assert low not in spikes.seen
    assert done(hand) == [] or "paint" not in done(hand)[-1]


def test_the_silencing_brush_keeps_neurons_from_firing(hand: Hand, qtbot: Any) -> None:
    left, right, _ = neurons(hand)
    spikes = Spikes(hand.window)
    brush(hand, "silence", hand.seen((-120, -120)), hand.at(left))
    hand.window.use_tool("select")
    hand.hover(hand.at(left))
    hand.key(KEY.Key_X)
    hand.hover(hand.at(right))
    hand.key(KEY.Key_X)
    qtbot.waitUntil(lambda: right in spikes.seen)
    assert left not in spikes.seen


def test_the_lesioning_brush_removes_neurons_as_one_step(hand: Hand) -> None:
    left, right, low = neurons(hand)
    brush(hand, "lesion", hand.at(left), hand.at(low))
    assert hand.document.network.neuron_ids.tolist() == [right]
    assert len(done(hand)) == 1
    hand.window.perform("undo")
    assert hand.document.network.neuron_ids.tolist() == [left, right, low]
    assert hand.document.network.synapse_count == 2


def test_the_strengthening_brush_raises_weights_and_with_alt_lowers_them(hand: Hand) -> None:
    one = synapse(hand, "E to E")
    place = on_synapse(hand, one, 0.5)
    brush(hand, "strengthen", place, place + QPoint(6, 0))
    assert hand.document.network.projection("E to E").record.synapses.weight[0] == pytest.approx(125.0)
    brush(hand, "strengthen", place, place + QPoint(6, 0), modifier=ALT)
    assert hand.document.network.projection("E to E").record.synapses.weight[0] == pytest.approx(100.0)
    assert len(done(hand)) == 2


def test_the_pruning_brush_removes_synapses(hand: Hand) -> None:
    place = on_synapse(hand, synapse(hand, "E to E"), 0.5)
    brush(hand, "prune", place, place + QPoint(6, 0))
    assert len(hand.document.network.projection("E to E").ids) == 0
    assert hand.document.network.neuron_count == 3


def test_the_wiring_brush_joins_neighbours_as_one_step(hand: Hand) -> None:
    hand.window.use_tool("neuron")
    hand.drag(hand.seen((-60, 20)), hand.seen((30, 20)))
    hand.at(int(hand.document.network.neuron_ids.max()))
    before = hand.document.network.synapse_count
    count = len(done(hand))
    brush(hand, "wire", hand.seen((-70, 20)), hand.seen((40, 20)))
    assert hand.document.network.synapse_count > before
    assert len(done(hand)) == count + 1


def test_brackets_size_the_brush_and_a_right_click_changes_what_it_does(hand: Hand) -> None:
    hand.window.use_tool("brush")
    hand.hover(hand.seen(NOWHERE))
    size = hand.canvas.items.brush.radius
    hand.key(KEY.Key_BracketRight)
    assert hand.canvas.items.brush.radius > size
    hand.key(KEY.Key_BracketLeft)
    assert hand.canvas.items.brush.radius == pytest.approx(size)
    hand.click(hand.seen(NOWHERE), button=RIGHT)
    menu = hand.canvas.gesture.menu
    next(each for each in menu.actions() if each.data() == "prune").trigger()
    menu.close()
    assert hand.window.next.brush == "prune"
