"""Feedback alignment: the forward weights turn until a random feedback is useful."""

from engine import Network, Training
from engine.analysis.ledger.learning import against_gradient
from engine.network.layered import draw_layers

TEXT = {
    "title": "Feedback alignment",
    "what": (
        "Digits of 8 x 8 pixels, 32 hidden neurons and ten outputs. Errors come back over synapses of "
        "their own, drawn at random and never changed."
    ),
    "do": "Train, and watch the dial: the angle between what the hidden synapses do and the gradient.",
    "watch": (
        "The angle starts near 90 degrees, where the feedback says nothing, and falls to about 50 "
        "within some epochs; the digits are learned."
    ),
    "why": (
        "The errors need not come back over the weights that made them. It is enough that the forward "
        "weights come to point the way the feedback does, which they do by learning."
    ),
    "source": "Lillicrap, Cownden, Tweed & Akerman (2016) Nat. Commun. 7:13276, doi:10.1038/ncomms13276.",
    "off": "Without plastic output synapses",
}
SECONDS = 0.01
SPEED = None
ORDER = 1050


def build() -> Network:
    """The digits with random feedback."""
    net = Network(seed=1)
    net.title = TEXT["title"]
    inputs, _, output = draw_layers(
        net, [64, 32, 10], model="rate_unit", feedback=("normal", 0.0, 0.3), output="linear",
        names=("Pixels", "Hidden", "Digits"),
    )  # fmt: skip
    net.add_task("Digits", "digits", inputs, output)
    net.set_learner("feedback_alignment", {"eta": 0.1, "batch": 10.0})
    return net


def point(sim):
    """The angle between the update of the hidden synapses and the gradient, degrees."""
    training = Training(sim.network).run(15)
    first = sim.network.projection("Pixels to Hidden").id
    return against_gradient(training, training.stage.inputs, training.stage.targets, first).angle, 48.0, 14.0


def control(net: Network) -> Network:
    """Where the output weights cannot turn, the random feedback stays random."""
    net.set(net.projection("Hidden to Digits"), frozen=True)
    return net
