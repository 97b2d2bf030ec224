"""Laws of every edit: its inverse is exact, it can travel, it touches only what it names, it refuses whole.

The laws run over every kind of edit there is; a new kind that is not drawn at random fails the first test.
"""

from __future__ import annotations

import contextlib
import hashlib
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.errors import EditRefused
from engine.network import Network, Projection, RuleUse
from engine.network import edits as every
from engine.network.edits import Compound, Edit, from_json, to_json
from engine.network.ids import Ids
from engine.network.parts import Modulator
from tests.one_of_everything import check_edit, circuit, facts, portrait
from tests.random_edits import DRAWN, GONE, KINDS, Draw, Explored, Seeded, add_synapses, any_edit

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def test_every_kind_of_edit_is_drawn_here():
    assert sorted(kind.__name__ for kind in DRAWN) == [kind.__name__ for kind in KINDS]


# -- laws --------------------------------------------------------------------------------------------


@each_kind
@given(data=st.data())
@settings(max_examples=12)
def test_an_edit_is_undone_and_redone_exactly_or_refused_whole(kind, data):
    net = circuit()
    edit = DRAWN[kind](Draw(net, Explored(data)))
    before = portrait(net)
    reason = edit.why_not(net)
    assert portrait(net) == before  # asking changes nothing
    if reason:
        with pytest.raises(EditRefused) as refusal:
            edit.apply(net)
        assert str(refusal.value) == reason
        assert portrait(net) == before
    else:
        check_edit(net, edit)


@each_kind
@given(data=st.data())
@settings(max_examples=8)
def test_an_edit_touches_nothing_that_it_does_not_name(kind, data):
    """The oracle is not the editor itself: facts of everything else are compared one by one."""
    net = circuit()
    edit = DRAWN[kind](Draw(net, Explored(data)))
    may = touched(net, edit)
    before = facts(net)
    try:
        edit.apply(net)
    except EditRefused:
        return
    after = facts(net)
    changed = {id for id in before.keys() | after.keys() if before.get(id) != after.get(id)}
    assert changed <= may


def touched(net: Network, edit: Edit) -> set[int]:
    """Everything an edit may change: what it names, and what cannot be without it."""
    if isinstance(edit, Compound):
        return set().union(*(touched(net, part) for part in edit.edits)) if edit.edits else set()
    names = ("population", "projection", "input", "probe", "modulator", "thing")
    record = next((getattr(edit, name) for name in names if hasattr(edit, name)), None)
    ids: set[int] = set()
    for name in ("ids", "targets"):
        ids |= set(np.asarray(getattr(edit, name, [])).tolist())
    if isinstance(record, int):
        ids.add(record)
    elif record is not None:
        ids |= {record.id, *getattr(record, "neuron_ids", np.empty(0, int)).tolist()}
        if isinstance(record, Projection):
            ids |= set(record.synapses.id.tolist())
    if isinstance(edit, every.SetParams):
        for id in list(ids):
            if id in net.populations:
                ids |= set(net.populations[id].neuron_ids.tolist())
    if isinstance(edit, every.SetTargets | every.Rename):
        ids = {edit.thing}
    if isinstance(edit, every.SetNetwork):
        ids = set()
    if isinstance(edit, every.RemovePopulation) and edit.population in net.populations:
        ids |= set(net.populations[edit.population].neuron_ids.tolist())
        for p in net.projections.values():
            if edit.population in (p.pre, p.post):
                ids |= {p.id, *p.synapses.id.tolist()}
            elif p.astrocytes == edit.population:
                ids.add(p.id)
    if isinstance(edit, every.RemoveProjection) and edit.projection in net.projections:
        ids |= set(net.projections[edit.projection].synapses.id.tolist())
    if isinstance(edit, every.RemovePopulation | every.RemoveNeurons):
        for shelf in (net.inputs, net.probes, net.modulators):
            for one in shelf.values():
                if ids & set((one.sources if isinstance(one, Modulator) else one.targets).tolist()):
                    ids.add(one.id)
        for synapses in net.incident(list(ids)).values():
            ids |= set(synapses.tolist())
    return ids


