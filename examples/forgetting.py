"""Digits in five lessons: each one learned is lost with the next, whatever the rule."""

from engine import Network, Training
from engine.network.layered import draw_layers

TEXT = {
    "title": "Learning that forgets",
    "what": (
        "Ten digits in five lessons of two, one after the other, ten epochs each. At the end the "
        "network is asked about all ten."
    ),
    "do": "Train to the end and read what is left of each lesson. Then try other learners, or replay.",
    "watch": (
        "Only the last two digits are remembered: 20 per cent. In this experiment no learning rule "
        "resisted forgetting merely by being local."
    ),
    "why": (
        "Resistance came from sparse codes that do not overlap, from output neurons that do not learn "
        "when silent, from slow synapses (a little) and from replay."
    ),
    "source": (
        "McCloskey & Cohen (1989) Psychol. Learn. Motiv. 24:109-165, doi:10.1016/S0079-7421(08)60536-8: "
        "the effect. The figures are measured here."
    ),
    "off": "Without outputs that learn to be silent",
}
SECONDS = 0.01
SPEED = None
ORDER = 1060


def build() -> Network:
    """Pixels, hidden neurons and ten digits."""
    net = Network(seed=1)
    net.title = TEXT["title"]
    names = ("Pixels", "Hidden", "Digits")
    inputs, _, output = draw_layers(net, [64, 32, 10], model="rate_unit", output="linear", names=names)
    net.add_task("Five lessons", "split_digits", inputs, output)
    net.set_learner("backprop", {"eta": 0.1, "batch": 10.0})
    return net


def point(sim):
    """The share of all ten digits that is known at the end."""
    return Training(sim.network).run(50).answers().right, 0.2, 0.1


def control(net: Network) -> Network:
    """An output whose digit is not shown does not learn, so it does not unlearn either."""
    net.set_learner("silent_outputs", {"eta": 0.1, "batch": 10.0})
    return net
