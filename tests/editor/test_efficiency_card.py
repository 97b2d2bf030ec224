"""Before and after in the ledger: marked, compared beside the window, stopped, forgotten, kept as CSV."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6 import QtCore

from editor import app
from editor.document.history import Side
from editor.ledger.efficiency_card import card, rows
from editor.ledger.weighing import Measure, Weighed, Weighing
from editor.main_window import MainWindow
from editor.plots.ledger import LedgerTab
from editor.settings import Settings
from editor.window import style
from editor.window.theme import DARK, LIGHT
from engine import Network, Simulation
from engine.analysis.efficiency import Efficiency
from engine.errors import UsageError
from engine.network.edits import RemoveSynapses

FOUND = {
    "before": Efficiency(60, 2e-9, 6000.0, 1.0),
    "after": Efficiency(40, 1.8e-9, 4000.0, 1.0),
    "at random": Efficiency(40, 1.7e-9, 4000.0, 0.7),
}


def circuit():
    """Two relays that drive two cells each; enough to spike, to prune and to be lost."""
    net = Network(dt=1.0, seed=1)
    pre = net.add_population("Pre", "relay", size=2, sign=+1, positions=[[0, 0, 0], [0, 50, 0]])
    post = net.add_population("Post", "relay", size=2, sign=+1, positions=[[90, 0, 0], [90, 50, 0]])
    way = net.add_projection("Way", pre, post)
    net.wire(way, "all_to_all", weight=1.0, delay=1.0)
    net.add_input("poisson", pre, rate=20.0)
    return net


@pytest.fixture
def window(qtbot):
    style.wear(app.application(), DARK)
    made = MainWindow(Settings())
    made.files.ask_leave = lambda title: "discard"
    qtbot.addWidget(made)
    made.resize(1300, 1000)
    with qtbot.waitExposed(made):
        made.show()
    made.plots.fill()
    made.document.replace(circuit())
    made.show_document()
    yield made
    made.close()


def ledger(window):
    return next(plot for plot in window.plots.plots.values() if isinstance(plot, LedgerTab))


def click(tab, qtbot, text):
    """Press the mouse on a word of the page, as a person would."""
    found = tab.sheet.document().find(text)
    assert not found.isNull(), text
    tab.sheet.setTextCursor(found)
    tab.sheet.ensureCursorVisible()
    found.setPosition((found.selectionStart() + found.selectionEnd()) // 2)
    qtbot.mouseClick(
        tab.sheet.viewport(), QtCore.Qt.MouseButton.LeftButton, pos=tab.sheet.cursorRect(found).center()
    )


def prune_one(window):
    net = window.document.network
    way = next(iter(net.projections.values()))
    window.document.do(RemoveSynapses(np.asarray(way.synapses.id)[:1]))


def test_a_moment_is_marked_and_compared_with_what_became_of_it_by_two_clicks(window, qtbot, tmp_path):
    window.perform("mark_before")
    qtbot.waitUntil(lambda: window.efficiency.marked is not None)
    tab = ledger(window)
    qtbot.waitUntil(tab.isVisible)
    prune_one(window)
    click(tab, qtbot, "Compare now with before")
    qtbot.waitUntil(lambda: tab.weighed is not None and bool(tab.weighed.found))
    found = tab.weighed.found
    assert [found[name].synapses for name in ("before", "after", "at random")] == [4, 3, 3]
    assert found["after"].watts < found["before"].watts
    assert "as many at random, mean of 5" in tab.sheet.toPlainText()
    assert not window.efficiency.is_weighing
    tab.export_csv(tmp_path / "ledger.csv")
    text = (tmp_path / "ledger.csv").read_text()
    assert '"synapses, before",4' in text
    assert '"synapses, at random",3.0' in text


def test_before_is_the_beginning_of_the_run_unless_another_moment_is_marked(window, qtbot):
    assert window.efficiency.before is None
    window.perform("weigh")
    assert "Mark a moment as before" in window.status.message.toolTip() + window.status.message.text()
    window.document.step("dt")
    qtbot.waitUntil(lambda: window.document.beginning is not None and not window.document.is_running)
    assert window.efficiency.before.t == 0.0
    window.perform("mark_before")
    qtbot.waitUntil(lambda: window.efficiency.marked is not None)
    assert window.efficiency.before.t == window.document.t == 1.0


def test_a_comparison_is_stopped_on_the_page_and_says_so(window, qtbot, monkeypatch):
    without = lambda *asked: Weighing(*asked[:2], Measure("", lambda sim: 0.0))  # noqa: E731
    monkeypatch.setattr("editor.ledger.weighing.Weighing", without)
    monkeypatch.setattr("editor.ledger.weighing.SECONDS", 2000.0)
    window.perform("mark_before")
    qtbot.waitUntil(lambda: window.efficiency.marked is not None)
    window.perform("weigh")
    qtbot.waitUntil(lambda: window.efficiency.is_weighing)
    qtbot.waitUntil(lambda: not ledger(window).sheet.document().find("Stop").isNull())
    click(ledger(window), qtbot, "Stop")
    qtbot.waitUntil(lambda: not window.efficiency.is_weighing)
    assert window.efficiency.weighing.error == "the comparison was stopped"
    assert ledger(window).weighed.share is None
    assert ledger(window).weighed.found == {}


def test_another_circuit_has_no_before(window, qtbot):
    window.perform("mark_before")
    qtbot.waitUntil(lambda: window.efficiency.marked is not None)
    window.document.replace(circuit())
    window.show_document()
    assert window.efficiency.marked is None
    assert ledger(window).weighed is None


def test_what_a_run_learned_and_pruned_is_what_is_weighed():
    net = circuit()
    sim = Simulation(net).run(5.0)
    way = next(iter(net.projections))
    sim.apply(RemoveSynapses(np.asarray(net.projections[way].synapses.id)[:2]))
    now = Side(sim.network, sim.capture(), t=sim.t)
    weighing = Weighing(Side(net, None), now, Measure())
    weighing._thread.join()
    assert [one.synapses for one in weighing.found.values()] == [4, 2, 2]
    assert weighing.news().share is None


def test_a_measure_that_means_nothing_after_an_edit_is_left_open():
    def of(sim):
        raise UsageError("there is no population 'Inputs'")

    assert np.isnan(Measure("", of)(Simulation(circuit())))


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_the_card_says_numbers_changes_and_a_verdict_that_follows_from_them(theme):
    page = card(Weighed(0.0, 60_000.0, None, FOUND, "Signals answered."), theme)
    for text in (
        "2 nW",
        "6 mm",
        "\u221233 %",
        "the same",
        "\u221230 %",
        "Signals answered.",
        "t = 1 min 00.0 s",
    ):
        assert text in page
    assert "served the task less" in page
    assert "Chance would have" in card(
        Weighed(0.0, 1.0, None, {**FOUND, "after": Efficiency(40, 1e-9, 1.0, 0.2)}), theme
    )
    nothing = {name: one for name, one in FOUND.items() if name != "at random"}
    assert "No synapse is gone" in card(Weighed(0.0, 1.0, None, nothing), theme)
    no_task = {name: Efficiency(1, 1e-9, 1.0, np.nan) for name in FOUND}
    assert "no task" in card(Weighed(0.0, 1.0, None, no_task), theme)


def test_rows_of_a_table_have_every_number():
    assert rows(None) == []
    found = rows(Weighed(0.0, 1.0, None, FOUND, "Signals answered."))
    assert len(found) == 15
    assert ("task, at random", 0.7, "", "Signals answered.") in found
