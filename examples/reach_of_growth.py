"""The reach of growth: neurons on a sheet look for partners nearby, so that most wires are short."""

import numpy as np

from engine import Network

TEXT = {
    "title": "The reach of growth",
    "what": "A sheet of 150 neurons without a synapse. Each grows free ends until its calcium is right.",
    "do": "Press play. Then set sigma of the growth card to 0 and play it again from the start.",
    "watch": (
        "Sprouts stay short and a neighbourhood grows together; without a reach they cross the sheet. The "
        "neurons reach their calcium either way."
    ),
    "why": (
        "A free end finds a partner with a chance that falls with distance as exp(-d^2/sigma^2). Short "
        "wires cost less and leave the set point alone (Butz & van Ooyen 2013)."
    ),
    "source": "Butz & van Ooyen (2013) PLoS Comput. Biol. 9:e1003259, doi:10.1371/journal.pcbi.1003259.",
    "off": "Without a reach",
}
SECONDS = 20.0
SPEED = None
ORDER = 710
SIGMA = 120.0
GROWTH = {
    "curve": "gaussian", "nu": 1.5e-3, "eta": 0.0, "eps": 0.05, "tau_ca": 2000.0, "beta_ca": 0.005,
    "update": 250.0, "weight": 300.0, "delay": 1.0, "sigma": SIGMA,
}  # fmt: skip


def build() -> Network:
    """Neurons at random places, driven to a few spikes a second by noise."""
    rng = np.random.default_rng(6)
    net = Network(dt=1.0, seed=6)
    net.title = TEXT["title"]
    at = np.column_stack([rng.uniform(-450, 450, 150), rng.uniform(-320, 320, 150), np.zeros(150)])
    cells = net.add_population("Neurons", "iaf_psc_exp", size=150, sign=+1, positions=at)
    net.add_input("poisson", cells, label="background", rate=5000.0, weight=30.0)
    net.add_projection("Sheet", cells, cells, rules=[("element_growth", GROWTH)], w_max=1000.0)
    return net


def point(sim):
    """The mean length of a synapse is about the reach; a little more where near ends run out."""
    rows = sim.synapses(sim.network.projection("Sheet"))
    cells = sim.network.population("Neurons")
    at = cells.positions
    apart = at[np.searchsorted(cells.ids, rows["pre"])] - at[np.searchsorted(cells.ids, rows["post"])]
    return float(np.sqrt((apart**2).sum(axis=1)).mean()), SIGMA, 40.0


def control(net: Network) -> Network:
    """A partner may be anywhere on the sheet."""
    net.set(net.projection("Sheet"), **{"element_growth.sigma": 0.0})
    return net
