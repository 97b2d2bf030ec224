"""A probe on a neuron shows what it sees beside it: a live curve, and its value now."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage

from editor.canvas.meters import COLUMNS, Meters
from editor.palette.cards import PROBE, Card
from engine.live.frame import SAMPLE
from engine.network.network import Network
from tests.journeys.by_hand import pause, play

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def pixels(hand: Any, at: Any) -> np.ndarray:
    """What is seen to the upper right of a place, where the meter is pinned."""
    hand.canvas.draw_now()
    image = hand.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    whole = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    return whole[at.y() - 70 : at.y() - 30, at.x() + 40 : at.x() + 160].astype(np.int16)


def test_a_probe_dropped_on_a_neuron_shows_a_live_curve_beside_it(opened: Any, qtbot: Any) -> None:
    net = Network(seed=3)
    exc = net.add_population("E", "iaf_psc_exp", 1, positions=[[0, 0, 0]])
    net.add_input("noise_current", exc, mean=300.0, std=150.0)
    hand = opened(net, zoom=2.0)
    neuron = int(exc.ids[0])
    assert hand.drop(Card(PROBE, PROBE, "Probe", "", ""), hand.at(neuron)) == (True, True)
    (probe,) = hand.document.network.probes
    hand.still()
    bare = pixels(hand, hand.at(neuron))
    play(hand, 0.1)
    meters = hand.canvas.scene.meters
    qtbot.waitUntil(lambda: len(meters.curve(probe, neuron)[0]) > COLUMNS)
    pause(hand)
    (mark,) = hand.canvas.scene.probes
    assert mark.unit == "mV"
    assert -90.0 < meters.now(probe, neuron) < -50.0
    one = pixels(hand, hand.at(neuron))
    assert (np.abs(one - bare).max(axis=-1) > 60).sum() > 200
    play(hand, 0.1)
    before = meters.now(probe, neuron)
    qtbot.waitUntil(lambda: meters.now(probe, neuron) != before)
    pause(hand)
    assert (np.abs(pixels(hand, hand.at(neuron)) - one).max(axis=-1) > 60).sum() > 20, "it is live"
    hand.document.reset()
    qtbot.waitUntil(lambda: not len(hand.canvas.scene.meters.curve(probe, neuron)[0]))


def samples(t: Any, value: Any) -> np.ndarray:
    made = np.zeros(len(t), SAMPLE)
    made["t"], made["value"], made["id"] = t, value, 7
    return made


def test_a_meter_keeps_the_last_two_seconds_one_watched_and_no_peak_is_lost() -> None:
    meters = Meters()
    t = np.arange(0.0, 1000.0, 0.1)
    value = np.where(np.isclose(t, 900.0), 30.0, -70.0)
    meters.take({3: samples(t, value)}, speed=0.1)
    meters.take({3: samples(t[-50:], value[-50:] + 5.0)}, speed=0.1)  # seen before
    assert meters.now(3, 7) == -70.0
    across, up = meters.curve(3, 7)
    assert len(across) == 2 * COLUMNS
    assert np.all(np.diff(across) >= 0.0)
    assert up.min() == pytest.approx(0.0)
    assert up.max() == pytest.approx(1.0)
    assert np.flatnonzero(up == up.max()).tolist() == [1 + 2 * int(COLUMNS * 0.5)]
    assert meters.now(3, 8) is None
    assert meters.now(4, 7) is None


def test_a_meter_of_what_does_not_change_is_a_level_line() -> None:
    meters = Meters()
    meters.take({1: samples(np.arange(10.0), np.full(10, -65.0))}, speed=1.0)
    assert np.allclose(meters.curve(1, 7)[1], 0.5)


def test_a_click_on_a_meter_selects_its_probe(opened: Any, qtbot: Any) -> None:
    net = Network(seed=3)
    exc = net.add_population("E", "iaf_psc_exp", 1, positions=[[0, 0, 0]])
    net.add_input("noise_current", exc, mean=300.0, std=150.0)
    net.add_probe(exc, "v", every=1.0)
    (probe,) = net.probes
    hand = opened(net, zoom=2.0)
    hand.still()
    play(hand, 0.1)
    name = f"meter:{probe}:{int(exc.ids[0])}"
    qtbot.waitUntil(lambda: name in hand.canvas.overlay.boxes)
    pause(hand)
    hand.click(hand.canvas.overlay.boxes[name].center().toPoint())
    assert list(hand.window.selection.ids("probe")) == [probe]
