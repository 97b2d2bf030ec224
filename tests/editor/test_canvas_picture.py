"""What a person can see in the pixels: sprouts advance, synapses retract, halos have a sign and a size."""

from __future__ import annotations

import numpy as np
import pytest

from editor.canvas.changes import Changes
from editor.canvas.detail import Detail
from editor.canvas.emphasis import Emphasis
from editor.canvas.geometry import Geometry, points_on
from editor.canvas.picture import CROSS_FADE
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import ModulatorMark
from editor.canvas.standing import Painter
from editor.window.theme import DARK
from tests.colours import luminance, near_colour
from tests.editor.a_picture import (
    CAMERA,
    HIGH,
    START,
    WIDE,
    circuit,
    each_detail,
    each_theme,
    frame,
    rgb_of,
    shown,
)


@each_theme
@each_detail
def test_a_sprout_is_seen_advancing_in_at_least_eight_successive_frames(theme, detail):
    scene, changes = circuit(), Changes()
    changes.born(scene, [100], START)
    picture = shown(scene, changes, theme, detail)
    reach = []
    for k in range(54):
        pixels = frame(picture, START + k / 60.0)
        columns = np.flatnonzero(near_colour(pixels, theme.sprout).any(axis=0))
        reach.append(columns.max() if len(columns) else 0)
    steps = np.diff(reach) > 0
    runs = np.split(steps, np.flatnonzero(~steps))
    assert max(run.sum() for run in runs) >= 8
    assert reach[-1] > 0.75 * WIDE
    assert reach[3] < 0.35 * WIDE


@each_theme
@each_detail
def test_a_retracting_synapse_stands_out_three_to_one_for_at_least_600_ms(theme, detail):
    scene, changes = circuit(), Changes()
    stroke, _ = Geometry.of(scene.look(), theme, CAMERA, WIDE, HIGH, 1.0).lines(
        theme, scene.synapses.rows([100])
    )
    changes.died(scene, [100], START)
    picture = shown(scene, changes, theme, detail)
    t = np.linspace(0.05, 0.95, 60)
    x, y = points_on(np.repeat(stroke, 60), t)
    around = np.arange(-2, 3)
    patch_y = y.astype(int)[:, None, None] + around[:, None]
    patch_x = x.astype(int)[:, None, None] + around
    ground = luminance(rgb_of(picture.standing.ground))[y.astype(int), x.astype(int), None, None]
    visible = []
    for k in range(1, 66):
        patches = frame(picture, START + k / 60.0)[patch_y, patch_x]
        light = luminance(patches)
        ratio = (np.maximum(light, ground) + 0.05) / (np.minimum(light, ground) + 0.05)
        stands_out = ratio.max(axis=(1, 2)) >= 3.0
        assert k > 10 or stands_out.mean() > 0.9  # neurons lie over some of it
        is_bright = near_colour(patches, theme.retracting, 60.0).any(axis=(1, 2))
        visible.append((is_bright & stands_out).mean())
    visible = np.array(visible)
    assert (visible[12:36] > 0.15).all(), "from when it has paled until 0.6 s"
    assert visible[50] < 0.2 < 0.5 < visible[14], "it gets shorter"


@each_theme
def test_a_pruned_synapse_leaves_a_ghost_for_a_second(theme):
    scene, changes = circuit(), Changes()
    changes.died(scene, [100], START)
    picture = shown(scene, changes, theme, Detail.TERMINALS)
    plain = rgb_of(picture.standing.picture)
    changes_of = [np.abs(frame(picture, START + t) - plain)[:, 150:270].max(axis=-1) for t in (1.0, 1.7, 2.5)]
    marked = [(change > 25).sum() for change in changes_of]
    assert marked[0] > 20
    assert marked[0] > marked[1] > 0
    assert marked[2] == 0


@each_theme
@each_detail
@pytest.mark.parametrize("sign", [1, -1], ids=["stronger", "weaker"])
def test_the_halo_follows_the_sign_and_the_size_of_the_change(theme, detail, sign):
    marked = []
    for size in (0.02, 0.05, 0.10):
        scene, changes = circuit(), Changes()
        changes.reweighed(scene, scene.synapses.rows([100]), np.array([sign * size], np.float32), START)
        before = frame(shown(scene, Changes(), theme, detail), START)
        pixels = frame(shown(scene, changes, theme, detail), START + 0.1)
        change = np.abs(pixels - before).max(axis=-1)[:, 160:260]
        assert change.max() > 25
        marked.append((change > 12).sum())
        lit = pixels[:, 160:260][change > 12] - before[:, 160:260][change > 12]
        warmth = (lit[:, 0] - lit[:, 2]).sum()
        assert np.sign(warmth) == sign, "warm is redder, cool is bluer"
    assert marked[0] < marked[1] < marked[2]


