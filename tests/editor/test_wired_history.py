"""The history of one synapse in the inspector, and runs that pause by themselves when a weight has moved."""

import csv
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from editor.document.told import Told
from editor.inspector import history
from editor.inspector.history import past_of
from editor.inspector.synapse_card import SynapseCard
from editor.transport.pause_panel import panel_of
from engine.kernels import recipes
from engine.kernels.warm_up import compile_beside
from engine.network.network import Network
from tests.editor.a_window import show

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def pair():
    """A neuron that drives another; both are told when to fire, the first a little earlier."""
    net = Network(title="A pair")
    pre = net.add_population("Pre", "relay", 1)
    post = net.add_population("Post", "relay", 1)
    way = net.add_projection("Pre to post", pre, post, rules=["stdp_pair"], w_max=200.0)
    net.add_synapses(way, pre=pre.ids, post=post.ids, weight=50.0, delay=1.0)
    for cell, lag in ((pre, 0.0), (post, 8.0)):
        given = net.add_input("spike_list", cell)
        net.inputs[given.id].lists["times"] = np.arange(10.0, 60_000.0, 50.0) + lag
    compile_beside(recipes.of(net, watched=True))  # else it runs without its rule for a while
    return net


def card(window):
    return next(one for one in window.inspector.shown if isinstance(one, SynapseCard))


def test_the_card_of_a_synapse_tells_its_weight_over_time_and_which_rule_changed_it(window, qtbot):
    show(window, pair())
    (way,) = window.document.network.projections.values()
    window.selection.choose(synapse=way.synapses.id.copy())
    window.set_speed(0.1)
    window.document.play()
    qtbot.waitUntil(lambda: "STDP" in card(window).did.text())
    qtbot.waitUntil(lambda: len(card(window).trail) > 2 and np.ptp(card(window).trail.weight) > 0)
    assert card(window).history.isVisible()
    lines = window.log.model_.lines
    qtbot.waitUntil(lambda: any(line.kind == "changed" for line in lines))
    window.document.pause()
    line = next(line for line in lines if line.kind == "changed")
    assert line.ids == tuple(way.synapses.id)
    assert f"synapse {line.ids[0]}" in line.text
    assert "STDP" in line.text
    assert "pA" in line.text


def test_changes_that_come_close_together_share_a_line_each_card_its_own():
    net = pair()
    (way,) = net.projections.values()
    one = int(way.synapses.id[0])
    told, frame = Told(), SimpleNamespace(t=10.0, is_running=True, told=())
    told.take(frame, net)
    frame.told = ((100, one, "stdp_pair", 0.5), (120, one, "receptors", -0.1), (140, one, "stdp_pair", 0.25))
    frame.t, frame.is_running = 20.0, False
    first, second = told.take(frame, net)
    assert "receptors" in first.text.lower()
    assert "-0.1 pA" in first.text
    assert "+0.75 pA in 2 changes" in second.text
    assert second.t == 14.0
    assert told.take(frame, net) == [], "each change is told once"
    frame.t, frame.told = 5.0, ((45, one, "stdp_pair", 0.5),)
    assert told.take(frame, net) == [], "what had happened before somebody went back"
    frame.t, frame.told = 6.0, ((60, one, "stdp_pair", 0.5),)
    assert "+0.5 pA" in told.take(frame, net)[0].text


def test_a_run_pauses_when_the_weight_of_the_selected_synapse_has_moved(window, qtbot):
    show(window, pair())
    (way,) = window.document.network.projections.values()
    window.selection.choose(synapse=way.synapses.id.copy())
    window.perform("pause_when_weight")
    qtbot.mouseClick(panel_of(window).add, Qt.MouseButton.LeftButton)
    window.set_speed(None)
    window.document.play()
    qtbot.waitUntil(lambda: not window.document.is_running)
    assert any("paused: the weight of synapse" in line.text for line in window.document.lines)
    assert window.document.t < 2000.0


# -- from before it was selected -------------------------------------------------------------------------


def played_to(window, qtbot, t):
    """The pair has run so far without anybody looking at its synapse, and stands still; moments were kept."""
    document = window.document
    window.set_speed(0.2)
    document.play()
    qtbot.waitUntil(lambda: document.t > t and len(document.past()) > 1)
    document.pause()
    qtbot.waitUntil(lambda: not document.is_running and not document.live.in_flight)


