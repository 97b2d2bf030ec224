"""Layouts put neurons where their names say, the same every time."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from engine.analysis import layouts
from engine.analysis.force import EXACT, parts, spring
from engine.errors import UsageError


def two_cliques(size=20, bridge=True):
    pairs = [(a + k, b + k) for k in (0, size) for a in range(size) for b in range(size) if a < b]
    pre, post = map(np.array, zip(*(pairs + ([(0, size)] if bridge else [])), strict=True))
    return pre, post


@pytest.mark.parametrize("n", [0, 1, 2, 3, 50])
@pytest.mark.parametrize("how", [layouts.circle, layouts.grid, layouts.sunflower])
def test_neurons_never_sit_on_each_other(how, n):
    places = how(n)
    assert places.shape == (n, 3)
    assert np.isfinite(places).all()
    assert n < 2 or pdist(places).min() > 20.0


def test_a_circle_is_round_and_evenly_spaced():
    places = layouts.circle(12)
    radius = np.hypot(places[:, 0], places[:, 1])
    steps = np.hypot(*np.diff(places[:, :2], axis=0, append=places[:1, :2]).T)
    assert np.allclose(radius, radius[0])
    assert np.allclose(steps, layouts.SPACING)


@pytest.mark.parametrize("populations", [1, 2, 3, 4, 9])
def test_populations_are_drawn_apart(populations):
    groups = np.repeat(np.arange(populations) * 7, np.arange(populations) * 15 + 5)
    places = layouts.by_population(groups)
    for group in np.unique(groups):
        mine = groups == group
        centre = places[mine].mean(axis=0)
        radius = np.linalg.norm(places[mine] - centre, axis=1).max()
        if populations > 1:
            assert np.linalg.norm(places[~mine] - centre, axis=1).min() > radius


def test_layers_run_from_left_to_right():
    layer = np.array([2, 0, 1, 0, 1, 2, 0])
    places = layouts.layered(layer)
    assert places[layer == 0, 0].max() < places[layer == 1, 0].min()
    assert places[layer == 1, 0].max() < places[layer == 2, 0].min()
    assert pdist(places).min() > 20.0


def crossings(y_pre, y_post):
    a, b = np.triu_indices(len(y_pre), 1)
    return int(((y_pre[a] - y_pre[b]) * (y_post[a] - y_post[b]) < 0).sum())


def test_the_layered_layout_untangles_shuffled_wires():
    luck = np.random.default_rng(1)
    partner = luck.permutation(20)
    layer = np.repeat([0, 1], 20)
    pre, post = np.arange(20), 20 + partner
    tangled = crossings(np.arange(20), partner)
    y = layouts.layered(layer, pre, post)[:, 1]
    assert crossings(y[pre], y[post]) < 0.1 * tangled


@pytest.mark.parametrize("size", [20, EXACT])
def test_the_force_layout_separates_two_clusters(size):
    luck = np.random.default_rng(2)
    pre, post = (luck.integers(0, size, 8 * size) for _ in range(2))
    pre, post = np.r_[pre, pre + size, 0], np.r_[post, post + size, size]
    places = layouts.force(2 * size, pre, post)
    halves = places[:size, :2], places[size:, :2]
    apart = np.linalg.norm(halves[0].mean(axis=0) - halves[1].mean(axis=0))
    spread = np.mean([np.linalg.norm(h - h.mean(axis=0), axis=1).mean() for h in halves])
    assert apart > 1.3 * spread
    assert np.array_equal(places, layouts.force(2 * size, pre, post))


def test_far_repulsion_through_squares_agrees_with_every_pair():
    from engine.analysis.force import _repel_by_squares, _repel_exactly

    flat = np.random.default_rng(4).normal(size=(900, 2)) * 500
    exact, rough = _repel_exactly(flat, 70.0), _repel_by_squares(flat, 70.0)
    error = np.linalg.norm(exact - rough, axis=1) / np.linalg.norm(exact, axis=1).mean()
    assert np.median(error) < 0.05


def test_coincident_neurons_come_apart():
    places = spring(np.zeros((5, 3)), np.array([0, 1]), np.array([1, 2]), 40.0)
    assert pdist(places).min() > 5.0


@pytest.mark.parametrize(("wired", "lone"), [(14, 6), (70, 30), (0, 40), (EXACT, 100)])
def test_unwired_neurons_stay_around_the_wired_ones(wired, lone):
    luck = np.random.default_rng(1)
    pre, post = (luck.integers(0, max(wired, 1), 4 * wired) for _ in range(2))
    places = layouts.force(wired + lone, pre, post)[:, :2]
    away = np.linalg.norm(places, axis=1)
    room = 0.55 * layouts.SPACING * np.sqrt(wired + lone)  # the radius of as many neurons side by side
    assert away.max() < 3.0 * room
    assert pdist(places[wired:]).min() > 0.4 * layouts.SPACING
    if wired:
        assert np.median(away[wired:]) > np.median(away[:wired])


def test_circuits_that_are_not_wired_to_each_other_stay_side_by_side():
    pre, post = two_cliques(bridge=False)
    places = layouts.force(40, pre, post)[:, :2]
    middles = places[:20].mean(axis=0), places[20:].mean(axis=0)
    reach = max(np.linalg.norm(h - h.mean(axis=0), axis=1).max() for h in (places[:20], places[20:]))
    assert reach < np.linalg.norm(middles[0] - middles[1]) < 6.0 * reach


def test_a_chain_is_one_part_whatever_the_order_of_its_neurons():
    order = np.random.default_rng(3).permutation(500)
    assert not parts(501, order[:-1], order[1:])[order].any()
    assert parts(501, order[:-1], order[1:])[order[0]] != parts(501, order[:-1], order[1:])[500]


@pytest.mark.parametrize(
    ("side", "axis", "value"),
    [
        ("left", 0, 1.0),
        ("right", 0, 9.0),
        ("centre", 0, 5.0),
        ("top", 1, -4.0),
        ("bottom", 1, 6.0),
        ("middle", 1, 1.0),
    ],
)
def test_align_lines_neurons_up(side, axis, value):
    places = np.array([[1.0, 6.0, 3.0], [9.0, -4.0, 2.0], [4.0, 0.0, 1.0]])
    moved = layouts.align(places, side)
    assert np.all(moved[:, axis] == value)
    assert np.array_equal(np.delete(moved, axis, 1), np.delete(places, axis, 1))


def test_distribute_makes_gaps_equal_and_keeps_the_order():
    places = np.array([[10.0, 0, 0], [0.0, 1, 0], [1.0, 2, 0], [2.0, 3, 0]])
    moved = layouts.distribute(places, "horizontal")
    assert np.allclose(np.sort(moved[:, 0]), [0, 10 / 3, 20 / 3, 10])
    assert np.array_equal(np.argsort(moved[:, 0]), np.argsort(places[:, 0]))


def test_an_unknown_side_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match="did you mean 'left'"):
        layouts.align(np.zeros((2, 3)), "lefft")
