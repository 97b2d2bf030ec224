"""e-prop: spiking neurons learn a melody while they play it, each synapse with a trace of its own."""

from engine import Network, Training

TEXT = {
    "title": "A melody, learned online",
    "what": (
        "Twenty inputs of frozen noise, sixteen spiking neurons joined to each other, and a leaky readout "
        "that should draw a sum of sines. Each synapse keeps a trace of what it has just done."
    ),
    "do": "Train for some hundred trials. Freeze the synapses within, and train again.",
    "watch": (
        "Spikes run over the canvas, four times slower than life. The squared error falls below a tenth of "
        "the variance of the melody. Where only the readout learns, it stays several times as large."
    ),
    "why": (
        "A learning signal comes at every moment over random synapses and picks among the traces: nothing "
        "has to be replayed backwards in time. It is an approximation, so it inherits the forgetting of the "
        "rule it approximates."
    ),
    "source": "Bellec et al. (2020) Nat. Commun. 11:3625, doi:10.1038/s41467-020-17236-y.",
    "off": "Without learning within",
}
SECONDS = 0.01
SPEED = None
ORDER = 1057
NEURONS = 16


def build() -> Network:
    """Noise, spiking neurons joined to each other, and a readout with random feedback."""
    net = Network(seed=1)
    net.title = TEXT["title"]

    def column(x: float, size: int, pitch: float) -> list[list[float]]:
        return [[x + 40.0 * (k % 2), pitch * (k - (size - 1) / 2), 0.0] for k in range(size)]

    noise = net.add_population("Noise", "relay", size=20, sign=0, positions=column(0.0, 20, 14.0))
    cells = net.add_population(
        "Spiking", "alif", size=NEURONS, sign=0, positions=column(300.0, NEURONS, 18.0)
    )
    out = net.add_population("Melody", "leaky_readout", size=1, sign=0, positions=[[620.0, 0.0, 0.0]])
    net.wire(net.add_projection("In", noise, cells), "all_to_all", weight=("normal", 0.0, 20**-0.5))
    spread = ("normal", 0.0, NEURONS**-0.5)
    net.wire(net.add_projection("Within", cells, cells), "all_to_all", weight=spread)
    read = net.add_projection("Readout", cells, out)
    net.wire(read, "all_to_all", weight=("normal", 0.0, 0.2 * NEURONS**-0.5))
    net.add_feedback(read, weight=("normal", 0.0, 1.0))
    net.add_task("Sines", "sines", noise, out, {"steps": 200.0})
    net.set_learner("eprop", {"eta": 0.01, "rate_cost": 1.0, "rate": 20.0})
    return net


def point(sim):
    """The squared error as a share of the variance of the melody."""
    return Training(sim.network).run(300).answers().error, 0.06, 0.05


def control(net: Network) -> Network:
    """Only the readout learns."""
    for way in ("In", "Within"):
        net.set(net.projection(way), frozen=True)
    return net
