"""The curves of a training show how it was learned, however long the learners go on."""

import pytest

from editor.plots.training import LONG
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
        left, right = tab.main.viewRange()[0]
        assert right >= runner.epochs[-1]
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
