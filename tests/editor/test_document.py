"""A document with no engine: do, undo, redo, gestures, and who is told what changed."""

import gc

import pytest

from editor.document import news as news_module
from editor.document.document import Document
from engine.errors import EditRefused
from engine.network import edits as edits_module
from engine.network.edits import (
    AddSynapses,
    MoveNeurons,
    RemoveNeurons,
    RemovePopulation,
    SetNetwork,
    SetParams,
    SetSynapses,
)
from tests.live_toy import everything, small_network


def test_undo_takes_back_and_redo_makes_again_byte_for_byte():
    document = Document(small_network())
    seen = [everything(document.network)]
    edits = [
        RemoveNeurons([2]),
        MoveNeurons([3], [[5.0, 6.0, 7.0]]),
        SetSynapses([14], "weight", [33.0]),
        RemovePopulation(7),
        SetNetwork({"title": "another"}),
    ]
    for edit in edits:
        assert document.do(edit)
        seen.append(everything(document.network))
    for place in range(len(edits) - 1, -1, -1):
        assert document.undo()
        assert everything(document.network) == seen[place]
    for place in range(1, len(seen)):
        assert document.redo()
        assert everything(document.network) == seen[place]
    assert not document.can_redo


def test_labels_finish_the_sentence_and_a_gesture_is_one_entry():
    document = Document(small_network())
    with document.gesture("tidy up"):
        document.do(RemoveNeurons([2]))
        document.do(RemoveNeurons([3]))
        with document.gesture("inner"):
            document.do(RemoveNeurons([4]))
    document.do(RemoveNeurons([5]))
    assert [entry.label for entry in document.history.done] == ["tidy up", "delete 1 neuron"]
    document.undo()
    document.undo()
    assert everything(document.network) == everything(small_network())
    assert document.history.redo_label == "tidy up"
    document.redo()
    assert document.network.neuron_ids.tolist()[:2] == [5, 6]


def test_an_empty_gesture_and_an_edit_of_what_is_gone_leave_no_entry():
    document = Document(small_network())
    with document.gesture("nothing"):
        pass
    document.do(RemoveNeurons([99]))
    assert not document.can_undo


def test_a_refused_edit_changes_nothing_and_says_why():
    document = Document(small_network())
    with pytest.raises(EditRefused, match="weight"):
        document.do(AddSynapses(11, [50], [2], [3], [-5.0], [1.0]))
    assert everything(document.network) == everything(small_network())
    assert not document.can_undo


def test_a_new_edit_makes_what_was_undone_impossible_to_redo():
    document = Document(small_network())
    document.do(RemoveNeurons([2]))
    document.undo()
    document.do(RemoveNeurons([3]))
    assert not document.can_redo


def test_the_saved_mark_follows_undo_and_redo():
    document = Document(small_network())
    assert document.is_saved
    document.do(RemoveNeurons([2]))
    assert not document.is_saved
    document.mark_saved()
    assert document.is_saved
    document.undo()
    assert not document.is_saved
    document.redo()
    assert document.is_saved


def test_listeners_are_told_which_ids_changed_by_kind():
    document = Document(small_network())
    told = []
    document.listen(told.append)
    document.do(RemoveNeurons([2]))
    news = told[-1]
    assert news.ids("removed", "neuron").tolist() == [2]
    assert news.ids("removed", "synapse").size == 2  # one from it, one onto it
    assert news.history
    document.undo()
    assert told[-1].ids("added", "neuron").tolist() == [2]
    document.do(SetParams([3], {"tau_m": 12.0}))
    assert told[-1].ids("changed", "neuron").tolist() == [3]
    document.do(SetParams([1], {"tau_m": 12.0}))
    assert told[-1].ids("changed", "population").tolist() == [1]
    document.forget(told.append)
    document.do(MoveNeurons([3], [[0.0, 0.0, 0.0]]))
    assert told[-1].ids("changed", "population").tolist() == [1]


def test_the_news_know_every_kind_of_edit():
    kinds = {name for name in edits_module.__all__ if isinstance(getattr(edits_module, name), type)} - {
        "Edit"
    }
    handled = {name for name in kinds if hasattr(news_module, name)} | {"AddAstrocytes"}
    assert kinds == handled, f"news.py does not know {kinds - handled}"


def test_a_view_that_is_gone_is_no_longer_told():
    class View:
        told = 0

        def hear(self, news):
            View.told += 1

    document = Document(small_network())
    view = View()
    document.listen(view.hear)
    document.do(RemoveNeurons([2]))
    del view
    gc.collect()
    document.do(RemoveNeurons([3]))
    assert View.told == 1
    assert not document._listeners


def test_an_error_in_one_view_reaches_the_caller_after_the_others_were_told():
    document = Document(small_network())
    told = []

    def broken(news):
        raise RuntimeError("a view failed")

    document.listen(broken)
    document.listen(told.append)
    with pytest.raises(RuntimeError, match="a view failed"):
        document.do(RemoveNeurons([2]))
    assert told
    assert document.can_undo
