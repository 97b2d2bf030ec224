"""From an empty canvas to a synapse visibly strengthened: four gestures with the mouse and no dialog."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from editor.app import open_window, settle
from editor.settings import Settings
from tests.journeys.by_hand import Hand

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def hand(qtbot: Any) -> Any:
    window = open_window(settings=Settings())
    window.files.ask_leave = lambda title: "discard"
    qtbot.addWidget(window)
    window.resize(1200, 800)
    qtbot.waitUntil(lambda: settle(window))
    window.files.new()
    qtbot.waitUntil(lambda: window.canvas.paints > 0)
    yield Hand(window, qtbot)
    window.close()


def weight_of(hand: Hand, projection: int, before: float) -> float:
    frame = hand.document.frame
    carried = {} if frame is None else frame.weights
    return float(carried[projection][1][0]) if projection in carried else before


def told(hand: Hand) -> str:
    """What the window last said, and where it thinks things are."""
    window, canvas = hand.window, hand.canvas
    places = {int(id): canvas.place_of(int(id)) for id in hand.document.network.neuron_ids}
    return f"{window.status.message.text()} tool {window.next.tool} {places} {canvas.size()} {canvas.camera}"


def drawn(hand: Hand) -> tuple[int, int, Any]:
    """Two neurons and the synapse between them, in three gestures."""
    hand.still()
    middle = hand.canvas.rect().center()
    hand.double_click(middle + QPoint(-140, 100))
    hand.double_click(middle + QPoint(120, 140))
    pre, post = hand.document.network.neuron_ids.tolist()
    hand.at(post)  # the canvas shows both
    hand.drag(hand.handle("wire", pre), hand.at(post))
    assert hand.document.network.projections, told(hand)
    (projection,) = hand.document.network.projections.values()
    assert (projection.synapses.pre.tolist(), projection.synapses.post.tolist()) == ([pre], [post])
    return pre, post, projection


def test_four_gestures_strengthen_a_synapse(hand: Hand, qtbot: Any) -> None:
    pre, post, projection = drawn(hand)
    before = float(projection.synapses.weight[0])
    hand.hover(hand.at(pre))
    spiked: set[int] = set()
    warm: list[float] = []

    def look(frame: Any) -> None:
        spiked.update(frame.spikes["id"].tolist())
        warm.extend(hand.canvas.changes.halos(hand.canvas.clock())[1].tolist())

    hand.window.bridge.frame_ready.connect(look)
    for _ in range(200):  # 4: X, again and again
        hand.key(Qt.Key.Key_X)
        qtbot.wait(100)
        if weight_of(hand, projection.id, before) > before * 1.001:
            break
    assert spiked == {pre, post}
    assert weight_of(hand, projection.id, before) > before * 1.001
    qtbot.waitUntil(lambda: bool(warm) and max(warm) > 0.0)
    assert hand.window.isVisible()
    assert QApplication.activeModalWidget() is None


def test_three_quick_clicks_on_the_lightning_fire_the_neuron_it_was_wired_to(hand: Hand, qtbot: Any) -> None:
    pre, post, projection = drawn(hand)
    before = float(projection.synapses.weight[0])
    hand.document.prepare()
    qtbot.waitUntil(lambda: not hand.document.is_answering and not hand.document.preparing)
    spiked: list[int] = []
    hand.window.bridge.frame_ready.connect(lambda frame: spiked.extend(frame.spikes["id"].tolist()))
    bolt = hand.handle("fire", pre)
    hand.window.set_speed(0.001)  # however slow the machine, three clicks are quick for the neuron
    hand.window.toggle()
    for _ in range(3):  # in one step they would be one spike
        now = hand.document.t
        qtbot.waitUntil(lambda now=now: hand.document.t > now + 0.15)
        hand.click(bolt)
    qtbot.waitUntil(lambda: post in spiked)
    assert spiked[: spiked.index(post)].count(pre) <= 3
    qtbot.waitUntil(lambda: weight_of(hand, projection.id, before) > before * 1.001)


def test_a_double_click_on_what_the_empty_canvas_offers_places_a_neuron(hand: Hand, qtbot: Any) -> None:
    box = hand.canvas.overlay.boxes["ghost:neuron"]
    place = box.center().toPoint() + QPoint(0, 30)
    hand.double_click(place)
    (neuron,) = hand.document.network.neuron_ids.tolist()
    assert (hand.at(neuron) - place).manhattanLength() <= 4
    hand.drag(hand.at(neuron), hand.at(neuron) + QPoint(60, 60))  # the tool in hand moves what is there
    assert hand.document.network.neuron_count == 1
