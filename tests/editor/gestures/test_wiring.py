"""Drawing synapses: by the handle, with the tool, onto empty canvas, many to many at once."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from editor.palette.cards import Card
from engine import registry
from engine.network.network import Network
from tests.editor.gestures.triangle import done, neurons, on_synapse, synapse
from tests.journeys.by_hand import ALT, CTRL, KEY, Hand

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_the_handle_dragged_to_a_neuron_wires_it(hand: Hand) -> None:
    _left, right, low = neurons(hand)
    handle = hand.handle("wire", right)
    hand.drag(handle, hand.at(low), lets_go=False)
    assert [(p.pre, p.post, p.is_welcome) for p in hand.canvas.items.previews] == [(right, low, True)]
    assert [(r.neuron, r.is_welcome) for r in hand.canvas.items.rings] == [(low, True)]
    hand.release(hand.at(low))
    table = list(hand.document.network.projections.values())[-1].synapses
    assert (table.pre.tolist(), table.post.tolist()) == ([right], [low])
    assert done(hand) == ["connect"]
    assert not hand.canvas.items.previews


def test_a_click_on_the_handle_waits_for_a_click_on_the_target(hand: Hand) -> None:
    left, right, low = neurons(hand)
    hand.click(hand.handle("wire", right))
    hand.hover(hand.at(low))
    assert [(p.pre, p.post) for p in hand.canvas.items.previews] == [(right, low)]
    hand.click(hand.at(low))
    assert done(hand) == ["connect"]
    hand.click(hand.at(left))
    assert done(hand) == ["connect"]
    assert hand.window.selection.neurons.tolist() == [left]


def test_ctrl_keeps_wiring_from_the_same_source(hand: Hand) -> None:
    left, right, low = neurons(hand)
    hand.drag(hand.handle("wire", low), hand.at(right), modifier=CTRL)
    hand.click(hand.at(left), CTRL)
    hand.key(KEY.Key_Escape)
    assert done(hand) == ["connect", "connect"]
    net = hand.document.network
    made = [record for record in net.projections.values() if record.label not in ("E to E", "I to E")]
    assert sorted(i for one in made for i in one.synapses.post.tolist()) == [left, right]
    hand.click(hand.at(left))
    assert len(done(hand)) == 2


def test_the_wire_tool_wires_by_drag_and_by_two_clicks(hand: Hand) -> None:
    _left, right, low = neurons(hand)
    hand.key(KEY.Key_W)
    assert hand.window.next.tool == "wire"
    hand.drag(hand.at(right), hand.at(low))
    hand.click(hand.at(low))
    hand.click(hand.at(right))
    assert done(hand) == ["connect", "connect"]


def test_why_a_neuron_cannot_receive_stands_at_the_pointer(hand: Hand) -> None:
    _left, right, low = neurons(hand)
    slug = next(one.slug for one in registry.all("transmission") if one.gives == "conductance")
    hand.window.next.take(Card("transmission", slug, "", "", ""))
    hand.drag(hand.handle("wire", right), hand.at(low), lets_go=False)
    shown = hand.canvas.items.reason
    assert shown is not None
    assert "takes" in shown.text
    assert shown.is_refusal
    assert [(r.neuron, r.is_welcome) for r in hand.canvas.items.rings] == [(low, False)]
    hand.release(hand.at(low))
    assert done(hand) == []
    assert hand.canvas.items.reason is None
    hand.window.next.set(synapse=type(hand.window.next)().synapse)


def test_a_wire_let_go_on_empty_canvas_places_and_wires_as_one_step(hand: Hand) -> None:
    _, right, _ = neurons(hand)
    hand.drag(hand.handle("wire", right), hand.seen((200, 60)))
    assert done(hand) == ["place and connect"]
    net = hand.document.network
    assert net.neuron_count == 4
    assert net.positions_of([net.neuron_ids.max()])[0, :2] == pytest.approx([200, 60], abs=1.0)
    hand.window.perform("undo")
    assert (net.neuron_count, len(net.projections)) == (3, 2)


def test_alt_wires_a_neuron_to_itself_and_without_it_says_so(hand: Hand) -> None:
    left, _, _ = neurons(hand)
    hand.drag(hand.handle("wire", left), hand.seen((-60, 0)), hand.at(left), lets_go=False)
    assert "Alt" in hand.canvas.items.reason.text
    hand.release(hand.at(left))
    assert done(hand) == []
    hand.drag(hand.handle("wire", left), hand.seen((-60, 0)), hand.at(left), modifier=ALT)
    assert done(hand) == ["connect"]


@pytest.mark.parametrize(("share", "moves"), [(0.9, "post"), (0.1, "pre")])
def test_the_end_of_a_selected_synapse_dragged_to_another_neuron_rewires(
    hand: Hand, share: float, moves: str
) -> None:
    left, right, low = neurons(hand)
    one = synapse(hand, "E to E")
    weight = hand.document.network.projection("E to E").record.synapses.weight[0]
    hand.click(on_synapse(hand, one, 0.5))
    hand.drag(on_synapse(hand, one, share), hand.at(low))
    net = hand.document.network
    rows = [
        (int(a), int(b), abs(float(w)))
        for record in net.projections.values()
        for a, b, w in zip(record.synapses.pre, record.synapses.post, record.synapses.weight, strict=True)
    ]
    assert done(hand) == ["rewire"]
    assert ((left, low, weight) if moves == "post" else (low, right, weight)) in rows
    assert net.synapse_count == 2
    hand.window.perform("undo")
    assert net.projection("E to E").ids.tolist() == [one]


def crowd(hand: Hand) -> tuple[list[int], list[int]]:
    net = Network(seed=5)
    one = net.add_population("A", "iaf_psc_exp", 10, positions=[[-150, 20 * i - 90, 0] for i in range(10)])
    other = net.add_population("B", "iaf_psc_exp", 10, positions=[[150, 20 * i - 90, 0] for i in range(10)])
    hand.document.replace(net)
    hand.window.show_document()
    return one.ids.tolist(), other.ids.tolist()


def test_the_wiring_panel_counts_before_it_wires(hand: Hand, qtbot: Any) -> None:
    sources, targets = crowd(hand)
    hand.window.selection.choose(neuron=sources)
    hand.key(KEY.Key_1)
    hand.window.selection.choose(neuron=targets)
    before = hand.document.network.ids.next
    hand.key(KEY.Key_3)
    panel = hand.canvas.gesture.panel
    assert panel.isVisible()
    assert not panel.isModal()
    assert panel.who.text() == "10 sources  →  10 targets"
    panel.pattern.setCurrentIndex(panel.pattern.findData("fixed_in"))
    panel.fields["n"].setText("4")
    qtbot.waitUntil(lambda: "40 synapses" in panel.count.text())
    assert len(hand.canvas.items.previews) == 40
    panel.fields["n"].setText("many")
    qtbot.waitUntil(lambda: "many" in panel.count.text())
    assert not panel.wire.isEnabled()
    panel.fields["n"].setText("3")
    qtbot.waitUntil(lambda: "30 synapses" in panel.count.text())
    assert hand.document.network.ids.next == before
    shown = sorted((one.pre, one.post) for one in hand.canvas.items.previews)
    qtbot.mouseClick(panel.wire, Qt.MouseButton.LeftButton)
    (made,) = hand.document.network.projections.values()
    assert sorted(zip(made.synapses.pre.tolist(), made.synapses.post.tolist(), strict=True)) == shown
    assert len(done(hand)) == 1
    qtbot.waitUntil(lambda: hand.canvas.gesture.panel is None)
    assert not hand.canvas.items.previews


def test_the_wiring_panel_follows_the_selection_and_escape_closes_it(hand: Hand, qtbot: Any) -> None:
    sources, targets = crowd(hand)
    hand.window.selection.choose(neuron=sources)
    hand.key(KEY.Key_1)
    hand.window.selection.choose(neuron=targets)
    hand.key(KEY.Key_3)
    panel = hand.canvas.gesture.panel
    hand.window.selection.choose(neuron=targets[:3])
    qtbot.waitUntil(lambda: "3 targets" in panel.who.text())
    qtbot.keyClick(panel.pattern, KEY.Key_Escape)
    qtbot.waitUntil(lambda: hand.canvas.gesture.panel is None)
    assert done(hand) == []
    assert len(hand.window.selection.neurons) == 3


def test_two_wires_many_to_many_at_once(hand: Hand) -> None:
    left, right, low = neurons(hand)
    hand.window.selection.choose(neuron=[left, right])
    hand.key(KEY.Key_1)
    hand.window.selection.choose(neuron=[low])
    hand.key(KEY.Key_2)
    assert hand.document.network.synapse_count == 4
    assert len(done(hand)) == 1