@each_theme
@each_detail
def test_a_spike_lights_up_and_goes_out(theme, detail):
    scene, changes = circuit(), Changes()
    picture = shown(scene, changes, theme, detail)
    dark = frame(picture, START)
    changes.spiked(scene, [1], START)
    around = (slice(100, 140), slice(40, 80))
    lit = [np.abs(frame(picture, START + t) - dark)[around].sum() for t in (0.0, 0.15, 0.3, 1.5)]
    assert lit[0] > lit[1] > lit[2] > 0.0
    assert lit[3] == 0.0


@each_theme
def test_a_spike_travels_from_pre_to_post(theme):
    scene, changes = circuit(), Changes()
    scene.remove_synapses(np.arange(200, 260))
    picture = shown(scene, changes, theme, Detail.TERMINALS)
    still = frame(picture, START)
    changes.spiked(scene, [1], START)
    places = []
    for t in (0.06, 0.12, 0.18, 0.22):
        change = np.abs(frame(picture, START + t) - still).max(axis=-1)[:, 80:340]
        weight = (change**4).sum(axis=0)
        places.append(float((weight * np.arange(len(weight))).sum() / weight.sum()))
    assert np.all(np.diff(places) > 20.0)


def test_above_four_times_real_time_no_spike_is_shown_in_flight():
    scene, changes = circuit(), Changes()
    changes.spiked(scene, [1], START - 0.19)
    pictures = []
    for speed in (1.0, 8.0):
        picture = shown(scene, changes, DARK, Detail.TERMINALS)
        picture.speed = speed
        pictures.append(frame(picture, START))
    assert np.abs(pictures[0] - pictures[1])[:, 240:330].max() > 60


@each_theme
@each_detail
def test_a_crowd_of_births_shimmers_around_its_neurons(theme, detail):
    scene, changes = circuit(), Changes()
    rng = np.random.default_rng(0)
    ids = np.arange(1000, 1900)
    scene.add_synapses(ids, rng.integers(1, 21, 900), np.full(900, 33), np.full(900, 0.01))
    picture = shown(scene, changes, theme, detail)
    changes.born(scene, ids, START - 5.0)  # the first two hundred are drawn, and over by now
    changes._shimmer_at = START
    pixels = frame(picture, START + 0.05)
    row = scene.neurons.rows([33])[0]
    geometry = Geometry.of(scene.look(), theme, CAMERA, WIDE, HIGH, 1.0)
    x, y = int(geometry.x[row]), int(geometry.y[row])
    assert near_colour(pixels[y - 14 : y + 14, x - 14 : x + 14], theme.sprout, 80).sum() > 8


@each_theme
def test_a_selection_stands_out_and_the_rest_steps_back(theme):
    scene = circuit()
    picture = shown(scene, Changes(), theme, Detail.TERMINALS)
    plain = frame(picture, START)
    chosen = frame(picture, START, Emphasis(neurons=np.array([1]), dim=1.0))
    ground = rgb_of(picture.standing.ground)
    geometry = Geometry.of(scene.look(), theme, CAMERA, WIDE, HIGH, 1.0)

    def presence(pixels, neuron):
        row = scene.neurons.rows([neuron])[0]
        x, y = int(geometry.x[row]), int(geometry.y[row])
        part = (slice(y - 6, y + 7), slice(x - 6, x + 7))
        return np.abs(pixels[part] - ground[part]).sum()

    others = [i for i in range(2, 21) if i != 1]
    assert presence(chosen, 1) >= presence(plain, 1)
    assert sum(presence(chosen, i) for i in others) < 0.8 * sum(presence(plain, i) for i in others)


@each_theme
def test_a_hovered_synapse_is_drawn_in_full_at_every_level(theme):
    for detail in Detail:
        scene = circuit()
        picture = shown(scene, Changes(), theme, detail)
        plain = frame(picture, START)
        hovered = frame(picture, START, Emphasis(hovered_synapse=100))
        assert (np.abs(hovered - plain).max(axis=-1)[:, 100:320] > 40).sum() > 150


