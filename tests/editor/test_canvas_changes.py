"""What is animated is a function of the time it is told, and crowds merge into a shimmer."""

from __future__ import annotations

import numpy as np
import pytest

from editor.canvas.changes import (
    ARRIVE,
    FLASH,
    GHOST,
    GROW,
    HALO,
    MERGE_ABOVE,
    RETRACT,
    SETTLE,
    SHORTEST_FLIGHT,
    Changes,
    Kind,
    ease,
    flash,
    flight_time,
)
from editor.canvas.raster.flights import flights
from editor.canvas.scene import Scene


def circuit(n=3):
    scene = Scene()
    scene.add_neurons(np.arange(1, n + 1), np.arange(2 * n).reshape(n, 2) * 60.0)
    return scene


def crowd(n):
    scene = circuit(20)
    rng = np.random.default_rng(0)
    ids = np.arange(100, 100 + n)
    scene.add_synapses(ids, rng.integers(1, 21, n), rng.integers(1, 21, n), np.ones(n))
    return scene, ids


def test_a_sprout_advances_arrives_and_hands_over_to_the_standing_picture():
    scene, changes = circuit(), Changes()
    scene.add_synapses([10], [1], [2], [1.0])
    changes.born(scene, [10], 5.0)
    assert scene.synapses["shown"].tolist() == [0], "the standing picture leaves it to the animation"
    times = 5.0 + np.arange(0, 60) / 60.0
    progress = np.array([changes.births(t).progress[0] for t in times])
    assert (np.diff(progress) > 0).all()
    assert progress[0] == 0.0
    assert changes.births(5.0 + GROW).progress[0] == pytest.approx(1.0)
    changes.advance(scene, 5.0 + GROW + ARRIVE + 0.01)
    assert scene.synapses["shown"].tolist() == [1]
    assert len(changes.births(5.0 + GROW + ARRIVE + 0.02, scene.looks - 1).ids) == 1
    assert len(changes.births(5.0 + GROW + ARRIVE + 0.02, scene.looks).ids) == 0, "no longer drawn twice"
    changes.advance(scene, 5.0 + GROW + ARRIVE + SETTLE + 0.01)
    assert len(changes.births(9.0).ids) == 0
    assert not changes.is_active(12.0)


def test_a_pruned_synapse_leaves_the_scene_at_once_and_the_picture_later():
    scene, changes = circuit(), Changes()
    scene.add_synapses([10, 11], [1, 2], [2, 3], [1.0, 1.0])
    changes.died(scene, [10, 999], 5.0)
    assert scene.synapses["id"].tolist() == [11]
    assert changes.deaths(5.0 + 0.6).progress[0] < 1.0, "it still retracts after 0.6 s"
    assert 1.0 < changes.deaths(5.0 + RETRACT + 0.9 * GHOST).progress[0] < 2.0
    columns, known = changes.dying(scene)
    assert known.tolist() == [True]
    assert scene.neurons["id"][columns["pre"]].tolist() == [1]
    changes.advance(scene, 5.0 + RETRACT + GHOST + 0.01)
    assert len(changes.deaths(9.0).ids) == 0
    assert len(changes.graves) == 0


def test_a_ghost_whose_neuron_is_gone_is_not_drawn():
    scene, changes = circuit(), Changes()
    scene.add_synapses([10], [1], [2], [1.0])
    changes.died(scene, [10], 5.0)
    scene.remove_neurons([2])
    assert changes.dying(scene)[1].tolist() == [False]


def test_a_synapse_that_is_pruned_while_it_grows_only_retracts():
    scene, changes = circuit(), Changes()
    scene.add_synapses([10], [1], [2], [1.0])
    changes.born(scene, [10], 5.0)
    changes.died(scene, [10], 5.3)
    assert len(changes.births(5.4).ids) == 0
    assert len(changes.deaths(5.4).ids) == 1


def test_the_halo_has_the_sign_and_the_size_of_the_change_and_fades():
    scene, changes = circuit(), Changes()
    scene.add_synapses([10, 11, 12], [1, 2, 3], [2, 3, 1], np.ones(3), full=4.0)
    rows = scene.synapses.rows([10, 11, 12])
    changes.reweighed(scene, rows, np.array([0.02, -0.02, 0.08], np.float32), 5.0)
    ids, size = changes.halos(5.1)
    halo = dict(zip(ids.tolist(), size.tolist(), strict=True))
    assert halo[10] > 0.0 > halo[11]
    assert halo[12] == pytest.approx(4.0 * halo[10])
    assert halo[11] == pytest.approx(-halo[10])
    later = dict(zip(*(values.tolist() for values in changes.halos(5.1 + HALO)), strict=True))
    assert later[12] == pytest.approx(halo[12] / np.e)


