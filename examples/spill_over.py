"""With uptake blocked, the transmitter of one busy synapse spreads and quietens its neighbours."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Spill-over",
    "what": (
        "Seven synapses in the territory of one astrocyte. The one in the middle is busy for a second at "
        "a time; the six around it fire once, 20 ms after each burst. A blocker has stopped the "
        "astrocyte's uptake."
    ),
    "do": "Press play. Then select the astrocyte and set uptake from 0 to 1: the blocker is washed out.",
    "watch": (
        "Transmitter stays in the clefts, leaks out and lowers what the six neighbours release. With "
        "uptake back it is gone before it reaches them."
    ),
    "why": (
        "A cleft empties by diffusion and by transporters, nearly all of them on astrocytes. Without "
        "these transmitter lives four times as long, and receptors of other synapses hear it."
    ),
    "source": (
        "Zhou & Danbolt (2014) J. Neural Transm. 121:799-817, doi:10.1007/s00702-014-1180-8; De Pitta et "
        "al. (2011) PLoS Comput. Biol. 7:e1002293, doi:10.1371/journal.pcbi.1002293."
    ),
    "off": "Without the blocker",
}
SECONDS = 12.0
SPEED = 1.0
ORDER = 940
BURSTS = [1000.0, 4000.0, 7000.0, 10000.0]


def build() -> Network:
    """A busy axon and six quiet ones onto seven neurons under one astrocyte."""
    net = Network(dt=0.1, seed=6)
    net.title = TEXT["title"]
    turn = np.linspace(0.0, 2.0 * np.pi, 6, endpoint=False)
    x, y = np.append(0.0, 120.0 * np.cos(turn)), np.append(0.0, 120.0 * np.sin(turn))
    pre = net.add_population("Axons", "relay", positions=np.column_stack([x - 20.0, y + 40.0, 0.0 * x]))
    post = net.add_population("Neurons", "iaf_psc_exp", positions=np.column_stack([x, y, 0.0 * x]))
    blocked = {"uptake": 0.0, "g_t": 0.0}
    glia = net.add_astrocytes("Astrocyte", "astrocyte_gchi", params=blocked, positions=[[60.0, 15.0, 0.0]])
    way = net.add_projection("Synapses", pre, post, "uptake", astrocytes=glia)
    net.add_synapses(way, pre=pre.ids, post=post.ids, weight=900.0, delay=1.0)
    bursts = np.concatenate([np.arange(0.0, 1000.0, 20.0) + start for start in BURSTS])
    net.add_input("spike_list", pre[:1], label="bursts at 50 Hz", times=bursts)
    tests = np.sort(np.concatenate([[500.0], np.array(BURSTS) + 1020.0]))
    net.add_input("spike_list", pre[1:], label="one spike after each", times=tests)
    net.add_probe(way.ids[1:], "transmitted", every="pre")
    net.add_probe(glia, "spill", every=10.0)
    return net


def point(sim):
    """After a burst the neighbours release less than two thirds of what they do before the first."""
    probe = next(p for p in sim.network.probes.values() if p.what == "transmitted")
    sent = sim.record(probe.id)["value"].reshape(-1, 6)
    return float(sent[1:].mean() / sent[0].mean()), 0.45, 0.2


def control(net: Network) -> Network:
    """Uptake works."""
    net.set(net.population("Astrocyte"), uptake=1.0)
    return net
