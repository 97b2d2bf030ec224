"""Nearest or all: at high rates it matters whether a spike pairs with all before it or with the last."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Nearest neighbours or all spikes",
    "what": (
        "Two rows of neuron pairs that fire at random, slowly on the left, fast on the right. Above every"
        " spike pairs with all earlier spikes of the other side, below only with the last one."
    ),
    "do": "Press play. Select a synapse of the lower row and try the restricted and the pre-centred scheme.",
    "watch": (
        "All synapses weaken, as depression outweighs potentiation. Above they weaken with the square of "
        "the rate; below the fast ones weaken hardly faster than the spikes come."
    ),
    "why": (
        "The number of pairs grows with the square of the rate, the number of nearest pairs only with the"
        " rate itself. Which of them a synapse counts decides what it does in bursts (Morrison et al. "
        "2008)."
    ),
    "source": "Morrison, Diesmann & Gerstner (2008) Biol. Cybern. 98:459-478, doi:10.1007/s00422-008-0233-1.",
    "off": "Without the nearest-neighbour rule",
}
SECONDS = 20.0
SPEED = 1.0
ORDER = 310
LAYOUT = {"plot": "Weights"}
RATES = [5.0, 10.0, 20.0, 40.0, 80.0]
EACH, WEIGHT = 4, 50.0
WINDOW = {"lambda_": 0.0006, "alpha": 1.5, "mu_plus": 0.0, "mu_minus": 0.0}


def build() -> Network:
    """Two rows of pairs of relays at five rates."""
    net = Network(dt=0.2, seed=7)
    net.title = TEXT["title"]
    x = np.repeat(np.arange(5) - 2.0, EACH) * 130.0 + np.tile(np.arange(EACH) * 22.0, 5)
    for label, rule, y in (("All", "stdp_pair", -120.0), ("Nearest", "stdp_nearest", 120.0)):
        sides = []
        for side, offset in (("Pre", 35.0), ("Post", -35.0)):
            at = np.column_stack([x, np.full(x.size, y + offset), np.zeros(x.size)])
            made = net.add_population(f"{side}, {label}", "relay", size=x.size, sign=+1, positions=at)
            for k, rate in enumerate(RATES):
                net.add_input("poisson", made[k * EACH : (k + 1) * EACH], label=f"{rate:g} Hz", rate=rate)
            sides.append(made)
        way = net.add_projection(label, *sides, rules=[(rule, WINDOW)], w_max=100.0)
        net.wire(way, "one_to_one", weight=WEIGHT, delay=1.0)
    return net


def point(sim):
    """At 40 Hz the synapses that count all pairs have lost much more than those that count the nearest."""
    loss = []
    for label in ("All", "Nearest"):
        weight = sim.synapses(sim.network.projection(label))["weight"].reshape(5, EACH).mean(axis=1)
        loss.append(WEIGHT - weight[3])
    return float(loss[1] / max(loss[0], 1e-9)), 0.5, 0.2


def control(net: Network) -> Network:
    """Both rows count all pairs."""
    net.set_rules(net.projection("Nearest"), [("stdp_pair", WINDOW)])
    return net
