"""The scene keeps up with what happens, and what was lent to a thread never changes under it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.canvas.columns import Columns
from editor.canvas.morton import codes, order_of_lines
from editor.canvas.scene import Scene, spacing_of
from editor.canvas.scene_parts import EXCITATORY, INHIBITORY, NEUTRAL, ModulatorMark


def table():
    return Columns({"a": ("f4", 0.5), "pair": ("i4", 0)}, {"pair": 2})


def square(n=4):
    scene = Scene()
    at = [[0, 0], [100, 0], [100, 100], [0, 100]][:n]
    scene.add_neurons(np.arange(1, n + 1), at, sign=np.array([1, 1, -1, 0])[:n])
    return scene


steps = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(1, 6)),
        st.tuples(st.just("remove"), st.lists(st.integers(0, 40), max_size=8)),
        st.tuples(st.just("write"), st.integers(0, 40)),
        st.tuples(st.just("lend"), st.just(0)),
        st.tuples(st.just("reorder"), st.integers(0, 99)),
    ),
    max_size=25,
)


@given(steps, st.booleans())
def test_a_table_agrees_with_a_dictionary_and_leaves_what_it_lent_alone(steps, counts_down):
    columns, expected, lent = table(), {}, []
    next_id = -1 if counts_down else 1
    for k, (what, with_) in enumerate(steps):
        ids = columns["id"].tolist()
        if what == "append":
            new = [next_id + (-j if counts_down else j) for j in range(with_)]
            next_id = new[-1] + (-1 if counts_down else 1)
            values = np.arange(with_, dtype=np.float32) + 100 * k
            columns.append(new, a=values)
            expected.update(zip(new, values.tolist(), strict=True))
        elif what == "remove":
            gone = sorted({j for j in with_ if j < len(ids)})
            for j in gone:
                del expected[ids[j]]
            columns.remove(np.array(gone, np.int32))
        elif what == "write" and with_ < len(ids):
            columns.write("a")[with_] = -k
            expected[ids[with_]] = -float(k)
        elif what == "lend":
            view = columns.lend()
            lent.append((view, {name: column.copy() for name, column in view.items()}))
        elif what == "reorder":
            columns.reorder(np.random.default_rng(with_).permutation(len(ids)))
    assert dict(zip(columns["id"].tolist(), columns["a"].tolist(), strict=True)) == expected
    rows = columns.rows(list(expected) or [999])
    if expected:
        assert columns["id"][rows].tolist() == list(expected)
    assert columns.rows([987654, -987654]).tolist() == [-1, -1]
    for view, copy in lent:
        assert all(np.array_equal(view[name], copy[name]) for name in view)


def test_ids_of_any_size_are_found():
    columns = table()
    ids = [5, -3, 2**60, -(2**61), 7]
    columns.append(ids)
    assert columns.rows(ids).tolist() == [0, 1, 2, 3, 4]
    columns.remove(np.array([2]))
    assert columns.rows([2**60]).tolist() == [-1]
    assert columns.rows([7]).tolist() == [2]


def test_a_removed_neuron_takes_its_synapses_and_the_others_keep_their_ends():
    scene = square()
    scene.add_synapses([10, 11, 12, 13], [1, 2, 3, 4], [2, 3, 4, 1], [1.0, 1.0, -1.0, 1.0])
    scene.remove_neurons([2])
    neurons, synapses = scene.neurons["id"], scene.synapses
    ends = {
        int(i): (int(neurons[a]), int(neurons[b]))
        for i, a, b in zip(synapses["id"], synapses["pre"], synapses["post"], strict=True)
    }
    assert ends == {12: (3, 4), 13: (4, 1)}


def test_synapses_with_an_unknown_end_are_skipped():
    scene = square()
    scene.add_synapses([10, 11], [1, 99], [2, 1], [1.0, 1.0])
    assert scene.synapses["id"].tolist() == [10]


def test_the_tone_follows_the_sign():
    scene = square()
    assert scene.neurons["tone"].tolist() == [EXCITATORY, EXCITATORY, INHIBITORY, NEUTRAL]
    scene.add_synapses([10, 11], [1, 3], [2, 1], [2.0, -2.0])
    assert scene.synapses["tone"].tolist() == [EXCITATORY, INHIBITORY]


def test_a_weight_is_drawn_as_its_share_of_the_full_weight():
    scene = square()
    scene.add_synapses([10], [1], [2], [30.0], full=60.0)
    assert scene.synapses["weight01"][0] == pytest.approx(0.5)
    rows, by = scene.set_weights([10, 99], [45.0, 1.0])
    assert rows.tolist() == [0]
    assert by[0] == pytest.approx(0.25)
    rows, by = scene.set_weights([10], [45.0])
    assert len(rows) == 0
    scene.set_weights([10], [600.0])
    assert scene.synapses["weight01"][0] == 1.0


def test_synapses_of_one_pair_fan_out():
    scene = square()
    scene.add_synapses([10, 11, 12], [1, 1, 2], [2, 2, 3], np.ones(3))
    scene.add_synapses([13], [1], [2], [1.0])
    fan = dict(zip(scene.synapses["id"].tolist(), scene.synapses["fan"].tolist(), strict=True))
    assert sorted([fan[10], fan[11], fan[13]]) == [0, 1, 2]
    assert fan[12] == 0


def test_outgoing_synapses_are_listed_by_neuron_and_kept_up_to_date():
    scene = square()
    scene.add_synapses([10, 11, 12], [1, 2, 1], [2, 3, 3], np.ones(3))

    def of(neuron):
        start, rows = scene.outgoing()
        row = scene.neurons.rows([neuron])[0]
        return sorted(scene.synapses["id"][rows[start[row] : start[row + 1]]].tolist())

    assert of(1) == [10, 12]
    scene.remove_synapses([12])
    scene.add_synapses([14], [2], [1], [1.0])
    assert of(1) == [10]
    assert of(2) == [11, 14]


def test_sorting_moves_rows_and_not_meaning():
    rng = np.random.default_rng(1)
    scene = Scene()
    scene.add_neurons(np.arange(1, 201), rng.random((200, 2)) * 500)
    pre, post = rng.integers(1, 201, 30_000), rng.integers(1, 201, 30_000)
    scene.add_synapses(np.arange(1000, 31_000), pre, post, np.ones(30_000))
    scene.sort()
    rows = scene.synapses.rows(np.arange(1000, 31_000))
    assert np.array_equal(scene.neurons["id"][scene.synapses["pre"][rows]], pre)
    order = order_of_lines(*(scene.neurons[c] for c in "xy"), *(scene.synapses[c] for c in ("pre", "post")))
    assert np.array_equal(np.sort(order), np.arange(30_000))


def test_neighbours_have_neighbouring_morton_codes():
    x, y = (axis.ravel().astype(np.float32) for axis in np.meshgrid(np.arange(16.0), np.arange(16.0)))
    order = np.argsort(codes(x, y, 4))
    steps = np.hypot(np.diff(x[order]), np.diff(y[order]))
    assert np.median(steps) == 1.0
    assert steps.mean() < 2.0


def test_the_spacing_of_a_grid_is_its_pitch():
    x, y = (axis.ravel().astype(np.float32) for axis in np.meshgrid(np.arange(9.0), np.arange(9.0)))
    assert spacing_of(30.0 * x, 30.0 * y) == pytest.approx(30.0)
    assert spacing_of(x[:1], y[:1]) == 55.0
    assert spacing_of(np.zeros(3, np.float32), np.zeros(3, np.float32)) == 55.0


def test_a_sharp_rise_of_calcium_starts_a_wave():
    scene = square()
    scene.add_astrocytes([50, 51], [[50, 50], [60, 60]])
    before = scene.glow
    scene.set_calcium([50, 51, 99], [0.2, 0.9, 1.0], 12.5)
    assert scene.astrocytes["calcium"].tolist() == pytest.approx([0.2, 0.9])
    assert scene.astrocytes["wave_at"][1] == 12.5
    assert scene.astrocytes["wave_at"][0] < 0.0
    assert scene.glow > before
    again = scene.glow
    scene.set_calcium([50], [0.21], 13.0)
    assert scene.glow == again, "a change too small to be seen does not redraw the tissue"


def test_a_modulator_remembers_its_last_release():
    scene = square()
    scene.modulators = [ModulatorMark(7, "dopamine", np.array([1]))]
    scene.set_modulator(7, 0.8, 3.0)
    scene.set_modulator(7, 0.4)
    assert (scene.modulators[0].level, scene.modulators[0].released_at) == (0.4, 3.0)


def test_moving_neurons_moves_only_those():
    scene = square()
    scene.move_neurons([2, 99], [[7.0, 8.0, 1.0], [0.0, 0.0, 0.0]])
    assert scene.neurons["x"].tolist() == [0.0, 7.0, 100.0, 0.0]
    assert scene.neurons["y"].tolist() == [0.0, 8.0, 100.0, 100.0]
