"""Hebb alone runs away; the same synapses with Oja's forgetting stay at length one."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Hebb runs away, Oja holds",
    "what": (
        "Two neurons hear the same six inputs. The synapses of the upper one follow Hebb's rule, those of "
        "the lower one Oja's, with the same learning rate."
    ),
    "do": "Press play. Give Hebb's rule a decay and look for a value at which it neither dies nor explodes.",
    "watch": (
        "Both begin to grow alike. The upper weights go on until they meet their bound; the lower ones "
        "slow down and stay."
    ),
    "why": (
        "A strong synapse makes its neuron more active, which makes the synapse stronger. Oja's rule takes "
        "away what the neuron's own activity can carry, so the loop closes at length one."
    ),
    "source": (
        "Hebb (1949) The Organization of Behavior, Wiley; the rescue: Oja (1982) J. Math. Biol. "
        "15:267-273, doi:10.1007/BF00275687."
    ),
    "off": "Without Oja's forgetting",
}
SECONDS = 8.0
SPEED = 1.0
ORDER = 201
LAYOUT = {"plot": "Weights"}
BOUND = 5.0
"""Where Hebb's weights stop, as they must somewhere."""


def build() -> Network:
    """Six inputs in the middle on the left, the two neurons one above the other."""
    net = Network(dt=1.0, seed=4)
    net.title = TEXT["title"]
    left = np.column_stack([np.full(6, -300.0), np.linspace(-220, 220, 6), np.zeros(6)])
    inputs = net.add_population("Inputs", "rate", size=6, sign=0, positions=left)
    rng = np.random.default_rng(9)
    shown = rng.normal(size=(int(SECONDS * 250), 1)) * np.linspace(1.0, 0.4, 6)
    shown = shown + 0.3 * rng.normal(size=shown.shape)
    times = np.arange(len(shown)) * 4.0
    for i in range(6):
        net.add_input("step_current", inputs[i], label=f"input {i + 1}", times=times, amplitudes=shown[:, i])
    for name, rule, y in (("Hebb", "hebb", 160.0), ("Oja", "oja", -160.0)):
        neuron = net.add_population(name, "rate", size=1, sign=0, positions=np.array([[200.0, y, 0.0]]))
        way = net.add_projection(
            f"Inputs to {name}", inputs, neuron, transmission="graded", rules=[(rule, {"eta": 0.001})],
            w_max=BOUND,
        )  # fmt: skip
        net.add_synapses(way, pre=inputs.ids, post=np.repeat(neuron.ids, 6), weight=0.05, delay=1.0)
        net.add_probe(way.ids, "weight", every=50.0)
    return net


def point(sim):
    """The length of the weights of the neuron with Oja's rule: one."""
    table = sim.synapses(sim.network.projection("Inputs to Oja"))
    return float(np.linalg.norm(table["weight"])), 1.0, 0.1


def control(net: Network) -> Network:
    """Hebb's rule on both neurons: both run to the bound."""
    net.set_rules(net.projection("Inputs to Oja"), [("hebb", {"eta": 0.001})])
    return net
