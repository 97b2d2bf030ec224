"""Close up: boutons filled by P, receptors by q and as bright as their neuron is keen, spines, and room."""

from __future__ import annotations

import numpy as np
import pytest

from editor.canvas.camera import Camera
from editor.canvas.changes import Changes
from editor.canvas.closeup import Boutons
from editor.canvas.detail import Detail
from editor.canvas.emphasis import Emphasis
from editor.canvas.geometry import Geometry
from editor.canvas.picture import Picture
from editor.canvas.scene import Scene
from editor.canvas.spread import apart
from editor.canvas.standing import Painter
from editor.window.theme import DARK, ramp
from tests.colours import near_colour
from tests.editor.a_picture import START, each_theme, rgb_of


def close_up(theme, **columns):
    """One synapse so near that its bouton and its receptors are drawn."""
    scene = Scene()
    scene.add_neurons([1, 2], [[-60, 0], [60, 0]], variety=1.0)
    scene.add_synapses([10], [1], [2], [0.5])
    for name, value in columns.items():
        scene.synapses.write(name)[:] = value
    picture = Picture(scene, theme, 700, 300, 1.0, Changes(), Detail.TERMINALS)
    camera = Camera(30.0, 0.0, 4.0)
    picture.put(Painter().paint(picture.request(camera)), 0.0)
    return rgb_of(picture.compose(camera, Emphasis(), START).copy())


@each_theme
def test_close_up_a_stronger_synapse_has_more_receptors(theme):
    bright = theme.spark if theme.is_dark else theme.text
    dots = [near_colour(close_up(theme, weight01=w), bright, 60).sum() for w in (0.2, 0.5, 0.9)]
    assert 0 < dots[0] < dots[1] < dots[2]


@each_theme
def test_close_up_equal_weights_by_release_and_by_receptors_look_different(theme):
    by_release = close_up(theme, release=0.9, receptors=0.3)
    by_receptors = close_up(theme, release=0.3, receptors=0.9)
    grey = [picture.mean(axis=-1) for picture in (by_release, by_receptors)]
    assert (np.abs(grey[0] - grey[1]) > 40).sum() > 40, "also without colour"


@each_theme
def test_close_up_a_spine_is_thin_while_it_is_new_and_a_mushroom_once_it_lasts(theme):
    body = f"#{int(ramp(theme.background, theme.excitatory, 0.42)):06x}"
    heads = {
        (mature, weight): near_colour(close_up(theme, spine=mature, weight01=weight), body, 12).sum()
        for mature in (0.0, 1.0)
        for weight in (0.2, 0.9)
    }
    plain = near_colour(close_up(theme, weight01=0.9), body, 12).sum()
    assert plain < 0.5 * heads[1.0, 0.9]  # the line itself has some of that tint
    assert heads[0.0, 0.2] < heads[0.0, 0.9] < heads[1.0, 0.9]
    assert heads[1.0, 0.2] < 0.6 * heads[1.0, 0.9]


def test_close_up_a_potentiated_spine_grows_and_its_neighbour_does_not():
    def two(weight):
        scene = Scene()
        scene.add_neurons([1, 2, 3], [[-60, 40], [-60, -40], [60, 0]], variety=1.0)
        scene.add_synapses([10, 11], [1, 2], [3, 3], [0.5, 0.5])
        scene.synapses.write("spine")[:] = 1.0
        scene.synapses.write("weight01")[:] = [0.3, weight]
        picture = Picture(scene, DARK, 700, 300, 1.0, Changes(), Detail.TERMINALS)
        camera = Camera(30.0, 0.0, 4.0)
        picture.put(Painter().paint(picture.request(camera)), 0.0)
        return rgb_of(picture.compose(camera, Emphasis(), START).copy())

    changed = np.abs(two(0.3) - two(0.9)).max(axis=-1) > 30
    assert changed[:150].sum() + changed[150:].sum() > 60
    assert min(changed[:150].sum(), changed[150:].sum()) < 0.1 * max(changed[:150].sum(), changed[150:].sum())


