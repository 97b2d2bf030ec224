"""The arena tab: animals run beside the window, a click moves the reward, and a frozen copy goes on."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from editor.plots.arena import PAUSE, PLAY, Arena, told
from engine.analysis.arena import EDGE, animal, without
from engine.analysis.arena import Arena as Box
from engine.live.outing import Seen, View, recovery
from tests.editor.one_plot import hosted

WHOLE = ["learns", "without acetylcholine", "without homeostasis"]


@pytest.fixture
def tab(qtbot):
    with hosted(qtbot, Arena, 1000, 360) as made:
        yield made


def test_they_go_learn_and_rest_and_the_goal_moves_where_one_clicks(tab, qtbot):
    assert tab.start.text() == PLAY
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.seen is not None and any(a.latencies for a in tab.seen.animals))
    qtbot.waitUntil(lambda: len(tab.seen.animals[0].path) > 0)
    assert tab.start.text() == PAUSE
    assert [a.label for a in tab.seen.animals] == WHOLE
    assert np.abs(tab.seen.animals[0].path).max() <= EDGE
    before = tab.seen.goal
    left_of_the_middle = QPoint(tab.box.width() // 2 - 40, tab.box.height() // 2)
    QTest.mouseClick(tab.box, Qt.MouseButton.LeftButton, pos=left_of_the_middle)
    qtbot.waitUntil(lambda: len(tab.seen.animals) == 4)
    assert tab.seen.goal != before
    assert tab.seen.goal[0] < 0
    assert tab.seen.animals[3].label == "frozen copy"
    assert tab.seen.moved_at
    assert len(tab.lines) == 4
    qtbot.waitUntil(lambda: len(tab.seen.animals[3].path) > 3)
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


def test_an_animal_without_homeostasis_lacks_those_cards_and_nothing_else():
    whole = animal(1, rate=3.0, keeps_rate=True)
    twin = without(whole, "homeostasis")
    kept, left = ([use.slug for use in net.projection("Place to Action").rules] for net in (whole, twin))
    assert kept == [*left, "intrinsic_threshold"]
    assert twin.canonical()[0] == animal(1, rate=3.0).canonical()[0], "all else is as it was"
    assert without(twin, "homeostasis") is None


def test_recovered_is_who_is_as_quick_again_three_times_running():
    usual = [(k, 1000.0) for k in range(5)]
    slow = [(5, 6000.0), (6, 1400.0), (7, 1600.0), (8, 900.0), (9, 1500.0), (10, 1200.0), (11, 800.0)]
    assert recovery(usual + slow, usual, 5) == 6000.0 + 1400.0 + 1600.0 + 900.0 + 1500.0 + 1200.0
    assert recovery(usual + slow[:5], usual, 5) is None, "not three in a row yet"
    assert recovery(usual[1:] + slow, usual[1:], 5) is None, "nothing usual to compare with"


def test_the_plot_says_how_long_each_took_to_recover(tab):
    nowhere, still = np.zeros((121, 2)), np.zeros((0, 2))
    animals = (
        Seen("learns", (0.0, 0.0), still, ((0, 900.0),), nowhere, 41_000.0),
        Seen("frozen copy", (0.0, 0.0), still, ((0, 900.0),), nowhere),
    )
    tab.seen = View(1, (1.0, 0.0), (1,), True, animals)
    tab.draw()
    assert [told(animal) for animal in animals] == ["learns: recovered after 41 s", "frozen copy"]
    assert "recovered after 41 s" in tab.chips.text()
    assert list(tab.table()["recovered_ms"]) == [41_000.0, ""]
