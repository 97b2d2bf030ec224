"""Acetylcholine, then dopamine: the same pairing weakens a synapse, unless a reward follows in time."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Acetylcholine, then dopamine",
    "what": (
        "Five pairs of neurons in a bath of acetylcholine fire together once every 15 s, pre before post. "
        "Dopamine reaches the pairs after 0.5, 1, 2 and 4 s; the last one never gets any."
    ),
    "do": "Press play. Select a synapse and watch its tag; move the dopamine neurons by hand with X.",
    "watch": (
        "At each pairing every synapse weakens a little. Where dopamine follows, it jumps back and beyond, "
        "the less the later it comes; without dopamine it only sinks."
    ),
    "why": (
        "Acetylcholine marks a time to explore: what was done is unlearned unless it pays. The pair leaves a "
        "tag that a reward can still turn into strength for seconds (Brzosko et al. 2017)."
    ),
    "source": "Brzosko, Zannone, Schultz, Clopath & Paulsen (2017) eLife 6:e27756, doi:10.7554/eLife.27756.",
    "off": "Without dopamine",
}
SECONDS = 60.0
SPEED = None
ORDER = 820
LAYOUT = {"plot": "Weights"}
LATER = (500.0, 1000.0, 2000.0, 4000.0)
PAIRS = np.arange(1000.0, SECONDS * 1000.0, 15_000.0)


def build() -> Network:
    """Five pairs, four of them near a dopamine neuron of their own."""
    net = Network(dt=0.5, seed=1)
    net.title = TEXT["title"]
    x = (np.arange(5) - 2.0) * 150.0
    flat = np.zeros(5)
    pre = net.add_population("Pre", "relay", positions=np.column_stack([x, flat + 90.0, flat]))
    post = net.add_population("Post", "relay", positions=np.column_stack([x, flat - 90.0, flat]))
    dopamine = net.add_population(
        "Dopamine", "relay", positions=np.column_stack([x[:4], flat[:4] - 150.0, flat[:4]])
    )
    net.add_input("spike_list", pre, label="pairing, pre", times=PAIRS)
    net.add_input("spike_list", post, label="pairing, post", times=PAIRS + 9.0)
    for row, later in enumerate(LATER):
        net.add_input("spike_list", dopamine[row], label=f"after {later:g} ms", times=PAIRS + 10.0 + later)
    net.add_modulator(
        "Dopamine", "diffuse", dopamine, {"substance": "dopamine", "sigma": 30.0, "amount": 8.0}
    )
    net.add_modulator("Acetylcholine", "diffuse", [], {"substance": "acetylcholine", "tonic": 1.0})
    rules = [
        ("stdp_pair", {"tau_pre": 10.0, "tau_post": 10.0, "lambda_": 0.1, "mu_plus": 0.0, "mu_minus": 0.0}),
        ("ach_dopamine", {"eta_ach": 0.3, "eta_da": 1.5}),
    ]
    way = net.add_projection("Pre to Post", pre, post, rules=rules, w_max=100.0)
    net.wire(way, "one_to_one", weight=40.0, delay=1.0)
    net.add_probe(way.ids, "weight", every=100.0)
    return net


def point(sim):
    """How many hold: three rewarded synapses gained, the sooner the more, and the last one less than all."""
    rows = sim.synapses(sim.network.projection("Pre to Post"))
    gain = rows["weight"][np.argsort(rows["post"])] - 40.0
    right = [*(gain[:3] > 0.0), gain[0] > gain[1] > gain[2] > gain[3], gain[4] < gain[3]]
    return float(np.sum(right)), 5.0, 0.5


def control(net: Network) -> Network:
    """The dopamine neurons fire and release nothing."""
    net.set(next(m.id for m in net.modulators.values() if m.label == "Dopamine"), amount=0.0)
    return net
