"""A document: do, undo, redo and poll, with no engine and with one that is worked by hand."""

import gc

import numpy as np
import pytest

from editor import news as news_module
from editor.document import Document
from engine.errors import EditRefused, FileError
from engine.live import messages as say
from engine.network import edits as edits_module
from engine.network.edits import (
    AddSynapses,
    MoveNeurons,
    RemoveNeurons,
    RemovePopulation,
    RemoveSynapses,
    SetNetwork,
    SetParams,
    SetSynapses,
)
from tests.live_toy import Placid, Toy, by_hand, digest, everything, settle, small_network, structure


def synapses_of(network):
    return sorted(int(id) for p in network.projections.values() for id in p.synapses.id)


def weights_at(network, neuron):
    """The weights of the synapses of one neuron, by id."""
    found = {}
    for projection, ids in network.incident([neuron]).items():
        held = network.projections[projection].synapses.take(ids)
        found.update(zip(held["id"].tolist(), held["weight"].tolist(), strict=True))
    return found


def playing(make=Toy, steps=40):
    document = by_hand(make)
    document.play()
    settle(document)
    document.live.session.work(steps)
    return settle(document)


# -- no engine ---------------------------------------------------------------------------------------


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


# -- listeners ---------------------------------------------------------------------------------------


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


# -- an engine ---------------------------------------------------------------------------------------


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


# -- runs --------------------------------------------------------------------------------------------


def test_a_run_is_one_entry_that_says_what_it_did():
    document = playing(Toy, 50)
    document.pause()
    settle(document)
    run = document.history.last
    assert run.label.startswith("run 0-5 ms: ")
    assert f"+{run.grown} / -{run.pruned} synapses" in run.label
    assert "weight" in run.label
    assert not document.is_running


def test_undoing_a_run_pauses_and_restores_grown_and_pruned_synapses_included():
    document = by_hand()
    document.do(RemoveNeurons([5]))
    before = everything(document.network)
    document.play()
    settle(document).live.session.work(60)
    settle(document)
    end = structure(document.network)
    assert end != before
    document.undo()
    settle(document)
    assert everything(document.network) == before
    assert document.t == 0.0
    assert document.live.session.toy.step == 0
    assert not document.live.session.worker.is_running
    assert structure(document.live.session.toy.network) == structure(document.network)
    document.redo()
    settle(document)
    assert structure(document.network) == end == structure(document.live.session.toy.network)
    assert document.live.session.toy.step == 60


def test_undo_all_runs_included_returns_the_byte_identical_network_and_redo_all_the_end():
    document = by_hand()
    start = everything(document.network)
    document.do(RemoveNeurons([5]))
    for steps in (30, 25):
        document.play()
        settle(document).live.session.work(steps)
        document.do(RemoveSynapses(synapses_of(document.network)[-1:]))
        settle(document).live.session.work(steps)
        document.pause()
        settle(document)
        document.do(MoveNeurons([2], [[float(steps), 0.0, 0.0]]))
        settle(document)
    end = everything(document.network)
    assert len(document.history.done) == 7
    while document.can_undo:
        document.undo()
        settle(document)
    assert everything(document.network) == start
    while document.can_redo:
        document.redo()
        settle(document)
    assert everything(document.network) == end
    assert structure(document.live.session.toy.network) == structure(document.network)


def test_undoing_an_edit_made_during_a_run_leaves_the_run():
    document = playing(Placid, 20)
    document.do(RemoveNeurons([5]))
    settle(document)
    document.undo()
    settle(document)
    assert document.is_running
    assert [type(entry).__name__ for entry in document.history.done] == ["Run"]
    assert document.can_redo


def test_play_after_a_pause_goes_on_with_the_same_run_and_after_an_edit_begins_another():
    document = playing(Placid, 20)
    document.pause()
    document.play()  # before the engine has answered
    settle(document).live.session.work(20)
    settle(document)
    assert document.is_running
    document.pause()
    settle(document)
    assert document.history.undo_label == "run 0-4 ms"
    document.do(RemoveNeurons([5]))
    document.play()
    settle(document)
    assert len([entry for entry in document.history.done if hasattr(entry, "is_open")]) == 2


