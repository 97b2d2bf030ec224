"""Triplet STDP that depresses more, the more its neuron has fired: the sliding threshold of BCM in spikes.

Pfister & Gerstner (2006) J. Neurosci. 26:9673-9682, doi:10.1523/JNEUROSCI.1425-06.2006, equation 7: the
depression by a pair is proportional to the square of the neuron's mean rate, so that the rate at which
depression turns into potentiation slides with it.
"""

from engine.declare import Induction, param, trace


class StdpTripletSliding(
    Induction, slug="stdp_triplet_sliding", label="Triplet STDP, sliding", family="Spike timing"
):
    formula = "+r1 (A2+ + A3+ o2) at post,   -o1 A2- (r/rho_0)^2 at pre,   r: mean rate over tau_bar"
    presets = {
        "visual cortex, minimal": dict(
            tau_plus=16.8, tau_minus=33.7, tau_y=114.0, a2_plus=0.0, a3_plus=6.5e-3, a2_minus=7.1e-3),
        "hippocampus, minimal": dict(
            tau_plus=16.8, tau_minus=33.7, tau_y=40.0, a2_plus=5.3e-3, a3_plus=8e-3, a2_minus=3.5e-3),
    }  # fmt: skip

    tau_plus = param(16.8, "ms", (0.1, 1e4), "Memory of the pre spike.", source="paper, table 4")
    tau_minus = param(33.7, "ms", (0.1, 1e4), "Memory of the post spike.", source="paper, table 4")
    tau_y = param(114.0, "ms", (0.1, 1e5), "Slow memory of post spikes.", source="paper, table 4")
    a2_plus = param(0.0, "", (0, 1e3), "Potentiation by a pair.", source="paper, table 4")
    a3_plus = param(6.5e-3, "", (0, 1e3), "Potentiation by a triplet.", source="paper, table 4")
    a2_minus = param(7.1e-3, "", (0, 1e3), "Depression by a pair at rho_0.", source="paper, table 4")
    rho_0 = param(
        10.0,
        "Hz",
        (1e-6, 1e4),
        "Mean rate at which depression is as given.",
        source="our choice: a usual cortical rate",
    )
    tau_bar = param(
        1000.0,
        "ms",
        (1, 1e9),
        "Over how long the mean rate is taken.",
        source="our choice: slower than the triplets, faster than a trial; the paper leaves it open",
    )

    r1 = trace("pre", tau="tau_plus", doc="Recent presynaptic spikes.")
    o1 = trace("post", tau="tau_minus", doc="Recent postsynaptic spikes.")
    o2 = trace("post", tau="tau_y", doc="Slow memory of postsynaptic spikes.")
    bar = trace("post", tau="tau_bar", doc="Running count of post spikes; the mean rate is bar/tau_bar.")

    @staticmethod
    def on_pre(syn, pre, post, p):
        rate = 1000.0 * post.bar / p.tau_bar / p.rho_0
        syn.dw -= post.o1 * p.a2_minus * rate * rate

    @staticmethod
    def on_post(syn, pre, post, p):
        syn.dw += pre.r1 * (p.a2_plus + p.a3_plus * post.o2)
