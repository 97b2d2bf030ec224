"""Voltage STDP: a spike weakens its synapse where the neuron is depolarised.

While the neuron is strongly depolarised, the synapses that were active shortly before strengthen.

Clopath, Buesing, Vasilaki & Gerstner (2010) Nat. Neurosci. 13:344-352, doi:10.1038/nn.2479.  The
filtered potentials are read `delay_u_bars` late, as in the authors' code (ModelDB 144566) and in NEST:
without that, and without a spike that is held for 2 ms (`aeif_psc_delta_clopath`), the rule potentiates
where it should not.
"""

from math import exp

from engine.declare import Induction, choice, lagged, param, quantity, trace

AUTHORS = "ModelDB 144566; NEST 3.10"


class Clopath(Induction, slug="clopath", label="Voltage STDP", family="Voltage"):
    wants = {"lasting spike": "the rule potentiates where it should not"}
    formula = (
        "-A_LTD [u_minus - theta_minus]+  at pre,   "
        "dw/dt = +A_LTP x [u - theta_plus]+ [u_plus - theta_minus]+"
    )
    presets = {
        "NEST, spike pairing": dict(delay_u_bars=4.0, theta_minus=-70.6, theta_plus=-45.3),
        "visual cortex, homeostatic": dict(homeostatic="yes", u_ref_squared=60.0, tau_u_bar_bar=1000.0),
    }

    a_ltd = param(14e-5, "", (0, 1e3), "Depression per spike and mV.", source=AUTHORS)
    a_ltp = param(8e-5, "", (0, 1e3), "Potentiation per ms and square mV.", source=AUTHORS)
    theta_minus = param(-70.6, "mV", (-200, 100), "Filtered potential above which it acts.", source=AUTHORS)
    theta_plus = param(-45.3, "mV", (-200, 100), "Potential above which it potentiates.", source=AUTHORS)
    tau_u_bar_minus = param(10.0, "ms", (0.01, 1e5), "Filter that gates depression.", source=AUTHORS)
    tau_u_bar_plus = param(7.0, "ms", (0.01, 1e5), "Filter that gates potentiation.", source=AUTHORS)
    tau_x = param(15.0, "ms", (0.01, 1e5), "Memory of presynaptic spikes.", source=AUTHORS)
    delay_u_bars = param(5.0, "ms", (0, 20), "How late the filtered potentials are read.", source="NEST 3.10")
    homeostatic = choice(
        "no", ("no", "yes"), "Depression grows with the square of the mean potential.", source="NEST 3.10"
    )
    u_ref_squared = param(60.0, "mV^2", (1e-6, 1e6), "Mean square at which it is as given.", source=AUTHORS)
    tau_u_bar_bar = param(
        500.0, "ms", (0.01, 1e7), "Over how long that mean is taken.", source="NEST 3.10; the paper uses 1 s"
    )

    u_plus = quantity("post", "local", "mV", "Potential, filtered with tau_u_bar_plus.")
    u_minus = quantity("post", "local", "mV", "Potential, filtered with tau_u_bar_minus.")
    u_mean = quantity("post", "local", "mV", "Slow mean of u_minus.")
    u_plus_late = lagged("post", "u_plus", by="delay_u_bars", doc="u_plus a while ago.")
    u_minus_late = lagged("post", "u_minus", by="delay_u_bars", doc="u_minus a while ago.")
    x = trace("pre", tau="tau_x", doc="Recent presynaptic spikes; the rule reads x / tau_x.")

    @staticmethod
    def on_neuron(post, p, h):
        keep = exp(-0.5 * h / p.tau_u_bar_bar)
        post.u_mean = post.u_minus + (post.u_mean - post.u_minus) * keep
        post.u_plus = post.local_mean + (post.u_plus - post.local_mean) * exp(-h / p.tau_u_bar_plus)
        post.u_minus = post.local_mean + (post.u_minus - post.local_mean) * exp(-h / p.tau_u_bar_minus)
        post.u_mean = post.u_minus + (post.u_mean - post.u_minus) * keep

    @staticmethod
    def awake(post, p):
        return post.local > p.theta_plus and post.u_plus_late > p.theta_minus

    @staticmethod
    def on_step(syn, pre, post, p, h):
        drive = max(post.local - p.theta_plus, 0.0) * max(post.u_plus_late - p.theta_minus, 0.0)
        syn.dw += p.a_ltp * h * pre.x / p.tau_x * drive

    @staticmethod
    def on_pre(syn, pre, post, p):
        depression = p.a_ltd * max(post.u_minus_late - p.theta_minus, 0.0)
        if p.homeostatic == 1:
            depression = depression * post.u_mean * post.u_mean / p.u_ref_squared
        syn.dw -= depression