def test_news_of_a_future_that_was_given_up_are_dropped():
    document = playing(Toy, 40)
    session = document.live.session
    document.undo()  # pause and capture are on their way
    session.take()
    session.worker.receive(say.Play())
    document.poll()  # restores; but the engine has run on meanwhile
    session.work(40)
    settle(document)
    assert everything(document.network) == everything(small_network())


def test_a_poke_is_no_entry_and_is_recorded():
    document = playing(Placid, 10)
    kept = []
    document.recorder = lambda kind, body, step: kept.append((kind, step))
    document.poke("fire", 3)
    document.do(SetParams([1], {"tau_m": 11.0}))
    settle(document)
    assert kept == [("poke", 10), ("edit", 10)]
    assert [type(entry).__name__ for entry in document.history.done] == ["Run", "Step"]


def test_turning_a_knob_is_one_entry_from_where_it_stood():
    document = playing(Placid, 10)
    for value in (11.0, 12.0):
        document.preview(SetParams([1], {"tau_m": value}))
    document.do(SetParams([1], {"tau_m": 13.0}))
    settle(document)
    document.undo()
    settle(document)
    assert everything(document.network) == everything(small_network())
    assert structure(document.live.session.toy.network) == structure(document.network)


def test_spikes_of_every_poll_make_the_whole_train():
    document = playing(Toy, 0)
    session, seen = document.live.session, []
    for _ in range(30):
        session.work(7)
        session.worker._publish()
        document.poll()
        seen += document.new_spikes.tolist()
    assert seen == session.toy.recorded
    assert len(seen) > 5


def test_steps_go_to_the_next_spike():
    document = by_hand()
    document.step("spike")
    settle(document).live.session.work(500)
    settle(document)
    assert not document.is_running
    assert document.live.session.toy.recorded[0][0] == document.steps_done


# -- trouble -----------------------------------------------------------------------------------------


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


# -- going back --------------------------------------------------------------------------------------


def kept_moment(document):
    session = document.live.session
    session.worker._checkpoint()
    return session.checkpoints.latest()


def test_looking_at_a_moment_changes_nothing_and_doing_something_ends_it():
    document = playing(Toy, 20)
    moment = kept_moment(document)
    document.live.session.work(30)
    settle(document)
    now = structure(document.network)
    assert document.look(2.5) is moment
    network, frame = document.shown
    assert frame.step == 20
    assert structure(document.network) == now != structure(network)
    document.do(SetNetwork({"title": "x"}))
    assert document.looking is None
    assert document.shown[0] is document.network


def test_going_back_restores_a_moment_and_continuing_repeats_the_same_bits():
    document = playing(Toy, 20)
    moment = kept_moment(document)
    session = document.live.session
    session.work(20)
    document.do(RemoveNeurons([4]))
    settle(document)
    session.work(30)
    document.pause()
    settle(document)
    end, bits = structure(document.network), digest(session.toy)
    document.look(2.5)
    document.go_back()
    settle(document)
    assert session.toy.step == moment.step == document.steps_done
    assert 4 in document.network.neuron_ids
    assert structure(document.network) == structure(session.toy.network)
    document.play()
    settle(document)
    session.work(50)
    document.pause()
    settle(document)
    assert session.toy.step == 70
    assert structure(document.network) == end
    assert digest(session.toy) == bits
    assert [entry.label for entry in document.history.done][-1] == "delete 1 neuron"
    while document.can_undo:
        document.undo()
        settle(document)
    assert everything(document.network) == everything(small_network())


def test_going_back_is_an_entry_and_searching_for_the_place_is_one():
    document = playing(Toy, 20)
    first = kept_moment(document)
    document.live.session.work(20)
    second = kept_moment(document)
    document.live.session.work(20)
    document.pause()
    settle(document)
    end = everything(document.network)
    for moment in (second, first):
        document.go_back(moment)
        settle(document)
    assert document.history.undo_label == "go back to 2 ms"
    document.undo()
    settle(document)
    assert everything(document.network) == end
    assert document.live.session.toy.step == 60
    assert [branch.start for branch in document.branches] == [0.0, 4.0, 2.0, 6.0]


