"""Noisy STDP: potentiation is constant, depression in proportion to the weight, and every change is noisy.

van Rossum, Bi & Turrigiano (2000) J. Neurosci. 20:8812-8821, doi:10.1523/JNEUROSCI.20-23-08812.2000.  Weights
gather around c_p / c_d in one broad hump; no bound is needed.
"""

from math import exp

from engine.declare import Induction, normal, param, trace


class StdpVanRossum(Induction, slug="stdp_van_rossum", label="Noisy STDP", family="Spike timing"):
    formula = "+(c_p + nu w xi) x  at post,   -(c_d w - nu w xi) y  at pre;   mean weight c_p/c_d"

    tau_plus = param(20.0, "ms", (0.1, 1e4), "Memory of a pre spike.", source="from memory of the paper")
    tau_minus = param(20.0, "ms", (0.1, 1e4), "Memory of a post spike.", source="from memory of the paper")
    c_p = param(
        1.0, "", (0, 1e6), "Potentiation, in the weight's unit.", source="from memory of the paper: 1 pS"
    )
    c_d = param(0.003, "", (0, 1), "Depression, as a share of the weight.", source="from memory of the paper")
    nu = param(0.015, "", (0, 10), "Noise, as a share of the weight.", source="from memory of the paper")

    x = trace("pre", tau="tau_plus", doc="Recent presynaptic spikes.")
    y = trace("post", tau="tau_minus", doc="Recent postsynaptic spikes.")

    @staticmethod
    def on_pre(syn, pre, post, p):
        syn.dw += (p.nu * normal() - p.c_d) * syn.w * post.y

    @staticmethod
    def on_post(syn, pre, post, p):
        syn.dw += (p.c_p + p.nu * syn.w * normal()) * pre.x

    @staticmethod
    def window(dt, p):
        """Mean change of a synapse of half the mean weight by one pair, `dt` = t_post - t_pre (ms)."""
        if dt > 0:
            return p.c_p * exp(-dt / p.tau_plus)
        return -0.5 * p.c_p * exp(dt / p.tau_minus) if dt < 0 else 0.0
