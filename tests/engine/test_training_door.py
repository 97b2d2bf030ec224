"""The door to learning: tasks and learners are edits, travel in files, and say what does not fit."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from engine import Network, Training, load, save
from engine.errors import EditRefused, UnknownName, Unstable, UsageError
from engine.network.checks import check
from engine.network.edits import AddLearner, AddTask, RemoveLearner, RemovePopulation, RemoveTask
from engine.network.parts import Learner, Task
from engine.runtime.training.patterns import table
from tests.learning import layered
from tests.one_of_everything import check_edit


def test_a_task_and_a_learner_are_edits_that_undo_exactly():
    net = layered([2, 3, 1])
    pops = list(net.populations)
    check_edit(net, AddTask(Task(net.ids.one(), "Again", "xor", pops[0], pops[-1], {}, {})))
    check_edit(net, AddLearner(Learner(net.ids.one(), "Second", "backprop", {"eta": 0.3})))
    check_edit(net, RemoveTask(next(iter(net.tasks))))
    check_edit(net, RemoveLearner(next(iter(net.learners))))


def test_setting_a_learner_replaces_the_one_before_and_adding_one_makes_a_race():
    net = layered([2, 3, 1])
    net.set_learner("backprop", {"eta": 0.7})
    assert [learner.params for learner in net.learners.values()] == [{"eta": 0.7}]
    net.add_learner("backprop", {"eta": 0.1}, "Slow")
    assert [learner.label for learner in net.learners.values()] == ["Back-propagation", "Slow"]
    with pytest.raises(UsageError, match="there are 2 learners; say which"):
        Training(net)
    assert Training(net, learner="Slow").learner.params == {"eta": 0.1}


def test_tasks_and_learners_come_back_from_a_file(tmp_path):
    net = layered([2, 3, 1], params={"eta": 0.25})
    net.add_task("Mine", "table", "L0", "L2", None, {"inputs": [[0, 1], [1, 0]], "targets": [[1], [0]]})
    save(net, tmp_path / "a.neuropil")
    back, _ = load(tmp_path / "a.neuropil")
    assert back.canonical()[0] == net.canonical()[0]
    assert next(iter(back.learners.values())).params == {"eta": 0.25}
    mine = next(task for task in back.tasks.values() if task.label == "Mine")
    assert mine.lists["inputs"].tolist() == [0.0, 1.0, 1.0, 0.0]


def test_a_parameter_of_a_learner_is_set_like_any_other():
    net = layered([2, 3, 1])
    learner = next(iter(net.learners))
    net.set(net.set_learner("backprop"), eta=0.5)
    assert next(iter(net.learners.values())).params == {"eta": 0.5}
    assert learner not in net.learners
    with pytest.raises(EditRefused, match="it must be"):
        net.set(next(iter(net.learners)), eta=-1.0)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda net: net.set_learner("backdrop"), r"did you mean 'backprop'"),
        (lambda net: net.add_task("T", "xorr", "L0", "L2"), r"did you mean 'xor'"),
        (lambda net: net.add_task("T", "enc424", "L0", "L2"), "has 4 inputs and 'L0' has 2 neurons"),
        (lambda net: net.add_task("T", "xor", "L0", "L1"), "has 1 target and 'L1' has 3 neurons"),
        (lambda net: net.add_task("T", "xor", "L0"), "it has no target population"),
        (lambda net: net.set_learner("backprop", {"eta": float("nan")}), "is not a number"),
        (lambda net: net.set_learner("backprop", {"etta": 1.0}), r"did you mean 'eta'"),
        (
            lambda net: net.add_task(
                "T", "table", "L0", "L2", None, {"inputs": [1.0, 2.0, 3.0], "targets": [1.0]}
            ),
            "3 inputs do not make rows of 2",
        ),
        (
            lambda net: net.add_task(
                "T", "table", "L0", "L2", None, {"inputs": [1.0, 2.0], "targets": [1.0, 1.0]}
            ),
            "1 pattern of inputs and 2 patterns of targets",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_cure(wrong, says):
    net = layered([2, 3, 1])
    before = net.canonical()[0]
    with pytest.raises(EditRefused, match=says):
        wrong(net)
    assert net.canonical()[0] == before


def test_a_task_whose_population_is_gone_is_a_problem_of_the_network():
    net = layered([2, 3, 1])
    undo = net.apply(RemovePopulation(net.population("L2").id))
    assert any("target population" in str(problem) and "is gone" in str(problem) for problem in check(net))
    undo.apply(net)
    assert check(net) == []


def test_a_network_that_is_not_layered_is_refused_by_a_learner_that_needs_layers():
    net = layered([2, 3, 1])
    way = net.add_projection("Sideways", "L1", "L1")
    net.wire(way, "all_to_all", weight=0.1)
    with pytest.raises(UsageError, match="it needs layers, and 'Sideways' joins neurons of one depth"):
        Training(net)


def test_a_network_without_a_way_to_the_target_is_refused():
    net = Network()
    a = net.add_population("A", "rate_unit", size=2)
    b = net.add_population("B", "rate_unit", size=1)
    net.add_task("T", "xor", a, b)
    net.set_learner("backprop")
    with pytest.raises(UsageError, match="no synapses lead from the input of 'T' to 'B'"):
        Training(net)


def test_neurons_without_a_rate_are_refused():
    net = Network()
    a = net.add_population("A", "rate_unit", size=2)
    b = net.add_population("B", "iaf_psc_exp", size=1)
    net.wire(net.add_projection("W", a, b), "all_to_all", weight=1.0)
    net.add_task("T", "xor", a, b)
    net.set_learner("backprop")
    with pytest.raises(UsageError, match=r"'B' \(iaf_psc_exp\) has no rate"):
        Training(net)


def test_symmetric_feedback_that_is_absent_or_unequal_is_said():
    with pytest.raises(UsageError, match="no feedback synapses lead from 'L2' to 'L1'"):
        Training(layered([2, 3, 1], learner="movellan"))
    net = layered([2, 3, 1], learner="movellan", feedback="mirror")
    Training(net)
    net.set(net.projection("B1").ids[:1], weight=9.0)
    with pytest.raises(UsageError, match="equal weights both ways"):
        Training(net)


def test_synapses_a_learner_has_no_use_for_are_named():
    training = Training(layered([2, 3, 1], feedback="mirror"))
    assert training.notes == ["B1: Back-propagation has no use for its 3 synapses"]
    assert Training(layered([2, 3, 1])).notes == []


def test_settling_that_does_not_settle_is_counted_and_said():
    training = Training(
        layered([2, 3, 1], learner="generec", feedback="mirror", params={"n_max": 2.0, "tol": 0.0})
    )
    training.run(1)
    assert training.counted["unsettled"] == 8
    assert "8 of 12 phases did not settle in 2 steps" in training.notes[-1]


def test_a_weight_that_leaves_all_bounds_is_named():
    net = layered([2, 3, 1], output="linear", hidden="linear", params={"eta": 1000.0}, spread=1.0)
    with pytest.raises(Unstable, match=r"synapse \d+ of 'W\d'.*lower eta"):
        Training(net).run(100)


def test_a_table_of_ones_own_is_read_and_refused_like_any_input(tmp_path):
    good = tmp_path / "good.csv"
    good.write_text("a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n", encoding="utf-8")
    lists = table(good, 2, 1)
    net = layered([2, 4, 1], spread=1.0, params={"eta": 1.0})
    net.remove(next(iter(net.tasks)))
    net.add_task("Mine", "table", "L0", "L2", lists=lists)
    assert Training(net).run(3000, until=True).is_learned()
    np.save(tmp_path / "x.npy", np.ones((3, 3)))
    assert table(tmp_path / "x.npy", 2, 1)["targets"].tolist() == [1.0, 1.0, 1.0]
    for text, says in (
        ("0,1\n", "2 numbers"),
        ("0,0,0\n0,1\n", "row 2 has 2 numbers"),
        ("0,0,nan\n", "no number"),
    ):
        (tmp_path / "bad.csv").write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=says):
            table(tmp_path / "bad.csv", 2, 1)
    with pytest.raises(UsageError, match="a table is a"):
        table(tmp_path / "x.xls", 2, 1)


def test_a_learner_nobody_declared_is_refused_by_name():
    with pytest.raises(UnknownName, match="did you mean 'backprop'"):
        Training(layered([2, 3, 1]), learner="backprob")


def test_a_file_trains_without_a_window_and_goes_on_where_it_was_saved(tmp_path, capsys):
    import json

    from engine.commands import main

    net = layered([2, 4, 1], spread=1.0, params={"eta": 1.0})
    save(net, tmp_path / "a.neuropil")
    whole = Training(net).run(40)
    assert (
        main(["run", str(tmp_path / "a.neuropil"), "--epochs", "25", "--save", str(tmp_path / "b.neuropil")])
        == 0
    )
    capsys.readouterr()
    assert (
        main(
            [
                "run",
                str(tmp_path / "b.neuropil"),
                "--epochs",
                "15",
                "--save",
                str(tmp_path / "c.neuropil"),
                "--json",
            ]
        )
        == 0
    )
    said = json.loads(capsys.readouterr().out)
    assert said["learners"][0]["epochs"] == 40
    back, state = load(tmp_path / "c.neuropil")
    again = Training(back, state=state)
    assert again.columns.tolist() == whole.columns.tolist()
    assert again.bias.tolist() == whole.bias.tolist()
    assert main(["run", str(tmp_path / "a.neuropil")]) == 2
    assert main(["run", str(tmp_path / "a.neuropil"), "--epochs", "1", "--for", "1ms"]) == 2
    assert main(["run", str(tmp_path / "a.neuropil"), "--epochs", "2", "--learner", "silent_outputs"]) == 0
    assert "silent outputs" in capsys.readouterr().out


def test_every_neuron_that_says_how_it_is_trained_is_trained_alike():
    from engine import registry

    found = []
    for model in registry.all("neuron"):
        if not model.trained:
            continue
        net = Network(seed=3)
        luck = np.random.default_rng(3)
        own = {model.trained["curve"]: "logistic", **model.plain.get("logistic", {})}
        pops = [
            net.add_population(f"L{k}", model.slug, size=n, sign=0, params=own)
            for k, n in enumerate((2, 4, 1))
        ]
        for pre, post in pairwise(pops):
            size = len(pre) * len(post)
            net.wire(net.add_projection("W", pre, post), "all_to_all", weight=luck.uniform(-1, 1, size))
        net.add_task("T", "xor", pops[0], pops[2])
        net.set_learner("backprop", {"eta": 1.0})
        training = Training(net).run(50)
        found.append((training.columns[0].tolist(), training.bias.tolist()))
        assert Training(training.network).bias.tolist() == training.bias.tolist()
        for name, value in model.plain.get("logistic", {}).items():
            net.set(pops[1], **{name: value + 0.5})
            with pytest.raises(UsageError, match=f"{name} of 'L1' is not"):
                Training(net)
            net.set(pops[1], **{name: value})
    assert len(found) >= 2
    assert all(one == found[0] for one in found)


def test_weights_that_turned_against_the_sign_of_their_neurons_are_kept_and_told():
    net = layered([2, 3, 1], spread=1.0, seed=5)
    first, second = net.projection("W1"), net.projection("W2")
    for way in (first, second):
        net.set(way.ids, weight=np.abs(net.synapses(way)["weight"]))
        net.set(way.pre, sign=1)
    training = Training(net)
    assert training.notes == []
    training.run(300)
    for way, place in zip((first, second), training.drawn.ways, strict=True):
        learned = training.network.synapses(way)["weight"]
        assert sorted(learned) == sorted(training.weights(place))
        turned = int((learned < 0.0).sum())
        says = (
            f"{way.label}: {turned} of {len(way)} weights turned against {way.pre.label!r}, which excites "
            "(sign +1); give it the sign 0, with which a learner may do so"
        )
        assert (says in training.notes) == (turned > 0)
    assert training.notes
