"""P14: whatever becomes no number, infinite or absurd is caught in the same step, and who it was is named."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Network, Simulation, registry
from engine.errors import Unstable

BAD = (np.nan, np.inf, -np.inf, 1e300)
FEW = ("iaf_psc_exp", "izhikevich")
NEURONS = [m.slug for m in registry.all("neuron") if m.states]
SPIKES_ONLY = [
    r
    for r in registry.all("rule")
    if r.stage == "induction"
    and not (r.read_of("glia") or r.asks("pre") or r.asks("post") or r.quantities or "on_step" in r.hooks)
]
RULES = [r.slug for r in SPIKES_ONLY]
USUAL = next(r.slug for r in registry.all("rule") if r.stage == "induction" and r.usual)


def some(slugs: list[str], usual: tuple[str, ...]) -> list[object]:
    return [slug if slug in usual else pytest.param(slug, marks=pytest.mark.long) for slug in slugs]


def sound(value: float) -> bool:
    return bool(abs(value) < 1e12)


@pytest.mark.parametrize("slug", some(NEURONS, FEW))
def test_a_state_out_of_bounds_is_caught_and_its_neuron_is_named(slug: str) -> None:
    caught = tried = 0
    for name in registry.find(slug, "neuron").states:
        for bad in BAD:
            net = Network(dt=0.1, seed=3)
            net.add_population("cells", slug, size=3)
            sim = Simulation(net)
            cells = sim.circuit.cells_at(0)
            cells.states[name][1] = bad
            tried += 1
            said = None
            try:
                sim.run(1.0)
            except Unstable as error:
                said = error
            if said is None:  # it did no harm: it is computed anew in each step, or a spike ended it
                assert all(sound(float(column[1])) for column in cells.states.values()), (name, bad)
            else:
                caught += 1
                assert said.neuron == int(cells.neuron_ids[1]), (name, bad)
                assert said.t == 0.1, (name, bad)
                assert said.variable in (*cells.states, ""), (name, bad)
                assert said.value is None or not sound(said.value), (name, bad)
                assert slug in str(said)
            for column in cells.states.values():
                assert sound(float(column[0]))
                assert sound(float(column[2]))
    assert caught > tried // 3


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("slug", some(RULES, (USUAL,)))
def test_a_weight_out_of_bounds_is_caught_and_named_with_its_rule(slug: str, bad: float) -> None:
    net = Network(dt=0.1, seed=3)
    pre = net.add_population("pre", "relay", size=2)
    post = net.add_population("post", "iaf_psc_exp", size=2)
    way = net.add_projection("way", pre, post, rules=[slug])
    net.add_synapses(way, pre.ids, post.ids, weight=1.0, delay=1.0)
    for role in registry.find(slug, "rule").roles.values():
        net.add_modulator(role.substance, "diffuse", pre, {"substance": role.substance})
    net.add_input("spike_list", pre.ids, times=[1.0, 5.0, 9.0, 13.0])
    net.add_input("spike_list", post.ids, times=[2.0, 6.0, 10.0], weight=30000.0)
    sim = Simulation(net)
    sim.circuit.pathways[way.id].synapses.weight[1] = bad
    said = None
    try:
        sim.run(20.0)
    except Unstable as error:
        said = error
    if said is None:  # the bounds of the weight took it back before it could do harm
        assert np.isfinite(sim.synapses(way.id)["weight"]).all()
        return
    assert said.neuron in (None, int(post.ids[1]))  # the neuron it reached, or the synapse itself
    if said.neuron is None:
        assert (said.projection, said.variable) == (way.id, "weight")
        assert said.rule in (slug, "bounds")  # neither has done it; the account of one shows it first
        assert said.value is not None
        assert not sound(said.value)
