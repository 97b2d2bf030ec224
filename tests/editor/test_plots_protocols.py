"""The protocols tab: runs beside the window on the selected synapse, stops when told, gives its numbers."""

from __future__ import annotations

import csv

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.plots.protocols import RUN, STOP, Protocols
from engine import Network
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
    choose(tab, "burst")
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


def test_a_second_click_stops_it_and_closing_ends_its_thread(tab, net, qtbot):
    tab.watch(net.projection("Pairs").synapses.id[:1])
    choose(tab, "dark_rearing")
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    assert tab.run is None
    QTest.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    tab.hide()
    assert tab.run is None


def test_without_a_synapse_or_a_rule_it_says_what_is_missing(tab, net):
    assert not tab.start.isEnabled()
    assert tab.start.toolTip() == "Select a synapse first."
    tab.watch(net.projection("Bare").synapses.id[:1])
    assert not tab.start.isEnabled()
    assert "no rule" in tab.start.toolTip()
    tab.watch(net.projection("Pairs").synapses.id[:1])
    assert tab.start.isEnabled()
