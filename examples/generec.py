"""GeneRec: feedback that was drawn at random comes to mirror the forward weights by itself."""

from engine import Network, Training
from engine.analysis.ledger.learning import transport
from engine.network.layered import draw_layers

TEXT = {
    "title": "GeneRec aligns its feedback",
    "what": (
        "Four inputs must pass through two neurons and come out again. Feedback synapses start with "
        "weights of their own; every synapse learns from the two phases of its own two neurons."
    ),
    "do": "Train, and watch the feedback weights. Try the four variants.",
    "watch": (
        "The correlation between each weight and that of the synapse that runs back rises from about "
        "zero to near one."
    ),
    "why": (
        "Both directions change in proportion to nearly the same product, so they grow alike: weight "
        "transport without transport. The plain rule is not reliable: some first weights never learn."
    ),
    "source": "O'Reilly (1996) Neural Comput. 8:895-938, doi:10.1162/neco.1996.8.5.895.",
    "off": "Without plasticity between code and outputs",
}
SECONDS = 0.01
SPEED = None
ORDER = 1020


def build() -> Network:
    """The 4-2-4 encoder with random feedback."""
    net = Network(seed=2)
    net.title = TEXT["title"]
    uniform = ("uniform", -1, 1)
    inputs, _, output = draw_layers(
        net,
        [4, 2, 4],
        model="rate_unit",
        weight=uniform,
        feedback=uniform,
        names=("Inputs", "Code", "Outputs"),
    )
    net.add_task("Encoder", "enc424", inputs, output)
    net.set_learner("generec", {"eta": 0.1, "variant": "plain"})
    return net


def point(sim):
    """Correlation of the weights with those that run back."""
    return transport(Training(sim.network).run(2500)), 0.9, 0.25


def control(net: Network) -> Network:
    """Frozen both ways they stay as they were drawn; had one of them been free, it would have turned."""
    for way in ("Code to Outputs", "Outputs to Code"):
        net.set(net.projection(way), frozen=True)
    return net
