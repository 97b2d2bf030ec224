"""Eyeblink conditioning: a puff of air teaches a Purkinje neuron to pause before the next one comes."""

import numpy as np

from engine import Network, Training

TEXT = {
    "title": "A pause before the puff",
    "what": (
        "Two hundred granule neurons, each active some time after a tone, and one Purkinje neuron. Its "
        "climbing fibre fires 400 ms after the tone, when a puff of air hits the eye."
    ),
    "do": ("Train, and choose time course above the curves. Turn lag down until the pause meets the puff."),
    "watch": (
        "The Purkinje neuron comes to pause about 300 ms after the tone: before the puff, by as much as "
        "depression looks back."
    ),
    "why": (
        "The climbing fibre weakens the fibres that were active about 100 ms before. It is a private wire, "
        "a teacher for each neuron, so nothing is transported. What the paper says: spike timing there is "
        "not Hebbian; it proposes no equivalent of back-propagation, among which it is listed."
    ),
    "source": "Piochon et al. (2012) Front. Neural Circuits 6:124, doi:10.3389/fncir.2012.00124.",
    "off": "Without a memory of its inputs",
}
SECONDS = 0.01
SPEED = None
ORDER = 1046


def build() -> Network:
    """Granule neurons that span the trial, and the Purkinje neuron they drive."""
    net = Network(seed=1)
    net.title = TEXT["title"]
    rows = [[(k % 20) * 13.0, (k // 20 - 4.5) * 13.0, 0.0] for k in range(200)]
    fibres = net.add_population("Granule", "rate_unit", size=200, sign=0, positions=rows)
    purkinje = net.add_population(
        "Purkinje", "rate_unit", size=1, sign=0, params={"curve": "linear"},
        positions=[[480.0, 0.0, 0.0]],
    )  # fmt: skip
    net.wire(net.add_projection("Parallel fibres", fibres, purkinje), "all_to_all", weight=0.05)
    net.add_task("Tone and puff", "eyeblink", fibres, purkinje)
    net.set_learner("cerebellar", {"eta": 0.0005, "lag": 100.0})
    return net


def point(sim):
    """When the Purkinje neuron is quietest, ms after the tone."""
    training = Training(sim.network)
    before = training.answers().outputs[0, :, 0]
    change = training.run(10).answers().outputs[0, :, 0] - before
    return float(np.argmin(change)), 290.0, 20.0


def control(net: Network) -> Network:
    """Depression takes what is active at the moment of the puff, when it is too late to blink."""
    net.set(next(iter(net.learners)), lag=5.0)
    return net
