"""The parts of a live session one at a time: frames on loan, moments in a fixed memory, rates, pace."""

import numpy as np
import pytest

from engine.live import messages as say
from engine.live.checkpoints import Checkpoints, Moment
from engine.live.frame import SPIKE, Frame, FramePool
from engine.live.pace import Pace
from engine.live.pictures import Circumstances, Pictures
from engine.live.rates import Rates
from engine.live.session import newest_previews
from engine.live.simulating import spikes_since
from engine.network.edits import MoveNeurons, RemoveNeurons, SetParams
from tests.live_toy import Toy, small_network

NOW = Circumstances(0, 1, {}, 1.0, True)


def test_a_frame_on_loan_never_changes():
    pool, toy = FramePool(), Toy(small_network())
    pictures = Pictures(pool)
    pictures.begin(0)
    assert pool.take() is None
    pictures.publish(toy, NOW)
    lease = pool.take()
    v01, step = lease.frame.v01.copy(), lease.frame.step
    for _ in range(10):
        toy.advance(3)
        assert pictures.publish(toy, NOW)
    assert lease.frame.step == step
    np.testing.assert_array_equal(lease.frame.v01, v01)
    lease.give_back()
    with pool.take() as newest:
        assert newest.step == 30
        with pytest.raises(ValueError, match="read-only"):
            newest.v01[0] = 1.0


def test_when_every_frame_is_lent_the_picture_is_dropped_and_nothing_else():
    pool, toy = FramePool(2), Toy(small_network())
    pictures = Pictures(pool)
    pictures.begin(0)
    pictures.publish(toy, NOW)
    first = pool.take()
    pictures.publish(toy, NOW)
    second = pool.take()
    assert not pictures.publish(toy, NOW)
    first.give_back()
    first.give_back()  # twice does nothing
    assert pictures.publish(toy, NOW)
    second.give_back()


def test_spikes_are_in_the_frames_somebody_took_none_missing_none_twice():
    pool, toy = FramePool(), Toy(small_network())
    pictures = Pictures(pool)
    pictures.begin(0)
    seen, last = [], 0
    for turn in range(60):
        step = toy.step
        toy.advance(7)
        pictures.add(spikes_since(toy, step), {})
        pictures.publish(toy, NOW)
        if turn % 4 == 3:  # a slow window
            with pool.take() as frame:
                seen += frame.spikes_since(last).tolist()
                last = frame.step
    assert seen == toy.recorded
    assert len(seen) > 20


def test_too_many_spikes_are_dropped_from_the_past_and_counted(monkeypatch):
    monkeypatch.setattr("engine.live.pictures.MOST", 10)
    pool, toy = FramePool(), Toy(small_network())
    pictures = Pictures(pool)
    pictures.begin(0)
    for step in range(5):
        pictures.add(np.array([(step + 1, i) for i in range(4)], SPIKE), {})
    pictures.publish(toy, NOW)
    with pool.take() as frame:
        assert frame.spikes["step"].tolist() == [4] * 4 + [5] * 4
        assert frame.spikes_lost == 12


def test_projections_take_turns_when_looking_takes_long(monkeypatch):
    monkeypatch.setattr("engine.live.pictures.BUDGET", -1.0)
    pool, toy = FramePool(), Toy(small_network())
    pictures = Pictures(pool)
    pictures.begin(0)
    seen = []
    for turn in range(6):
        pictures.publish(toy, NOW)
        if turn % 2:
            with pool.take() as frame:
                seen += list(frame.weights)
    assert set(seen) == set(toy.network.projections)
    pictures.watch = say.Watch(projections=tuple(toy.network.projections)[:1], quantities=("calcium",))
    pictures.publish(toy, NOW)
    with pool.take() as frame:
        assert list(frame.weights) == list(toy.network.projections)[:1]
        ids, values = frame.quantities["calcium"]
        assert ids.shape == values.shape == (8,)


def test_rates_are_spikes_per_neuron_and_second_over_whole_bins():
    network = small_network()
    rates = Rates(network)
    exc, inh = network.populations
    neurons = network.populations[exc].neuron_ids
    for step in range(1, 20_001):  # 2 s at 0.1 ms: every neuron of five at 10 Hz
        if step % 1000 == 0:
            rates.add(np.array([(step, id) for id in neurons], SPIKE))
    assert rates.hz(20_000) == {exc: pytest.approx(10.0), inh: 0.0}
    assert rates.hz(20_500) == {exc: pytest.approx(10.0), inh: 0.0}
    rates.begin(network, 20_500)
    assert rates.hz(20_600)[exc] == 0.0


