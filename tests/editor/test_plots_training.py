"""The training tab through the real window: a task's card, a second learner, training, keeping, undo."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.palette import cards
from engine.network.edits import RemoveLearner
from tests.editor.plots_in_a_window import click, plot_of, plotting

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(qtbot):
    with plotting(qtbot, "xor") as made:
        yield made


@pytest.fixture
def tab(window):
    return plot_of(window, "Training")


def weights(window):
    return np.concatenate([p.synapses.weight for p in window.document.network.projections.values()])


def test_a_task_card_draws_a_network_and_brings_the_tab(window, tab, qtbot):
    net = window.document.network
    assert [len(p) for p in net.populations.values()] == [2, 4, 1]
    qtbot.waitUntil(lambda: window.plots.bar.tabText(window.plots.bar.currentIndex()) == "Training")
    assert tab.table_view.topLevelItemCount() == 1
    window.perform("undo")
    assert not window.document.network.neuron_count


def test_two_learners_race_and_each_has_its_curve(window, tab, qtbot):
    tab._add(tab.add.findData("generec"))
    assert len(window.document.network.learners) == 2
    click(tab.play)
    qtbot.waitUntil(lambda: tab.seen is not None and tab.seen.epoch > 300)
    assert tab.play.text() == "Pause"
    click(tab.play)
    qtbot.waitUntil(lambda: tab.play.text() == "Train")
    assert len(tab.lines) == 2
    assert {r.epochs[-1] for r in tab.seen.runners} == {tab.seen.epoch}
    assert set(tab.table()["learner"]) == {r.label for r in tab.seen.runners}
    assert tab.table_view.topLevelItem(0).text(2)


def test_the_canvas_shows_the_rates_and_the_weights_of_the_watched_learner(window, tab, qtbot):
    click(tab.play)
    qtbot.waitUntil(lambda: tab.seen is not None and tab.seen.epoch > 50)
    click(tab.play)
    qtbot.waitUntil(lambda: tab.play.text() == "Train")
    frame = tab.seen.frames[tab.learner]
    shown = window.canvas.scene.neurons
    rows = shown.rows(np.sort(frame.neurons))
    expected = np.clip(frame.states["x"][0][np.argsort(frame.neurons)], 0, 1)
    assert np.allclose(shown["v"][rows], expected, atol=1e-6)


def test_stepping_by_phase_lights_the_strip(window, tab, qtbot):
    names = []
    for _ in range(4):
        click(tab.phase)
        qtbot.waitUntil(lambda: tab.race.is_idle() and tab.race.look() is tab.seen)
        names.append(tab.strip.now)
    assert names == ["forward", "backward", "update", "forward"]


def test_nothing_changes_in_the_circuit_until_what_was_learned_is_kept(window, tab, qtbot):
    before = weights(window)
    click(tab.play)
    qtbot.waitUntil(lambda: tab.seen is not None and tab.seen.epoch > 100)
    click(tab.play)
    qtbot.waitUntil(lambda: tab.play.text() == "Train")
    assert np.array_equal(weights(window), before)
    click(tab.keep)
    qtbot.waitUntil(lambda: not np.array_equal(weights(window), before))
    window.perform("undo")
    assert np.array_equal(weights(window), before)


def test_a_learner_switched_off_does_not_run(window, tab, qtbot):
    tab._add(tab.add.findData("feedback_alignment"))
    tab.table_view.topLevelItem(0).setCheckState(0, Qt.CheckState.Unchecked)
    assert [r.enabled for r in window.document.network.learners.values()] == [False, True]
    click(tab.phase)
    qtbot.waitUntil(lambda: tab.seen is not None and bool(tab.seen.runners))  # the first look may be early
    assert [r.model for r in tab.seen.runners] == ["feedback_alignment"]


def test_starting_over_and_closing_leave_no_thread(window, tab, qtbot):
    click(tab.play)
    qtbot.waitUntil(lambda: tab.seen is not None and tab.seen.epoch > 10)
    click(tab.again)
    assert tab.seen.epoch == 0
    assert not tab.seen.is_running


def test_space_trains_a_circuit_that_only_learns_and_plays_any_other(window, tab, qtbot):
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: tab.seen is not None and tab.seen.is_running)
    assert not window.document.is_running
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not tab.seen.is_running)
    window.files.new()
    window.use_card(cards.find("neuron", "iaf_psc_exp"))
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.document.is_running)
    window.document.pause()


def test_opening_an_example_that_learns_shows_the_training(window, tab, qtbot):
    window.plots.reveal("Raster")
    window.files.new()
    window.files.open_example("learn_xor")
    assert window.plots.bar.tabText(window.plots.bar.currentIndex()) == "Training"


def test_a_learner_that_is_taken_away_leaves_the_list_and_comes_back_with_undo(window, tab, qtbot):
    tab._add(tab.add.findData("generec"))
    qtbot.waitUntil(lambda: tab.table_view.topLevelItemCount() == 2)
    window.bench.do(RemoveLearner(tab.learner))
    qtbot.waitUntil(lambda: tab.table_view.topLevelItemCount() == 1)
    qtbot.wait(60)
    window.perform("undo")
    qtbot.waitUntil(lambda: tab.table_view.topLevelItemCount() == 2)


def trained(tab, qtbot, epochs):
    click(tab.play)
    qtbot.waitUntil(lambda: tab.seen is not None and tab.seen.epoch >= epochs)
    click(tab.play)
    qtbot.waitUntil(lambda: tab.play.text() == "Train" and not tab.seen.is_running)


def test_a_race_is_repeated_with_several_seeds_and_the_ledger_says_mean_and_spread(window, tab, qtbot):
    assert not tab.repeater.isEnabled()
    trained(tab, qtbot, 5)
    assert tab.repeater.isEnabled()
    epochs = tab.seen.epoch
    click(tab.repeater)
    assert tab.repeater.text().startswith("Cancel")
    qtbot.waitUntil(lambda: tab.repeater.repeating is None)
    assert tab.repeater.outcome.isVisible()
    ledger = plot_of(window, "Ledger")
    (repeated,) = ledger.repeats
    assert repeated.epochs == epochs
    learned = len(repeated.learned)  # a fast machine is many epochs on before it pauses
    assert f"learned {learned} of 5" in tab.repeater.outcome.text()
    qtbot.waitUntil(lambda: f"Over 5 seeds of {epochs:,} epochs" in ledger.sheet.toPlainText())
    apart = f"; {5 - learned} not averaged in" if learned < 5 else ""
    assert f"{learned} of 5{apart}" in ledger.sheet.toPlainText()
    window.plots.reveal("Training")
    click(tab.again)
    assert not ledger.repeats, "another race, another spread"
    assert not tab.repeater.outcome.isVisible()


def test_repeats_are_cancelled_by_the_same_button_and_end_with_the_circuit(window, tab, qtbot):
    trained(tab, qtbot, 5)
    tab.repeater.begin(window.document.network, 10**9, next(iter(window.document.network.tasks)))
    qtbot.waitUntil(lambda: tab.repeater.repeating.look().share > 0)
    click(tab.repeater)
    qtbot.waitUntil(lambda: tab.repeater.repeating is None)
    assert tab.repeater.text() == "Repeat with 5 seeds"
    assert not tab.repeater.outcome.isVisible(), "no run was complete"
    tab.repeater.begin(window.document.network, 10**9, next(iter(window.document.network.tasks)))
    window.files.new()
    assert tab.repeater.repeating is None
