"""A file dropped on the window is opened or imported; recent files stand in a menu and in the command bar."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from editor.finding.commands_found import commands
from engine.files.save import save
from tests.editor.a_window import circuit

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "two.neuropil"
    save(circuit(), path)
    return path


def drop(widget, *paths):
    """Drag files over a widget and let them go there; whether they were welcome."""
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    at = widget.rect().center()
    enter = QDragEnterEvent(QPoint(at), Qt.DropAction.CopyAction, carried, LEFT, PLAIN)
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        QApplication.sendEvent(
            widget, QDropEvent(QPointF(at), Qt.DropAction.CopyAction, carried, LEFT, PLAIN)
        )
    return enter.isAccepted()


@pytest.mark.parametrize("where", ["window", "canvas", "start page"])
def test_a_circuit_dropped_anywhere_is_opened(window, qtbot, file, where):
    if where == "start page":
        window.show_start()
    over = {"window": window, "canvas": window.canvas, "start page": window.middle.start_page}[where]
    assert drop(over, file) or drop(window, file), "what the canvas declines goes on to the window"
    qtbot.waitUntil(lambda: window.document.network.title == "Two populations")
    assert window.settings.recent[0] == str(file)


def test_a_table_dropped_asks_for_its_columns(window, tmp_path):
    table = tmp_path / "edges.csv"
    table.write_text("pre,post,weight\na,b,1\nb,a,2\n", "utf-8")
    assert drop(window, table)
    assert window.exchange.panel is not None
    window.exchange.panel.close()


def test_what_is_no_circuit_is_not_welcome(window, tmp_path, file):
    picture = tmp_path / "cat.png"
    picture.write_bytes(b"")
    assert not drop(window, picture)
    assert not drop(window, file, file)


def test_recent_files_are_opened_from_their_menu(window, qtbot, file, tmp_path):
    window.settings.opened(tmp_path / "gone.neuropil")
    window.settings.opened(file)
    menu = window.doors.recent
    menu.aboutToShow.emit()
    first, gone = menu.actions()
    assert (first.text(), first.isEnabled()) == ("two", True)
    assert (gone.text(), gone.isEnabled()) == ("gone", False)
    first.trigger()
    qtbot.waitUntil(lambda: window.document.network.title == "Two populations")
    found = {entry.name: entry for entry in commands(window) if entry.kind == "Recent file"}
    assert not found["two"].why_not
    assert found["gone"].why_not


def test_without_recent_files_their_menu_is_grey(window):
    window.settings.recent.clear()
    window.menus.menus["File",].aboutToShow.emit()
    assert not window.doors.recent.menuAction().isEnabled()
