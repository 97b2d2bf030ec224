"""Two ways out of silence: neurons that strengthen their synapses, and neurons that hear them louder."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Stronger synapses, or keener ears",
    "what": (
        "Two groups of fifteen neurons with the same inputs, held silent for ten seconds. The upper group "
        "scales its synapses, the lower one changes how sensitive it is to all excitation."
    ),
    "do": "Press play. Compare the weights of both groups; probe gain_ex of a lower neuron.",
    "watch": (
        "Above, all weights rise while the neurons are silent and fall once they fire. Below, the weights "
        "never move; and yet both groups come to fire five times a second."
    ),
    "why": (
        "What a synapse sends and what the neuron makes of it are two things. A neuron can regulate either: "
        "learned weights are safe from the second."
    ),
    "source": (
        "O'Brien et al. (1998) Neuron 21:1067-1078, doi:10.1016/S0896-6273(00)80624-8; Turrigiano (2008) "
        "Cell 135:422-435, doi:10.1016/j.cell.2008.10.008."
    ),
    "off": "Without sensitivity",
}
SECONDS = 40.0
SPEED = None
ORDER = 610
LAYOUT = {"plot": "Weights"}
TARGET = 5.0
"""The rate every neuron tries to keep, Hz."""


def build() -> Network:
    """Inputs on the left, the two groups on the right, and a current that silences them at first."""
    net = Network(dt=0.5, seed=8)
    net.title = TEXT["title"]
    left = np.column_stack([np.full(40, -280.0), np.linspace(-400, 400, 40), np.zeros(40)])
    inputs = net.add_population("Inputs", "relay", size=40, sign=+1, positions=left)
    net.add_input("poisson", inputs, label="random spikes", rate=20.0)
    pace = {"target": TARGET, "tau_h": 2000.0}
    ways = (
        ("Scaling", 230.0, ("scaling", pace | {"tau_sc": 8000.0})),
        ("Sensitive", -230.0, ("receptor_sensitivity", pace | {"tau_s": 8000.0})),
    )
    for name, y, rule in ways:
        places = np.column_stack(
            [np.tile([180.0, 230.0, 280.0], 5), y + np.repeat(np.linspace(-160, 160, 5), 3), np.zeros(15)]
        )
        cells = net.add_population(name, "iaf_psc_exp", size=15, sign=+1, positions=places)
        drive = net.add_projection(f"Inputs to {name}", inputs, cells, rules=[rule], w_max=3000.0)
        net.wire(drive, "fixed_probability", p=0.5, weight=("lognormal", 5.2, 0.4), delay=1.5)
        net.add_input("step_current", cells, label="silence", times=[0.5, 10000.0], amplitudes=[-2000.0, 0.0])
    net.add_probe(net.population("Sensitive").ids[:3], "gain_ex", every=100.0)
    return net


def point(sim):
    """In the last ten seconds the sensitive neurons fire at their target."""
    spikes = sim.spikes()
    cells = sim.network.population("Sensitive").ids
    late = (spikes["t"] > sim.t - 10000.0) & np.isin(spikes["neuron"], cells)
    return float(late.sum()) / len(cells) / 10.0, TARGET, 0.1 * TARGET


def control(net: Network) -> Network:
    """The lower group without its rule: its rate is whatever the wiring happens to give."""
    net.set_rules(net.projection("Inputs to Sensitive"), ())
    return net
