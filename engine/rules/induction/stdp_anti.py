"""Anti-Hebbian STDP: a synapse that helped its neuron fire weakens, one that came too late strengthens.

The mirror of pair STDP, seen at parallel fibres and at distal dendrites: Bell, Han, Sugawara & Grant (1997)
Nature 387:278-281, doi:10.1038/387278a0; review: Piochon, Kruskal, MacLean & Hansel (2012) Front. Neural
Circuits 6:124, doi:10.3389/fncir.2012.00124.
"""

from math import exp

from engine.declare import Induction, clip, param, trace


class StdpAnti(Induction, slug="stdp_anti", label="Anti-Hebbian STDP", family="Spike timing"):
    formula = "-alpha lambda w_max (w/w_max)^mu- x  at post,   +lambda w_max (1 - w/w_max)^mu+ y  at pre"
    presets = {
        "additive": {"mu_plus": 0.0, "mu_minus": 0.0},
        "multiplicative": {"mu_plus": 1.0, "mu_minus": 1.0},
    }

    tau_pre = param(
        20.0,
        "ms",
        (0.1, 1e4),
        "How long a presynaptic spike is remembered.",
        source="NEST 3.10, stdp_synapse, its signs swapped",
    )
    tau_post = param(
        20.0,
        "ms",
        (0.1, 1e4),
        "How long a postsynaptic spike is remembered.",
        source="NEST 3.10, stdp_synapse, its signs swapped",
    )
    lambda_ = param(
        0.01,
        "",
        (0, 10),
        "Size of one step, as a share of w_max.",
        source="NEST 3.10, stdp_synapse, its signs swapped",
    )
    alpha = param(
        1.0,
        "",
        (0, 100),
        "Depression relative to potentiation.",
        source="NEST 3.10, stdp_synapse, its signs swapped",
    )
    mu_plus = param(
        0.0,
        "",
        (0, 1),
        "How potentiation depends on weight.",
        source="our choice: additive, so that the window is that of the pair alone",
    )
    mu_minus = param(
        0.0,
        "",
        (0, 1),
        "How depression depends on weight.",
        source="our choice: additive, so that the window is that of the pair alone",
    )

    x = trace("pre", tau="tau_pre", doc="Recent presynaptic spikes.")
    y = trace("post", tau="tau_post", doc="Recent postsynaptic spikes.")

    @staticmethod
    def on_pre(syn, pre, post, p):
        syn.dw += p.lambda_ * p.w_max * pow(clip(1.0 - syn.w / p.w_max, 0.0, 1.0), p.mu_plus) * post.y

    @staticmethod
    def on_post(syn, pre, post, p):
        syn.dw -= p.alpha * p.lambda_ * p.w_max * pow(clip(syn.w / p.w_max, 0.0, 1.0), p.mu_minus) * pre.x

    @staticmethod
    def window(dt, p):
        """Change of a half-maximal synapse by one pair, `dt` = t_post - t_pre (ms)."""
        if dt > 0:
            return -p.alpha * p.lambda_ * p.w_max * 0.5**p.mu_minus * exp(-dt / p.tau_pre)
        if dt < 0:
            return p.lambda_ * p.w_max * 0.5**p.mu_plus * exp(dt / p.tau_post)
        return 0.0
