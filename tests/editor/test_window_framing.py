"""A circuit opened from the start page is framed for the canvas one sees, not for the one behind the page."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from editor import app
from editor.canvas.camera import Camera
from editor.settings import Settings
from tests.journeys.by_hand import Hand


@pytest.fixture
def window(qtbot):
    made = app.open_window(settings=Settings())
    qtbot.addWidget(made)
    made.files.ask_leave = lambda title: "discard"
    made.resize(1600, 1000)
    assert app.settle(made, 60_000)
    assert not made.middle.shows_canvas
    yield made
    made.close()


def click_tile(window, qtbot, name, is_wide=True):
    page = window.middle.start_page
    cards = [*page.hero_cards, *page.gallery_cards]
    card = next(card for card in cards if card.property("example") == name)
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.middle.shows_canvas and (window.canvas.width() > 840) == is_wide)


def across(canvas):
    """Where the circuit begins and ends, as shares of the canvas's width."""
    x = canvas.camera.to_px(canvas.scene.places(), canvas.width(), canvas.height())[:, 0]
    return x.min() / canvas.width(), x.max() / canvas.width()


def test_the_worm_lies_along_the_canvas_and_still_does_in_a_larger_window(window, qtbot):
    click_tile(window, qtbot, "worm")
    canvas = window.canvas
    begin, end = across(canvas)
    assert 0.0 < begin < end < 1.0
    assert end - begin > 0.8
    was = canvas.width()
    window.resize(1900, 1000)
    qtbot.waitUntil(lambda: canvas.width() > was + 100)
    begin, end = across(canvas)
    assert end - begin > 0.8
    canvas.repaint()
    boxes = [box for name, box in canvas.overlay.boxes.items() if name.startswith("input:")]
    assert boxes
    assert all(canvas.rect().contains(box.toRect()) for box in boxes)


def test_a_view_somebody_chose_is_kept_when_the_window_changes_its_size(window, qtbot):
    click_tile(window, qtbot, "worm")
    canvas = window.canvas
    was, framed = canvas.width(), canvas.camera
    here, middle = QPoint(was // 2, canvas.height() - 120), Qt.MouseButton.MiddleButton
    hand = Hand(window, qtbot)
    hand.press(here, button=middle)
    hand.move(here + QPoint(60, 0))
    hand.release(here + QPoint(60, 0), button=middle)
    chosen = canvas.camera
    assert chosen != framed
    window.resize(1900, 1000)
    qtbot.waitUntil(lambda: canvas.width() > was + 100)
    assert canvas.camera == chosen


def test_what_was_drawn_since_does_not_make_the_view_jump(window, qtbot):
    qtbot.mouseClick(window.middle.start_page.hero_cards[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.middle.shows_canvas and window.canvas.width() > 800)
    canvas = window.canvas
    before = canvas.camera
    Hand(window, qtbot).double_click(QPoint(260, 300))
    qtbot.waitUntil(lambda: window.document.network.neuron_count == 1)
    was = canvas.width()
    window.resize(1900, 1000)
    qtbot.waitUntil(lambda: canvas.width() > was + 100)
    assert canvas.camera == before


@pytest.mark.parametrize("name", ["one_lif", "stdp_window"])
def test_an_example_is_framed_beside_the_open_card_that_explains_it(window, qtbot, name):
    click_tile(window, qtbot, name)
    canvas, card = window.canvas, window.middle.card
    assert not card.is_folded
    places = canvas.camera.to_px(canvas.scene.places(), canvas.width(), canvas.height())
    assert (places[:, 0] > card.geometry().right()).all()
    assert np.all((places > 0.0) & (places < (canvas.width(), canvas.height())))
    assert canvas.camera != Camera()


def test_in_a_narrower_window_circuit_and_input_are_seen_beside_the_open_card(window, qtbot):
    window.resize(1400, 900)
    click_tile(window, qtbot, "one_lif", is_wide=False)
    canvas, card = window.canvas, window.middle.card
    assert canvas.width() < 800
    assert not card.is_folded
    canvas.repaint()
    boxes = [box for name, box in canvas.overlay.boxes.items() if name.startswith("input:")]
    assert boxes
    assert all(box.left() > card.geometry().right() for box in boxes)
    assert across(canvas)[0] > card.geometry().right() / canvas.width()


def test_a_card_without_room_beside_it_is_folded(window, qtbot):
    window.resize(1200, 900)
    click_tile(window, qtbot, "one_lif", is_wide=False)
    assert window.middle.card.is_folded


def test_in_a_small_window_no_input_lies_under_the_folded_card(window, qtbot):
    window.resize(1024, 700)
    click_tile(window, qtbot, "growth_to_set_point", is_wide=False)
    canvas, card = window.canvas, window.middle.card
    qtbot.waitUntil(lambda: card.is_folded)
    canvas.repaint()
    (box,) = [box for name, box in canvas.overlay.boxes.items() if name.startswith("input:")]
    assert not box.intersects(card.geometry())
    assert canvas.rect().contains(box.toRect())


def test_the_words_of_a_card_scroll_in_a_window_too_low_for_them(window, qtbot):
    window.resize(1500, 760)
    click_tile(window, qtbot, "worm", is_wide=False)
    canvas, card = window.canvas, window.middle.card
    qtbot.waitUntil(lambda: card.is_folded)
    qtbot.mouseClick(card.fold, Qt.MouseButton.LeftButton)
    assert not card.is_folded
    assert card.geometry().bottom() < canvas.height() - canvas.chrome.floor
    assert card.rect().contains(card.switch.geometry())
    bar = card.scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert not card.source.visibleRegion().boundingRect().height()
    bar.setValue(bar.maximum())
    assert card.source.visibleRegion().boundingRect().height() == card.source.height()


def test_in_a_low_canvas_the_circuit_lies_below_the_folded_card_and_all_inputs_are_seen(window, qtbot):
    click_tile(window, qtbot, "routing_through_the_striatum")
    window.plots.reveal("Routing")
    window.resizeDocks([window.docks["plots"]], [480], Qt.Orientation.Vertical)
    canvas = window.canvas
    qtbot.waitUntil(lambda: canvas.height() < 420 and window.middle.card.is_folded)
    card = window.middle.card.geometry()
    canvas.repaint()
    places = canvas.camera.to_px(canvas.scene.places(), canvas.width(), canvas.height())
    assert not ((places[:, 0] < card.right()) & (places[:, 1] < card.bottom())).any()
    boxes = [box for name, box in canvas.overlay.boxes.items() if name.startswith("input:")]
    assert len(boxes) > 8
    assert all(canvas.rect().contains(box.toRect()) for box in boxes)
    assert not any(one.intersects(other) for k, one in enumerate(boxes) for other in boxes[:k])
