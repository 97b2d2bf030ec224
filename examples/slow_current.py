"""Neurons that are not joined fire together for seconds, whenever the astrocyte between them lets them."""

import numpy as np

from engine import Network

TEXT = {
    "title": "An astrocyte beats time",
    "what": (
        "Twelve neurons around an astrocyte, each with noise of its own and no synapse between them. When "
        "the astrocyte's calcium is high, a slow inward current flows into all of them."
    ),
    "do": "Press play and open the raster. Select the slow current and change its weight.",
    "watch": (
        "Most of the time each neuron fires now and then, on its own. Every eleven seconds calcium rises "
        "and all of them fire fast for some seconds, together, without any synapse."
    ),
    "why": (
        "An astrocyte touches the neurons of its whole territory. What it releases at high calcium opens "
        "receptors outside synapses, and the current lasts as long as the calcium (Nadkarni & Jung 2003)."
    ),
    "source": "Nadkarni & Jung (2003) Phys. Rev. Lett. 91:268101, doi:10.1103/PhysRevLett.91.268101.",
    "off": "Without the slow current",
}
SECONDS = 30.0
SPEED = 1.0
ORDER = 930
COUNT = 12


def build() -> Network:
    """A ring of neurons in noise, an astrocyte with waves of calcium, the current between."""
    net = Network(dt=0.1, seed=3)
    net.title = TEXT["title"]
    round_ = np.linspace(0.0, 2.0 * np.pi, COUNT, endpoint=False)
    at = np.column_stack([170.0 * np.cos(round_), 170.0 * np.sin(round_), 0.0 * round_])
    neurons = net.add_population("Neurons", "iaf_psc_exp", positions=at)
    waves = {"ip3_0": 0.5, "ip3": 0.5, "ca_astro": 0.1, "h_ip3r": 0.75}
    glia = net.add_astrocytes("Astrocyte", params=waves, positions=[[0.0, 0.0, 0.0]])
    slow = net.add_projection("Slow current", glia, neurons, "slow_inward_current")
    net.add_synapses(slow, pre=glia.ids, post=neurons.ids, weight=40.0, delay=1.0)
    net.add_input("noise_current", neurons, label="noise", mean=250.0, std=450.0, hold=1.0)
    net.add_probe(glia, "ca_astro", every=10.0)
    net.add_probe(neurons, "v", every=1.0)
    return net


def point(sim):
    """Counted in half seconds, the activity of any two neurons goes together."""
    fired = sim.spikes()
    neurons = sim.network.population("Neurons").ids
    bins = np.arange(0.0, SECONDS * 1000.0 + 1.0, 500.0)
    counts = np.array([np.histogram(fired["t"][fired["neuron"] == one], bins)[0] for one in neurons])
    together = np.corrcoef(counts)[np.triu_indices(COUNT, 1)]
    return float(np.nanmean(together)), 0.9, 0.1


def control(net: Network) -> Network:
    """The astrocyte has no say."""
    net.set(net.projection("Slow current").ids, weight=0.0)
    return net