@each_kind
def test_an_edit_that_names_only_what_is_gone_does_nothing(kind):
    """Gone is not an error: the engine may have pruned what the user just clicked on."""
    gone = {
        every.AddNeurons: lambda: every.AddNeurons(GONE, [5000], [[0.0, 0.0, 0.0]]),
        every.AddSynapses: lambda: every.AddSynapses(GONE, [5000], [1], [2], [1.0], [1.0]),
        every.MoveNeurons: lambda: every.MoveNeurons([GONE], [[1.0, 2.0, 3.0]]),
        every.MoveSynapses: lambda: every.MoveSynapses([GONE], next(iter(circuit().projections))),
        every.SetSynapses: lambda: every.SetSynapses([GONE], "weight", [1.0]),
        every.SetParams: lambda: every.SetParams([GONE, GONE + 1], {"v_th": -50.0}),
        every.SetRules: lambda: every.SetRules(GONE, (RuleUse("stdp_pair"),)),
        every.SetTargets: lambda: every.SetTargets(GONE, [1, 2]),
        every.SetTransmission: lambda: every.SetTransmission(GONE, "current_exp"),
        every.Rename: lambda: every.Rename(GONE, "x"),
        every.RemoveSynapses: lambda: every.RemoveSynapses([GONE]),
        every.RemoveNeurons: lambda: every.RemoveNeurons([GONE]),
        every.Compound: lambda: every.Compound((every.RemoveNeurons([GONE]), every.Rename(GONE, "x"))),
    }
    adds = {kind for kind in KINDS if kind.__name__.startswith("Add")}
    adds -= {every.AddNeurons, every.AddSynapses}
    if kind in adds or kind is every.SetNetwork:
        return  # these bring what they name, or name nothing
    net = circuit()
    before = portrait(net)
    edit = gone.get(kind, lambda: kind(GONE))()
    inverse = edit.apply(net)
    assert portrait(net) == before
    inverse.apply(net)
    assert portrait(net) == before


@each_kind
@given(data=st.data())
@settings(max_examples=3)
def test_an_edit_says_what_undo_would_undo(kind, data):
    edit = DRAWN[kind](Draw(circuit(), Explored(data)))
    assert isinstance(edit.label, str)
    assert edit.label or isinstance(edit, Compound)


@each_kind
@given(data=st.data())
@settings(max_examples=5)
def test_an_edit_is_a_frozen_value(kind, data):
    net = circuit()
    edit = DRAWN[kind](Draw(net, Explored(data)))
    written = json.dumps(to_json(edit))
    with pytest.raises(AttributeError):
        edit.restoring = True
    for value in vars(edit).values():
        assert not isinstance(value, np.ndarray) or not value.flags.writeable
    with contextlib.suppress(EditRefused):
        edit.apply(net).apply(net)
        edit.apply(net)
    for population in list(net.populations.values()):
        net.apply(every.RemovePopulation(population.id))
    assert json.dumps(to_json(edit)) == written  # nothing the network did reached back into it


# -- histories ---------------------------------------------------------------------------------------


