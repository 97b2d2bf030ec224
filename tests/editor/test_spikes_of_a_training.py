"""Spikes of neurons that are being trained: on the canvas, in the close-up, and in words."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.editor.test_window import opened

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(qtbot):
    made = opened(qtbot)
    made.bring_canvas()
    made.plots.fill()
    made.files.open_example("melody")
    yield made
    made.close()


def test_spikes_run_over_the_canvas_while_a_melody_is_learned(window, qtbot):
    at = [kind.title for kind in window.plots.kinds].index("Training")
    tab = window.plots.plots[at]
    QTest.mouseClick(tab.play, Qt.MouseButton.LeftButton)
    neurons = window.canvas.scene.neurons
    cells = neurons.rows(window.document.network.population("Spiking").ids)
    readout = neurons.rows(window.document.network.population("Melody").ids)
    first = neurons["spike_at"][cells].copy()
    qtbot.waitUntil(lambda: (neurons["spike_at"][cells] != first).any(), timeout=120_000)
    qtbot.waitUntil(lambda: tab.close_up.picture.insight is not None, timeout=120_000)
    assert (neurons["spike_at"][readout] == neurons["spike_at"][readout].min()).all()
    shown = tab.close_up.picture.insight.shown
    assert shown.spikes.shape == (200, 16)
    assert set(np.unique(shown.spikes)) == {0.0, 1.0}
    assert "spikes a second and neuron" in tab.close_up.picture.said()
    QTest.mouseClick(tab.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.play.text() == "Train", timeout=120_000)
