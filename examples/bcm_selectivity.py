"""BCM: neurons that see two patterns equally often each choose one of them."""

import numpy as np

from engine import Network

TEXT = {
    "title": "BCM chooses a pattern",
    "what": (
        "Two overlapping patterns are shown to six neurons in turn, at random, equally often. The synapses "
        "follow the BCM rule, whose threshold slides with each neuron's activity."
    ),
    "do": "Press play. Select a neuron and watch its theta, or lower tau_theta until the rule fails.",
    "watch": (
        "At first every neuron answers to both patterns. Then one of them wins and the other falls silent; "
        "which one wins differs from neuron to neuron."
    ),
    "why": (
        "Activity above the threshold strengthens, below it weakens, and the threshold is the mean square "
        "of the activity: only an answer to one pattern in two is at peace (Bienenstock et al. 1982)."
    ),
    "source": (
        "Bienenstock, Cooper & Munro (1982) J. Neurosci. 2:32-48, doi:10.1523/JNEUROSCI.02-01-00032.1982."
    ),
    "off": "Without BCM",
}
SECONDS = 16.0
SPEED = 1.0
ORDER = 220
LAYOUT = {"plot": "Weights"}
NEURONS = 6
ANGLES = np.radians([20.0, 65.0])
PATTERNS = np.column_stack([np.cos(ANGLES), np.sin(ANGLES)])
"""One pattern per row: what the two inputs show."""


def build() -> Network:
    """Two inputs, six neurons that see both."""
    net = Network(dt=1.0, seed=6)
    net.title = TEXT["title"]
    left = np.array([[-260.0, 90.0, 0.0], [-260.0, -90.0, 0.0]])
    right = np.column_stack([np.full(NEURONS, 200.0), np.linspace(-300, 300, NEURONS), np.zeros(NEURONS)])
    inputs = net.add_population("Inputs", "rate", size=2, sign=0, positions=left)
    neurons = net.add_population(
        "Neurons", "rate", size=NEURONS, sign=0, positions=right, params={"full": 2.0}
    )
    rng = np.random.default_rng(15)
    shown = PATTERNS[rng.integers(0, 2, int(SECONDS * 500))]
    times = np.arange(len(shown)) * 2.0
    for i in range(2):
        net.add_input("step_current", inputs[i], label=f"input {i + 1}", times=times, amplitudes=shown[:, i])
    way = net.add_projection(
        "Inputs to Neurons", inputs, neurons, transmission="graded", w_max=20.0,
        rules=[("bcm", {"eta": 0.004, "tau_theta": 60.0})],
    )  # fmt: skip
    start = 0.4 + 0.15 * rng.random(2 * NEURONS)
    net.add_synapses(
        way, pre=np.tile(inputs.ids, NEURONS), post=np.repeat(neurons.ids, 2), weight=start, delay=1.0
    )
    net.add_probe(neurons.ids[:2], "rate", every=20.0)
    return net


def point(sim):
    """How selective the neurons are on average: 1 - mean / best answer, which is a half at most."""
    table = sim.synapses(sim.network.projection("Inputs to Neurons"))
    found = []
    for neuron in np.unique(table["post"]):
        mine = table[table["post"] == neuron]
        answers = PATTERNS @ mine["weight"][np.argsort(mine["pre"])]
        found.append(1.0 - answers.mean() / answers.max())
    return float(np.mean(found)), 0.5, 0.05


def control(net: Network) -> Network:
    """No rule: every neuron answers to both patterns."""
    net.set_rules(net.projection("Inputs to Neurons"), ())
    return net
