"""Laws of learners: phases, captures to the bit, and the same numbers sparse or dense, for every one."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Training, registry
from engine.declare import Learner
from engine.runtime.training.criterion import draws_luck, has_chance
from tests.learning import alive, layered

LEARNERS = [model for model in registry.all("learner") if issubclass(model, Learner)]
every = pytest.mark.parametrize("model", LEARNERS, ids=lambda model: model.slug)
AT_ONCE = [model for model in LEARNERS if not model.streams]
each_learner = pytest.mark.parametrize("model", AT_ONCE, ids=lambda model: model.slug)
STREAMS = [model for model in LEARNERS if model.streams]
each_stream = pytest.mark.parametrize("model", STREAMS, ids=lambda model: model.slug)


def network(model: type[Learner]):
    feedback = {"": None, "step": ("uniform", -1, 1), "symmetric": "mirror", "direct": "direct"}
    return layered(
        [2, 3, 1], learner=model.slug, feedback=feedback[model.feedback_from], spread=1.0, seed=5,
        params={"batch": 1.0},
    )  # fmt: skip


def told(training: Training) -> tuple[bytes, bytes, bytes]:
    return training.columns.tobytes(), training.bias.tobytes(), training.counts.tobytes()


@every
def test_a_learner_says_what_it_is_and_takes_for_granted(model):
    assert model.about().split(".")[0]
    assert model.formula
    assert model.assumption
    assert model.phases[-1].does == "update"
    assert sum(phase.answer for phase in model.phases) == 1
    assert all(phase.colour for phase in model.phases)


@each_learner
def test_stepping_by_phase_is_the_same_as_running(model):
    whole, steps = Training(network(model)), Training(network(model))
    whole.run(2)
    while steps.epoch < 2:
        steps.run_phase()
    assert told(whole) == told(steps)
    assert whole.counted["phases"] == 2 * 4 * len(model.phases)
    assert whole.counted["samples"] == 8
    assert whole.counted["macs"] > 0


@each_learner
def test_a_capture_goes_on_as_if_it_had_never_stopped(model):
    one = Training(network(model))
    one.run(1)
    for _ in range(len(model.phases) + 1):
        one.run_phase()
    kept = one.capture()
    one.run(2)
    again = Training(network(model), state=kept)
    again.run(2)
    assert told(again) == told(one)
    assert again.epoch == one.epoch


@each_learner
def test_an_epoch_that_was_begun_by_hand_is_run_to_its_own_end(model):
    whole, begun = Training(network(model)), Training(network(model))
    whole.run(1)
    while begun.batch_number < 3:
        begun.run_phase()
    begun.run_phase()
    begun.run(1)
    assert begun.epoch == 1
    assert told(begun) == told(whole)


@each_learner
def test_the_sparse_path_gives_what_the_dense_one_gives(model):
    dense, sparse = Training(network(model)), Training(network(model))
    assert all(way.dense for way in dense.drawn.ways)
    sparse.drawn.table[:, 7] = 0
    dense.run(3)
    sparse.run(3)
    np.testing.assert_allclose(sparse.columns, dense.columns, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(sparse.bias, dense.bias, rtol=1e-10, atol=1e-14)


@each_learner
def test_asking_changes_nothing(model):
    asked, left = Training(network(model)), Training(network(model))
    for training in (asked, left):
        training.run_batch()
    before = told(asked)
    asked.answers()
    asked.update_for([[0.0, 1.0]], [[1.0]])
    assert told(asked) == before
    asked.run(1)
    left.run(1)
    assert told(asked) == told(left)


@each_learner
def test_the_weights_it_learned_are_the_synapses_of_the_network(model):
    training = Training(network(model))
    training.run(2)
    net = training.network
    for way in training.drawn.ways:
        found = {row["id"]: row["weight"] for row in net.synapses(way.projection)}
        assert [found[id] for id in way.ids.tolist()] == training.weights(way).tolist()
    again = Training(net)
    assert again.columns[0].tolist() == training.columns[0].tolist()
    assert again.bias.tolist() == training.bias.tolist()


@each_learner
def test_only_a_learner_that_draws_luck_answers_differently_and_its_luck_can_be_turned_off(model):
    training = Training(network(model))
    one, other = (judged_by_seed(training, seed) for seed in (1, 2))
    assert np.array_equal(one, other) or draws_luck(model)
    assert bool(model.luck) <= draws_luck(model)
    if model.luck:
        training.set(**{model.luck: 0.0})
        assert not has_chance(training)
        assert np.array_equal(*(judged_by_seed(training, seed) for seed in (1, 2)))


def judged_by_seed(training: Training, seed: int) -> np.ndarray:
    training.seed = seed
    return training.answers().outputs


def streamed(model: type[Learner], state=None) -> Training:
    feedback = {"": None, "step": ("uniform", -1, 1)}[model.feedback_from]
    sizes = [5, 4, 1] if model.teaches_hidden else [5, 1]
    small = {"steps": float(STEPS), "size": 5.0}
    spread = 4000.0 if "current" in registry.find((alive(model.slug) or ("rate",))[0]).receives else 1.0  # pA
    if feedback:
        feedback = ("uniform", -spread, spread)
    net = layered(sizes, "sines", model.slug, feedback=feedback, spread=spread, of_task=small)
    return Training(net, state=state)


STEPS = 40


@each_stream
def test_a_learner_of_streams_goes_on_to_the_bit_and_asks_without_change(model):
    one = streamed(model)
    one.run(2)
    kept = one.capture()
    one.answers()
    one.run(2)
    again = streamed(model, kept)
    again.run(2)
    assert told(again) == told(one)
    assert again.columns[0].tolist() != streamed(model).columns[0].tolist()
    assert again.counted["samples"] == 4


@each_stream
def test_a_trace_knows_its_two_neurons_and_itself_and_nothing_else(model, measured):
    """The poison test in time: every other neuron and synapse is no number, and no bit changes."""
    training = streamed(model)
    while not (training.tick == STEPS - 1 and training.phases[training.phase_number].does == "trace"):
        training.run_phase()
    S, M = (np.array(side) for side in training.desk(1))
    kernels, clean = training.kernels, training.columns.copy()

    def changed(states) -> np.ndarray:
        """Every column after this step's trace and the update, nothing stored."""
        kernels.trace(*training.arrays(states, M))
        kernels.update(*training.arrays(states, M), False)
        return training.columns.copy()

    wanted = changed(S)
    tried = [(way, k) for way in training.drawn.ways if way.plastic for k in range(way.ids.size)]
    for way, k in tried:
        at, mine = way.first + k, [int(way.pre[k]), int(way.post[k])]
        poisoned = np.full_like(S, np.nan)
        poisoned[:, :, mine] = S[:, :, mine]
        training.columns[:] = np.nan
        training.columns[:, at] = clean[:, at]
        assert np.isfinite(found := changed(poisoned)[:, at]).all()
        assert found.tobytes() == wanted[:, at].tobytes()
    assert (wanted[1] != 0.0).any(), "some synapse would change"
    assert (wanted[2:] != clean[2:]).any(), "and some trace does"
    measured("L1", f"poison test in time, {model.slug}", source="bit-identical", ours="bit-identical",
             tolerance="0", kind="X")  # fmt: skip


@each_stream
def test_a_stream_stepped_by_phase_ends_as_one_that_ran(model):
    whole, steps = streamed(model), streamed(model)
    whole.run(2)
    names = []
    while steps.epoch < 2:
        names.append(steps.run_phase().name)
    each = [phase.name for phase in model.phases[:-1]]
    assert names == 2 * (STEPS * each + [model.phases[-1].name])
    assert told(whole) == told(steps)


@each_stream
def test_a_capture_amid_a_stream_goes_on_as_if_it_had_never_stopped(model):
    one = streamed(model)
    for _ in range(2 * len(model.phases[:-1]) + 1):
        one.run_phase()
    seen = one.frame()
    assert seen.ticks == 3, "two steps are done, the third has begun"
    kept = one.capture()
    one.answers()
    one.run(1)
    again = streamed(model, kept)
    assert np.array_equal(again.frame().states["x"], seen.states["x"])
    again.run(1)
    assert told(again) == told(one)
    whole = streamed(model)
    whole.run(1)
    assert told(whole) == told(one), "the rest of a stream that was begun by hand is run like any other"
