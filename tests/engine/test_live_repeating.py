"""Moments restored, and what was done after them repeated at its steps: edits, knobs, pokes."""

import numpy as np
import pytest

from engine.errors import RunError
from engine.live import messages as say
from engine.live.replay import replay
from engine.network.edits import RemoveNeurons, SetParams, SetSynapses
from tests.engine.a_worker import Bench
from tests.live_toy import Placid, Toy, digest, small_network, structure


def test_restoring_a_capture_repeats_the_same_bits():
    bench = Bench(Toy)
    while bench.toy.step < 60:
        bench.tell(say.Step("dt")).run_until_paused()
    bench.tell(say.Capture(1))
    kept = bench.last(say.Captured)
    network = bench.toy.network.copy()
    bench.run_to(200)
    end, step = digest(bench.toy), bench.toy.step
    bench.tell(say.Restore(kept.state, network, 1, kept.edition))
    assert bench.last(say.Restored).timeline == 1
    assert bench.toy.step == 60 < step
    while bench.toy.step < step:
        bench.tell(say.Step("dt")).run_until_paused()
    assert digest(bench.toy) == end
    assert all(message.timeline == 1 for message in bench.said[bench.said.index(bench.last(say.Restored)) :])


def test_what_was_done_after_a_moment_is_repeated_at_its_steps():
    bench = Bench(Toy).run_to(50).tell(say.Capture(1))
    kept, network = bench.last(say.Captured), bench.toy.network.copy()
    bench.tell(say.Apply(1, RemoveNeurons([2]))).run_to(90)
    bench.tell(say.Poke("fire", np.array([3]))).run_to(120)
    when = [step for step, _ in bench.records]
    expected = replay(small_network(), None, bench.records, 300, make=Toy)
    bench.tell(say.Restore(kept.state, network, 1, kept.edition, repeats=True))
    bench.run_to(300)
    assert bench.last(say.Repeated).step == when[0]
    assert [step for step, message in bench.records if not isinstance(message, say.Restore)] == when * 2
    expected.advance(bench.toy.step - 300)
    assert digest(bench.toy) == digest(expected)
    assert structure(bench.toy.network) == structure(expected.network)


def test_doing_something_else_ends_the_repetition():
    bench = Bench(Toy).run_to(50).tell(say.Capture(1))
    kept, network = bench.last(say.Captured), bench.toy.network.copy()
    bench.run_to(80).tell(say.Apply(1, RemoveNeurons([2]))).run_to(120)
    bench.tell(say.Restore(kept.state, network, 1, kept.edition, repeats=True))
    bench.tell(say.Poke("fire", np.array([3]))).run_to(120)
    assert not bench.of(say.Repeated)
    assert 2 in bench.toy.network.neuron_ids


def test_an_old_branch_can_be_gone_back_to():
    bench = Bench(Toy).run_to(50).tell(say.Capture(1))
    early, at_early = bench.last(say.Captured), bench.toy.network.copy()
    bench.tell(say.Apply(1, RemoveNeurons([2]))).run_to(100).tell(say.Capture(2))
    late, at_late, was = bench.last(say.Captured), bench.toy.network.copy(), digest(bench.toy)
    bench.tell(say.Restore(early.state, at_early, 1, early.edition))
    bench.tell(say.Apply(2, RemoveNeurons([3]))).run_to(80)
    bench.tell(say.Restore(late.state, at_late, 2, late.edition))
    assert digest(bench.toy) == was
    assert 2 not in bench.toy.network.neuron_ids
    assert 3 in bench.toy.network.neuron_ids


def test_previews_and_pokes_are_acknowledged_and_recorded():
    bench = Bench(Toy).run_to(10)
    bench.tell(say.Preview(SetParams([1], {"tau_m": 12.0})), say.Poke("silence", np.array([2])))
    noted = bench.of(say.Noted)
    assert [type(note.message) for note in noted] == [say.Preview, say.Poke]
    assert [step for step, _ in bench.records] == [bench.toy.step] * 2


def test_a_recorded_run_replays_to_the_same_bits():
    bench = Bench(Toy)
    bench.run_to(20).tell(say.Apply(1, RemoveNeurons([2])), say.Poke("fire", np.array([4])))
    bench.run_to(60).tell(say.Poke("silence", np.array([3])))
    bench.run_to(75).tell(say.Capture(1))
    kept, network = bench.last(say.Captured), bench.toy.network.copy()
    bench.tell(say.Apply(2, SetSynapses([13], "weight", [33.0]))).run_to(140)
    whole = replay(small_network(), None, bench.records, bench.toy.step, make=Toy)
    assert digest(whole) == digest(bench.toy)
    tail = [record for record in bench.records if record[0] >= kept.step]
    assert digest(replay(network, kept.state, tail, bench.toy.step, make=Toy)) == digest(bench.toy)


def test_records_out_of_order_are_refused():
    records = [(50, say.Poke("fire", np.array([3]))), (20, say.Poke("fire", np.array([3])))]
    with pytest.raises(RunError, match="not in order"):
        replay(small_network(), None, records, make=Toy)


def test_a_knob_turned_is_one_change_from_where_it_was():
    bench = Bench(Placid).run_to(20)
    population = next(iter(bench.toy.base.populations))
    was = structure(bench.toy.network)
    for value in (11.0, 12.0, 13.0):
        bench.tell(say.Preview(SetParams([population], {"tau_m": value})))
    bench.tell(say.Capture(1))
    assert bench.toy.base.populations[population].params["tau_m"] == 13.0
    assert structure(bench.worker.past.capture().network) == was  # trying is not having
    assert len(bench.last(say.Captured).previews) == 3
    bench.tell(say.Apply(1, SetParams([population], {"tau_m": 14.0})))
    assert bench.toy.base.populations[population].params["tau_m"] == 14.0
    bench.tell(say.Apply(2, bench.last(say.Applied).inverse))
    assert structure(bench.toy.network) == was
    bench.tell(say.Preview(SetParams([population], {"tau_m": 15.0})), say.Preview(None))
    assert structure(bench.toy.network) == was


def test_a_moment_in_the_middle_of_turning_a_knob_is_repeated_exactly():
    bench = Bench(Toy).run_to(20)
    turn = [say.Preview(SetSynapses([13], "weight", [value])) for value in (30.0, 40.0)]
    bench.tell(turn[0]).run_to(40).tell(say.Capture(1))
    kept, network = bench.last(say.Captured), bench.worker.past.capture().network
    bench.tell(turn[1]).run_to(60).tell(say.Apply(1, SetSynapses([13], "weight", [50.0]))).run_to(100)
    end, step = digest(bench.toy), bench.toy.step
    bench.tell(say.Restore(kept.state, network, 1, kept.edition, repeats=True))
    while bench.toy.step < step:
        bench.tell(say.Step("dt")).run_until_paused()
    assert digest(bench.toy) == end


def test_a_moment_that_cannot_be_restored_ends_the_engine_and_says_so():
    bench = Bench(Toy).run_to(20)
    bench.tell(say.Restore({"clock/step": np.array([3])}, small_network(), 1))
    assert bench.last(say.Failed).is_over
    assert bench.worker.is_over
