"""The history: entries, what a receipt changes in them, runs, the saved mark, the memory they may hold."""

import numpy as np
import pytest

from editor.document.history import History, Leap, Part, Run, Side, Step, span
from engine.network.edits import Compound, MoveNeurons, RemoveNeurons


def step(label, *numbers):
    parts = [Part(RemoveNeurons([n]), MoveNeurons([n], [[0.0, 0.0, 0.0]]), n) for n in numbers or (1,)]
    return Step(label, parts)


def leap(size=0):
    return Leap("go back", Side(None, {"a": np.zeros(size, np.uint8)}))


def test_a_receipt_replaces_the_inverse_of_what_was_done_and_the_edit_of_what_was_undone():
    engines = MoveNeurons([1], [[9.0, 9.0, 9.0]])
    part = Part(RemoveNeurons([1]), MoveNeurons([1], [[0.0, 0.0, 0.0]]), 5)
    part.settle(engines)
    assert part.inverse == engines
    assert part.edit == RemoveNeurons([1])
    part = Part(RemoveNeurons([1]), MoveNeurons([1], [[0.0, 0.0, 0.0]]), 6, answers="edit")
    part.settle(engines)
    assert part.edit == engines
    assert part.number is None


def test_a_step_is_settled_when_every_receipt_was_read():
    history = History()
    history.push(step("tidy", 1, 2))
    assert not history.last.is_settled
    history.part(1)[1].settle(None)
    assert not history.last.is_settled
    history.part(2)[1].settle(None)
    assert history.last.is_settled
    assert history.part(1) is None


def test_a_step_of_several_edits_is_undone_in_reverse():
    entry = step("tidy", 1, 2, 3)
    assert isinstance(entry.inverse, Compound)
    assert [part.ids.tolist() for part in entry.inverse.edits] == [[3], [2], [1]]
    assert entry.inverse.label == "tidy"
    assert [part.ids.tolist() for part in entry.edit.edits] == [[1], [2], [3]]


def test_receipts_are_found_among_what_was_undone_too():
    history = History()
    entry = step("move", 4)
    history.undone.append(entry)
    assert history.part(4)[0] is entry
    history.settle_all()
    assert entry.is_settled


def test_a_run_keeps_undone_edits_redoable_but_not_undone_runs():
    history = History()
    history.undone.append(step("move"))
    history.begin_run(Run())
    assert history.redo_label == "move"
    history.undone.append(leap())
    history.begin_run(Run())
    assert history.redo_label == ""


@pytest.mark.parametrize(
    ("weights", "grown", "pruned", "label"),
    [
        (37, 3, 5, "run 0-2.4 s: 37 weights, +3 / -5 synapses"),
        (1, 0, 0, "run 0-2.4 s: 1 weight"),
        (0, 0, 2, "run 0-2.4 s: +0 / -2 synapses"),
        (0, 0, 0, "run 0-2.4 s"),
    ],
)
def test_a_run_says_what_it_did(weights, grown, pruned, label):
    run = Run(start=0.0, stop=2400.0, weights=weights, grown=grown, pruned=pruned)
    run.describe()
    assert run.label == label


def test_times_are_told_in_the_unit_that_fits():
    assert span(0.0, 12.5) == "0-12.5 ms"
    assert span(0.0, 999.9) == "0-999.9 ms"
    assert span(1500.0, 62_000.0) == "1.5-62 s"


def test_the_saved_mark_is_of_a_moment_and_a_run_that_goes_on_leaves_it():
    history = History()
    assert history.is_saved
    run = Run(start=0.0, stop=10.0)
    history.begin_run(run)
    assert not history.is_saved
    mark = history.mark()
    run.stop = 20.0
    history.saved(mark)  # the file was written while the run went on
    assert not history.is_saved
    run.stop = 10.0
    assert history.is_saved


def test_captures_beyond_the_memory_are_given_up_from_the_oldest_with_all_below_them():
    history = History()
    for entry in (step("a"), leap(100), step("b"), leap(100), step("c"), leap(100), step("d")):
        history.push(entry)
    assert not history.trim(budget=300)
    assert history.trim(budget=250)
    assert [entry.label for entry in history.done] == ["b", "go back", "c", "go back", "d"]
    assert history.trim(budget=0)
    assert [entry.label for entry in history.done] == ["c", "go back", "d"]  # the newest is kept all the same
    assert not history.trim(budget=0)


def test_the_run_going_on_is_the_open_one():
    history = History()
    done, going = Run(is_open=False), Run()
    history.begin_run(done)
    assert history.run is None
    history.begin_run(going)
    history.push(step("edit during it"))
    assert history.run is going
    history.drop(going)
    assert history.run is None
