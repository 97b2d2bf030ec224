"""Cards from the palette let go on the canvas, on a neuron, on a synapse."""

from __future__ import annotations

from typing import Any

import pytest

from editor.palette.cards import PROBE, Card
from engine import registry
from engine.network.edits import AddSynapses, SetRules
from engine.network.parts import RuleUse
from tests.editor.gestures.triangle import NOWHERE, done, neurons, on_synapse, synapse
from tests.journeys.by_hand import Hand

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def card(kind: str, slug: str) -> Card:
    return Card(kind, slug, registry.find(slug).label, "", "")


def test_cards_dropped_on_the_canvas_place_what_they_name(hand: Hand) -> None:
    at = hand.seen(NOWHERE)
    assert hand.drop(card("neuron", "izhikevich"), at) == (True, True)
    assert hand.drop(card("astrocyte", "astrocyte_li_rinzel"), hand.seen((190, 100))) == (True, True)
    assert hand.drop(card("input", "poisson"), hand.seen((190, 0))) == (True, True)
    net = hand.document.network
    models = [record.model for record in net.populations.values()]
    assert {"izhikevich", "astrocyte_li_rinzel", "relay"} <= set(models)
    assert len(net.inputs) == 1
    assert hand.drop(card("rule", "scaling"), hand.seen((-190, -100)))[1] is False


def test_cards_dropped_on_a_neuron_or_a_synapse_are_attached(hand: Hand) -> None:
    left, _, _ = neurons(hand)
    one = synapse(hand, "E to E")
    assert hand.drop(card("input", "poisson"), hand.at(left)) == (True, True)
    assert hand.drop(Card(PROBE, PROBE, "Probe", "", ""), on_synapse(hand, one, 0.5)) == (True, True)
    assert hand.drop(card("rule", "scaling"), on_synapse(hand, one, 0.5)) == (True, True)
    net = hand.document.network
    (given,), (seen,) = net.inputs.values(), net.probes.values()
    assert (given.targets.tolist(), seen.targets.tolist(), seen.what) == ([left], [one], "weight")
    assert [use.slug for use in net.projections[net.projection("E to E").id].rules] == [
        "stdp_pair",
        "scaling",
    ]


def test_a_rule_dropped_on_one_of_many_asks_which_are_meant(hand: Hand, qtbot: Any) -> None:
    left, right, _ = neurons(hand)
    net = hand.document.network
    net_view = net.projection("E to E")
    hand.drag(hand.handle("wire", right), hand.at(left))
    one = synapse(hand, "E to E")
    hand.document.do(AddSynapses(net_view.id, net.ids.fresh(1), [right], [left], [50.0], [1.0]))
    qtbot.wait(150)
    for choice, stacks in ((0, [["stdp_pair", "scaling"]]), (1, [["stdp_pair"], ["stdp_pair", "scaling"]])):
        hand.drop(card("rule", "scaling"), on_synapse(hand, one, 0.5))
        menu = hand.canvas.gesture.menu
        assert [each.text() for each in menu.actions()] == ["All 2 of E to E", "Only this one"]
        menu.actions()[choice].trigger()
        menu.close()
        owners = {net.projection_of([each])[0] for each in (one, *net.projection("E to E").ids.tolist())}
        found = [[use.slug for use in net.projections[int(each)].rules] for each in sorted(owners)]
        assert found == stacks
        hand.window.perform("undo")
        qtbot.wait(120)


def wrapped(hand: Hand) -> dict[str, list[int]]:
    """By projection with astrocytes: the astrocyte of each synapse, 0 for none."""
    net = hand.document.network
    return {
        one.label: one.synapses.sorted()["astrocyte"].tolist()
        for one in net.projections.values()
        if one.astrocytes
    }


