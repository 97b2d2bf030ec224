"""Edits while an engine runs: receipts, what it grew and pruned, what it refused, and when it is lost."""

import numpy as np

from editor.document.document import Document
from engine.errors import FileError
from engine.network.edits import (
    AddSynapses,
    RemoveNeurons,
)
from tests.editor.a_document import playing, synapses_of, weights_at
from tests.live_toy import Placid, Toy, everything, settle, small_network, structure


def test_growth_and_pruning_enter_the_network_and_the_log_but_not_the_history():
    document = playing()
    assert [type(entry).__name__ for entry in document.history.done] == ["Run"]
    assert structure(document.network) == structure(document.live.session.toy.network)
    kinds = {line.kind for line in document.lines}
    assert {"grown", "pruned"} <= kinds
    line = next(line for line in document.lines if line.kind == "grown")
    assert line.ids[0] < 0
    assert "E to E" in line.text or "I to E" in line.text


def test_an_undo_waits_for_the_receipt_and_brings_learned_weights_back():
    document = playing(Toy, 20)
    document.do(RemoveNeurons([4]))
    session = document.live.session
    assert not document.undo()
    assert document.is_waiting
    assert 4 not in document.network.neuron_ids
    session.take()
    document.poll()
    assert not document.is_waiting
    assert 4 in document.network.neuron_ids
    settle(document)
    assert structure(document.network) == structure(session.toy.network)
    engine, ours = weights_at(session.toy.base, 4), weights_at(document.network, 4)
    assert engine == ours
    assert set(ours.values()) - {10.0, 20.0}  # as they were learned


def test_what_is_done_after_a_waiting_undo_waits_behind_it():
    document = playing(Toy, 10)
    document.do(RemoveNeurons([4]))
    document.undo()
    assert not document.do(RemoveNeurons([5]))
    assert 5 in document.network.neuron_ids
    settle(document)
    assert 5 not in document.network.neuron_ids
    assert 4 in document.network.neuron_ids
    assert not document.can_redo


def test_an_edit_is_unconfirmed_until_its_receipt_is_read():
    document = playing(Placid)
    fresh = document.network.ids.fresh(1)
    document.do(AddSynapses(11, fresh, [2], [6], [10.0], [1.0]))
    assert document.unconfirmed().ids("added", "synapse").tolist() == fresh.tolist()
    settle(document)
    assert not document.unconfirmed()


def test_synapses_the_engine_had_pruned_do_not_come_back_with_an_undo():
    document = playing(Toy, 20)
    session = document.live.session
    session.work(15)  # grows and prunes, unread
    document.do(RemoveNeurons([4]))
    document.undo()
    settle(document)
    assert synapses_of(document.network) == synapses_of(session.toy.network)


def test_an_edit_the_engine_refuses_is_taken_back_and_told():
    class Stern(Toy):
        refuses_engine_side = "delete 1 neuron"

    document = playing(Stern, 20)
    session = document.live.session
    session.work(10)
    document.do(RemoveNeurons([4]))
    fresh = document.network.ids.fresh(1)
    document.do(AddSynapses(11, fresh, [2], [6], [10.0], [1.0]))
    document.poll(3)  # some news read while both are in flight
    settle(document)
    assert [entry.label for entry in document.history.done][1:] == ["connect"]
    assert structure(document.network) == structure(session.toy.network)
    assert 4 in document.network.neuron_ids
    assert any("cannot take" in line.text and line.kind == "trouble" for line in document.lines)
    document.undo()
    settle(document)
    assert structure(document.network) == structure(session.toy.network)


def test_an_undo_the_engine_refuses_leaves_the_entry_where_it_was():
    document = playing(Placid, 20)
    document.do(RemoveNeurons([4]))
    settle(document)
    document.live.session.toy.refuses_engine_side = document.history.last.inverse.label
    document.undo()
    settle(document)
    assert document.history.undo_label == "delete 1 neuron"
    assert 4 not in document.network.neuron_ids
    assert structure(document.network) == structure(document.live.session.toy.network)


def test_instability_pauses_and_names_the_neuron():
    class Exploding(Toy):
        blow_up = 23

    document = playing(Exploding, 60)
    assert not document.is_running
    assert document.failure.neuron == 3
    line = next(line for line in document.lines if line.kind == "trouble")
    assert line.ids == (3,)
    assert structure(document.network) == structure(document.live.session.toy.network)
    assert np.isfinite(document.t)


def test_editing_goes_on_when_the_engine_is_lost():
    document = playing(Toy, 20)
    document.do(RemoveNeurons([4]))
    document.undo()

    def crash(state):
        raise MemoryError("gone")

    session = document.live.session
    session.worker.past._make = lambda network, state=None: crash(state)
    session.toy.apply = crash
    settle(document)
    assert document.failure.is_over
    assert not document.live.is_alive
    assert not document.is_waiting
    assert 4 in document.network.neuron_ids  # the undo went on, with the document's own inverse
    document.do(RemoveNeurons([5]))
    document.undo()
    assert 5 in document.network.neuron_ids
    while document.can_undo:
        document.undo()
    assert everything(document.network) == everything(small_network())


def test_a_journal_that_cannot_be_written_is_told_once_and_editing_goes_on():
    document = Document(small_network())

    def full(kind, body, step):
        raise FileError("the disk is full")

    document.recorder = full
    document.do(RemoveNeurons([2]))
    document.do(RemoveNeurons([3]))
    assert [line.text for line in document.lines] == ["the disk is full"]
