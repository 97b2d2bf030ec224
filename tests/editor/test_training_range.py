"""The curves of a training show how it was learned, however long the learners go on."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.plots.knobs import Knob
from editor.plots.training import LONG
from editor.plots.training_views import values_of
from tests.editor.plots_in_a_window import plot_of, plotting, train


@pytest.fixture
def window(qtbot):
    with plotting(qtbot, "xor") as made:
        yield made


def test_learned_long_ago_it_is_still_seen(window, qtbot):
    tab = plot_of(window, "Training")
    train(qtbot, tab, 20)
    (runner,) = tab.seen.runners
    if runner.learned_at is None:
        # the axis follows at the next painting, not with the numbers
        qtbot.waitUntil(lambda: tab.main.viewRange()[0][1] >= runner.epochs[-1])
    epochs = 3000
    while tab.seen.runners[0].learned_at is None or tab.seen.epoch < LONG * tab.seen.runners[0].learned_at:
        train(qtbot, tab, epochs)
        epochs *= 2
    tab.draw()
    left, right = tab.main.viewRange()[0]
    assert left == 0.0
    assert right == pytest.approx(LONG * tab.seen.runners[0].learned_at)
    assert right < tab.seen.epoch
    tab.shows.setCurrentIndex(2)  # the angle to the gradient goes on to say something
    tab.draw()
    assert tab.main.vb.autoRangeEnabled()[0]


def test_a_choice_reads_as_words_and_means_the_option(window, qtbot):
    tab = plot_of(window, "Training")
    choices = {k.choice.accessibleName(): k for k in tab.findChildren(Knob) if k.choice is not None}
    knob = choices["cost"]
    assert knob.choice.currentText() == "cross entropy"
    other = (knob.choice.currentIndex() + 1) % knob.choice.count()
    knob.choice.setFocus()
    key = Qt.Key.Key_Down if other > knob.choice.currentIndex() else Qt.Key.Key_Up
    QTest.keyClick(knob.choice, key)
    qtbot.waitUntil(lambda: knob.choice.currentIndex() == other)
    (learner,) = window.document.network.learners.values()
    qtbot.waitUntil(lambda: values_of(learner).get("cost") == knob.choice.itemData(other))
