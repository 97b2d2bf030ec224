"""Synaptic scaling: a neuron that fires too little raises all its inputs by one factor, too much lowers them.

Turrigiano et al. (1998) Nature 391:892-896, doi:10.1038/36103; form of van Rossum, Bi & Turrigiano (2000)
J. Neurosci. 20:8812-8821 and Zenke, Hennequin & Gerstner (2013) PLoS Comput. Biol. 9:e1003330.
"""

from math import exp

from engine.declare import Homeostasis, clip, param, trace


class Scaling(Homeostasis, slug="scaling", label="Synaptic scaling", family="Homeostasis"):
    formula = "dw/dt = (w/tau_sc) (1 - (r/target)^exponent)"
    seeks = "rate"
    signs = "excitatory"

    target = param(
        5.0,
        "Hz",
        (1e-6, 1e4),
        "The rate the neuron tries to keep.",
        source="our choice: 5 Hz, as the NEST example of structural plasticity keeps",
    )
    tau_sc = param(
        100000.0, "ms", (1, 1e12), "How fast the weights follow.", source="from memory of the paper"
    )
    tau_h = param(
        10000.0,
        "ms",
        (1, 1e9),
        "Over how long the neuron averages its rate.",
        source="our choice: a tenth of tau_sc, as Zenke 2013 asks for a fast detector",
    )
    exponent = param(1.0, "", (0.1, 10), "How sharply the error counts.", source="Zenke 2013 uses 3")
    update = param(
        100.0,
        "ms",
        (0.1, 1e6),
        "How often the weights are adjusted.",
        source="our choice: often enough for what changes over seconds, rarely enough to cost nothing",
    )

    h = trace("post", tau="tau_h", doc="Running count of the neuron's spikes; its rate is h/tau_h.")

    @staticmethod
    def on_slow(syn, post, p, dt):
        rate = 1000.0 * post.h / p.tau_h
        factor = exp(dt / p.tau_sc * (1.0 - pow(rate / p.target, p.exponent)))
        syn.w = clip(syn.w * factor, p.w_min, p.w_max)

    @staticmethod
    def set_point(p):
        """The rate (Hz) it keeps."""
        return p.target

    @staticmethod
    def pace(p):
        """The ms in which an error of one target changes the weights by a factor e."""
        return p.tau_sc / p.exponent

    @staticmethod
    def looks_back(p):
        """The ms over which it averages the rate."""
        return p.tau_h