def test_a_synapse_chosen_late_shows_what_the_kept_moments_know_and_says_how_to_learn_the_rest(window, qtbot):
    show(window, pair())
    document = window.document
    (way,) = document.network.projections.values()
    synapse = way.synapses.id.copy()
    played_to(window, qtbot, 100.0)
    window.selection.choose(synapse=synapse)
    trail = card(window).trail
    kept = document.past()
    assert len(kept) > 1
    assert trail.early[0].tolist() == [moment.t for moment in kept]
    assert trail.early[1].tolist() == [
        moment.network.projections[way.id].synapses.weight[0] for moment in kept
    ]
    assert trail.early[1][0] == 50.0 != trail.early[1][-1], "it was drawn with 50 pA, and learned"
    said = card(window).before
    assert said.isVisible()
    assert "moments that the timeline keeps" in said.text()
    assert "reset and play" in said.text()
    assert not card(window).history.grab().isNull()


def test_the_history_of_a_synapse_is_saved_with_every_change_and_its_card(
    window, qtbot, tmp_path, monkeypatch
):
    show(window, pair())
    (way,) = window.document.network.projections.values()
    played_to(window, qtbot, 100.0)
    window.selection.choose(synapse=way.synapses.id.copy())
    window.document.play()
    qtbot.waitUntil(lambda: len(card(window).trail) > 1 and bool(card(window).deeds.each))
    window.document.pause()
    path = tmp_path / "history.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path.with_suffix("")), ""))
    qtbot.mouseClick(card(window).save, Qt.MouseButton.LeftButton)
    assert path.name in window.status.message.whole()
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    assert list(rows[0]) == ["t_ms", "weight_pA", "row", "card", "change_pA"]
    times = [float(row["t_ms"]) for row in rows]
    assert times == sorted(times)
    assert {row["row"] for row in rows} == {"moment kept", "seen", "change"}
    changes = [(row["card"], float(row["change_pA"])) for row in rows if row["row"] == "change"]
    assert changes == [(name, change) for _, name, change in card(window).deeds.each]
    assert all(row["weight_pA"] == "" for row in rows if row["row"] == "change")


def moment(t, ids, weights, pre=1, id=1):
    way = SimpleNamespace(id=id, pre=pre, post=2, synapses=Rows(np.array(ids), np.array(weights)))
    return SimpleNamespace(t=t, network=SimpleNamespace(projections={id: way}))


HOME, ELSEWHERE = SimpleNamespace(id=1, pre=1, post=2), SimpleNamespace(id=2, pre=3, post=2)


class Rows:
    """As much of a table of synapses as its past needs."""

    def __init__(self, id, weight):
        self.id, self.weight = id, weight

    def __len__(self):
        return len(self.id)


def test_the_past_of_a_synapse_begins_when_it_grew_and_follows_it_from_row_to_row():
    moments = [moment(0.0, [5], [1.0]), moment(10.0, [5, 9], [1.0, 2.0]), moment(20.0, [9], [3.0])]
    past = past_of(moments, HOME, 9)
    assert past.t.tolist() == [10.0, 20.0]
    assert past.weight.tolist() == [2.0, 3.0]
    assert past.absent == 0.0
    assert past.in_words(30.0).startswith("It grew between 0.0 ms and 10.0 ms.")
    assert past_of(moments, HOME, 5).t.tolist() == [0.0, 10.0]
    assert past_of(moments, ELSEWHERE, 9).in_words(30.0) == ""
    assert past_of(moments[:1], HOME, 5).in_words(30.0) == "", "at t = 0 nothing was missed"


def test_of_a_large_circuit_fewer_moments_are_asked(monkeypatch):
    moments = [moment(float(t), [9], [float(t)]) for t in range(50)]
    assert len(past_of(moments, HOME, 9).t) == 50
    monkeypatch.setattr(history, "LOOKED_THROUGH", 10)
    past = past_of(moments, HOME, 9)
    assert len(past.t) == 10
    assert past.t[[0, -1]].tolist() == [0.0, 49.0]


def test_the_past_of_a_synapse_that_was_moved_to_another_projection_is_found():
    moments = [moment(0.0, [9], [2.0], id=7), moment(5.0, [9], [3.0])]
    assert past_of(moments, HOME, 9).weight.tolist() == [2.0, 3.0]
