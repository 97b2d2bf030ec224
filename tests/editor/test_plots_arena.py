"""The arena tab: animals run beside the window, a click moves the reward, and a frozen copy goes on."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from editor.plots.arena import PAUSE, PLAY, Arena
from editor.theme import DARK
from engine.analysis.arena import EDGE, animal
from engine.analysis.arena import Arena as Box


@pytest.fixture
def tab(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(1000, 360)
    made = Arena(DARK, host)
    made.resize(host.size())
    with qtbot.waitExposed(host):
        host.show()
    yield made
    made.clear()
    host.close()


def test_they_go_learn_and_rest_and_the_goal_moves_where_one_clicks(tab, qtbot):
    assert tab.start.text() == PLAY
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.seen is not None and bool(tab.seen.animals[0].latencies))
    qtbot.waitUntil(lambda: len(tab.seen.animals[0].path) > 0)
    assert tab.start.text() == PAUSE
    assert len(tab.seen.animals) == 2
    assert np.abs(tab.seen.animals[0].path).max() <= EDGE
    before = tab.seen.goal
    left_of_the_middle = QPoint(tab.box.width() // 2 - 40, tab.box.height() // 2)
    QTest.mouseClick(tab.box, Qt.MouseButton.LeftButton, pos=left_of_the_middle)
    qtbot.waitUntil(lambda: len(tab.seen.animals) == 3)
    assert tab.seen.goal != before
    assert tab.seen.goal[0] < 0
    assert tab.seen.animals[2].label == "frozen copy"
    assert tab.seen.moved_at
    assert len(tab.lines) == 3
    qtbot.waitUntil(lambda: len(tab.seen.animals[2].path) > 3)
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.start.text() == PLAY)
    assert tab.table()["latency_ms"].size >= 1


def test_the_copy_is_frozen_and_the_other_is_not():
    box = Box(animal(1, 1.0, rate=3.0), (1.2, 0.0), radius=0.8)
    box.trial(2000.0)
    copy = box.frozen()
    start = copy.leanings()
    assert np.allclose(start, box.leanings())
    for one in (box, copy):
        one.trial(1500.0)
    assert np.array_equal(copy.leanings(), start)
    assert not np.array_equal(box.leanings(), start)
