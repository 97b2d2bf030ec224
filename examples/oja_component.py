"""Oja's rule: one neuron learns the direction in which its eight inputs vary most."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Oja finds what varies most",
    "what": (
        "Eight inputs flicker together in a hidden pattern, with noise of their own. One neuron adds them "
        "up, and its synapses follow Oja's rule."
    ),
    "do": "Press play. Drag eta of the rule up for faster learning, or swap the rule for Hebb.",
    "watch": (
        "The weights sort themselves: inputs that rise together become strong with one sign, their opponents "
        "with the other. Then they stop growing."
    ),
    "why": (
        "What is active together strengthens, and each synapse forgets in proportion to the activity it "
        "serves: the weights end at length one, along the first principal component (Oja 1982)."
    ),
    "source": "Oja (1982) J. Math. Biol. 15:267-273, doi:10.1007/BF00275687.",
    "off": "Without Oja's rule",
}
SECONDS = 12.0
SPEED = 1.0
ORDER = 210
LAYOUT = {"plot": "Weights"}
HELD = 4
"""How long a sample is shown, ms."""


def samples() -> np.ndarray:
    """What the inputs show: a hidden pattern times a random number, and noise."""
    rng = np.random.default_rng(12)
    hidden = np.array([1.0, 0.8, 0.5, 0.1, -0.1, -0.5, -0.8, -1.0])
    count = int(SECONDS * 1000) // HELD
    hidden /= np.linalg.norm(hidden)
    return rng.normal(size=(count, 1)) * hidden * 1.2 + 0.3 * rng.normal(size=(count, 8))


def build() -> Network:
    """Eight rate neurons in an arc, and the neuron they reach."""
    net = Network(dt=1.0, seed=3)
    net.title = TEXT["title"]
    angle = np.linspace(0.25, 0.75, 8) * np.pi
    arc = np.column_stack([-420.0 * np.sin(angle), 420.0 * np.cos(angle), np.zeros(8)])
    inputs = net.add_population("Inputs", "rate", size=8, sign=0, positions=arc)
    neuron = net.add_population("Neuron", "rate", size=1, sign=0, positions=np.array([[120.0, 0.0, 0.0]]))
    way = net.add_projection(
        "Inputs to Neuron", inputs, neuron, transmission="graded", rules=[("oja", {"eta": 0.001})], w_max=3.0
    )
    start = 0.3 * np.random.default_rng(2).normal(size=8)
    net.add_synapses(way, pre=inputs.ids, post=np.repeat(neuron.ids, 8), weight=start, delay=1.0)
    data = samples()
    times = np.arange(len(data)) * float(HELD)
    for i in range(8):
        net.add_input("step_current", inputs[i], label=f"pixel {i + 1}", times=times, amplitudes=data[:, i])
    net.add_probe(way.ids, "weight", every=100.0)
    return net


def point(sim):
    """The angle between the weights and the first principal component of what was shown, degrees."""
    table = sim.synapses(sim.network.projection("Inputs to Neuron"))
    w = table["weight"][np.argsort(table["pre"])]
    data = samples()
    first = np.linalg.eigh(data.T @ data)[1][:, -1]
    share = min(abs(float(w @ first)) / max(float(np.linalg.norm(w)), 1e-12), 1.0)
    return float(np.degrees(np.arccos(share))), 0.0, 5.0


def control(net: Network) -> Network:
    """No rule: the weights stay as they were drawn."""
    net.set_rules(net.projection("Inputs to Neuron"), ())
    return net
