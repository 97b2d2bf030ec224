"""The same chain twice: a spike that runs back changes one synapse, an error that is sent back all three."""

from itertools import pairwise

import numpy as np

from engine import Network, Training
from engine.analysis.ledger.reach import reach

TEXT = {
    "title": "One word, two things",
    "what": (
        "A, B, C and D twice. Above, neurons with dendrites: C fires, then D, and the spike of D runs back "
        "into its dendrite. Below, rate units that learn by back-propagation to hand on what A says."
    ),
    "do": (
        "Press play. Then choose Run, One spike, one error: first what a spike of the upper D reaches lights "
        "up, then what one error changes below. Select other neurons, try other learners."
    ),
    "watch": (
        "Above only the synapse from C to D grows: one of three. Below one error at the end changes all "
        "three, though D alone was told what it should have said."
    ),
    "why": (
        'Both are called back-propagation. The spike says "I fired" to the inputs of its own neuron, and '
        "stops there. The error is a number of its own for every neuron, and hangs on all weights that come "
        "after it; no synapse carries it against its arrow."
    ),
    "source": (
        "Magee & Johnston (1997) Science 275:209-213, doi:10.1126/science.275.5297.209; Rumelhart, Hinton & "
        "Williams (1986) Nature 323:533-536, doi:10.1038/323533a0."
    ),
    "off": "Without the spike that runs back",
}
SECONDS = 2.0
SPEED = 1.0
ORDER = 1003
ACROSS, UP, BELOW = 280.0, 115.0, 190.0
"""um from one neuron of a chain to the next, and from one chain to the other."""
BEATS = np.arange(200.0, 1900.0, 150.0)
LAG = 10.0


def build() -> Network:
    """Two chains of four, one of them spiking."""
    net = Network(dt=0.1, seed=1)
    net.title = TEXT["title"]
    spiking(net)
    rates(net)
    return net


def chained(net: Network, label: str, name: str, place: int, model: str, down: float):
    """One neuron at a place of a chain, with its name beside it."""
    at = [[ACROSS * place, down - UP * place, 0.0]]
    sign = 0 if down else +1
    return net.add_population(label, model, size=1, sign=sign, positions=at, names=[name])


def spiking(net: Network) -> None:
    """The chain whose last two neurons are made to fire, one after the other."""
    cells = [chained(net, name, name, k, "two_comp_bap", 0.0) for k, name in enumerate("ABCD")]
    rule = ("clopath", {"a_ltp": 8e-3, "a_ltd": 14e-3})
    for one, two in pairwise(cells):
        way = net.add_projection(
            f"{one.label} to {two.label}", one, two, transmission="conductance_exp", rules=[rule], w_max=4.0
        )
        net.add_synapses(way, pre=one.ids, post=two.ids, weight=1.0, delay=0.5)
    for cell, late in ((cells[2], 0.0), (cells[3], LAG)):
        pulses = np.sort(np.concatenate([BEATS + late, BEATS + late + 1.0]))
        net.add_input(
            "step_current", cell, label=f"{cell.label} fires", times=pulses,
            amplitudes=[7000.0, 0.0] * BEATS.size,
        )  # fmt: skip


def rates(net: Network) -> None:
    """The same chain of rate units, which learns by back-propagation."""
    cells = [chained(net, f"Rate {name}", name, k, "rate_unit", BELOW) for k, name in enumerate("ABCD")]
    for one, two in pairwise(cells):
        way = net.add_projection(f"{one.label} to {two.label}", one, two)
        net.add_synapses(way, pre=one.ids, post=two.ids, weight=1.0, delay=1.0)
    patterns = {"inputs": [0.0, 1.0], "targets": [0.0, 1.0]}
    net.add_task("Hand on", "table", cells[0], cells[-1], lists=patterns)
    net.set_learner("backprop", {"eta": 1.0})


def point(sim):
    """Synapses changed by the spikes above as a share of those one error changes below."""
    ways = [f"{one} to {two}" for one, two in pairwise("ABCD")]
    weights = [float(sim.synapses(sim.network.projection(way))["weight"][0]) for way in ways]
    changed = sum(abs(weight - 1.0) > 0.01 for weight in weights)
    return changed / reach(Training(sim.network)).error.size, 1 / 3, 0.01


def control(net: Network) -> Network:
    """D fires as before, and its dendrite does not hear of it."""
    for name in "ABCD":
        net.set(net.population(name), blocked="yes")
    return net
