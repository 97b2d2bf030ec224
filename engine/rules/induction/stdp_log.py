"""Log STDP: weak synapses are depressed in proportion, strong ones hardly more, so a few grow very strong.

Gilson & Fukai (2011) PLoS ONE 6:e25339, doi:10.1371/journal.pone.0025339.
"""

from math import exp, log1p

from engine.declare import Induction, normal, param, trace, where


class StdpLog(Induction, slug="stdp_log", label="Log STDP", family="Spike timing"):
    formula = (
        "+eta c+ exp(-w/(w0 beta)) x  at post,   -eta c- f(w) y  at pre;   "
        "f = w/w0 below w0, 1 + log(1 + s (w/w0 - 1))/s above"
    )

    tau_plus = param(
        17.0, "ms", (0.1, 1e4), "How long a pre spike is remembered.", source="from memory of the paper"
    )
    tau_minus = param(
        34.0, "ms", (0.1, 1e4), "How long a post spike is remembered.", source="from memory of the paper"
    )
    w_0 = param(
        25.0,
        "",
        (1e-9, 1e9),
        "Reference weight, in the weight's unit, where f is 1.",
        source="our choice: of the order of a drawn synapse; the paper's is in units of its own",
    )
    eta = param(
        0.01,
        "",
        (0, 10),
        "Size of one step, as a share of w_0.",
        source="our choice: one per cent a pair, as NEST's stdp_synapse",
    )
    c_plus = param(1.0, "", (0, 100), "Amplitude of potentiation.", source="from memory of the paper")
    c_minus = param(0.5, "", (0, 100), "Amplitude of depression.", source="from memory of the paper")
    beta = param(
        50.0,
        "",
        (1e-3, 1e9),
        "Weight, in w_0, over which potentiation fades.",
        source="from memory of the paper",
    )
    s = param(
        5.0,
        "",
        (1e-6, 1e6),
        "How much the depression of strong synapses saturates.",
        source="from memory of the paper",
    )
    nu = param(
        0.0, "", (0, 10), "Noise of each change, relative to its size.", source="paper: 0.6 times the change"
    )

    x = trace("pre", tau="tau_plus", doc="Recent presynaptic spikes.")
    y = trace("post", tau="tau_minus", doc="Recent postsynaptic spikes.")

    @staticmethod
    def on_pre(syn, pre, post, p):
        r = syn.w / p.w_0
        f = where(r > 1.0, 1.0 + log1p(p.s * max(r - 1.0, 0.0)) / p.s, r)
        syn.dw -= p.eta * p.w_0 * p.c_minus * f * post.y * (1.0 + p.nu * normal())

    @staticmethod
    def on_post(syn, pre, post, p):
        syn.dw += p.eta * p.w_0 * p.c_plus * exp(-syn.w / (p.w_0 * p.beta)) * pre.x * (1.0 + p.nu * normal())

    @staticmethod
    def window(dt, p):
        """Change of a synapse of weight w_0 by one pair, `dt` = t_post - t_pre (ms)."""
        if dt > 0:
            return p.eta * p.w_0 * p.c_plus * exp(-1.0 / p.beta) * exp(-dt / p.tau_plus)
        if dt < 0:
            return -p.eta * p.w_0 * p.c_minus * exp(dt / p.tau_minus)
        return 0.0
