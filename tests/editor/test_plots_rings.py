"""What plots remember is bounded, and time may go back."""

import numpy as np
import pytest

from editor.plots.rings import Curves, RasterRing, Spikes


def test_a_whole_run_is_thinned_and_never_forgets_its_beginning():
    curves = Curves(64, whole_run=True)
    for t in range(10_000):
        curves.add(float(t), {"w": t * 2.0})
    assert 16 <= len(curves) <= 64
    assert curves.t[0] == 0.0
    assert curves.t[-1] > 9_000
    assert np.all(np.diff(curves.t) > 0)
    assert np.array_equal(curves.of("w"), curves.t * 2.0)


def test_a_recent_curve_keeps_its_newest_points_in_full():
    curves = Curves(64)
    for t in range(1000):
        curves.add(float(t), {"v": float(t)})
    assert curves.t[-1] == 999.0
    assert np.all(np.diff(curves.t) == 1.0)
    assert len(curves) >= 32


def test_a_curve_that_begins_late_has_a_gap_before():
    curves = Curves(16)
    curves.add(0.0, {"a": 1.0})
    curves.add(1.0, {"a": 2.0, "b": 5.0})
    assert np.isnan(curves.of("b")[0])
    assert curves.of("b")[1] == 5.0


def test_going_back_in_time_leaves_the_old_branch_as_a_ghost():
    curves = Curves(64)
    for t in range(10):
        curves.add(float(t), {"v": float(t)})
    curves.add(5.0, {"v": -1.0})
    assert curves.t.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    ((name, t, v),) = curves.ghosts
    assert (name, t.tolist()) == ("v", [5.0, 6.0, 7.0, 8.0, 9.0])
    assert v.tolist() == [5.0, 6.0, 7.0, 8.0, 9.0]
    assert curves.of("v")[-1] == -1.0


def test_going_forward_to_another_branch_leaves_a_gap_and_not_a_line():
    curves = Curves(64, whole_run=True)
    for t in range(10):
        curves.add(float(t), {"v": 1.0, "u": 2.0})
    curves.jump(9.0)
    assert not curves.gaps.any()
    curves.jump(30.0)
    curves.add(30.0, {"v": 5.0})
    assert np.flatnonzero(curves.gaps).tolist() == [10]
    assert np.isnan(curves.of("v")[10])
    assert curves.t[-1] == 30.0
    assert curves.of("v")[-1] == 5.0
    assert np.all(np.diff(curves.t) > 0.0)
    curves.jump(4.0)
    assert curves.t[-1] == 4.0
    assert not curves.gaps.any()


def test_spikes_are_bounded_and_the_oldest_go_first():
    spikes = Spikes(100)
    for k in range(30):
        spikes.add(np.arange(10) + 10.0 * k, np.full(10, k))
    assert len(spikes) == 100
    assert (spikes.t[0], spikes.t[-1]) == (200.0, 299.0)
    assert spikes.neuron[0] == 20


def test_spikes_of_an_abandoned_future_are_dropped():
    spikes = Spikes()
    spikes.add([1.0, 2.0, 3.0], [1, 1, 1])
    spikes.add([2.0, 2.5], [7, 7])
    assert spikes.t.tolist() == [1.0, 2.0, 2.0, 2.5]
    assert spikes.neuron.tolist() == [1, 1, 7, 7]


def test_the_slice_between_two_times_leaves_the_first_moment_out():
    spikes = Spikes()
    spikes.add([1.0, 2.0, 3.0], [1, 2, 3])
    assert spikes.neuron[spikes.between(1.0, 3.0)].tolist() == [2, 3]


def drawn(ring):
    rows, columns = np.nonzero(ring.unrolled())
    return sorted(zip(rows.tolist(), columns.tolist(), strict=True))


@pytest.mark.parametrize("chunk", [1, 3, 50])
def test_a_raster_scrolls_the_same_however_spikes_arrive(chunk):
    t = np.linspace(0.5, 99.5, 100)
    row = np.arange(100) % 7
    ring, ink = RasterRing(7, 40, 1.0), np.ones(100, np.uint8)
    for k in range(0, 100, chunk):
        ring.add(t[k : k + chunk], row[k : k + chunk], ink[k : k + chunk], t[min(k + chunk, 100) - 1])
    assert drawn(ring) == sorted((int(r), i) for i, r in enumerate(row[60:]))
    assert ring.span == (60.0, 100.0)


def test_a_silent_stretch_scrolls_old_spikes_away():
    ring = RasterRing(2, 10, 1.0)
    ring.add(np.array([0.5]), np.array([1]), np.ones(1, np.uint8), 1.0)
    ring.add(np.zeros(0), np.zeros(0, np.int64), np.ones(0, np.uint8), 9.0)
    assert drawn(ring) == [(1, 1)]
    ring.add(np.zeros(0), np.zeros(0, np.int64), np.ones(0, np.uint8), 500.0)
    assert drawn(ring) == []


def test_a_curve_that_is_blanked_takes_the_moments_it_had_alone_with_it():
    curves = Curves(16)
    for t, values in ((1.0, {"a": 1.0}), (2.0, {"a": 2.0, "b": 5.0}), (3.0, {"b": 6.0})):
        curves.add(t, values)
    curves.blank("a")
    curves.blank("nobody")
    assert curves.t.tolist() == [2.0, 3.0]
    assert curves.of("b").tolist() == [5.0, 6.0]
    assert np.isnan(curves.of("a")).all()
    curves.add(4.0, {"a": 7.0})
    assert curves.of("a")[-1] == 7.0
