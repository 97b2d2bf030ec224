"""A race on the canvas, through the real window: copies side by side, a click on one, and two updates."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.abreast.race_pane import RacePane
from editor.abreast.updates_pane import UpdatesPane
from engine.network.edits import RemoveNeurons
from tests.editor.plots_in_a_window import click, plot_of, plotting

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(qtbot):
    with plotting(qtbot, "xor") as made:
        yield made


@pytest.fixture
def tab(window):
    return plot_of(window, "Training")


def pane_of(window):
    return window.middle.currentWidget()


@pytest.fixture
def race(window, tab, qtbot):
    """Two learners that race side by side and have been paused."""
    tab._add(tab.add.findData("generec"))
    click(tab.play)
    qtbot.waitUntil(lambda: tab.seen is not None and tab.seen.epoch > 20)
    click(tab.play)
    qtbot.waitUntil(lambda: tab.race.is_idle() and tab.race.look() is tab.seen)
    return tab


def drawn(pane, qtbot):
    """Wait until no tile has anything more to draw."""
    qtbot.waitUntil(lambda: all(tile.drawn and not tile.copy.is_stale for tile in pane.tiles))


def test_training_several_learners_shows_each_on_a_copy_of_its_own(window, race, qtbot):
    pane = pane_of(window)
    assert isinstance(pane, RacePane)
    drawn(pane, qtbot)
    assert [tile.words.title for tile in pane.tiles] == [r.label for r in race.seen.runners]
    assert [tile.is_watched for tile in pane.tiles] == [True, False]
    assert [tile.phase for tile in pane.tiles] == ["update", "update"]
    for tile, runner in zip(pane.tiles, race.seen.runners, strict=True):
        assert tile.words.number == f"{runner.errors[-1]:.4f}"
        shown = tile.copy.scene
        frame = race.seen.frames[runner.learner]
        rates = np.clip(frame.states["x"][0], 0, 1)
        assert np.allclose(shown.neurons["v"][shown.neurons.rows(frame.neurons)], rates, atol=1e-6)
        for ids, weights in frame.weights.values():
            assert np.allclose(shown.synapses["weight"][shown.synapses.rows(ids)], weights, rtol=1e-5)
    one, other = (tile.copy.scene.synapses["weight"] for tile in pane.tiles)
    assert not np.allclose(one, other), "each has learned in its own way"


def test_one_learner_alone_stays_on_the_canvas(window, tab, qtbot):
    click(tab.play)
    qtbot.waitUntil(lambda: tab.seen is not None and tab.seen.epoch > 5)
    assert window.middle.shows_canvas
    click(tab.play)


def test_a_click_on_a_copy_watches_that_learner(window, race, qtbot):
    pane = pane_of(window)
    second = race.seen.runners[1].learner
    QTest.mouseClick(pane.tiles[1], Qt.MouseButton.LeftButton)
    assert race.learner == second
    assert [tile.is_watched for tile in pane.tiles] == [False, True]
    frame = race.seen.frames[second]
    canvas = window.canvas.scene.neurons
    rows = canvas.rows(frame.neurons)
    assert np.allclose(canvas["v"][rows], np.clip(frame.states["x"][0], 0, 1), atol=1e-6)
    QTest.keyClick(pane.tiles[0], Qt.Key.Key_Return)
    assert race.learner != second


@pytest.mark.parametrize("how", ["button", "escape", "choice"])
def test_leaving_gives_the_canvas_back_and_the_race_does_not_take_it_again(window, race, qtbot, how):
    pane = pane_of(window)
    if how == "button":
        click(pane.back)
    elif how == "escape":
        QTest.keyClick(pane, Qt.Key.Key_Escape)
    else:
        race.showing.setCurrentIndex(0)
        race.showing.activated.emit(0)
    assert window.middle.shows_canvas
    assert window.middle.count() == 1 + (window.middle.start_page is not None), "the pane is gone"
    before = race.seen.epoch
    click(race.play)
    qtbot.waitUntil(lambda: race.seen.epoch > before)
    assert window.middle.shows_canvas
    click(race.play)
    race.showing.pick("all")
    assert isinstance(pane_of(window), RacePane)


def test_a_change_of_the_circuit_and_another_circuit_bring_the_canvas_back(window, race, qtbot):
    assert isinstance(pane_of(window), RacePane)
    hidden = list(window.document.network.populations.values())[1]
    window.bench.do(RemoveNeurons(hidden.neuron_ids[:1]))
    qtbot.waitUntil(lambda: window.middle.shows_canvas)
    race.showing.pick("all")
    qtbot.waitUntil(lambda: bool(pane_of(window).tiles))
    assert len(pane_of(window).tiles[0].copy.scene.neurons) == 6, "a race of what is drawn now"
    window.files.new()
    assert window.middle.shows_canvas
    assert race.showing.mode == "watched"


def test_stepping_a_phase_sends_it_over_every_copy(window, race, qtbot):
    pane = pane_of(window)
    click(race.phase)
    qtbot.waitUntil(lambda: all(tile.copy.changes.waves.alive for tile in pane.tiles))
    assert [tile.phase for tile in pane.tiles] == ["forward", "minus"]
    click(race.phase)
    qtbot.waitUntil(lambda: [tile.phase for tile in pane.tiles] == ["backward", "plus"])
    qtbot.waitUntil(lambda: any(wave.locked for wave in pane.tiles[0].copy.changes.waves.alive))
    assert not any(wave.locked for wave in pane.tiles[1].copy.changes.waves.alive)
    qtbot.waitUntil(lambda: pane.tiles[1].copy.halves is not None)  # two phases, two half discs


def test_copies_wear_the_theme_and_follow_the_size(window, race, qtbot):
    pane = pane_of(window)
    window.set_theme("light")
    drawn(pane, qtbot)
    assert {tile.copy.theme.name for tile in pane.tiles} == {"light"}
    window.set_theme("dark")
    before = [tile.geometry() for tile in pane.tiles]
    window.resize(window.width() + 200, window.height() + 80)
    qtbot.waitUntil(lambda: [tile.geometry() for tile in pane.tiles] != before)
    drawn(pane, qtbot)
    assert all(pane.field.rect().contains(tile.geometry()) for tile in pane.tiles)


def test_the_update_of_a_learner_stands_beside_the_gradient_and_a_knob_parts_them(window, tab, qtbot):
    window.files.open_example("weak_feedback")
    tab.showing.pick("updates")
    pane = pane_of(window)
    assert isinstance(pane, UpdatesPane)

    def angle(gamma):
        tab.close_up.knobs.knobs["gamma"].let_go.emit(gamma)
        qtbot.waitUntil(lambda: tab.running.tuned[tab.learner]["gamma"] == gamma)
        qtbot.waitUntil(lambda: tab.race.is_idle() and tab.race.look() is tab.seen)
        return pane.trace.angles[-1]

    weak, strong = angle(0.01), angle(0.3)
    assert strong > 10.0 * weak
    assert pane.tiles[1].words.number.endswith("apart")
    assert pane.tiles[1].words.line == "its own update, gamma 0.3, noise 0"
    exact, own = (tile.copy.scene.synapses for tile in pane.tiles)
    assert np.array_equal(exact["id"], own["id"])
    assert not np.array_equal(exact["weight01"], own["weight01"]), "what is far apart looks different"
    angle(1e-4)
    assert np.allclose(exact["weight01"], own["weight01"], atol=0.01)
    assert np.array_equal(exact["tone"], own["tone"])
    drawn(pane, qtbot)
    click(pane.back)
    assert window.middle.shows_canvas


def test_where_there_is_no_gradient_the_pane_says_so(window, tab, qtbot):
    window.files.open_example("melody")
    tab.showing.pick("updates")
    pane = pane_of(window)
    qtbot.waitUntil(lambda: "no gradient" in pane.title.text())


def test_a_stream_is_stepped_by_phase_and_says_at_which_step_it_is(window, tab, qtbot):
    window.files.open_example("melody")
    assert tab.leap.isVisible()

    def stepped(button):
        click(button)
        qtbot.waitUntil(lambda: tab.race is not None and tab.race.is_idle() and tab.race.look() is tab.seen)
        return tab.strip.now, tab.reading.text()

    length = tab.network.tasks[next(iter(tab.network.tasks))].params["steps"]
    assert stepped(tab.phase) == ("spike", f"epoch 0 \u00b7 step 1 of {length:.0f}")
    assert stepped(tab.phase) == ("signal", f"epoch 0 \u00b7 step 1 of {length:.0f}")
    assert stepped(tab.leap) == ("remember", f"epoch 0 \u00b7 step {length:.0f} of {length:.0f}")
    said = tab.close_up.picture.said()
    assert said.startswith(f"a stream of {length:.0f} ms, at step {length:.0f}; ")
    assert said.endswith("spikes a second and neuron")
    assert stepped(tab.phase) == ("update", "epoch 1")
