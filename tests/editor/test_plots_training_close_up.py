"""The training tab about the watched learner: angle, alignment, lessons, its pattern and its knobs."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.palette import cards
from editor.plots.ranges import STEPS, range_of
from engine import Training
from engine.live.insight import trails
from tests.editor.plots_in_a_window import plot_of, plotting, train

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(qtbot):
    with plotting(qtbot) as made:
        yield made


def view(tab, name):
    tab.shows.setCurrentIndex(tab.shows.findData(name))


def test_the_angle_of_fixed_random_feedback_falls_while_one_looks(window, qtbot):
    window.use_card(cards.find("task", "digits"))
    window.use_card(cards.find("learner", "feedback_alignment"))
    tab = plot_of(window, "Training")
    view(tab, "angles")
    train(qtbot, tab, 8)
    exact, other = (line.yData for line in tab.lines.values())
    assert np.allclose(exact, 0.0, atol=1e-3)
    assert other[0] > 70.0
    assert other[-1] < 65.0
    view(tab, "alignments")
    assert all(line.yData[-1] > line.yData[0] for line in list(tab.lines.values())[1:])
    assert tab.sentence.text()


def test_the_gap_between_the_energies_closes_for_the_learner_that_has_one(window, qtbot):
    window.use_card(cards.find("task", "enc424"))
    window.use_card(cards.find("learner", "movellan"))
    tab = plot_of(window, "Training")
    view(tab, "gaps")
    train(qtbot, tab, 100)
    (gap,) = tab.lines.values()
    assert gap.yData[-1] < gap.yData[0]
    assert tab.sentence.text().startswith("How much higher the network ends with its answer held")


def test_the_pattern_that_is_shown_is_the_one_on_the_canvas(window, qtbot):
    window.use_card(cards.find("task", "digits"))
    tab = plot_of(window, "Training")
    train(qtbot, tab, 2)
    seen = tab.close_up.picture.insight.shown
    frame = tab.seen.frames[tab.learner]
    assert np.array_equal(seen.inputs, frame.states["x"][0][:64])
    assert seen.target.sum() == 1.0
    words = tab.close_up.picture.said().splitlines()
    assert words[0] == f"says {seen.answer.argmax()}, should say {seen.target.argmax()}"
    assert len(words) == 11, "a line for each digit"


def test_lessons_are_forgotten_and_the_panel_says_what_was_measured(window, qtbot):
    window.use_card(cards.find("task", "split_digits"))
    tab = plot_of(window, "Training")
    view(tab, "lessons")
    train(qtbot, tab, 21)
    assert len(tab.lines) == 5
    first, second = (line.yData for line in list(tab.lines.values())[:2])
    assert first.max() > 0.9
    assert second.max() > 0.9, "each is looked at when it ends"
    assert first[-1] < 0.3, "the first lesson is forgotten once the second is learned"
    assert "merely by being local" in tab.sentence.text()
    assert tab.sentence.text().startswith("Forgotten so far: ")


def test_a_knob_acts_at_once_and_is_an_edit_when_let_go(window, qtbot):
    window.use_card(cards.find("task", "xor"))
    window.use_card(cards.find("learner", "chl"))
    tab = plot_of(window, "Training")
    tab.table_view.setCurrentItem(tab.table_view.topLevelItem(1))
    train(qtbot, tab, 20)
    race, knob = tab.race, tab.close_up.knobs.knobs["gamma"]
    training = next(r.training for r in race.runners if r.learner == tab.learner)
    place = training.writer.params.index("gamma")
    learner = window.document.network.learners[tab.learner]
    knob.slider.setSliderDown(True)
    knob.slider.setValue(knob.range.place(0.2))
    qtbot.waitUntil(race.is_idle)
    assert training.params[place] == pytest.approx(0.2, rel=0.03)
    assert "gamma" not in learner.params, "not an edit before it is let go"
    tab.draw()  # a look comes while the slider is held: the hand's value must outlive it
    knob.slider.setSliderDown(False)
    assert window.document.network.learners[tab.learner].params["gamma"] == pytest.approx(0.2, rel=0.03)
    train(qtbot, tab, 40)
    assert tab.race is race, "it goes on from where it was"
    window.perform("undo")
    qtbot.waitUntil(lambda: training.params[place] == 0.05)
    assert float(knob.number.text()) == 0.05


def test_a_number_out_of_range_is_refused_in_words_on_the_knob(window, qtbot):
    window.use_card(cards.find("task", "xor"))
    tab = plot_of(window, "Training")
    qtbot.waitUntil(lambda: "eta" in tab.close_up.knobs.knobs)
    number = tab.close_up.knobs.knobs["eta"].number
    number.setFocus()
    number.selectAll()
    QTest.keyClicks(number, "-3")
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert "eta" not in window.document.network.learners[tab.learner].params
    assert "0" in number.toolTip()
    number.selectAll()
    QTest.keyClicks(number, "0.7")
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert window.document.network.learners[tab.learner].params["eta"] == 0.7


@pytest.mark.parametrize(
    ("default", "low", "high"),
    [(0.1, 0.0, 1e3), (1.0, 1.0, 1e6), (0.0, 0.0, 1.0), (-60.0, -1e9, 1e9), (0.05, 1e-6, 1.0)],
)
def test_a_slider_stays_within_what_is_legal_and_finds_its_values_again(default, low, high):
    found = range_of(default, low, high)
    assert low <= found.low < found.high <= high
    assert found.low <= default <= found.high
    values = [found.value(place) for place in range(STEPS + 1)]
    assert values == sorted(values)
    for place in (0, 7, STEPS // 2, STEPS):
        assert found.value(found.place(values[place])) == pytest.approx(values[place], rel=0.02, abs=1e-6)


def test_the_energy_falls_along_both_phases_and_the_gap_between_their_ends_closes(window, qtbot):
    window.files.open_example("energy_gap")
    tab = plot_of(window, "Training")
    view(tab, "energies")
    first, *_ = trails(Training(window.document.network))
    train(qtbot, tab, 400)
    free, held = (line.yData for line in tab.lines.values())
    assert (np.diff(free) <= 1e-9).all()
    assert (np.diff(held) <= 1e-9).all()
    assert 0.0 <= tab.seen.runners[0].trails[0].gap < 0.5 * first.gap
    assert f"Gap {tab.seen.runners[0].trails[0].gap:.3f}" in tab.sentence.text()
    assert tab.main.getAxis("bottom").labelText == "neurons updated"
    window.files.open_example("learn_xor")
    train(qtbot, tab, 1)
    assert not tab.lines
    assert "downhill in no energy" in tab.sentence.text()
    view(tab, "errors")
    assert tab.main.getAxis("bottom").labelText == "epoch"


def test_gain_fields_stand_beside_those_before_learning(window, qtbot):
    window.files.open_example("area_7a")
    tab = plot_of(window, "Training")
    view(tab, "gains")
    train(qtbot, tab, 2)
    before, now = tab.gains.fields
    assert tab.gains.isVisible()
    assert not tab.view.isVisible()
    assert set(before) == set(now) == {int(n) for n in window.document.network.population("Area 7a").ids}
    assert any(not np.array_equal(before[n].rates, now[n].rates) for n in now)
    assert "before learning" in tab.sentence.text()
    train(qtbot, tab, 4)
    assert tab.gains.fields[0] == before, "the control stays what it was"
    image = tab.gains.grab().toImage()
    assert (
        len({image.pixel(x, y) for x in range(120, image.width(), 3) for y in range(8, image.height(), 3)})
        > 2
    )
    view(tab, "errors")
    assert tab.view.isVisible()
    assert not tab.gains.isVisible()


def test_a_task_without_eyes_says_that_it_has_no_gain_fields(window, qtbot):
    window.files.open_example("learn_xor")
    tab = plot_of(window, "Training")
    view(tab, "gains")
    train(qtbot, tab, 1)
    assert "no eye positions" in tab.sentence.text()


def test_the_answer_to_a_stream_stands_over_those_before_it_learned(window, qtbot):
    window.files.open_example("eyeblink")
    tab = plot_of(window, "Training")
    view(tab, "answers")
    train(qtbot, tab, 12)
    lines = {key[1]: line.yData for key, line in tab.lines.items()}
    first, last, target = lines[200], lines[203], lines[299]
    assert first.size == target.size == 800
    assert np.flatnonzero(target).tolist() == [400]
    assert abs(int(np.argmin(last - first)) - 300) < 20, "it came to pause before the puff"
    assert tab.main.getAxis("bottom").labelText == "time (ms)"
    assert "before it learned" in tab.sentence.text()
    window.files.open_example("learn_xor")
    train(qtbot, tab, 1)
    assert not tab.lines
    assert "single patterns" in tab.sentence.text()