@each_theme
def test_close_up_a_keener_neuron_has_brighter_receptors_and_no_more_of_them(theme):
    def receptors(gain):
        scene = Scene()
        scene.add_neurons([1, 2], [[-60, 0], [60, 0]], variety=1.0)
        scene.add_synapses([10], [1], [2], [0.5])
        scene.neurons.write("sensitivity")[1] = gain
        picture = Picture(scene, theme, 700, 300, 1.0, Changes(), Detail.TERMINALS)
        camera = Camera(30.0, 0.0, 4.0)
        picture.put(Painter().paint(picture.request(camera)), 0.0)
        return rgb_of(picture.compose(camera, Emphasis(), START).copy())

    usual = receptors(np.nan)
    assert (receptors(1.0) == usual).all(), "1 is as usual"
    dull, keen = receptors(0.25), receptors(6.0)
    bright = theme.spark if theme.is_dark else theme.text
    assert near_colour(dull, bright, 60).sum() < 0.4 * near_colour(usual, bright, 60).sum()
    glow = np.abs(keen - usual).max(axis=-1) > 25
    assert glow.sum() > 60
    rows = np.flatnonzero(glow.any(axis=1))
    spread = np.flatnonzero((np.abs(dull - usual).max(axis=-1) > 25).any(axis=1))
    assert rows.min() > spread.min() - 14, "the glow is around the same receptors"
    assert rows.max() < spread.max() + 14
    grey = [picture.mean(axis=-1) for picture in (dull, usual, keen)]
    assert (np.abs(grey[0] - grey[1]) > 30).sum() > 20, "also without colour"
    assert (np.abs(grey[2] - grey[1]) > 20).sum() > 20


def test_close_up_the_head_of_a_spine_follows_its_own_size_and_not_the_weight_of_the_moment():
    body = f"#{int(ramp(DARK.background, DARK.excitatory, 0.42)):06x}"

    def head(**columns):
        return near_colour(close_up(DARK, spine=1.0, **columns), body, 12).sum()

    assert head(head=0.2, weight01=0.9) < 0.6 * head(head=0.9, weight01=0.9)
    assert head(weight01=0.9) == head(head=0.9, weight01=0.9), "without a size the weight stands for it"


def test_close_up_contacts_that_crowd_on_one_neuron_are_set_apart():
    scene = Scene()
    at = [[-80.0, y] for y in np.linspace(-4.0, 4.0, 8)]
    scene.add_neurons(np.arange(1, 10), [*at, [30.0, 0.0]], variety=1.0)
    scene.add_synapses(np.arange(20, 28), np.arange(1, 9), np.full(8, 9), 0.5)
    geometry = Geometry.of(scene.look(), DARK, Camera(30.0, 0.0, 60.0), 900, 700, 1.0)
    boutons = Boutons.of(geometry, DARK, scene)
    assert boutons.moved.all()
    away = np.hypot(boutons.x[:, None] - boutons.x, boutons.y[:, None] - boutons.y)
    together = boutons.radius[:, None] + boutons.radius
    assert (away >= together)[~np.eye(8, dtype=bool)].all()
    x, y = geometry.x[boutons.post], geometry.y[boutons.post]
    was = np.arctan2(boutons.lines["by"] - y, boutons.lines["bx"] - x) % (2 * np.pi)
    now = np.arctan2(boutons.y - y, boutons.x - x) % (2 * np.pi)
    assert np.argsort(was).tolist() == np.argsort(now).tolist(), "in their order"


@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_angles_are_moved_apart_as_little_as_possible(n):
    room = 0.4
    turn = 3.0 + np.random.default_rng(n).uniform(-0.3, 0.3, n)
    new = apart(turn, room)
    order = np.argsort(turn)
    assert (np.diff(new[order]) >= room - 1e-9).all()
    assert new.mean() == pytest.approx(turn.mean())
    wide = 1.2 * room * np.arange(n)
    assert apart(wide, room) == pytest.approx(wide), "those with room stay"
