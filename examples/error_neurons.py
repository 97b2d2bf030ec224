"""Predictive coding: every neuron has another that says how wrong the prediction of it was."""

from engine import Network, Training
from engine.analysis.ledger.learning import against_gradient
from engine.network.layered import draw_layers

TEXT = {
    "title": "Neurons that carry errors",
    "what": (
        "Each population predicts the next, and error neurons say what was left over. The output is held "
        "at its target, values and errors settle together, and then synapses change."
    ),
    "do": "Turn the variance of the output down to 1 (with scale alike) and watch the angle to the gradient.",
    "watch": (
        "With a variance of 100 the update points along the gradient within a tenth of a degree; with 1 it "
        "is off by some degrees. No second phase is needed, and no neuron has to remember a first one."
    ),
    "why": (
        "An output that counts little moves the values little, so that the errors below become those of "
        "back-propagation. Errors are rates of neurons here, not messages; the price is one such neuron for "
        "each value, and equal weights both ways."
    ),
    "source": "Whittington & Bogacz (2017) Neural Comput. 29:1229-1262, doi:10.1162/NECO_a_00949.",
    "off": "Without an output that gives way",
}
SECONDS = 0.01
SPEED = None
ORDER = 1036


def build() -> Network:
    """Four populations with mirrored feedback and one random pattern."""
    net = Network(seed=1)
    net.title = TEXT["title"]
    pops = draw_layers(net, [10, 8, 6, 5], model="rate_unit", feedback="mirror", output="linear")
    pattern = [((7 * k) % 10 - 4.5) / 3.0 for k in range(10)]
    target = [1.0, -1.0, 0.5, -0.5, 0.0]
    net.add_task("One pattern", "table", pops[0], pops[-1], lists={"inputs": pattern, "targets": target})
    settling = {"tol": 1e-14, "n_max": 2000.0}
    net.set_learner("predictive_coding", {"variance": 100.0, "scale": 100.0, **settling})
    return net


def point(sim):
    """The angle between the update and the gradient, degrees."""
    training = Training(sim.network)
    return against_gradient(training, training.stage.inputs, training.stage.targets).angle, 0.05, 0.05


def control(net: Network) -> Network:
    """The errors of the output count as much as all others."""
    net.set(next(iter(net.learners)), variance=1.0, scale=1.0)
    return net
