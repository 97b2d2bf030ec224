"""Leaky integrate-and-fire neuron with exponential synaptic currents, integrated exactly.

Rotter & Diesmann (1999) Biol. Cybern. 81:381-402, doi:10.1007/s004220050570; defaults as NEST `iaf_psc_exp`.
"""

from math import exp, expm1, floor

from engine.declare import InNest, Neuron, param, same, state, uniform, where


class IafPscExp(Neuron, slug="iaf_psc_exp", label="Leaky integrate-and-fire", family="Integrate and fire"):
    usual = True
    formula = (
        "C_m dV/dt = -(C_m/tau_m) (V - E_L) + I_ex + I_in + I_e,   "
        "soft threshold: rate rho exp((V - V_th)/delta)"
    )
    receives = ("current",)
    rest, peak = "e_l", "v_th"

    in_nest = (
        InNest(
            "iaf_psc_exp",
            same("c_m tau_m tau_syn_ex tau_syn_in e_l v_reset v_th t_ref i_e v delta rho"),
        ),
    )

    c_m = param(250.0, "pF", (1e-3, 1e6), "Membrane capacitance.", source="NEST 3.10")
    tau_m = param(10.0, "ms", (1e-3, 1e5), "Membrane time constant.", source="NEST 3.10")
    tau_syn_ex = param(2.0, "ms", (1e-3, 1e5), "Decay of excitatory currents.", source="NEST 3.10")
    tau_syn_in = param(2.0, "ms", (1e-3, 1e5), "Decay of inhibitory currents.", source="NEST 3.10")
    e_l = param(-70.0, "mV", (-200, 100), "Resting potential.", source="NEST 3.10")
    v_reset = param(-70.0, "mV", (-200, 100), "Potential after a spike.", source="NEST 3.10")
    v_th = param(-55.0, "mV", (-200, 100), "Threshold.", source="NEST 3.10")
    t_ref = param(2.0, "ms", (0, 1e4), "Time without spikes after a spike.", source="NEST 3.10")
    i_e = param(0.0, "pA", (-1e6, 1e6), "Constant current.", source="NEST 3.10")
    delta = param(
        0.0,
        "mV",
        (0, 1e3),
        "Width of a soft threshold, where chance decides; 0: a sharp one.",
        source="NEST 3.10",
    )
    rho = param(0.01, "Hz", (0, 1e6), "Rate of spikes at v_th of a soft threshold.", source="NEST 3.10")

    v = state("e_l", "mV", "Membrane potential.")
    i_ex = state(0.0, "pA", "Excitatory synaptic current.")
    i_in = state(0.0, "pA", "Inhibitory synaptic current.")
    r = state(0.0, "", "Steps of refractoriness left.")

    @staticmethod
    def derive(p, k, h):
        k.p22 = exp(-h / p.tau_m)
        k.p20 = -p.tau_m / p.c_m * expm1(-h / p.tau_m)
        k.p11_ex = exp(-h / p.tau_syn_ex)
        k.p11_in = exp(-h / p.tau_syn_in)
        # tau_syn/(C (1/... )) written with expm1, so that tau_syn == tau_m has its limit h/C E(h, tau_m)
        k.rate_ex = 1.0 / p.tau_syn_ex - 1.0 / p.tau_m
        k.rate_in = 1.0 / p.tau_syn_in - 1.0 / p.tau_m
        k.p21_ex = where(
            abs(k.rate_ex * h) < 1e-12,
            h / p.c_m * k.p22,
            -k.p22 * expm1(-h * k.rate_ex) / (p.c_m * where(k.rate_ex == 0.0, 1.0, k.rate_ex)),
        )
        k.p21_in = where(
            abs(k.rate_in * h) < 1e-12,
            h / p.c_m * k.p22,
            -k.p22 * expm1(-h * k.rate_in) / (p.c_m * where(k.rate_in == 0.0, 1.0, k.rate_in)),
        )
        k.steps = -floor(0.001 - p.t_ref / h)  # up to the next whole step, as NEST
        k.hazard = 0.001 * p.rho * h

    @staticmethod
    def integrate(n, p, k, inp, h):
        if n.r == 0.0:
            n.v = (
                p.e_l
                + k.p22 * (n.v - p.e_l)
                + k.p21_ex * n.i_ex
                + k.p21_in * n.i_in
                + k.p20 * (p.i_e + inp.current)
            )
        else:
            n.r = n.r - 1.0
        n.i_ex = k.p11_ex * n.i_ex
        n.i_in = k.p11_in * n.i_in

    @staticmethod
    def receive(n, p, k, inp):
        n.i_ex = n.i_ex + inp.ex
        n.i_in = n.i_in + inp.in_

    @staticmethod
    def fires(n, p, k):
        return (
            n.v >= p.v_th
            if p.delta == 0.0
            else n.r == 0.0 and uniform() < -expm1(-k.hazard * exp(min((n.v - p.v_th) / p.delta, 700.0)))
        )

    @staticmethod
    def reset(n, p, k):
        n.v = p.v_reset
        n.r = k.steps
