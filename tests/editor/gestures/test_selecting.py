"""Selecting and moving on the canvas: clicks, rubber band and lasso, drags that can be given up."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint

from tests.editor.gestures.triangle import NOWHERE, done, neurons, on_synapse, synapse
from tests.journeys.by_hand import CTRL, KEY, SHIFT, Hand

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_click_selects_and_shift_adds_and_takes_away(hand: Hand) -> None:
    left, right, _ = neurons(hand)
    chosen = hand.window.selection
    hand.click(hand.at(left))
    assert chosen.neurons.tolist() == [left]
    hand.click(hand.at(right), SHIFT)
    assert chosen.neurons.tolist() == [left, right]
    hand.click(hand.at(left), SHIFT)
    assert chosen.neurons.tolist() == [right]
    one = synapse(hand, "E to E")
    hand.click(on_synapse(hand, one, 0.5))
    assert (chosen.neurons.tolist(), chosen.synapses.tolist()) == ([], [one])
    hand.click(hand.seen(NOWHERE))
    assert chosen.is_empty
    assert done(hand) == []


def test_a_rubber_band_takes_what_it_holds_whole(hand: Hand) -> None:
    left, right, _low = neurons(hand)
    hand.drag(hand.seen((-160, -100)), hand.seen((160, -20)))
    assert hand.window.selection.neurons.tolist() == [left, right]
    assert hand.window.selection.synapses.tolist() == [synapse(hand, "E to E")]
    assert hand.canvas.items.band is None


def test_a_lasso_that_crosses_a_synapse_takes_it(hand: Hand) -> None:
    place = hand.seen((0, -60))
    around = [place + QPoint(x, y) for x, y in ((-30, -70), (30, -70), (30, 20), (-30, 20))]
    hand.drag(*around, modifier=CTRL)
    assert hand.window.selection.synapses.tolist() == [synapse(hand, "E to E")]
    assert hand.window.selection.neurons.tolist() == []


def test_shift_drag_pans_and_selects_nothing(hand: Hand) -> None:
    before = hand.canvas.camera.x
    hand.drag(hand.seen((-160, -100)), hand.seen((0, -100)), modifier=SHIFT)
    assert hand.canvas.camera.x < before - 50
    assert hand.window.selection.is_empty


def test_a_drag_moves_a_neuron_as_one_step(hand: Hand) -> None:
    left, _, _ = neurons(hand)
    start = hand.at(left)
    hand.drag(start, start + QPoint(70, 0), start + QPoint(70, 56))
    assert hand.document.network.positions_of([left])[0, :2] == pytest.approx([-70, -20], abs=1.5)
    assert len(done(hand)) == 1
    hand.window.perform("undo")
    assert hand.document.network.positions_of([left])[0].tolist() == [-120, -60, 0]


def test_a_drag_of_a_selected_neuron_moves_all_that_are_selected(hand: Hand) -> None:
    left, right, low = neurons(hand)
    hand.window.selection.choose(neuron=[left, low])
    start = hand.at(left)
    hand.drag(start, start + QPoint(0, -28))
    at = hand.document.network.positions_of([left, right, low])[:, 1]
    assert at == pytest.approx([-80, -60, 70], abs=1.5)


def test_escape_leaves_a_dragged_neuron_where_it_was(hand: Hand) -> None:
    left, _, _ = neurons(hand)
    start = hand.at(left)
    hand.drag(start, start + QPoint(80, 40), lets_go=False)
    assert len(hand.canvas.items.ghosts) == 1
    hand.key(KEY.Key_Escape)
    assert not len(hand.canvas.items.ghosts)
    hand.release(start + QPoint(80, 40))
    assert done(hand) == []
    hand.click(hand.at(left))  # and the next press is a press again
    assert hand.window.selection.neurons.tolist() == [left]
