"""The late phase: a weak tetanus is forgotten within hours, unless a strong one comes to the same neuron."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Weak, strong, and captured",
    "what": (
        "Three neurons with twelve inputs each. On the left one input gets a tetanus, in the middle all "
        "twelve, on the right one gets it and the other eleven follow twenty minutes later. A second here"
        " is five minutes."
    ),
    "do": "Press play and follow the weights. Raise theta to block the making of proteins.",
    "watch": (
        "All tetani strengthen at once. On the left the change fades; in the middle it stays; on the "
        "right the weakly trained input keeps its gain as well, though nothing more happened to it."
    ),
    "why": (
        "A trained synapse is tagged. Only much training makes the neuron produce proteins, but any "
        "tagged synapse may capture them while its tag lasts, an hour or two (Frey & Morris 1997)."
    ),
    "source": "Frey & Morris (1997) Nature 385:533-536, doi:10.1038/385533a0.",
    "off": "Without protein synthesis",
}
SECONDS = 60.0
SPEED = None
ORDER = 360
LAYOUT = {"plot": "Weights"}
WEIGHT, TETANUS, LATER = 20.0, 1000.0, 5000.0


def build() -> Network:
    """Three fans of relays; the slow clock runs three hundred times as fast as life."""
    net = Network(dt=0.5, seed=2)
    net.title = TEXT["title"]
    net.slow = 300.0
    pulses = 10.0 * np.arange(10)
    rules = [
        ("stdp_pair", {"lambda_": 0.02, "alpha": 0.0, "mu_plus": 0.0, "mu_minus": 0.0}),
        ("tag_capture", {"theta": 60.0, "update": 100.0}),
    ]
    starts = {"Weak": [[TETANUS], []], "Strong": [[TETANUS], [TETANUS]], "Captured": [[TETANUS], [LATER]]}
    for i, (label, (first, others)) in enumerate(starts.items()):
        turn = np.linspace(0.7, 2.44, 12)
        fan = np.column_stack([np.cos(turn), np.sin(turn), 0 * turn]) * 190.0 + [300.0 * (i - 1), -60.0, 0.0]
        inputs = net.add_population(f"Inputs, {label}", "relay", size=12, positions=fan)
        neuron = net.add_population(label, "relay", positions=[[300.0 * (i - 1), -60.0, 0.0]])
        way = net.add_projection(label, inputs, neuron, rules=rules, w_max=100.0)
        net.wire(way, "all_to_all", weight=WEIGHT, delay=1.0)
        for targets, when in ((inputs[:1], first), (inputs[1:], others)):
            if when:
                net.add_input("spike_list", targets, label="tetanus", times=when[0] + pulses)
        answered = np.unique(np.concatenate([t + pulses for t in (*first, *others)]))
        net.add_input("spike_list", neuron, label="answers", times=answered + 4.0)
        net.add_probe(way.ids[:2], "weight", every=100.0)
    return net


def kept(sim, label: str) -> float:
    """The gain of the first input of a neuron, in pA."""
    table = np.sort(sim.synapses(sim.network.projection(label)), order="pre")
    return float(table["weight"][0] - WEIGHT)


def point(sim):
    """Of the gain that stays on the right nothing is left where no strong tetanus followed."""
    return kept(sim, "Captured") - kept(sim, "Weak"), 14.0, 5.0


def control(net: Network) -> Network:
    """No amount of tags starts the making of proteins."""
    for label in ("Weak", "Strong", "Captured"):
        net.set(net.projection(label), **{"tag_capture.theta": 1e6})
    return net
