"""Tab goes through the window as it stands, what was made late included; Shift+Tab goes the same way back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.editor.a_window import circuit, show


def walk(window, qtbot, *, is_forward=True, most=120):
    """Every stop from the canvas round to the canvas."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.canvas.setFocus()
    key = (Qt.Key.Key_Tab,) if is_forward else (Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    found = []
    for _ in range(most):
        QTest.keyClick(QApplication.focusWidget(), *key)
        found.append(QApplication.focusWidget())
        if found[-1] is window.canvas:
            return found
    pytest.fail(f"no way back to the canvas after {found[-10:]}")


@pytest.mark.parametrize("choose", ["nothing", "neuron", "synapse", "nothing again"])
def test_tab_goes_once_through_everything_that_is_seen_and_back(window, qtbot, choose):
    show(window, circuit())
    net = window.document.network
    if choose != "nothing":
        window.selection.choose(synapse=next(iter(net.projections.values())).synapses.id[:1])
    if choose == "neuron":
        window.selection.choose(neuron=net.neuron_ids[:1])
    if choose == "nothing again":
        window.selection.clear()
    forward = walk(window, qtbot)
    assert len(set(forward)) == len(forward)
    for name in ("palette_panel", "inspector", "transport"):
        assert any(getattr(window, name).isAncestorOf(each) for each in forward), name
    at = forward.index(window.inspector)
    cards = [each for each in window.inspector.stops() if each.isVisible() and each.isEnabled()]
    assert len(cards) > 4
    assert forward[at + 1 : at + 1 + len(cards)] == cards
    assert window.transport.isAncestorOf(forward[at + 1 + len(cards)])
    back = walk(window, qtbot, is_forward=False)
    assert back[:-1] == forward[-2::-1]


def test_tab_never_goes_to_what_is_out_of_sight(window, qtbot):
    show(window, circuit())
    for each in walk(window, qtbot):
        assert each.isVisible()
        if not window.inspector.isAncestorOf(each):  # there it is scrolled to when it comes
            assert not each.visibleRegion().isEmpty(), each


def test_the_inspector_scrolls_to_the_field_that_tab_comes_to(window, qtbot):
    window.resize(1100, 560)
    show(window, circuit())
    window.selection.choose(neuron=window.document.network.neuron_ids[:1])
    window.inspector.setFocus()
    for each in window.inspector.stops():
        if each.isVisible() and each.isEnabled():
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            assert QApplication.focusWidget() is each
            assert not each.visibleRegion().isEmpty()


def test_the_buttons_of_a_panel_come_before_what_is_in_it_and_the_plots_last(window, qtbot):
    show(window, circuit())
    window.plots.fill()
    forward = walk(window, qtbot)
    names = ("palette", "inspector", "plots")
    palette, inspector, plots = (window.docks[name].titleBarWidget() for name in names)
    at = [forward.index(each) for each in (
        palette.tear, palette.shut, window.palette_panel.findChild(QLineEdit), inspector.tear, inspector.shut,
        window.inspector, window.transport.play, window.plots.bar, plots.tear, plots.shut,
    )]  # fmt: skip
    assert at == sorted(at)
