"""Contrastive Hebbian learning: two minima of one energy, and a gap between them that learning closes."""

from engine import Network, Training
from engine.live.insight import gap, trails
from engine.network.layered import draw_layers

TEXT = {
    "title": "Two minima, one gap",
    "what": (
        "The 4-2-4 encoder as a symmetric network. It settles freely, then with the answer held; both times "
        "it goes downhill in the same energy, and ends in a minimum."
    ),
    "do": (
        "Choose the gap of the energies as the curve, and train. Then freeze the feedback and train "
        "again: the weights both ways drift apart."
    ),
    "watch": (
        "The gap between the energies of the two minima shrinks to a fiftieth. Two phases that end in "
        "different basins would show as a gap below zero."
    ),
    "why": (
        "The product of both rates, with the answer minus without it, goes downhill in that gap. Weights "
        "must be equal both ways; the rule keeps them so. Stocco, Lebiere & Anderson (2010), often cited "
        "for this kind of learning, is about the basal ganglia as a switchboard between areas, another idea."
    ),
    "source": "Movellan (1990) in Connectionist Models Summer School, 10-17.",
    "off": "Without feedback that learns",
}
SECONDS = 0.01
SPEED = None
ORDER = 1025


def build() -> Network:
    """The encoder with mirrored feedback."""
    net = Network(seed=2)
    net.title = TEXT["title"]
    inputs, _, output = draw_layers(
        net, [4, 2, 4], model="rate_unit", weight=("uniform", -1, 1), feedback="mirror",
        names=("Inputs", "Code", "Outputs"),
    )  # fmt: skip
    net.add_task("Encoder", "enc424", inputs, output)
    net.set_learner("movellan", {"eta": 0.5})
    return net


def point(sim):
    """The gap after learning as a share of the gap before."""
    training = Training(sim.network)
    before = gap(trails(training))
    training.run(400)
    return gap(trails(training)) / before, 0.02, 0.03


def control(net: Network) -> Network:
    """Weights that differ both ways have no energy in common."""
    net.set(net.projection("Outputs to Code"), frozen=True)
    return net
