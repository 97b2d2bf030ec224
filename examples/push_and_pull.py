"""Push and pull: which receptors are on decides what a pair of spikes does, whatever its order."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Push and pull",
    "what": (
        "Pairs of both orders in four places: near a source of noradrenaline, of acetylcholine, of "
        "both, and near none. Within each place the left pair fires pre before post, the right one after."
    ),
    "do": "Press play. Move a pair to another place and see it change its mind.",
    "watch": (
        "With noradrenaline alone both pairs strengthen, with acetylcholine alone both weaken, with both the "
        "order decides, and with neither nothing happens."
    ),
    "why": (
        "Beta receptors enable potentiation, M1 receptors depression: the state of the brain sets the sign, "
        "and timing only chooses between what is enabled (Seol et al. 2007)."
    ),
    "source": (
        "Seol, Ziburkus, Huang, Song, Kim, Takamiya, Huganir, Lee & Kirkwood (2007) Neuron 55:919-929, "
        "doi:10.1016/j.neuron.2007.08.013."
    ),
    "off": "Without the receptors",
}
SECONDS = 20.0
SPEED = 1.0
ORDER = 850
LAYOUT = {"plot": "Weights"}
TIMES = np.arange(200.0, SECONDS * 1000.0, 500.0)
CENTRES = ((-320.0, 130.0), (320.0, -130.0), (-320.0, -130.0), (320.0, 130.0))
"""Noradrenaline alone, acetylcholine alone, both, none."""


def build() -> Network:
    """Eight pairs, two in each place, and four sources that keep the substances up."""
    net = Network(dt=0.5, seed=1)
    net.title = TEXT["title"]
    x = np.array([cx + side for cx, _ in CENTRES for side in (-45.0, 45.0)])
    y = np.array([cy for _, cy in CENTRES for _ in range(2)])
    pre = net.add_population("Pre", "relay", positions=np.column_stack([x, y + 50.0, 0.0 * x]))
    post = net.add_population("Post", "relay", positions=np.column_stack([x, y - 50.0, 0.0 * x]))
    net.add_input("spike_list", pre, label="pre", times=TIMES)
    for row in range(8):
        lag = 10.0 if row % 2 == 0 else -10.0
        net.add_input("spike_list", post[row], label=f"{lag:+g} ms", times=TIMES + lag - 1.0)
    for name, own in (("Noradrenaline", 0), ("Acetylcholine", 1)):
        at = [[*CENTRES[place], 0.0] for place in (own, 2)]
        sources = net.add_population(name, "relay", positions=at)
        net.add_input(
            "spike_list", sources, label=name.lower(), times=np.arange(50.0, SECONDS * 1000.0, 100.0)
        )
        net.add_modulator(name, "diffuse", sources, {"substance": name.lower(), "sigma": 60.0})
    rules = [("stdp_pair", {"lambda_": 0.01, "mu_plus": 0.0, "mu_minus": 0.0}), "push_pull"]
    way = net.add_projection("Pre to Post", pre, post, rules=rules, w_max=100.0)
    net.wire(way, "one_to_one", weight=50.0, delay=1.0)
    net.add_probe(way.ids, "weight", every=100.0)
    return net


def point(sim):
    """How many of the eight signs are those of the table: + +, - -, + -, 0 0."""
    rows = sim.synapses(sim.network.projection("Pre to Post"))
    gain = rows["weight"][np.argsort(rows["post"])] - 50.0
    signs = np.where(np.abs(gain) < 2.0, 0.0, np.sign(gain))
    return float(np.sum(signs == [1, 1, -1, -1, 1, -1, 0, 0])), 8.0, 0.5


def control(net: Network) -> Network:
    """Nothing opens the two pathways."""
    net.set(net.projection("Pre to Post"), **{"push_pull.gain_ac": 0.0, "push_pull.gain_plc": 0.0})
    return net