def test_levels_of_detail_fade_into_each_other():
    scene = circuit()
    picture = shown(scene, Changes(), DARK, Detail.TERMINALS)
    first = frame(picture, START)
    picture.detail = Detail.DENSITY
    picture.put(Painter().paint(picture.request(CAMERA)), START)
    begin = frame(picture, START + 0.001)
    middle = frame(picture, START + 0.5 * CROSS_FADE)
    end = frame(picture, START + 1.1 * CROSS_FADE)
    assert np.abs(begin - first).max() <= 3
    assert np.abs(end - first).max() > 40
    between = 0.5 * (first + end)
    assert np.abs(middle - between).mean() < 0.1 * np.abs(end - first).mean() + 0.5


def test_a_moved_camera_shows_the_old_picture_moved_until_the_new_one_is_there():
    scene = circuit()
    scene.remove_neurons(np.arange(1, 41))
    scene.add_neurons([1, 2], [[-60, 0], [60, 0]])
    scene.add_synapses([1000], [1], [2], [1.0])
    picture = shown(scene, Changes(), DARK, Detail.CURVES)
    sharp = frame(picture, START)
    moved = rgb_of(picture.compose(CAMERA.panned(40.0, 20.0), Emphasis(), START).copy())
    assert np.abs(moved[60:200, 100:360] - sharp[40:180, 60:320]).mean() < 1.0


@each_theme
def test_twice_the_pixels_show_the_same_picture(theme):
    scene, changes = circuit(), Changes()
    changes.spiked(scene, [1, 25], START)
    once = frame(shown(scene, changes, theme, Detail.TERMINALS), START + 0.03)
    twice = frame(shown(scene, changes, theme, Detail.TERMINALS, ratio=2.0), START + 0.03)
    halved = twice.reshape(HIGH, 2, WIDE, 2, 3).mean(axis=(1, 3))
    assert np.abs(once - halved).mean() < 2.0


def test_the_same_moment_gives_the_same_pixels():
    pictures = []
    for _ in range(2):
        scene, changes = circuit(), Changes()
        changes.born(scene, [100], START)
        changes.spiked(scene, np.arange(1, 10), START)
        pictures.append(frame(shown(scene, changes, DARK, None), START + 0.3))
    assert np.array_equal(*pictures)


@each_theme
def test_a_modulator_tints_the_tissue_by_its_concentration(theme):
    tints = []
    for level in (0.0, 0.5, 1.0):
        scene = circuit()
        scene.modulators = [ModulatorMark(9, "dopamine", np.array([1]), level)]
        with_it = frame(shown(scene, Changes(), theme, Detail.TERMINALS), START)
        scene.modulators = []
        without = frame(shown(scene, Changes(), theme, Detail.TERMINALS), START)
        tints.append(np.abs(with_it - without).sum())
    assert tints[0] < tints[1] < tints[2]


@each_theme
def test_a_field_is_tinted_as_far_as_it_is_felt_and_no_further(theme):
    reached = []
    for sigma in (20.0, 40.0):
        scene = circuit()
        without = frame(shown(scene, Changes(), theme, Detail.TERMINALS), START)
        scene.modulators = [ModulatorMark(9, "dopamine", np.array([1]), 1.0, sigma=sigma)]
        with_it = frame(shown(scene, Changes(), theme, Detail.TERMINALS), START)
        tinted = np.argwhere(np.abs(with_it.astype(float) - without).sum(axis=-1) > 0)
        reached.append(np.ptp(tinted, axis=0).max())
    assert 1.7 < reached[1] / reached[0] < 2.3


@each_theme
def test_an_astrocyte_is_brighter_the_more_calcium_it_holds(theme):
    tints = []
    for calcium in (0.0, 0.5, 1.0):
        scene = circuit()
        empty = frame(shown(scene, Changes(), theme, Detail.TERMINALS), START)
        scene.add_astrocytes([900], [[0.0, 10.0]])
        scene.astrocytes.write("calcium")[:] = calcium
        pixels = frame(shown(scene, Changes(), theme, Detail.TERMINALS), START)
        tints.append(np.abs(pixels - empty).sum())
    assert 0.0 < tints[0] < tints[1] < tints[2]


def test_vacant_elements_and_calcium_ring_the_soma():
    scene = Scene()
    scene.add_neurons([1, 2], [[-150, 0], [0, 0]])
    plain = frame(shown(scene, Changes(), DARK, Detail.TERMINALS), START)
    marked = []
    for share in (0.2, 0.9):
        scene.neurons.write("free_boutons")[0] = share
        scene.neurons.write("free_spines")[0] = share
        scene.neurons.write("calcium")[0] = 1.0
        pixels = frame(shown(scene, Changes(), DARK, Detail.TERMINALS), START)
        marked.append((np.abs(pixels - plain).max(axis=-1)[90:150, 30:90] > 90).sum())
    assert 0 < marked[0] < marked[1]
