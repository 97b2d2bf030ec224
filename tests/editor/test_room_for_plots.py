"""Plots that become low and tall again, and examples that follow each other: all is laid out anew."""

import pytest
from PySide6.QtCore import Qt

from tests.editor.a_window import circuit, opened, show


@pytest.fixture
def window(qtbot):
    made = opened(qtbot, size=(1400, 950))
    made.bring_canvas()
    made.plots.fill()
    yield made
    made.close()


def test_a_raster_that_was_low_shows_rates_again_when_it_is_tall(window, qtbot):
    show(window, circuit())
    window.plots.reveal("Raster")
    raster = next(plot for plot in window.plots.plots.values() if plot.title == "Raster")
    window.document.play()
    qtbot.waitUntil(lambda: not raster.is_empty())
    window.document.pause()
    for height, is_tall in ((150, False), (420, True), (150, False), (420, True)):
        window.resizeDocks([window.docks["plots"]], [height], Qt.Orientation.Vertical)
        qtbot.waitUntil(lambda is_tall=is_tall: raster.below.isVisible() is is_tall)
    qtbot.waitUntil(lambda: raster.marks.vb.height() > 2.0 * raster.below.vb.height() > 60.0)


def test_each_example_has_its_own_card_and_plot_whatever_was_open_before(window, qtbot):
    window.show_start()
    for name, plot in (("learning_race", "Training"), ("teacher_at_the_dendrite", "Raster")):
        window.files.open_example(name)
        card = window.middle.card
        assert card.example.name == name
        qtbot.waitUntil(card.isVisible)
        assert window.plots.bar.tabText(window.plots.bar.currentIndex()) == plot
    assert window.middle.shows_canvas


def test_a_training_that_is_opened_from_the_start_page_has_room(window, qtbot):
    window.resizeDocks([window.docks["plots"]], [150], Qt.Orientation.Vertical)
    window.show_start()
    window.files.open_example("learn_xor")
    qtbot.waitUntil(lambda: window.docks["plots"].height() >= 0.3 * window.height() - 4)


def test_a_card_folds_when_the_training_begins(window, qtbot):
    window.resize(1600, 1000)
    window.files.open_example("feedback_alignment")
    card = window.middle.card
    card.fold.setChecked(False)
    tab = next(plot for plot in window.plots.plots.values() if plot.title == "Training")
    tab.play.click()
    qtbot.waitUntil(lambda: card.is_folded)
    tab.play.click()
    qtbot.waitUntil(lambda: tab.race is None or tab.race.is_idle())


@pytest.mark.parametrize("name", ["generec", "forgetting", "one_lif"])
def test_what_a_switch_takes_away_is_read_in_full(window, name):
    window.files.open_example(name)
    card = window.middle.card
    card.fold.setChecked(False)
    wide = max(card.switch.fontMetrics().horizontalAdvance(line) for line in card.switch.text().splitlines())
    assert wide < card.switch.width() - 16


def test_a_plot_that_needs_more_room_is_scrolled_and_does_not_widen_the_window(window, qtbot):
    window.files.open_example("learn_xor")
    window.resize(900, 640)
    tab = next(plot for plot in window.plots.plots.values() if plot.title == "Training")
    qtbot.waitUntil(lambda: window.docks["plots"].geometry().right() <= window.width())
    page = window.plots.pages.currentWidget()
    assert page.widget() is tab
    assert page.horizontalScrollBar().maximum() > 0
    assert tab.play.height() >= tab.play.sizeHint().height(), "and nothing is squeezed"
    assert window.palette_panel.width() >= 160


def test_a_palette_that_was_squeezed_is_wide_again_in_a_wide_window(window, qtbot):
    before = window.docks["palette"].width()
    window.resize(760, 560)
    qtbot.waitUntil(lambda: window.docks["palette"].width() < before)
    window.resize(1400, 950)
    qtbot.waitUntil(lambda: window.docks["palette"].width() >= before - 8)


def test_an_empty_quantal_tab_says_what_to_do_on_a_clear_ground(window):
    show(window, circuit())
    window.plots.reveal("Quantal")
    tab = window.plots.plots[window.plots.bar.currentIndex()]
    tab.refresh()
    assert tab.is_empty()
    assert tab.empty.isVisible()
    assert not tab.view.isVisible()


def test_a_training_on_a_small_screen_is_not_scrolled_to_see_its_curves(window, qtbot):
    window.resize(1280, 800)
    window.files.open_example("learning_race")
    tab = next(plot for plot in window.plots.plots.values() if plot.title == "Training")
    tab.play.click()
    qtbot.waitUntil(lambda: tab.seen is not None and tab.seen.epoch > 3)
    tab.play.click()
    qtbot.waitUntil(lambda: tab.race.is_idle() and tab.race.look() is tab.seen)
    page = window.plots.pages.currentWidget()
    qtbot.waitUntil(lambda: page.viewport().height() >= 180)
    qtbot.waitUntil(lambda: tab.height() <= page.viewport().height())


def test_the_ledger_has_the_whole_page(window, qtbot):
    show(window, circuit())
    window.document.play()
    qtbot.waitUntil(lambda: window.document.t > 20.0)
    window.document.pause()
    window.plots.reveal("Ledger")
    tab = next(plot for plot in window.plots.plots.values() if plot.title == "Ledger")
    qtbot.waitUntil(lambda: not tab.is_empty() and "comparison" in tab.sheet.toPlainText())
    assert not tab.view.isVisible()
    qtbot.waitUntil(lambda: tab.sheet.height() > tab.height() - 20)
