"""Escape in a text field takes back what was typed, and is the window's where nothing was."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from editor.inspector.values import QuantityEdit
from tests.editor.a_window import circuit, opened, show


@pytest.fixture
def window(qtbot):
    made = opened(qtbot)
    made.bring_canvas()
    show(made, circuit())
    made.activateWindow()
    yield made
    made.close()


@pytest.fixture
def weight(window, qtbot):
    """The field of the weight of one selected synapse."""
    synapse = next(iter(window.document.network.projections.values())).synapses.id[0]
    window.selection.choose(synapse=[int(synapse)])
    fields = [field for field in window.inspector.findChildren(QuantityEdit) if field.isVisible()]
    fields[0].setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.waitUntil(fields[0].hasFocus)
    return fields[0]


def test_it_takes_back_what_was_typed(window, weight):
    before = weight.text()
    QTest.keyClicks(weight, "rubbish")
    QTest.keyClick(weight, Qt.Key.Key_Escape)
    assert weight.text() == before
    assert window.selection.synapses.size == 1
    assert weight.hasFocus()


def test_it_takes_back_what_was_refused(window, weight):
    before = weight.text()
    QTest.keyClicks(weight, "5 kg")
    QTest.keyClick(weight, Qt.Key.Key_Return)
    assert weight.property("wrong")
    QTest.keyClick(weight, Qt.Key.Key_Escape)
    assert weight.text() == before
    assert not weight.property("wrong")
    assert window.selection.synapses.size == 1


def test_where_nothing_was_typed_it_is_the_windows_and_the_canvas_has_the_keys(window, weight, qtbot):
    QTest.keyClick(weight, Qt.Key.Key_Escape)
    assert window.selection.is_empty
    assert QApplication.focusWidget() is window.canvas
    assert not window.command_bar.isVisible()


def test_a_card_that_goes_keeps_the_focus_out_of_the_header(window, weight):
    window.selection.clear()
    assert QApplication.focusWidget() is window.inspector


def test_it_gives_a_name_back(window, qtbot):
    projection = next(iter(window.document.network.projections.values()))
    window.selection.choose(projection=[projection.id])
    QTest.keyClick(window.canvas, Qt.Key.Key_F2)
    title = QApplication.focusWidget()
    QTest.keyClicks(title, "another")
    QTest.keyClick(title, Qt.Key.Key_Escape)
    assert title.text() == "E to E"
    assert projection.label == "E to E"
    assert not window.selection.is_empty


def test_it_empties_the_search_of_the_palette(window):
    search = window.palette_panel.search
    search.setFocus()
    window.selection.choose(projection=list(window.document.network.projections)[:1])
    QTest.keyClicks(search, "stdp")
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert search.text() == ""
    assert not window.selection.is_empty
