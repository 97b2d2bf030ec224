"""AdEx: an integrate-and-fire neuron with an exponential upswing of the spike and an adaptation current.

Brette & Gerstner (2005) J. Neurophysiol. 94:3637-3642, doi:10.1152/jn.00686.2005; firing patterns of Naud,
Marcille, Clopath & Gerstner (2008) Biol. Cybern. 99:335-347, doi:10.1007/s00422-008-0264-7; defaults as NEST
`aeif_cond_exp`.  Fourth-order Runge-Kutta, in shorter parts where the potential nears its threshold; a spike
resets the potential inside the step in which it happens.
"""

from math import exp, floor, log

from engine.declare import INFINITY, InNest, Neuron, param, same, state, where


class AeifCondExp(Neuron, slug="aeif_cond_exp", label="AdEx", family="Integrate and fire"):
    formula = (
        "C_m dV/dt = -g_L (V - E_L) + g_L Delta_T exp((V - V_th)/Delta_T) - g_ex (V - E_ex) "
        "- g_in (V - E_in) - w + I_e,   tau_w dw/dt = a (V - E_L) - w"
    )
    receives = ("conductance",)
    rest, peak = "e_l", "v_th"
    presets = {
        "tonic": dict(
            c_m=200.0, g_l=10.0, e_l=-70.0, v_th=-50.0, delta_t=2.0, a=2.0, tau_w=30.0, b=0.0,
            v_reset=-58.0, i_e=500.0),
        "adapting": dict(
            c_m=200.0, g_l=12.0, e_l=-70.0, v_th=-50.0, delta_t=2.0, a=2.0, tau_w=300.0, b=60.0,
            v_reset=-58.0, i_e=500.0),
        "initial burst": dict(
            c_m=130.0, g_l=18.0, e_l=-58.0, v_th=-50.0, delta_t=2.0, a=4.0, tau_w=150.0, b=120.0,
            v_reset=-50.0, i_e=400.0),
        "regular bursting": dict(
            c_m=200.0, g_l=10.0, e_l=-58.0, v_th=-50.0, delta_t=2.0, a=2.0, tau_w=120.0, b=100.0,
            v_reset=-46.0, i_e=210.0),
        "delayed accelerating": dict(
            c_m=200.0, g_l=12.0, e_l=-70.0, v_th=-50.0, delta_t=2.0, a=-10.0, tau_w=300.0, b=0.0,
            v_reset=-58.0, i_e=300.0),
        "delayed regular bursting": dict(
            c_m=100.0, g_l=10.0, e_l=-65.0, v_th=-50.0, delta_t=2.0, a=-10.0, tau_w=90.0, b=30.0,
            v_reset=-47.0, i_e=110.0),
        "transient": dict(
            c_m=100.0, g_l=10.0, e_l=-65.0, v_th=-50.0, delta_t=2.0, a=10.0, tau_w=90.0, b=100.0,
            v_reset=-47.0, i_e=180.0),
        "irregular": dict(
            c_m=100.0, g_l=12.0, e_l=-60.0, v_th=-50.0, delta_t=2.0, a=-11.0, tau_w=130.0, b=30.0,
            v_reset=-48.0, i_e=160.0),
    }  # fmt: skip

    in_nest = (
        InNest(
            "aeif_cond_exp",
            same(
                "c_m g_l e_l e_ex e_in v_th v_reset t_ref tau_syn_ex tau_syn_in i_e v delta_t v_peak "
                "tau_w a b w"
            ),
        ),
    )

    c_m = param(281.0, "pF", (1e-3, 1e6), "Membrane capacitance.", source="Brette & Gerstner 2005")
    g_l = param(30.0, "nS", (1e-6, 1e6), "Leak conductance.", source="Brette & Gerstner 2005")
    e_l = param(-70.6, "mV", (-200, 100), "Reversal of the leak.", source="Brette & Gerstner 2005")
    v_th = param(-50.4, "mV", (-200, 100), "Where the upswing begins.", source="Brette & Gerstner 2005")
    delta_t = param(
        2.0,
        "mV",
        (0, 100),
        "Sharpness of the upswing; 0: a plain threshold.",
        source="Brette & Gerstner 2005",
    )
    v_peak = param(0.0, "mV", (-200, 200), "Where the upswing ends in a spike.", source="NEST 3.10")
    v_reset = param(-60.0, "mV", (-200, 100), "Potential after a spike.", source="NEST 3.10")
    tau_w = param(144.0, "ms", (1e-3, 1e6), "Decay of adaptation.", source="Brette & Gerstner 2005")
    a = param(
        4.0, "nS", (-1e4, 1e4), "How adaptation follows the potential.", source="Brette & Gerstner 2005"
    )
    b = param(80.5, "pA", (-1e6, 1e6), "Jump of adaptation at a spike.", source="Brette & Gerstner 2005")
    t_ref = param(
        0.1,
        "ms",
        (0, 1e4),
        "Time at v_reset after a spike.",
        source="NEST 3.10: 0, with which one step may hold several spikes; here it holds one",
    )
    e_ex = param(0.0, "mV", (-200, 200), "Reversal of excitation.", source="NEST 3.10")
    e_in = param(-85.0, "mV", (-200, 200), "Reversal of inhibition.", source="NEST 3.10")
    tau_syn_ex = param(0.2, "ms", (1e-3, 1e5), "Decay of excitatory conductances.", source="NEST 3.10")
    tau_syn_in = param(2.0, "ms", (1e-3, 1e5), "Decay of inhibitory conductances.", source="NEST 3.10")
    i_e = param(0.0, "pA", (-1e6, 1e6), "Constant current.", source="NEST 3.10")

    v = state("e_l", "mV", "Membrane potential.")
    w = state(0.0, "pA", "Adaptation current.")
    g_ex = state(0.0, "nS", "Excitatory conductance.", (0, INFINITY))
    g_in = state(0.0, "nS", "Inhibitory conductance.", (0, INFINITY))
    spiked = state(0.0, "", "1 in the step in which the potential reached its peak.")
    r = state(0.0, "", "Steps of refractoriness left.")

    @staticmethod
    def derive(p, k, h):
        k.peak = where(p.delta_t > 0.0, p.v_peak, p.v_th)
        k.steep = 1.0 / where(p.delta_t > 0.0, p.delta_t, 1.0)
        begins = where(p.delta_t > 0.0, p.v_th, 1e6)  # a plain threshold has no upswing
        k.near = begins + p.delta_t * where(h <= 0.1001, log(p.c_m / p.g_l), -2.0)
        k.over = begins + p.delta_t * where(h <= 0.1001, log(3.0 * p.c_m / p.g_l), 1.0)
        k.per_c = 1.0 / p.c_m
        k.steps = -floor(0.001 - p.t_ref / h)  # up to the next whole step, as NEST

    @staticmethod
    def pace(n, p, k, h):
        # By where drive may take V within the step: from there the upswing alone would reach infinity after
        # (C / g_L) exp(-(V - V_th) / Delta_T): more than 1 ms below `near`, less than a third above `over`.
        return (
            h
            / where(
                n.v + h * k.per_c * max(p.i_e - n.w + n.g_ex * (p.e_ex - n.v), 0.0) > k.over,
                0.005,
                where(
                    n.v + h * k.per_c * max(p.i_e - n.w + n.g_ex * (p.e_ex - n.v), 0.0) > k.near, 0.025, 0.1
                ),
            )
            - 1e-6
        )

    @staticmethod
    def derivatives(n, p, k, inp, dn):
        bounded = min(n.v, k.peak)
        upswing = where(p.delta_t > 0.0, p.g_l * p.delta_t * exp((bounded - p.v_th) * k.steep), 0.0)
        dv = (
            upswing
            - p.g_l * (bounded - p.e_l)
            - n.g_ex * (bounded - p.e_ex)
            - n.g_in * (bounded - p.e_in)
            - n.w
            + (p.i_e + inp.current)
        ) * k.per_c
        dn.v = where(n.r > 0.0, 0.0, dv)
        dn.w = (p.a * (bounded - p.e_l) - n.w) / p.tau_w

    @staticmethod
    def decay(n, p, k, inp, h):
        n.g_ex = n.g_ex * exp(-h / p.tau_syn_ex)
        n.g_in = n.g_in * exp(-h / p.tau_syn_in)

    @staticmethod
    def substep(n, p, k, inp, h):
        if n.v >= k.peak and n.r == 0.0:
            n.v = p.v_reset
            n.w = n.w + p.b
            n.spiked = 2.0
            n.r = where(k.steps > 0.0, k.steps + 1.0, 0.0)

    @staticmethod
    def integrate(n, p, k, inp, h):
        n.spiked = where(n.spiked == 2.0, 1.0, 0.0)  # substep leaves a 2
        if n.r > 0.0:
            n.v = p.v_reset
            n.r = n.r - 1.0

    @staticmethod
    def receive(n, p, k, inp):
        n.g_ex = n.g_ex + inp.ex
        n.g_in = n.g_in - inp.in_

    @staticmethod
    def fires(n, p):
        return n.spiked > 0.0

    @staticmethod
    def reset(n, p, k):
        if n.spiked == 0.0:  # a spike by hand
            n.v = p.v_reset
            n.w = n.w + p.b
            n.r = k.steps
