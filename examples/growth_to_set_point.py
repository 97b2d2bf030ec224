"""Growth: neurons without a single synapse wire themselves up until their calcium is right."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Growth to a set point",
    "what": (
        "Sixty neurons with weak, random drive and no synapse at all. Each counts its spikes as calcium and "
        "wants a certain level of it, one that means five spikes a second."
    ),
    "do": "Press play and watch the canvas and the calcium plot. Then delete a handful of neurons.",
    "watch": (
        "Sprouts leave everywhere while calcium is low; near the target growth slows, and what is too much "
        "retracts again."
    ),
    "why": (
        "Activity grows the synapses that carry activity: negative feedback through anatomy, without "
        "anybody who plans it (Butz & van Ooyen 2013)."
    ),
    "source": "Butz & van Ooyen (2013) PLoS Comput. Biol. 9:e1003259, doi:10.1371/journal.pcbi.1003259.",
    "off": "Without growth",
}
SECONDS = 60.0
SPEED = None
ORDER = 701
LAYOUT = {"plot": "Calcium and elements"}
TARGET = 5.0
"""Spikes a second at the calcium that the growth card aims at: eps / (beta_ca tau_ca)."""
GROWTH = {"curve": "linear", "nu": 0.0007, "eps": 0.05, "tau_ca": 1000.0, "beta_ca": 0.01, "update": 200.0,
          "sigma": 220.0, "weight": 250.0, "delay": 1.5}  # fmt: skip


def build() -> Network:
    """Scattered neurons, a projection of theirs onto themselves that is still empty."""
    net = Network(dt=0.5, seed=6)
    net.title = TEXT["title"]
    turn = np.arange(60)
    radius = 52.0 * np.sqrt(turn + 0.5)
    places = np.column_stack([radius * np.cos(2.4 * turn) * 1.3, radius * np.sin(2.4 * turn), 0.0 * turn])
    cells = net.add_population("Neurons", "iaf_psc_exp", size=60, sign=+1, positions=places)
    net.add_projection("Neurons to Neurons", cells, cells, rules=[("element_growth", GROWTH)], w_max=500.0)
    net.add_input("poisson", cells, label="random drive", rate=1000.0, weight=128.0)
    return net


def point(sim):
    """In the last ten seconds they fire at the rate their calcium asks for."""
    late = sim.spikes()["t"] > sim.t - 10000.0
    return float(late.sum()) / len(sim.network.population("Neurons")) / 10.0, TARGET, 0.1 * TARGET


def control(net: Network) -> Network:
    """No growth: the drive alone does not reach the target."""
    net.set_rules(net.projection("Neurons to Neurons"), ())
    return net
