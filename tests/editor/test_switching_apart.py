"""One synapse frozen or silenced alone: it moves beside its projection and comes back, undone and saved."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QMenu

from editor.canvas.pointer import Pointer
from editor.drawing.switching_apart import Apart
from editor.gestures import thing_menu
from engine import Network, Simulation, load, save
from engine.kernels import recipes
from engine.kernels.warm_up import compile_beside
from tests.editor.a_window import show
from tests.one_of_everything import check_edit

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def pairs():
    """Three relays, each before its own: three plastic synapses of one projection."""
    net = Network(seed=5, title="Three pairs")
    pre = net.add_population("Pre", "relay", 3)
    post = net.add_population("Post", "relay", 3)
    way = net.add_projection("Pre to post", pre, post, rules=["stdp_pair"], w_max=200.0)
    net.add_synapses(way, pre=pre.ids, post=post.ids, weight=[40.0, 50.0, 60.0], delay=1.0)
    for cells, lag in ((pre, 0.0), (post, 8.0)):
        given = net.add_input("spike_list", cells)
        net.inputs[given.id].lists["times"] = np.arange(10.0, 400.0, 50.0) + lag
    return net


def synapses(net):
    return net.projection("Pre to post").synapses.id.copy()


def weights(sim):
    found = {}
    for way in sim.network.projections.values():
        found |= dict(zip(way.synapses.id.tolist(), way.synapses.weight.tolist(), strict=True))
    return found


def ran(net, ms=300.0):
    compile_beside(recipes.of(net))
    sim = Simulation(net)
    sim.run(ms)
    return weights(sim)


@pytest.mark.parametrize("name", ["frozen", "enabled"])
def test_turning_one_synapse_and_turning_it_back_leaves_the_circuit_as_it_was(name):
    net = pairs()
    one = synapses(net)[1:2]
    (way,) = net.projections.values()
    drawn = {row: way.synapses.take([row])["weight"].tolist() for row in way.synapses.id.tolist()}
    check_edit(net, Apart(net, name, one).edit())
    assert Apart(net, name, one).is_turned
    assert sorted(len(way) for way in net.projections.values()) == [1, 2]
    Apart(net, name, one).edit().apply(net)
    (way,) = net.projections.values()
    assert way.label == "Pre to post"
    assert not way.rests
    assert {row: way.synapses.take([row])["weight"].tolist() for row in drawn} == drawn


def test_a_frozen_synapse_keeps_its_weight_and_the_others_learn_as_if_nothing_were(tmp_path):
    net = pairs()
    ids = synapses(net).tolist()
    free = ran(net)
    Apart(net, "frozen", np.array(ids[1:2])).edit().apply(net)
    save(net, tmp_path / "one.neuropil")
    opened_again, _ = load(tmp_path / "one.neuropil")
    held = ran(opened_again)
    assert held[ids[1]] == 50.0 != free[ids[1]]
    assert [held[ids[k]] for k in (0, 2)] == [free[ids[k]] for k in (0, 2)]


def test_a_silent_synapse_delivers_nothing_while_the_others_do():
    net = Network(seed=2)
    pre = net.add_population("Pre", "relay", 2)
    post = net.add_population("Post", "iaf_psc_exp", 2)
    way = net.add_projection("Wires", pre, post)
    ids = net.add_synapses(way, pre=pre.ids, post=post.ids, weight=200.0, delay=1.0)
    net.add_input("spike_list", pre, times=[5.0])
    probe = net.add_probe(post, "v", every=1.0)
    Apart(net, "enabled", np.asarray(ids)[:1]).edit().apply(net)
    compile_beside(recipes.of(net))
    sim = Simulation(net)
    sim.run(15.0)
    seen = sim.record(probe)
    moved = [float(np.ptp(seen["value"][seen["id"] == id])) for id in post.ids]
    assert moved[0] == 0.0 < moved[1]


def test_the_second_synapse_goes_where_the_first_went_and_all_of_them_only_turn_the_switch():
    net = pairs()
    ids = synapses(net)
    Apart(net, "frozen", ids[:1]).edit().apply(net)
    Apart(net, "frozen", ids[1:2]).edit().apply(net)
    assert sorted((way.label, len(way)) for way in net.projections.values()) == [
        ("Pre to post", 1),
        ("Pre to post, frozen", 2),
    ]
    every = Apart(net, "frozen", ids)
    every.edit().apply(net)
    assert all(way.frozen for way in net.projections.values())
    assert {way.label for way in net.projections.values()} == {"Pre to post", "Pre to post, frozen"}


def test_a_silent_synapse_can_be_frozen_too():
    net = pairs()
    one = synapses(net)[:1]
    Apart(net, "enabled", one).edit().apply(net)
    Apart(net, "frozen", one).edit().apply(net)
    home = net.projections[int(net.projection_of(one)[0])]
    assert (home.frozen, home.enabled, len(home)) == (True, False, 1)
    assert sum(len(way) for way in net.projections.values()) == 3


def test_the_menu_offers_it_for_this_one_and_for_all_and_undo_takes_it_back_as_it_runs(
    window, qtbot, monkeypatch
):
    net = pairs()
    compile_beside(recipes.of(net, watched=True))
    show(window, net)
    document = window.document
    one = synapses(document.network)[:1]
    window.selection.choose(synapse=one)
    monkeypatch.setattr(thing_menu, "meant", lambda pointer: ("synapse", int(one[0])))
    menu = thing_menu.menu_of(window.canvas, window.bench, Pointer)
    lines = {line.text(): line for line in menu.actions()}
    assert list(lines) == [
        "Delete",
        "Freeze only this synapse",
        "Silence only this synapse",
        "Freeze all 3 synapses of Pre to post",
        "Switch off all 3 synapses of Pre to post",
    ]
    window.set_speed(None)
    document.play()
    qtbot.waitUntil(lambda: document.t > 20.0)
    lines["Freeze only this synapse"].trigger()
    qtbot.waitUntil(lambda: not document.live.in_flight)
    assert "Froze 1 synapse" in window.status.message.whole()
    assert document.history.undo_label == "freeze 1 synapse"
    assert sorted(len(way) for way in document.network.projections.values()) == [1, 2]
    assert isinstance(menu, QMenu)
    again = thing_menu.menu_of(window.canvas, window.bench, Pointer)
    assert [line.text() for line in again.actions()] == [
        "Delete",
        "Let only this synapse go",
        "Let the 1 synapse of Pre to post, frozen go",
        "Switch off the 1 synapse of Pre to post, frozen",
    ]
    window.perform("undo")
    qtbot.waitUntil(lambda: not document.live.in_flight)
    assert [len(way) for way in document.network.projections.values()] == [3]
    document.pause()
    menu.deleteLater()
    again.deleteLater()
