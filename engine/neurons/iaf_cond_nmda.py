"""Integrate-and-fire neuron with fast conductances and NMDA receptors, which magnesium blocks at rest.

Block: Jahr & Stevens (1990) J. Neurosci. 10:3178-3182, doi:10.1523/JNEUROSCI.10-09-03178.1990; kinetics as
NEST `iaf_bw_2001` (without its saturation), after Brunel & Wang (2001) J. Comput. Neurosci. 11:63-85,
doi:10.1023/A:1011204814320.  Conductances are exact, the potential takes an exponential step with the block
at its middle.
"""

from math import exp, expm1, floor, log

from engine.declare import INFINITY, Neuron, param, state


class IafCondNmda(
    Neuron, slug="iaf_cond_nmda", label="Integrate-and-fire with NMDA", family="Integrate and fire"
):
    formula = (
        "C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) - g_nmda B(V) (V - E_nmda) + I_e,   "
        "B = 1/(1 + [Mg]/K exp(-s V))"
    )
    receives = ("conductance", "nmda")
    rest, peak = "e_l", "v_th"
    presets = {
        "Brunel and Wang": dict(tau_rise=2.0, tau_decay=100.0, mg=1.0, k_mg=3.57, s_mg=0.062),
        "NEST cm_default": dict(tau_rise=0.2, tau_decay=43.0, mg=1.0, k_mg=1.0 / 0.3, s_mg=0.1),
        "Ebner 2019": dict(tau_rise=2.0, tau_decay=100.0, mg=1.0, k_mg=3.57, s_mg=0.08),
        "no magnesium": dict(mg=0.0),
    }

    c_m = param(250.0, "pF", (1e-3, 1e6), "Membrane capacitance.", source="NEST 3.10, iaf_cond_exp")
    g_l = param(16.6667, "nS", (1e-6, 1e6), "Leak conductance.", source="NEST 3.10, iaf_cond_exp")
    e_l = param(-70.0, "mV", (-200, 100), "Resting potential.", source="NEST 3.10, iaf_cond_exp")
    e_ex = param(0.0, "mV", (-200, 200), "Reversal of excitation.", source="NEST 3.10, iaf_cond_exp")
    e_in = param(-85.0, "mV", (-200, 200), "Reversal of inhibition.", source="NEST 3.10, iaf_cond_exp")
    e_nmda = param(0.0, "mV", (-200, 200), "Reversal of NMDA receptors.", source="NEST 3.10, iaf_bw_2001")
    v_th = param(-55.0, "mV", (-200, 200), "Threshold.", source="NEST 3.10, iaf_cond_exp")
    v_reset = param(-60.0, "mV", (-200, 100), "Potential after a spike.", source="NEST 3.10, iaf_cond_exp")
    t_ref = param(2.0, "ms", (0, 1e4), "Time without spikes after a spike.", source="NEST 3.10, iaf_cond_exp")
    tau_syn_ex = param(2.0, "ms", (1e-3, 1e5), "Decay of fast excitation.", source="NEST 3.10, iaf_bw_2001")
    tau_syn_in = param(5.0, "ms", (1e-3, 1e5), "Decay of inhibition.", source="NEST 3.10, iaf_bw_2001")
    tau_rise = param(2.0, "ms", (1e-3, 1e4), "Opening of NMDA receptors.", source="NEST 3.10, iaf_bw_2001")
    tau_decay = param(100.0, "ms", (1e-3, 1e5), "Closing of NMDA receptors.", source="NEST 3.10, iaf_bw_2001")
    mg = param(1.0, "mM", (0, 100), "Magnesium outside.", source="NEST 3.10, iaf_bw_2001")
    k_mg = param(3.57, "mM", (1e-6, 1e6), "Magnesium that blocks half at 0 mV.", source="Jahr & Stevens 1990")
    s_mg = param(0.062, "1/mV", (0, 10), "How the block eases with voltage.", source="Jahr & Stevens 1990")
    i_e = param(0.0, "pA", (-1e6, 1e6), "Constant current.", source="NEST 3.10, iaf_cond_exp")

    v = state("e_l", "mV", "Membrane potential.")
    g_ex = state(0.0, "nS", "Fast excitatory conductance.", (0, INFINITY))
    g_in = state(0.0, "nS", "Inhibitory conductance.", (0, INFINITY))
    nmda_rise = state(0.0, "nS", "The part of the NMDA conductance that fades with tau_rise.")
    nmda_decay = state(0.0, "nS", "The part of the NMDA conductance that fades with tau_decay.")
    open_nmda = state(0.0, "", "Share of NMDA receptors that magnesium leaves open.")
    i_nmda = state(0.0, "pA", "Current through NMDA receptors, inward positive.")
    r = state(0.0, "", "Steps of refractoriness left.")

    @staticmethod
    def derive(p, k, h):
        k.decay_ex = exp(-h / p.tau_syn_ex)
        k.decay_in = exp(-h / p.tau_syn_in)
        k.mean_ex = -p.tau_syn_ex / h * expm1(-h / p.tau_syn_ex)
        k.mean_in = -p.tau_syn_in / h * expm1(-h / p.tau_syn_in)
        k.fade_rise = exp(-h / p.tau_rise)
        k.fade_decay = exp(-h / p.tau_decay)
        k.mean_rise = -p.tau_rise / h * expm1(-h / p.tau_rise)
        k.mean_decay = -p.tau_decay / h * expm1(-h / p.tau_decay)
        top = p.tau_rise * p.tau_decay / (p.tau_decay - p.tau_rise) * log(p.tau_decay / p.tau_rise)
        k.one = 1.0 / (exp(-top / p.tau_decay) - exp(-top / p.tau_rise))  # so that a weight is a peak
        k.blocked = p.mg / p.k_mg
        k.steps = -floor(0.001 - p.t_ref / h)  # up to the next whole step, as NEST

    @staticmethod
    def integrate(n, p, k, inp, h):
        if n.r == 0.0:
            ex = n.g_ex * k.mean_ex
            inh = n.g_in * k.mean_in
            slow = n.nmda_decay * k.mean_decay - n.nmda_rise * k.mean_rise
            held = p.g_l * p.e_l + ex * p.e_ex + inh * p.e_in + p.i_e + inp.current
            nmda = slow / (1.0 + k.blocked * exp(-p.s_mg * n.v))
            g = p.g_l + ex + inh + nmda
            aim = (held + nmda * p.e_nmda) / g
            midway = aim + (n.v - aim) * exp(-0.5 * h * g / p.c_m)
            nmda = slow / (1.0 + k.blocked * exp(-p.s_mg * midway))
            g = p.g_l + ex + inh + nmda
            aim = (held + nmda * p.e_nmda) / g
            n.v = aim + (n.v - aim) * exp(-h * g / p.c_m)
        else:
            n.r = n.r - 1.0
            n.v = p.v_reset
        n.g_ex = k.decay_ex * n.g_ex
        n.g_in = k.decay_in * n.g_in
        n.nmda_rise = k.fade_rise * n.nmda_rise
        n.nmda_decay = k.fade_decay * n.nmda_decay
        n.open_nmda = 1.0 / (1.0 + k.blocked * exp(-p.s_mg * n.v))
        n.i_nmda = (n.nmda_decay - n.nmda_rise) * n.open_nmda * (p.e_nmda - n.v)

    @staticmethod
    def receive(n, p, k, inp):
        n.g_ex = n.g_ex + inp.ex
        n.g_in = n.g_in - inp.in_
        n.nmda_rise = n.nmda_rise + k.one * abs(inp.nmda)
        n.nmda_decay = n.nmda_decay + k.one * abs(inp.nmda)

    @staticmethod
    def fires(n, p):
        return n.v >= p.v_th

    @staticmethod
    def reset(n, p, k):
        n.v = p.v_reset
        n.r = k.steps

    @staticmethod
    def unblocked(v, p):
        """Share of NMDA receptors that magnesium leaves open at `v` mV."""
        return 1.0 / (1.0 + p.mg / p.k_mg * exp(-p.s_mg * v))
