"""Direct feedback alignment: the error of the output goes straight to every population, past the others."""

from engine import Network, Training
from engine.analysis.ledger.learning import against_gradient
from engine.network.layered import draw_layers

TEXT = {
    "title": "An error straight to all",
    "what": (
        "Digits of 8 x 8 pixels and two hidden populations. Random synapses lead from the ten outputs "
        "straight to both; they carry errors and never change."
    ),
    "do": "Train, and watch the dial. Compare with feedback alignment, whose errors come step by step.",
    "watch": (
        "The first hidden population is told nothing of the second, and yet its update turns from about 90 "
        "degrees to within 50 of the gradient."
    ),
    "why": (
        "Nothing has to be undone step by step: the forward weights between come to agree with what each "
        "population is told. One vector of errors reaches all; that is less control than back-propagation "
        "needs, and more than one reward."
    ),
    "source": "Nokland (2016) Adv. Neural Inf. Process. Syst. 29, doi:10.48550/arXiv.1609.01596.",
    "off": "Without plastic output synapses",
}
SECONDS = 0.01
SPEED = None
ORDER = 1052


def build() -> Network:
    """The digits with two hidden populations and feedback from the output to both."""
    net = Network(seed=1)
    net.title = TEXT["title"]
    pops = draw_layers(
        net, [64, 32, 24, 10], model="rate_unit", output="linear",
        names=("Pixels", "First", "Second", "Digits"),
    )  # fmt: skip
    for hidden in pops[1:-1]:
        back = net.add_projection(f"Digits to {hidden.label}", pops[-1], hidden)
        net.wire(back, "all_to_all", weight=("normal", 0.0, 0.3))
    net.add_task("Digits", "digits", pops[0], pops[-1])
    net.set_learner("direct_feedback_alignment", {"eta": 0.1, "batch": 10.0})
    return net


def point(sim):
    """The angle between the update of the first synapses and the gradient, degrees."""
    training = Training(sim.network).run(15)
    first = sim.network.projection("Pixels to First").id
    some = slice(0, 300)
    stage = training.stage
    return against_gradient(training, stage.inputs[some], stage.targets[some], first).angle, 40.0, 20.0


def control(net: Network) -> Network:
    """Where the output weights cannot turn, nothing agrees with the random feedback."""
    net.set(net.projection("Second to Digits"), frozen=True)
    return net
