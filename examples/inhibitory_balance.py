"""Inhibitory balance: inhibition learns to hold a driven neuron at a few spikes a second."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Inhibitory balance",
    "what": (
        "Ten neurons are driven far above their threshold. A hundred and fifty inhibitory axons end on "
        "each of them, with synapses so weak at first that they do nothing."
    ),
    "do": (
        "Press play and watch the raster. Select the inhibitory projection and change alpha: the rate "
        "follows."
    ),
    "watch": (
        "At first the neurons fire as fast as they are driven. Their inhibitory synapses grow, and within"
        " seconds the neurons settle near ten spikes a second; then the weights stop drifting."
    ),
    "why": (
        "An inhibitory synapse grows when it meets a spike of its neuron and shrinks a little whenever it"
        " fires alone, so it rests only when the neuron fires at one rate (Vogels, Sprekeler et al. "
        "2011)."
    ),
    "source": (
        "Vogels, Sprekeler, Zenke, Clopath & Gerstner (2011) Science 334:1569-1573, "
        "doi:10.1126/science.1211095."
    ),
    "off": "Without inhibitory plasticity",
}
SECONDS = 25.0
SPEED = 1.0
ORDER = 620
TARGET, TAU = 10.0, 20.0
"""Rate (Hz) at which the rule rests, and its window, ms."""


def build() -> Network:
    """Ten driven neurons inside a ring of inhibitory axons."""
    net = Network(dt=0.2, seed=6)
    net.title = TEXT["title"]
    turn = 2 * np.pi * np.arange(150) / 150
    ring = 420.0 * np.column_stack([np.cos(turn), np.sin(turn), 0 * turn])
    inhibition = net.add_population("Inhibition", "relay", size=150, sign=-1, positions=ring)
    turn = 2 * np.pi * np.arange(10) / 10
    middle = 110.0 * np.column_stack([np.cos(turn), np.sin(turn), 0 * turn])
    driven = net.add_population("Driven", "iaf_psc_exp", size=10, sign=+1, positions=middle)
    net.add_input("poisson", driven, label="strong drive", rate=2000.0, weight=130.0)
    net.add_input("poisson", inhibition, label="background", rate=10.0)
    rule = ("vogels_sprekeler", {"tau": TAU, "eta": 2.0, "alpha": 2.0 * TARGET * TAU / 1000.0})
    inhibit = net.add_projection("Inhibition to Driven", inhibition, driven, rules=[rule], w_max=2000.0)
    net.wire(inhibit, "all_to_all", weight=-1.0, delay=1.0)
    net.add_probe(driven[:2], "v", every=1.0)
    return net


def point(sim):
    """The mean rate over the last ten seconds is the rule's: ten spikes a second."""
    spikes = sim.spikes()
    driven = sim.network.population("Driven").ids
    late = spikes[np.isin(spikes["neuron"], driven) & (spikes["t"] > 1000.0 * (SECONDS - 10.0))]
    return float(late.size / driven.size / 10.0), TARGET, 1.5


def control(net: Network) -> Network:
    """No rule: inhibition stays as weak as it began."""
    net.set_rules(net.projection("Inhibition to Driven"), ())
    return net