class History(RuleBasedStateMachine):
    """A person edits, undoes and redoes; the engine grows and prunes with ids of its own."""

    @initialize(seed=st.integers(0, 3))
    def draw_a_circuit(self, seed):
        self.net = circuit(seed)
        self.engine_ids = Ids(-1, -1)
        self.done: list[Edit] = []  # inverses of what was done
        self.undone: list[Edit] = []
        self.at = [portrait(self.net)]  # the portrait at every position, done ones first
        self.here = 0

    @rule(data=st.data())
    def edit(self, data):
        edit = any_edit(Draw(self.net, Explored(data)))
        try:
            inverse = edit.apply(self.net)
        except EditRefused:
            return
        assert from_json(to_json(inverse)) == inverse
        self._did(inverse)

    @rule(data=st.data())
    def grow(self, data):
        """The engine's growth, with its own ids; here it is a step like any other."""
        edit = add_synapses(Draw(self.net, Explored(data)), self.engine_ids)
        try:
            self._did(edit.apply(self.net))
        except EditRefused:
            return

    def _did(self, inverse):
        self.done.append(inverse)
        self.undone.clear()
        self.here += 1
        del self.at[self.here :]
        self.at.append(portrait(self.net))

    @precondition(lambda self: self.done)
    @rule(count=st.integers(1, 4))
    def undo(self, count):
        for _ in range(min(count, len(self.done))):
            self.undone.append(self.done.pop().apply(self.net))
            self.here -= 1
            assert portrait(self.net) == self.at[self.here]

    @precondition(lambda self: self.undone)
    @rule(count=st.integers(1, 4))
    def redo(self, count):
        for _ in range(min(count, len(self.undone))):
            self.done.append(self.undone.pop().apply(self.net))
            self.here += 1
            assert portrait(self.net) == self.at[self.here]

    @rule()
    def save_and_open(self):
        """What is written and read back is the same network; the session goes on with the copy."""
        again = Network.from_canonical(*self.net.canonical())
        again.ids.pass_by(self.net.ids.next - 1)
        assert portrait(again) == portrait(self.net)
        self.net = again

    @invariant()
    def every_synapse_has_both_its_neurons(self):
        for projection in self.net.projections.values():
            table = projection.synapses
            assert (self.net.population_of(table.pre) == projection.pre).all()
            assert (self.net.population_of(table.post) == projection.post).all()

    @invariant()
    def no_id_names_two_things(self):
        records = [id for shelf in self.net._shelves() for id in shelf]
        synapses = [p.synapses.id for p in self.net.projections.values()]
        ids = np.concatenate([self.net.neuron_ids, np.array(records, np.int64), *synapses])
        assert np.unique(ids).size == ids.size
        assert ids.size == 0 or ids.max() < self.net.ids.next

    @invariant()
    def columns_are_as_long_as_what_they_describe(self):
        for population in self.net.populations.values():
            assert population.positions.shape == (len(population), 3)
            assert (np.diff(population.neuron_ids) > 0).all()
            for value in population.params.values():
                assert not isinstance(value, np.ndarray) or value.size == len(population)
            assert population.names is None or len(population.names) == len(population)
        for record in self.net.inputs.values():
            for value in (record.weight, *record.params.values()):
                assert not isinstance(value, np.ndarray) or value.size == record.targets.size
            assert (self.net.population_of(record.targets) != 0).all()

    def teardown(self):
        while getattr(self, "done", []):
            self.undo(1)
        while getattr(self, "undone", []) and self.here < len(self.at) - 1:
            self.redo(1)
        if hasattr(self, "at"):
            assert portrait(self.net) == self.at[-1]


History.TestCase.settings = settings(max_examples=40, stateful_step_count=30)
test_every_position_of_a_history_is_exact = History.TestCase


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_long_way_of_random_edits_is_undone_and_redone_to_the_bit(count):
    """Hypothesis explores short histories and makes failures small; this one goes far."""
    luck = Seeded(20261129)
    net = circuit()
    history, places = [], [_digest(net)]
    refused = 0
    while len(history) < count:
        edit = any_edit(Draw(net, luck))
        try:
            history.append(edit.apply(net))
        except EditRefused:
            refused += 1
            assert _digest(net) == places[-1]
        else:
            places.append(_digest(net))
    assert refused < count
    for _ in range(2):
        redo = []
        for number in range(count, 0, -1):
            redo.append(history.pop().apply(net))
            assert _digest(net) == places[number - 1]
        for number in range(1, count + 1):
            history.append(redo.pop().apply(net))
            assert _digest(net) == places[number]


def _digest(net: Network) -> bytes:
    return hashlib.blake2b(repr(portrait(net)).encode(), digest_size=16).digest()
