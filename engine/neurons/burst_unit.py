"""Burst unit: a soma that spikes once, and in a burst when its dendrite is driven at the same time.

Naud & Sprekeler (2018) PNAS 115:E6329-E6338, doi:10.1073/pnas.1720995115, in the numbers of the authors' unit
as Auryn has it (`NaudGroup`); coincidence of a back-propagating spike with apical input: Larkum, Zhu &
Sakmann (1999) Nature 398:338-341, doi:10.1038/18686.  Fourth-order Runge-Kutta.
"""

from math import exp, floor

from engine.declare import Neuron, param, state, where

UNIT = "Auryn NaudGroup"


class BurstUnit(Neuron, slug="burst_unit", label="Burst unit", family="Dendrites"):
    formula = (
        "C_s V_s' = -(C_s/tau_s) (V_s - E_L) + g_s f(V_d) + b_s w_s + I_s,   "
        "C_d V_d' = -(C_d/tau_d) (V_d - E_L) + g_d f(V_d) + c_bap K(t - t_spike) + a_w w_d + I_d,   "
        "f = 1/(1 + exp(-(V_d - E_d)/D))"
    )
    receives = ("current", "dendrite")
    currents = ("dendrite_current",)
    events = ("burst",)
    in_steps = ("t_bap",)
    in_time = {"burst": "burst", "bursting": "bursting"}
    local = "v_d"
    rest, peak = "e_l", "v_th"

    c_s = param(370.0, "pF", (1e-3, 1e6), "Capacitance of the soma.", source=UNIT)
    tau_s = param(16.0, "ms", (1e-3, 1e5), "Time constant of the soma.", source=UNIT)
    g_s = param(1300.0, "pA", (0, 1e6), "Current of a plateau into the soma.", source=UNIT)
    b_s = param(-200.0, "pA", (-1e6, 1e6), "Adaptation current of one spike.", source=UNIT)
    tau_ws = param(100.0, "ms", (1e-3, 1e6), "Its decay.", source=UNIT)
    c_d = param(170.0, "pF", (1e-3, 1e6), "Capacitance of the dendrite.", source=UNIT)
    tau_d = param(7.0, "ms", (1e-3, 1e5), "Time constant of the dendrite.", source=UNIT)
    g_d = param(1200.0, "pA", (0, 1e6), "Current of a plateau into the dendrite.", source=UNIT)
    e_d = param(-38.0, "mV", (-200, 100), "Potential of the dendrite at half a plateau.", source=UNIT)
    d_d = param(6.0, "mV", (1e-3, 1e3), "How sharply a plateau sets in.", source=UNIT)
    c_bap = param(2600.0, "pA", (0, 1e6), "Current of a back-propagating spike.", source=UNIT)
    t_bap = param(2.0, "ms", (0, 100), "How long it flows.", source=UNIT)
    a_w = param(-13.0, "nS", (-1e4, 1e4), "How the dendrite's recovery acts on it.", source=UNIT)
    tau_wd = param(30.0, "ms", (1e-3, 1e6), "How fast that recovery follows.", source=UNIT)
    e_l = param(-70.0, "mV", (-200, 100), "Resting potential.", source=UNIT)
    v_th = param(-50.0, "mV", (-200, 100), "Threshold of a rested soma.", source=UNIT)
    v_reset = param(-70.0, "mV", (-200, 100), "Potential of the soma after a spike.", source=UNIT)
    th_jump = param(2.0, "mV", (0, 100), "How much a spike raises the threshold.", source=UNIT)
    tau_th = param(27.0, "ms", (1e-3, 1e5), "How fast it comes down again.", source=UNIT)
    tau_syn = param(5.0, "ms", (1e-3, 1e5), "Decay of synaptic currents.", source="Auryn NaudGroup, AMPA")
    burst_isi = param(
        16.0, "ms", (1e-3, 1e3), "Spikes nearer than this are a burst.", source="Naud & Sprekeler 2018"
    )
    i_e = param(
        0.0,
        "pA",
        (-1e6, 1e6),
        "Constant current into the soma.",
        source="our choice: no current, as NEST's I_e",
    )
    i_d = param(
        0.0,
        "pA",
        (-1e6, 1e6),
        "Constant current into the dendrite.",
        source="our choice: no current, as NEST's I_e",
    )

    v = state("e_l", "mV", "Potential of the soma.")
    v_d = state("e_l", "mV", "Potential of the dendrite.")
    w_s = state(0.0, "", "Spikes the soma has not recovered from.")
    w_d = state(0.0, "mV", "Recovery of the dendrite.")
    theta = state(0.0, "mV", "How far the threshold is raised.")
    i_syn = state(0.0, "pA", "Synaptic current into the soma.")
    i_apical = state(0.0, "pA", "Synaptic current into the dendrite.")
    running = state(0.0, "", "Steps for which the back-propagating current still flows.")
    since = state(1e6, "ms", "Time since the last spike.")
    bursting = state(0.0, "", "1 from the second spike of a burst to its last.")
    burst = state(0.0, "", "1 in the step of the second spike of a burst.")

    @staticmethod
    def derive(p, k, h):
        k.half_syn = exp(-0.5 * h / p.tau_syn)
        k.fade_ws = exp(-h / p.tau_ws)
        k.fade_th = exp(-h / p.tau_th)
        k.steps = -floor(0.001 - p.t_bap / h)

    @staticmethod
    def derivatives(n, p, k, inp, dn):
        to_soma = p.i_e + inp.current + p.b_s * n.w_s
        to_dendrite = p.i_d + inp.dendrite_current + where(n.running > 0.0, p.c_bap, 0.0)
        plateau = 1.0 / (1.0 + exp(-(n.v_d - p.e_d) / p.d_d))
        dn.v = (p.e_l - n.v) / p.tau_s + (p.g_s * plateau + to_soma + n.i_syn) / p.c_s
        dn.v_d = (p.e_l - n.v_d) / p.tau_d + (
            p.g_d * plateau + p.a_w * n.w_d + to_dendrite + n.i_apical
        ) / p.c_d
        dn.w_d = (n.v_d - p.e_l - n.w_d) / p.tau_wd

    @staticmethod
    def decay(n, p, k, inp, h):
        n.i_syn = k.half_syn * n.i_syn
        n.i_apical = k.half_syn * n.i_apical

    @staticmethod
    def integrate(n, p, k, inp, h):
        n.w_s = k.fade_ws * n.w_s
        n.theta = k.fade_th * n.theta
        n.running = max(n.running - 1.0, 0.0)
        n.since = min(n.since + h, 1e6)
        n.burst = 0.0

    @staticmethod
    def receive(n, p, k, inp):
        n.i_syn = n.i_syn + inp.ex + inp.in_
        n.i_apical = n.i_apical + inp.dendrite

    @staticmethod
    def fires(n, p):
        return n.v >= p.v_th + n.theta

    @staticmethod
    def reset(n, p, k):
        n.burst = where(n.since < p.burst_isi and n.bursting == 0.0, 1.0, 0.0)
        n.bursting = where(n.since < p.burst_isi, 1.0, 0.0)
        n.since = 0.0
        n.v = p.v_reset
        n.w_s = n.w_s + 1.0
        n.theta = n.theta + p.th_jump
        n.running = k.steps
