"""Two compartments with back-propagation: a soma that spikes, a dendrite that hears of it a little later.

A somatic spike runs back into the dendrite and arrives there as a short deflection `b` of the local potential
u = V_d + b, which synaptic drive, magnesium block and plasticity all see.  It arrives weaker, later and
broader the further out: Magee & Johnston (1997) Science 275:209-213, doi:10.1126/science.275.5297.209;
Sjostrom & Hausser (2006) Neuron 51:227-238, doi:10.1016/j.neuron.2006.06.017.  A depolarised dendrite boosts
a weak one.  The form of the unit is our own, and b does not feed back to the soma.  Fourth-order Runge-Kutta.
"""

from math import exp, floor, log

from engine.declare import INFINITY, Neuron, choice, param, state, where

OURS = "our own unit, calibrated on the pairing of 5 at 10 Hz"


class TwoCompBap(Neuron, slug="two_comp_bap", label="Two compartments, back-propagation", family="Dendrites"):
    formula = (
        "C_s V_s' = -g_s (V_s - E_L) + g_c (V_d - V_s) + I_s,   "
        "C_d V_d' = -g_d (V_d - E_L) + g_c (V_s - V_d) - g_E (u - E_ex) - g_I (u - E_in) + I_d,   "
        "u = V_d + b,   b -> b + beta A_b"
    )
    receives = ("conductance", "nmda")
    currents = ("dendrite_current",)
    events = ("bap",)
    learns_from = "bap"
    runs_back = "bap"
    local = "u"
    in_steps = ("t_spike",)
    offers = ("lasting spike",)
    rest, peak = "e_l", "v_th"
    presets = {
        "proximal": dict(distance=50.0),
        "distal": dict(distance=600.0),
        "dendrite blocked (TTX)": dict(blocked="yes"),
    }

    c_s = param(281.0, "pF", (1e-3, 1e6), "Capacitance of the soma.", source=OURS)
    c_d = param(150.0, "pF", (1e-3, 1e6), "Capacitance of the dendrite.", source=OURS)
    g_s = param(30.0, "nS", (0, 1e6), "Leak of the soma.", source=OURS)
    g_d = param(10.0, "nS", (0, 1e6), "Leak of the dendrite.", source=OURS)
    g_c = param(8.0, "nS", (0, 1e6), "Coupling of the two.", source=OURS)
    e_l = param(-70.6, "mV", (-200, 100), "Resting potential.", source="Brette & Gerstner 2005")
    e_ex = param(0.0, "mV", (-200, 200), "Reversal of excitation.", source="NEST 3.10")
    e_in = param(-85.0, "mV", (-200, 200), "Reversal of inhibition.", source="NEST 3.10")
    tau_e = param(5.0, "ms", (1e-3, 1e5), "Decay of excitation.", source=OURS)
    tau_i = param(5.0, "ms", (1e-3, 1e5), "Decay of inhibition.", source=OURS)
    tau_rise = param(2.0, "ms", (1e-3, 1e4), "Opening of NMDA receptors.", source="NEST 3.10, iaf_bw_2001")
    tau_decay = param(100.0, "ms", (1e-3, 1e5), "Closing of NMDA receptors.", source="NEST 3.10, iaf_bw_2001")
    mg = param(1.0, "mM", (0, 100), "Magnesium outside.", source="NEST 3.10, iaf_bw_2001")
    k_mg = param(3.57, "mM", (1e-6, 1e6), "Magnesium that blocks half at 0 mV.", source="Jahr & Stevens 1990")
    s_mg = param(0.062, "1/mV", (0, 10), "How the block eases with voltage.", source="Jahr & Stevens 1990")
    v_th = param(-50.4, "mV", (-200, 100), "Threshold of the soma.", source="Brette & Gerstner 2005")
    v_spike = param(
        33.0, "mV", (-200, 200), "Where a spike holds the soma.", source="Clopath 2010, as in NEST"
    )
    t_spike = param(2.0, "ms", (1e-3, 100), "How long it does.", source="Clopath 2010, as in NEST")
    after = param(15.0, "mV", (-100, 100), "How far above rest the soma is left.", source=OURS)
    distance = param(
        0.0,
        "um",
        (0, 5000),
        "How far out the synapses sit.",
        source="our choice: at the soma, where nothing is lost on the way",
    )
    beta = param(
        1.0, "", (0, 1), "Share of the back-propagating spike that arrives at distance 0.", source=OURS
    )
    blocked = choice(
        "no",
        ("no", "yes"),
        "Whether nothing runs back, as with TTX on the dendrite.",
        source="our choice: an untreated dendrite",
    )
    delay_b = param(1.0, "ms", (0, 5), "How late it arrives at distance 0; at least one step.", source=OURS)
    a_b = param(100.0, "mV", (0, 500), "Height of the back-propagating spike.", source=OURS)
    tau_b = param(3.0, "ms", (1e-3, 1e3), "Its decay, at distance 0.", source=OURS)
    lambda_b = param(
        430.0, "um", (1, 1e5), "Distance over which it falls e-fold.", source="from memory of reviews"
    )
    v_b = param(
        400.0, "um/ms", (1, 1e6), "How fast it runs.", source="0.3 to 0.5 m/s, from memory of reviews"
    )
    x_w = param(500.0, "um", (1, 1e6), "Distance at which it lasts twice as long.", source=OURS)
    boost = choice(
        "far",
        ("far", "off", "on"),
        "Whether depolarisation of the dendrite lets it through (far: from 200 um on).",
        source="our choice: off near the soma; the far dendrite is what it is for",
    )
    v_boost = param(
        -63.0, "mV", (-200, 100), "Potential of the dendrite at which half is let through.", source=OURS
    )
    k_boost = param(1.5, "mV", (1e-3, 100), "How sharply.", source=OURS)
    returns = choice(
        "no",
        ("no", "yes"),
        "Whether b drives the soma too (an after-depolarisation).",
        source="our choice: off: the back-propagating spike does not fire the soma again",
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
    v_d = state("e_l", "mV", "Potential of the dendrite without b.")
    u = state("e_l", "mV", "Local potential where the synapses sit, v_d + b.")
    b = state(0.0, "mV", "Deflection by back-propagating spikes.")
    bap = state(0.0, "", "Share of a back-propagating spike that arrives in this step, 0 in any other.")
    g_ex = state(0.0, "nS", "Excitatory conductance of the dendrite.", (0, INFINITY))
    g_in = state(0.0, "nS", "Inhibitory conductance of the dendrite.", (0, INFINITY))
    nmda_rise = state(0.0, "nS", "The part of the NMDA conductance that fades with tau_rise.")
    nmda_decay = state(0.0, "nS", "The part of the NMDA conductance that fades with tau_decay.")
    r = state(0.0, "", "Steps of the spike left.")
    due = state(0.0, "", "Steps until the next back-propagating spike arrives.")
    due_next = state(0.0, "", "Steps until the one behind it arrives.")

    @staticmethod
    def derive(p, k, h):
        k.half_ex = exp(-0.5 * h / p.tau_e)
        k.half_in = exp(-0.5 * h / p.tau_i)
        k.half_rise = exp(-0.5 * h / p.tau_rise)
        k.half_decay = exp(-0.5 * h / p.tau_decay)
        k.half_b = exp(-0.5 * h / (p.tau_b * (1.0 + p.distance / p.x_w)))
        top = p.tau_rise * p.tau_decay / (p.tau_decay - p.tau_rise) * log(p.tau_decay / p.tau_rise)
        k.one = 1.0 / (exp(-top / p.tau_decay) - exp(-top / p.tau_rise))  # so that a weight is a peak
        k.magnesium = p.mg / p.k_mg
        k.share = p.beta * exp(-p.distance / p.lambda_b)
        k.boosted = where(p.boost == 2 or (p.boost == 0 and p.distance > 200.0), 1.0, 0.0)
        k.travel = max(1.0, floor((p.delay_b + p.distance / p.v_b) / h + 0.5))
        k.steps = -floor(0.001 - p.t_spike / h)

    @staticmethod
    def way_back(p):
        """How long (ms) a spike runs to the synapses, and which share arrives with the dendrite at rest."""
        share = p.beta * exp(-p.distance / p.lambda_b)
        return p.delay_b + p.distance / p.v_b, where(p.blocked == 1, 0.0, share)

    @staticmethod
    def derivatives(n, p, k, inp, dn):
        free = where(n.r == 0.0, 1.0, 0.0)
        u = n.v_d + n.b
        taken = (n.nmda_decay - n.nmda_rise) / (1.0 + k.magnesium * exp(-p.s_mg * u))
        dn.v = (
            free
            * (p.g_c * (n.v_d + p.returns * n.b - n.v) - p.g_s * (n.v - p.e_l) + (p.i_e + inp.current))
            / p.c_s
        )
        dn.v_d = (
            p.g_c * (n.v - n.v_d)
            - p.g_d * (n.v_d - p.e_l)
            - (n.g_ex + taken) * (u - p.e_ex)
            - n.g_in * (u - p.e_in)
            + (p.i_d + inp.dendrite_current)
        ) / p.c_d

    @staticmethod
    def decay(n, p, k, inp, h):
        n.g_ex = k.half_ex * n.g_ex
        n.g_in = k.half_in * n.g_in
        n.nmda_rise = k.half_rise * n.nmda_rise
        n.nmda_decay = k.half_decay * n.nmda_decay
        n.b = k.half_b * n.b

    @staticmethod
    def integrate(n, p, k, inp, h):
        if n.r > 0.0:
            n.r = n.r - 1.0
            n.v = where(n.r == 0.0, p.e_l + p.after, p.v_spike)

        n.bap = 0.0
        if n.due > 0.0:
            n.due = n.due - 1.0
            n.due_next = max(n.due_next - 1.0, 0.0)
            if n.due == 0.0:
                n.due = n.due_next
                n.due_next = 0.0
                let = 1.0 / (1.0 + exp(-(n.v_d - p.v_boost) / p.k_boost))
                n.bap = where(p.blocked == 1, 0.0, k.share + k.boosted * (1.0 - k.share) * let)
                n.b = n.b + n.bap * p.a_b
        n.u = n.v_d + n.b

    @staticmethod
    def receive(n, p, k, inp):
        n.g_ex = n.g_ex + inp.ex
        n.g_in = n.g_in - inp.in_
        n.nmda_rise = n.nmda_rise + k.one * abs(inp.nmda)
        n.nmda_decay = n.nmda_decay + k.one * abs(inp.nmda)

    @staticmethod
    def fires(n, p):
        return n.r == 0.0 and n.v >= p.v_th

    @staticmethod
    def reset(n, p, k):
        n.v = p.v_spike
        n.r = k.steps
        n.due_next = where(n.due > 0.0, k.travel, 0.0)
        n.due = where(n.due > 0.0, n.due, k.travel)
