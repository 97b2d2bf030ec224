"""A run as bits: a network in which everything changes, and the digest of all that matters in a run."""

from __future__ import annotations

import hashlib

import numpy as np

from engine import Network, Simulation


def living_network() -> Network:
    """Three tiles of neurons with every kind of change: learning, growth, pruning, glia, dopamine."""
    net = Network(dt=0.1, seed=11)
    net.sweep = 150
    exc = net.add_population("E", "iaf_psc_exp", size=1100, sign=+1, params={"i_e": 380.0})
    inh = net.add_population("I", "izhikevich", size=300, sign=-1, params={"i_e": 8.0})
    dop = net.add_population("D", "relay", size=2)
    glia = net.add_astrocytes("A", "astrocyte_li_rinzel", size=6)
    net.add_modulator("DA", "diffuse", sources=dop)
    net.add_input("poisson", exc, rate=900.0, weight=60.0)
    net.add_input("noise_current", inh, mean=2.0, std=4.0, hold=0.5)
    net.add_input("poisson", dop, rate=200.0)
    growth = {"update": 10.0, "nu": 0.05, "curve": "linear", "sigma": 300.0, "weight": 30.0, "delay": 1.2}
    living = [
        ("stdp_pair", {"lambda_": 0.05}),
        ("scaling", {"update": 5.0, "tau_sc": 500.0}),
        ("prune_weak", {"below": 39.9, "for_": 10.0, "update": 5.0}),
        ("element_growth", growth),
    ]
    ee = net.add_projection("EE", exc, exc, rules=living)
    net.wire(ee, "fixed_in", n=8, weight=40.0, delay=("uniform", 0.8, 2.0))
    ei = net.add_projection(
        "EI", exc, inh, transmission="tsodyks_markram", w_max=10.0, rules=[("stdp_triplet", {})]
    )
    net.wire(ei, "fixed_in", n=10, weight=1.0, delay=1.0)
    net.set(ei, astrocytes=int(glia))
    ie = net.add_projection("IE", inh, exc, rules=[("stdp_pair", {}), ("dopamine", {"tau_c": 30.0})])
    net.wire(ie, "fixed_in", n=5, weight=-30.0, delay=1.0)
    gaps = net.add_projection("gap", inh, inh, transmission="gap_junction")
    net.add_synapses(gaps, pre=inh[:20], post=inh[20:40], weight=0.05, delay=1.0)
    return net


def digest(sim: Simulation) -> str:
    """Spikes, weights, topology, everything in flight: nothing that matters is left out."""
    seen = hashlib.blake2b(digest_size=12)
    seen.update(sim.spikes().tobytes())
    for name, array in sorted(sim.capture().items()):
        seen.update(name.encode() + np.ascontiguousarray(array).tobytes())
    return seen.hexdigest()
