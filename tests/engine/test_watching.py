"""What being watched costs the engine: what is looked at how often, what a moment shares with the last."""

from dataclasses import replace

import numpy as np
import pytest

from engine import Network, Simulation
from engine.live import messages as say
from engine.live.checkpoints import Checkpoints, Moment
from engine.live.frame import Frame, FramePool
from engine.live.pictures import SELDOM, SHARE, Circumstances, Pictures
from engine.network.edits import RemoveSynapses, SetSynapses
from tests.live_toy import Toy, small_network

RUNNING = Circumstances(0, 1, {}, 1.0, True)
AT_REST = replace(RUNNING, is_running=False)
LOOK = 0.03
"""Seconds that looking at one projection takes here."""


class Slow(Toy):
    """A toy that takes long to look at, by a clock of its own, and counts who looks."""

    now = 0.0

    def __init__(self, network):
        super().__init__(network)
        self.looks = {"weights": 0, "quantities": 0, "credit": 0}

    def weights(self, projection):
        self.looks["weights"] += 1
        self.now += LOOK
        return super().weights(projection)

    def quantities(self, name):
        self.looks["quantities"] += 1
        return super().quantities(name)

    def credit(self):
        self.looks["credit"] += 1
        return super().credit()


@pytest.fixture
def slow(monkeypatch):
    toy = Slow(small_network())
    monkeypatch.setattr("engine.live.pictures.perf_counter", lambda: toy.now)
    return toy


def film(toy, seconds, now=RUNNING, taken_every=1):
    """Publish sixty pictures a second; returns the projections whose weights somebody saw, each time."""
    pool = FramePool()
    pictures = Pictures(pool)
    pictures.watch = say.Watch(quantities=("calcium",))
    pictures.begin(0)
    seen = []
    end, count = toy.now + seconds, 0
    while toy.now < end:
        assert pictures.publish(toy, now)
        count += 1
        if count % taken_every == 0:
            with pool.take() as frame:
                seen += list(frame.weights)
        toy.now += 1 / 60
    return seen


def test_weights_that_take_long_to_look_at_take_a_small_share_of_the_time(slow):
    seconds, many = 60.0, len(slow.network.projections)
    film(slow, seconds)
    spent = slow.looks["weights"] * LOOK
    assert 0.5 * SHARE * many * seconds <= spent <= SHARE * many * seconds + many * LOOK


def test_weights_seen_in_a_picture_that_nobody_took_are_in_the_next_that_somebody_takes(slow):
    seen = film(slow, 60.0, taken_every=7)
    for id in slow.network.projections:
        assert seen.count(id) >= 0.9 * slow.looks["weights"] / len(slow.network.projections)


def test_at_rest_every_projection_is_in_the_picture(slow):
    seen = film(slow, 0.01, now=AT_REST)
    assert set(seen) == set(slow.network.projections)


def test_what_changes_slowly_is_looked_at_a_few_times_a_second(slow):
    slow.weights = Toy.weights.__get__(slow)  # takes no time
    film(slow, 10.0)
    for name in ("quantities", "credit"):
        assert 0.5 * 10.0 / SELDOM <= slow.looks[name] <= 10.0 / SELDOM + 1


def test_a_quantity_in_a_frame_never_changes(slow):
    pool = FramePool()
    pictures = Pictures(pool)
    pictures.watch = say.Watch(quantities=("calcium",))
    pictures.publish(slow, RUNNING)
    with pool.take() as frame:
        _, values = frame.quantities["calcium"]
        before = values.copy()
        slow.advance(50)
        pictures.publish(slow, RUNNING)
        np.testing.assert_array_equal(values, before)
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 1.0


# -- moments -------------------------------------------------------------------------------------------


def plastic():
    net = Network(dt=0.1, seed=3)
    exc = net.add_population("E", "iaf_psc_exp", 40)
    ee = net.add_projection("E to E", exc, exc, rules=["stdp_pair"])
    net.wire(ee, "fixed_probability", p=0.3, weight=40.0, delay=1.5)
    net.add_input("poisson", exc, rate=9000.0, weight=30.0)
    return net, ee


def test_captures_share_what_only_a_coming_or_going_synapse_changes():
    net, ee = plastic()
    sim = Simulation(net)
    sim.run(20.0)
    first = sim.capture()
    sim.run(20.0)
    second = sim.capture()
    at = f"projection/{ee.id}"
    laid_out = [f"{at}/pool/post", f"{at}/pool/ids", f"{at}/row_head", f"{at}/segment/start"]
    assert all(first[name] is second[name] for name in laid_out)
    assert not any(
        first[f"{at}/{name}"] is second[f"{at}/{name}"] for name in ("pool/weight", "segment/last")
    )
    with pytest.raises(ValueError, match="read-only"):
        first[laid_out[0]][0] = 1
    sim.apply(SetSynapses([int(net.projections[ee.id].synapses.id[0])], "weight", [1.0]))
    assert sim.capture()[laid_out[0]] is first[laid_out[0]]
    gone = net.projections[ee.id].synapses.id[:3].copy()
    inverse = sim.apply(RemoveSynapses(gone))
    third = sim.capture()
    assert third[laid_out[0]] is not second[laid_out[0]]
    assert third[laid_out[0]].size == second[laid_out[0]].size
    sim.apply(inverse)
    sim.restore(first)
    sim.run(20.0)
    for name, array in sim.capture().items():
        np.testing.assert_array_equal(array, second[name], err_msg=name)


def test_the_memory_of_moments_is_what_adding_up_every_array_says():
    random = np.random.default_rng(4)
    kept = Checkpoints(budget=60_000, most=12)
    state = {}
    for step in range(80):
        for _ in range(3):
            name = f"a{random.integers(9)}"
            state[name] = random.random(random.integers(1, 1500))
        kept.add(Moment(step, 0.1 * step, 0, {n: a.copy() for n, a in state.items()}, None, Frame(), 0))
        arrays = {id(a): a.nbytes for moment in kept.moments for a in moment.state.values()}
        pictures = sum(moment.picture.nbytes for moment in kept.moments)
        assert kept.nbytes == sum(arrays.values()) + pictures
        assert len(kept) <= 12
        assert kept.nbytes <= 60_000 or len(kept) == 1
    kept.clear()
    assert kept.nbytes == 0


def test_a_network_taken_from_a_run_shares_what_stays_and_never_changes_afterwards():
    net, ee = plastic()
    sim = Simulation(net)
    taken = []

    def take():
        table = sim.network.projections[ee.id].synapses
        rows = sim.synapses(ee)
        rows = rows[np.argsort(rows["id"])]
        for name in ("id", "pre", "post", "weight", "delay"):
            np.testing.assert_array_equal(table.sorted()[name], rows[name], err_msg=name)
        taken.append((table, {name: column.copy() for name, column in table.sorted().items()}))

    sim.run(20.0)
    take()
    sim.run(20.0)
    take()
    first, second = (table for table, _ in taken)
    assert np.shares_memory(first.pre, second.pre)
    assert (first.weight != second.weight).any()
    gone = first.id[:5].copy()
    inverse = sim.apply(RemoveSynapses(gone))
    take()
    sim.apply(SetSynapses(first.id[7:9], "weight", [1.0, 2.0]))
    sim.run(20.0)
    take()
    sim.apply(inverse)
    take()
    for table, then in taken:
        for name, column in then.items():
            np.testing.assert_array_equal(table.sorted()[name], column, err_msg=name)
