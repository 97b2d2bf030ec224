"""Inhibitory plasticity: inhibition grows where it met activity, fades where it met none, and balances.

Vogels, Sprekeler, Zenke, Clopath & Gerstner (2011) Science 334:1569-1573, doi:10.1126/science.1211095, as
NEST `vogels_sprekeler_synapse`.  The neuron settles near the rate alpha / (2 tau).
"""

from math import exp

from engine.declare import Induction, InNest, param, same, trace


class VogelsSprekeler(
    Induction, slug="vogels_sprekeler", label="Inhibitory balance", family="Inhibitory plasticity"
):
    signs = "inhibitory"
    signs_only = True
    formula = "+eta (y - alpha)  at pre,   +eta x  at post;   settles at the rate alpha/(2 tau)"
    presets = {
        "3 Hz (NEST)": {"tau": 20.0, "eta": 0.001, "alpha": 0.12},
        "5 Hz": {"tau": 20.0, "eta": 0.001, "alpha": 0.2},
        "10 Hz": {"tau": 20.0, "eta": 0.001, "alpha": 0.4},
    }

    in_nest = (
        InNest(
            "vogels_sprekeler_synapse",
            same("tau eta alpha w_max"),
            post={"tau": "tau_minus"},
        ),
    )

    tau = param(20.0, "ms", (0.1, 1e4), "How long a spike of either side is remembered.", source="NEST 3.10")
    eta = param(0.001, "", (0, 1e6), "Size of one step, in the weight's unit.", source="NEST 3.10")
    alpha = param(
        0.12, "", (0, 100), "What each presynaptic spike takes away: twice the target rate times tau.",
        source="NEST 3.10",
    )  # fmt: skip

    x = trace("pre", tau="tau", doc="Recent presynaptic spikes.")
    y = trace("post", tau="tau", doc="Recent postsynaptic spikes.")

    @staticmethod
    def on_pre(syn, pre, post, p):
        # What coincidence adds meets the upper bound before alpha is taken away, as in NEST.
        syn.dw += min(p.eta * post.y, p.w_max - syn.w) - p.alpha * p.eta

    @staticmethod
    def on_post(syn, pre, post, p):
        syn.dw += p.eta * pre.x

    @staticmethod
    def window(dt, p):
        """What a pair adds, `dt` = t_post - t_pre (ms); each pre spike takes alpha eta away besides."""
        return p.eta * exp(-abs(dt) / p.tau)
