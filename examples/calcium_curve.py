"""The calcium rule: weak synapses become strong, strong ones weak; the lag of the spikes decides how many."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Calcium decides",
    "what": (
        "Each column is a pair of neurons joined by forty synapses, half of them weak and half strong. "
        "From left to right the upper neuron fires from 60 ms before to 60 ms after the lower one."
    ),
    "do": "Press play. Select a synapse and try the other published sets of the rule: D, P, DPD.",
    "watch": (
        "Left of the middle strong synapses turn weak, right of it weak ones turn strong, and each has "
        "luck of its own. Their mean draws the timing window, though no synapse has one built in."
    ),
    "why": (
        "Both spikes let calcium in. A moderate level weakens and a high one strengthens; how long "
        "calcium stays above the two thresholds depends on the order of the spikes (Graupner & Brunel "
        "2012)."
    ),
    "source": "Graupner & Brunel (2012) PNAS 109:3991-3996, doi:10.1073/pnas.1109359109.",
    "off": "Without calcium of the post spike",
}
SECONDS = 30.0
SPEED = 1.0
ORDER = 340
LAYOUT = {"plot": "Weights"}
LAGS = [lag for lag in range(-60, 61, 10) if lag]
"""How long after the pre spike the post spike reaches the synapse, ms."""
EACH, STRONG, RATE = 40, 50.0, 2.0


def build() -> Network:
    """Twelve pairs of relays with forty synapses each."""
    net = Network(dt=0.5, seed=9)
    net.title = TEXT["title"]
    x = np.array(LAGS, float) * 6.0
    flat = np.zeros(len(x))
    below, above = (np.column_stack([x, flat + side, flat]) for side in (150.0, -150.0))
    pre = net.add_population("Pre", "relay", size=len(x), sign=+1, positions=below)
    post = net.add_population("Post", "relay", size=len(x), sign=+1, positions=above)
    rule = ("graupner_brunel", {"d": 13.5, "tau": 60000.0})  # the set DP, in less than half the time
    pairs = net.add_projection("Pre to Post", pre, post, rules=[rule], w_max=STRONG)
    start = np.tile(np.repeat([STRONG / 5.0, STRONG], EACH // 2), len(x))
    net.add_synapses(
        pairs, pre=np.repeat(pre.ids, EACH), post=np.repeat(post.ids, EACH), weight=start, delay=1.0
    )
    beats = np.arange(250.0, SECONDS * 1000.0, 1000.0 / RATE)
    net.add_input("spike_list", pre, label="all together", times=beats)
    for row, lag in enumerate(LAGS):
        net.add_input("spike_list", post[row], label=f"{lag:+d} ms", times=beats + lag - 1.0)
    return net


def point(sim):
    """From just before to just after the pre spike, the share of strong synapses rises by half of them."""
    table = sim.synapses(sim.network.projection("Pre to Post"))
    strong = table["weight"] > 0.6 * STRONG
    share = [strong[table["pre"] == neuron].mean() for neuron in np.unique(table["pre"])]
    mean = {lag: value for lag, value in zip(LAGS, share, strict=True)}
    return float(np.mean([mean[10], mean[20]]) - np.mean([mean[-10], mean[-20]])), 0.33, 0.17


def control(net: Network) -> Network:
    """Postsynaptic spikes let no calcium in, and a presynaptic one alone does not reach the threshold."""
    net.set(net.projection("Pre to Post"), **{"graupner_brunel.c_post": 0.0})
    return net
