"""Reward learning: dopamine that comes a second late still finds the synapses that earned it."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Delayed dopamine",
    "what": (
        "A cue excites two neurons that suppress each other, Left and Right, so each cue is answered by one "
        "of them. Only Right is rewarded: its spike reaches a dopamine neuron one second later."
    ),
    "do": (
        "Press play and follow the weights of the two projections. Make the reward later with the delay of "
        "Right to Dopamine."
    ),
    "watch": (
        "At first Left and Right answer equally often. Synapses onto the one that fired shimmer with a tag; "
        "where dopamine arrives while the tag lasts, it turns into weight. In the end Right answers always."
    ),
    "why": (
        "The synapse remembers for a second that it took part, and a substance that goes everywhere tells "
        "all of them that it was good: no neuron has to know which synapse it was (Izhikevich 2007)."
    ),
    "source": "Izhikevich (2007) Cereb. Cortex 17:2443-2452, doi:10.1093/cercor/bhl152.",
    "off": "Without dopamine",
}
SECONDS = 120.0
SPEED = None
ORDER = 801
LAYOUT = {"plot": "Weights"}
CUES = np.arange(500.0, SECONDS * 1000.0, 2500.0)


def build() -> Network:
    """Cue, two answers with their interneurons, and a dopamine neuron a second away."""
    net = Network(dt=0.2, seed=3)
    net.title = TEXT["title"]
    cue = net.add_population("Cue", "relay", positions=[[-300.0, 40.0 * (i - 9.5), 0.0] for i in range(20)])
    answers = [net.add_population("Left", "iaf_psc_exp", positions=[[20.0, -170.0, 0.0]]),
               net.add_population("Right", "iaf_psc_exp", positions=[[20.0, 170.0, 0.0]])]  # fmt: skip
    dopamine = net.add_population("Dopamine", "iaf_psc_exp", positions=[[330.0, 170.0, 0.0]])
    rules = [("stdp_pair", {"lambda_": 0.1, "alpha": 0.6, "mu_plus": 0.0, "mu_minus": 0.0}), "dopamine"]
    for i, (mine, other) in enumerate(zip(answers, answers[::-1], strict=True)):
        to = net.add_projection(f"Cue to {mine.label}", cue, mine, rules=rules, w_max=300.0)
        net.wire(to, "all_to_all", weight=("normal", 165.0, 10.0), delay=("uniform", 1.0, 14.0))
        inter = net.add_population(f"{mine.label} off", "iaf_psc_exp", sign=-1,
                                   positions=[[95.0, 55.0 * (2 * i - 1), 0.0]])  # fmt: skip
        excite = net.add_projection(f"{mine.label} to inter", mine, inter)
        net.wire(excite, "all_to_all", weight=6000.0, delay=0.4)
        suppress = net.add_projection(f"{mine.label} off to {other.label}", inter, other)
        net.wire(suppress, "all_to_all", weight=-4000.0, delay=0.4)
        net.add_input("noise_current", mine, label="noise", std=180.0, hold=5.0)
    reward = net.add_projection("Right to Dopamine", answers[1], dopamine)
    net.wire(reward, "all_to_all", weight=6000.0, delay=1000.0)
    net.add_modulator("Dopamine", "diffuse", sources=dopamine)
    net.add_input("spike_list", cue, label="the cue", times=CUES)
    return net


def point(sim):
    """Of the last twenty cues, the share answered by Right."""
    spikes = sim.spikes()
    late = spikes["neuron"][spikes["t"] > CUES[-20]]
    left, right = (np.sum(late == sim.network.population(name).ids[0]) for name in ("Left", "Right"))
    return float(right / max(left + right, 1)), 1.0, 0.2


def control(net: Network) -> Network:
    """The dopamine neuron fires and releases nothing: tags fade, and nothing is learned."""
    net.set(next(iter(net.modulators)), amount=0.0)
    return net
