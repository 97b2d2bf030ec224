"""Looking at a moment, going back to it, and beginning again."""

from engine.network.edits import (
    AddSynapses,
    RemoveNeurons,
    SetNetwork,
)
from tests.editor.a_document import playing
from tests.live_toy import Placid, Toy, by_hand, digest, everything, settle, small_network, structure


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
