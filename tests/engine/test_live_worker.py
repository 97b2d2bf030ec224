"""The work of a live session, driven by hand: answers, news, trouble and speed."""

import pytest

from engine.live import messages as say
from engine.live.replay import replay
from engine.network.edits import AddSynapses, RemoveNeurons, RemoveSynapses
from tests.engine.a_worker import Bench
from tests.live_toy import Placid, Toy, digest, small_network, structure


def test_a_session_begins_paused_and_ready():
    bench = Bench()
    assert bench.said == [say.Ready(0, 0.0, 0.1)]
    assert bench.worker.turn() is None
    assert bench.toy.step == 0


def test_an_edit_is_answered_with_its_step_and_an_inverse_that_undoes_it():
    bench = Bench(Placid).run_to(40)
    before = structure(bench.toy.network)
    bench.tell(say.Apply(7, RemoveNeurons([2])))
    receipt = bench.last(say.Applied)
    assert (receipt.number, receipt.step) == (7, bench.toy.step)
    assert structure(bench.toy.network) != before
    bench.tell(say.Apply(8, receipt.inverse))
    assert structure(bench.toy.network) == before


def test_learned_weights_come_back_with_the_inverse():
    bench = Bench(Toy).run_to(30)
    projection, *_ = bench.toy.network.projections.values()
    synapse = int(projection.synapses.id[0])
    learned = projection.synapses.take([synapse])["weight"][0]
    assert learned not in (10.0, 20.0)
    bench.tell(say.Apply(1, RemoveSynapses([synapse])))
    bench.tell(say.Apply(2, bench.last(say.Applied).inverse))
    assert bench.toy.network.projections[projection.id].synapses.take([synapse])["weight"][0] == learned


def test_an_edit_that_cannot_be_is_refused_and_changes_nothing():
    bench = Bench(Placid)
    before = structure(bench.toy.network)
    projection = next(iter(bench.toy.network.projections))
    bench.tell(say.Apply(3, AddSynapses(projection, [1], [1], [2], [5.0], [1.0])))  # 1 is taken
    assert bench.last(say.Refused).number == 3
    assert structure(bench.toy.network) == before
    assert not bench.of(say.Failed)
    assert not bench.records


def test_growth_and_pruning_are_told_whole_and_in_order():
    bench = Bench(Toy).run_to(200)
    plain = Toy(small_network())
    plain.advance(bench.toy.step)
    told = [(type(m).__name__ == "Grown", m.step, m.ids.tolist()) for m in bench.of(say.Grown | say.Pruned)]
    assert told == [((c.kind == "grown"), c.step, c.ids.tolist()) for c in plain.changes]
    assert len(bench.of(say.Grown)) > 5
    assert len(bench.of(say.Pruned)) > 5


def test_a_pause_tells_what_the_run_did():
    bench = Bench(Toy).run_to(100)
    ran = bench.last(say.Ran)
    assert (ran.start, ran.stop) == (0, bench.toy.step)
    assert ran.grown == sum(m.ids.size for m in bench.of(say.Grown))
    assert ran.pruned == sum(m.ids.size for m in bench.of(say.Pruned))
    assert ran.spikes == len(bench.toy.recorded)
    assert 0 < ran.weights <= 3
    assert bench.last(say.Paused).step == bench.toy.step


def test_weights_that_stayed_are_not_counted():
    bench = Bench(Placid).run_to(50)
    assert bench.last(say.Ran).weights == 0


class Exploding(Toy):
    blow_up = 77


def test_instability_pauses_at_the_last_good_state_and_names_the_neuron():
    bench = Bench(Exploding)
    bench.run_to(40).tell(say.Apply(1, RemoveNeurons([2])))
    records = list(bench.records)
    bench.tell(say.Play()).run_until_paused()
    failed = bench.last(say.Failed)
    assert (failed.neuron, failed.variable, failed.where) == (3, "v", "running")
    assert failed.t == pytest.approx(7.7)
    assert not bench.toy.broken
    assert bench.toy.step < 77
    assert digest(bench.toy) == digest(replay(small_network(), None, records, bench.toy.step, make=Toy))
    grown = [int(id) for message in bench.of(say.Grown) for id in message.ids]
    assert len(grown) == len(set(grown))  # going back told nothing twice


def test_an_error_nobody_expected_is_told_and_the_run_is_as_before_the_message():
    class Faulty(Toy):
        def apply(self, edit):
            inverse = super().apply(edit)
            if edit.label.startswith("delete"):
                raise KeyError("a slip of the programmer")
            return inverse

    bench = Bench(Faulty).run_to(30)
    before = digest(bench.toy)
    bench.tell(say.Apply(9, RemoveNeurons([2])))
    assert "a slip" in bench.last(say.Failed).error
    assert "KeyError" in bench.last(say.Failed).trace
    assert bench.last(say.Refused).number == 9
    assert digest(bench.toy) == before
    assert not bench.worker.is_over


def test_a_picture_that_cannot_be_taken_is_told_and_stops_the_run_only():
    class Blind(Toy):
        def neuron_view(self):
            raise ValueError("no view")

    bench = Bench(
        Blind,
    )
    bench.worker.turn()
    assert "no view" in bench.last(say.Failed).error
    count = len(bench.said)
    bench.worker.turn()
    assert len(bench.said) == count
    bench.tell(say.Apply(1, RemoveNeurons([2])))
    assert bench.last(say.Applied).number == 1


def test_the_throttle_runs_at_the_speed_asked_for_and_no_faster():
    bench = Bench(Placid, speed=0.1, per_step=0.0)
    bench.tell(say.Play())
    for _ in range(100):
        bench.clock.now += 0.01
        while bench.worker.turn() == 0.0:
            pass
    assert bench.toy.step == pytest.approx(1000, abs=1)  # 1 s of wall time at 1/10 is 100 ms: 1000 steps
    assert bench.worker.pace.achieved == pytest.approx(0.1, rel=0.1)
    assert not bench.of(say.Behind)


def test_a_machine_that_is_too_slow_says_so_once_a_second_and_forgets_the_debt():
    bench = Bench(Placid, speed=1.0, per_step=0.001)  # ten times slower than asked
    bench.tell(say.Play())
    while bench.clock.now < 3.0:
        bench.clock.now += 0.001
        bench.worker.turn()
    behind = bench.of(say.Behind)
    assert 1 <= len(behind) <= 3
    assert behind[-1].ratio == pytest.approx(0.1, rel=0.3)


def test_speed_and_pauses_change_no_bits():
    plain = Toy(small_network())
    for speed in (0.05, 1.0, None):
        bench = Bench(Toy, speed=speed)
        bench.run_to(20).run_to(33).run_to(60)
        plain = Toy(small_network())
        plain.advance(bench.toy.step)
        assert digest(bench.toy) == digest(plain)


def test_what_probes_saw_is_in_the_frames_none_missing_none_twice():
    network = small_network()
    probe = network.add_probe([2], "v", every=0.1)
    bench = Bench(Placid, network)
    seen, last = [], 0
    for _ in range(5):
        bench.run_to(bench.toy.step + 30)
        bench.worker.turn()
        with bench.frames.take() as frame:
            seen += frame.samples_since(probe.id, last)["step"].tolist()
            last = frame.step
    assert seen == list(range(1, bench.toy.step + 1))
