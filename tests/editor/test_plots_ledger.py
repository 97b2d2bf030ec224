"""The ledger tab: it fills while the circuit runs, marks numbers behind a verdict, hurts on request."""

from __future__ import annotations

import pytest
from PySide6 import QtCore, QtGui, QtWidgets

from editor.ledger.figures import spoken
from editor.ledger.page import columns, page
from editor.plots.ledger import LedgerTab
from editor.window.theme import DARK, LIGHT
from engine import Network, Simulation
from engine.analysis.ledger import accounts
from engine.live.frame import Frame
from tests.editor.one_plot import hosted


@pytest.fixture
def ran() -> Simulation:
    net = Network(dt=0.1, seed=1)
    pre, post = (net.add_population(n, "relay", size=5, sign=+1) for n in ("Pre", "Post"))
    way = net.add_projection("Pairs", pre, post, rules=[("stdp_pair", {})], w_max=100.0)
    net.wire(way, "all_to_all", weight=10.0, delay=1.0)
    net.add_input("spike_list", pre, times=[5.0, 15.0])
    return Simulation(net).run(50.0)


@pytest.fixture
def tab(qtbot, ran):
    with hosted(qtbot, LedgerTab, 900, 400) as made:
        made.follow(ran.network)
        yield made


def frame_of(sim: Simulation) -> Frame:
    return Frame(step=sim.step, t=sim.t, quantities={"tally": sim.quantities("tally")})


def test_before_a_run_it_says_what_to_do_and_after_it_counts(tab, ran):
    assert tab.is_empty()
    tab.show_frame(frame_of(ran))
    tab._is_stale = True
    tab.refresh()
    assert not tab.is_empty()
    assert "50" in tab.sheet.toPlainText()  # 2 spikes of 5 neurons into 5 synapses each
    assert tab.ledger.figures["events"].value == 50.0


def test_a_click_on_a_verdict_marks_the_numbers_it_rests_on(tab, ran):
    tab.show_frame(frame_of(ran))
    tab._is_stale = True
    tab.refresh()
    place = next(i for i, c in enumerate(tab.ledger.claims) if "asynchronous" in c.says)
    assert "\u25b8" not in tab.sheet.toPlainText()
    tab.sheet.anchorClicked.emit(QtCore.QUrl(f"claim:{place}"))
    marked = [line for line in tab.sheet.toPlainText().splitlines() if "\u25b8" in line]
    assert len(marked) == len(tab.ledger.claims[place].figures)


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


def test_what_is_charged_otherwise_is_switched_on_the_page(tab, ran, qtbot):
    tab.show_frame(frame_of(ran))
    tab._is_stale = True
    tab.refresh()
    plain = tab.ledger.figures["power"].value
    click(tab, qtbot, "quarter more for housekeeping")
    assert tab.ledger.figures["power"].value == pytest.approx(1.25 * plain)
    assert "\u2611 a quarter more" in tab.sheet.toPlainText()
    click(tab, qtbot, "quarter more for housekeeping")
    assert tab.ledger.figures["power"].value == plain


def test_damage_is_one_click_away(tab, ran, qtbot):
    with qtbot.waitSignal(tab.asked) as asked:
        tab.sheet.anchorClicked.emit(QtCore.QUrl("action:lesion"))
    assert asked.args == ["lesion"]


def test_going_back_to_the_start_empties_it_and_csv_has_every_figure(tab, ran, tmp_path):
    tab.show_frame(frame_of(ran))
    tab._is_stale = True
    tab.refresh()
    tab.export_csv(tmp_path / "ledger.csv")
    text = (tmp_path / "ledger.csv").read_text()
    for figure in tab.ledger.figures.values():
        assert figure.label in text
    tab.clear()
    assert tab.is_empty()


def test_a_link_saves_the_whole_page_as_a_picture(tab, ran, tmp_path, monkeypatch, qtbot):
    tab.show_frame(frame_of(ran))
    tab._is_stale = True
    tab.refresh()
    path = tmp_path / "ledger"
    monkeypatch.setattr(QtWidgets.QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    with qtbot.waitSignal(tab.saved) as saved:
        tab.sheet.anchorClicked.emit(QtCore.QUrl("save:picture"))
    assert saved.args == [str(path) + ".png"]
    picture = QtGui.QImage(saved.args[0])
    assert picture.height() >= 2 * tab.sheet.document().size().height() * 0.7
    assert picture.height() > 2 * tab.sheet.viewport().height(), "more than is in view"
    assert len({picture.pixel(x, y) for x in range(0, 900, 3) for y in range(0, 900, 3)}) > 3
    with qtbot.waitSignal(tab.saved) as saved:
        tab.sheet.anchorClicked.emit(QtCore.QUrl("save:csv"))
    assert (tmp_path / "ledger.csv").read_text().startswith("what,value,unit,how")


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda t: t.name)
def test_every_sentence_every_figure_and_every_caveat_is_on_the_page(ran, theme):
    ledger = accounts.of(ran.network, ran.tally)
    text = page(ledger, theme)
    for one in (
        *(c.says for c in ledger.claims),
        *(f.label for f in ledger.figures.values()),
        *ledger.caveats,
    ):
        assert one.split("(")[0] in text
    assert len(columns(ledger)["what"]) == len(ledger.claims) + len(ledger.figures)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(2.77e-10, "W", "277 pW"), (0.0, "W", "0 W"), (1234567.0, "", "1,234,567"), (0.0123, "%", "0.0123 %"),
     (float("nan"), "", "-")],
)  # fmt: skip
def test_figures_are_written_as_people_read_them(value, unit, text):
    assert spoken(accounts.Figure("x", "", value, unit, "")) == text
