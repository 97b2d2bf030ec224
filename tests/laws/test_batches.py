"""Synapses taken in batches learn what they learn one by one, to the bit, also through a capture."""

import numpy as np
import pytest

from engine import Network, Simulation, registry
from engine.kernels import recipes
from engine.kernels.batches import Batches

BATCHED = [
    rule.slug
    for rule in registry.all("rule")
    if recipes.stack("current_exp", [rule.slug], "float64", False, False).stack().is_batched
]


def circuit(slug, precision):
    net = Network(dt=0.1, seed=4, precision=precision)
    pre = net.add_population("Pre", "relay", size=40)
    post = net.add_population("Post", "iaf_psc_exp", size=30)
    net.add_input("poisson", pre, rate=60.0)
    net.add_input("poisson", post, rate=4000.0, weight=120.0)
    projection = net.add_projection("Learns", pre, post, "current_exp", rules=slug.split("+"), w_max=100.0)
    net.wire(
        projection, "fixed_probability", p=0.6, weight=("uniform", 20.0, 60.0), delay=("uniform", 0.5, 4.0)
    )
    return net, projection.id


def learned(slug, precision, stops):
    net, projection = circuit(slug, precision)
    sim = Simulation(net)
    for stop in stops:
        sim.run(stop)
        sim = Simulation(sim.network, state=sim.capture())
    return sim.synapses(projection), sum(sim.credit()[projection][slug.split("+")[0]])


CASES = [
    pytest.param("stdp_pair", "single"),
    pytest.param("stdp_triplet", "double"),
    pytest.param("stdp_pair+prune_weak", "single"),
    *[pytest.param(slug, "double", marks=pytest.mark.long) for slug in BATCHED if slug != "stdp_triplet"],
]


@pytest.mark.parametrize(("slug", "precision"), CASES)
def test_a_batch_learns_what_each_learns_alone(slug, precision, monkeypatch):
    together, charged = learned(slug, precision, (150.0, 700.0))
    monkeypatch.setattr(Batches, "is_batched", property(lambda stack: False))
    for remembered in ("_stack", "_kernels"):
        monkeypatch.setattr(recipes, remembered, getattr(recipes, remembered).__wrapped__)
    alone, charged_alone = learned(slug, precision, (850.0,))
    assert len(np.unique(alone["weight"])) > 100
    assert together.tolist() == alone.tolist()
    assert charged == pytest.approx(charged_alone, rel=1e-6, abs=1e-9)


def test_the_rules_of_pairs_and_triplets_are_batched_whatever_slow_cards_keep_for_themselves():
    assert {"stdp_pair", "stdp_triplet"} <= set(BATCHED)
    beside = {
        slug: recipes.stack("current_exp", ["stdp_pair", slug], "float64", False, False).stack().is_batched
        for slug in ("prune_weak", "spine_life", "dopamine", "tag_capture")
    }
    assert beside == {"prune_weak": True, "spine_life": True, "dopamine": False, "tag_capture": False}
