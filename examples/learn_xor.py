"""Exclusive or, learned by back-propagation: an error that runs back over the wires it came by."""

from engine import Network, Training
from engine.network.layered import draw_layers

TEXT = {
    "title": "Exclusive or by back-propagation",
    "what": (
        "Two inputs, four neurons between, one output that should be on when exactly one input is. "
        "Errors run back from the output over the same synapses, against their arrows."
    ),
    "do": "Step by phase, then train; then switch the learner to the back-propagating spike.",
    "watch": (
        "After some hundred epochs all four patterns are answered rightly. With the back-propagating "
        "spike, which tells a synapse only that its neuron fired, they never are."
    ),
    "why": (
        "To change a hidden synapse rightly one must know the weights and errors of the next "
        "population. No synapse carries them backwards: that is the question all rivals answer "
        "differently. Where a returning spike may become a burst, spiking neurons learn it too: see "
        "Exclusive or in bursts."
    ),
    "source": (
        "Rumelhart, Hinton & Williams (1986) Nature 323:533-536, doi:10.1038/323533a0; the problem: "
        "Minsky & Papert (1969) Perceptrons, MIT Press."
    ),
    "off": "Without an error that comes back",
}
SECONDS = 0.01
SPEED = None
ORDER = 1001


def build() -> Network:
    """Two, four and one rate units."""
    net = Network(seed=3)
    net.title = TEXT["title"]
    inputs, _, output = draw_layers(
        net, [2, 4, 1], model="rate_unit", weight=("uniform", -1, 1), names=("Inputs", "Hidden", "Output")
    )
    net.add_task("Exclusive or", "xor", inputs, output)
    net.set_learner("backprop", {"eta": 1.0})
    return net


def point(sim):
    """All four patterns are answered rightly."""
    training = Training(sim.network).run(1500, until=True)
    return training.answers().right, 1.0, 0.01


def control(net: Network) -> Network:
    """The returning spike tells each synapse that its neuron fired, and nothing of an error."""
    net.set_learner("returning_spike", {"eta": 0.1})
    return net
