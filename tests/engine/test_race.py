"""A race: runners abreast on one network, looked at from outside, stopped and begun again."""

import time
from itertools import pairwise

import numpy as np
import pytest

from engine import Network, Training, registry
from engine.errors import NeuropilError
from engine.live.insight import insight, trails
from engine.live.race import Race
from tests import learning
from tests.engine.a_race import layered, wait


def settling() -> Network:
    """An encoder that settles in an energy."""
    chosen = {"spread": 1.0, "feedback": "mirror", "params": {"eta": 0.5}, "seed": 2}
    return learning.layered([4, 2, 4], "enc424", "movellan", **chosen)


@pytest.fixture
def race():
    made = Race(layered(learners=("backprop", "reward_penalty")))
    wait(made.is_idle)
    yield made
    made.close()


def test_runners_begin_alike_and_stay_abreast(race):
    first = race.look()
    assert all(len(r.errors) == 1 and r.errors[0] > 0 for r in first.runners)
    race.play(40)
    wait(race.is_idle)
    seen = race.look()
    assert {r.training.epoch for r in seen.runners} == {40}
    assert all(r.epochs[-1] == 40 and len(r.errors) == len(r.epochs) for r in seen.runners)
    assert first.runners[0].errors == seen.runners[0].errors[:1], "an earlier look does not change"


def test_every_learner_gets_the_same_patterns_in_the_same_order_and_begins_with_the_same_weights():
    """Whatever a learner leaves out of what is drawn, what it shares with the others is alike to the bit."""
    net = learning.layered([4, 3, 4], "enc424", "backprop", feedback="mirror", spread=1.0)
    others = [m.slug for m in registry.all("learner") if not m.streams and m.slug != "backprop"]
    for slug in others:
        net.add_learner(slug)
    trainings = []
    for id in net.learners:
        try:
            trainings.append(Training(net, learner=id))
        except NeuropilError:
            continue
    assert len(trainings) > 8
    first = {way.label: way for way in trainings[0].drawn.ways}
    for training in trainings:
        shared = [way for way in training.drawn.ways if way.label in first]
        assert len(shared) >= 2
        for way in shared:
            assert np.array_equal(training.weights(way), trainings[0].weights(first[way.label]))
        assert np.array_equal(training.bias, trainings[0].bias)
        for epoch in range(3):
            training.epoch = trainings[0].epoch = epoch
            assert np.array_equal(training.order(), trainings[0].order())
            assert all(map(np.array_equal, training.taught(), trainings[0].taught()))


def test_a_race_of_one_is_the_training_itself_bit_for_bit():
    net = layered()
    race = Race(net)
    race.play(25)
    wait(race.is_idle)
    alone = Training(net).run(25)
    assert np.array_equal(race.runners[0].training.columns, alone.columns)
    race.close()


def test_it_notes_when_the_task_is_learned_and_stops_at_nothing():
    net = layered(seed=5)
    race = Race(net)
    race.play(3000)
    wait(race.is_idle)
    runner = race.look().runners[0]
    assert runner.learned_at is not None
    assert runner.rights[-1] == 1.0
    assert runner.samples == 3000 * 4
    race.close()


def test_a_learner_that_cannot_run_says_why_and_the_others_go_on():
    net = layered(learners=("backprop", "feedback_alignment"))
    race = Race(net)
    wait(race.is_idle)
    broken = race.look().runners[1]
    assert not broken.is_running
    assert "feedback" in broken.trouble
    race.play(5)
    wait(race.is_idle)
    assert race.look().runners[0].epochs[-1] == 5
    race.close()


def test_stepping_by_phase_goes_through_the_declared_phases(race):
    names = []
    for _ in range(6):
        race.step_phase()
        wait(race.is_idle)
        names.append(race.look().frames[race.runners[0].learner].phase)
    assert names == ["forward", "backward", "update"] * 2


def test_beginning_again_takes_everything_back(race):
    start = race.look().runners[0].errors
    race.play(10)
    wait(race.is_idle)
    race.begin()
    wait(race.is_idle)
    again = race.look()
    assert again.epoch == 0
    assert again.runners[0].errors == start


def test_what_was_learned_comes_back_as_a_network(race):
    race.play(10)
    wait(race.is_idle)
    got = []
    race.learned(race.runners[0].learner, got.append)
    race.learned(10**9, got.append)
    wait(race.is_idle)
    way = next(iter(got[0].projections.values()))
    assert not np.array_equal(way.synapses.weight, race.network.projections[way.id].synapses.weight)
    assert got[1] is None


def test_a_knob_turned_while_it_runs_acts(race):
    id = race.runners[0].learner
    race.set(id, eta=0.0)
    before = race.runners[0].training.columns[0].copy()
    race.play(5)
    wait(race.is_idle)
    assert np.array_equal(before, race.runners[0].training.columns[0])


def test_pausing_stops_and_closing_ends_the_thread(race):
    race.play()
    wait(lambda: race.look().epoch > 5)
    race.pause()
    wait(race.is_idle)
    at = race.look().epoch
    time.sleep(0.1)
    assert race.look().epoch == at


