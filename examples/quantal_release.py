"""Quantal release: the same spike delivers nothing, one vesicle, or several, by chance."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Quanta and failures",
    "what": (
        "One axon with forty synapses of five release sites each, tested four times a second. Every ready"
        " vesicle is released with probability 0.3, and an empty site refills by chance."
    ),
    "do": "Press play and select a synapse to see what each spike delivers. Change u, then n, and compare.",
    "watch": (
        "Amplitudes are whole numbers of the same quantum. Some spikes deliver nothing at all: about one "
        "in six. With a larger u failures vanish and the amplitudes vary less."
    ),
    "why": (
        "A synapse has few sites and each is unreliable. How often it fails and how much it varies tell "
        "release apart from the size of the response: the classical quantal analysis (Katz; Fuhrmann et "
        "al. 2002)."
    ),
    "source": (
        "Fuhrmann, Segev, Markram & Tsodyks (2002) J. Neurophysiol. 87:140-148, doi:10.1152/jn.00258.2001."
    ),
    "off": "Without chance: every vesicle is released",
}
SECONDS = 20.0
SPEED = 1.0
ORDER = 130
LAYOUT = {"plot": "Quantal"}
SITES, RELEASE, TAU = 5.0, 0.3, 60.0


def build() -> Network:
    """One axon and forty neurons in an arc."""
    net = Network(dt=0.1, seed=12)
    net.title = TEXT["title"]
    axon = net.add_population("Axon", "relay", positions=[[-230.0, 0.0, 0.0]])
    turn = np.linspace(-1.2, 1.2, 40)
    arc = 300.0 * np.column_stack([np.cos(turn), np.sin(turn), 0 * turn]) - [100.0, 0.0, 0.0]
    neurons = net.add_population("Neurons", "iaf_psc_exp", size=40, positions=arc)
    params = {"u": RELEASE, "n": SITES, "tau_rec": TAU, "tau_fac": 0.0}
    way = net.add_projection("Synapses", axon, neurons, "quantal", params=params)
    ids = net.add_synapses(way, pre=axon.ids, post=neurons.ids, weight=60.0, delay=1.0)
    net.add_input("spike_list", axon, label="tests", times=np.arange(250.0, SECONDS * 1000.0, 250.0))
    net.add_probe(ids, "transmitted", every="pre")
    net.add_probe(neurons[:3], "v", every=1.0)
    return net


def point(sim):
    """The share of failures is (1 - u)^n: one in six."""
    probe = next(p for p in sim.network.probes.values() if p.what == "transmitted")
    sent = sim.record(probe.id)["value"]
    return float(np.mean(sent == 0.0)), (1.0 - RELEASE) ** SITES, 0.03


def control(net: Network) -> Network:
    """Release is sure: no failures, and no variability."""
    net.set(net.projection("Synapses"), u=1.0)
    return net
