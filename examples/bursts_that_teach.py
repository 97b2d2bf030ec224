"""The burst rule: feedback on the apical dendrite makes bursts of spikes, and bursts say what to learn."""

from engine import Network, Training
from engine.analysis.ledger.learning import against_gradient
from engine.network.layered import draw_layers

TEXT = {
    "title": "Bursts that teach",
    "what": (
        "Digits of 8 x 8 pixels. Events run up as rates; feedback that was drawn at random reaches apical "
        "dendrites, where the spike that runs back becomes a burst or does not."
    ),
    "do": "Train. Step by phase and compare the bursts that are expected with those under the teacher.",
    "watch": (
        "The digits are learned, and the angle between what hidden synapses do and the gradient falls from "
        "90 to about 30 degrees."
    ),
    "why": (
        "A spike that runs back says only that its neuron fired. The share of spikes that are bursts says "
        "more: more than usual strengthens, fewer weakens. So the anatomy of back-propagating spikes can "
        "carry an error, over synapses of its own. That bursts are rates is our reduction; Exclusive or in "
        "bursts has the spikes."
    ),
    "source": "Payeur et al. (2021) Nat. Neurosci. 24:1010-1019, doi:10.1038/s41593-021-00857-x.",
    "off": "Without feedback on dendrites",
}
SECONDS = 0.01
SPEED = None
ORDER = 1054


def build() -> Network:
    """The digits with random feedback."""
    net = Network(seed=1)
    net.title = TEXT["title"]
    inputs, _, output = draw_layers(
        net, [64, 32, 10], model="rate_unit", feedback=("normal", 0.0, 1.0),
        names=("Pixels", "Hidden", "Digits"),
    )  # fmt: skip
    net.add_task("Digits", "digits", inputs, output)
    net.set_learner("burst", {"eta": 5.0, "batch": 10.0})
    return net


def point(sim):
    """The angle between the update of the hidden synapses and the gradient, degrees."""
    training = Training(sim.network).run(12)
    first = sim.network.projection("Pixels to Hidden").id
    some = slice(0, 300)
    stage = training.stage
    return against_gradient(training, stage.inputs[some], stage.targets[some], first).angle, 28.0, 20.0


def control(net: Network) -> Network:
    """Dendrites that do not listen burst as usual, whatever the teacher says."""
    net.set(next(iter(net.learners)), beta=0.0)
    return net
