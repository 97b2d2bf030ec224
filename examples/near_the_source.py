"""A field in space: who lies near the source learns, who lies far away does not."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Near the source",
    "what": (
        "Two groups of pairs do exactly the same. A dopamine neuron lies in the middle of the left group and "
        "fires a second after each pairing; its dopamine is felt as far as 100 um."
    ),
    "do": "Press play. Drag the dopamine neuron, or change its sigma, while it runs.",
    "watch": (
        "Every pair leaves the same tag. Near the source it becomes weight, at the rim less, in the other "
        "group nothing at all: halos show the field itself."
    ),
    "why": (
        "Modulators are not broadcast to the whole brain: they spread some tens of micrometres from where "
        "they are released, so that even the third factor can be local."
    ),
    "source": "Fremaux & Gerstner (2016) Front. Neural Circuits 9:85, doi:10.3389/fncir.2015.00085.",
    "off": "Without dopamine",
}
SECONDS = 20.0
SPEED = 1.0
ORDER = 810
LAYOUT = {"plot": "Weights"}
SIGMA = 100.0
RIGHT, UP = np.array([230.0, 0.0, 0.0]), np.array([0.0, 18.0, 0.0])
TIMES = np.arange(500.0, SECONDS * 1000.0, 2000.0)


def build() -> Network:
    """Two lattices of pairs and one source."""
    net = Network(dt=0.5, seed=1)
    net.title = TEXT["title"]
    grid = np.array([[50.0 * i, 60.0 * j, 0.0] for j in (-1.5, -0.5, 0.5, 1.5) for i in (-2, -1, 0, 1, 2)])
    places = np.concatenate([grid - RIGHT, grid + RIGHT])
    pre = net.add_population("Pre", "relay", positions=places + UP)
    post = net.add_population("Post", "relay", positions=places - UP)
    dopamine = net.add_population("Dopamine", "relay", positions=[[-230.0, 0.0, 0.0]])
    net.add_input("spike_list", pre, label="pairing, pre", times=TIMES)
    net.add_input("spike_list", post, label="pairing, post", times=TIMES + 9.0)
    net.add_input("spike_list", dopamine, label="reward", times=TIMES + 1000.0)
    net.add_modulator("Dopamine", "diffuse", dopamine, {"substance": "dopamine", "sigma": SIGMA})
    stdp = ("stdp_pair", {"lambda_": 0.15, "alpha": 0.6, "mu_plus": 0.0, "mu_minus": 0.0})
    way = net.add_projection("Pre to Post", pre, post, rules=[stdp, "dopamine"], w_max=100.0)
    net.wire(way, "one_to_one", weight=10.0, delay=1.0)
    return net


def point(sim):
    """The width of the field, fitted to how much each pair learned at its distance from the source."""
    net = sim.network
    rows = sim.synapses(net.projection("Pre to Post"))
    gain = rows["weight"][np.argsort(rows["post"])] - 10.0
    away = np.linalg.norm(net.population("Post").positions - net.population("Dopamine").positions, axis=1)
    near = (gain > 1e-6) & (gain < 89.0)
    if near.sum() < 10:
        return 0.0, SIGMA, 1.0
    slope = np.polyfit(away[near] ** 2, np.log(gain[near]), 1)[0]
    return float(np.sqrt(-0.5 / slope)) if slope < 0 else 0.0, SIGMA, 1.0


def control(net: Network) -> Network:
    """The dopamine neuron fires and releases nothing."""
    net.set(next(iter(net.modulators)), amount=0.0)
    return net
