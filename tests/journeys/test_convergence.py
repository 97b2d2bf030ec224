"""Two copies of one network, changed in two places, end equal: the document's and the engine's.

The user edits, undoes and redoes; the engine grows and prunes; messages arrive late, in every order that two
queues allow.  An undo waits for the receipt of the edit it undoes: the control, which does not wait, must
diverge.
"""

from __future__ import annotations

import random

import numpy as np
import pytest

from editor.document.document import Document
from engine.network.edits import (
    AddNeurons,
    AddProjection,
    AddSynapses,
    MoveNeurons,
    MoveSynapses,
    RemoveNeurons,
    RemovePopulation,
    RemoveProjection,
    RemoveSynapses,
    SetSynapses,
)
from engine.network.parts import Projection
from tests.live_toy import ByHand, Toy, everything, settle, small_network

LENGTH = 14


class Lively(Toy):
    """Grows and prunes often; weights stay, so that the copies can be compared in everything."""

    every = 2
    learning = 0.0


class Hasty(Document):
    """The control: it does not wait for receipts."""

    waits_for_receipts = False


class Blind(ByHand):
    """Nobody looks at pictures here."""

    publishes = False


NETWORKS = {seed: small_network(seed) for seed in range(7)}


def start(network, *, state=None, speed=None):
    return Blind(network, state=state, make=Lively)


def random_edit(network, luck):
    """An edit such as a user makes, of what the document knows just now."""
    neurons = network.neuron_ids.tolist()
    synapses = [int(id) for p in network.projections.values() for id in p.synapses.id]
    kind = luck.choice(
        ["remove neurons", "remove", "remove", "add", "add", "set", "grow population", "whole"]
    )
    if kind == "remove neurons" and len(neurons) > 3:
        return RemoveNeurons(luck.sample(neurons, luck.randint(1, 2)))
    if kind == "remove" and synapses:
        return RemoveSynapses(luck.sample(synapses, min(len(synapses), luck.randint(1, 3))))
    if kind == "set" and synapses:
        weight = network.projections[int(network.projection_of(synapses[:1])[0])].synapses.take(synapses[:1])
        return SetSynapses(synapses[:1], "weight", weight["weight"] * 1.5)
    if kind == "add" and network.projections:
        projection = luck.choice(list(network.projections.values()))
        pre = network.populations[projection.pre]
        post = network.populations[projection.post].neuron_ids.tolist()
        if len(pre) and post:
            one = luck.choice(pre.neuron_ids.tolist())
            size = 5.0 * pre.sign
            return AddSynapses(projection.id, network.ids.fresh(1), [one], post[:1], [size], [1.0])
    if kind == "grow population" and network.populations:
        population = luck.choice(list(network.populations))
        return AddNeurons(population, network.ids.fresh(1), [[1.0, 2.0, 3.0]])
    if kind == "whole":
        return whole_edit(network, luck, synapses)
    return MoveNeurons(neurons[:1], [[luck.random(), 0.0, 0.0]]) if neurons else None


def whole_edit(network, luck, synapses):
    """An edit of a whole projection or population."""
    if luck.random() < 0.5 and len(network.populations) > 1:
        return RemovePopulation(luck.choice(list(network.populations)))
    if not network.projections:
        return None
    projection = luck.choice(list(network.projections.values()))
    if luck.random() < 0.5:
        return RemoveProjection(projection.id)
    twin = Projection(int(network.ids.fresh(1)[0]), "twin", projection.pre, projection.post)
    others = [p for p in network.projections.values() if (p.pre, p.post) == (projection.pre, projection.post)]
    if len(others) > 1 and len(others[0].synapses):
        return MoveSynapses(others[0].synapses.id[:2], others[1].id)
    return AddProjection(twin)


def interleave(kind, seed):
    """One random interleaving; returns whether the two copies ended equal, and what was seen of each kind."""
    luck = random.Random(seed)
    document = kind(NETWORKS[seed % 7].copy(), start=start)
    document.play()
    session = document.live.session
    session.take()
    for _ in range(LENGTH):
        what = luck.choices(
            ["edit", "undo", "redo", "engine reads", "engine works", "document reads"], [6, 4, 2, 4, 4, 4]
        )[0]
        if what == "edit":
            if (edit := random_edit(document.network, luck)) is not None:
                document.do(edit)
        elif what == "undo" and len(document.history.done) > 1:  # the run itself is for another test
            document.undo()
        elif what == "redo":
            document.redo()
        elif what == "engine reads":
            session.take(luck.randint(1, 3))
        elif what == "engine works":
            session.work(luck.randint(1, 8))
        elif what == "document reads":
            document.poll(luck.randint(1, 4))
    document.pause()
    settle(document)
    assert not document.is_waiting
    toy = session.toy.network
    return everything(document.network) == everything(toy), document


@pytest.mark.slow
@pytest.mark.parametrize("thousand", range(4))
def test_over_4000_random_interleavings_the_two_copies_end_equal_every_time(thousand):
    seen = {"grown": 0, "pruned": 0}
    for seed in range(1000 * thousand, 1000 * (thousand + 1)):
        equal, document = interleave(Document, seed)
        assert equal, f"the copies differ after interleaving {seed}"
        for line in document.lines:
            if line.kind in seen:
                seen[line.kind] += 1
    assert seen["grown"] > 1000
    assert seen["pruned"] > 500


@pytest.mark.slow
def test_without_the_receipt_rule_some_diverge():
    diverged = sum(not interleave(Hasty, seed)[0] for seed in range(300))
    assert diverged > 10


@pytest.mark.slow
def test_undo_all_runs_included_returns_the_byte_identical_network_after_any_interleaving():
    for seed in range(60):
        _, document = interleave(Document, seed)
        while document.can_redo:
            document.redo()
            settle(document)
        end = everything(document.network)
        while document.can_undo:
            document.undo()
            settle(document)
        assert everything(document.network) == everything(NETWORKS[seed % 7]), f"interleaving {seed}"
        while document.can_redo:
            document.redo()
            settle(document)
        assert everything(document.network) == end, f"interleaving {seed}"


def test_no_id_is_used_twice_within_a_timeline():
    for seed in range(20):
        _, document = interleave(Document, seed)
        grown = [id for line in document.lines if line.kind == "grown" for id in line.ids]
        assert len(grown) == len(set(grown))
        assert all(id < 0 for id in grown)
        assert np.all(document.network.neuron_ids > 0)
