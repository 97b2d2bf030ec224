"""One reward for all synapses teaches a network where the eyes make a target lie."""

from engine import Network, Training
from engine.network.layered import draw_layers

TEXT = {
    "title": "A reward teaches area 7a",
    "what": (
        "A retina of 64 neurons and 32 that feel the position of the eye drive eight neurons that "
        "fire by chance; eight outputs should say where the target is relative to the head."
    ),
    "do": (
        "Train by reward, then by back-propagation, and compare how many trials each takes. Choose gain "
        "fields above the curves: the hidden neurons now, and before they learned anything."
    ),
    "watch": (
        "It learns to an error below 0.05 from a single number told to all synapses, in some thirty "
        "times as many trials as back-propagation takes here."
    ),
    "why": (
        "Neurons explore by chance; if the reward was high, what they did becomes more likely. A "
        "small penalty for failure is needed: without it, and with too much of it, nothing is "
        "learned. What the sources say: there are two papers of 1991, one in PNAS and one in "
        "Cerebral Cortex; the longer title of the second is often printed for the first."
    ),
    "source": (
        "Mazzoni, Andersen & Jordan (1991) PNAS 88:4433-4437, doi:10.1073/pnas.88.10.4433; Zipser & "
        "Andersen (1988) Nature 331:679-684, doi:10.1038/331679a0."
    ),
    "off": "Without a penalty for failure",
}
SECONDS = 0.01
SPEED = None
ORDER = 1040


def build() -> Network:
    """Retina with eye position, hidden neurons and head-centred output."""
    net = Network(seed=2)
    net.title = TEXT["title"]
    names = ("Retina, eyes", "Area 7a", "Head-centred")
    inputs, _, output = draw_layers(
        net, [96, 8, 8], model="rate_unit", weight=("normal", 0.0, 0.15), names=names
    )
    net.add_task("Where", "area7a", inputs, output)
    net.set_learner("reward_penalty", {"eta": 0.1})
    return net


def point(sim):
    """The mean error over the training pairs."""
    training = Training(sim.network)
    stage = training.stage
    for _ in range(100):
        training.run(50)
        error = training.answers(stage.inputs, stage.targets).error
        if error < 0.05:
            break
    return error, 0.04, 0.02


def control(net: Network) -> Network:
    """Reward alone."""
    net.set(next(iter(net.learners)), penalty=0.0)
    return net
