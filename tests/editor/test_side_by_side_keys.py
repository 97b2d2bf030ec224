"""An example beside its control answers Space and Escape, not the circuit that stands behind it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.editor.a_window import opened

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_space_pauses_both_and_escape_leaves_them(qtbot):
    window = opened(qtbot)
    window.bring_canvas()
    window.files.open_example("one_lif")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    card = window.middle.card
    card.fold.setChecked(False)
    QTest.mouseClick(card.switch, Qt.MouseButton.LeftButton)
    beside = window.middle.beside
    assert beside is not None
    qtbot.waitUntil(lambda: all(side.document.is_running for side in beside.sides))
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not any(side.document.is_running for side in beside.sides))
    assert not window.document.is_running
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: all(side.document.is_running for side in beside.sides))
    assert not window.document.is_running
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.middle.shows_canvas
    assert window.middle.beside is None
    window.close()
