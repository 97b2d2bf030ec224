"""Every action has a name, a menu and a sentence, is found by Ctrl+K, and can be asked for at any time."""

import collections

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from editor import actions
from editor.actions import Action
from editor.app import application
from editor.finding import by_letters
from editor.main_window import MainWindow
from editor.palette import cards
from editor.palette.tools import TOOLS
from editor.settings import Settings

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
EVERY = actions.all_actions()
ASKS_FOR_A_FILE = (
    "open_file", "save_file", "save_file_as", "import_graph", "open_series", "export_graphml", "export_edges",
    "open_table", "export_picture",
)  # fmt: skip
LEAVES_THE_TEST = (*ASKS_FOR_A_FILE, "show_log", "full_screen", "close_window")
"""They open dialogs of the system."""


@pytest.fixture
def window(qtbot):
    application()
    made = MainWindow(Settings())
    qtbot.addWidget(made)
    made.files.ask_leave = lambda title: "discard"
    made.resize(1000, 700)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


@pytest.mark.parametrize("action", EVERY, ids=lambda one: one.slug)
def test_every_action_says_what_it_does_and_where_it_is(action):
    assert action.name
    assert action.sentence[0].isupper()
    assert action.sentence.endswith(".")
    assert action.menu_path[0] in actions.MENUS


@pytest.mark.parametrize("action", EVERY, ids=lambda one: one.slug)
def test_every_action_is_found_by_its_name(action):
    names = [(one.name, one.words) for one in EVERY]
    found = [EVERY[at] for at in by_letters.ranked(action.name, names, limit=6)]
    assert action.name in [one.name for one in found]


def test_no_key_does_two_things():
    keys = collections.Counter(key for one in EVERY for key in one.keys)
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("action", [one for one in EVERY if one.keys], ids=lambda one: one.slug)
def test_every_key_is_one_qt_understands(action):
    for key in action.keys:
        assert QKeySequence(key).toString() != ""


def test_an_action_without_a_sentence_or_with_a_strange_menu_is_refused():
    with pytest.raises(TypeError, match="one sentence"):
        actions.declare(Action("x", "X", "Edit", "no full stop", print))
    with pytest.raises(TypeError, match="no menu"):
        actions.declare(Action("x", "X", "Nowhere", "A sentence.", print))
    with pytest.raises(TypeError, match="two actions"):
        actions.declare(Action("undo", "X", "Edit", "A sentence.", print))


def test_every_action_stands_in_its_menu(window):
    for action in EVERY:
        menu = window.menus.menus[action.menu_path]
        assert action.slug in [one.objectName() for one in menu.actions()]


def heard(window, qtbot):
    """Whether Ctrl+Z undoes what was just drawn."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.bench.use(cards.find("neuron", "iaf_psc_exp"), (0.0, 0.0))
    before = window.document.network.neuron_count
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    return window.document.network.neuron_count == before - 1


def test_a_key_is_heard_after_a_menu_was_open_in_which_it_was_grey(window, qtbot):
    window.bring_canvas()
    edit = window.menus.menus["Edit",]
    edit.popup(window.mapToGlobal(window.rect().center()))
    assert not window.menus.actions["undo"].isEnabled()
    edit.hide()
    qtbot.waitUntil(window.menus.actions["undo"].isEnabled)
    assert heard(window, qtbot)


def test_a_key_is_heard_after_the_command_bar_and_the_menu_of_a_thing(window, qtbot):
    window.bring_canvas()
    window.open_command_bar("")
    window.command_bar.hide()
    assert heard(window, qtbot)
    menu = QMenu(window)
    menu.addAction(window.menus.actions["undo"])
    window.document.history.clear()
    window.menus.show_what_is_possible(menu)
    menu.popup(window.mapToGlobal(window.rect().center()))
    assert not window.menus.actions["undo"].isEnabled()
    menu.hide()
    qtbot.waitUntil(window.menus.actions["undo"].isEnabled)
    assert heard(window, qtbot)


def test_every_action_and_card_is_in_the_command_bar(window):
    window.open_command_bar("")
    names = {entry.name for entry in window.command_bar.model.every}
    assert {one.name for one in EVERY} <= names
    assert "Pair STDP" in names


@pytest.mark.parametrize(
    "action", [a for a in EVERY if a.slug not in LEAVES_THE_TEST], ids=lambda one: one.slug
)
def test_every_action_works_or_says_why_not_on_an_empty_circuit(window, action):
    why = window.menus.why_not(action.slug)
    if window.canvas is None and action.slug in ("fit",):
        window.bring_canvas()
    window.perform(action.slug)
    if why:
        assert window.status.message.whole() == why


@pytest.mark.parametrize("tool", TOOLS, ids=lambda one: one.slug)
def test_a_key_takes_a_tool_in_hand_and_the_line_below_says_what_it_does(window, qtbot, tool):
    window.setFocus()
    qtbot.keyClick(window, tool.key)
    assert window.next.tool == tool.slug
    assert tool.click in window.status.hint.whole()
    assert window.tools.buttons[tool.slug].isChecked()


def test_escape_puts_the_tool_down_first_and_the_selection_second(window):
    window.selection.choose(neuron=[1])
    window.use_tool("wire")
    window.perform("select_none")
    assert window.next.tool == "select"
    assert not window.selection.is_empty
    window.perform("select_none")
    assert window.selection.is_empty


def test_the_undo_entry_says_what_it_would_undo(window, qtbot):
    window.use_card(next(c for c in _cards() if c.kind == "neuron"))
    qtbot.waitUntil(lambda: window.menus.actions["undo"].text().startswith("Undo add"))
    window.perform("undo")
    qtbot.waitUntil(lambda: window.menus.actions["redo"].text().startswith("Redo add"))
    assert window.document.network.neuron_count == 0


def _cards():
    from editor.palette import cards

    return [card for section in cards.sections() for card in section.cards]
