"""The protocols tab: runs beside the window on the selected synapse, stops when told, gives its numbers."""

from __future__ import annotations

import csv
import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.plots.protocols import BEYOND, RUN, STOP, STOPPING, Protocols
from engine import Network
from engine.analysis.protocols.library import PROTOCOLS
from tests.editor.one_plot import hosted


@pytest.fixture
def net() -> Network:
    net = Network(dt=1.0, seed=1)
    pre, post = (net.add_population(n, "relay", size=2, sign=+1) for n in ("Pre", "Post"))
    way = net.add_projection("Pairs", pre, post, rules=[("stdp_pair", {"lambda_": 0.002})])
    net.wire(way, "all_to_all", weight=50.0, delay=1.0)
    bare = net.add_projection("Bare", pre, post)
    net.wire(bare, "one_to_one", weight=50.0, delay=1.0)
    return net


@pytest.fixture
def tab(qtbot, net):
    with hosted(qtbot, Protocols, 900, 340) as made:
        made.follow(net)
        yield made


def choose(tab, slug):
    tab.choice.setCurrentIndex(
        next(i for i in range(tab.choice.count()) if tab.choice.itemData(i).slug == slug)
    )


def test_it_runs_with_one_click_and_draws_every_trial(tab, net, qtbot, tmp_path):
    tab.watch(net.projection("Pairs").synapses.id[:1])
    choose(tab, "pair_burst")
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    assert tab.start.text() == STOP
    qtbot.waitUntil(lambda: tab.run is None)
    assert tab.start.text() == RUN
    assert len(tab.shown.outcomes) == 6
    assert tab.items
    by_lag = {o.x: o.change for o in tab.shown.outcomes}
    assert by_lag[10.0] > 0 > by_lag[-10.0]
    tab.export_csv(tmp_path / "a.csv")
    rows = list(csv.reader((tmp_path / "a.csv").read_text().splitlines()))
    assert len(rows) == 7


def test_published_points_stand_beside_ours(tab, net, qtbot):
    tab.watch(net.projection("Pairs").synapses.id[:1])
    choose(tab, "pair")
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.run is None)
    table = tab.table()
    assert set(table["who"]) == {"ours", "published"}
    assert len(tab.items) == 2


def bars(tab):
    """The bars of standard errors that are drawn: x, y, height."""
    drawn = [item.opts for item in tab.items if "beam" in getattr(item, "opts", {})]
    return [np.column_stack([one["x"], one["y"], one["height"]]) for one in drawn]


def test_published_points_and_their_errors_are_there_as_soon_as_it_runs_also_on_a_logarithmic_axis(
    tab, net, qtbot
):
    tab.watch(net.projection("Pairs").synapses.id[:1])
    choose(tab, "dark_rearing")
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "%" in tab.reading.text())
    light, dark = bars(tab)
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.run is None)
    assert light[0] == pytest.approx([0.0, -15.9, 6.8]), "log10 of 1 Hz, and the error both ways"
    assert len(light) == 4
    assert len(dark) == 4, "that at 100 Hz is not known"
    ticks = tab.main.getAxis("bottom")._tickLevels[0]
    assert [text for _, text in ticks] == ["1", "2", "10", "20", "100"]


def test_an_outcome_far_beyond_what_was_published_does_not_flatten_it_but_is_told_in_words(tab, net, qtbot):
    way = net.projection("Pairs")
    net.set_rules(way, [("scaling", {})])
    tab.watch(way.synapses.id[:1])
    net.set(way.synapses.id, weight=1.0)
    choose(tab, "ttx")
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.run is None)
    most = 100.0 * max(o.change for o in tab.shown.outcomes)
    assert most > 1000.0
    assert tab.reading.text() == f"beyond the plot: up to +{most:,.0f} % (at {tab.shown.outcomes[1].x:g})"
    assert tab.main.viewRange()[1][1] == pytest.approx(BEYOND * 90.0, rel=0.1)


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda p: p.slug)
def test_the_panel_says_what_was_published_and_what_is_otherwise_here(tab, protocol):
    choose(tab, protocol.slug)
    for text in (protocol.what, protocol.source, protocol.known, protocol.differs):
        assert text in tab.about.text()


def test_a_second_click_stops_it_and_closing_ends_its_thread(tab, net, qtbot):
    tab.watch(net.projection("Pairs").synapses.id[:1])
    choose(tab, "dark_rearing")
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.run is None)
    assert tab.start.text() == RUN
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    tab.hide()
    assert tab.run is None


def test_the_window_does_not_wait_for_what_cannot_stop_at_once(tab, net, qtbot, monkeypatch):
    """A run that compiles looks up only when it has; until then the button says that it is stopping."""
    busy, told, words = threading.Event(), [], []

    def compiles(net, synapse, protocol, tell):
        busy.wait()
        told.append(tell(0.5, []))
        return []

    monkeypatch.setattr("editor.plots.protocol_run.induce", compiles)
    tab.failed.connect(words.append)
    tab.watch(net.projection("Pairs").synapses.id[:1])
    choose(tab, "pair")
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    assert tab.run is not None
    assert tab.start.text() == STOPPING
    assert not tab.start.isEnabled()
    busy.set()
    qtbot.waitUntil(lambda: tab.run is None)
    assert told == [False], "it was told that nobody wants to know"
    assert tab.start.text() == RUN
    assert tab.start.isEnabled()
    assert not words


def test_without_a_synapse_or_a_rule_it_says_what_is_missing(tab, net):
    assert not tab.start.isEnabled()
    assert tab.start.toolTip() == "Select a synapse first."
    tab.watch(net.projection("Bare").synapses.id[:1])
    assert not tab.start.isEnabled()
    assert "no rule" in tab.start.toolTip()
    tab.watch(net.projection("Pairs").synapses.id[:1])
    assert tab.start.isEnabled()
