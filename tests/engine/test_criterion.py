"""When a task counts as learned: the training decides, not who runs it, in what portions, or a lucky draw."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Network, Training, save
from engine.commands import main
from engine.live.race import Race
from engine.runtime.training import asked
from engine.runtime.training.criterion import WINDOW, is_due, judged
from tests.engine.a_race import wait
from tests.learning import layered


def xor(learner: str, params: dict[str, float]) -> Network:
    return layered([2, 6, 1], "xor", learner, seed=2, spread=1.0, params=params)


def first_of_four() -> Network:
    """Sixteen patterns, of which the first neuron is to be repeated: chance gets there soon."""
    made = layered([4, 2, 1], "sym4", "reward_penalty", seed=2, spread=1.0, params={"eta": 0.5})
    made.remove(next(iter(made.tasks)))
    rows = [[float(k >> bit & 1) for bit in range(4)] for k in range(16)]
    lists = {"inputs": [rate for row in rows for rate in row], "targets": [row[0] for row in rows]}
    made.add_task("First", "table", "L0", "L2", None, lists)
    return made


def back() -> Network:
    return xor("backprop", {"eta": 1.0})


def raced(net: Network, portions: list[int]) -> tuple[int | None, int | None]:
    race = Race(net)
    try:
        for epochs in portions:
            race.play(epochs)
            wait(race.is_idle)
        runner = race.look().runners[0]
        assert runner.learned_at == runner.training.learned_at
        return runner.learned_at, runner.training.learned_after
    finally:
        race.close()


@pytest.mark.parametrize(("made", "patterns", "most"), [(back, 4, 300), (first_of_four, 16, 400)])
def test_it_is_learned_at_the_same_epoch_whoever_runs_it_and_however(made, patterns, most):
    until = Training(made()).run(most, until=True)
    found = until.learned_at, until.learned_after
    assert found[0] == until.epoch < most
    assert found[1] == patterns * found[0]
    assert until.is_learned()
    whole, portions = (Training(made()) for _ in range(2))
    whole.run(most)
    while portions.epoch < most:
        portions.run(min(97, most - portions.epoch))
    assert (whole.learned_at, whole.learned_after) == found
    assert (portions.learned_at, portions.learned_after) == found
    assert raced(made(), [most]) == found
    assert raced(made(), [3, 41, most - 44]) == found


def test_the_command_says_the_same_epoch(tmp_path, capsys):
    circuit = back()
    save(circuit, tmp_path / "a.neuropil")
    assert main(["run", str(tmp_path / "a.neuropil"), "--epochs", "300"]) == 0
    at = Training(circuit).run(300, until=True).learned_at
    row = next(line for line in capsys.readouterr().out.splitlines() if "Back-propagation" in line)
    assert row.split()[1:3] == ["300", str(at)]


def test_a_lucky_draw_is_not_learning():
    training = Training(xor("reward_penalty", {"eta": 0.5}))
    lucky = []
    for _ in range(100):
        lucky.append(training.answers(test=False).right == 1.0)
        assert not training.is_learned()
        training.run_epoch()
    assert any(lucky), "at least one draw was right throughout"


def test_chance_is_asked_every_so_many_patterns_with_many_answers_of_its_own_luck():
    training = Training(xor("reward_penalty", {"eta": 0.5}))
    due = []
    for _ in range(1001):
        if is_due(training):
            due.append(training.epoch)
        training.run_epoch()
    assert due == [0, WINDOW // 4, 2 * WINDOW // 4]
    found = judged(training)
    assert found.outputs.shape == (4, 1)
    assert len(np.unique(np.round(found.outputs * 50, 9) % 1)) == 1, "the mean of 50 answers each"
    assert judged(training).error == found.error, "asking again brings the same draws"
    training.set(sampled=0.0)
    probable = training.answers(test=False)
    assert judged(training).error == probable.error, "without chance one answer says it all"


def test_a_capture_remembers_that_it_was_learned():
    one = Training(back()).run(300)
    again = Training(back(), state=one.capture())
    assert one.learned_at is not None
    assert (again.learned_at, again.learned_after) == (one.learned_at, one.learned_after)
    early = Training(back()).run(2)
    assert Training(back(), state=early.capture()).run(298).learned_at == one.learned_at


def test_asking_in_portions_gives_the_same_answers(monkeypatch):
    training = Training(back()).run(5)
    whole = training.answers()
    monkeypatch.setattr(asked, "AT_ONCE", 1)
    assert np.array_equal(training.answers().outputs, whole.outputs)


def test_questions_are_not_charged_as_training():
    training = Training(back())
    training.judge()
    assert training.seconds == 0.0
    assert training.run(20).seconds > 0.0
