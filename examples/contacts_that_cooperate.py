"""Contacts that cooperate: a pair ends with none or with several, though no contact knows another."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Contacts that cooperate",
    "what": (
        "Six axons and twelve neurons. Contacts form by chance anywhere; one is lost the sooner, the weaker "
        "spike timing has made it."
    ),
    "do": "Press play. Then set steep of the hazard card to 0, so that loss is blind to weight.",
    "watch": (
        "Single contacts come and go. Where by luck three or four join one pair they become strong together "
        "and stay: bundles of lines next to empty pairs."
    ),
    "why": (
        "Several contacts at once make the neuron fire just after the axon, which strengthens each. None "
        "needs to know of the others (Deger, Helias, Rotter & Diesmann 2012)."
    ),
    "source": (
        "Deger, Helias, Rotter & Diesmann (2012) PLoS Comput. Biol. 8:e1002689, "
        "doi:10.1371/journal.pcbi.1002689."
    ),
    "off": "Without weight in the hazard",
}
SECONDS = 120.0
SPEED = None
ORDER = 750
LAYOUT = {"plot": "Synapses"}
PRE, POST, TOP = 6, 12, 360.0
HAZARD = {
    "kappa": 3e-4, "w_half": 0.35 * TOP, "steep": 4.0, "create": 1e-5, "sites": 6.0, "update": 300.0,
    "weight": 0.3 * TOP,
}  # fmt: skip


def build() -> Network:
    """Axons on the left, neurons in an arc, three weak contacts for every pair."""
    net = Network(dt=1.0, seed=5)
    net.title = TEXT["title"]
    turn = np.linspace(-1.2, 1.2, POST)
    arc = 420.0 * np.column_stack([np.cos(turn), np.sin(turn), np.zeros(POST)])
    column = np.column_stack([np.full(PRE, -180.0), np.linspace(-260, 260, PRE), np.zeros(PRE)])
    pre = net.add_population("Axons", "relay", size=PRE, sign=+1, positions=column)
    post = net.add_population("Neurons", "iaf_psc_exp", size=POST, sign=+1, positions=arc)
    net.add_input("poisson", pre, label="spikes of the axons", rate=8.0)
    net.add_input("poisson", post, label="everything else", rate=5400.0, weight=30.0)
    timing = {"lambda_": 0.03, "alpha": 1.7, "mu_plus": 0.03, "mu_minus": 0.03}
    way = net.add_projection(
        "Contacts", pre, post, rules=[("stdp_pair", timing), ("hazard", HAZARD)], w_max=TOP
    )
    for _ in range(3):
        net.wire(way, "all_to_all", weight=0.3 * TOP, delay=1.0)
    return net


def point(sim):
    """The number of contacts per pair varies at least half again as much as if they were independent."""
    rows = sim.synapses(sim.network.projection("Contacts"))
    _, number = np.unique(rows["pre"] * 100_000 + rows["post"], return_counts=True)
    number = np.append(number, np.zeros(PRE * POST - number.size))
    alone = number.mean() * (1.0 - number.mean() / HAZARD["sites"])
    return float(number.var() / alone), 2.5, 1.0


def control(net: Network) -> Network:
    """Loss is as frequent for strong contacts as for weak ones."""
    net.set(net.projection("Contacts"), **{"hazard.steep": 0.0, "hazard.kappa": 1.2e-4})
    return net
