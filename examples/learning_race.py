"""Two learners on one drawn network: same patterns, same order, same first weights."""

from engine import Network, Training
from engine.network.layered import draw_layers

TEXT = {
    "title": "A race of learners",
    "what": (
        "One network of 2, 4 and 1 rate units with feedback, and two learners that each get a copy of "
        "it: back-propagation and contrastive Hebbian learning, at the same learning rate."
    ),
    "do": "Train all. Change the variant of GeneRec to symmetric and run again.",
    "watch": (
        "Contrastive Hebbian learning needs about a third of the epochs of back-propagation, though "
        "every synapse reads only its own two neurons."
    ),
    "why": (
        "Settling twice, with and without the answer, brings the error to every neuron as a "
        "difference of its own activity. The price is two phases and many more multiplications a "
        "pattern."
    ),
    "source": (
        "Rumelhart, Hinton & Williams (1986) Nature 323:533-536, doi:10.1038/323533a0; Xie & Seung (2003) "
        "Neural Comput. 15:441-454, doi:10.1162/089976603762552988."
    ),
    "off": "Without the midpoint of the two phases",
}
SECONDS = 0.01
SPEED = None
ORDER = 1010


def build() -> Network:
    """Two, four and one rate units, joined both ways."""
    net = Network(seed=5)
    net.title = TEXT["title"]
    inputs, _, output = draw_layers(
        net, [2, 4, 1], model="rate_unit", weight=("uniform", -1, 1), feedback="mirror",
        names=("Inputs", "Hidden", "Output"),
    )  # fmt: skip
    net.add_task("Exclusive or", "xor", inputs, output)
    net.add_learner("backprop", {"eta": 0.1})
    net.add_learner("generec", {"eta": 0.1, "variant": "chl"})
    return net


def point(sim):
    """Epochs of the contrastive rule as a share of those of back-propagation."""
    net = sim.network
    epochs = [Training(net, learner=id).run(4000, until=True).epoch for id in net.learners]
    return epochs[1] / epochs[0], 0.32, 0.2


def control(net: Network) -> Network:
    """The symmetric rule alone samples the minus phase only, and loses its lead."""
    net.set(list(net.learners)[1], variant="symmetric")
    return net
