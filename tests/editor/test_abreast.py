"""Learners side by side: where their pictures stand, and what a copy of a network shows."""

import numpy as np
import pytest

from editor.abreast.copy import Copy
from editor.abreast.grid import GAP, boxes
from editor.abreast.tile import LOW, TALL, Tile, Words
from editor.canvas.scene_parts import EXCITATORY, INHIBITORY, NEUTRAL
from editor.canvas.teaching import AGAINST, Wave
from editor.window.theme import DARK, LIGHT
from tests.learning import layered

ROOM = (640.0, 330.0)
"""About what the canvas has in a window of 1200 by 800, px."""


@pytest.mark.parametrize("count", range(1, 10))
@pytest.mark.parametrize("shape", [0.5, 1.0, 3.0])
def test_pictures_of_one_size_fill_the_room_and_do_not_overlap(count, shape):
    found = boxes(count, *ROOM, shape, 46.0)
    assert len(found) == count
    assert len({(round(wide, 6), round(high, 6)) for _, _, wide, high in found}) == 1
    for k, (left, top, wide, high) in enumerate(found):
        assert left >= -1e-9
        assert left + wide <= ROOM[0] + 1e-9
        assert top + high <= ROOM[1] + 1e-9
        for other in found[:k]:
            apart = left >= other[0] + other[2] + GAP - 1e-9 or top >= other[1] + other[3] + GAP - 1e-9
            assert apart or left + wide <= other[0] - GAP + 1e-9
    assert max(top + high for _, top, _, high in found) > ROOM[1] - 1.0


def test_wide_networks_stand_above_one_another_and_narrow_ones_beside():
    assert len({top for _, top, _, _ in boxes(2, 600.0, 600.0, 3.0)}) == 2
    assert len({left for left, _, _, _ in boxes(2, 600.0, 600.0, 0.5)}) == 2


def test_six_learners_have_pictures_one_can_read_in_a_window_of_1200_by_800():
    for _, _, wide, high in boxes(6, *ROOM, 2.0, 46.0):
        assert wide > 180
        assert high > 140


@pytest.fixture
def copy(qapp):
    net = layered([2, 3, 1], feedback=("uniform", -1, 1), spread=1.0)
    return Copy(net, DARK)


def ways(copy):
    return list(copy.network.projections.values())


def drawn(copy, ids, column):
    return copy.scene.synapses[column][copy.scene.synapses.rows(ids)]


def test_weights_are_drawn_to_the_scale_of_all_copies_with_the_sign_they_have_now(copy):
    first = ways(copy)[0]
    ids = np.sort(first.synapses.id)
    weights = np.linspace(-2.0, 1.0, ids.size)
    copy.show_weights({first.id: (ids, weights)}, {first.id: 4.0}, 0.0)
    np.testing.assert_allclose(drawn(copy, ids, "weight01"), np.abs(weights) / 4.0, rtol=1e-6)
    assert drawn(copy, ids, "tone").tolist() == [INHIBITORY if w < 0 else EXCITATORY for w in weights]


def test_projections_a_learner_has_no_use_for_step_back(copy):
    first, _, back = ways(copy)
    ids = np.sort(first.synapses.id)
    copy.show_weights({first.id: (ids, np.ones(ids.size))}, {first.id: 1.0}, 0.0)
    assert set(drawn(copy, back.synapses.id, "tone").tolist()) == {NEUTRAL}
    assert drawn(copy, back.synapses.id, "weight01").max() < 0.1


def test_a_changed_weight_has_a_halo_and_an_unchanged_one_has_none(copy):
    first = ways(copy)[0]
    ids = np.sort(first.synapses.id)
    weights = first.synapses.take(ids)["weight"].copy()
    copy.show_weights({first.id: (ids, weights)}, {first.id: 1.0}, 0.0)
    assert not len(copy.changes.halos(0.1)[0])
    weights[0] *= 1.5
    copy.show_weights({first.id: (ids, weights)}, {first.id: 1.0}, 0.0)
    assert copy.changes.halos(0.1)[0].tolist() == [ids[0]]


def test_only_the_newest_of_what_is_new_is_taken_in_and_only_when_the_picture_is_drawn(copy):
    copy.image(200, 120, 1.0, 0.0)
    taken = []
    for name in ("first", "second"):
        copy.expect(lambda name=name: taken.append(name))
    assert copy.is_moving(0.0)
    assert not taken
    copy.image(200, 120, 1.0, 0.0)
    copy.image(200, 120, 1.0, 0.0)
    assert taken == ["second"]


def test_signs_are_drawn_by_size_within_each_projection_and_the_rest_steps_back(copy):
    first, second, back = ways(copy)
    ids = np.concatenate([first.synapses.id, second.synapses.id])
    values = np.r_[np.full(6, 0.5), np.full(3, -50.0)]
    values[1] = -0.25
    copy.show_signs(ids, values)
    np.testing.assert_allclose(drawn(copy, ids, "weight01"), [1, 0.5, 1, 1, 1, 1, 1, 1, 1])
    assert drawn(copy, ids, "tone").tolist() == [INHIBITORY if v < 0 else EXCITATORY for v in values]
    assert set(drawn(copy, back.synapses.id, "tone").tolist()) == {NEUTRAL}


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("size", [(180, 90), (500, 420)])
def test_a_copy_fills_its_picture_with_rates_that_can_be_told_apart(copy, theme, size):
    copy.wear(theme)
    ids = copy.scene.neurons["id"].copy()
    copy.show_rates(ids, np.zeros(ids.size))
    dark = copy.image(*size, 1.0, 0.0)
    copy.show_rates(ids, np.ones(ids.size))
    lit = copy.image(*size, 1.0, 0.0)
    seen = [
        [image.pixelColor(x, y).lightness() for x in range(size[0]) for y in range(size[1])]
        for image in (dark, lit)
    ]
    apart = np.abs(np.array(seen[0]) - np.array(seen[1])).reshape(size)
    spans = [np.ptp(at) / all for at, all in zip(np.nonzero(apart > 40), size, strict=True)]
    assert max(spans) > 0.6, "the network spans the picture"
    assert (apart > 40).sum() > 30 * ids.size, "every neuron is a disc of some size"


def test_what_a_phase_sends_moves_and_comes_to_rest(copy):
    copy.image(200, 120, 1.0, 0.0)
    assert not copy.is_moving(0.0)
    copy.send([Wave(ways(copy)[1].synapses.id, 0.0, AGAINST, "danger", True)])
    copy.image(200, 120, 1.0, 0.3)
    assert copy.is_moving(0.3)
    assert not copy.is_moving(30.0)


def test_a_low_tile_gives_its_room_to_the_picture(copy, qtbot):
    tile = Tile(copy)
    qtbot.addWidget(tile)
    tile.say(Words("Some learner", "0.1", "error", "50 % right", "learned at 3", "good"), (), "", True)
    for high, pictured in ((TALL - 40, TALL - 40 - LOW - 1), (TALL + 40, TALL + 40 - 44 - 1)):
        tile.resize(240, high)
        tile.draw(0.0)
        assert tile._image.height() == pictured
    assert tile.accessibleName() == "Some learner"
    assert tile.accessibleDescription() == "error 0.1, 50 % right, learned at 3, watched"
