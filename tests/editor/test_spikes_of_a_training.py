"""Spikes of neurons that are being trained: on the canvas, in the close-up, and in words."""

from __future__ import annotations

import numpy as np
import pytest

from tests.editor.plots_in_a_window import click, plot_of, plotting

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(qtbot):
    with plotting(qtbot) as made:
        made.files.open_example("melody")
        yield made


def test_spikes_run_over_the_canvas_while_a_melody_is_learned(window, qtbot):
    tab = plot_of(window, "Training")
    click(tab.play)
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
    click(tab.play)
    qtbot.waitUntil(lambda: tab.play.text() == "Train", timeout=120_000)