def test_after_a_branch_moments_of_the_old_one_are_not_in_the_way():
    document = playing(Toy, 20)
    first = kept_moment(document)
    document.live.session.work(40)
    late = kept_moment(document)
    document.pause()
    settle(document)
    document.go_back(first)
    settle(document)
    document.do(RemoveNeurons([4]))
    document.play()
    settle(document).live.session.work(60)
    settle(document)
    assert document.look(7.0) is not late
    document.stop_looking()
    settle(document)
    document.step_back()
    settle(document)
    assert document.branches[-1].timeline == 2


def test_reset_begins_again_with_what_was_drawn_since_and_is_undone_exactly():
    document = playing(Toy, 40)
    document.do(RemoveNeurons([4]))
    settle(document).live.session.work(20)
    document.pause()
    settle(document)
    end = everything(document.network)
    document.reset()
    settle(document)
    drawn = small_network()
    RemoveNeurons([4]).apply(drawn)
    assert everything(document.network) == everything(drawn)
    assert structure(document.live.session.toy.network) == structure(drawn)
    assert document.t == 0.0
    document.undo()
    settle(document)
    assert everything(document.network) == end
    assert document.live.session.toy.step == 60


def test_reset_of_a_run_that_was_opened_in_the_middle_starts_the_network_anew():
    toy = Toy(small_network())
    toy.advance(30)
    document = by_hand()
    document.replace(toy.network, toy.capture())
    assert document.steps_done == 30
    document.play()
    settle(document).live.session.work(10)
    document.pause()
    settle(document)
    document.reset()
    settle(document)
    assert document.live.session.toy.step == 0


def test_the_editors_ids_never_go_back():
    document = playing(Placid, 10)
    fresh = document.network.ids.fresh(1)
    document.do(AddSynapses(11, fresh, [2], [6], [10.0], [1.0]))
    settle(document)
    document.undo()
    document.undo()
    settle(document)
    assert document.network.ids.one() > int(fresh[0])


# -- files -------------------------------------------------------------------------------------------


def wait(document, job):
    job.thread.join(20)
    document.poll()
    assert job.is_done


def test_saving_in_the_middle_of_a_run_and_opening_continues_bit_for_bit(tmp_path):
    document = playing(Toy, 40)
    document.layout = {"camera": [1.0, 2.0, 3.0]}
    saved = []
    job = document.save(tmp_path / "a.neuropil", finish=saved.append)
    settle(document)
    wait(document, job)
    assert saved == [job]
    assert job.error is None
    assert document.path == tmp_path / "a.neuropil"
    assert document.is_saved
    document.live.session.work(25)
    settle(document)
    assert not document.is_saved

    other = by_hand()
    job = other.open(tmp_path / "a.neuropil")
    wait(other, job)
    assert other.steps_done == 40
    assert other.layout == document.layout
    assert other.is_saved
    other.play()
    settle(other).live.session.work(25)
    settle(other)
    assert digest(other.live.session.toy) == digest(document.live.session.toy)


def test_a_file_that_cannot_be_opened_changes_nothing_and_is_told(tmp_path):
    document = Document(small_network())
    (tmp_path / "bad.neuropil").write_bytes(b"nothing")
    told = []
    job = document.open(tmp_path / "bad.neuropil", finish=told.append)
    wait(document, job)
    assert told[0].error is not None
    assert everything(document.network) == everything(small_network())
    assert "could not open bad.neuropil" in document.lines[-1].text


def test_a_file_that_cannot_be_written_leaves_the_document_unsaved(tmp_path):
    document = Document(small_network())
    document.do(RemoveNeurons([2]))
    job = document.save(tmp_path / "no such folder" / "a.neuropil")
    wait(document, job)
    assert job.error is not None
    assert not document.is_saved
    assert document.path is None


def test_a_snapshot_taken_with_an_edit_in_flight_is_what_the_engine_had():
    document = playing(Toy, 20)
    session = document.live.session
    sides = []
    document.snapshot(sides.append)
    session.work(10)
    document.do(RemoveNeurons([4]))
    session.take(1)  # the capture, not the edit
    there = structure(session.toy.network)
    document.poll()
    assert structure(sides[0].network) == there
    assert 4 not in document.network.neuron_ids
