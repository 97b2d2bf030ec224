"""Neurons that are arranged are seen where they come to stand, and go back with one undo."""

import numpy as np
import pytest

from tests.editor.a_window import pairs, show

EVERY = ("arrange_circle", "arrange_grid", "arrange_layers", "arrange_by_population", "arrange_force")


def seen(canvas):
    """Where the neurons are going, px."""
    at = canvas._network.positions_of(canvas._network.neuron_ids)
    return canvas.camera.to_px(at, canvas.width(), canvas.height())


@pytest.mark.parametrize("how", EVERY)
def test_what_is_arranged_stays_in_view(window, how):
    show(window, pairs())
    canvas = window.canvas
    canvas.go_to(type(canvas.camera)(0.0, 0.0, 20.0), animated=False)
    before = window.document.network.positions_of(window.document.network.neuron_ids)
    window.perform(how)
    assert np.all(seen(canvas) > 0.0)
    assert np.all(seen(canvas) < (canvas.width(), canvas.height()))
    window.document.undo()
    after = window.document.network.positions_of(window.document.network.neuron_ids)
    assert np.array_equal(before, after)


def test_a_view_in_which_all_of_it_is_seen_is_left_alone(window):
    show(window, pairs())
    camera = type(window.canvas.camera)(0.0, 0.0, 0.5)
    window.canvas.go_to(camera, animated=False)
    window.perform("arrange_circle")
    assert window.canvas.camera == camera
