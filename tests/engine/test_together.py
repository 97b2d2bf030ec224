"""Threads that run a circuit side by side: who owns which tiles, when all stop, who is left alone."""

import itertools
import threading

import numpy as np
import pytest

from engine import Network, Simulation
from engine.errors import Unstable
from engine.kernels import together
from engine.runtime.sharing import shares


class Row:
    """Some populations of one tile each, by what they cost."""

    def __init__(self, costs):
        self.cells = [Cell(tile, cost) for tile, cost in enumerate(costs)]


class Cell:
    tiles = 1

    def __init__(self, tile, cost):
        self.first_tile, self.n = tile, cost


def dearest(costs, cuts):
    """What the dearest of the ranges between cuts costs."""
    ends = [0, *cuts, len(costs)]
    return max(sum(costs[a:b]) for a, b in itertools.pairwise(ends))


@pytest.mark.parametrize("threads", [1, 2, 3, 5, 40])
@pytest.mark.parametrize("seed", range(6))
def test_the_dearest_share_costs_as_little_as_it_can(seed, threads):
    costs = np.random.Generator(np.random.Philox(seed)).integers(1, 50, 9).tolist()
    owned = shares(Row(costs).cells, [], len(costs), threads)
    assert [a for a, _ in owned] == [0, *(b for _, b in owned[:-1])]
    assert owned[-1][1] == len(costs)
    assert len(owned) <= threads
    least = min(
        dearest(costs, cuts)
        for many in range(min(threads, len(costs)))
        for cuts in itertools.combinations(range(1, len(costs)), many)
    )
    assert max(sum(costs[a:b]) for a, b in owned) == least


def circuit(n=2500, watched=False, **params):
    """Three tiles that excite each other a little."""
    net = Network(dt=0.1, seed=8)
    exc = net.add_population("E", "iaf_psc_exp", size=n, sign=+1, params=params)
    net.add_input("poisson", exc, rate=9000.0, weight=45.0)
    if watched:
        net.add_probe(exc.ids[::700], "v", every=0.3)
    ee = net.add_projection("EE", exc, exc, transmission="current_exp", rules=["stdp_pair"], w_max=120.0)
    net.wire(ee, "fixed_in", n=10, weight=20.0, delay=("uniform", 0.4, 2.0))
    return net, ee


def outcome(net, ee, threads):
    sim = Simulation(net, threads=threads)
    sim.run(30.0)
    sim.run(12.3)
    return sim.spikes().tobytes(), sim.weights(ee.id)[1].tobytes(), sim.threads


@pytest.mark.parametrize("watched", [False, True])
def test_tiles_on_threads_of_their_own_give_the_same_bits(watched):
    net, ee = circuit(watched=watched)
    alone = outcome(net, ee, 1)
    assert len(alone[0]) > 1000
    for threads in (2, 3, 7):
        assert outcome(net, ee, threads)[:2] == alone[:2]
    assert not [t for t in threading.enumerate() if t.name == "neuropil-tile"]


def test_all_stop_at_the_block_in_which_something_went_wrong():
    told = []
    for threads in (1, 3):
        net, _ = circuit()
        sim = Simulation(net, threads=threads)
        sim.run(5.0)
        sim.circuit.cells[1].states["v"][2100] = np.nan
        with pytest.raises(Unstable) as caught:
            sim.run(20.0)
        told.append((str(caught.value), sim.step))
    assert told[0] == told[1]


def test_who_waits_for_a_thread_that_never_begins_goes_home(monkeypatch):
    net, _ = circuit()
    sim = Simulation(net, threads=3)
    sim.run(5.0)
    begun = []

    class Refused(threading.Thread):
        def start(self):
            if begun:
                raise RuntimeError("can't start new thread")
            begun.append(self)
            super().start()

    monkeypatch.setattr(together.threading, "Thread", Refused)
    with pytest.raises(RuntimeError, match="new thread"):
        sim.run(5.0)
    assert begun
    assert not begun[0].is_alive()
