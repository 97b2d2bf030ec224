"""The worm from far away, drawn as density: what happens to one synapse still stands out of the crowd."""

import numpy as np
import pytest

from editor.canvas.detail import Detail
from editor.canvas.follow import Follower
from editor.canvas.render import Renderer
from editor.canvas.scene import Scene
from editor.gallery import catalogue
from editor.window.theme import DARK, LIGHT
from tests.colours import contrast, near_colour

FAR = (430, 330)


@pytest.fixture(scope="module")
def worm():
    return catalogue.find("worm").build()


@pytest.fixture(params=[DARK, LIGHT], ids=lambda theme: theme.name)
def far(request, worm):
    """The worm so far away that it is density, and one of its longer plastic synapses: its id and row."""
    scene = Scene()
    Follower(scene, worm)
    renderer = Renderer(scene, *FAR, theme=request.param)
    columns = scene.synapses
    rows = np.flatnonzero(columns["plastic"] == 1)
    span = np.abs(scene.neurons["x"][columns["pre"][rows]] - scene.neurons["x"][columns["post"][rows]])
    row = rows[np.argsort(span, kind="stable")[int(0.8 * len(rows))]]
    return renderer, columns["id"][[row]].copy(), np.array([row], np.int32)


def picture(renderer, now):
    pixels = renderer.pixels(now)
    assert renderer.picture.standing.detail is Detail.DENSITY
    return np.stack([pixels >> shift & 255 for shift in (16, 8, 0)], axis=-1).astype(np.int16)


def test_a_birth_is_a_sprout_in_its_own_colour(far):
    renderer, ids, _ = far
    theme = renderer.picture.theme
    before = picture(renderer, 0.0)
    renderer.changes.born(renderer.scene, ids, 0.0)
    own = [near_colour(picture(renderer, now), theme.sprout, 70.0).sum() for now in (0.3, 0.5, 0.7)]
    assert near_colour(before, theme.sprout, 70.0).sum() == 0
    assert 15 < own[0] < own[1] < own[2]


def test_a_death_retracts_at_a_contrast_of_three(far):
    renderer, ids, _ = far
    renderer.changes.died(renderer.scene, ids, 0.0)
    pictures = [picture(renderer, now) for now in (0.15, 0.3, 0.45, 0.6)]
    ground = picture(renderer, 10.0)
    sizes = [int((contrast(one, ground) >= 3.0).sum()) for one in pictures]
    assert min(sizes) >= 20, sizes


@pytest.mark.parametrize("sign", [1, -1], ids=["potentiation", "depression"])
def test_a_changed_weight_has_a_halo_of_its_sign(far, sign):
    renderer, _, rows = far
    before = picture(renderer, 0.0)
    renderer.changes.reweighed(renderer.scene, rows, np.array([0.1 * sign], np.float32), 0.0)
    after = picture(renderer, 0.1)
    marked = np.abs(after - before).max(axis=-1) > 40
    assert marked.sum() > 200
    assert np.sign(((after - before)[marked] @ (1, 0, -1)).sum()) == sign, "warm is redder, cool is bluer"
