"""Leaky integrate-and-fire neuron whose synaptic currents rise and fall (alpha functions), solved exactly.

A weight is the peak of the current.  Rotter & Diesmann (1999) Biol. Cybern. 81:381-402,
doi:10.1007/s004220050570; defaults as NEST `iaf_psc_alpha`.
"""

from math import exp, expm1, floor

from engine.declare import InNest, Neuron, param, same, state, where


class IafPscAlpha(
    Neuron, slug="iaf_psc_alpha", label="Integrate-and-fire, alpha", family="Integrate and fire"
):
    formula = "C_m dV/dt = -(C_m/tau_m) (V - E_L) + I_ex + I_in + I_e,   I(t) = w (e t/tau) exp(-t/tau)"
    receives = ("alpha", "current")
    rest, peak = "e_l", "v_th"

    in_nest = (
        InNest(
            "iaf_psc_alpha",
            same("c_m tau_m tau_syn_ex tau_syn_in e_l v_reset v_th t_ref i_e v v_min"),
        ),
    )

    c_m = param(250.0, "pF", (1e-3, 1e6), "Membrane capacitance.", source="NEST 3.10")
    tau_m = param(10.0, "ms", (1e-3, 1e5), "Membrane time constant.", source="NEST 3.10")
    tau_syn_ex = param(2.0, "ms", (1e-3, 1e5), "When excitatory currents peak.", source="NEST 3.10")
    tau_syn_in = param(2.0, "ms", (1e-3, 1e5), "When inhibitory currents peak.", source="NEST 3.10")
    e_l = param(-70.0, "mV", (-200, 100), "Resting potential.", source="NEST 3.10")
    v_reset = param(-70.0, "mV", (-200, 100), "Potential after a spike.", source="NEST 3.10")
    v_th = param(-55.0, "mV", (-200, 100), "Threshold.", source="NEST 3.10")
    v_min = param(-1e6, "mV", (-1e6, 100), "The potential never falls below this.", source="NEST 3.10: none")
    t_ref = param(2.0, "ms", (0, 1e4), "Time without spikes after a spike.", source="NEST 3.10")
    i_e = param(0.0, "pA", (-1e6, 1e6), "Constant current.", source="NEST 3.10")

    v = state("e_l", "mV", "Membrane potential.")
    di_ex = state(0.0, "pA/ms", "Rise of the excitatory current.")
    i_ex = state(0.0, "pA", "Excitatory synaptic current.")
    di_in = state(0.0, "pA/ms", "Rise of the inhibitory current.")
    i_in = state(0.0, "pA", "Inhibitory synaptic current.")
    r = state(0.0, "", "Steps of refractoriness left.")

    @staticmethod
    def derive(p, k, h):
        k.p33 = exp(-h / p.tau_m)
        k.p30 = -p.tau_m / p.c_m * expm1(-h / p.tau_m)
        k.p11_ex = exp(-h / p.tau_syn_ex)
        k.p11_in = exp(-h / p.tau_syn_in)
        k.start_ex = exp(1.0) / p.tau_syn_ex
        k.start_in = exp(1.0) / p.tau_syn_in
        # How a current (p32) and its rise (p31) move V in a step: with d = h (1/tau_syn - 1/tau_m) the
        # integrals of exp(-d x) and of x exp(-d x) over [0, 1], as series where the closed forms cancel.
        d = h * (1.0 / p.tau_syn_ex - 1.0 / p.tau_m)
        safe = where(abs(d) < 0.01, 1.0, d)
        first = where(
            abs(d) < 0.01,
            1.0 - d * (1.0 / 2.0 - d * (1.0 / 6.0 - d * (1.0 / 24.0 - d * (1.0 / 120.0 - d / 720.0)))),
            -expm1(-safe) / safe,
        )
        second = where(
            abs(d) < 0.01,
            1.0 / 2.0 - d * (1.0 / 3.0 - d * (1.0 / 8.0 - d * (1.0 / 30.0 - d * (1.0 / 144.0 - d / 840.0)))),
            (first - exp(-safe)) / safe,
        )
        k.p32_ex = h / p.c_m * k.p33 * first
        k.p31_ex = h * h / p.c_m * k.p33 * second
        d = h * (1.0 / p.tau_syn_in - 1.0 / p.tau_m)
        safe = where(abs(d) < 0.01, 1.0, d)
        first = where(
            abs(d) < 0.01,
            1.0 - d * (1.0 / 2.0 - d * (1.0 / 6.0 - d * (1.0 / 24.0 - d * (1.0 / 120.0 - d / 720.0)))),
            -expm1(-safe) / safe,
        )
        second = where(
            abs(d) < 0.01,
            1.0 / 2.0 - d * (1.0 / 3.0 - d * (1.0 / 8.0 - d * (1.0 / 30.0 - d * (1.0 / 144.0 - d / 840.0)))),
            (first - exp(-safe)) / safe,
        )
        k.p32_in = h / p.c_m * k.p33 * first
        k.p31_in = h * h / p.c_m * k.p33 * second
        k.steps = -floor(0.001 - p.t_ref / h)  # up to the next whole step, as NEST

    @staticmethod
    def integrate(n, p, k, inp, h):
        if n.r == 0.0:
            n.v = (
                p.e_l
                + k.p33 * (n.v - p.e_l)
                + k.p31_ex * n.di_ex
                + k.p32_ex * n.i_ex
                + k.p31_in * n.di_in
                + k.p32_in * n.i_in
                + k.p30 * (p.i_e + inp.current)
            )
            n.v = max(n.v, p.v_min)
        else:
            n.r = n.r - 1.0
        n.i_ex = k.p11_ex * (n.i_ex + h * n.di_ex)
        n.di_ex = k.p11_ex * n.di_ex
        n.i_in = k.p11_in * (n.i_in + h * n.di_in)
        n.di_in = k.p11_in * n.di_in

    @staticmethod
    def receive(n, p, k, inp):
        n.di_ex = n.di_ex + k.start_ex * inp.ex
        n.di_in = n.di_in + k.start_in * inp.in_

    @staticmethod
    def fires(n, p):
        return n.v >= p.v_th

    @staticmethod
    def reset(n, p, k):
        n.v = p.v_reset
        n.r = k.steps
