"""A tripartite synapse: one puff from the astrocyte turns a depressing synapse into a facilitating one."""

import numpy as np

from engine import Network

TEXT = {
    "title": "The tripartite synapse",
    "what": (
        "One synapse that releases most of its transmitter at once, wrapped by an astrocyte. It is tested "
        "with pairs of spikes 100 ms apart. After ten seconds a bundle of axons excites the astrocyte."
    ),
    "do": "Press play. Select the synapse and watch what each spike of a pair delivers.",
    "watch": (
        "Before: the second spike of a pair delivers less than the first. The astrocyte's calcium rises, it "
        "releases gliotransmitter, and from then on the second spike delivers more."
    ),
    "why": (
        "Gliotransmitter lowers the probability of release: less is spent on the first spike, more is left "
        "for the second. The effect takes two minutes to fade (De Pitta et al. 2011)."
    ),
    "source": (
        "De Pitta, Volman, Berry & Ben-Jacob (2011) PLoS Comput. Biol. 7:e1002293, "
        "doi:10.1371/journal.pcbi.1002293."
    ),
    "off": "Without gliotransmitter",
}
SECONDS = 25.0
SPEED = 1.0
ORDER = 901
LAYOUT = {"plot": "Calcium and elements"}
PAIR = 100.0
"""Time between the two spikes of a pair, ms."""
PAIRS = np.arange(1000.0, SECONDS * 1000.0 - 500.0, 2000.0)


def build() -> Network:
    """Pre, post, the synapse between them, an astrocyte around it and a bundle of axons that excites it."""
    net = Network(dt=0.1, seed=8)
    net.title = TEXT["title"]
    pre = net.add_population("Pre", "relay", positions=[[-160.0, 0.0, 0.0]])
    post = net.add_population("Post", "iaf_psc_exp", positions=[[160.0, 0.0, 0.0]])
    bundle = net.add_population(
        "Bundle", "relay", positions=[[-150.0 + 12.0 * i, -60.0 - 26.0 * i, 0.0] for i in range(5)]
    )
    glia = net.add_astrocytes("Astrocyte", params={"delta_ip3": 0.001}, positions=[[30.0, -62.0, 0.0]])
    release = {"u": 0.6, "tau_rec": 500.0, "tau_fac": 300.0}
    synapse = net.add_projection("Pre to Post", pre, post, "tsodyks_markram", params=release, astrocytes=glia)
    ids = net.add_synapses(synapse, pre=pre.ids, post=post.ids, weight=400.0, delay=1.0)
    spilling = net.add_projection("Bundle to Post", bundle, post, "current_exp", astrocytes=glia)
    net.wire(spilling, "all_to_all", weight=5.0, delay=1.0)
    net.add_input("spike_list", pre, label="pairs", times=np.sort(np.concatenate([PAIRS, PAIRS + PAIR])))
    net.add_input("spike_list", bundle, label="burst at 10 s", times=np.arange(10000.0, 12000.0, 20.0))
    net.add_probe(ids, "transmitted", every="pre")
    net.add_probe(glia, "ca_astro", every=10.0)
    net.add_probe(post, "v", every=1.0)
    return net


def point(sim):
    """In the last pair the second spike delivers about half as much again as the first; it was two thirds."""
    probe = next(p for p in sim.network.probes.values() if p.what == "transmitted")
    sent = sim.record(probe.id)["value"]
    return float(sent[-1] / sent[-2]), 1.5, 0.2


def control(net: Network) -> Network:
    """The astrocyte has nothing to release."""
    net.set(net.population("Astrocyte"), g_t=0.0)
    return net
