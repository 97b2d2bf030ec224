"""A run is one entry of the history: undone with all that grew, gone on with, stepped, turned at."""

from engine.live import messages as say
from engine.network.edits import (
    MoveNeurons,
    RemoveNeurons,
    RemoveSynapses,
    SetParams,
)
from tests.editor.a_document import playing, synapses_of
from tests.live_toy import Placid, Toy, by_hand, everything, settle, small_network, structure


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
