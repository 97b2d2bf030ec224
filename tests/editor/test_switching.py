"""Freeze, clamp and switch off: by menu and by card, marked on the canvas, undone as it runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from editor import app
from editor.canvas.raster.dress import CLAMPED, DISABLED, FROZEN
from editor.drawing.switching import turning
from editor.main_window import MainWindow
from editor.settings import Settings
from editor.window import style
from editor.window.theme import DARK
from engine.network.network import Network
from tests.journeys.by_hand import RIGHT, Hand

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def hand(qtbot: Any) -> Any:
    style.wear(app.application(), DARK)
    window = MainWindow(Settings())
    window.files.ask_leave = lambda title: "discard"
    qtbot.addWidget(window)
    window.resize(1200, 800)
    window.show()
    qtbot.waitExposed(window)
    window.bring_canvas()
    window.use_tool("select")
    window.document.replace(driven())
    window.show_document()
    window.canvas.go_to(type(window.canvas.camera)(0.0, 0.0, 1.4), animated=False)
    QApplication.processEvents()
    window.canvas.setFocus()
    yield Hand(window, qtbot)
    window.close()


def driven() -> Network:
    """Two neurons that fire of themselves, a synapse from the left to the right, a relay, a probe."""
    net = Network(seed=3)
    at = [[-120, -40, 0], [120, -40, 0]]
    exc = net.add_population("E", "iaf_psc_exp", 2, positions=at, params={"i_e": 600.0})
    net.add_population("R", "relay", 1, positions=[[0, 110, 0]])
    way = net.add_projection("E to E", exc, exc, rules=["stdp_pair"], w_max=1000.0)
    net.wire(way, "explicit", pre=exc.ids[:1], post=exc.ids[1:], weight=100.0, delay=1.5)
    net.add_probe(exc.ids[:1], "v")
    net.add_probe(exc.ids[1:], "spikes")
    return net


def offers(hand: Hand, at: Any) -> dict[str, Any]:
    """The lines of the menu that a right click opens, by their words."""
    hand.click(at, button=RIGHT)
    return {line.text(): line for line in hand.canvas.gesture.menu.actions()}


def choose(hand: Hand, at: Any, words: str) -> None:
    """Choose a line of the menu that a right click opens."""
    offers(hand, at)[words].trigger()
    hand.canvas.gesture.menu.close()
    hand.qtbot.waitUntil(lambda: hand.canvas.gesture.menu is None)


def ids(hand: Hand) -> tuple[int, int, int]:
    net = hand.document.network
    left, right = net.population("E").ids
    return int(left), int(right), int(net.population("R").ids[0])


def flags(hand: Hand, neuron: int) -> int:
    scene = hand.canvas.scene
    return int(scene.neurons["flags"][scene.neurons.rows([neuron])[0]])


def stands(hand: Hand, name: str) -> Any:
    return np.asarray(getattr(hand.document.network.population("E").record, name)).tolist()


@pytest.mark.parametrize(
    ("words", "name", "value", "flag"),
    [
        ("Freeze", "frozen", [1, 0], FROZEN),
        ("Clamp", "clamped", [1, 0], CLAMPED),
        ("Switch off", "enabled", [0, 1], DISABLED),
    ],
)
def test_the_menu_of_one_neuron_turns_that_neuron_and_marks_it(hand, words, name, value, flag) -> None:
    left, right, _ = ids(hand)
    before = stands(hand, name)
    choose(hand, hand.at(left), words)
    assert stands(hand, name) == value
    hand.qtbot.waitUntil(lambda: (flags(hand, left), flags(hand, right)) == (flag, 0))
    line = offers(hand, hand.at(left))[words]
    assert line.isChecked()
    line.trigger()
    assert stands(hand, name) == before
    hand.qtbot.waitUntil(lambda: flags(hand, left) == 0)
    hand.canvas.gesture.menu.close()
    hand.window.perform("undo")
    hand.window.perform("undo")
    assert stands(hand, name) == before
    assert not hand.document.history.undo_label


def test_a_neuron_frozen_as_it_runs_stops_and_goes_on_when_it_is_undone(hand, qtbot) -> None:
    left, right, _ = ids(hand)
    document = hand.document
    fired: list[int] = []
    hand.window.bridge.frame_ready.connect(lambda frame: fired.extend(frame.spikes["id"].tolist()))
    document.play()
    qtbot.waitUntil(lambda: {left, right} <= set(fired))
    choose(hand, hand.at(left), "Freeze")
    qtbot.waitUntil(lambda: not document.live.in_flight)
    held = document.t
    qtbot.waitUntil(lambda: document.t > held + 100.0)
    fired.clear()
    qtbot.waitUntil(lambda: fired.count(right) > 5)
    assert left not in fired
    hand.window.perform("undo")
    qtbot.waitUntil(lambda: left in fired)
    document.pause()
    assert stands(hand, "frozen") is False


def test_the_menu_of_a_synapse_says_that_it_turns_its_projection(hand) -> None:
    left, right, _ = ids(hand)
    middle = (hand.at(left) + hand.at(right)) / 2
    place = next(
        spot
        for off in range(-40, 41)
        if hand.canvas.pick(((spot := middle + type(middle)(0, off)).x(), spot.y())).kind == "synapse"
    )
    words = [each for each in offers(hand, place) if each]
    assert words == [
        "Delete",
        "Freeze the 1 synapse of E to E",
        "Switch off the 1 synapse of E to E",
    ]
    hand.canvas.gesture.menu.close()


def test_the_menu_of_a_probe_is_about_the_probe(hand, qtbot) -> None:
    left, _, _ = ids(hand)
    volts = next(iter(hand.document.network.probes))
    hand.window.selection.choose(neuron=[left])
    qtbot.waitUntil(lambda: f"probe:{volts}" in hand.canvas.overlay.boxes)
    choose(hand, hand.canvas.overlay.boxes[f"probe:{volts}"].center().toPoint(), "Switch off")
    assert not hand.document.network.probes[volts].enabled
    assert stands(hand, "enabled") is True
    assert hand.window.selection.ids("probe").tolist() == [volts]


def test_what_cannot_be_clamped_is_offered_with_the_reason(hand) -> None:
    _, _, relay = ids(hand)
    line = offers(hand, hand.at(relay))["Clamp"]
    assert not line.isEnabled()
    assert "No neuron with a potential is selected." in line.toolTip()
    hand.canvas.gesture.menu.close()


def test_a_projection_that_is_off_is_drawn_grey_and_has_its_colour_again(hand) -> None:
    net, canvas = hand.document.network, hand.canvas
    tone = int(canvas.scene.synapses["tone"][0])
    hand.window.selection.choose(synapse=net.projection("E to E").ids)
    hand.window.perform("switch_off")
    assert net.projection("E to E").record.enabled is False
    hand.qtbot.waitUntil(lambda: canvas.scene.synapses["off"][0] == 1)
    assert int(canvas.scene.synapses["tone"][0]) != tone
    hand.window.perform("undo")
    hand.qtbot.waitUntil(lambda: canvas.scene.synapses["off"][0] == 0)
    assert int(canvas.scene.synapses["tone"][0]) == tone


def test_everything_selected_is_named_when_it_is_switched_off(hand) -> None:
    net = hand.document.network
    volts, heard = net.probes
    hand.window.selection.choose(neuron=net.population("E").ids, probe=[volts, heard])
    found = turning(hand.window.bench, "enabled")
    assert found.said() == "Switched off 2 neurons and the probe of v."
    hand.window.perform("switch_off")
    assert (net.probes[volts].enabled, net.probes[heard].enabled) == (False, True)
    assert turning(hand.window.bench, "enabled").offer() == "Switch on 2 neurons and the probe of v"
    hand.qtbot.waitUntil(lambda: not hand.canvas.scene.probes[0].enabled)
    hand.window.selection.choose(probe=[heard])
    assert "switched off" in turning(hand.window.bench, "enabled").why_not


def test_the_switches_of_a_card_turn_the_neurons_it_is_about(hand, qtbot) -> None:
    left, right, _ = ids(hand)
    hand.click(hand.at(right))
    inspector = hand.window.inspector
    qtbot.waitUntil(lambda: inspector.shown[0].subject.parts.tolist() == [right])
    card = inspector.shown[0]
    assert card.clamp.isHidden()
    qtbot.mouseClick(card.held["clamped"], Qt.MouseButton.LeftButton)
    assert stands(hand, "clamped") == [0, 1]
    qtbot.waitUntil(lambda: not card.clamp.isHidden())
    hand.click(hand.at(left))
    qtbot.waitUntil(lambda: inspector.shown[0].subject.parts.tolist() == [left])
    assert not inspector.shown[0].held["clamped"].isChecked()


def test_the_silencing_brush_is_undone_and_marks_what_it_silenced(hand) -> None:
    left, _, _ = ids(hand)
    hand.window.use_tool("brush")
    hand.window.next.set(brush="silence")
    hand.drag(hand.seen((-125, -45)), hand.at(left))
    hand.qtbot.waitUntil(lambda: flags(hand, left) == DISABLED)
    hand.window.perform("undo")
    hand.qtbot.waitUntil(lambda: flags(hand, left) == 0)


def test_copies_keep_how_they_are_held(hand) -> None:
    left, _, _ = ids(hand)
    hand.document.network.set(left, frozen=True)
    hand.window.selection.choose(neuron=[left])
    hand.window.perform("duplicate")
    assert stands(hand, "frozen") == [1, 0, 1]
