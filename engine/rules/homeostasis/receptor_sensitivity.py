"""Receptor sensitivity: a neuron that fires too little answers more to all excitation, too much less.

The weights stay as they are: what changes is one factor per neuron on all excitation that reaches it, over
synapses and from inputs alike.  O'Brien et al. (1998) Neuron 21:1067-1078, doi:10.1016/S0896-6273(00)80624-8;
Turrigiano (2008) Cell 135:422-435, doi:10.1016/j.cell.2008.10.008.
"""

from math import exp

from engine.declare import Homeostasis, clip, param, trace


class ReceptorSensitivity(
    Homeostasis, slug="receptor_sensitivity", label="Receptor sensitivity", family="Homeostasis"
):
    formula = "ds/dt = s (1 - r/target) / tau_s,   excitation = s sum of w"
    seeks = "rate"

    target = param(
        5.0,
        "Hz",
        (1e-6, 1e4),
        "The rate the neuron tries to keep.",
        source="our choice: 5 Hz, as the NEST example of structural plasticity keeps",
    )
    tau_s = param(
        100000.0,
        "ms",
        (1, 1e12),
        "How fast the sensitivity follows.",
        source="our choice: hours to days in life, a hundred seconds here",
    )
    tau_h = param(
        10000.0,
        "ms",
        (1, 1e9),
        "Over how long the neuron averages its rate.",
        source="our choice: a tenth of tau_s, so that it does not swing",
    )
    least = param(
        0.01,
        "",
        (0, 1e6),
        "The sensitivity never falls below this.",
        source="our choice: a hundredth: never quite deaf",
    )
    most = param(
        100.0,
        "",
        (0, 1e6),
        "The sensitivity never rises above this.",
        source="our choice: a hundredfold: it only keeps numbers finite",
    )
    update = param(
        100.0,
        "ms",
        (0.1, 1e6),
        "How often the sensitivity is adjusted.",
        source="our choice: often enough for what changes over seconds, rarely enough to cost nothing",
    )

    h = trace("post", tau="tau_h", doc="Running count of the neuron's spikes; its rate is h/tau_h.")

    @staticmethod
    def on_neuron(post, p, dt):
        rate = 1000.0 * post.h / p.tau_h
        post.gain_ex = clip(post.gain_ex * exp(dt / p.tau_s * (1.0 - rate / p.target)), p.least, p.most)

    @staticmethod
    def set_point(p):
        """The rate (Hz) it keeps."""
        return p.target

    @staticmethod
    def pace(p):
        """The ms in which an error of one target shows."""
        return p.tau_s

    @staticmethod
    def looks_back(p):
        """The ms over which it averages the rate."""
        return p.tau_h
