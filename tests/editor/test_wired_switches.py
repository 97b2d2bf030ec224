"""The bar of the worm's switches in the real window: freeze, flip, arrange in layers, touch."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from editor.canvas.glide import LASTS, places
from editor.gallery import switches
from engine.network.network import Network
from tests.editor.a_window import opened

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def worm(qtbot):
    window = opened(qtbot)
    window.bring_canvas()
    window.files.open_example("worm")
    yield window
    window.close()


def test_the_worm_brings_its_switches_along_and_another_circuit_has_none(worm):
    bar = worm.switches.bar
    assert bar.isVisible()
    assert worm.canvas.rect().contains(bar.geometry())
    worm.files.new()
    assert bar.isHidden()


def test_a_click_freezes_the_anatomy_and_undo_moves_the_switch_back(worm, qtbot):
    bar = worm.switches.bar
    assert not switches.is_frozen(worm.document.network)
    qtbot.mouseClick(bar.frozen.buttons()[0], Qt.MouseButton.LeftButton)
    assert switches.is_frozen(worm.document.network)
    worm.perform("undo")
    assert not switches.is_frozen(worm.document.network)
    qtbot.waitUntil(lambda: bar.frozen.buttons()[1].isChecked())


def test_neurons_of_unknown_sign_inhibit_at_a_click(worm, qtbot):
    qtbot.mouseClick(worm.switches.bar.signs.buttons()[1], Qt.MouseButton.LeftButton)
    assert switches.sign_of_unknown(worm.document.network) == -1


def test_the_neurons_glide_into_layers_and_back_to_their_places(worm, qtbot):
    net, bar, canvas = worm.document.network, worm.switches.bar, worm.canvas
    home = switches.places_of(net)
    now = canvas.clock()
    canvas.clock = lambda: now
    qtbot.mouseClick(bar.layers, Qt.MouseButton.LeftButton)
    worm.bridge.poll()  # telling the canvas of the move does not end the glide
    there = net.positions_of(home.ids)[:, :2]

    def drawn():
        seen = places(canvas.scene)
        order = np.argsort(seen["id"])
        return seen["at"][order][np.searchsorted(seen["id"][order], home.ids)]

    now += LASTS / 2
    canvas.repaint()
    half = drawn()
    moves = np.hypot(*(there - home.at[:, :2]).T) > 1.0
    assert (np.hypot(*(half - there).T)[moves] > 0.1).all()
    assert (np.hypot(*(half - home.at[:, :2]).T)[moves] > 0.1).all()
    now += LASTS
    canvas.repaint()
    np.testing.assert_allclose(drawn(), there, atol=1e-3)
    qtbot.mouseClick(bar.layers, Qt.MouseButton.LeftButton)
    np.testing.assert_array_equal(net.positions_of(home.ids), home.at)


def test_holding_touch_fires_the_touch_neurons(worm, qtbot):
    (button,) = worm.switches.bar.hands
    targets = next(i for i in worm.document.network.inputs.values() if not i.enabled).targets
    worm.set_speed(1.0)
    worm.document.play()
    fired = set()
    worm.bridge.frame_ready.connect(lambda frame: fired.update(frame.spikes["id"].tolist()))
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: set(targets.tolist()) <= fired)
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    worm.document.pause()


def test_a_circuit_of_ones_own_with_an_input_switched_off_has_no_bar(worm):
    net = Network()
    cells = net.add_population("Pyramidal", "iaf_psc_exp", 3)
    given = net.add_input("poisson", cells, rate=10.0, weight=1.0)
    net.inputs[given.id].enabled = False
    worm.files.example = None
    worm.document.replace(net)
    worm.show_document()
    assert worm.switches.bar.isHidden()
