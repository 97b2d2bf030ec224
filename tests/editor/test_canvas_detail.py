"""The level of detail follows from what would be painted, never from how many there are."""

from __future__ import annotations

import numpy as np
import pytest

from editor.canvas.bundles import Clusters, pairs, ribbons
from editor.canvas.camera import Camera, fit
from editor.canvas.detail import Detail, choose, load_of
from editor.canvas.geometry import Geometry
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import GAP_JUNCTION, NEUTRAL, PopulationMark
from editor.window.theme import DARK

WIDE, HIGH = 1600, 1000


def sheet(synapses, neurons=400, reach=1.0, seed=0):
    """A square sheet of neurons wired at random."""
    rng = np.random.default_rng(seed)
    scene = Scene()
    scene.populations = [PopulationMark(1, "E"), PopulationMark(2, "I", -1)]
    side = 50.0 * neurons**0.5
    scene.add_neurons(np.arange(1, neurons + 1), rng.random((neurons, 2)) * side)
    pre = rng.integers(1, neurons + 1, synapses)
    if reach >= 1.0:
        post = rng.integers(1, neurons + 1, synapses)
    else:
        at = np.stack([scene.neurons["x"], scene.neurons["y"]], axis=1)
        near = np.argsort(((at[:, None] - at[None]) ** 2).sum(-1), axis=1)[:, 1:7]
        post = near[pre - 1, rng.integers(0, 6, synapses)] + 1
    ids = np.arange(10_000, 10_000 + synapses)
    scene.add_synapses(ids, pre, post, rng.random(synapses))
    return scene


def detail_at(scene, camera, current=None):
    geometry = Geometry.of(scene.look(), DARK, camera, WIDE, HIGH, 1.0)
    clusters = Clusters.of(geometry.view)
    return choose(load_of(geometry), geometry, clusters.separable() * geometry.zoom, current)


def fitted(scene):
    return fit(scene.places(), WIDE, HIGH, closest=10.0)


def test_a_few_synapses_have_terminals():
    scene = sheet(300)
    assert detail_at(scene, fitted(scene)) is Detail.TERMINALS


def test_ten_thousand_are_hairlines_and_a_hundred_thousand_density():
    many, very_many = sheet(10_000), sheet(100_000)
    assert detail_at(many, fitted(many)) is Detail.HAIRLINES
    assert detail_at(very_many, fitted(very_many)) is Detail.DENSITY


def test_the_same_number_is_drawn_in_more_detail_where_less_of_it_is_in_view():
    scene = sheet(40_000, reach=0.1, neurons=2500)
    whole = fitted(scene)
    near = Camera(whole.x, whole.y, 8.0 * whole.zoom)
    assert detail_at(scene, near) > detail_at(scene, whole)


def test_short_synapses_are_drawn_in_more_detail_than_long_ones():
    short, long = sheet(8000, reach=0.1), sheet(8000)
    assert detail_at(short, fitted(short)) > detail_at(long, fitted(long))


def test_a_level_is_kept_within_a_margin():
    scene = sheet(100_000)
    camera = fitted(scene)
    changes = 0
    current = detail_at(scene, camera)
    for k in range(60):
        there = Camera(camera.x, camera.y, camera.zoom * (3.0 + 0.05 * (-1) ** k))
        now = detail_at(scene, there, current)
        changes += now is not current
        current = now
    assert changes <= 1


def test_separate_populations_far_away_become_bundles_and_mixed_ones_do_not():
    rng = np.random.default_rng(0)
    where = rng.integers(0, 2, 4000)
    for apart, expected in ((900.0, Detail.BUNDLES), (0.0, Detail.DENSITY)):
        scene = Scene()
        scene.populations = [PopulationMark(1, "E"), PopulationMark(2, "I", -1)]
        at = rng.normal(0, 60, (4000, 2)) + np.stack([apart * where, 0 * where], axis=1)
        scene.add_neurons(np.arange(1, 4001), at, population=where)
        pre, post = rng.integers(1, 4001, 200_000), rng.integers(1, 4001, 200_000)
        scene.add_synapses(np.arange(10_000, 210_000), pre, post, np.ones(200_000))
        camera = Camera(0.5 * apart, 0.0, 0.35)
        assert detail_at(scene, camera) is expected


def test_the_load_of_a_sample_agrees_with_that_of_all():
    scene = sheet(60_000)
    geometry = Geometry.of(scene.look(), DARK, fitted(scene), WIDE, HIGH, 1.0)
    columns = geometry.view.synapses
    a, b = columns["pre"], columns["post"]
    length = np.hypot(geometry.x[a] - geometry.x[b], geometry.y[a] - geometry.y[b]).sum()
    assert load_of(geometry).painted == pytest.approx(length, rel=0.02)
    assert load_of(geometry).in_view == pytest.approx(60_000, rel=0.02)


