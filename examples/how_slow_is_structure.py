"""How slow is structure: one stimulus strengthens synapses within seconds, turnover takes months."""

import numpy as np

from engine import Network
from engine.analysis.slowness import DAY, Slowness, half_time

TEXT = {
    "title": "How slow is structure?",
    "what": (
        "Forty axons and forty neurons fire in pairs, five times a second. Structure is compressed: a day "
        "passes in a quarter of a second, as the badge in the corner of the canvas says."
    ),
    "do": (
        "Press play and open the Time scales tab. Measure in copies there: heads of spines, and the ratio "
        "when every time constant varies threefold. Then change slow of the network and compare."
    ),
    "watch": (
        "All synapses are strong within a minute of the stimulus. In the same run thin ones come and go by "
        "the day, and half of the lasting ones would take most of a year."
    ),
    "why": (
        "Uncompressed, turnover is about a million times slower than strengthening; varying every time "
        "constant threefold still leaves a hundred thousand. What seems close here is the compression."
    ),
    "source": (
        "Holtmaat et al. (2005) Neuron 45:279-291, doi:10.1016/j.neuron.2005.01.003; Trachtenberg et al. "
        "(2002) Nature 420:788-794, doi:10.1038/nature01273."
    ),
    "off": "Without turnover",
}
SECONDS = 30.0
SPEED = 1.0
ORDER = 760
LAYOUT = {"plot": "Time scales"}
SIZE, CONTACTS = 40, 160
HERE = 250.0
"""A day of structure in ms of the run."""


def build() -> Network:
    """Two columns, a tenth of all pairs in contact, three quarters of the contacts old and lasting."""
    return varied(1.0, 1.0)


def varied(functional: float, structural: float) -> Network:
    """The same with the time constants of strengthening and of structure multiplied."""
    rng = np.random.default_rng(8)
    net = Network(dt=1.0, seed=8)
    net.title = TEXT["title"]
    net.slow = DAY / HERE
    high = np.linspace(-420, 420, SIZE)
    left, right = (np.column_stack([np.full(SIZE, x), high, np.zeros(SIZE)]) for x in (-260.0, 260.0))
    pre = net.add_population("Axons", "relay", size=SIZE, sign=+1, positions=left)
    post = net.add_population("Neurons", "relay", size=SIZE, sign=+1, positions=right)
    times = np.arange(100.0, 1000.0 * SECONDS, 200.0)
    net.add_input("spike_list", pre, label="first", times=times)
    net.add_input("spike_list", post, label="10 ms later", times=times + 10.0)
    timing = {"lambda_": 0.02 / functional, "mu_plus": 0.0, "mu_minus": 0.0, "alpha": 0.5}
    spines = {
        "tau_t": 3.0 * structural, "tau_p": 560.0 * structural, "s": 0.0048 / structural,
        "k_f": 0.01 / structural, "weight": 0.3, "w_c": 0.2, "update": 70.0,
    }  # fmt: skip
    way = net.add_projection(
        "Contacts", pre, post, rules=[("stdp_pair", timing), ("spine_life", spines)], w_max=1.0
    )
    pair = rng.choice(SIZE * SIZE, CONTACTS, replace=False)
    ids = net.add_synapses(way, pre.ids[pair % SIZE], post.ids[pair // SIZE], weight=0.3, delay=1.0)
    net.set(ids, persistent=(np.arange(CONTACTS) < 0.73 * CONTACTS).astype(float), size=0.3)
    net.add_probe(ids, "weight", every=HERE, label="weights")
    return net


def slowness(sim) -> Slowness:
    """Half-times of strengthening and of turnover, as the run showed them."""
    probe = next(iter(sim.network.probes))
    seen = sim.record(probe)
    t = np.unique(seen["t"])
    weight = [np.nanmean(seen["value"][seen["t"] == one]) for one in t]
    left = (sim.synapses(sim.network.projection("Contacts"))["id"] > 0).sum() / CONTACTS
    structural = sim.t * np.log(2) / -np.log(left) if left < 1.0 else np.inf
    return Slowness(half_time(t, weight), float(structural), sim.network.slow)


def point(sim):
    """Orders of magnitude between the half-times of turnover and of strengthening, uncompressed."""
    found = slowness(sim)
    return float(np.log10(found.in_life)), 6.0, 0.7


def control(net: Network) -> Network:
    """Strengthening alone: no contact comes or goes."""
    way = net.projection("Contacts")
    net.set_rules(way, [use for use in way.rules if use.slug == "stdp_pair"])
    return net
