"""What takes long is prepared aside and swapped in at a boundary: heavy edits, rules to be compiled."""

import numpy as np

from engine import Network, Simulation
from engine.kernels.recipes import POOLS
from engine.live import messages as say
from engine.live.replay import replay
from engine.live.simulating import Bare
from engine.network.edits import RemoveNeurons, SetParams, SetRules
from engine.network.parts import RuleUse
from engine.runtime import changes
from tests.engine.a_worker import Bench, Slow
from tests.live_toy import Placid, Toy, digest, small_network, structure


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


def test_a_circuit_that_prunes_is_prepared_where_nothing_at_all_is_compiled(monkeypatch):
    """Loops are named beside models, though they are none: the first play of a cold cache ended there."""
    net = Network(seed=1)
    cells = net.add_population("Cells", "iaf_psc_exp", 4)
    loop = net.add_projection("Loop", cells, cells)
    net.wire(loop, "all_to_all", weight=1.0, delay=1.0)
    sim = Simulation(net)
    monkeypatch.setattr(changes, "missing", list)
    edit = SetRules(loop.id, (RuleUse("stdp_pair"), RuleUse("prune_weak")))
    stages = changes.preparation(sim, edit)
    assert POOLS in stages.recipes
    assert "Prune weak" in stages.what
    assert "growth and pruning" in stages.what
