"""Set-ups nobody can mean, and those that train less than is drawn: said in words, before or meanwhile."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from engine import Training, save
from engine.commands import main
from engine.errors import EditRefused, Unstable, UsageError
from engine.network.edits import RemoveSynapses
from engine.runtime.training.patterns import table
from tests.learning import layered

RNG = np.random.default_rng(5)
SEVEN = {"inputs": RNG.uniform(0, 1, (7, 5)), "targets": RNG.uniform(0, 1, (7, 3))}


def small(learner="backprop", feedback=None, lists=SEVEN, **more):
    return layered([5, 4, 3], "table", learner, feedback=feedback, lists=lists, **more)


@pytest.mark.parametrize(
    ("lists", "says"),
    [
        (
            {"inputs": np.ones((5, 2)), "targets": np.ones((2, 3))},
            r"inputs has the shape \(5, 2\).*rows of 5",
        ),
        (
            {"inputs": np.ones((2, 5)), "targets": np.ones((3, 2))},
            r"targets has the shape \(3, 2\).*rows of 3",
        ),
        ({"inputs": np.ones((2, 1, 5)), "targets": np.ones((2, 3))}, r"shape \(2, 1, 5\)"),
        ({"inputs": np.ones((2, 5)) * 1j, "targets": np.ones((2, 3))}, "inputs cannot be"),
        ({"inputs": [[1.0, 2.0], [3.0]], "targets": [1.0]}, "inputs cannot be"),
        ({"inputs": np.array(["2020-01-01"] * 5, "M8[D]"), "targets": [1.0]}, "inputs cannot be"),
    ],
)
def test_a_table_that_lies_another_way_is_not_read_as_if_it_did_not(lists, says):
    with pytest.raises(UsageError, match=says):
        small(lists=lists)
    net = small()
    task = next(iter(net.tasks))
    with pytest.raises(UsageError):
        net.set(task, **lists)
    assert net.tasks[task].lists["inputs"].tolist() == SEVEN["inputs"].ravel().tolist()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x,0,1\n0,1,0\n1,1,0\n", r"row 1 holds 'x'.*heading"),
        ("a,b,c\nNA,NA,NA\n0,1,0\n", r"row 2 holds 'NA'"),
        (",0,1\n0,1,0\n", "row 1 has a cell with nothing in it"),
        ("a,b,c\n\n0,1,0\n0,1\n", "row 4 has 2 numbers, the first 3"),
        ("a,b,c\n0,1,0\n0,1,inf\n", "row 3 holds no number"),
        ("0,5;1,5;2\n1;2;3\n", "row 1 holds '0,5'"),
        ("", "a table is rows of numbers"),
        ("a,b,c\n", "a table is rows of numbers"),
    ],
)
def test_no_row_of_a_table_is_left_out_unsaid(tmp_path, text, says):
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        table(path, 2, 1)


@pytest.mark.parametrize(
    "text", ["a,b,c\n1,0,1\n0,1,0\n", '"1","0","1"\n"0","1","0"\n', "1;0;1\n0;1;0\n", "1\t0\t1\n0\t1\t0"]
)
def test_tables_as_others_write_them_are_read(tmp_path, text):
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    assert {name: column.tolist() for name, column in table(path, 2, 1).items()} == {
        "inputs": [1.0, 0.0, 0.0, 1.0], "targets": [1.0, 0.0],
    }  # fmt: skip


@pytest.mark.parametrize(
    "array", [np.ones((2, 3)) * 1j, np.zeros(2, [("a", float), ("b", float)]), np.ones((2, 2, 3)), np.ones(3)]
)
def test_arrays_that_are_no_table_are_refused(tmp_path, array):
    np.save(tmp_path / "mine.npy", array)
    with pytest.raises(UsageError, match=r"mine\.npy"):
        table(tmp_path / "mine.npy", 2, 1)


@pytest.mark.parametrize(
    ("inputs", "targets", "says"),
    [
        (np.ones((0, 5)), np.ones((0, 3)), "there are no patterns"),
        (np.ones((2, 2, 5)), np.ones((2, 2, 3)), "inputs cannot be"),
        (np.ones((2, 5)), np.ones((3, 3)), "2 inputs and 3 targets"),
        (np.ones((2, 5)) * 1j, np.ones((2, 3)), "inputs cannot be"),
        ([["a"] * 5], np.ones((1, 3)), "inputs cannot be"),
    ],
)
def test_a_question_about_patterns_that_do_not_fit_is_refused(inputs, targets, says):
    training = Training(small())
    for ask in (training.answers, training.update_for):
        with pytest.raises(UsageError, match=says):
            ask(inputs, targets)


def test_a_question_about_streams_that_do_not_fit_is_refused():
    training = Training(layered([24, 3, 2], "xor_in_time", "eprop", feedback=("normal", 0.0, 1.0)))
    for shapes, says in (
        (((2, 30, 24), (2, 20, 2)), "2 of 30 steps inputs and 2 of 20 steps targets"),
        (((400, 24), (2, 400, 2)), "1 of 400 steps inputs and 2 of 400"),
        (((2, 24), (2, 2)), "streams of 2 steps end before step 200"),
        (((0, 400, 24), (0, 400, 2)), "there are no streams"),
        (((24,), (2,)), "inputs cannot be"),
    ):
        with pytest.raises(UsageError, match=says):
            training.answers(*(np.zeros(shape) for shape in shapes))
    one = training.answers(np.zeros((400, 24)), np.zeros((400, 2)))
    assert one.outputs.shape == (1, 400, 2)


@pytest.mark.parametrize(
    ("sizes", "task", "params", "says"),
    [
        ([150, 4, 1], "familiarity", {"size": 150.5}, "whole number"),
        ([96, 4, 8], "area7a", {"pairs": 2.5}, "whole number"),
        ([64, 4, 10], "split_digits", {"replay": 0.5}, "whole number"),
        ([64, 4, 10], "split_digits", {"epochs": 1.5}, "whole number"),
        ([1, 1], "eyeblink", {"size": 1.0}, "between 2 and"),
    ],
)
def test_half_a_pattern_is_refused(sizes, task, params, says):
    with pytest.raises(EditRefused, match=says):
        layered(sizes, task, of_task=params)


def test_a_puff_after_the_end_of_the_trial_is_refused():
    net = layered([200, 1], "eyeblink", "cerebellar", of_task={"puff": 900.0})
    with pytest.raises(UsageError, match=r"puff is at step 900 and a stream has 800; choose less than 800"):
        Training(net)


def test_a_way_without_synapses_leads_nowhere():
    net = small()
    net.apply(RemoveSynapses(net.projection("W1").ids))
    with pytest.raises(UsageError, match="no synapses lead from the input of 'Task' to 'L2'"):
        Training(net)


def test_a_shortcut_is_named_as_what_leaps():
    net = small()
    net.wire(net.add_projection("Skip", "L0", "L2"), "all_to_all", weight=0.1)
    with pytest.raises(UsageError, match="it needs layers, and 'Skip' leads past 'L1'; remove it or 'W2'"):
        Training(net)


def test_half_an_id_is_no_population():
    with pytest.raises(UsageError, match=r"1\.5 is not a population"):
        small().add_task("T", "table", 1.5, "L2")


@pytest.mark.parametrize("left", [("training/where",), ("training/bias",), ("training/counts",)])
def test_a_capture_with_something_missing_is_refused(left):
    state = Training(small()).run(1).capture()
    for name in left:
        del state[name]
    with pytest.raises(UsageError, match="what `capture` of a training"):
        Training(small(), state=state)
    state = Training(small()).run(1).capture()
    state["training/bias"] = state["training/bias"][:2]
    with pytest.raises(UsageError, match="of a training of this network"):
        Training(small(), state=state)


def test_neurons_that_no_feedback_reaches_are_told():
    net = small("feedback_alignment", ("normal", 0.0, 1.0))
    net.apply(RemoveSynapses(net.projection("B1").ids[3:]))
    assert Training(net).notes == [
        "L1: no feedback synapse reaches 3 of 4 neurons, so they are not taught; draw some"
    ]


def test_neurons_the_input_does_not_reach_are_told():
    net = small()
    away = net.add_population("Away", "rate_unit", size=4, sign=0)
    net.wire(net.add_projection("From away", away, "L2"), "all_to_all", weight=0.1)
    assert Training(net).notes == ["From away: no use for its 12 synapses; the input does not reach 'Away'"]


def test_a_drawing_in_which_no_synapse_learns_is_told():
    net = small()
    for label in ("W1", "W2"):
        net.set(net.projection(label), frozen=True)
    assert Training(net).notes == [
        "no synapse learns: all are frozen or rest; let those go that are to learn"
    ]


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"late": 14.0}, "targets come 14 patterns late and an epoch has 7: it is as if they came 0 late"),
        ({"batch": 1000.0}, "batch is 1000 and an epoch has 7 patterns"),
    ],
)
def test_numbers_larger_than_the_task_are_told(params, says):
    (note,) = Training(small(params=params)).notes
    assert says in note
    assert Training(small(params={name: 6.0 for name in params})).notes == []


def test_the_command_says_that_one_of_two_cannot_train_before_it_trains_the_other(tmp_path, capsys):
    net = layered([2, 3, 1])
    net.add_learner("generec")
    save(net, tmp_path / "two.neuropil")
    assert main(["run", str(tmp_path / "two.neuropil"), "--epochs", "100000000"]) == 1
    said = capsys.readouterr()
    assert "GeneRec: no feedback synapses lead from 'L2' to 'L1'" in said.err
    assert not said.out


@pytest.mark.parametrize(
    ("curve", "targets", "says"),
    [
        ("logistic", [5.0, -3.0], "L2: targets go from -3 to 5 and its neurons say 0 to 1"),
        ("tanh", [-1.0, 2.0], "L2: targets go from -1 to 2 and its neurons say -1 to 1"),
        ("relu", [-1.0, 9.0], "and its neurons say 0 to inf"),
        ("relu", [0.0, 9.0], ""),
        ("linear", [-8.0, 9.0], ""),
    ],
)
def test_targets_that_no_neuron_can_say_are_told(curve, targets, says):
    lists = {"inputs": [0.0, 1.0, 1.0, 0.0], "targets": targets}
    notes = Training(layered([2, 3, 1], "table", output=curve, lists=lists)).notes
    assert [says in note for note in notes] == ([True] if says else [])


@pytest.mark.parametrize("slug", ["reward_penalty", "burst"])
def test_rates_that_are_no_chances_are_told_where_a_learner_takes_them_for_such(slug):
    feedback = ("normal", 0.0, 1.0) if slug == "burst" else None
    assert Training(layered([2, 3, 1], learner=slug, feedback=feedback)).notes == []
    (note,) = Training(layered([2, 3, 1], learner=slug, hidden="tanh", feedback=feedback)).notes
    assert note.startswith("L1: ")
    assert "takes rates for chances, from 0 to 1, which those of tanh neurons are not" in note


def test_a_switch_in_the_way_rows_of_many_lengths_and_two_tasks_are_said_as_they_are():
    net = small()
    net.set(net.projection("W1"), enabled=False)
    with pytest.raises(UsageError, match="switch 'W1' on again, or wire them"):
        Training(net)
    ragged = {"inputs": [[0, 1], [1]], "targets": [[0], [1]]}
    with pytest.raises(UsageError, match="in rows of one length; these have 1 to 2"):
        layered([2, 3, 1], "table", lists=ragged)
    net = layered([2, 3, 1])
    net.add_task("Other", "xor", "L0", "L2")
    with pytest.raises(UsageError, match=r"there are 2 tasks; say which, by task=.*: 'Task', 'Other'"):
        Training(net)


def test_a_learner_that_is_switched_off_is_not_said_to_be_missing():
    net = layered([2, 3, 1])
    net.set(next(iter(net.learners)), enabled=False)
    with pytest.raises(UsageError, match=r"every learner is switched off; .* by learner='Back-propagation'"):
        Training(net)
    assert Training(net, learner="Back-propagation").run(1).epoch == 1


def test_what_became_unstable_has_no_network_to_keep_until_it_is_restored():
    training = Training(layered([2, 3, 1], output="linear", params={"eta": 900.0}))
    before = training.capture()
    with pytest.raises(Unstable, match="no number any more"):
        training.run(500)
    with pytest.raises(Unstable, match="no number any more"):
        training.network  # noqa: B018
    training.restore(before)
    training.set(eta=0.1)
    assert np.isfinite(training.run(3).network.synapses("W1")["weight"]).all()


@pytest.mark.parametrize("more", [[], ["--seeds", "2"], ["--json"]])
def test_a_file_that_cannot_be_trained_is_a_problem_of_the_file_and_not_of_the_command(
    tmp_path, capsys, more
):
    save(layered([2, 3, 1], learner="generec"), tmp_path / "a.neuropil")
    assert main(["run", str(tmp_path / "a.neuropil"), "--epochs", "1", *more]) == 1
    said = capsys.readouterr()
    assert "GeneRec: no feedback synapses lead from 'L2' to 'L1'" in said.err
    if more == ["--json"]:
        assert json.loads(said.out)["ok"] is False


def test_one_that_becomes_unstable_does_not_keep_the_others_from_being_told(tmp_path, capsys):
    net = layered([2, 3, 1], output="linear", params={"eta": 900.0})
    net.add_learner("backprop", {"eta": 0.1}, "Slow")
    save(net, tmp_path / "two.neuropil")
    run = ["run", str(tmp_path / "two.neuropil"), "--epochs", "40"]
    assert main(run) == 3
    told = capsys.readouterr().out
    assert "Slow" in told
    assert re.search(r"^Back-propagation: .*no number", told, re.MULTILINE)
    assert main([*run, "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is False
    assert [bool(row["trouble"]) for row in found["learners"]] == [True, False]
    assert found["learners"][1]["epochs"] == 40
    assert main([*run, "--learner", "Slow"]) == 0
    assert main([*run, "--learner", "Back-propagation"]) == 3
    capsys.readouterr()
    assert main([*run, "--seeds", "2"]) == 3
    assert "Back-propagation, seed 1: " in capsys.readouterr().out


def test_nothing_is_said_of_a_training_that_is_as_drawn():
    assert Training(small()).run(1).notes == []
