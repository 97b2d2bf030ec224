"""The voltage rule: the same pair of spikes weakens a synapse when slow and strengthens it when fast."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Fast pairs strengthen, whatever their order",
    "what": (
        "Ten neurons, each with one plastic synapse. On the left the neuron fires 10 ms before the synapse, "
        "on the right 10 ms after it; from top to bottom five pairs follow each other ever faster."
    ),
    "do": "Press play. Select a synapse; set delay_u_bars to 0 to see why the late reading matters.",
    "watch": (
        "On the right all synapses strengthen, the faster the more. On the left slow pairs weaken their "
        "synapse, and the fastest strengthen it all the same."
    ),
    "why": (
        "The rule does not count spikes, it reads the potential: after a spike the neuron stays depolarised "
        "for a while, and fast pairs meet that depolarisation (Clopath et al. 2010)."
    ),
    "source": "Clopath, Buesing, Vasilaki & Gerstner (2010) Nat. Neurosci. 13:344-352, doi:10.1038/nn.2479.",
    "off": "Without the voltage rule",
}
SECONDS = 15.0
SPEED = 1.0
ORDER = 330
LAYOUT = {"plot": "Weights"}
RATES = (10.0, 20.0, 30.0, 40.0, 50.0)
"""Pairs per second within a burst of five."""
START = 0.5


def build() -> Network:
    """Two columns of five neurons, each with a relay for its synapse; a jump of 80 mV makes them fire."""
    net = Network(dt=0.1, seed=1)
    net.title = TEXT["title"]
    x, y = np.repeat([-160.0, 240.0], 5), np.tile(np.linspace(280.0, -280.0, 5), 2)
    pre = net.add_population(
        "Pre", "relay", size=10, sign=+1, positions=np.column_stack([x - 120.0, y, 0.0 * x])
    )
    post = net.add_population(
        "Post", "aeif_psc_delta_clopath", size=10, sign=+1, positions=np.column_stack([x, y, 0.0 * x]),
        params={"v_reset": -49.6, "b": 0.0805},
    )  # fmt: skip
    rule = ("clopath", {"delay_u_bars": 4.0})
    way = net.add_projection("Pre to Post", pre, post, transmission="delta", rules=[rule], w_max=2.0)
    net.add_synapses(way, pre=pre.ids, post=post.ids, weight=START, delay=0.1)
    for i in range(10):
        pairs = 100.0 + np.round(np.arange(5) * 1000.0 / RATES[i % 5], 1)
        beats = (1000.0 * np.arange(int(SECONDS))[:, None] + pairs[None, :]).ravel()
        lag = -10.0 if i < 5 else 10.0
        net.add_input("spike_list", pre[i], label=f"synapse {i + 1}", times=np.round(beats, 1))
        net.add_input(
            "spike_list", post[i], label=f"kick {i + 1}", times=np.round(beats + lag, 1), weight=80.0
        )
    net.add_probe(way.ids, "weight", every=100.0)
    return net


def point(sim):
    """The rate at which pairs in the weakening order begin to strengthen: 38.9 Hz in the published fit."""
    table = sim.synapses(sim.network.projection("Pre to Post"))
    change = table["weight"][np.argsort(table["post"])][:5] - START
    if np.ptp(change) < 1e-9:
        return 0.0, 38.9, 3.0
    up = int(np.argmax(change > 0.0))
    low, high = change[up - 1], change[up]
    return float(RATES[up - 1] - low / (high - low) * (RATES[up] - RATES[up - 1])), 38.9, 3.0


def control(net: Network) -> Network:
    """No rule on the synapses."""
    net.set_rules(net.projection("Pre to Post"), ())
    return net