def test_the_angle_to_the_gradient_falls_as_feedback_is_aligned_with():
    net = Network(seed=3)
    layers = [
        net.add_population(name, "rate_unit", size=n, sign=0, params={"curve": curve})
        for name, n, curve in (("Input", 64, "linear"), ("Hidden", 32, "logistic"), ("Target", 10, "linear"))
    ]
    for one, two in pairwise(layers):
        way = net.add_projection(f"{one.label} to {two.label}", one, two, transmission="current_exp")
        net.wire(way, "all_to_all", weight=("normal", 0.0, len(one) ** -0.5), delay=1.0)
    net.add_feedback(way, weight=("normal", 0.0, 0.3))
    net.add_task("digits", "digits", inputs=layers[0], targets=layers[-1])
    _, aligned = (
        net.add_learner(slug, {"eta": 0.1, "batch": 10.0}) for slug in ("backprop", "feedback_alignment")
    )
    race = Race(net)
    try:
        race.play(12)
        wait(race.is_idle)
        exact, other = (r.insights for r in race.look().runners)
        assert exact[0].epoch == 0
        assert max(i.angle for i in exact) < 1e-3, "back-propagation goes along the gradient"
        assert other[0].angle > 75.0
        assert other[-1].angle < other[0].angle - 15.0
        assert other[-1].alignment > other[0].alignment + 0.1
        assert len(other[-1].classes) == 10
        assert other[-1].shown.inputs.shape == (64,)
        race.set(aligned.id, eta=0.0)
        race.play(1)
        wait(race.is_idle)
        assert np.isnan(race.look().runners[1].insights[-1].angle), "nothing is learned, so there is no angle"
    finally:
        race.close()


def test_the_gap_between_the_energies_closes_where_there_is_an_energy():
    training = Training(settling())
    before = insight(training, trails(training)).gap
    assert before > 1.0
    training.run(400)
    assert insight(training, trails(training)).gap < before / 20
    without = Training(layered(learners=("backprop",)))
    assert np.isnan(insight(without, trails(without)).gap)


@pytest.mark.parametrize("made", [lambda: layered(learners=("reward_penalty",)), lambda: settling()])
def test_a_closer_look_leaves_the_training_as_it_was(made):
    one, other = (Training(made()).run(3) for _ in range(2))
    one.run_phase(), other.run_phase()
    insight(one)
    one.run(3), other.run(3)
    assert np.array_equal(one.columns, other.columns)
    assert one.counted == other.counted


def weakly_fed_back() -> Network:
    """Back-propagation, and contrastive learning over mirrored feedback, with linear outputs."""
    chosen = {"spread": 1.0, "feedback": "mirror", "seed": 2, "output": "linear"}
    net = learning.layered([4, 5, 4], "enc424", "backprop", **chosen)
    net.add_learner("chl", {"tol": 1e-12, "n_max": 500.0})
    return net


def test_the_update_of_weak_feedback_aligns_with_the_gradient_as_gamma_falls_and_noise_parts_them():
    one = Race(weakly_fed_back())
    try:
        first, second = (r.learner for r in one.runners)

        def now(**values):
            one.set(second, **values)
            wait(one.is_idle)
            return one.look().runners[1].updates

        wait(one.is_idle)
        assert one.look().runners[1].updates is None, "nobody asked yet"
        one.compare(second)
        strong, middle, weak = (now(gamma=gamma) for gamma in (0.3, 0.03, 0.003))
        assert strong.angle > 3.0 * middle.angle > 9.0 * weak.angle > 0.0
        assert 0.9 < weak.ratio < 1.1
        ways = one.look().runners[1].training.drawn.ways
        assert [part.label for part in weak.parts] == [way.label for way in ways[:2]]
        assert np.array_equal(np.sign(weak.own), np.sign(weak.ideal)), "every synapse goes the same way"
        assert now(noise=0.01).angle > 10.0 * weak.angle
        assert one.look().runners[0].updates is None
        one.compare(first)
        wait(one.is_idle)
        exact = one.look().runners[0].updates
        assert exact.angle < 1e-6
        np.testing.assert_array_equal(exact.ids, weak.ids)
        np.testing.assert_allclose(exact.own, 0.1 * exact.ideal, rtol=1e-9, atol=1e-15)
    finally:
        one.close()


def test_the_pattern_that_is_compared_is_the_one_being_stepped():
    one = Race(weakly_fed_back())
    try:
        one.compare(one.runners[0].learner)
        one.step_phase()
        wait(one.is_idle)
        runner = one.look().runners[0]
        assert runner.updates.pattern == runner.training.rows()[0]
    finally:
        one.close()


def test_a_stream_is_stepped_by_phase_and_to_its_update():
    small = {"steps": 30.0, "size": 5.0}
    chosen = {"feedback": ("uniform", -1, 1), "spread": 1.0, "of_task": small, "seed": 2}
    one = Race(learning.layered([5, 4, 1], "sines", "eprop", **chosen))
    try:
        wait(one.is_idle)
        before = one.look()
        (id,) = before.frames
        seen = []
        for ask in (*(one.step_phase for _ in range(4)), one.step_to_update):
            ask()
            wait(one.is_idle)
            seen.append(one.look().frames[id])
        assert [(f.phase, f.ticks) for f in seen] == [
            ("spike", 1), ("signal", 1), ("remember", 1), ("spike", 2), ("remember", 30),
        ]  # fmt: skip
        assert one.look().runners[0].insights[-1].shown.ticks == 30
        assert weights(seen[-1]) == weights(before.frames[id])
        one.step_phase()
        wait(one.is_idle)
        after = one.look().frames[id]
        assert (after.phase, after.ticks) == ("update", 0)
        assert weights(after) != weights(before.frames[id])
    finally:
        one.close()


def weights(frame):
    return [values.tolist() for _, values in frame.weights.values()]
