"""Dropping a card makes one edit, or says in words why not."""

import numpy as np
import pytest

from editor.drawing import placing
from editor.drawing.next_drawn import NextDrawn, NextSynapse
from editor.drawing.workbench import Workbench
from editor.palette import cards
from editor.selection import NOTHING, Selection
from engine import registry
from engine.network.edits import from_json, same, to_json
from engine.network.network import Network
from engine.network.parts import RuleUse


class Desk:
    """The smallest thing a workbench can stand on: edits are applied and can be taken back."""

    def __init__(self, net):
        self.network = net
        self.done = []

    def do(self, edit):
        self.done.append(edit.apply(self.network))


class Hands:
    def __init__(self, net=None):
        self.net = net or Network(seed=1)
        self.said = []
        self.bench = Workbench(
            Desk(self.net), Selection(), NextDrawn(), lambda text, bad: self.said.append(text)
        )

    def place(self, slug, kind, at=(0.0, 0.0)):
        self.bench.use(cards.find(kind, slug), at)


EVERY_CARD = [card for section in cards.sections() for card in section.cards]


def pair(net, model=""):
    """Two neurons of the usual model, wired by nothing."""
    coming = NextDrawn(neuron=model)
    placing.neurons(net, coming, [[0, 0, 0]]).apply(net)
    placing.neurons(net, coming, [[100, 0, 0]], joins=False).apply(net)
    return net.neuron_ids


@pytest.mark.parametrize("card", EVERY_CARD, ids=lambda card: f"{card.kind}-{card.slug}")
def test_every_card_survives_its_journey_through_the_clipboard(card):
    assert cards.decode(cards.encode(card)).slug == card.slug


@pytest.mark.parametrize(
    "payload", [b"", b"{}", b"[1]", b'{"kind": "neuron", "slug": "nope"}', b"x" * 5000, b"\xff"]
)
def test_what_is_not_a_card_is_not_taken_for_one(payload):
    assert cards.decode(payload) is None


@pytest.mark.parametrize("card", EVERY_CARD, ids=lambda card: f"{card.kind}-{card.slug}")
def test_using_a_card_on_an_empty_canvas_makes_an_edit_or_says_why_not(card):
    hands = Hands()
    hands.bench.use(card, (10.0, 20.0))
    assert hands.net.neuron_count > 0 or hands.said


PLACEABLE = [card for card in EVERY_CARD if card.kind in ("neuron", "astrocyte", "input", "modulator")]


@pytest.mark.parametrize("card", PLACEABLE, ids=lambda card: card.slug)
def test_what_a_card_places_can_be_undone_and_sent(card):
    net = Network(seed=1)
    pair(net)
    before = net.canonical()[0]
    edit = placing.place(net, card, NextDrawn(), (0.0, 0.0))
    if isinstance(edit, str):
        assert "select" in edit
        return
    assert same(from_json(to_json(edit)), edit)
    edit.apply(net).apply(net)
    assert net.canonical()[0] == before


def test_a_card_that_needs_neurons_takes_the_selected_ones():
    hands = Hands()
    ids = pair(hands.net)
    hands.bench.selection.choose(neuron=ids)
    hands.place("poisson", "input")
    hands.place("diffuse", "modulator")
    hands.place("v", "probe")
    (given,) = hands.net.inputs.values()
    assert given.targets.tolist() == ids.tolist()
    assert given.weight > 0
    assert next(iter(hands.net.modulators.values())).sources.tolist() == ids.tolist()
    assert next(iter(hands.net.probes.values())).what == "v"


def test_neurons_join_the_population_chosen_for_them():
    net = Network(seed=1)
    coming = NextDrawn()
    placing.neurons(net, coming, [[0, 0, 0]]).apply(net)
    (home,) = net.populations
    coming.set(population=home)
    placing.neurons(net, coming, [[50, 0, 0]]).apply(net)
    assert len(net.populations[home]) == 2
    coming.set(sign=-1)
    placing.neurons(net, coming, [[90, 0, 0]]).apply(net)
    assert len(net.populations) == 2


def test_wiring_two_neurons_makes_one_projection_and_wiring_again_uses_it():
    net = Network(seed=1)
    a, b = pair(net)
    coming = NextSynapse("current_exp", (RuleUse("stdp_pair"),), effect=6.0)
    placing.wire(net, np.array([a]), np.array([b]), coming).apply(net)
    placing.wire(net, np.array([b]), np.array([a]), coming).apply(net)
    assert len(net.projections) == 2
    placing.wire(net, np.array([a]), np.array([b]), coming).apply(net)
    assert len(net.projections) == 2
    assert net.synapse_count == 3
    first = next(iter(net.projections.values()))
    assert 0 < first.synapses.weight[0] < first.w_max


POTENTIALS = [
    m.slug
    for m in registry.all("neuron")
    if not m.is_relay and "v" in m.states and m.states["v"].unit == "mV"
]


@pytest.mark.parametrize("model", POTENTIALS)
@pytest.mark.parametrize("sign", [1, -1])
def test_the_effect_at_rest_is_what_the_weight_does(model, sign):
    from editor.inspector import meaning

    fitting = [
        t.slug
        for t in registry.all("transmission")
        if getattr(t, "gives", "") in registry.find(model).receives
    ]
    coming = NextSynapse(fitting[0], effect=2.0)
    weight = coming.weight(model)
    moved = meaning.response(registry.find(model), {}, weight, registry.find(fitting[0]))
    expected = min(2.0, 8.0 / 15.0 * meaning.way_to_spike(registry.find(model), {}))
    assert moved == pytest.approx(expected, rel=0.03)


