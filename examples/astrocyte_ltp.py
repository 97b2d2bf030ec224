"""A neuron that fires while its astrocyte is excited keeps a raised release at the synapses it wraps."""

import numpy as np

from engine import Network

TEXT = {
    "title": "The astrocyte makes it last",
    "what": (
        "Eight weak synapses onto eight neurons, in the territories of two astrocytes. All neurons fire "
        "twice a second. Only the astrocyte on the right has waves of calcium."
    ),
    "do": "Press play. Select a synapse on either side and watch P, its probability of release.",
    "watch": (
        "Whenever calcium is high on the right, spikes of its neurons raise P there, step by step, and it "
        "stays raised. On the left the same spikes do nothing."
    ),
    "why": (
        "Glutamate from the astrocyte raises release for a minute; where the neuron is depolarised at the "
        "same time the rise lasts. No presynaptic spike is needed for it (Perea & Araque 2007)."
    ),
    "source": "Perea & Araque (2007) Science 317:1083-1086, doi:10.1126/science.1144640.",
    "off": "Without the waves",
}
SECONDS = 25.0
SPEED = 1.0
ORDER = 950


def build() -> Network:
    """Four pairs under a quiet astrocyte, four under one with waves."""
    net = Network(dt=0.1, seed=12)
    net.title = TEXT["title"]
    x = np.concatenate([np.linspace(-300.0, -120.0, 4), np.linspace(120.0, 300.0, 4)])
    level = np.zeros(8)
    pre = net.add_population("Pre", "relay", positions=np.column_stack([x, level + 80.0, level]))
    post = net.add_population("Post", "relay", positions=np.column_stack([x, level - 80.0, level]))
    ip3 = np.array([0.16, 0.5])
    glia = net.add_astrocytes(
        "Astrocytes", params={"ip3_0": ip3, "ip3": ip3}, positions=[[-210.0, 0.0, 0.0], [210.0, 0.0, 0.0]]
    )
    rule = ("astro_ltp", {"eta_g": 0.015, "p_start": 0.2})
    way = net.add_projection(
        "Pre to Post", pre, post, "current_exp", rules=[rule], w_max=100.0, astrocytes=glia
    )
    net.add_synapses(way, pre=pre.ids, post=post.ids, weight=10.0, delay=1.0)
    net.add_input("spike_list", post, label="twice a second", times=np.arange(250.0, SECONDS * 1000.0, 500.0))
    net.add_input("spike_list", pre, label="now and then", times=np.arange(1100.0, SECONDS * 1000.0, 1000.0))
    net.add_probe(way.ids, "P", every=100.0)
    net.add_probe(glia, "ca_astro", every=10.0)
    return net


def point(sim):
    """On the right release is two and a half times that on the left."""
    release = sim.synapses(sim.network.projection("Pre to Post"))["P"]
    return float(release[4:].mean() / release[:4].mean()), 2.5, 0.5


def control(net: Network) -> Network:
    """Both astrocytes are quiet."""
    net.set(net.population("Astrocytes"), ip3_0=0.16, ip3=0.16)
    return net
