"""Competition: many inputs of one neuron learn by pair STDP, and in the end each is strong or gone."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Competition",
    "what": "Two hundred inputs fire at random, 20 times a second, onto one neuron. All begin alike.",
    "do": "Press play and open the weight histogram. Lower or raise the rate of the input.",
    "watch": (
        "The histogram splits in two: some inputs end at the upper bound, the others at nothing. The rate "
        "of the neuron hardly depends on that of its inputs."
    ),
    "why": (
        "An input that by luck helped to fire the neuron grows and so helps more often. Since depression "
        "outweighs potentiation by a little, the others must shrink (Song, Miller & Abbott 2000)."
    ),
    "source": "Song, Miller & Abbott (2000) Nat. Neurosci. 3:919-926, doi:10.1038/78829.",
    "off": "Without STDP",
}
SECONDS = 300.0
SPEED = None
ORDER = 320
LAYOUT = {"plot": "Weights"}
MANY, STRONGEST = 200, 0.5
"""Inputs, and the greatest weight of one, nS."""


def build() -> Network:
    """A ring of inputs around one conductance-based neuron."""
    net = Network(dt=1.0, seed=4)
    net.title = TEXT["title"]
    turn = 2 * np.pi * np.arange(MANY) / MANY
    ring = 420.0 * np.column_stack([np.cos(turn), np.sin(turn), np.zeros(MANY)])
    neuron = {"c_m": 200.0, "g_l": 10.0, "e_l": -70.0, "v_th": -54.0, "v_reset": -60.0, "tau_syn_ex": 5.0}
    inputs = net.add_population("Inputs", "relay", size=MANY, sign=+1, positions=ring)
    target = net.add_population(
        "Neuron", "iaf_cond_exp", size=1, sign=+1, params=neuron, positions=[[0, 0, 0]]
    )
    rule = ("stdp_pair", {"lambda_": 0.005, "alpha": 1.1, "mu_plus": 0.0, "mu_minus": 0.0})
    all_in = net.add_projection("Inputs to Neuron", inputs, target, rules=[rule], w_max=STRONGEST)
    net.wire(all_in, "all_to_all", weight=("uniform", 0.3 * STRONGEST, 0.7 * STRONGEST), delay=1.0)
    net.add_input("poisson", inputs, label="random spikes", rate=20.0)
    return net


def point(sim):
    """More than two thirds of the weights end in the lowest or the highest tenth of their range."""
    share = sim.synapses(sim.network.projection("Inputs to Neuron"))["weight"] / STRONGEST
    return float(np.mean((share < 0.1) | (share > 0.9))), 0.85, 0.18


def control(net: Network) -> Network:
    """No rule: the weights stay as they began, in the middle."""
    net.set_rules(net.projection("Inputs to Neuron"), ())
    return net
