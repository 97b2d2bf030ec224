"""The switches of the worm change it as a whole, and an undo brings back every weight."""

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from editor.gallery import catalogue, switches
from editor.gallery.network_bar import NetworkBar
from engine.network import Network


@pytest.fixture(scope="module")
def worm():
    return catalogue.find("worm").build()


def same(one, other):
    (a, x), (b, y) = one, other
    return a == b and x.keys() == y.keys() and all(np.array_equal(x[n], y[n]) for n in x)


def test_freezing_the_anatomy_switches_off_growth_and_pruning_and_nothing_else(worm):
    net = worm.copy()
    before = net.canonical()
    assert not switches.is_frozen(net)
    inverse = net.apply(switches.freeze(net, True))
    assert switches.is_frozen(net)
    learning = [u for p in net.projections.values() for u in p.rules if u.enabled]
    assert learning
    assert {u.slug for u in learning} == {"stdp_pair"}
    net.apply(inverse)
    assert same(net.canonical(), before)


def test_neurons_of_unknown_sign_can_be_made_to_inhibit(worm):
    net = worm.copy()
    before = net.canonical()
    assert switches.sign_of_unknown(net) == 1
    inverse = net.apply(switches.treat_unknown_as(net, -1))
    assert switches.sign_of_unknown(net) == -1
    ids = [p.id for p in switches.unknown(net)]
    chemical = [p for p in net.projections.values() if p.pre in ids and p.transmission != "gap_junction"]
    assert chemical
    assert all((p.synapses.weight < 0).all() for p in chemical)
    net.apply(inverse)
    assert same(net.canonical(), before)


def test_layers_run_from_the_senses_to_the_muscles(worm):
    net = worm.copy()
    back = switches.places_of(net)
    net.apply(switches.in_layers(net))
    x = {
        group: np.concatenate([p.positions[:, 0] for p in net.populations.values() if p.group == group])
        for group in ("Sensory", "Inter", "Motor", "Muscle")
    }
    assert x["Sensory"].max() < x["Inter"].min()
    assert x["Inter"].max() < x["Motor"].min()
    assert x["Motor"].max() < x["Muscle"].min()
    net.apply(back)
    assert same(net.canonical(), worm.canonical())


@pytest.fixture
def bar(qtbot, worm):
    window = QWidget()
    qtbot.addWidget(window)
    bar = NetworkBar(parent=window)
    bar.host = window  # a fixture gives back the bar alone
    window.show()
    bar.follow(worm.copy())
    return bar


def test_the_bar_shows_how_the_network_stands(bar):
    assert [b.text() for b in bar.frozen.buttons() if b.isChecked()] == ["What if it rewired"]
    bar.network.apply(switches.freeze(bar.network, True))
    bar.follow(bar.network)
    assert [b.text() for b in bar.frozen.buttons() if b.isChecked()] == ["Anatomy frozen"]


def test_the_bar_asks_for_one_edit_per_click(bar, qtbot):
    with qtbot.waitSignal(bar.wants_edit) as heard:
        bar.frozen.buttons()[0].click()
    assert heard.args[0].label == "freeze the anatomy"
    with qtbot.waitSignal(bar.wants_edit) as heard:
        bar.layers.click()
    bar.network.apply(heard.args[0])
    with qtbot.waitSignal(bar.wants_edit) as heard:
        bar.layers.click()
    bar.network.apply(heard.args[0])
    assert same(bar.network.canonical(), catalogue.find("worm").build().canonical())


def test_holding_the_touch_button_fires_its_neurons(bar, qtbot):
    (touch,) = bar.hands
    given = next(i for i in bar.network.inputs.values() if not i.enabled)
    heard = []
    bar.wants_poke.connect(heard.append)
    touch.pressed.emit()
    qtbot.waitUntil(lambda: len(heard) >= 2)
    touch.released.emit()
    assert all(np.array_equal(ids, given.targets) for ids in heard)
    named = [
        pair for p in bar.network.populations.values() for pair in zip(p.neuron_ids, p.names, strict=True)
    ]
    assert {name for neuron, name in named if neuron in given.targets} == {"ALML", "ALMR", "AVM"}
    many = len(heard)
    qtbot.wait(150)
    assert len(heard) == many


def test_a_plain_network_has_no_bar(bar):
    bar.follow(Network())
    assert bar.isHidden()
