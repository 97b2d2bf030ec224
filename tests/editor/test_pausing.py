"""Reasons to pause, in the window: a range is typed, several are listed, and each can be taken away."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from editor.selection import Selection
from editor.transport import pausing
from editor.transport.pause_panel import panel_of
from engine.errors import UsageError
from engine.live.breakpoints import WhenPruned, WhenRate, WhenWeight
from engine.network.network import Network
from tests.editor.a_window import opened

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def learning() -> Network:
    """Two relays in pre-before-post order with STDP between them, and neurons that fire at about 60 Hz."""
    net = Network(seed=7)
    relays = net.add_population("Relays", "relay", 2, positions=[[-60, 0, 0], [60, 0, 0]])
    way = net.add_projection("A to B", relays, relays, rules=["stdp_pair"], w_max=100.0)
    net.add_synapses(way, relays[:1], relays[1:2], weight=40.0, delay=1.0)
    times = [10.0 + 20.0 * k for k in range(400)]
    net.add_input("spike_list", relays[:1], times=times)
    net.add_input("spike_list", relays[1:2], times=[t + 2.0 for t in times])
    net.add_population(
        "Cells", "iaf_psc_exp", 2, positions=[[-60, 90, 0], [60, 90, 0]], params={"i_e": 500.0}
    )
    return net


@pytest.fixture
def window(qtbot: Any) -> Any:
    made = opened(qtbot, size=(1200, 800))
    made.bring_canvas()
    made.document.replace(learning())
    made.show_document()
    yield made
    made.close()


def write(field: Any, text: str) -> None:
    """Type into a field what stands in it now."""
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)


def test_the_run_pauses_where_the_typed_weight_is_passed(window, qtbot) -> None:
    way = window.document.network.projection("A to B")
    window.selection.choose(synapse=way.ids)
    window.perform("pause_when_weight")
    panel = panel_of(window)
    assert panel.isVisible()
    assert (panel.low.text(), panel.high.text(), panel.high.unit) == ("32", "48", "pA")
    write(panel.low, "")
    write(panel.high, "0.042 nA")
    QTest.keyClick(panel.high, Qt.Key.Key_Return)
    assert window.document.breakpoints == (WhenWeight(int(way), 42.0, -1.0, int(way.ids[0])),)
    window.set_speed(None)
    window.document.play()
    qtbot.waitUntil(lambda: not window.document.is_running)
    assert any("passed 42" in line.text for line in window.document.lines)
    qtbot.waitUntil(lambda: "passed 42" in window.status.message.whole())
    assert window.status.message.whole().startswith("paused: ")


def test_the_line_below_says_when_the_run_waits_for_something_no_more(window) -> None:
    window.perform("pause_when_grown")
    assert window.status.message.whole() == "The run will pause when a synapse grows."
    window.perform("pause_when_grown")
    assert window.status.message.whole() == "The run pauses no more when a synapse grows."
    assert window.document.breakpoints == ()


def test_the_run_pauses_when_a_rate_leaves_the_typed_range(window, qtbot) -> None:
    cells = window.document.network.population("Cells")
    window.selection.choose(neuron=cells.ids[:1])
    window.perform("pause_when_rate")
    panel = panel_of(window)
    assert (panel.low.text(), panel.high.text(), panel.high.unit) == ("0.5", "50", "Hz")
    write(panel.high, "20")
    qtbot.mouseClick(panel.add, Qt.MouseButton.LeftButton)
    assert window.document.breakpoints == (WhenRate(cells.id, 0.5, 20.0),)
    window.set_speed(None)
    window.document.play()
    qtbot.waitUntil(lambda: not window.document.is_running)
    assert any("a rate left 0.5 to 20 Hz" in line.text for line in window.document.lines)


def test_several_reasons_are_listed_and_taken_away_one_by_one(window, qtbot) -> None:
    window.selection.choose(population=[window.document.network.population("Cells").id])
    window.perform("pause_when_pruned")
    window.perform("pause_when_rate")
    panel = panel_of(window)
    qtbot.mouseClick(panel.add, Qt.MouseButton.LeftButton)
    write(panel.high, "80")
    qtbot.mouseClick(panel.add, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.add, Qt.MouseButton.LeftButton)
    assert panel.why.text() == "The run waits for that already."
    assert len(window.document.breakpoints) == 3
    assert [line.layout().itemAt(0).widget().text() for line in panel.lines] == [
        "a synapse is pruned",
        "the rate of Cells leaves 0.5 to 50 Hz",
        "the rate of Cells leaves 0.5 to 80 Hz",
    ]
    assert panel.geometry().bottom() < window.canvas.height()
    qtbot.mouseClick(panel.lines[1].findChild(QToolButton), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.lines[1].findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert window.document.breakpoints == (WhenPruned(),)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()


def test_the_panel_says_what_to_select_and_follows_it(window) -> None:
    window.perform("pause_when_weight")
    panel = panel_of(window)
    assert not panel.add.isEnabled()
    assert "Select a synapse" in panel.who.text()
    way = window.document.network.projection("A to B")
    window.selection.choose(projection=[way.id])
    assert panel.who.text() == "Any synapse of A to B"
    assert panel.add.isEnabled()
    write(panel.low, "50")
    QTest.keyClick(panel.low, Qt.Key.Key_Return)
    assert "50 pA is more than 48 pA" in panel.why.text()
    assert window.document.breakpoints == ()


@pytest.mark.parametrize(
    ("low", "high", "why"),
    [
        ("", "", "write a number into one of the two"),
        ("x", "", "below: cannot read 'x' as a quantity"),
        ("", "-3", "above: .* out of range"),
        ("", "3 mV", "mV"),
    ],
)
def test_a_range_that_is_none_is_refused_in_words(low: str, high: str, why: str) -> None:
    about = pausing.Watched("a weight", "pA", projection=1)
    with pytest.raises(UsageError, match=why):
        pausing.reason("weight", about, low, high)


def test_a_reason_about_what_is_gone_still_has_words() -> None:
    net = learning()
    assert pausing.words(net, WhenWeight(999, above=5.0)).startswith("a weight of a projection that is gone")
    assert (
        pausing.words(net, WhenRate(999, low=2.0)) == "the rate of a population that is gone falls below 2 Hz"
    )
    assert isinstance(pausing.watched(net, Selection(), "rate"), str)
    assert WhenWeight(1, above=120.0, below=80.0).why() == "a weight left 80 to 120"
