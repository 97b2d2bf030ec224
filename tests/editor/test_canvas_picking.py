"""What lies under the pointer, in a rectangle and in a lasso."""

from __future__ import annotations

import numpy as np
import pytest

from editor.canvas.camera import Camera
from editor.canvas.geometry import Geometry, points_on
from editor.canvas.picking import NEURON_REACH, SYNAPSE_REACH, inside, pick, rectangle
from editor.canvas.scene import Scene
from editor.window.theme import DARK

WIDE, HIGH = 800, 500


@pytest.fixture(params=[1.0, 2.0], ids=["1x", "2x"])
def geometry(request):
    scene = Scene()
    scene.add_neurons([1, 2, 3], [[-150, 0], [150, 0], [0, 150]])
    scene.add_astrocytes([50], [[-60, -120]])
    scene.add_synapses([10, 11], [1, 3], [2, 3], [0.5, 0.5])
    ratio = request.param
    return Geometry.of(
        scene.look(), DARK, Camera(0.0, 0.0, 1.0), round(WIDE * ratio), round(HIGH * ratio), ratio
    )


def at(geometry, x, y):
    ratio = geometry.scale.ratio
    return pick(geometry, DARK, (x + 0.5 * WIDE) * ratio, (y + 0.5 * HIGH) * ratio)


def test_a_neuron_is_found_on_it_and_a_little_beside_it(geometry):
    radius = geometry.radius[0] / geometry.scale.ratio
    assert at(geometry, -150, 0).id == 1
    assert at(geometry, -150, -radius - NEURON_REACH + 1).kind == "neuron"
    assert at(geometry, -150, -radius - NEURON_REACH - 1).kind != "neuron"


def test_of_two_neurons_the_nearer_one_is_found(geometry):
    assert at(geometry, 140, 2).id == 2
    assert at(geometry, 2, 148).id == 3


def middle_of(geometry, id):
    rows = np.flatnonzero(geometry.view.synapses["id"] == id).astype(np.int32)
    lines, _ = geometry.lines(DARK, rows)
    x, y = points_on(lines, np.array([0.5]))
    ratio = geometry.scale.ratio
    return x[0] / ratio - 0.5 * WIDE, y[0] / ratio - 0.5 * HIGH


def test_a_synapse_is_thirty_px_wide_to_the_mouse(geometry):
    x, y = middle_of(geometry, 10)
    found = at(geometry, x, y + SYNAPSE_REACH - 1)
    assert (found.kind, found.id) == ("synapse", 10)
    assert found.at == pytest.approx(0.5, abs=0.03)
    assert found.distance == pytest.approx(SYNAPSE_REACH - 1, abs=0.6)
    assert at(geometry, x, y - SYNAPSE_REACH - 1.5).is_nothing


def test_the_place_on_a_synapse_runs_from_pre_to_post(geometry):
    x, y = middle_of(geometry, 10)
    assert at(geometry, x - 90, y).at < 0.35
    assert at(geometry, x + 90, y).at > 0.65


def test_an_autapse_can_be_picked_at_its_apex(geometry):
    x, y = middle_of(geometry, 11)
    assert at(geometry, x, y).id == 11


def test_an_astrocyte_is_found_at_its_soma(geometry):
    assert (at(geometry, -60, -120).kind, at(geometry, -60, -120).id) == ("astrocyte", 50)


def test_nothing_is_found_where_nothing_is(geometry):
    assert at(geometry, 300, -200).is_nothing


def test_a_rectangle_holds_neurons_and_the_synapses_between_them(geometry):
    ratio = geometry.scale.ratio
    whole = inside(geometry, DARK, rectangle(0, 0, WIDE * ratio, HIGH * ratio))
    assert sorted(whole["neuron"].tolist()) == [1, 2, 3]
    assert sorted(whole["synapse"].tolist()) == [10, 11]
    assert whole["astrocyte"].tolist() == [50]
    left = inside(geometry, DARK, rectangle(0, 0, 0.5 * WIDE * ratio - 30, HIGH * ratio))
    assert left["neuron"].tolist() == [1]
    assert left["synapse"].tolist() == []


def test_a_lasso_that_crosses_a_line_takes_the_synapse(geometry):
    ratio = geometry.scale.ratio
    x, y = middle_of(geometry, 10)
    x, y = (x + 0.5 * WIDE) * ratio, (y + 0.5 * HIGH) * ratio
    corners = [(x - 9, y - 40), (x + 9, y - 40), (x + 9, y + 40), (x - 9, y + 40)]
    assert inside(geometry, DARK, corners, is_lasso=True)["synapse"].tolist() == [10]
    assert inside(geometry, DARK, corners)["synapse"].tolist() == []


def test_the_nearest_of_many_synapses_is_the_one_brute_force_finds():
    rng = np.random.default_rng(3)
    scene = Scene()
    scene.add_neurons(np.arange(1, 61), rng.random((60, 2)) * (700, 400) - (350, 200))
    scene.add_synapses(np.arange(100, 400), rng.integers(1, 61, 300), rng.integers(1, 61, 300), np.ones(300))
    geometry = Geometry.of(scene.look(), DARK, Camera(0.0, 0.0, 1.0), WIDE, HIGH, 1.0)
    lines, _ = geometry.lines(DARK, np.arange(300, dtype=np.int32))
    t = np.linspace(0.0, 1.0, 200)
    for x, y in rng.random((40, 2)) * (WIDE, HIGH):
        found = pick(geometry, DARK, x, y)
        if found.kind == "neuron":
            continue
        px, py = points_on(np.repeat(lines, 200), np.tile(t, len(lines)))
        away = np.hypot(px - x, py - y).reshape(len(lines), 200).min(axis=1) - 0.5 * lines["width_begin"]
        best = away.min()
        if found.is_nothing:
            assert best > SYNAPSE_REACH - 4.0
        else:
            row = np.flatnonzero(geometry.view.synapses["id"][lines["row"]] == found.id)[0]
            assert away[row] == pytest.approx(best, abs=0.5)
