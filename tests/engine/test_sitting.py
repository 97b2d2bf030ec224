"""A sitting: two subjects answer the same trials, one of them as it was set, and both are counted."""

import threading

import numpy as np
import pytest

from engine import registry
from engine.errors import UsageError
from engine.live.sitting import BLOCK, FAST, HOLD, Pair, Sitting

MODEL = registry.find("basal_ganglia", "router")


def after(pair, trials):
    """A pair that has answered so many more trials."""
    for _ in range(2 * trials):
        pair.go_on(FAST)
    return pair.view()


def test_equal_subjects_answer_alike_to_the_bit():
    set_, healthy = after(Pair(MODEL), 4).subjects
    assert set_.counts == healthy.counts == {"right": 4, "wrong": 0, "none": 0}
    assert [a.time for a in set_.answers] == [a.time for a in healthy.answers]
    assert all(np.array_equal(set_.gates[name], healthy.gates[name]) for name in MODEL.states)


def test_the_same_seed_gives_the_same_sitting_and_starting_over_begins_it_anew():
    pair = Pair(MODEL, seed=5)
    first = after(pair, 3)
    pair.restart()
    again = after(pair, 3)
    assert again.subjects[0].answers == first.subjects[0].answers
    assert again.trial == first.trial
    assert after(Pair(MODEL, seed=6), 3).subjects[0].answers != first.subjects[0].answers


def test_without_dopamine_one_is_silent_and_the_healthy_one_answers():
    pair = Pair(MODEL)
    pair.turn({"dopamine": 0.5, "limit": 400.0})
    pair.go_on(FAST)  # the trial that was on is not counted
    assert sum(pair.view().subjects[0].counts.values()) == 0
    set_, healthy = after(pair, 3).subjects
    assert set_.counts == {"right": 0, "wrong": 0, "none": 3}
    assert healthy.counts["right"] == 3
    assert np.isnan(set_.mean_time)
    assert 100.0 < healthy.mean_time < 300.0


def test_without_the_indirect_pathway_words_slip_through_and_agreeing_ones_are_right():
    pair = Pair(MODEL)
    pair.turn({"loss": 1.0})
    pair.restart()
    set_, healthy = after(pair, 12).subjects
    assert set_.counts["wrong"] > 4
    assert healthy.counts["wrong"] == 0
    pair.ask(0, agree=True)
    view = after(pair, 4)
    assert view.shown[0] == view.shown[1]
    assert view.subjects[0].counts == {"right": 4, "wrong": 0, "none": 0}
    pair.ask(1, agree=False)
    view = after(pair, 3)
    assert view.asked == 1
    assert view.shown[0] != view.shown[1]
    assert view.subjects[0].counts["right"] == 3


def test_an_answer_stays_for_a_while_and_old_answers_are_dropped(monkeypatch):
    monkeypatch.setattr("engine.live.sitting.KEPT", 4)
    pair = Pair(MODEL)
    pair.go_on(FAST)
    for _ in range(int(HOLD / BLOCK) - 1):
        pair.go_on(BLOCK)
        assert pair.view().trial == 1
    pair.go_on(BLOCK)
    assert pair.view().trial == 2
    pair.ask(1, agree=True)
    view = after(pair, 7)
    assert len(view.subjects[0].answers) == 4
    assert view.subjects[0].counts["right"] == 7


def waits_for(sitting, condition):
    ready = threading.Event()
    for _ in range(20_000):
        if condition(sitting.look()):
            return sitting.look()
        ready.wait(0.002)
    raise AssertionError("waited too long")


def test_a_sitting_answers_on_its_own_thread_and_rests_when_asked():
    sitting = Sitting(MODEL)
    try:
        assert sitting.look().trial == 1
        sitting.turn({"dopamine": 0.9})
        sitting.set_pace(FAST)
        sitting.play()
        seen = waits_for(sitting, lambda view: sum(view.subjects[0].counts.values()) > 2)
        assert seen.values["dopamine"] == 0.9
        sitting.pause()
        rest = waits_for(sitting, lambda view: not view.is_running)
        assert not sitting.wanted
        sitting.set_pace(0.25)
        sitting.restart()
        assert waits_for(sitting, lambda view: view.version > rest.version + 1).trial == 1
        sitting.play()
        waits_for(sitting, lambda view: view.t >= 2 * BLOCK)
        with pytest.raises(UsageError, match="between 0 and 2"):
            sitting.turn({"dopamine": 9.0})
    finally:
        sitting.close()
