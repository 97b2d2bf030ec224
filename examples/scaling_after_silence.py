"""Scaling: neurons that were silenced raise all their weights, and lower them again when they can fire."""

import numpy as np

from engine import Network

TEXT = {
    "title": "Scaling after silence",
    "what": (
        "Thirty neurons, driven by forty inputs. For the first ten seconds a current holds them silent, as "
        "a toxin would. Every neuron wants to fire five times a second."
    ),
    "do": "Press play. Watch the weight histogram while the neurons are silent, and after ten seconds.",
    "watch": (
        "All weights rise by one factor, strong and weak alike. Set free, the neurons fire too much, and "
        "all weights come down until the rate is right."
    ),
    "why": (
        "A neuron measures its own rate and multiplies all its inputs at once: the differences it has "
        "learned between them survive (Turrigiano et al. 1998)."
    ),
    "source": (
        "Turrigiano et al. (1998) Nature 391:892-896, doi:10.1038/36103; the form: van Rossum, Bi & "
        "Turrigiano (2000) J. Neurosci. 20:8812-8821, doi:10.1523/JNEUROSCI.20-23-08812.2000."
    ),
    "off": "Without scaling",
}
SECONDS = 45.0
SPEED = None
ORDER = 601
LAYOUT = {"plot": "Weights"}
TARGET = 5.0
"""The rate every neuron tries to keep, Hz."""


def build() -> Network:
    """Inputs on the left, neurons on the right, and a current that silences them."""
    net = Network(dt=0.5, seed=5)
    net.title = TEXT["title"]
    left = np.column_stack([np.full(40, -280.0), np.linspace(-400, 400, 40), np.zeros(40)])
    right = np.column_stack([np.tile([180.0, 260.0], 15), np.linspace(-380, 380, 30), np.zeros(30)])
    inputs = net.add_population("Inputs", "relay", size=40, sign=+1, positions=left)
    cells = net.add_population("Neurons", "iaf_psc_exp", size=30, sign=+1, positions=right)
    rule = ("scaling", {"target": TARGET, "tau_sc": 8000.0, "tau_h": 2000.0})
    drive = net.add_projection("Inputs to Neurons", inputs, cells, rules=[rule], w_max=3000.0)
    net.wire(drive, "fixed_probability", p=0.5, weight=("lognormal", 5.2, 0.4), delay=1.5)
    net.add_input("poisson", inputs, label="random spikes", rate=20.0)
    net.add_input("step_current", cells, label="silence", times=[0.5, 10000.0], amplitudes=[-2000.0, 0.0])
    return net


def point(sim):
    """In the last ten seconds the neurons fire at their target."""
    spikes = sim.spikes()
    cells = sim.network.population("Neurons").ids
    late = (spikes["t"] > sim.t - 10000.0) & np.isin(spikes["neuron"], cells)
    return float(late.sum()) / len(cells) / 10.0, TARGET, 0.1 * TARGET


def control(net: Network) -> Network:
    """No scaling: the rate is whatever the wiring happens to give."""
    net.set_rules(net.projection("Inputs to Neurons"), ())
    return net
