"""Hodgkin and Huxley's axon: silent below a current, and at once at fifty spikes a second above it."""

import numpy as np

from engine import Network

TEXT = {
    "title": "The squid axon",
    "what": (
        "Twenty-one axons, each with its own constant current: from none on the left to 20 uA/cm2 on the "
        "right. Sodium and potassium channels do the rest."
    ),
    "do": "Press play. Select the axons and set g_na to 0, as tetrodotoxin does.",
    "watch": "Up to 6 uA/cm2 an axon fires a spike or two and falls silent; from 7 on it never stops.",
    "why": (
        "Sodium channels open with depolarisation and drive more of it, then close; potassium channels "
        "follow and end the spike. The rate does not start from zero: it jumps, as the squid's axon does."
    ),
    "source": "Hodgkin & Huxley (1952) J. Physiol. 117:500-544, doi:10.1113/jphysiol.1952.sp004764.",
    "off": "Without sodium channels",
}
SECONDS = 1.0
SPEED = 0.1
ORDER = 115
CURRENTS = np.arange(0.0, 2001.0, 100.0)
"""pA; 100 pA are 1 uA/cm2."""


def build() -> Network:
    """Axons in a row, each with its own current."""
    net = Network(dt=0.1, seed=1)
    net.title = TEXT["title"]
    x = 60.0 * np.arange(CURRENTS.size)
    flat = np.zeros(CURRENTS.size)
    axons = net.add_population(
        "Axons", "hh_psc_alpha", CURRENTS.size, params={"i_e": CURRENTS},
        positions=np.column_stack([x, flat, flat]),
    )  # fmt: skip
    net.add_probe(axons[10], "v", every=0.2)
    net.add_probe(axons[10], "m", every=0.2)
    return net


def point(sim):
    """The rate at 10 uA/cm2, in the second half."""
    axon = sim.network.population("Axons").ids[10]
    spikes = sim.spikes()
    late = spikes["t"][(spikes["neuron"] == axon) & (spikes["t"] > 500.0 * SECONDS)]
    return (1000.0 / float(np.diff(late).mean()) if late.size > 2 else 0.0), 68.3, 0.5


def control(net: Network) -> Network:
    """The sodium channels are blocked."""
    net.set(net.population("Axons"), g_na=0.0)
    return net