def test_changes_of_one_synapse_add_up():
    scene, changes = circuit(), Changes()
    scene.add_synapses([10], [1], [2], [1.0])
    rows = scene.synapses.rows([10])
    for k in range(5):
        changes.reweighed(scene, rows, np.array([0.01], np.float32), 5.0 + 0.01 * k)
    assert changes.halos(5.1)[1][0] > 0.03


def test_a_spike_flashes_and_decays():
    scene, changes = circuit(), Changes()
    changes.spiked(scene, [2], 5.0)
    spikes = scene.neurons["spike_at"]
    assert flash(spikes, 5.0).tolist() == [0.0, 1.0, 0.0]
    assert flash(spikes, 5.0 + FLASH)[1] == pytest.approx(1.0 / np.e)
    assert flash(spikes, 4.9).max() == 0.0, "a spike that is still to come does not flash"
    assert flash(spikes, 7.0).max() < 1e-4


def test_a_spike_in_flight_takes_at_least_240_ms():
    takes, is_long = flight_time([1.5, 30.0], 1.0)
    assert takes.tolist() == pytest.approx([SHORTEST_FLIGHT, SHORTEST_FLIGHT])
    assert is_long.tolist() == [True, True]
    takes, is_long = flight_time([1.5, 30.0], 0.01)
    assert takes.tolist() == pytest.approx([SHORTEST_FLIGHT, 3.0])
    assert is_long.tolist() == [True, False]


def test_each_of_several_spikes_is_in_flight_on_its_own():
    scene, changes = circuit(), Changes()
    scene.add_synapses([10], [1], [2], [1.0], delay=20.0)
    changes.spiked(scene, [1, 1, 1], [5.0, 5.1, 5.2])
    start, rows = scene.outgoing()
    columns = scene.synapses
    row, at, is_long = flights(
        np.array([0], np.int32), start, rows, columns["id"], columns["kind"], 1.0,
        scene.neurons["spike_at"], columns["delay"], 5.25, 0.02, SHORTEST_FLIGHT, 0.1,
    )  # fmt: skip
    assert row.tolist() == [0, 0, 0]
    assert sorted(at.tolist()) == pytest.approx([0.05, 0.15, 0.25])
    assert not is_long.any()


@pytest.mark.parametrize("kind", [Kind.BIRTH, Kind.DEATH, Kind.POTENTIATION, Kind.DEPRESSION])
def test_more_than_two_hundred_events_a_second_merge_into_a_shimmer_with_a_count(kind):
    scene, ids = crowd(500)
    changes = Changes()
    by = np.full(500, 0.05 if kind is Kind.POTENTIATION else -0.05, np.float32)
    if kind is Kind.BIRTH:
        changes.born(scene, ids, 5.0)
        drawn = len(changes.births(5.0).ids)
    elif kind is Kind.DEATH:
        changes.died(scene, ids, 5.0)
        drawn = len(changes.deaths(5.0).ids)
    else:
        changes.reweighed(scene, scene.synapses.rows(ids), by, 5.0)
        drawn = len(changes.halos(5.0)[0])
    assert drawn == MERGE_ABOVE
    assert changes.counts(5.5) == {kind: 500}
    shimmer = changes.shimmer(scene, 5.0)
    assert shimmer[:, int(kind)].sum() == pytest.approx(300.0)
    assert changes.shimmer(scene, 6.0)[:, int(kind)].sum() < 100.0
    assert changes.counts(6.5) == {}


def test_few_events_are_drawn_one_by_one():
    scene, ids = crowd(150)
    changes = Changes()
    changes.born(scene, ids, 5.0)
    assert changes.counts(5.1) == {}
    assert len(changes.births(5.1).ids) == 150


def test_forgetting_stops_everything_and_shows_what_was_growing():
    scene, ids = crowd(300)
    changes = Changes()
    changes.born(scene, ids[:100], 5.0)
    changes.died(scene, ids[100:150], 5.0)
    changes.reweighed(scene, np.arange(20, dtype=np.int32), np.full(20, 0.1, np.float32), 5.0)
    changes.spiked(scene, [1, 2], 5.0)
    changes.forget(scene)
    assert scene.synapses["shown"].all()
    assert not changes.is_active(5.0)
    assert flash(scene.neurons["spike_at"], 5.0).max() == 0.0


def test_easing_begins_and_ends_slowly():
    assert ease([-1.0, 0.0, 0.5, 1.0, 2.0]).tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]
    assert ease(0.1) < 0.05
