"""The table of synapses: quick to append, quick to find, shared until it changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.network import SynapseTable
from engine.network import table as table_module


def filled(ids, **columns):
    table = SynapseTable()
    ids = np.asarray(ids)
    table.append(ids, ids * 10, ids * 100, ids * 0.5, 1.5, columns or None)
    return table


def rows(table):
    """The rows by id, with what each holds."""
    names = (*[n for n in table.names if n != "id"],)
    return {
        int(id): tuple(table[name][row].item() for name in names if table[name][row] == table[name][row])
        for row, id in enumerate(table.id)
    }


def test_columns_hold_what_was_appended_and_have_their_types():
    table = filled([1, 2, 3])
    assert table.pre.tolist() == [10, 20, 30]
    assert table.post.tolist() == [100, 200, 300]
    assert table.weight.tolist() == [0.5, 1.0, 1.5]
    assert table.delay.tolist() == [1.5, 1.5, 1.5]
    assert [table[n].dtype for n in table.names] == [np.int64] * 3 + [np.float64] * 2
    assert len(table) == 3


def test_appending_nothing_changes_nothing():
    table = filled([1])
    version = table.version
    table.append([], [], [], [], [])
    assert (len(table), table.version) == (1, version)


def test_rows_are_found_by_id_whatever_their_order():
    table = filled([5, 1, -7, 3])
    assert table.id[table.rows([3, -7, 5])].tolist() == [3, -7, 5]
    assert table.rows([2, 0, 99]).tolist() == [-1, -1, -1]
    assert table.has([1, 2]).tolist() == [True, False]
    assert 5 in table
    assert 6 not in table
    assert "5" not in table
    assert SynapseTable().rows([1]).tolist() == [-1]


def test_a_removed_synapse_is_gone_and_may_come_back():
    table = filled([1, 2, 3])
    table.remove([2, 2, 77])
    assert len(table) == 2
    assert table.rows([2]).tolist() == [-1]
    assert table.id.tolist() == [1, 3]
    table.append([2], [7], [8], [9.0], [1.0])
    assert table.take([2])["pre"].tolist() == [7]
    table.remove([2])
    table.append([2], [6], [8], [9.0], [1.0])
    assert table.take([2])["pre"].tolist() == [6]


def test_taking_passes_over_the_gone_and_keeps_the_order_asked_for():
    table = filled([1, 2, 3])
    assert table.take([3, 9, 1])["id"].tolist() == [3, 1]


def test_every_change_of_rows_is_a_new_version():
    table = filled([1, 2])
    seen = [table.version]
    table.append([3], [1], [1], [1.0], [1.0])
    seen.append(table.version)
    table.remove([1])
    seen.append(table.version)
    assert seen == sorted(set(seen))
    table.remove([1])
    table.put("weight", [2], 9.0)
    assert table.version == seen[-1]


def test_an_array_that_was_read_never_changes():
    table = filled([1, 2, 3])
    weight, ids = table.weight, table.id
    with pytest.raises(ValueError, match="read-only"):
        weight[0] = 7.0
    table.put("weight", [1, 2, 3], [9.0, 9.0, 9.0])
    table.remove([1])
    table.append([4], [1], [1], [1.0], [1.0])
    assert weight.tolist() == [0.5, 1.0, 1.5]
    assert ids.tolist() == [1, 2, 3]


def test_a_named_column_has_no_value_where_none_was_given():
    table = filled([1, 2])
    assert table.extra == {}
    table.put("tag", [2, 99], [0.25, 7.0])
    table.append([3], [1], [1], [1.0], [1.0], {"tag": [4.0]})
    table.append([4], [1], [1], [1.0], [1.0])
    assert np.array_equal(table.extra["tag"], [np.nan, 0.25, 4.0, np.nan], equal_nan=True)
    table.put("tag", [2, 3], np.nan)
    assert table.extra == {}
    assert "tag" not in table.sorted()


def test_writing_to_nobody_makes_no_column():
    table = filled([1])
    table.put("tag", [9], 1.0)
    assert "tag" not in table.names


def test_sorted_gives_rows_by_id():
    table = filled([5, 1, -3], tag=[1.0, 2.0, 3.0])
    assert table.sorted()["id"].tolist() == [-3, 1, 5]
    assert table.sorted()["tag"].tolist() == [3.0, 2.0, 1.0]


@pytest.mark.parametrize("who", ["original", "copy"])
def test_a_copy_and_its_original_go_their_own_ways(who):
    table = filled([1, 2, 3])
    twin = table.copy()
    assert twin._columns["weight"] is table._columns["weight"]  # shared until one changes
    one, other = (table, twin) if who == "original" else (twin, table)
    before = rows(other)
    one.append([4], [1], [1], [1.0], [1.0])
    other_later = other.copy()
    one.put("weight", [1], 99.0)
    one.remove([2])
    assert rows(other) == before
    other.append([5], [2], [2], [2.0], [2.0])
    assert sorted(one.id.tolist()) == [1, 3, 4]
    assert sorted(other.id.tolist()) == [1, 2, 3, 5]
    assert rows(other_later) == before


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["append", "remove", "put", "read", "copy"]),
        st.lists(st.integers(-6, 12), min_size=1, max_size=5, unique=True),
        st.floats(-5, 5),
    ),
    max_size=30,
)


@given(CHANGES)
def test_it_behaves_as_a_dict_of_rows_would(changes):
    table, wanted = SynapseTable(), {}
    kept = []
    for what, ids, value in changes:
        if what == "append":
            new = [id for id in ids if id not in wanted]
            table.append(new, [2 * i for i in new], [3 * i for i in new], [value] * len(new), 1.0)
            wanted.update({id: (2 * id, 3 * id, value, 1.0) for id in new})
        elif what == "remove":
            table.remove(ids)
            for id in ids:
                wanted.pop(id, None)
        elif what == "put":
            table.put("weight", ids, value)
            for id in set(ids) & set(wanted):
                wanted[id] = (wanted[id][0], wanted[id][1], value, wanted[id][3])
        elif what == "copy":
            kept.append((table, dict(wanted)))
            table = table.copy()
        else:
            assert table.id[table.rows(sorted(wanted))].tolist() == sorted(wanted)
        assert len(table) == len(wanted)
        assert table.has(ids).tolist() == [id in wanted for id in ids]
        assert table.take(ids)["id"].tolist() == [id for id in ids if id in wanted]
    assert rows(table) == wanted
    for old, then in kept:
        assert rows(old) == then


def test_the_index_is_rebuilt_when_the_tail_grows_long(monkeypatch):
    monkeypatch.setattr(table_module, "_TAIL", 4)
    table = filled([1])
    for id in range(2, 60):
        assert table.rows([id]).tolist() == [-1]
        table.append([id], [id], [id], [1.0], [1.0])
        assert table.take([id])["pre"].tolist() == [id]
    assert table._index[2] > 50  # most rows are in the sorted index, not searched afresh
    table.remove(range(1, 55))  # more freed rows than living ones are squeezed out
    assert table._used < 20
    assert table.id.tolist() == [55, 56, 57, 58, 59]


def test_a_million_rows_are_appended_one_growth_at_a_time_without_copying_all_each_time(monkeypatch):
    copied = []
    reserve = SynapseTable._reserve

    def counted(self, wanted):
        before = self._columns["id"]
        reserve(self, wanted)
        if self._columns["id"] is not before:
            copied.append(self._used)

    monkeypatch.setattr(SynapseTable, "_reserve", counted)
    table = filled(np.arange(1, 1_000_001))
    for id in range(1, 2001):
        table.append([-id], [1], [1], [1.0], [1.0])
    assert len(table) == 1_002_000
    assert len(copied) <= 2  # a bigger room once or twice, not two thousand times
    assert table.has([-2000, 1_000_000, 0]).tolist() == [True, True, False]
