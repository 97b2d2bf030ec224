"""The history of one synapse in the inspector, and runs that pause by themselves when a weight has moved."""

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from editor.inspector.synapse_card import SynapseCard
from editor.pause_panel import panel_of
from editor.told import Told
from engine.kernels import recipes
from engine.kernels.warm_up import compile_beside
from engine.network.network import Network
from tests.editor.test_window import opened, show

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(qtbot):
    made = opened(qtbot)
    made.bring_canvas()
    yield made
    made.close()


def pair():
    """A neuron that drives another; both are told when to fire, the first a little earlier."""
    net = Network(title="A pair")
    pre = net.add_population("Pre", "relay", 1)
    post = net.add_population("Post", "relay", 1)
    way = net.add_projection("Pre to post", pre, post, rules=["stdp_pair"], w_max=200.0)
    net.add_synapses(way, pre=pre.ids, post=post.ids, weight=50.0, delay=1.0)
    for cell, lag in ((pre, 0.0), (post, 8.0)):
        given = net.add_input("spike_list", cell)
        net.inputs[given.id].lists["times"] = np.arange(10.0, 2000.0, 50.0) + lag
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
