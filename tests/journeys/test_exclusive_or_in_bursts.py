"""A walk through "Exclusive or in bursts" by hand, as its card says, beside the same file without."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from editor.gallery import catalogue
from engine.network.network import Network
from engine.runtime.simulation import Simulation
from tests.journeys.by_hand import CTRL, KEY, LEFT, RIGHT, Hand, pause, play, seen_t

pytestmark = [pytest.mark.qt_log_ignore("This plugin does not support", extend=True), pytest.mark.slow]
NAME = "exclusive_or_in_bursts"
LESSON = 800.0
"""How long one lesson lasts, ms."""


def without_a_window(net: Network, t: float, synapses: np.ndarray) -> np.ndarray:
    """The weights of these synapses at a time."""
    sim = Simulation(net)
    sim.run(t)
    rows = np.concatenate([sim.synapses(id)[["id", "weight"]] for id in net.projections])
    order = np.argsort(rows["id"])
    return np.asarray(rows["weight"][order][np.searchsorted(rows["id"][order], synapses)])


def taught(hand: Hand) -> None:
    """Play as fast as it goes until a lesson has been taught, and stand still."""
    play(hand, 1.0)
    hand.window.set_speed(None)
    hand.qtbot.waitUntil(lambda: hand.document.t > LESSON, timeout=60_000)
    pause(hand)


def shows(hand: Hand, synapses: np.ndarray, weights: np.ndarray) -> bool:
    """Whether the canvas has these weights for these synapses."""
    columns = hand.canvas.scene.synapses
    return bool(np.allclose(columns["weight"][columns.rows(synapses)], weights, rtol=1e-5))


def called(hand: Hand, label: str) -> QPoint:
    """A place of the canvas where the pointer finds a synapse of this projection."""
    hand.still()
    mine = set(hand.document.network.projection(label).ids.tolist())
    width, height = hand.canvas.width(), hand.canvas.height()
    for y in range(20, height - 20, 6):
        for x in range(20, width - 20, 6):
            found = hand.canvas.pick((x, y))
            if found.kind == "synapse" and found.id in mine and not hand.canvas.hit((x, y)):
                return QPoint(x, y)
    raise AssertionError(f"no synapse of {label!r} can be pointed at")


def switched_off(hand: Hand, label: str) -> None:
    """A right click on a synapse, and its line of the menu."""
    hand.click(called(hand, label), button=RIGHT)
    menu = hand.canvas.gesture.menu
    many = len(hand.document.network.projection(label))
    lines = {line.text(): line for line in menu.actions()}
    line = lines[f"Switch off all {many} synapses of {label}"]
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(line).center())
    hand.qtbot.waitUntil(lambda: hand.canvas.gesture.menu is None)
    hand.qtbot.waitUntil(lambda: not hand.document.network.projection(label).record.enabled)


def test_bursts_that_go_back_are_switched_off_by_hand_and_it_is_started_over(opened: Any, qtbot: Any) -> None:
    example = catalogue.find(NAME)
    hand = opened(example.build())
    hand.canvas.fit()
    net = hand.document.network
    learned = np.concatenate([net.projection(f"{seen} to {side}").ids for seen in "AB" for side in "AB"])
    taught(hand)
    whole = without_a_window(example.build(), seen_t(hand), learned)
    assert np.ptp(whole) > 1.0, "it has learned something"
    qtbot.waitUntil(lambda: shows(hand, learned, whole))
    for side in "AB":
        switched_off(hand, f"back {side}")
    hand.key(KEY.Key_Home, CTRL)
    qtbot.waitUntil(lambda: hand.document.t == 0.0)
    assert not any(net.projection(f"back {side}").record.enabled for side in "AB"), "that is kept"
    taught(hand)
    without = without_a_window(example.control(example.build()), seen_t(hand), learned)
    qtbot.waitUntil(lambda: shows(hand, learned, without))
    assert np.abs(without - whole).max() > 1.0, "and learns otherwise without bursts that go back"