def test_an_astrocyte_dropped_on_a_synapse_wraps_it(hand: Hand) -> None:
    assert hand.drop(
        card("astrocyte", "astrocyte_li_rinzel"), on_synapse(hand, synapse(hand, "E to E"), 0.5)
    )[1]
    net = hand.document.network
    (glia,) = [one for one in net.populations.values() if one.kind == "astrocyte"]
    assert wrapped(hand) == {"E to E": glia.neuron_ids.tolist()}
    hand.window.perform("undo")
    assert wrapped(hand) == {}
    assert "astrocyte" not in [one.kind for one in net.populations.values()]


def test_an_astrocyte_dropped_on_one_of_many_asks_which_are_meant(hand: Hand, qtbot: Any) -> None:
    left, right, _ = neurons(hand)
    net = hand.document.network
    one = synapse(hand, "E to E")
    hand.document.do(
        AddSynapses(net.projection("E to E").id, net.ids.fresh(1), [right], [left], [50.0], [1.0])
    )
    qtbot.wait(150)
    for choice, expect in ((0, ["own", "own"]), (1, ["own", "none"]), (2, [])):
        hand.drop(card("astrocyte", "astrocyte_li_rinzel"), on_synapse(hand, one, 0.5))
        menu = hand.canvas.gesture.menu
        menu.actions()[choice].trigger()
        menu.close()
        assert [each.kind for each in net.populations.values()].count("astrocyte") == 1
        found = wrapped(hand).get("E to E", [])
        assert ["own" if each else "none" for each in found] == expect
        hand.window.perform("undo")
        qtbot.wait(120)


@pytest.mark.parametrize("rules", [(), ("dopamine",)], ids=["without a gate", "with one"])
def test_a_modulator_dropped_on_a_synapse_reaches_it(hand: Hand, rules: tuple[str, ...]) -> None:
    net = hand.document.network
    projection = net.projection("E to E")
    hand.document.do(
        SetRules(projection.id, tuple(RuleUse(slug) for slug in ("stdp_pair", *rules, "receptors")))
    )
    assert hand.drop(card("modulator", "diffuse"), on_synapse(hand, synapse(hand, "E to E"), 0.5)) == (
        True,
        True,
    )
    (released,) = net.modulators.values()
    (source,) = released.sources.tolist()
    assert net.population_of([source])[0] not in (net.population("E").id, net.population("I").id)
    stack = net.projections[projection.id].rules
    assert [registry.find(use.slug, "rule").stage for use in stack] == ["induction", "gate", "expression"]
    (role,) = registry.find(stack[1].slug, "rule").roles.values()
    assert stack[1].params[role.chosen_by] == released.id
    hand.window.perform("undo")
    assert not net.modulators


def test_a_rule_dropped_on_a_neuron_offers_the_projections_of_its_population(hand: Hand) -> None:
    left, _, low = neurons(hand)
    hand.drop(card("rule", "scaling"), hand.at(low))  # one projection: no question
    net = hand.document.network
    assert [use.slug for use in net.projection("I to E").rules] == ["scaling"]
    hand.window.perform("undo")
    hand.drop(card("rule", "scaling"), hand.at(left))
    menu = hand.canvas.gesture.menu
    assert [each.text() for each in menu.actions()] == [
        "All 1 of E to E", "All 1 of I to E", "All 2 in and out of E",
    ]  # fmt: skip
    menu.actions()[2].trigger()
    menu.close()
    assert all("scaling" in [use.slug for use in one.rules] for one in net.projections.values())
    assert len(done(hand)) == 1


def test_a_card_over_the_canvas_shows_what_it_would_be_or_why_it_cannot(hand: Hand) -> None:
    before = hand.document.network.ids.next
    items = hand.canvas.items
    hand.carry(card("neuron", "izhikevich"), hand.seen(NOWHERE))
    assert items.ghosts[0] == pytest.approx(NOWHERE, abs=1.0)
    hand.carry(card("input", "poisson"), hand.at(neurons(hand)[0]))
    assert [ring.neuron for ring in items.rings] == [neurons(hand)[0]]
    hand.carry(card("rule", "scaling"), hand.seen(NOWHERE))
    assert "drop it on" in items.reason.text
    assert hand.document.network.ids.next == before
    hand.leave()
    assert items.reason is None
    assert done(hand) == []
