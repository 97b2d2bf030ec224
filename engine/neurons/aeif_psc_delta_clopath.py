"""AdEx with a held spike: the neuron whose potential the voltage rule of Clopath et al. was fitted with.

Clopath, Buesing, Vasilaki & Gerstner (2010) Nat. Neurosci. 13:344-352, doi:10.1038/nn.2479; parameters as
NEST `aeif_psc_delta_clopath`.  A spike is held at `v_clamp` for `t_clamp`, leaves a depolarising current
`z` and lifts the threshold, which then comes back.  Fourth-order Runge-Kutta, in shorter parts where the
potential nears its threshold.
"""

from math import exp, floor

from engine.declare import Neuron, param, state, where


class AeifPscDeltaClopath(
    Neuron, slug="aeif_psc_delta_clopath", label="AdEx, held spike", family="Integrate and fire"
):
    formula = (
        "C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th)/Delta_T) - w + z + I_e,   "
        "tau_w dw/dt = a (V - E_L) - w,   tau_z dz/dt = -z,   tau_Vth dV_th/dt = V_th_rest - V_th"
    )
    receives = ("delta",)
    rest, peak = "e_l", "v_th_rest"
    local_mean = "v_mean"
    in_steps = ("t_clamp", "t_ref")
    offers = ("lasting spike",)

    c_m = param(281.0, "pF", (1e-3, 1e6), "Membrane capacitance.", source="NEST 3.10")
    g_l = param(30.0, "nS", (1e-6, 1e6), "Leak conductance.", source="NEST 3.10")
    e_l = param(-70.6, "mV", (-200, 100), "Reversal of the leak.", source="NEST 3.10")
    delta_t = param(2.0, "mV", (0, 100), "Sharpness of the upswing; 0: none.", source="NEST 3.10")
    v_peak = param(33.0, "mV", (-200, 200), "Where the upswing ends in a spike.", source="NEST 3.10")
    v_reset = param(-60.0, "mV", (-200, 100), "Potential after the held spike.", source="NEST 3.10")
    v_clamp = param(33.0, "mV", (-200, 200), "Potential at which the spike is held.", source="NEST 3.10")
    t_clamp = param(2.0, "ms", (0, 1e3), "How long the spike is held.", source="NEST 3.10")
    t_ref = param(0.0, "ms", (0, 1e4), "Time at v_reset after the held spike.", source="NEST 3.10")
    v_th_rest = param(-50.4, "mV", (-200, 200), "Threshold at rest.", source="NEST 3.10")
    v_th_max = param(30.4, "mV", (-200, 200), "Threshold just after a spike.", source="NEST 3.10")
    tau_v_th = param(50.0, "ms", (1e-3, 1e6), "How the threshold comes back.", source="NEST 3.10")
    a = param(4.0, "nS", (-1e4, 1e4), "How adaptation follows the potential.", source="NEST 3.10")
    b = param(80.5, "pA", (-1e6, 1e6), "Jump of adaptation at a spike.", source="NEST 3.10")
    tau_w = param(144.0, "ms", (1e-3, 1e6), "Decay of adaptation.", source="NEST 3.10")
    i_sp = param(400.0, "pA", (-1e6, 1e6), "Depolarising current after a spike.", source="NEST 3.10")
    tau_z = param(40.0, "ms", (1e-3, 1e6), "Decay of that current.", source="NEST 3.10")
    i_e = param(0.0, "pA", (-1e6, 1e6), "Constant current.", source="NEST 3.10")

    v = state("e_l", "mV", "Membrane potential.")
    v_mean = state("e_l", "mV", "Potential averaged over the last step.")
    v_th = state("v_th_rest", "mV", "Threshold now.")
    w = state(0.0, "pA", "Adaptation current.")
    z = state(0.0, "pA", "Depolarising current after a spike.")
    clamp = state(0.0, "", "Steps for which the spike is still held.")
    r = state(0.0, "", "Steps of refractoriness left.")
    takes = state(1.0, "", "1 while spikes move the potential, 0 while they are lost to a held spike.")
    area = state(0.0, "", "Potential summed over the parts of this step.")
    spiked = state(0.0, "", "1 in the step in which the potential reached its peak.")

    @staticmethod
    def derive(p, k, h):
        k.slope = where(p.delta_t > 0.0, p.delta_t, 1.0)
        k.held = -floor(0.001 - p.t_clamp / h)  # up to the next whole step, as NEST
        k.steps = -floor(0.001 - p.t_ref / h)

    @staticmethod
    def pace(n, p, k, h):
        return (
            h
            / where(
                n.clamp + n.r > 0.0,
                h,
                where(n.v > n.v_th + p.delta_t, 0.005, where(n.v > n.v_th - 4.0 * p.delta_t, 0.01, 0.05)),
            )
            - 1e-6
        )

    @staticmethod
    def derivatives(n, p, k, inp, dn):
        u = min(n.v, p.v_peak)
        up = where(p.delta_t > 0.0, p.g_l * p.delta_t * exp((u - n.v_th) / k.slope), 0.0)
        dv = (up - p.g_l * (u - p.e_l) - n.w + n.z + (p.i_e + inp.current)) / p.c_m
        dn.v = where(n.clamp + n.r > 0.0, 0.0, dv)
        dn.w = where(n.clamp > 0.0, 0.0, (p.a * (u - p.e_l) - n.w) / p.tau_w)

    @staticmethod
    def decay(n, p, k, inp, h):
        n.z = n.z * exp(-h / p.tau_z)
        n.v_th = p.v_th_rest + (n.v_th - p.v_th_rest) * exp(-h / p.tau_v_th)

    @staticmethod
    def substep(n, was, p, k, inp, h):
        if n.clamp > 0.0:
            n.area = n.area + h * p.v_clamp
        elif n.r > 0.0:
            n.area = n.area + h * p.v_reset
        else:
            n.v = min(n.v, p.v_peak + 1.0)
            n.area = n.area + 0.5 * h * (min(was.v, p.v_peak) + min(n.v, p.v_peak))
        peak = where(p.delta_t > 0.0, p.v_peak, n.v_th)
        if n.v >= peak and n.clamp == 0.0 and n.r == 0.0:
            n.v = p.v_clamp
            n.w = n.w + p.b
            n.z = p.i_sp
            n.v_th = p.v_th_max
            n.clamp = k.held + 1.0
            n.spiked = 2.0

    @staticmethod
    def integrate(n, p, k, inp, h):
        n.v_mean = n.area / h
        n.area = 0.0
        n.spiked = where(n.spiked == 2.0, 1.0, 0.0)  # substep leaves a 2
        n.takes = where(n.clamp + n.r > 0.0, 0.0, 1.0)
        if n.clamp == 1.0:
            n.v = p.v_reset
            n.r = where(k.steps > 0.0, k.steps + 1.0, 0.0)
        elif n.r > 0.0:
            n.v = p.v_reset
        n.clamp = max(n.clamp - 1.0, 0.0)
        n.r = max(n.r - 1.0, 0.0)

    @staticmethod
    def receive(n, p, k, inp):
        if n.takes > 0.0:
            n.v = n.v + (inp.ex + inp.in_)

    @staticmethod
    def fires(n, p):
        return n.spiked > 0.0 or (n.v >= where(p.delta_t > 0.0, p.v_peak, n.v_th) and n.clamp + n.r == 0.0)

    @staticmethod
    def reset(n, p, k):
        if n.spiked == 0.0:  # by one large jump, or by hand
            n.v = p.v_clamp
            n.w = n.w + p.b
            n.z = p.i_sp
            n.v_th = p.v_th_max
            n.clamp = k.held
