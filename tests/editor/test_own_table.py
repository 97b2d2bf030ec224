"""A table of the user's own through the real panel: split, checked in words, drawn, learned, taken back."""

from __future__ import annotations

import numpy as np
import pytest

from editor.files import own_table
from editor.palette import cards
from engine.network.network import Network
from tests.editor.plots_in_a_window import click, plot_of, plotting, train

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
AND = "a,b,both\n0,0,0\n0,1,0\n1,0,0\n1,1,1\n"


@pytest.fixture
def window(qtbot):
    with plotting(qtbot) as made:
        yield made


def accept(panel):
    click(panel.ok)


def heads(panel):
    return [panel.table.horizontalHeaderItem(k).text() for k in range(panel.table.columnCount())]


def test_a_csv_becomes_a_task_with_a_network_that_learns_it(window, qtbot, tmp_path):
    (tmp_path / "both.csv").write_text(AND)
    window.exchange.begin_table(tmp_path / "both.csv")
    panel = window.exchange.panel
    assert heads(panel) == ["input 1", "input 2", "target 1"]
    assert panel.sentence.text().startswith("4 patterns of 2 inputs and 1 target")
    accept(panel)
    assert window.exchange.panel is None
    net = window.document.network
    assert [len(p) for p in net.populations.values()] == [2, 4, 1]
    assert [t.label for t in net.tasks.values()] == ["both"]
    tab = plot_of(window, "Training")
    train(qtbot, tab, 1500)
    assert tab.seen.runners[0].rights[-1] == 1.0
    window.perform("undo")
    assert not window.document.network.neuron_count


def test_the_split_follows_the_box_and_what_does_not_fit_is_said(window, tmp_path):
    window.use_card(cards.find("task", "xor"))
    np.save(tmp_path / "four.npy", np.arange(20.0).reshape(5, 4))
    window.exchange.begin_table(tmp_path / "four.npy")
    panel = window.exchange.panel
    assert not panel.ok.isEnabled()
    assert "The table has 3 inputs and 'Input' has 2 neurons" in panel.complaint.text()
    panel.split.setValue(2)
    assert heads(panel) == ["input 1", "input 2", "target 1", "target 2"]
    assert "2 targets and 'Target' has 1 neuron;" in panel.complaint.text()
    panel.close()


def test_a_table_that_fits_the_drawn_network_takes_the_place_of_its_task(window, tmp_path):
    window.use_card(cards.find("task", "xor"))
    before = list(window.document.network.populations)
    (tmp_path / "both.csv").write_text(AND)
    window.exchange.begin_table(tmp_path / "both.csv")
    accept(window.exchange.panel)
    net = window.document.network
    assert list(net.populations) == before
    assert [t.label for t in net.tasks.values()] == ["both"]


@pytest.mark.parametrize(
    ("text", "says"),
    [("1,2\n3\n", "row 2 has 1 number,"), ("1,x\n", "'x', which is no number"), ("1,nan\n", "no number")],
)
def test_what_is_no_table_is_refused_with_the_reason(window, tmp_path, text, says):
    (tmp_path / "bad.csv").write_text(text)
    heard = []
    window.say = lambda words, bad=False: heard.append((words, bad))
    window.exchange.begin_table(tmp_path / "bad.csv")
    assert window.exchange.panel is None
    assert says in heard[-1][0]
    assert heard[-1][1]


def test_classes_in_the_last_columns_are_recognised_and_wide_targets_get_straight_neurons():
    luck = np.random.default_rng(1)
    rows = np.column_stack([luck.normal(size=(30, 5)), np.eye(3)[luck.integers(3, size=30)]])
    assert own_table.likely_inputs(Network(), rows) == 5
    wide = np.column_stack([luck.normal(size=(30, 2)), luck.normal(5.0, 2.0, 30)])
    net = Network()
    own_table.task(net, "wide", wide, 2).apply(net)
    assert [p.params.get("curve") for p in net.populations.values()] == [None, None, "linear"]
    assert own_table.misfit(Network(), np.ones((4, 1)), 1).startswith("It has one column")
