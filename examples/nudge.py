"""Equilibrium propagation: a nudge towards the target, and one away from it, give the gradient."""

from engine import Network, Training
from engine.analysis.ledger.learning import compare
from engine.network.layered import draw_layers

TEXT = {
    "title": "A nudge each way",
    "what": (
        "Exclusive or in a network that settles. The output is not held at the target but nudged, a little "
        "towards it and then as much away; a synapse compares the two."
    ),
    "do": "Train. Then set form to one_sided, or turn beta up to 0.5, and train again.",
    "watch": (
        "The update with beta 0.1 lies within some three per cent of that of an infinitely small nudge; "
        "compared with rest only, it is off by more than a tenth."
    ),
    "why": (
        "Nudging shifts every rate by its own error times beta. What is left over grows with beta, and "
        "with its square if both sides are compared. The price is a third phase, neurons that remember the "
        "sign, and equal weights both ways."
    ),
    "source": "Scellier & Bengio (2017) Front. Comput. Neurosci. 11:24, doi:10.3389/fncom.2017.00024.",
    "off": "Without the nudge away",
}
SECONDS = 0.01
SPEED = None
ORDER = 1033


def build() -> Network:
    """Two, four and one rate units with mirrored feedback."""
    net = Network(seed=1)
    net.title = TEXT["title"]
    inputs, hidden, output = draw_layers(
        net, [2, 4, 1], model="rate_unit", weight=("uniform", -0.6, 0.6), feedback="mirror", output="tanh",
        names=("Inputs", "Hidden", "Output"),
    )  # fmt: skip
    net.set(hidden, curve="tanh")
    net.add_task("Exclusive or", "xor", inputs, output)
    net.set_learner("equilibrium_propagation", {"beta": 0.1, "eta": 0.2})
    return net


def point(sim):
    """How far the update is from that of a nudge a hundred times smaller, as a share of it."""
    training = Training(sim.network)
    training.set(tol=1e-12, n_max=3000.0)
    stage = training.stage
    update = training.update_for(stage.inputs, stage.targets)
    training.set(beta=0.001)
    return compare(update, training.update_for(stage.inputs, stage.targets)).relative, 0.02, 0.03


def control(net: Network) -> Network:
    """The nudged network is compared with the network at rest."""
    net.set(next(iter(net.learners)), form="one_sided")
    return net
