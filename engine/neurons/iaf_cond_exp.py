"""Leaky integrate-and-fire neuron with exponential synaptic conductances.

Conductances decay exactly and the potential takes an exponential step with their mean over the step.
Defaults as NEST `iaf_cond_exp`; Meffin, Burkitt & Grayden (2004) J. Comput. Neurosci. 16:159-175,
doi:10.1023/B:JCNS.0000014108.03012.81.
"""

from math import exp, expm1, floor

from engine.declare import INFINITY, InNest, Neuron, param, same, state


class IafCondExp(
    Neuron, slug="iaf_cond_exp", label="Conductance integrate-and-fire", family="Integrate and fire"
):
    formula = "C_m dV/dt = -g_L (V - E_L) - g_ex (V - E_ex) - g_in (V - E_in) + I_e"
    receives = ("conductance",)
    rest, peak = "e_l", "v_th"

    in_nest = (
        InNest(
            "iaf_cond_exp",
            same("c_m g_l e_l e_ex e_in v_th v_reset t_ref tau_syn_ex tau_syn_in i_e v"),
        ),
    )

    c_m = param(250.0, "pF", (1e-3, 1e6), "Membrane capacitance.", source="NEST 3.10")
    g_l = param(16.6667, "nS", (1e-6, 1e6), "Leak conductance.", source="NEST 3.10")
    e_l = param(-70.0, "mV", (-200, 100), "Resting potential.", source="NEST 3.10")
    e_ex = param(0.0, "mV", (-200, 200), "Reversal of excitation.", source="NEST 3.10")
    e_in = param(-85.0, "mV", (-200, 200), "Reversal of inhibition.", source="NEST 3.10")
    v_th = param(-55.0, "mV", (-200, 100), "Threshold.", source="NEST 3.10")
    v_reset = param(-60.0, "mV", (-200, 100), "Potential after a spike.", source="NEST 3.10")
    t_ref = param(2.0, "ms", (0, 1e4), "Time without spikes after a spike.", source="NEST 3.10")
    tau_syn_ex = param(0.2, "ms", (1e-3, 1e5), "Decay of excitatory conductances.", source="NEST 3.10")
    tau_syn_in = param(2.0, "ms", (1e-3, 1e5), "Decay of inhibitory conductances.", source="NEST 3.10")
    i_e = param(0.0, "pA", (-1e6, 1e6), "Constant current.", source="NEST 3.10")

    v = state("e_l", "mV", "Membrane potential.")
    g_ex = state(0.0, "nS", "Excitatory conductance.", (0, INFINITY))
    g_in = state(0.0, "nS", "Inhibitory conductance.", (0, INFINITY))
    r = state(0.0, "", "Steps of refractoriness left.")

    @staticmethod
    def derive(p, k, h):
        k.decay_ex = exp(-h / p.tau_syn_ex)
        k.decay_in = exp(-h / p.tau_syn_in)
        k.mean_ex = -p.tau_syn_ex / h * expm1(-h / p.tau_syn_ex)
        k.mean_in = -p.tau_syn_in / h * expm1(-h / p.tau_syn_in)
        k.steps = -floor(0.001 - p.t_ref / h)  # up to the next whole step, as NEST

    @staticmethod
    def integrate(n, p, k, inp, h):
        if n.r == 0.0:
            ex = n.g_ex * k.mean_ex
            inh = n.g_in * k.mean_in
            g = p.g_l + ex + inh
            rest = (p.g_l * p.e_l + ex * p.e_ex + inh * p.e_in + p.i_e + inp.current) / g
            n.v = rest + (n.v - rest) * exp(-h * g / p.c_m)
        else:
            n.r = n.r - 1.0
            n.v = p.v_reset
        n.g_ex = k.decay_ex * n.g_ex
        n.g_in = k.decay_in * n.g_in

    @staticmethod
    def receive(n, p, k, inp):
        n.g_ex = n.g_ex + inp.ex
        n.g_in = n.g_in - inp.in_

    @staticmethod
    def fires(n, p):
        return n.v >= p.v_th

    @staticmethod
    def reset(n, p, k):
        n.v = p.v_reset
        n.r = k.steps
