"""The work of a live session, driven by hand: no thread, no clock but the test's."""

import numpy as np
import pytest

from engine.errors import RunError
from engine.live import messages as say
from engine.live.breakpoints import WhenGrown, WhenPruned, WhenRate, WhenWeight
from engine.live.checkpoints import Checkpoints
from engine.live.frame import FramePool
from engine.live.replay import replay
from engine.live.simulating import Bare
from engine.live.worker import Worker
from engine.network.edits import AddSynapses, RemoveNeurons, RemoveSynapses, SetParams, SetRules, SetSynapses
from tests.live_toy import Placid, Toy, digest, small_network, structure


class Clock:
    """A clock that stands still unless told, or while a toy runs."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def of(self, make, per_step):
        """Builds toys whose steps take time on this clock."""

        def build(network, state=None):
            toy = make(network, state=state)
            advance = toy.advance

            def slowly(steps):
                self.now += per_step * steps
                advance(steps)

            toy.advance = slowly
            return toy

        if hasattr(make, "bare"):
            build.bare = make.bare
        return build


class Bench:
    """A worker with what it said."""

    def __init__(self, make=Toy, network=None, speed=None, per_step=0.0005):
        self.said = []
        self.records = []
        self.clock = Clock()
        self.frames = FramePool()
        self.worker = Worker(
            network or small_network(),
            self.said.append,
            make=self.clock.of(make, per_step),
            frames=self.frames,
            checkpoints=Checkpoints(),
            post=self.post,
            on_record=lambda step, message: self.records.append((step, message)),
            speed=speed,
            clock=self.clock,
        )

    def post(self, message):
        self.worker.receive(message)

    @property
    def toy(self):
        return self.worker.simulation

    def tell(self, *messages):
        for message in messages:
            self.worker.receive(message)
        return self

    def run_to(self, step):
        self.worker.receive(say.Play())
        for _ in range(10_000):
            if self.toy.step >= step or not self.worker.is_running:
                break
            self.clock.now += self.worker.turn() or 0.0
        self.worker.receive(say.Pause())
        return self

    def run_until_paused(self, turns=10_000):
        for _ in range(turns):
            if not self.worker.is_running:
                return self
            self.worker.turn()
        raise AssertionError("it never paused")

    def of(self, kind):
        return [message for message in self.said if isinstance(message, kind)]

    def last(self, kind):
        return self.of(kind)[-1]


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


# -- steps and breakpoints -------------------------------------------------------------------------


def test_a_step_of_dt_is_one_step():
    bench = Bench(Toy).tell(say.Step("dt")).run_until_paused()
    assert bench.toy.step == 1
    assert bench.last(say.Paused).why == ""


def test_the_next_spike_is_found_exactly():
    plain = Toy(small_network())
    plain.advance(500)
    bench = Bench(Toy)
    for expected in sorted({step for step, _ in plain.recorded})[:6]:
        bench.tell(say.Step("spike")).run_until_paused()
        assert bench.toy.step == expected
    plain = Toy(small_network())
    plain.advance(bench.toy.step)
    assert digest(bench.toy) == digest(plain)


def test_the_next_synapse_change_is_found_exactly_and_told_once():
    plain = Toy(small_network())
    plain.advance(500)
    bench = Bench(Toy)
    for expected in sorted({change.step for change in plain.changes})[:5]:
        bench.tell(say.Step("change")).run_until_paused()
        assert bench.toy.step == expected
    told = [m.ids.tolist() for m in bench.of(say.Grown | say.Pruned)]
    assert told == [c.ids.tolist() for c in plain.changes if c.step <= bench.toy.step]


def test_looking_for_a_change_that_never_comes_ends(monkeypatch):
    monkeypatch.setitem(__import__("engine.live.seeking", fromlist=["LIMITS"]).LIMITS, "change", 20.0)
    bench = Bench(Placid).tell(say.Step("change")).run_until_paused()
    assert bench.toy.step == 200
    assert "no change" in bench.last(say.Paused).why


def test_a_run_pauses_at_the_step_of_a_pruning():
    plain = Toy(small_network())
    plain.advance(500)
    first = next(change for change in plain.changes if change.kind == "pruned")
    bench = Bench(Toy).tell(say.PauseWhen((WhenPruned(),)), say.Play()).run_until_paused()
    assert bench.toy.step == first.step
    assert "pruned" in bench.last(say.Paused).why
    assert bench.last(say.Pruned).ids.tolist() == first.ids.tolist()
    bench.tell(say.Play()).run_until_paused()
    assert bench.toy.step > first.step


def test_a_run_pauses_at_the_step_of_a_growth_of_that_projection_only():
    plain = Toy(small_network())
    plain.advance(500)
    last = max(plain.network.projections)
    first = next(change for change in plain.changes if change.kind == "grown" and change.projection == last)
    bench = Bench(Toy).tell(say.PauseWhen((WhenGrown(last),)), say.Play()).run_until_paused()
    assert bench.toy.step == first.step


def test_a_run_pauses_at_the_exact_step_a_weight_passes_a_value_and_goes_on_when_asked():
    class Learns(Toy):
        grows = prunes = 0

    network = small_network()
    projection = next(iter(network.projections))
    bench = Bench(Learns, network).tell(say.PauseWhen((WhenWeight(projection, above=30.0),)), say.Play())
    bench.run_until_paused()
    assert bench.toy.step == 41  # 20 + 40 * 0.25 is 30, which is not above
    assert "passed 30" in bench.last(say.Paused).why
    bench.run_to(100)  # it holds still: no reason to pause again
    assert bench.toy.step >= 100


def test_a_run_pauses_when_a_rate_leaves_its_range_at_the_end_of_a_bin():
    network = small_network()
    population = next(iter(network.populations))
    bench = Bench(Toy, network).tell(say.PauseWhen((WhenRate(population, high=1.0),)), say.Play())
    bench.run_until_paused()
    assert bench.toy.step % 1000 == 0
    assert "rate" in bench.last(say.Paused).why


def test_breakpoints_change_no_bits():
    network = small_network()
    projection = next(iter(network.projections))
    bench = Bench(Toy, network).tell(say.PauseWhen((WhenPruned(), WhenWeight(projection, above=25.0))))
    while bench.toy.step < 150:
        bench.tell(say.Play()).run_until_paused()
    assert len(bench.of(say.Paused)) > 5
    plain = Toy(small_network())
    plain.advance(bench.toy.step)
    assert digest(bench.toy) == digest(plain)


# -- capture, restore, repeat ----------------------------------------------------------------------


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


# -- trouble ---------------------------------------------------------------------------------------


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


# -- previews, pokes, replay -----------------------------------------------------------------------


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


# -- speed -----------------------------------------------------------------------------------------


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


# -- heavy edits -----------------------------------------------------------------------------------


class Slow:
    """A heavy edit whose stages note themselves."""

    what = "pair STDP"

    def __init__(self, toy, edit, log):
        self.toy, self.edit, self.log = toy, edit, log

    def work(self):
        self.log.append("prepare")

    def swap(self):
        self.log.append("swap")
        return self.edit.apply(self.toy.base)

    def retire(self):
        self.log.append("retire")


class Held(Bench):
    """Keeps what the helper posts until the test lets it through."""

    def __init__(self, *rest, **named):
        self.held = []
        super().__init__(*rest, **named)

    def post(self, message):
        self.held.append(message)


def test_a_heavy_edit_goes_through_its_stages_and_what_came_after_waits_its_turn():
    log = []

    class Weighty(Placid):
        def prepare(self, edit):
            return Slow(self, edit, log) if edit.label.startswith("delete") else None

    bench = Held(Weighty)
    bench.tell(say.Play(), say.Apply(1, RemoveNeurons([2])), say.Apply(2, SetParams([1], {"tau_m": 12.0})))
    bench.tell(say.Capture(3))
    assert bench.last(say.Preparing).what == "pair STDP"
    bench.worker.heavy._helper.shutdown(wait=True)
    bench.worker.heavy._helper = type("Done", (), {"submit": staticmethod(lambda f: f())})()
    step = bench.toy.step
    bench.worker.turn()
    assert bench.toy.step > step  # the run goes on meanwhile
    assert not bench.of(say.Applied)
    bench.tell(*bench.held)
    assert log == ["prepare", "swap", "retire"]
    assert 2 not in bench.toy.base.neuron_ids
    assert [m.number for m in bench.of(say.Applied)] == [1, 2]
    assert bench.said.index(bench.last(say.Captured)) > bench.said.index(bench.last(say.Applied))
    bench.worker.heavy._helper = None


def test_a_heavy_edit_that_fails_is_refused_and_told():
    class Failing(Slow):
        def work(self):
            raise MemoryError("no room")

    class Weighty(Placid):
        def prepare(self, edit):
            return Failing(self, edit, [])

    bench = Held(Weighty)
    before = structure(bench.toy.network)
    bench.tell(say.Apply(1, RemoveNeurons([2])), say.Apply(2, RemoveNeurons([3])))
    bench.worker.heavy._helper.shutdown(wait=True)
    bench.worker.heavy._helper = None
    bench.tell(*bench.held[:1])
    assert "no room" in bench.last(say.Failed).error
    assert bench.of(say.Refused)[0].number == 1
    assert structure(bench.toy.network) == before
    assert bench.worker.heavy.is_busy  # with the next
    bench.worker.heavy._helper.shutdown(wait=True)


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


# -- rules that must be compiled first -------------------------------------------------------------


class Cold(Toy):
    """A toy whose first projection has rules that take long to prepare."""

    @classmethod
    def bare(cls, network):
        projection = next(iter(network.projections.values()))
        off, on = SetRules(projection.id, ()), SetRules(projection.id, projection.rules, restoring=True)
        without = network.copy()
        off.apply(without)
        return Bare(without, off, on)

    def prepare(self, edit):
        return Slow(self, edit, []) if isinstance(edit, SetRules) else None


def test_a_circuit_runs_without_rules_that_are_being_compiled_and_gets_them_at_a_boundary():
    bench = Held(Cold)
    projection = next(iter(bench.toy.base.projections))
    assert bench.last(say.Preparing).what == "pair STDP"
    assert not bench.toy.base.projections[projection].rules
    bench.tell(say.Capture(1))
    assert bench.last(say.Captured).state is None  # at rest, which needs no saying
    bench.tell(say.Play(), say.Poke("fire", np.array([3])))
    for _ in range(5):
        bench.worker.turn()
    assert bench.toy.step > 20
    bench.tell(say.Apply(4, RemoveNeurons([2])), say.Capture(2))
    assert not bench.of(say.Applied)  # the user's edit waits, the run does not
    bench.worker.heavy._helper.shutdown(wait=True)
    bench.worker.heavy._helper = None
    bench.tell(*bench.held)
    assert bench.toy.base.projections[projection].rules
    assert bench.last(say.Applied).number == 4
    assert bench.last(say.Captured).state is not None
    notes = [(note.step, type(note.message).__name__) for note in bench.of(say.Noted)]
    assert notes == [(0, "Apply"), (0, "Poke"), (bench.toy.step, "Apply")]
    bench.run_to(120)
    again = replay(small_network(), None, bench.records, bench.toy.step, make=Toy)
    assert digest(again) == digest(bench.toy)
    assert structure(again.network) == structure(bench.toy.network)


def test_restoring_rest_builds_the_circuit_anew():
    bench = Bench(Toy).run_to(50)
    bench.tell(say.Restore(None, small_network(), 1))
    assert bench.toy.step == 0
    plain = Toy(small_network())
    plain.advance(60)
    bench.run_to(60)
    while bench.toy.step > plain.step:
        plain.advance(1)
    assert digest(bench.toy) == digest(plain)


def test_rules_that_cannot_be_compiled_aside_are_compiled_here():
    class Stubborn(Cold):
        def prepare(self, edit):
            stages = super().prepare(edit)
            if stages is not None:
                stages.work = lambda: 1 / 0
            return stages

    bench = Held(Stubborn)
    bench.worker.heavy._helper.shutdown(wait=True)
    bench.worker.heavy._helper = None
    bench.tell(*bench.held)
    assert next(iter(bench.toy.base.projections.values())).rules
    bench.tell(say.Capture(1))
    assert bench.last(say.Captured).state is not None
    assert not bench.of(say.Failed)


def test_a_moment_that_cannot_be_restored_ends_the_engine_and_says_so():
    bench = Bench(Toy).run_to(20)
    bench.tell(say.Restore({"clock/step": np.array([3])}, small_network(), 1))
    assert bench.last(say.Failed).is_over
    assert bench.worker.is_over


def test_looking_for_a_spike_does_not_keep_the_speed_asked_for():
    bench = Bench(Toy, speed=0.0001, per_step=0.0)
    bench.tell(say.Step("spike"))
    for _ in range(100):
        assert bench.worker.turn() in (0.0, None)
        if not bench.worker.is_running:
            break
    assert bench.toy.recorded
