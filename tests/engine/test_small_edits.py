"""A small edit of a large circuit does what a thorough one would, without looking at everything."""

import numpy as np
import pytest

from engine import Network, Simulation
from engine.network.edits import AddSynapses, RemoveSynapses, SetSynapses
from engine.runtime import synapses
from engine.runtime.cells import TILE
from engine.runtime.pathway import Pathway
from engine.runtime.synapses import FEW, Synapses


def test_a_few_ids_are_found_where_looking_for_all_finds_them():
    luck = np.random.default_rng(6)
    pool = Synapses(5, 1, 8, [], {"q": 0.5}, np.float64)
    fresh, alive = 100, np.zeros(0, np.int64)
    for _ in range(60):
        many = int(luck.integers(1, 9))
        ids = np.arange(fresh, fresh + many)
        fresh += many
        ends = luck.integers(0, 5, many), luck.integers(0, 8, many)
        pool.add(ids, *ends, 1.0, luck.integers(0, 2, many), np.ones(many, int), 0)
        alive = np.concatenate([alive, ids])
        gone = luck.choice(alive, min(len(alive), int(luck.integers(0, 5))), replace=False)
        places = [pool.places(gone[at : at + FEW]) for at in range(0, len(gone), FEW)]
        pool.doomed[np.concatenate([np.zeros(0, int), *places])] = 1
        pool.remove_doomed()
        alive = np.setdiff1d(alive, gone)
        asked = np.concatenate([luck.choice(alive, min(3, len(alive)), replace=False), gone[:2], [7]])
        few = [pool.places([id])[0] for id in asked]
        together = pool.places(asked[:FEW])
        every = pool.places(np.arange(fresh))  # sorts them all
        np.testing.assert_array_equal(few, every[asked])
        np.testing.assert_array_equal(together, every[asked])
        np.testing.assert_array_equal(pool.named[every[alive]], alive)
        assert (every >= 0).sum() == alive.size == len(pool)


def edited(rule):
    """The weights, and the inverses, of a run over two tiles that is edited a little now and then."""
    net = Network(dt=0.1, seed=3)
    exc = net.add_population("E", "iaf_psc_exp", TILE + 200)
    ee = net.add_projection("E to E", exc, exc, rules=[rule])
    net.wire(ee, "fixed_total", n=6000, weight=("uniform", 5.0, 40.0), delay=1.5)
    net.add_input("poisson", exc, rate=9000.0, weight=30.0)
    sim, ids, neurons = Simulation(net), ee.synapses.id, net.populations[exc.id].neuron_ids
    inverses = []
    for turn in range(12):
        sim.run(7.0)
        kind = turn % 3
        if kind == 0:
            edit = SetSynapses(ids[[turn, -turn - 1]], "weight", [11.0, 12.0])
        elif kind == 1:
            edit = RemoveSynapses(ids[turn + 100 : turn + 103])
        else:
            edit = AddSynapses(ee.id, [10**6 + turn], neurons[[turn]], neurons[[-turn]], [9.0], [1.5])
        inverses.append(sim.apply(edit))
    return sim.synapses(ee), [vars(each) for each in inverses]


@pytest.mark.parametrize("rule", ["stdp_pair", "stdp_triplet"])
def test_only_the_tiles_an_edit_touches_are_brought_up_to_date_and_no_bit_is_another(rule, monkeypatch):
    swept = []
    sweep = Pathway.sweep
    monkeypatch.setattr(
        Pathway, "sweep", lambda way, step, onto=None: swept.append(onto) or sweep(way, step, onto)
    )
    rows, inverses = edited(rule)
    assert sum(onto is not None for onto in swept) == 12
    monkeypatch.setattr(Pathway, "sweep", lambda way, step, onto=None: sweep(way, step))
    monkeypatch.setattr(synapses, "FEW", 0)
    whole, others = edited(rule)
    np.testing.assert_array_equal(rows, whole)
    for one, other in zip(inverses, others, strict=True):
        for name, value in one.items():
            np.testing.assert_array_equal(value, other[name], err_msg=name)
