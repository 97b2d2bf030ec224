"""A spike that runs back into the dendrite: without it the same pairing teaches nothing."""

import numpy as np

from engine import Network

TEXT = {
    "title": "The spike that runs back",
    "what": (
        "Six neurons with a dendrite, each with eight synapses on it that fire together. Ten milliseconds "
        "later the soma is made to fire, and its spike runs back to the synapses."
    ),
    "do": "Press play. Select the neurons and set blocked to yes: that is a drop of TTX on the dendrite.",
    "watch": "Pair after pair the synapses grow warmer. Once the dendrite is blocked they stay as they are.",
    "why": (
        "A synapse sits far from where a spike begins. What tells it that its neuron fired is the spike "
        "that comes back up the dendrite; with that blocked, input and output still happen, and nothing is "
        "learned. It carries no error: the review by Waters, Schaefer & Sakmann (2005), listed among the "
        "equivalents of back-propagation, proposes none. Bursts can carry one: Exclusive or in bursts."
    ),
    "source": "Magee & Johnston (1997) Science 275:209-213, doi:10.1126/science.275.5297.209.",
    "off": "Without the spike that runs back",
}
SECONDS = 6.0
SPEED = 1.0
ORDER = 401
LAYOUT = {"plot": "Weights"}
NEURONS, SYNAPSES, LAG = 6, 8, 10.0
STRONGER = 5.0
"""How much faster than in the slice it learns, so that six seconds show it."""


def build() -> Network:
    """Groups of relays that fire together, 10 ms before a pulse fires the soma they synapse on."""
    net = Network(dt=0.1, seed=1)
    net.title = TEXT["title"]
    x = 160.0 * np.arange(NEURONS)
    flat = np.zeros(NEURONS)
    cells = net.add_population(
        "Cells", "two_comp_bap", NEURONS, positions=np.column_stack([x, flat - 120, flat])
    )
    places = [[x[i] + 14.0 * (j - 3.5), 120.0, 0.0] for i in range(NEURONS) for j in range(SYNAPSES)]
    inputs = net.add_population("Inputs", "relay", NEURONS * SYNAPSES, positions=np.array(places))
    rule = ("clopath", {"a_ltp": 8e-5 * STRONGER, "a_ltd": 14e-5 * STRONGER})
    way = net.add_projection(
        "Dendritic", inputs, cells, transmission="conductance_exp", rules=[rule], w_max=4.0
    )
    net.add_synapses(way, pre=inputs.ids, post=np.repeat(cells.ids, SYNAPSES), weight=1.0, delay=0.5)
    beats = np.concatenate([start + 100.0 * np.arange(5) for start in np.arange(200.0, 5500.0, 900.0)])
    net.add_input("spike_list", inputs, label="together", times=beats)
    pulses = np.sort(np.concatenate([beats + LAG, beats + LAG + 1.0]))
    net.add_input("step_current", cells, label="soma", times=pulses, amplitudes=[7000.0, 0.0] * beats.size)
    net.add_probe(cells, "u", every=1.0)
    net.add_probe(way.ids, "weight", every=100.0)
    return net


def point(sim):
    """The synapses are about a third stronger."""
    weights = sim.synapses(sim.network.projection("Dendritic"))["weight"]
    return float(weights.mean()), 1.34, 0.1


def control(net: Network) -> Network:
    """Nothing runs back into the dendrites; the somas fire as before."""
    net.set(net.population("Cells"), blocked="yes")
    return net
