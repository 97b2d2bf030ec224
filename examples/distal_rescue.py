"""Far out on a dendrite a synapse alone is deaf to its neuron; together they let the spike through."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Company rescues distal synapses",
    "what": (
        "Five neurons, all paired in the same way 10 ms before they fire. Their synapses sit far out, where "
        "hardly anything of the spike arrives: one synapse on the first, up to sixteen on the last."
    ),
    "do": "Press play. Move the synapses closer: set the distance of the cells to 50.",
    "watch": "Where one synapse or few are active nothing strengthens; where many are, all of them do.",
    "why": (
        "Synapses that are active together depolarise their stretch of dendrite, and a depolarised dendrite "
        "lets the back-propagating spike through. So cooperation decides whether distal inputs can learn at "
        "all."
    ),
    "source": "Sjostrom & Hausser (2006) Neuron 51:227-238, doi:10.1016/j.neuron.2006.06.017.",
    "off": "Without the boost by depolarisation",
}
SECONDS = 6.0
SPEED = 1.0
ORDER = 410
LAYOUT = {"plot": "Weights"}
GROUPS, LAG, DISTANCE = (1, 4, 8, 12, 16), 10.0, 700.0
STRONGER = 5.0


def build() -> Network:
    """Neurons with 1 to 16 synapses at the same distance, paired alike."""
    net = Network(dt=0.1, seed=1)
    net.title = TEXT["title"]
    x = 260.0 * np.arange(len(GROUPS))
    flat = np.zeros(len(GROUPS))
    cells = net.add_population(
        "Cells", "two_comp_bap", len(GROUPS), params={"distance": DISTANCE},
        positions=np.column_stack([x, flat - 120, flat]),
    )  # fmt: skip
    places, owner = [], []
    for i, many in enumerate(GROUPS):
        places += [[x[i] + 14.0 * (j - 0.5 * (many - 1)), 120.0, 0.0] for j in range(many)]
        owner += [i] * many
    inputs = net.add_population("Inputs", "relay", len(owner), positions=np.array(places))
    rule = ("clopath", {"a_ltp": 8e-5 * STRONGER, "a_ltd": 14e-5 * STRONGER})
    way = net.add_projection("Distal", inputs, cells, transmission="conductance_exp", rules=[rule], w_max=4.0)
    net.add_synapses(way, pre=inputs.ids, post=cells.ids[owner], weight=1.0, delay=0.5)
    beats = np.concatenate([start + 100.0 * np.arange(5) for start in np.arange(200.0, 5500.0, 900.0)])
    net.add_input("spike_list", inputs, label="together", times=beats)
    pulses = np.sort(np.concatenate([beats + LAG, beats + LAG + 1.0]))
    net.add_input("step_current", cells, label="soma", times=pulses, amplitudes=[7000.0, 0.0] * beats.size)
    net.add_probe(cells, "bap", every=0.5)
    net.add_probe(way.ids, "weight", every=100.0)
    return net


def point(sim):
    """How much stronger the synapses of the largest group are than the lonely one."""
    table = sim.synapses(sim.network.projection("Distal"))
    mean = [table["weight"][table["post"] == id].mean() for id in sim.network.population("Cells").ids]
    return float(mean[-1] - mean[0]), 2.6, 0.5


def control(net: Network) -> Network:
    """Depolarisation lets no more of the spike through."""
    net.set(net.population("Cells"), boost="off")
    return net
