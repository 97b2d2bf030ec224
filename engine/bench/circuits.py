"""The circuits that are measured; a peer's script builds the same ones from the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.bench import numbers
from engine.network.network import Network
from engine.network.views import PopulationView


def start_anywhere(net: Network, population: PopulationView, low: float, high: float, seed: int) -> None:
    """Let every neuron begin at a potential of its own, so that they do not fire together."""
    drawn = np.random.Generator(np.random.Philox(seed)).random(len(population))
    net.set(population, v=low + (high - low) * drawn)


def cuba(n: int, precision: str = "single") -> Network:
    """`n` neurons, each pair joined with the chance that gives it 80 synapses."""
    net = Network(dt=0.1, seed=3, precision=precision, title="CUBA")
    exc = net.add_population("Excitatory", "iaf_psc_exp", size=n * 4 // 5, sign=+1, params=numbers.CUBA)
    inh = net.add_population("Inhibitory", "iaf_psc_exp", size=n - n * 4 // 5, sign=-1, params=numbers.CUBA)
    for pre, weight in zip((exc, inh), numbers.CUBA_WEIGHTS, strict=True):
        start_anywhere(net, pre, -60.0, -50.0, pre.id)
        for post in (exc, inh):
            projection = net.add_projection(f"{pre.label} to {post.label}", pre, post, "current_exp")
            net.wire(projection, "fixed_probability", p=numbers.CUBA_FAN_IN / n, weight=weight, delay=0.1)
    return net


def balanced(
    n: int, rules: Sequence[Any] = (), precision: str = "single", k: int = 1000,
    drive: float = numbers.BALANCED["i_e"],
) -> Network:  # fmt: skip
    """`n` neurons with `k` synapses each, four in five excitatory, all driven by a current of `drive` pA.

    `rules` act between excitatory ones.
    """
    net = Network(dt=0.1, seed=12, precision=precision, title="Balanced random network")
    params = {**numbers.BALANCED, "i_e": drive}
    exc = net.add_population("Excitatory", "iaf_psc_exp", size=n * 4 // 5, sign=+1, params=params)
    inh = net.add_population("Inhibitory", "iaf_psc_exp", size=n - n * 4 // 5, sign=-1, params=params)
    many = k * 4 // 5
    size = numbers.WEIGHT * 1000.0 / k
    w_max = numbers.W_MAX * size
    for pre, weight, fan_in in ((exc, size, many), (inh, size * numbers.RATIO, k - many)):
        start_anywhere(net, pre, 0.0, 20.0, pre.id)
        for post in (exc, inh):
            plastic = list(rules) if pre is exc and post is exc else []
            projection = net.add_projection(
                f"{pre.label} to {post.label}",
                pre,
                post,
                "current_exp",
                rules=plastic,
                w_max=w_max,
            )
            net.wire(projection, "fixed_in", n=fan_in, weight=weight, delay=numbers.DELAY)
    if any(rule[0] == "dopamine" for rule in rules):
        net.add_modulator("Dopamine", "diffuse", sources=exc.ids[: numbers.DOPAMINE_NEURONS])
    return net


def driven(n: int, rate: float = numbers.POISSON_RATE) -> Network:
    """`n` neurons without a synapse, each with a Poisson train of its own."""
    net = Network(dt=0.1, seed=5, precision="single", title="Poisson drive")
    params = {**numbers.BALANCED, "i_e": 0.0}
    neurons = net.add_population("Driven", "iaf_psc_exp", size=n, sign=+1, params=params)
    net.add_input("poisson", neurons, rate=rate, weight=numbers.POISSON_WEIGHT)
    return net


def astrocytes(n: int) -> Network:
    """`n` neurons and as many astrocytes, each of them with its own stretch of the circuit."""
    net = Network(dt=0.1, seed=7, precision="double", title="Neurons and astrocytes")
    exc = net.add_population("Excitatory", "iaf_cond_exp", size=n * 4 // 5, sign=+1)
    inh = net.add_population("Inhibitory", "iaf_cond_exp", size=n - n * 4 // 5, sign=-1)
    glia = net.add_astrocytes("Astrocytes", size=n)
    for pre, weight in ((exc, 1.0), (inh, -4.0)):
        for post in (exc, inh):
            around = glia if pre is exc else None
            projection = net.add_projection(
                f"{pre.label} to {post.label}", pre, post, "conductance_exp", astrocytes=around
            )
            net.wire(projection, "fixed_probability", p=numbers.ASTROCYTES_P, weight=weight, delay=1.0)
    for population in (exc, inh):
        net.add_input("poisson", population, rate=numbers.ASTROCYTES_RATE, weight=numbers.ASTROCYTES_WEIGHT)
    return net
