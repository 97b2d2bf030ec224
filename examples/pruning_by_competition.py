"""Pruning by competition: of two inputs with the same signal one goes, though it is strong."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Pruning by competition",
    "what": "Eight neurons have three strong inputs each. Two repeat one source, the third has its own.",
    "do": (
        "Press play. When one of each trio is gone, open the Ledger tab and compare now with before. Then "
        "raise room on the card, so that there is enough for all, and start again."
    ),
    "watch": (
        "Of the two that say the same, one pales and goes; the third stays. All three are equally strong. "
        "The log says why."
    ),
    "why": (
        "Inputs share what keeps them, moment by moment. Two that are active together must share one "
        "portion; one that is active alone has its moments to itself (Purves & Lichtman 1980)."
    ),
    "source": (
        "Purves & Lichtman (1980) Science 210:153-157, doi:10.1126/science.7414326; van Ooyen (2001) "
        "Network 12:R1-R47, doi:10.1088/0954-898X/12/1/201."
    ),
    "off": "Without competition",
}
SECONDS = 60.0
SPEED = None
ORDER = 740
CELLS = 8
RATE = 40.0
RULE = {
    "room": 2.5, "tau_claim": 5.0, "tau_hold": 2500.0, "tau_loss": 2000.0, "update": 10.0,
}  # fmt: skip


def build() -> Network:
    """Sources, inputs and neurons from left to right; each neuron has a trio of inputs."""
    net = Network(dt=0.5, seed=3)
    net.title = TEXT["title"]
    row = 110.0 * (np.arange(CELLS) - (CELLS - 1) / 2)
    flat = np.zeros(CELLS)
    source = net.add_population(
        "Sources", "relay", size=CELLS, sign=+1, positions=np.column_stack([flat - 330, row - 22, flat])
    )
    places = [
        np.column_stack([flat - 110 * (k < 2), row + high, flat]) for k, high in enumerate((-40, -4, 38))
    ]
    inputs = net.add_population(
        "Inputs", "relay", size=3 * CELLS, sign=+1, passes=True, positions=np.concatenate(places)
    )
    cells = net.add_population(
        "Neurons", "iaf_psc_exp", size=CELLS, sign=+1, positions=np.column_stack([flat + 220, row, flat])
    )
    copies = net.add_projection("Copies", source, inputs)
    for k in (0, 1):
        here = inputs[k * CELLS : (k + 1) * CELLS]
        net.add_synapses(copies, pre=source, post=here, weight=1.0, delay=1.0 + 0.5 * k)
    net.add_input("poisson", source, label="shared signals", rate=RATE)
    net.add_input("poisson", inputs[2 * CELLS :], label="signals of their own", rate=RATE)
    way = net.add_projection(
        "Inputs to Neurons", inputs, cells, rules=[("prune_competition", RULE)], w_max=8000.0
    )
    for k in range(3):
        here = inputs[k * CELLS : (k + 1) * CELLS]
        net.add_synapses(way, pre=here, post=cells, weight=4000.0, delay=1.0)
    return net


def point(sim):
    """Of nearly every trio the independent input is left, and one of the two others."""
    way = sim.network.projection("Inputs to Neurons")
    first = int(sim.network.population("Inputs").ids[0])
    alive = np.zeros(3 * CELLS, bool)
    alive[sim.synapses(way)["pre"] - first] = True
    one, two, own = alive.reshape(3, CELLS)
    return float(np.mean(own & (one ^ two))), 1.0, 0.26


def performance(sim):
    """Share of the signals that their neuron answers within 10 ms, more often than not."""
    inputs, cells = (sim.network.population(name).ids for name in ("Inputs", "Neurons"))
    spikes = sim.spikes()
    trains = {int(id): spikes["t"][spikes["neuron"] == id] for id in (*inputs, *cells)}
    answered = []
    for k in range(CELLS):
        out = trains[int(cells[k])]
        for source in (k, 2 * CELLS + k):  # the shared signal, and the one of its own
            heard = trains[int(inputs[source])]
            place = np.searchsorted(out, heard, side="right")
            after = np.append(out, np.inf)[place] - heard
            answered.append(float(np.mean(after <= 10.0)) > 0.5 if heard.size else False)
    return float(np.mean(answered))


def control(net: Network) -> Network:
    """No rule: all three inputs stay."""
    net.set_rules(net.projection("Inputs to Neurons"), ())
    return net