# -- moments ---------------------------------------------------------------------------------------


def moment(step, size=1000, timeline=0, fill=None):
    state = {"a": np.full(size, (step if fill is None else fill) % 251, np.uint8), "clock": np.array([step])}
    return Moment(step, step * 0.1, timeline, state, None, Frame())


def test_moments_stay_within_their_memory_and_thin_out_with_age():
    kept = Checkpoints(budget=30_000)
    for step in range(1, 400):
        kept.add(moment(step * 100))
        assert kept.nbytes <= 30_000
    steps = [one.step for one in kept.moments]
    assert steps[0] == 100
    assert steps[-1] == 39_900
    assert len(steps) > 20
    gaps = np.diff(steps)
    assert gaps[-1] == 100
    assert gaps[:5].mean() > 4 * gaps[-5:].mean()
    ages = 39_900 - np.array(steps[1:-1])
    assert (gaps[1:] <= 0.6 * ages + 400).all()  # wherever one drags to, something near has been kept


def test_one_moment_larger_than_the_memory_is_kept_all_the_same():
    kept = Checkpoints(budget=10)
    kept.add(moment(1))
    kept.add(moment(2))
    assert [one.step for one in kept.moments] == [2]


def test_what_two_moments_have_in_common_is_kept_once():
    kept = Checkpoints()
    kept.add(moment(1, fill=7))
    kept.add(moment(2, fill=7))
    assert kept.moments[0].state["a"] is kept.moments[1].state["a"]
    kept.add(moment(3, fill=8))
    assert kept.moments[2].state["a"] is not kept.moments[1].state["a"]
    negative = moment(4)
    negative.state["a"] = -np.zeros(3)
    kept.add(negative)
    positive = moment(5)
    positive.state["a"] = np.zeros(3)
    kept.add(positive)
    assert kept.moments[4].state["a"] is not kept.moments[3].state["a"]  # -0.0 is not 0.0


def test_the_nearest_moment_is_the_one_before():
    kept = Checkpoints()
    for step in (100, 200, 300):
        kept.add(moment(step))
    kept.add(moment(150, timeline=1))
    assert kept.nearest(25.0).step == 200
    assert kept.nearest(25.0, timeline=1).step == 150
    assert kept.nearest(1.0).step == 100
    assert Checkpoints().nearest(1.0) is None


def test_the_same_standstill_is_kept_once():
    kept = Checkpoints()
    kept.add(moment(1, fill=1))
    kept.add(moment(1, fill=2))
    assert len(kept) == 1
    assert kept.latest().state["a"][0] == 2


# -- pace ------------------------------------------------------------------------------------------


def test_as_fast_as_possible_is_always_due_and_a_speed_must_be_positive():
    pace = Pace(0.1, None, clock=lambda: 0.0)
    assert pace.due(0) >= 1
    assert pace.wait(0) == 0.0
    with pytest.raises(ValueError, match="speed is 0"):
        pace.set_ratio(0, 0)


def test_at_a_thousandth_a_step_comes_each_tenth_of_a_second():
    now = [0.0]
    pace = Pace(0.1, 0.001, clock=lambda: now[0])
    pace.start(0)
    assert pace.due(0) == 0
    assert pace.wait(0) == pytest.approx(0.1)
    now[0] = 0.101
    assert pace.due(0) == 1
    assert pace.due(1) == 0


# -- previews --------------------------------------------------------------------------------------


def test_of_previews_of_one_knob_only_the_newest_is_used():
    def turn(value, target=1):
        return say.Preview(SetParams([target], {"tau_m": value}))

    other = say.Preview(MoveNeurons([1], [[1.0, 2.0, 3.0]]))
    end = say.Apply(1, RemoveNeurons([4]))
    sent = [turn(1.0), turn(2.0), other, turn(3.0), turn(1.5, target=2), end, turn(4.0), turn(5.0)]
    kept = newest_previews(sent)
    assert kept == [other, sent[3], sent[4], end, sent[7]]
