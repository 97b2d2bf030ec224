"""Noradrenaline and serotonin: two tags at every synapse, each waiting for a substance of its own."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Noradrenaline and serotonin",
    "what": (
        "A table of four pairs. In the left column pre fires before post, in the right one after. The upper "
        "row gets noradrenaline a second later, the lower row serotonin, each from a neuron beside it."
    ),
    "do": "Press play. Select a synapse to see its two tags fill and empty.",
    "watch": (
        "Upper left strengthens, lower right weakens; the other two hold a tag that nobody asks for, and "
        "stay as they are."
    ),
    "why": (
        "Order writes one tag for potentiation and another for depression. Which of them counts is said "
        "later, by receptors that are anchored at the synapse (He et al. 2015)."
    ),
    "source": (
        "He, Huertas, Hong, Tie, Hell, Shouval & Kirkwood (2015) Neuron 88:528-538, "
        "doi:10.1016/j.neuron.2015.09.037."
    ),
    "off": "Without either substance",
}
SECONDS = 60.0
SPEED = None
ORDER = 840
LAYOUT = {"plot": "Weights"}
TIMES = np.arange(500.0, SECONDS * 1000.0, 12_000.0)


def build() -> Network:
    """Two orders by two substances; each row of the table has a field of its own."""
    net = Network(dt=0.5, seed=1)
    net.title = TEXT["title"]
    x, y = np.array([-90.0, 90.0, -90.0, 90.0]), np.array([-160.0, -160.0, 160.0, 160.0])
    pre = net.add_population("Pre", "relay", positions=np.column_stack([x, y + 50.0, 0.0 * x]))
    post = net.add_population("Post", "relay", positions=np.column_stack([x, y - 50.0, 0.0 * x]))
    net.add_input("spike_list", pre, label="pre", times=TIMES)
    for row, lag in enumerate((10.0, -10.0, 10.0, -10.0)):
        net.add_input("spike_list", post[row], label=f"{lag:+g} ms", times=TIMES + lag - 1.0)
    for name, height in (("Noradrenaline", -210.0), ("Serotonin", 110.0)):
        source = net.add_population(name, "relay", positions=[[0.0, height, 0.0]])
        net.add_input("spike_list", source, label=name.lower(), times=TIMES + 1000.0)
        drug = {"substance": name.lower(), "sigma": 80.0, "amount": 3.0}
        net.add_modulator(name, "diffuse", source, drug)
    rules = [
        ("stdp_pair", {"tau_pre": 20.0, "tau_post": 40.0, "lambda_": 0.1, "mu_plus": 0.0, "mu_minus": 0.0}),
        ("ne_serotonin", {"cap": 20.0}),
    ]
    way = net.add_projection("Pre to Post", pre, post, rules=rules, w_max=100.0)
    net.wire(way, "one_to_one", weight=50.0, delay=1.0)
    net.add_probe(way.ids, "weight", every=100.0)
    return net


def point(sim):
    """How many cells of the table came out as published: +, 0, 0, -."""
    rows = sim.synapses(sim.network.projection("Pre to Post"))
    gain = rows["weight"][np.argsort(rows["post"])] - 50.0
    return float(np.sum([gain[0] > 5.0, abs(gain[1]) < 0.5, abs(gain[2]) < 0.5, gain[3] < -5.0])), 4.0, 0.5


def control(net: Network) -> Network:
    """Both neurons fire and release nothing: the tags fade."""
    for drug in list(net.modulators):
        net.set(drug, amount=0.0)
    return net