def test_bundles_have_a_ribbon_for_each_pair_of_populations_that_is_wired():
    scene = Scene()
    scene.populations = [PopulationMark(k + 1, str(k)) for k in range(3)]
    scene.add_neurons(np.arange(1, 7), np.arange(12).reshape(6, 2) * 90.0, population=np.repeat([0, 1, 2], 2))
    scene.add_synapses(np.arange(100, 104), [1, 2, 1, 5], [3, 4, 2, 6], np.ones(4))
    view = scene.look()
    pre, post, count = pairs(view)
    assert sorted(zip(pre.tolist(), post.tolist(), count.tolist(), strict=True)) == [
        (0, 0, 1.0), (0, 1, 2.0), (2, 2, 1.0),
    ]  # fmt: skip
    geometry = Geometry.of(view, DARK, fitted(scene), WIDE, HIGH, 1.0)
    lines, ends = ribbons(geometry, Clusters.of(view), DARK)
    assert len(lines) == len(ends) == 3
    assert lines["width_end"].argmax() == 2, "the thickest comes last, on top"


def lines_of(scene, camera=None):
    geometry = Geometry.of(scene.look(), DARK, camera or Camera(50.0, 0.0, 2.0), WIDE, HIGH, 1.0)
    rows = np.arange(len(scene.synapses), dtype=np.int32)
    return geometry, *geometry.lines(DARK, rows)


def test_a_synapse_leaves_its_pre_neuron_and_ends_outside_of_its_post_neuron():
    scene = Scene()
    scene.add_neurons([1, 2], [[0, 0], [100, 0]])
    scene.add_synapses([10], [1], [2], [0.5])
    geometry, lines, ends = lines_of(scene)
    line, end = lines[0], ends[0]
    assert np.hypot(line["ax"] - geometry.x[0], line["ay"] - geometry.y[0]) >= geometry.radius[0]
    tip = np.hypot(end["x"] - geometry.x[1], end["y"] - geometry.y[1])
    assert geometry.radius[1] < tip < geometry.radius[1] + 12.0
    towards = np.array([geometry.x[1] - end["x"], geometry.y[1] - end["y"]]) / tip
    assert towards @ (end["dx"], end["dy"]) > 0.95


def test_two_neurons_that_drive_each_other_have_synapses_that_bow_apart():
    scene = Scene()
    scene.add_neurons([1, 2], [[0, 0], [100, 0]])
    scene.add_synapses([10, 11, 12], [1, 2, 1], [2, 1, 2], np.ones(3))
    _, lines, _ = lines_of(scene)
    bow = lines["cy"] - 0.5 * (lines["ay"] + lines["by"])
    assert bow[0] * bow[1] < 0.0
    assert bow[0] * bow[2] > 0.0
    assert abs(bow[2]) > abs(bow[0]), "the second synapse of a pair bows further"


def test_an_autapse_is_a_loop_that_leaves_and_returns():
    scene = Scene()
    scene.add_neurons([1], [[50, 0]])
    scene.add_synapses([10], [1], [1], [0.5])
    geometry, lines, ends = lines_of(scene)
    line, r = lines[0], geometry.radius[0]
    far = np.hypot(line["cx"] - geometry.x[0], line["cy"] - geometry.y[0])
    assert far > 3.0 * r
    back = np.array([geometry.x[0] - ends[0]["x"], geometry.y[0] - ends[0]["y"]])
    assert back @ (ends[0]["dx"], ends[0]["dy"]) > 0.0, "it points at the neuron"


def test_a_gap_junction_has_its_mark_in_the_middle():
    scene = Scene()
    scene.add_neurons([1, 2], [[0, 0], [100, 0]])
    scene.add_synapses([10], [1], [2], [0.5], kind=np.int8(GAP_JUNCTION), tone=np.int8(NEUTRAL))
    geometry, _, ends = lines_of(scene)
    middle = 0.5 * (geometry.x[0] + geometry.x[1])
    assert ends[0]["x"] == pytest.approx(middle, abs=3.0)


def test_a_stronger_synapse_is_wider_and_more_opaque():
    scene = Scene()
    scene.add_neurons([1, 2, 3, 4], [[0, 0], [100, 0], [0, 60], [100, 60]])
    scene.add_synapses([10, 11], [1, 3], [2, 4], [0.1, 0.9])
    _, lines, ends = lines_of(scene)
    assert lines["width_begin"][1] > 2.0 * lines["width_begin"][0]
    assert lines["alpha_begin"][1] > lines["alpha_begin"][0]
    assert ends["size"][1] > ends["size"][0]


def test_what_is_out_of_view_is_left_out():
    scene = Scene()
    scene.add_neurons([1, 2, 3, 4], [[0, 0], [100, 0], [90_000, 0], [90_100, 0]])
    scene.add_synapses([10, 11], [1, 3], [2, 4], [1.0, 1.0])
    _, lines, _ = lines_of(scene)
    assert lines["row"].tolist() == [0]
