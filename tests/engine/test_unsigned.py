"""Neurons without a sign: each of their synapses has one, acts by it and keeps it, even at no weight."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Network, Simulation, load, registry, save

PAIR = ("stdp_pair", {"lambda_": 0.3})
CASES = [
    ((), "iaf_psc_exp", "double"),
    ((), "iaf_cond_exp", "double"),
    ((PAIR,), "iaf_psc_exp", "single"),
    ((PAIR, "scaling"), "iaf_psc_exp", "double"),
    (("costa",), "iaf_psc_exp", "double"),
    (("clopath",), "aeif_psc_delta_clopath", "double"),
]
TRAINS = [5.0, 9.0, 12.0, 30.0, 31.0, 55.0, 60.0, 90.0]


def pathway(signs: list[int], post: str, rules: tuple, precision: str = "double") -> tuple[Simulation, list]:
    """Two relays, in one population without a sign or in one of each, that excite and inhibit one neuron."""
    net = Network(dt=0.1, seed=3, precision=precision)
    params = {"tau_syn_ex": 1.0, "tau_syn_in": 12.0, "i_e": 420.0}
    own = {n: v for n, v in params.items() if n in registry.find(post, "neuron").params}
    cell = net.add_population("Cell", post, params=own)
    size = 2 // len(signs)
    sources = [net.add_population(f"Sources {sign}", "relay", size=size, sign=sign) for sign in signs]
    ways, probes = [], [net.add_probe(cell, "v", every=1.0)]
    for k, each in enumerate(sources):
        for relay in each:
            net.add_input("spike_list", [relay], times=TRAINS)
        way = net.add_projection(f"Way {k}", each, cell, rules=rules, w_max=40.0)
        mine = [25.0, -25.0][:size] if size == 2 else [25.0 * signs[k]]
        ids = net.add_synapses(way, each.ids, cell.ids, weight=mine, delay=1.0)
        probes.append(net.add_probe(ids, "transmitted", every="pre"))
        ways.append(way)
    return Simulation(net), [*probes, *ways]


def told(sim: Simulation, of: list, signs: list[int]) -> tuple:
    v, *rest = of
    probes, ways = rest[: len(signs)], rest[len(signs) :]
    carried = np.concatenate([sim.record(one)[["t", "value"]] for one in probes])
    weights = np.concatenate([sim.synapses(one)["weight"] for one in ways])
    return (
        sim.record(v)["value"],
        sorted(map(tuple, carried.tolist())),
        sorted(weights.tolist()),
        sim.spikes()["t"],
    )


@pytest.mark.parametrize(("rules", "post", "precision"), CASES, ids=str)
def test_a_population_without_a_sign_does_what_one_of_each_would(rules, post, precision):
    found = []
    for signs in ([0], [1, -1]):
        sim, of = pathway(signs, post, rules, precision)
        sim.run(120.0)
        found.append(told(sim, of, signs))
    for mixed, apart in zip(*found, strict=True):
        np.testing.assert_allclose(mixed, apart, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("weight", [10.0, -10.0])
def test_a_synapse_that_fell_to_nothing_grows_again_on_its_own_side(tmp_path, weight):
    net = Network(dt=0.1, seed=1)
    pre = net.add_population("Pre", "relay", sign=0)
    post = net.add_population("Post", "relay")
    net.add_input("spike_list", pre, times=[20.0, 40.0, 200.0])
    net.add_input("spike_list", post, times=[10.0, 30.0, 205.0])
    window = {"lambda_": 1.0, "mu_plus": 0.0, "mu_minus": 0.0}
    way = net.add_projection("Way", pre, post, rules=[("stdp_pair", window)], w_max=20.0)
    net.add_synapses(way, pre, post, weight=weight)
    sim = Simulation(net)
    sim.run(100.0)
    assert sim.synapses(way)["weight"].tolist() == [0.0]
    save(sim, tmp_path / "amid.neuropil")
    again, state = load(tmp_path / "amid.neuropil")
    other = Simulation(again, state=state)
    grown = 20.0 * np.exp(-np.array([6.0, 166.0, 186.0]) / 20.0).sum()
    for one in (sim, other):
        one.run(300.0)
        assert one.synapses(way)["weight"][0] * np.sign(weight) == pytest.approx(grown)
    kept = Simulation(sim.network)  # the sign of nothing travels with the network too
    assert kept.synapses(way)["weight"].tolist() == sim.synapses(way)["weight"].tolist()
