"""Power-law STDP: potentiation grows with a power of the weight, depression in proportion to it.

Morrison, Aertsen & Diesmann (2007) Neural Comput. 19:1437-1467, doi:10.1162/neco.2007.19.6.1437; as NEST
`stdp_pl_synapse_hom` (the paper's alpha is about 0.11, NEST's default 1).
"""

from math import exp

from engine.declare import Induction, param, trace


class StdpPower(Induction, slug="stdp_power", label="Power-law STDP", family="Spike timing"):
    formula = "+lambda w^mu x  at post,   -lambda alpha w y  at pre"

    tau_pre = param(20.0, "ms", (0.1, 1e4), "How long a presynaptic spike is remembered.", source="NEST 3.10")
    tau_post = param(
        20.0, "ms", (0.1, 1e4), "How long a postsynaptic spike is remembered.", source="NEST 3.10"
    )
    lambda_ = param(0.1, "", (0, 10), "Size of one step.", source="NEST 3.10")
    alpha = param(1.0, "", (0, 100), "Depression relative to potentiation.", source="NEST 3.10; paper 0.11")
    mu = param(0.4, "", (0, 1), "Power of the weight in potentiation.", source="NEST 3.10")

    x = trace("pre", tau="tau_pre", doc="Recent presynaptic spikes.")
    y = trace("post", tau="tau_post", doc="Recent postsynaptic spikes.")

    @staticmethod
    def on_pre(syn, pre, post, p):
        syn.dw -= p.lambda_ * p.alpha * syn.w * post.y

    @staticmethod
    def on_post(syn, pre, post, p):
        syn.dw += p.lambda_ * pow(syn.w, p.mu) * pre.x

    @staticmethod
    def window(dt, p):
        """Change of a half-maximal synapse by one pair, `dt` = t_post - t_pre (ms)."""
        half = 0.5 * p.w_max
        if dt > 0:
            return p.lambda_ * half**p.mu * exp(-dt / p.tau_pre)
        if dt < 0:
            return -p.lambda_ * p.alpha * half * exp(dt / p.tau_post)
        return 0.0
