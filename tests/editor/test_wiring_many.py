"""Many neurons wired among themselves stay alive: their synapses share what one would do."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.drawing import placing
from editor.gestures.wiring_panel import WiringPanel
from engine import Simulation
from engine.network.network import Network
from tests.editor.a_window import opened

CTRL = Qt.KeyboardModifier.ControlModifier


pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(qtbot):
    made = opened(qtbot)
    made.bring_canvas()
    made.files.new()
    made.activateWindow()
    yield made
    made.close()


@pytest.fixture
def panel(window, qtbot):
    """The wiring panel of a hundred neurons onto themselves, opened by the keys."""
    window.bench.do(placing.population(window.document.network, window.next, (0.0, 0.0), 100))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.canvas.setFocus()
    for key, modifier in ((Qt.Key.Key_A, CTRL), (Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier)):
        QTest.keyClick(window.canvas, key, modifier)
    QTest.keyClick(window.canvas, Qt.Key.Key_3)
    qtbot.waitUntil(lambda: window.canvas.findChild(WiringPanel) is not None)
    return window.canvas.findChild(WiringPanel)


def test_the_panel_makes_what_it_says(window, panel):
    assert panel.effect.text() == "0.49 mV"
    promised = int(panel.count.text().split()[1].replace(",", ""))
    QTest.mouseClick(panel.wire, Qt.MouseButton.LeftButton)
    (made,) = window.document.network.projections.values()
    assert len(made) == promised
    assert set(made.synapses.delay.tolist()) == {1.0}
    assert made.w_max == pytest.approx(2.0 * made.synapses.weight[0], rel=0.01)


def test_the_effect_and_the_delay_are_those_one_writes(window, panel, qtbot):
    share = window.next.synapse.weight("iaf_psc_exp") * 2.0 / 8.0
    for field, text in ((panel.effect, "2 mV"), (panel.delay, "2.5 ms")):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
    panel.fields["p"].setFocus()
    panel.fields["p"].selectAll()
    QTest.keyClicks(panel.fields["p"], "0.2")
    qtbot.waitUntil(lambda: "2,0" in panel.count.text() or "1,9" in panel.count.text())
    assert panel.effect.text() == "2 mV", "what was written stays"
    QTest.keyClick(panel.fields["p"], Qt.Key.Key_Return)
    (made,) = window.document.network.projections.values()
    assert made.synapses.weight[0] == pytest.approx(share, rel=0.02)
    assert made.synapses.delay[0] == 2.5


def test_a_wrong_effect_is_refused_in_the_panel(window, panel, qtbot):
    panel.effect.setFocus()
    panel.effect.selectAll()
    QTest.keyClicks(panel.effect, "much")
    qtbot.waitUntil(lambda: "effect" in panel.count.text())
    assert not panel.wire.isEnabled()
    assert not window.document.network.projections


def test_a_driven_hundred_fires_and_has_no_seizure():
    net = Network(dt=0.1, seed=1)
    cells = net.add_population("E", "iaf_psc_exp", 100)
    coming = placing.NextDrawn().synapse
    edit = placing.wire(net, cells.ids, cells.ids, coming, "fixed_probability", {"p": 0.1})
    edit.apply(net)
    placing.stimulus(net, "poisson", np.asarray(cells.ids)).apply(net)
    sim = Simulation(net)
    sim.run(500.0)
    rate = len(sim.spikes()) / 100 / 0.5
    assert 5.0 < rate < 80.0


def test_a_synapse_drawn_by_hand_keeps_its_full_effect():
    net = Network(dt=0.1, seed=1)
    cells = net.add_population("E", "iaf_psc_exp", 2)
    coming = placing.NextDrawn().synapse
    placing.wire(net, cells.ids[:1], cells.ids[1:], coming).apply(net)
    (made,) = net.projections.values()
    assert made.synapses.weight[0] == coming.weight("iaf_psc_exp")


def test_a_refusal_leaves_the_line_at_the_bottom_once_something_is_done(window, qtbot):
    window.say("That was not possible.", True)
    assert window.status.message.isVisible()
    window.bench.do(placing.population(window.document.network, window.next, (0.0, 0.0), 3))
    qtbot.waitUntil(lambda: not window.status.message.isVisible())
    window.say("That was not possible.", True)
    window.files.new()
    assert not window.status.message.isVisible()


def test_a_tab_that_goes_leaves_no_hole(window, qtbot):
    window.plots.fill()
    window.resize(1600, 900)
    window.files.open_example("learn_xor")
    bar = window.plots.bar
    qtbot.waitUntil(lambda: "Training" in [bar.tabText(i) for i in range(bar.count()) if bar.isTabVisible(i)])
    window.files.open_example("stdp_window")
    shown = [bar.tabRect(i) for i in range(bar.count()) if bar.isTabVisible(i)]
    for one, other in pairwise(shown):
        assert other.left() == one.right() + 1
