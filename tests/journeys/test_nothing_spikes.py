"""When nothing has spiked for two seconds the canvas says so, and a click there drives the circuit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from editor.transport.quiet import PATIENCE, SAID, can_spike
from engine.network.network import Network
from tests.journeys.by_hand import KEY, pause, play

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def chain() -> tuple[Network, Any]:
    """A neuron that reaches another, and nothing that drives them."""
    net = Network(seed=5)
    exc = net.add_population("E", "iaf_psc_exp", 2, positions=[[-140, 0, 0], [140, 0, 0]])
    made = net.add_projection("E to E", exc, exc, rules=["stdp_pair"], w_max=2000.0)
    net.wire(made, "explicit", pre=exc.ids[:1], post=exc.ids[1:], weight=300.0, delay=1.5)
    return net, exc


def test_a_silent_circuit_offers_an_input_and_a_click_lets_it_fire(opened: Any, qtbot: Any) -> None:
    net, exc = chain()
    hand = opened(net)
    now = 1000.0
    hand.canvas.clock = lambda: now
    hand.still()
    assert not hand.canvas.chrome.hint
    play(hand, 0.1)
    assert not hand.canvas.chrome.hint
    now += PATIENCE + 0.1
    qtbot.waitUntil(lambda: hand.canvas.chrome.hint == SAID)
    hand.canvas.repaint()
    box = hand.canvas.overlay.boxes["ghost:input"]
    hand.click(box.center().toPoint())
    qtbot.waitUntil(lambda: len(hand.document.network.inputs) == 1)
    (given,) = hand.document.network.inputs.values()
    np.testing.assert_array_equal(given.targets, exc.ids[:1])
    qtbot.waitUntil(lambda: hand.canvas.changes.last_spike > 0.0)
    qtbot.waitUntil(lambda: not hand.canvas.chrome.hint)
    pause(hand)
    hand.window.perform("undo")
    assert not hand.document.network.inputs


def test_a_circuit_that_rests_is_not_called_silent_and_one_that_fires_neither(
    opened: Any, qtbot: Any
) -> None:
    net, exc = chain()
    net.add_input("poisson", exc, rate=2500.0, weight=250.0)
    hand = opened(net)
    now = 1000.0
    hand.canvas.clock = lambda: now
    play(hand, 1.0)
    qtbot.waitUntil(lambda: hand.canvas.changes.last_spike > 0.0)
    for _ in range(4):
        now += 0.9
        before = hand.canvas.changes.last_spike
        qtbot.waitUntil(lambda before=before: hand.canvas.changes.last_spike > before)
        assert not hand.canvas.chrome.hint
    pause(hand)
    now += 3.0 * PATIENCE
    hand.key(KEY.Key_Period)
    qtbot.waitUntil(lambda: not hand.document.is_answering)
    assert not hand.canvas.chrome.hint


def test_what_drove_it_has_ended_and_a_click_plays_it_again(opened: Any, qtbot: Any) -> None:
    net, exc = chain()
    net.add_input("spike_list", exc, times=[5.0], weight=4000.0)
    hand = opened(net)
    now = 1000.0
    hand.canvas.clock = lambda: now
    hand.window.set_speed(None)
    play(hand, 1.0)
    qtbot.waitUntil(lambda: hand.document.t > 1000.0 * PATIENCE + 50.0)
    now += PATIENCE + 0.1
    qtbot.waitUntil(lambda: hand.canvas.chrome.hint.startswith("Nothing has spiked since"))
    hand.canvas.repaint()
    box = hand.canvas.overlay.boxes["ghost:again"]
    hand.window.set_speed(1.0)
    before = hand.document.t
    hand.click(box.center().toPoint())
    qtbot.waitUntil(lambda: hand.document.is_running and hand.document.t < before)
    assert len(hand.document.network.inputs) == 1
    pause(hand)


def test_a_driven_circuit_may_rest_in_slow_motion(opened: Any, qtbot: Any) -> None:
    net, exc = chain()
    net.add_input("spike_list", exc, times=[5.0, 900.0], weight=4000.0)
    hand = opened(net)
    now = 1000.0
    hand.canvas.clock = lambda: now
    play(hand, 0.1)
    qtbot.waitUntil(lambda: hand.canvas.changes.last_spike > 0.0)
    for _ in range(3):
        now += PATIENCE
        step = hand.document.t
        qtbot.waitUntil(lambda step=step: hand.document.t > step)
        assert not hand.canvas.chrome.hint
    pause(hand)


def test_neurons_of_rates_are_never_called_silent(opened: Any, qtbot: Any) -> None:
    net = Network(dt=1.0, seed=5)
    cells = net.add_population("Rates", "rate", 2)
    assert not can_spike(net)
    hand = opened(net)
    now = 1000.0
    hand.canvas.clock = lambda: now
    play(hand, 1.0)
    qtbot.waitUntil(lambda: hand.document.t > 10.0)
    for _ in range(3):
        now += PATIENCE
        t = hand.document.t
        qtbot.waitUntil(lambda t=t: hand.document.t > t)
        assert not hand.canvas.chrome.hint
    pause(hand)
    net.add_population("Relay", "relay", 1)
    assert can_spike(net)
    assert len(cells) == 2
