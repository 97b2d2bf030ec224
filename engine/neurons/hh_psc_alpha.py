"""Hodgkin-Huxley neuron: sodium and potassium channels of the squid axon make the spike.

Hodgkin & Huxley (1952) J. Physiol. 117:500-544, doi:10.1113/jphysiol.1952.sp004764, in the numbers of NEST
`hh_psc_alpha` (1 uF/cm2 on 1e-4 cm2, so 1000 pA are 10 uA/cm2), synaptic currents as alpha functions.
Fourth-order Runge-Kutta in parts of at most 0.02 ms.  A spike is a peak above 0 mV, noted one step after it;
steps longer than its millisecond miss most of them.
"""

from math import exp, expm1, floor

from engine.declare import InNest, Neuron, param, same, state, where


class HhPscAlpha(Neuron, slug="hh_psc_alpha", label="Hodgkin-Huxley", family="Ion channels"):
    formula = (
        "C_m dV/dt = -g_Na m^3 h (V - E_Na) - g_K n^4 (V - E_K) - g_L (V - E_L) + I,   "
        "x' = alpha_x (1 - x) - beta_x x"
    )
    receives = ("alpha", "current")
    rest, peak = -65.0, 40.0
    step_good = 0.1
    offers = ("lasting spike",)

    in_nest = (
        InNest(
            "hh_psc_alpha",
            same(
                "c_m g_na g_k g_l e_na e_k e_l t_ref tau_syn_ex tau_syn_in i_e v",
                m="Act_m",
                h="Inact_h",
                n="Act_n",
            ),
        ),
    )

    c_m = param(100.0, "pF", (1e-3, 1e6), "Membrane capacitance.", source="NEST 3.10")
    g_na = param(12000.0, "nS", (0, 1e9), "Sodium conductance, all channels open.", source="NEST 3.10")
    g_k = param(3600.0, "nS", (0, 1e9), "Potassium conductance, all channels open.", source="NEST 3.10")
    g_l = param(30.0, "nS", (0, 1e9), "Leak conductance.", source="NEST 3.10")
    e_na = param(50.0, "mV", (-200, 200), "Reversal of sodium.", source="NEST 3.10")
    e_k = param(-77.0, "mV", (-200, 200), "Reversal of potassium.", source="NEST 3.10")
    e_l = param(-54.402, "mV", (-200, 200), "Reversal of the leak.", source="NEST 3.10")
    t_ref = param(
        2.0, "ms", (0, 1e4), "Time after a spike in which a peak is no other spike.", source="NEST 3.10"
    )
    tau_syn_ex = param(0.2, "ms", (1e-3, 1e5), "When excitatory currents peak.", source="NEST 3.10")
    tau_syn_in = param(2.0, "ms", (1e-3, 1e5), "When inhibitory currents peak.", source="NEST 3.10")
    i_e = param(0.0, "pA", (-1e6, 1e6), "Constant current.", source="NEST 3.10")

    v = state(-65.0, "mV", "Membrane potential.")
    m = state(0.05293248525724958, "", "Activation of sodium; starts at rest.", (0, 1))
    h = state(0.5961207535084603, "", "What is left of sodium inactivation; starts at rest.", (0, 1))
    n = state(0.3176769140606974, "", "Activation of potassium; starts at rest.", (0, 1))
    di_ex = state(0.0, "pA/ms", "Rise of the excitatory current.")
    i_ex = state(0.0, "pA", "Excitatory synaptic current.")
    di_in = state(0.0, "pA/ms", "Rise of the inhibitory current.")
    i_in = state(0.0, "pA", "Inhibitory synaptic current.")
    v_was = state(-65.0, "mV", "Membrane potential of the step before.")
    peaked = state(0.0, "", "1 in the step in which the potential turned down from a spike.")
    r = state(0.0, "", "Steps of refractoriness left.")

    @staticmethod
    def derive(p, k, h):
        k.parts = -floor(0.001 - h / 0.02)
        part = h / k.parts
        k.half_ex = exp(-0.5 * part / p.tau_syn_ex)
        k.half_in = exp(-0.5 * part / p.tau_syn_in)
        k.start_ex = exp(1.0) / p.tau_syn_ex
        k.start_in = exp(1.0) / p.tau_syn_in
        k.steps = -floor(0.001 - p.t_ref / h)  # up to the next whole step, as NEST

    @staticmethod
    def pace(n, p, k, h):
        return k.parts

    @staticmethod
    def derivatives(n, p, k, inp, dn):
        y = 0.1 * (n.v + 55.0)
        y = where(abs(y) < 1e-6, 1e-6, y)
        a_n = -0.1 * y / expm1(-y)
        b_n = 0.125 * exp(-(n.v + 65.0) / 80.0)
        y = 0.1 * (n.v + 40.0)
        y = where(abs(y) < 1e-6, 1e-6, y)
        a_m = -y / expm1(-y)
        b_m = 4.0 * exp(-(n.v + 65.0) / 18.0)
        a_h = 0.07 * exp(-(n.v + 65.0) / 20.0)
        b_h = 1.0 / (1.0 + exp(-0.1 * (n.v + 35.0)))
        dn.v = (
            (p.i_e + inp.current + n.i_ex + n.i_in)
            - p.g_na * n.m * n.m * n.m * n.h * (n.v - p.e_na)
            - p.g_k * n.n * n.n * n.n * n.n * (n.v - p.e_k)
            - p.g_l * (n.v - p.e_l)
        ) / p.c_m
        dn.m = a_m * (1.0 - n.m) - b_m * n.m
        dn.h = a_h * (1.0 - n.h) - b_h * n.h
        dn.n = a_n * (1.0 - n.n) - b_n * n.n

    @staticmethod
    def decay(n, p, k, inp, h):
        n.i_ex = k.half_ex * (n.i_ex + h * n.di_ex)
        n.di_ex = k.half_ex * n.di_ex
        n.i_in = k.half_in * (n.i_in + h * n.di_in)
        n.di_in = k.half_in * n.di_in

    @staticmethod
    def integrate(n, p, k, inp, h):
        # A spike is noted when V turns down above 0 mV, outside the dead time.
        n.peaked = where(n.r == 0.0 and n.v >= 0.0 and n.v_was > n.v, 1.0, 0.0)
        n.r = max(n.r - 1.0, 0.0)
        n.v_was = n.v

    @staticmethod
    def receive(n, p, k, inp):
        n.di_ex = n.di_ex + k.start_ex * inp.ex
        n.di_in = n.di_in + k.start_in * inp.in_

    @staticmethod
    def fires(n, p):
        return n.peaked > 0.0

    @staticmethod
    def reset(n, p, k):
        n.r = k.steps
