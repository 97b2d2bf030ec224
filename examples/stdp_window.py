"""The STDP window, measured live: one pair of neurons for every delay between their spikes."""

import numpy as np

from engine import Network

TEXT = {
    "title": "The STDP window",
    "what": (
        "Each column is a pair of neurons joined by one synapse. From left to right the upper one fires "
        "from 50 ms before to 50 ms after the lower one, twice a second."
    ),
    "do": "Press play. Select a synapse to see its window; change tau_pre or tau_post.",
    "watch": (
        "Synapses right of the middle strengthen, left of it they weaken, and most of all near the middle: "
        "their weights draw the window."
    ),
    "why": (
        "A synapse that fires just before its neuron helped to make it fire. Timing alone tells it so: each "
        "spike leaves a trace that the next spike of the other neuron reads."
    ),
    "source": "Song, Miller & Abbott (2000) Nat. Neurosci. 3:919-926, doi:10.1038/78829.",
    "off": "Without STDP",
}
SECONDS = 15.0
SPEED = 1.0
ORDER = 301
LAYOUT = {"plot": "Weights"}
LAGS = [lag for lag in range(-50, 51, 5) if lag]
"""How long after the pre spike the post spike reaches the synapse, ms."""
TAU_PRE, TAU_POST, WEIGHT = 16.8, 33.7, 50.0


def build() -> Network:
    """Twenty pairs of relays, each forced to fire with a fixed lag."""
    net = Network(dt=0.1, seed=1)
    net.title = TEXT["title"]
    x = np.array(LAGS, float) * 13.0
    flat = np.zeros(len(x))
    pre = net.add_population(
        "Pre", "relay", size=len(x), sign=+1, positions=np.column_stack([x, flat + 150, flat])
    )
    post = net.add_population(
        "Post", "relay", size=len(x), sign=+1, positions=np.column_stack([x, flat - 150, flat])
    )
    rule = ("stdp_pair", {"tau_pre": TAU_PRE, "tau_post": TAU_POST, "lambda_": 0.01, "alpha": 0.5,
                          "mu_plus": 0.0, "mu_minus": 0.0})  # fmt: skip
    pairs = net.add_projection(
        "Pre to Post", pre, post, transmission="current_exp", rules=[rule], w_max=100.0
    )
    net.add_synapses(pairs, pre=pre.ids, post=post.ids, weight=WEIGHT, delay=1.0)
    beats = np.arange(250.0, SECONDS * 1000.0, 500.0)
    net.add_input("spike_list", pre, label="all together", times=beats)
    for row, lag in enumerate(LAGS):  # a post spike needs the delay of 1 ms to reach the synapse
        net.add_input("spike_list", post[row], label=f"{lag:+d} ms", times=beats + lag - 1.0)
    net.add_probe(pairs.ids, "weight", every=100.0)
    return net


def point(sim):
    """The potentiating half falls off with tau_pre: 16.8 ms, fitted from the weights."""
    table = sim.synapses(sim.network.projection("Pre to Post"))
    lag = np.array(LAGS, float)[np.argsort(np.argsort(table["pre"]))]
    gain = table["weight"] - WEIGHT
    rising = (lag > 0) & (gain > 1e-9)
    if rising.sum() < 5:
        return 0.0, TAU_PRE, 0.2
    slope = np.polyfit(lag[rising], np.log(gain[rising]), 1)[0]
    return -1.0 / slope, TAU_PRE, 0.2


def control(net: Network) -> Network:
    """No rule on the synapses: whatever the order, nothing is learned."""
    net.set_rules(net.projection("Pre to Post"), ())
    return net
