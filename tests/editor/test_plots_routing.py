"""The routing tab: a subject answers beside a healthy one, its knobs are turned, and the gates are seen."""

from __future__ import annotations

import csv

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyle, QStyleOptionSlider

from editor.plots.routing import OWN, PAUSE, PLAY, RoutingTab
from editor.plots.tally_view import said
from tests.editor.a_window import opened
from tests.editor.one_plot import hosted

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def tab(qtbot):
    with hosted(qtbot, RoutingTab, 1300, 320) as made:
        yield made


def choose(combo, text):
    """Open a choice with the mouse, go to the entry of that text and press Enter."""
    QTest.mouseClick(combo, LEFT)
    combo.view().setCurrentIndex(combo.model().index(combo.findText(text), 0))
    QTest.keyClick(combo.view(), Qt.Key.Key_Return)
    assert combo.currentText() == text


def drag(slider, share):
    """Drag the handle of a slider to a share of its length."""
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    handle = slider.style().subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
    )
    end = QPoint(round(share * slider.width()), handle.center().y())
    QTest.mousePress(slider, LEFT, pos=handle.center())
    QTest.mouseMove(slider, end)
    QTest.mouseRelease(slider, LEFT, pos=end)


def counted(tab, which=0):
    return sum(tab.seen.subjects[which].counts.values())


def test_they_answer_and_pause_where_they_are(tab, qtbot):
    assert tab.start.text() == PLAY
    assert tab.seen.trial == 1
    choose(tab.pace, "as fast as possible")
    QTest.mouseClick(tab.start, LEFT)
    qtbot.waitUntil(lambda: tab.start.text() == PAUSE)
    qtbot.waitUntil(lambda: counted(tab) > 2)
    QTest.mouseClick(tab.start, LEFT)
    qtbot.waitUntil(lambda: tab.start.text() == PLAY)
    assert tab.seen.subjects[0].counts == tab.seen.subjects[1].counts
    assert f"{counted(tab)} right" in said(tab.seen.subjects[0])[0][0]
    assert len(tab.items) == 2, "the times of both"
    QTest.mouseClick(tab.again, LEFT)
    qtbot.waitUntil(lambda: tab.seen.trial == 1)
    assert counted(tab) == 0


def test_a_dragged_knob_silences_the_subject_while_it_runs_and_not_the_healthy_one(tab, qtbot):
    choose(tab.pace, "as fast as possible")
    QTest.mouseClick(tab.start, LEFT)
    qtbot.waitUntil(lambda: counted(tab) > 0)
    drag(tab.knobs.knobs["dopamine"].slider, 0.0)
    assert tab.values["dopamine"] < 0.5
    assert tab.preset.currentText() == OWN
    qtbot.waitUntil(lambda: tab.seen.values["dopamine"] < 0.5 and counted(tab) > 0)
    assert tab.seen.subjects[0].counts["right"] == 0
    assert tab.seen.subjects[0].counts["none"] > 0
    assert tab.seen.subjects[1].counts["right"] > 0


def test_a_preset_sets_every_knob_and_every_knob_says_what_it_is_and_where_it_is_from(tab):
    choose(tab.preset, "Huntington")
    assert tab.values["loss"] == 0.5
    assert tab.values["dopamine"] == 1.0
    assert tab.knobs.knobs["loss"].number.text() == "0.5"
    choose(tab.preset, "Parkinson")
    assert tab.values["loss"] == 0.0
    assert tab.values["dopamine"] == 0.7
    for name, knob in tab.knobs.knobs.items():
        declared = tab.model.params[name]
        assert declared.doc in knob.toolTip()
        assert declared.source in knob.toolTip()


def test_another_task_asks_for_another_source(tab, qtbot):
    choose(tab.pace, "as fast as possible")
    QTest.mouseClick(tab.start, LEFT)
    choose(tab.task, "say the word")
    choose(tab.agree, "they agree")
    qtbot.waitUntil(lambda: tab.seen.asked == 1 and tab.seen.shown[0] == tab.seen.shown[1])
    qtbot.waitUntil(lambda: counted(tab) > 1)
    assert tab.seen.subjects[0].counts["right"] == counted(tab)


def light_of(tab, row):
    """How green the ground of a cell is, beside where its discs and wires are."""
    cell = tab.matrix._boxes()[row][1]
    image = tab.matrix.grab().toImage()
    ground = QColor(image.pixel(round(cell.right() - 8), round(cell.bottom() - 8)))
    return ground.green() - ground.red()


def test_the_cell_of_the_route_that_is_chosen_lights_up(tab, qtbot):
    dark = light_of(tab, 0)
    QTest.mouseClick(tab.start, LEFT)
    qtbot.waitUntil(lambda: tab.seen.subjects[0].said >= 0)
    QTest.mouseClick(tab.start, LEFT)
    qtbot.waitUntil(lambda: not tab.seen.is_running)
    opening = tab.seen.subjects[0].gates["thalamus"]
    assert opening[0] > opening[1]
    assert light_of(tab, 0) > light_of(tab, 1)
    assert light_of(tab, 0) > dark


def test_it_hands_out_its_answers_and_is_empty_after_it_was_cleared(tab, qtbot, tmp_path):
    choose(tab.pace, "as fast as possible")
    QTest.mouseClick(tab.start, LEFT)
    qtbot.waitUntil(lambda: counted(tab) > 1)
    tab.sitting.pause()
    qtbot.waitUntil(lambda: not tab.seen.is_running)
    tab.export_csv(tmp_path / "a.csv")
    rows = list(csv.reader((tmp_path / "a.csv").read_text().splitlines()))
    assert rows[0] == ["subject", "trial", "verdict", "time_ms"]
    assert {row[0] for row in rows[1:]} == {"as set", "healthy"}
    tab.clear()
    assert tab.sitting is None
    assert tab.table() == {}
    assert tab.start.text() == PLAY


def test_hiding_the_tab_lets_them_rest(tab, qtbot):
    QTest.mouseClick(tab.start, LEFT)
    qtbot.waitUntil(lambda: tab.seen.is_running)
    tab.hide()
    qtbot.waitUntil(lambda: not tab.sitting.look().is_running)


def test_a_command_and_its_example_bring_the_tab_to_the_front(qtbot):
    window = opened(qtbot)
    window.bring_canvas()
    window.plots.fill()
    bar = window.plots.bar
    try:
        window.perform("show_routing")
        assert bar.tabText(bar.currentIndex()) == "Routing"
        window.plots.reveal("Raster")
        window.files.open_example("routing_through_the_striatum")
        assert bar.tabText(bar.currentIndex()) == "Routing"
        window.files.open_example("one_lif")
        assert bar.tabText(bar.currentIndex()) == "Membrane", "another example brings its own"
        window.files.new()
        assert bar.tabText(bar.currentIndex()) == "Membrane", "a circuit that is none leaves the tabs alone"
    finally:
        window.close()
