"""Gathering evidence over time by e-prop on adaptive neurons, and what it takes (measure X5)."""

from __future__ import annotations

import numpy as np
import pytest

from editor.drawing import teaching
from engine import Network, Training
from engine.errors import UsageError
from engine.runtime.training.shown import of_streams
from tests.references.seeds import shown

QUIET = {"eta": 0.005, "rate_cost": 1.0, "rate": 20.0}


def drawn(seed: int, **params: float | str) -> Network:
    """What the card of the task draws, with a learning rate and a firing rate of its own."""
    net = Network(dt=1.0, seed=seed)
    teaching.task(net, "evidence").apply(net)
    (learner,) = net.learners.values()
    assert learner.model == "eprop"
    net.set(learner.id, **QUIET, **params)
    return net


def right(seed: int, epochs: int, how: str) -> float:
    """The share right in the test over the last four epochs, with everything or with one thing missing."""
    net = drawn(seed, **({"eligibility": "cut"} if how == "no eligibility" else {}))
    if how == "readout only":
        for way in list(net.projections.values())[:2]:
            net.set(way.id, frozen=True)
    if how == "no adaptation":
        net.set(net.population("Hidden"), beta=0.0)
    training = Training(net).run(epochs - 4)
    return float(np.mean([training.run(1).answers().right for _ in range(4)]))


@pytest.mark.parametrize(
    ("seeds", "epochs", "without"),
    [
        pytest.param((1,), 16, ["no eligibility"], id="reduced", marks=pytest.mark.slow),
        pytest.param(
            (1, 2, 3), 20, ["no eligibility", "readout only", "no adaptation"], id="complete",
            marks=pytest.mark.long,
        ),
    ],
)  # fmt: skip
def test_X5_eprop_gathers_evidence_and_without_eligibility_it_stays_at_chance(
    seeds, epochs, without, measured
):
    found = {how: [right(seed, epochs, how) for seed in seeds] for how in ("whole", *without)}
    measured(
        "X5-A6", f"gathering evidence, {32 * epochs} trials: right in the test, e-prop; {'; '.join(without)}",
        source="learned; chance" if len(without) == 1 else "learned; chance; -; not",
        ours="; ".join(shown(100 * np.array(each)) for each in found.values()) + " %",
        tolerance="> 75 %; < 65 % (means)", kind="S",
    )  # fmt: skip
    assert np.mean(found["whole"]) > 0.75
    assert np.mean(found["no eligibility"]) < 0.65


def test_the_right_side_of_a_trial_had_more_cues_and_the_question_comes_last():
    training = Training(drawn(3))
    stage, p = training.stage, training.lesson.params
    size, quiet = int(p.size), training.lesson.asked_from - int(p.wait)
    left, other, asks = (stage.inputs[:, :, g * size : (g + 1) * size] for g in range(3))
    more = other[:, :quiet].sum(axis=(1, 2)) > left[:, :quiet].sum(axis=(1, 2))
    yes = stage.targets[:, -1, 0] == 1.0
    assert (more == yes).mean() > 0.95, "cues are spikes by chance, so a count may err"
    assert 0.2 < yes.mean() < 0.8
    assert not asks[:, : training.lesson.asked_from].any()
    assert asks[:, training.lesson.asked_from :].any()
    assert not stage.targets[:, : training.lesson.asked_from].any(), "nobody is told before"
    assert not np.array_equal(stage.inputs, stage.test_inputs)


def test_a_question_longer_than_the_stream_is_refused_in_words():
    net = Network(dt=1.0, seed=1)
    teaching.task(net, "xor_in_time").apply(net)
    net.set(next(iter(net.tasks)), answer=500.0)
    with pytest.raises(UsageError, match="answer is 500 steps and a stream has 400; choose at most 400"):
        Training(net)


def test_an_answer_in_time_is_the_kind_of_target_it_is_most_like_and_silence_is_none():
    kinds = np.eye(2)
    targets = np.repeat(kinds[[0, 1, 0, 1]][:, None], 4, axis=1)
    outputs = np.zeros((4, 4, 2))
    outputs[0, 3, 0] = outputs[1, 3, 0] = outputs[2, 0, 0] = 1.0  # right, wrong, too early, silent
    found = of_streams(outputs, targets, 2, kinds)
    assert (found.right, found.error) == (0.25, 0.75)