def test_one_spike_of_a_drawn_synapse_fires_no_neuron_from_rest():
    from editor.inspector import meaning

    near = registry.find("alif")
    assert meaning.way_to_spike(near, {}) < 1.0
    assert meaning.way_to_spike(near, {"v_th": 12.0}) == 12.0
    weight = NextSynapse("delta").weight("alif")
    assert 0.0 < meaning.response(near, {}, weight, registry.find("delta")) < 0.6


def test_patterns_wire_populations_of_any_sign():
    net = Network(seed=3)
    coming = NextDrawn()
    placing.population(net, coming, (0, 0), 30).apply(net)
    coming.set(sign=-1)
    placing.population(net, coming, (500, 0), 10).apply(net)
    every = net.neuron_ids
    edit = placing.wire(net, every, every, coming.synapse, "fixed_probability", {"p": 0.2})
    edit.apply(net)
    assert len(net.projections) == 4
    for projection in net.projections.values():
        sign = net.populations[projection.pre].sign
        assert (np.sign(projection.synapses.weight) == sign).all()
        assert (projection.synapses.pre != projection.synapses.post).all()


@pytest.mark.parametrize("pattern", list(placing.PATTERNS))
def test_every_pattern_has_numbers_to_begin_with(pattern):
    net = Network(seed=3)
    placing.population(net, NextDrawn(), (0, 0), 12).apply(net)
    every = net.neuron_ids
    edit = placing.wire(net, every, every, NextDrawn().synapse, pattern)
    assert not isinstance(edit, str) or "no synapse" in edit


def test_a_rule_goes_to_the_projection_of_the_selected_synapse_once():
    hands = Hands()
    a, b = pair(hands.net)
    placing.wire(hands.net, np.array([a]), np.array([b]), NextSynapse("current_exp")).apply(hands.net)
    (projection,) = hands.net.projections.values()
    hands.bench.selection.choose(synapse=projection.synapses.id)
    hands.place("stdp_pair", "rule")
    assert [use.slug for use in hands.net.projections[projection.id].rules] == ["stdp_pair"]
    hands.place("stdp_pair", "rule")
    assert "already" in hands.said[-1]


def test_without_a_projection_a_rule_joins_the_next_synapse():
    hands = Hands()
    hands.place("scaling", "rule")
    assert "scaling" in [use.slug for use in hands.bench.coming.synapse.rules]
    assert "scaling" in hands.said[-1]


def test_one_induction_at_a_time_but_several_ways_to_grow():
    coming = NextDrawn()
    coming.toggle_rule("stdp_triplet")
    stages = [registry.find(use.slug).stage for use in coming.synapse.rules]
    assert stages.count("induction") == 1
    coming.toggle_rule("prune_weak")
    coming.toggle_rule("element_growth")
    stages = [registry.find(use.slug).stage for use in coming.synapse.rules]
    assert stages.count("structure") == 2
    assert stages == sorted(stages, key=list(cards.QUESTIONS).index)


def test_the_chip_says_what_the_next_synapse_is():
    coming = NextDrawn()
    said = coming.synapse.words()
    assert "pair STDP" in said
    assert "mV at rest" in said


def test_duplicating_again_repeats_how_far_the_last_twins_were_moved():
    hands = Hands()
    pair(hands.net)
    hands.bench.selection.choose(neuron=hands.net.neuron_ids[:1])
    hands.bench.duplicate((36.0, 0.0))
    first = hands.bench.selection.neurons
    from engine.network.edits import MoveNeurons

    MoveNeurons(first, [[0.0, 80.0, 0.0]]).apply(hands.net)
    hands.bench.duplicate((36.0, 0.0))
    assert hands.net.positions_of(hands.bench.selection.neurons)[0, :2].tolist() == [0.0, 160.0]


def test_a_copied_circuit_is_pasted_with_its_synapses_and_only_those_among_it():
    hands = Hands()
    net = hands.net
    a, b = pair(net)
    wire = NextSynapse("current_exp", effect=2.0)
    placing.wire(net, np.array([a]), np.array([b]), wire).apply(net)
    hands.bench.selection.choose(neuron=[a, b])
    hands.bench.copy()
    hands.bench.paste((10.0, 10.0))
    assert (net.neuron_count, net.synapse_count) == (4, 2)
    hands.bench.selection.choose(neuron=[a])
    hands.bench.copy()
    hands.bench.paste((10.0, 10.0))
    assert (net.neuron_count, net.synapse_count) == (5, 2)


def test_a_clipping_outlives_what_it_was_cut_from_and_fits_another_circuit():
    hands = Hands()
    ids = pair(hands.net)
    placing.wire(hands.net, ids[:1], ids[1:], NextSynapse("current_exp", effect=2.0)).apply(hands.net)
    hands.bench.selection.choose(neuron=ids)
    hands.bench.copy()
    other = Hands()
    other.bench.clipping = hands.bench.clipping
    other.bench.paste((0.0, 0.0))
    assert (other.net.neuron_count, other.net.synapse_count) == (2, 1)


def test_a_whole_population_is_pasted_as_another_one_with_its_parameters():
    net = Network(seed=1)
    view = net.add_population("Cells", "iaf_psc_exp", 5, params={"tau_m": np.arange(5) + 10.0})
    hands = Hands(net)
    hands.bench.selection.choose(population=[view.id])
    hands.bench.copy()
    hands.bench.paste((0.0, 0.0))
    twin = next(p for p in net.populations.values() if p.id != view.id)
    assert twin.label == "Cells 2"
    assert twin.params["tau_m"].tolist() == [10, 11, 12, 13, 14]


def test_nothing_is_placed_on_nothing():
    net = Network()
    assert isinstance(placing.probe(net, NOTHING, NOTHING), str)
    assert isinstance(placing.add_rule(net, "stdp_pair", []), str)
