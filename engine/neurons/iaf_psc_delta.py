"""Leaky integrate-and-fire neuron whose potential jumps by the weight (mV) when a spike arrives.

The limit of very short synaptic currents, solved exactly; defaults as NEST `iaf_psc_delta`.
Rotter & Diesmann (1999) Biol. Cybern. 81:381-402, doi:10.1007/s004220050570.
"""

from math import exp, expm1, floor

from engine.declare import InNest, Neuron, param, same, state, where


class IafPscDelta(
    Neuron, slug="iaf_psc_delta", label="Integrate-and-fire, delta", family="Integrate and fire"
):
    formula = "C_m dV/dt = -(C_m/tau_m) (V - E_L) + I_e,   V -> V + w at a spike"
    receives = ("delta",)
    rest, peak = "e_l", "v_th"

    in_nest = (
        InNest(
            "iaf_psc_delta",
            same("c_m tau_m e_l v_reset v_th t_ref i_e v v_min"),
        ),
    )

    c_m = param(250.0, "pF", (1e-3, 1e6), "Membrane capacitance.", source="NEST 3.10")
    tau_m = param(10.0, "ms", (1e-3, 1e5), "Membrane time constant.", source="NEST 3.10")
    e_l = param(-70.0, "mV", (-200, 100), "Resting potential.", source="NEST 3.10")
    v_reset = param(-70.0, "mV", (-200, 100), "Potential after a spike.", source="NEST 3.10")
    v_th = param(-55.0, "mV", (-200, 100), "Threshold.", source="NEST 3.10")
    v_min = param(-1e6, "mV", (-1e6, 100), "The potential never falls below this.", source="NEST 3.10: none")
    t_ref = param(2.0, "ms", (0, 1e4), "Time without spikes after a spike.", source="NEST 3.10")
    i_e = param(0.0, "pA", (-1e6, 1e6), "Constant current.", source="NEST 3.10")

    v = state("e_l", "mV", "Membrane potential.")
    r = state(0.0, "", "Steps of refractoriness left.")
    takes = state(1.0, "", "1 while spikes move the potential, 0 while they are lost to refractoriness.")

    @staticmethod
    def derive(p, k, h):
        k.p22 = exp(-h / p.tau_m)
        k.p20 = -p.tau_m / p.c_m * expm1(-h / p.tau_m)
        k.steps = -floor(0.001 - p.t_ref / h)  # up to the next whole step, as NEST

    @staticmethod
    def integrate(n, p, k, inp, h):
        if n.r == 0.0:
            n.v = p.e_l + k.p22 * (n.v - p.e_l) + k.p20 * (p.i_e + inp.current)
            n.takes = 1.0
        else:
            n.r = n.r - 1.0
            n.takes = 0.0

    @staticmethod
    def receive(n, p, k, inp):
        if n.takes > 0.0:
            n.v = max(n.v + (inp.ex + inp.in_), p.v_min)

    @staticmethod
    def fires(n, p):
        return n.v >= p.v_th

    @staticmethod
    def reset(n, p, k):
        n.v = p.v_reset
        n.r = k.steps
        n.takes = where(k.steps > 0.0, 0.0, 1.0)
