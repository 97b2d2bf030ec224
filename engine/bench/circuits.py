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
    """`n` adaptive neurons and as many astrocytes, each beside its neuron.

    An astrocyte hears the excitatory synapses of its neuron, and its calcium drives the neuron.
    """
    net = Network(dt=0.1, seed=7, precision="double", title="Neurons and astrocytes")
    many = n * 4 // 5
    exc = net.add_population("Excitatory", "aeif_cond_exp", size=many, sign=+1, params=numbers.ADAPTIVE)
    inh = net.add_population("Inhibitory", "aeif_cond_exp", size=n - many, sign=-1, params=numbers.ADAPTIVE)
    glia = net.add_astrocytes("Astrocytes", size=n, params={"delta_ip3": numbers.ASTROCYTES_IP3})
    place = np.stack([np.arange(n) * 10.0, np.zeros(n)], axis=1)
    for population, mine in ((exc, place[:many]), (inh, place[many:]), (glia, place)):
        net.move(population, mine)
    excitation, inhibition = numbers.ASTROCYTES_WEIGHTS
    for pre, weight in ((exc, excitation), (inh, inhibition)):
        for post in (exc, inh):
            around = glia if pre is exc else None
            projection = net.add_projection(
                f"{pre.label} to {post.label}", pre, post, "conductance_exp", astrocytes=around
            )
            net.wire(projection, "fixed_probability", p=numbers.ASTROCYTES_P, weight=weight, delay=1.0)
    for post, first in ((exc, 0), (inh, many)):
        slow = net.add_projection(f"Astrocytes to {post.label}", glia, post, "slow_inward_current")
        beside = np.arange(len(post))
        net.add_synapses(slow, glia.ids[first + beside], post.ids, weight=numbers.ASTROCYTES_SLOW, delay=1.0)
        net.add_input("poisson", post, rate=numbers.ASTROCYTES_RATE, weight=numbers.ASTROCYTES_DRIVE)
    return net
