"""The synapses of one wiring keep no id of their own until one grows or goes."""

import numpy as np
import pytest

from engine.runtime.synapses import Synapses


@pytest.fixture
def pool():
    synapses = Synapses(4, 1, 1024, [], {}, np.float32)
    pre, post = np.repeat(np.arange(4), 3), np.tile(np.arange(3), 4)
    ones = np.ones(12, np.int64)
    synapses.build(100 + np.arange(12), pre, post, 1.0, 0 * ones, 5 * ones, 0)
    return synapses


def known(pool):
    """(id, pre, post) of every synapse."""
    place, row, _, _ = pool.expanded()
    return sorted(zip(pool.ids_at(place).tolist(), row.tolist(), pool.post[place].tolist(), strict=True))


WIRED = [(100 + i, i // 3, i % 3) for i in range(12)]


def test_one_number_stands_for_all_ids(pool):
    assert pool.named.tolist() == [100]
    assert known(pool) == WIRED
    assert pool.ids.tolist() == list(range(100, 112))
    assert pool.places([99, 100, 111, 112]).tolist() == [-1, 0, 11, -1]


def test_a_new_synapse_has_its_own_id_and_the_others_keep_theirs(pool):
    pool.add([500], [2], [1], 1.0, 0, 5, 3)
    assert known(pool) == [*WIRED, (500, 2, 1)]
    assert pool.ids_at(pool.places([500, 104])).tolist() == [500, 104]


def test_what_goes_takes_its_id_along(pool):
    pool.doomed[pool.places([100, 107])] = 1
    ids, _ = pool.remove_doomed()
    assert ids.tolist() == [100, 107]
    assert known(pool) == [row for row in WIRED if row[0] not in (100, 107)]
    assert (pool.places([100, 107]) == -1).all()


def test_ids_in_another_order_are_kept_one_by_one():
    synapses = Synapses(2, 1, 1024, [], {}, np.float32)
    ones = np.ones(3, np.int64)
    synapses.build(np.array([7, 5, 6]), np.array([0, 0, 1]), 0 * ones, 1.0, 0 * ones, ones, 0)
    assert known(synapses) == [(5, 0, 0), (6, 1, 0), (7, 0, 0)]
    assert synapses.named.size == 3
