"""Triplet STDP: pairs of spikes, and how fast the neuron was already firing, decide together.

Pfister & Gerstner (2006) J. Neurosci. 26:9673-9682, doi:10.1523/JNEUROSCI.1425-06.2006.
"""

from math import exp

from engine.declare import Induction, InNest, choice, param, same, trace


class StdpTriplet(Induction, slug="stdp_triplet", label="Triplet STDP", family="Spike timing"):
    formula = "+r1 (A2+ + A3+ o2)  at post,   -o1 (A2- + A3- r2)  at pre"
    presets = {
        "visual cortex, all to all, full": dict(
            tau_plus=16.8, tau_x=101.0, tau_minus=33.7, tau_y=125.0, nearest="no",
            a2_plus=5e-10, a3_plus=6.2e-3, a2_minus=7e-3, a3_minus=2.3e-4),
        "visual cortex, all to all, minimal": dict(
            tau_plus=16.8, tau_x=101.0, tau_minus=33.7, tau_y=114.0, nearest="no",
            a2_plus=0.0, a3_plus=6.5e-3, a2_minus=7.1e-3, a3_minus=0.0),
        "visual cortex, nearest, full": dict(
            tau_plus=16.8, tau_x=714.0, tau_minus=33.7, tau_y=40.0, nearest="yes",
            a2_plus=8.8e-11, a3_plus=5.3e-2, a2_minus=6.6e-3, a3_minus=3.1e-3),
        "visual cortex, nearest, minimal": dict(
            tau_plus=16.8, tau_x=714.0, tau_minus=33.7, tau_y=40.0, nearest="yes",
            a2_plus=0.0, a3_plus=5e-2, a2_minus=8e-3, a3_minus=0.0),
        "hippocampus, all to all, full": dict(
            tau_plus=16.8, tau_x=946.0, tau_minus=33.7, tau_y=27.0, nearest="no",
            a2_plus=6.1e-3, a3_plus=6.7e-3, a2_minus=1.6e-3, a3_minus=1.4e-3),
        "hippocampus, all to all, minimal": dict(
            tau_plus=16.8, tau_x=946.0, tau_minus=33.7, tau_y=40.0, nearest="no",
            a2_plus=5.3e-3, a3_plus=8e-3, a2_minus=3.5e-3, a3_minus=0.0),
    }  # fmt: skip

    in_nest = (
        InNest(
            "stdp_triplet_synapse",
            same(
                "tau_plus w_max",
                tau_x="tau_plus_triplet",
                a2_plus="Aplus",
                a3_plus="Aplus_triplet",
                a2_minus="Aminus",
                a3_minus="Aminus_triplet",
            ),
            post={"tau_minus": "tau_minus", "tau_y": "tau_minus_triplet"},
            only={"nearest": "no"},
        ),
    )

    tau_plus = param(
        16.8, "ms", (0.1, 1e4), "Memory of the pre spike for potentiation.", source="paper, table 4"
    )
    tau_x = param(101.0, "ms", (0.1, 1e5), "Slow memory of pre spikes.", source="paper, table 4")
    tau_minus = param(
        33.7, "ms", (0.1, 1e4), "Memory of the post spike for depression.", source="paper, table 4"
    )
    tau_y = param(125.0, "ms", (0.1, 1e5), "Slow memory of post spikes.", source="paper, table 4")
    a2_plus = param(5e-10, "", (0, 1e3), "Potentiation by a pair.", source="paper, table 4")
    a3_plus = param(6.2e-3, "", (0, 1e3), "Potentiation by a triplet.", source="paper, table 4")
    a2_minus = param(7e-3, "", (0, 1e3), "Depression by a pair.", source="paper, table 4")
    a3_minus = param(2.3e-4, "", (0, 1e3), "Depression by a triplet.", source="paper, table 4")
    nearest = choice(
        "no",
        ("no", "yes"),
        "Only the nearest spikes count.",
        source="our choice: all-to-all, the form NEST has; the paper has sets of numbers for both",
    )

    r1 = trace("pre", tau="tau_plus", doc="Recent presynaptic spikes.", nearest="nearest")
    r2 = trace("pre", tau="tau_x", doc="Slow memory of presynaptic spikes.", nearest="nearest")
    o1 = trace("post", tau="tau_minus", doc="Recent postsynaptic spikes.", nearest="nearest")
    o2 = trace("post", tau="tau_y", doc="Slow memory of postsynaptic spikes.", nearest="nearest")

    @staticmethod
    def on_pre(syn, pre, post, p):
        syn.dw -= post.o1 * (p.a2_minus + p.a3_minus * pre.r2)

    @staticmethod
    def on_post(syn, pre, post, p):
        syn.dw += pre.r1 * (p.a2_plus + p.a3_plus * post.o2)

    @staticmethod
    def window(dt, p):
        """Change by one pair repeated at 20 Hz, `dt` = t_post - t_pre (ms); one lone pair has no triplets."""
        echo_y = exp(-50.0 / p.tau_y)
        echo_x = exp(-50.0 / p.tau_x)
        slow_y = echo_y if p.nearest else echo_y / (1.0 - echo_y)
        slow_x = echo_x if p.nearest else echo_x / (1.0 - echo_x)
        if dt > 0:
            return exp(-dt / p.tau_plus) * (p.a2_plus + p.a3_plus * slow_y)
        if dt < 0:
            return -exp(dt / p.tau_minus) * (p.a2_minus + p.a3_minus * slow_x)
        return 0.0
