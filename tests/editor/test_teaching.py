"""Cards of tasks and learners: they draw what is needed, as one edit, and the result can be trained."""

import numpy as np
import pytest

from editor.drawing import teaching
from engine import Network, Training, registry
from engine.network.teaching import untrainable

TASKS = [m for m in registry.all("task") if m.sizes(m.row())[0]]


@pytest.mark.parametrize("task", TASKS, ids=lambda t: t.slug)
def test_a_task_on_an_empty_canvas_draws_a_network_that_can_be_trained(task):
    net = Network(seed=1)
    back = teaching.task(net, task.slug).apply(net)
    inputs, targets = task.sizes(task.row())
    sizes = [len(p) for p in net.populations.values()]
    assert sizes[0] == inputs
    assert sizes[-1] == targets
    at = np.concatenate([p.positions for p in net.populations.values()])
    assert len(np.unique(np.round(at, 3), axis=0)) == len(at), "no neuron stands on another"
    if task.slug in ("xor", "enc424"):
        Training(net).run(2)
    back.apply(net)
    assert not net.populations
    assert not net.tasks
    assert not net.learners


@pytest.mark.parametrize("learner", registry.all("learner"), ids=lambda m: m.slug)
def test_a_learner_brings_the_feedback_it_needs(learner):
    net = Network(seed=1)
    teaching.task(net, "xor").apply(net)
    before = net.synapse_count
    edit = teaching.learner(net, learner.slug)
    if isinstance(edit, str):
        assert "already" in edit
        return
    back = edit.apply(net)
    record = next(r for r in net.learners.values() if r.model == learner.slug)
    job = next(iter(net.tasks.values()))
    wrong = [str(p) for p in untrainable(net, record, job) if "feedback" in str(p)]
    assert not wrong
    assert (net.synapse_count > before) == bool(learner.feedback_from)
    back.apply(net)
    assert net.synapse_count == before


@pytest.mark.parametrize(("task", "sizes"), [("enc424", [4, 2, 4]), ("enc838", [8, 3, 8])])
def test_an_encoder_is_drawn_with_its_bottleneck(task, sizes):
    net = Network(seed=1)
    teaching.task(net, task).apply(net)
    assert [len(population) for population in net.populations.values()] == sizes


def test_familiarity_is_drawn_so_that_the_decision_reads_the_mean_of_its_sheet():
    net = Network(seed=1)
    teaching.task(net, "familiarity").apply(net)
    teaching.learner(net, "frequency_gated").apply(net)
    first, read, inhibition = net.projections.values()
    assert len(first) == 2000
    assert set(read.synapses.weight.tolist()) == {1 / 20}
    assert set(inhibition.synapses.weight.tolist()) == {1.0}
    training = Training(net, learner="frequency_gated")
    before, stage = training.columns[0].copy(), training.stage
    novel = training.answers(stage.inputs, stage.targets).error
    training.run(10)
    moved = {
        way.projection for way in training.drawn.ways if (training.weights(way) != before[way.here]).any()
    }
    assert moved == {first.id}
    assert training.answers(stage.inputs, stage.targets).error < novel / 3


def test_the_network_is_small_at_first_and_the_same_for_the_same_seed():
    nets = []
    for seed in (1, 1, 2):
        net = Network(seed=seed)
        teaching.task(net, "xor").apply(net)
        nets.append(np.concatenate([p.synapses.weight for p in net.projections.values()]))
    assert np.array_equal(nets[0], nets[1])
    assert not np.array_equal(nets[0], nets[2])
    assert np.abs(nets[0]).max() < 3.0


def test_a_task_joins_what_is_drawn_and_takes_the_place_of_the_one_before():
    net = Network(seed=1)
    teaching.task(net, "enc424").apply(net)
    count = net.neuron_count
    found = teaching.task(net, "enc424").apply(net)
    assert net.neuron_count == count
    assert len(net.tasks) == 1
    found.apply(net)
    assert len(net.tasks) == 1


def test_what_is_missing_is_said_in_words():
    net = Network(seed=1)
    assert "needs a task" in teaching.learner(net, "backprop")
    net.add_population("One", teaching.rate_model(), size=2, sign=0)
    assert "draw rate neurons in layers" in teaching.task(net, "xor")


def test_keeping_what_was_learned_is_one_edit_that_undo_takes_back():
    net = Network(seed=1)
    teaching.task(net, "xor").apply(net)
    after = Training(net).run(20).network
    before = np.concatenate([p.synapses.weight for p in net.projections.values()])
    back = teaching.learned(net, after, "it").apply(net)
    for id, way in net.projections.items():
        assert np.array_equal(way.synapses.weight, after.projections[id].synapses.weight)
    assert np.array_equal(Training(net).answers().outputs, Training(after).answers().outputs)
    back.apply(net)
    assert np.array_equal(np.concatenate([p.synapses.weight for p in net.projections.values()]), before)
    assert teaching.learned(net, net.copy(), "it") is None
