"""Pair STDP: pre just before post strengthens a synapse, post just before pre weakens it.

Song, Miller & Abbott (2000) Nat. Neurosci. 3:919-926, doi:10.1038/78829; weight dependence: Gutig, Aharonov,
Rotter & Sompolinsky (2003) J. Neurosci. 23:3697-3714, doi:10.1523/JNEUROSCI.23-09-03697.2003.
"""

from math import exp

from engine.declare import Induction, InNest, clip, param, same, trace


class StdpPair(Induction, slug="stdp_pair", label="Pair STDP", family="Spike timing"):
    usual = True
    formula = "+lambda w_max (1 - w/w_max)^mu+ x  at post,   -alpha lambda w_max (w/w_max)^mu- y  at pre"
    presets = {
        "additive": {"mu_plus": 0.0, "mu_minus": 0.0},
        "multiplicative": {"mu_plus": 1.0, "mu_minus": 1.0},
        "van Rossum": {"mu_plus": 0.0, "mu_minus": 1.0},
        "Gutig": {"mu_plus": 0.05, "mu_minus": 0.05},
    }

    in_nest = (
        InNest(
            "stdp_synapse",
            same("lambda_ alpha mu_plus mu_minus w_max", tau_pre="tau_plus"),
            post={"tau_post": "tau_minus"},
        ),
    )

    tau_pre = param(20.0, "ms", (0.1, 1e4), "How long a presynaptic spike is remembered.", source="NEST 3.10")
    tau_post = param(
        20.0, "ms", (0.1, 1e4), "How long a postsynaptic spike is remembered.", source="NEST 3.10"
    )
    lambda_ = param(0.01, "", (0, 10), "Size of one step, as a share of w_max.", source="NEST 3.10")
    alpha = param(1.0, "", (0, 100), "Depression relative to potentiation.", source="NEST 3.10")
    mu_plus = param(1.0, "", (0, 1), "How potentiation depends on weight.", source="NEST 3.10")
    mu_minus = param(1.0, "", (0, 1), "How depression depends on weight.", source="NEST 3.10")

    x = trace("pre", tau="tau_pre", doc="Recent presynaptic spikes.")
    y = trace("post", tau="tau_post", doc="Recent postsynaptic spikes.")

    @staticmethod
    def on_pre(syn, pre, post, p):
        syn.dw -= p.alpha * p.lambda_ * p.w_max * pow(clip(syn.w / p.w_max, 0.0, 1.0), p.mu_minus) * post.y

    @staticmethod
    def on_post(syn, pre, post, p):
        syn.dw += p.lambda_ * p.w_max * pow(clip(1.0 - syn.w / p.w_max, 0.0, 1.0), p.mu_plus) * pre.x

    @staticmethod
    def window(dt, p):
        """Change of a half-maximal synapse by one pair, `dt` = t_post - t_pre (ms)."""
        half = 0.5 * p.w_max
        if dt > 0:
            return p.lambda_ * p.w_max * (1.0 - half / p.w_max) ** p.mu_plus * exp(-dt / p.tau_pre)
        if dt < 0:
            return -p.alpha * p.lambda_ * p.w_max * (half / p.w_max) ** p.mu_minus * exp(dt / p.tau_post)
        return 0.0
