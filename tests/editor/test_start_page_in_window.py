"""The start page in the window: it stands alone, is searched, and is left again the way one came."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from editor.finding.command_bar import CommandBar
from editor.finding.commands_found import commands
from editor.palette import cards
from tests.editor.a_window import circuit, opened, show

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot):
    made = opened(qtbot)
    made.bring_canvas()
    made.plots.fill()
    yield made
    made.close()


def panels(window):
    return {slug for slug, panel in window.furniture.panels.items() if panel.isVisible()}


def key(window, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def test_it_stands_alone_and_the_same_panels_come_back(window, qtbot):
    window.docks["inspector"].hide()
    before = panels(window)
    sizes = {slug: window.docks[slug].size() for slug in before & set(window.docks)}
    window.activateWindow()
    key(window, Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: window.middle.shows_start)
    assert panels(window) == set()
    assert "Click a picture" in window.status.hint.text()
    key(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.middle.shows_canvas)
    assert panels(window) == before
    qtbot.waitUntil(lambda: {slug: window.docks[slug].size() for slug in sizes} == sizes)
    assert "Click a picture" not in window.status.hint.text()


def test_closing_on_it_remembers_the_panels_that_stood_aside(qtbot):
    window = opened(qtbot)
    window.bring_canvas()
    before = panels(window)
    window.show_start()
    window.close()
    again = opened(qtbot, window.settings)
    assert panels(again) == before
    again.close()


def test_a_button_goes_back_to_the_circuit_that_is_open(window, qtbot):
    show(window, circuit())
    window.show_start()
    back = window.middle.start_page.back
    assert back.text() == "Back to Two populations"
    QTest.mouseClick(back, LEFT)
    assert window.middle.shows_canvas
    assert window.document.network.neuron_count == 25


def test_without_a_circuit_there_is_nothing_to_go_back_to(window):
    window.show_start()
    assert not window.middle.start_page.back.isVisible()


def test_what_is_drawn_from_it_is_seen(window, qtbot):
    window.show_start()
    window.use_card(cards.sections()[0].cards[0])
    qtbot.waitUntil(lambda: window.middle.shows_canvas)
    assert window.document.network.neuron_count == 1


def test_the_gallery_is_searched(window, qtbot):
    window.show_start()
    page = window.middle.start_page
    every = len(page.gallery_cards)
    page.search.setFocus()
    QTest.keyClicks(page.search, "dopamine delayed")
    seen = [card for card in (*page.hero_cards, *page.gallery_cards) if card.isVisible()]
    assert 0 < len(seen) < 6
    assert all("dopamine" in card.property("about") for card in seen)
    headings = [heading for heading in page.headings.values() if heading.isVisible()]
    assert len(headings) == 1
    key(window, Qt.Key.Key_Escape)
    assert window.middle.shows_start, "the first Escape empties the search"
    assert sum(card.isVisible() for card in page.gallery_cards) == every
    QTest.keyClicks(page.search, "no such thing anywhere")
    assert page.nothing.isVisible()
    page.search.clear()
    QTest.keyClicks(page.search, "squid")
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.files.example is not None)
    assert window.files.example.name == "squid_axon"


def test_every_example_is_found_by_its_title_in_the_command_bar(window):
    found = [entry for entry in commands(window) if entry.kind == "Example"]
    assert len(found) == len(window.middle.start_page.gallery_cards if window.middle.start_page else found)
    bar = window.command_bar
    assert isinstance(bar, CommandBar)
    window.open_command_bar("squid axon")
    QTest.keyClick(bar.text, Qt.Key.Key_Return)
    assert window.files.example.name == "squid_axon"


def test_the_tour_is_not_drawn_over_the_offers_of_an_empty_canvas(window, qtbot):
    window.show_start()
    tour = window.middle.start_page.hero_cards[0]
    QTest.mouseClick(tour, LEFT)
    qtbot.waitUntil(lambda: window.middle.card is not None)
    qtbot.waitUntil(lambda: not any(name.startswith("ghost:") for name in window.canvas.overlay.boxes))
    place = window.middle.card.cross.rect().center()
    QTest.mouseClick(window.middle.card.cross, LEFT, pos=QPoint(place))
    qtbot.waitUntil(lambda: any(name.startswith("ghost:") for name in window.canvas.overlay.boxes))
