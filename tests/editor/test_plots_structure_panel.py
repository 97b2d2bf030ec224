"""The Structure panel measures what is drawn, follows it, and never leaves a thread behind."""

import threading

import numpy as np
import pytest

from editor.panels import structure
from editor.panels.structure import StructurePanel
from editor.window.theme import LIGHT
from engine import Network
from engine.live.frame import Frame


@pytest.fixture
def net():
    net = Network(seed=2)
    cells = net.add_population("Cells", "iaf_psc_exp", size=12, names=[f"N{i}" for i in range(12)])
    loop = net.add_projection("Loop", cells, cells)
    net.wire(loop, "small_world", k=4, p=0.1, weight=10.0)
    net.add_synapses(loop, pre=cells[:1], post=cells[5:9], weight=10.0)
    return net


@pytest.fixture
def panel(qtbot):
    panel = StructurePanel()
    qtbot.addWidget(panel)
    panel.resize(300, 600)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def test_it_shows_the_measures_of_the_network(panel, net):
    panel.follow(net)
    assert panel.values["Neurons"].text() == "12"
    assert panel.values["Synapses"].text() == str(net.synapse_count)
    assert panel.measures.hubs[0][0] == net.population("Cells").ids[0]
    assert panel.hubs[0].text().startswith("N0 ")


def test_it_follows_synapses_that_come_and_go(panel, net, monkeypatch):
    monkeypatch.setattr(structure, "PAUSE", 0.0)
    panel._rest = 0.0
    panel.follow(net)
    before = panel.measures.synapses
    net.remove(net.projection("Loop").ids[:5])
    panel.show_frame(Frame())
    assert panel.measures.synapses == before - 5


def test_clicking_a_hub_asks_for_that_neuron(panel, net, qtbot):
    panel.follow(net)
    with qtbot.waitSignal(panel.chosen) as heard:
        panel.hubs[0].click()
    assert heard.args[0].tolist() == [net.population("Cells").ids[0]]


def test_a_large_wiring_is_measured_beside_the_window(panel, net, qtbot, monkeypatch):
    monkeypatch.setattr(structure, "HEAVY", 1)
    panel.follow(net)
    assert panel.measures is None
    qtbot.waitUntil(lambda: (panel.show_frame(Frame()), panel.measures is not None)[1])
    assert panel.measures.neurons == 12
    panel.hide()
    assert not [t for t in threading.enumerate() if t.name.startswith("structure")]


def test_an_empty_network_and_another_theme_are_fine(panel):
    panel.follow(Network())
    panel.set_theme(LIGHT)
    panel.grab()
    assert panel.values["Synapses"].text() == "0"
    assert all(button.isHidden() for button in panel.hubs)


def test_degrees_are_counted(panel):
    panel.degrees.show_degrees(np.array([0, 1, 1, 5]), np.array([2, 2, 2, 1]))
    assert panel.degrees.fan_in.sum() == panel.degrees.fan_out.sum() == 4
