"""Glial scaling: an astrocyte that hears little from its synapses raises all of them by one factor.

Stellwagen & Malenka (2006) Nature 440:1054-1059, doi:10.1038/nature04671: glia release TNF-alpha when
activity is low, and receptors go in.  The same law as synaptic scaling, but what is kept near the target is
what the astrocyte hears from its whole territory, not the rate of one neuron.
"""

from math import exp

from engine.declare import Homeostasis, clip, param, where


class GlialScaling(Homeostasis, slug="glial_scaling", label="Glial scaling (TNF)", family="Glia"):
    signs = "excitatory"
    formula = "dw/dt = (w/tau_sc) (1 - heard/target)"

    target = param(
        50.0,
        "Hz",
        (1e-6, 1e6),
        "Release of the whole territory that it tries to keep.",
        source="our choice: ten synapses at 5 Hz",
    )
    tau_sc = param(
        100000.0, "ms", (1, 1e12), "How fast the weights follow.", source="from memory of the paper"
    )
    update = param(
        100.0,
        "ms",
        (0.1, 1e6),
        "How often the weights are adjusted.",
        source="our choice: often enough for what changes over seconds, rarely enough to cost nothing",
    )

    @staticmethod
    def on_slow(syn, glia, p, dt):
        change = where(glia.present > 0.0, dt / p.tau_sc * (1.0 - glia.heard / p.target), 0.0)
        syn.w = clip(syn.w * exp(change), p.w_min, p.w_max)
