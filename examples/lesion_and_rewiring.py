"""Lesion: neurons that lose their input are silent, until synapses from their neighbours bring them back."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Lesion and rewiring",
    "what": (
        "A sheet of neurons, each with an input of its own. After five seconds the inputs of the middle "
        "fall away, as if a patch of the retina had been destroyed."
    ),
    "do": (
        "Press play and wait for the lesion at t = 5 s. Move the middle away from the others and try again."
    ),
    "watch": (
        "The middle falls silent and its calcium drops. It grows spines, and synapses arrive from the "
        "neighbours. Its rate comes back."
    ),
    "why": (
        "A silent neuron offers more places to land than anybody else, and its neighbours have boutons to "
        "spare: a rule that keeps calcium right repairs the sheet (Butz & van Ooyen 2013)."
    ),
    "source": "Butz & van Ooyen (2013) PLoS Comput. Biol. 9:e1003259, doi:10.1371/journal.pcbi.1003259.",
    "off": "Without rewiring",
}
SECONDS = 40.0
SPEED = None
ORDER = 720
LAYOUT = {"plot": "Calcium and elements"}
LESION = 5000.0
"""When the inputs of the middle end, ms."""
TARGET = 5.0
"""Spikes a second at the calcium that the growth card aims at: eps / (beta_ca tau_ca)."""
GROWTH = {"curve": "linear", "nu": 0.002, "eps": 0.05, "tau_ca": 1000.0, "beta_ca": 0.01, "update": 200.0,
          "sigma": 170.0, "weight": 900.0, "delay": 1.5}  # fmt: skip


def build() -> Network:
    """A sheet of neurons in two populations, the border and the middle that will lose its input."""
    net = Network(dt=0.5, seed=7)
    net.title = TEXT["title"]
    x, y = np.meshgrid(np.arange(-5, 6) * 75.0, np.arange(-3, 4) * 75.0)
    places = np.column_stack([(x + (y / 75.0 % 2) * 37.0).ravel(), y.ravel(), np.zeros(x.size)])
    near = np.hypot(places[:, 0], places[:, 1]) < 150.0
    border = net.add_population("Border", "iaf_psc_exp", positions=places[~near])
    middle = net.add_population("Middle", "iaf_psc_exp", positions=places[near])
    net.add_projection("Border to Middle", border, middle, rules=[("element_growth", GROWTH)], w_max=2000.0)
    neighbours = net.add_projection("Border to Border", border, border)
    net.wire(neighbours, "distance", profile="gaussian", p0=0.5, scale=90.0, weight=60.0, delay=1.5)
    net.add_input("poisson", border, label="input", rate=1000.0, weight=130.0)
    net.add_input("poisson", middle, label="lost at 5 s", rate=1000.0, weight=135.0, stop=LESION)
    return net


def point(sim):
    """In the last ten seconds the middle fires at its target again, within a fifth."""
    spikes = sim.spikes()
    middle = sim.network.population("Middle").ids
    late = (spikes["t"] > sim.t - 10000.0) & np.isin(spikes["neuron"], middle)
    return float(late.sum()) / len(middle) / 10.0, TARGET, 0.2 * TARGET


def control(net: Network) -> Network:
    """Nothing grows onto the middle: it stays silent."""
    net.set_rules(net.projection("Border to Middle"), ())
    return net
