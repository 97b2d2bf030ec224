"""Laws of tasks: each card draws what it can learn with, and no learner meets a task without a word."""

from __future__ import annotations

from functools import cache

import pytest

from editor.drawing import teaching
from engine import Network, Training, registry
from engine.errors import NeuropilError

TASKS = registry.all("task")
LEARNERS = registry.all("learner")
each_task = pytest.mark.parametrize("task", TASKS, ids=lambda t: t.slug)
each_learner = pytest.mark.parametrize("learner", LEARNERS, ids=lambda m: m.slug)


@cache
def drawn(slug: str) -> Network:
    """What the card of a task draws on an empty canvas."""
    net = Network(seed=1)
    teaching.task(net, slug).apply(net)
    return net


@each_task
def test_the_card_of_a_task_brings_a_learner_that_trains_it(task):
    net = drawn(task.slug).copy()
    (record,) = net.learners.values()
    assert teaching.troubles(net) == {record.id: ""}
    if task.lists:
        with pytest.raises(NeuropilError, match="has no patterns; give it some"):
            Training(net)
        return
    training = Training(net).run(1)
    assert training.epoch == 1
    assert (training.columns[0] != training.drawn.weight).any()


@each_task
@each_learner
def test_every_learner_trains_a_task_or_says_in_words_why_it_cannot(task, learner):
    net = drawn(task.slug).copy()
    edit = teaching.learner(net, learner.slug)
    if not isinstance(edit, str):
        edit.apply(net)
    record = next(r for r in net.learners.values() if r.model == learner.slug)
    trouble = teaching.troubles(net)[record.id]
    assert trouble or task.lists or learner.streams == task.streams
    if trouble or task.lists:
        with pytest.raises(NeuropilError) as refused:
            Training(net, learner=record.id)
        assert not trouble or trouble.startswith(str(refused.value))
        return
    training = Training(net, learner=record.id)
    training.run_batch()
    assert training.counted["samples"] == training.size


@each_task
def test_what_a_task_draws_has_the_sizes_it_declares(task):
    net = drawn(task.slug)
    sizes = [len(population) for population in net.populations.values()]
    inputs, targets = task.sizes(task.row())
    assert sizes[1:] == [one.size or targets for one in task.levels] or not task.levels
    assert sizes[0] == inputs or inputs is None
    for way in net.projections.values():
        assert way.post != way.pre or not (way.synapses.pre == way.synapses.post).any()


def test_a_stream_is_no_task_for_a_learner_of_patterns_nor_the_other_way_round():
    net = drawn("sines").copy()
    teaching.learner(net, "backprop").apply(net)
    (told,) = (words for words in teaching.troubles(net).values() if words)
    assert told.startswith(
        "Back-propagation: it learns from single patterns, and 'A sum of sines, in time' has streams in "
        "time; choose a learner of streams in time, such as e-prop;"
    )
    net = drawn("xor").copy()
    teaching.learner(net, "eprop").apply(net)
    assert any("such as Back-propagation or" in words for words in teaching.troubles(net).values())


def test_a_learner_that_teaches_the_target_only_refuses_neurons_in_between():
    net = drawn("sines").copy()
    teaching.learner(net, "cerebellar").apply(net)
    told = next(words for words in teaching.troubles(net).values() if words)
    assert "it teaches the target only, and 'Hidden' lies before it; wire the input straight" in told
