"""Two astrocytes, one with its calcium clamped: only beside the other does pairing strengthen synapses."""

import numpy as np

from engine import Network

TEXT = {
    "title": "No LTP without D-serine",
    "what": (
        "Two astrocytes with five synapses each. At all ten the postsynaptic neuron fires 10 ms after the "
        "presynaptic one. On the left the astrocyte's calcium is held still by a buffer."
    ),
    "do": "Press play. Then select the left astrocyte and set d_added to 10 uM: D-serine in the bath.",
    "watch": (
        "On the right calcium rises now and then, D-serine is released and the synapses strengthen. On "
        "the left the very same pairs of spikes leave the synapses as they are."
    ),
    "why": (
        "NMDA receptors need a co-agonist besides glutamate. The astrocyte releases it when its calcium "
        "rises, so each astrocyte decides whether the synapses of its territory may learn (Henneberger et "
        "al. 2010)."
    ),
    "source": "Henneberger, Papouin, Oliet & Rusakov (2010) Nature 463:232-236, doi:10.1038/nature08673.",
    "off": "Without the gate",
}
SECONDS = 25.0
SPEED = 1.0
ORDER = 920
LAYOUT = {"plot": "Weights"}
PAIRS = np.arange(500.0, SECONDS * 1000.0 - 500.0, 250.0)


def build() -> Network:
    """Five pairs of relays under each of two astrocytes, paired four times a second."""
    net = Network(dt=0.1, seed=11)
    net.title = TEXT["title"]
    x = np.concatenate([np.linspace(-330.0, -110.0, 5), np.linspace(110.0, 330.0, 5)])
    level = np.zeros(10)
    pre = net.add_population("Pre", "relay", positions=np.column_stack([x, level + 80.0, level]))
    post = net.add_population("Post", "relay", positions=np.column_stack([x, level - 80.0, level]))
    waves = {"ip3_0": 0.5, "ip3": 0.5, "ca_astro": 0.1, "h_ip3r": 0.75}
    clamped = {"ca_clamp": np.array([0.07, 0.0]), "d_released": np.array([0.0, 0.9])}
    glia = net.add_astrocytes(
        "Astrocytes", params={**waves, **clamped}, positions=[[-220.0, 0.0, 0.0], [220.0, 0.0, 0.0]]
    )
    timing = ("stdp_pair", {"lambda_": 0.008, "mu_plus": 0.0, "mu_minus": 0.0})
    way = net.add_projection(
        "Pre to Post", pre, post, "current_exp", rules=[timing, "d_serine"], w_max=100.0, astrocytes=glia
    )
    net.add_synapses(way, pre=pre.ids, post=post.ids, weight=25.0, delay=1.0)
    net.add_input("spike_list", pre, label="pairs", times=PAIRS)
    net.add_input("spike_list", post, label="10 ms later", times=PAIRS + 9.0)
    net.add_probe(way.ids, "weight", every=100.0)
    net.add_probe(glia, "d_serine", every=10.0)
    return net


def point(sim):
    """The synapses on the left gain less than a twentieth of what those on the right gain."""
    gained = sim.synapses(sim.network.projection("Pre to Post"))["weight"] - 25.0
    return float(gained[:5].mean() / gained[5:].mean()), 0.0, 0.05


def control(net: Network) -> Network:
    """Timing alone decides."""
    net.set_rules(net.projection("Pre to Post"), [net.projection("Pre to Post").record.rules[0]])
    return net
