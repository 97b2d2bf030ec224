"""Contrastive Hebbian learning with weak feedback is back-propagation, up to an angle of order gamma."""

from engine import Network, Training
from engine.analysis.ledger.learning import against_gradient
from engine.network.layered import draw_layers

TEXT = {
    "title": "Weak feedback is back-propagation",
    "what": (
        "Ten, eight, six and five rate units with feedback gamma times weaker than the forward "
        "synapses. The output is clamped, every rate moves a little, and the update is compared with "
        "the gradient."
    ),
    "do": (
        "Under Training choose On the canvas: its update beside the gradient. Turn gamma, then the noise, "
        "and watch the angle between the two."
    ),
    "watch": (
        "At gamma 0.05 the two point the same way within about one degree, and the angle falls in "
        "proportion to gamma. With noise of 0.001 the weakest feedback becomes the worst."
    ),
    "why": (
        "Clamping the output moves each rate by its own error times gamma for each depth. Dividing by "
        "that factor gives the gradient, but a synapse must then know how deep it lies."
    ),
    "source": "Xie & Seung (2003) Neural Comput. 15:441-454, doi:10.1162/089976603762552988.",
    "off": "Without weakness",
}
SECONDS = 0.01
SPEED = None
ORDER = 1030


def build() -> Network:
    """Four populations with mirrored feedback and one random pattern."""
    net = Network(seed=4)
    net.title = TEXT["title"]
    pops = draw_layers(net, [10, 8, 6, 5], model="rate_unit", feedback="mirror", output="linear")
    pattern = [((7 * k) % 10 - 4.5) / 3.0 for k in range(10)]
    target = [1.0, -1.0, 0.5, -0.5, 0.0]
    net.add_task("One pattern", "table", pops[0], pops[-1], lists={"inputs": pattern, "targets": target})
    net.set_learner("chl", {"gamma": 0.05, "tol": 1e-14, "n_max": 2000.0})
    return net


def point(sim):
    """The angle between the update and the gradient, degrees."""
    training = Training(sim.network)
    return against_gradient(training, training.stage.inputs, training.stage.targets).angle, 1.0, 0.8


def control(net: Network) -> Network:
    """Feedback as strong as the forward synapses changes far more than the errors."""
    net.set(next(iter(net.learners)), gamma=0.9)
    return net
