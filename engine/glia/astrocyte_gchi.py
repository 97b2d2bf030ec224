"""G-ChI astrocyte: transmitter outside wakes receptors, receptors make IP3, IP3 releases calcium in waves.

De Pitta, Goldberg, Volman, Berry & Ben-Jacob (2009) J. Biol. Phys. 35:383-411, doi:10.1007/s10867-009-9155-y;
with receptors and the numbers of Stimberg, Goodman, Brette & De Pitta (2019) in Computational Glioscience,
doi:10.1007/978-3-030-00817-8_18.  Gliotransmitter: De Pitta et al. (2011) PLoS Comput. Biol. 7:e1002293;
D-serine: Henneberger et al. (2010) Nature 463:232-236.  The transmitter of a territory diffuses away, and
spills on its neighbours, or is taken up; to split its clearance so is a choice.  Runge-Kutta, medium clock.
"""

from math import exp, expm1, tanh

from engine.declare import INFINITY, Astrocyte, clip, param, state, where


class AstrocyteGchi(Astrocyte, slug="astrocyte_gchi", label="Astrocyte, G-ChI", family="Astrocytes"):
    step_most = 50.0
    formula = (
        "G' = O_N Y (1 - G) - Omega_N (1 + zeta C/(C + K_KC)) G,   "
        "I' = O_beta G + J_delta - J_3K - Omega_5P I + J_ex,   "
        "C' = J_r + J_l - J_p,   h' = O_2 (Q_2 (1 - h) - C h)"
    )
    presets = {
        "receptors (Stimberg 2)": {
            "k_p": 0.1, "o_beta": 5.0, "o_delta": 0.2, "k_delta": 0.3,
            "omega_5p": 0.1, "k_d": 0.5, "f_ex": 0.09,
        },
        "IP3 alone (Stimberg 3)": {
            "k_p": 0.05, "o_beta": 0.0, "o_delta": 0.6, "k_delta": 0.1,
            "omega_5p": 0.05, "k_d": 0.7, "f_ex": 2.0,
        },
        "network (Stimberg 4)": {
            "k_p": 0.05, "o_beta": 3.2, "o_delta": 0.6, "k_delta": 0.1,
            "omega_5p": 0.05, "k_d": 0.7, "f_ex": 2.0,
        },
    }  # fmt: skip

    o_n = param(
        0.3,
        "1/(uM s)",
        (0, 10000.0),
        "Binding of transmitter to the astrocyte's receptors.",
        source="Stimberg 2019",
    )
    omega_n = param(0.5, "1/s", (0, 10000.0), "Their inactivation.", source="Stimberg 2019")
    k_kc = param(
        0.5,
        "uM",
        (1e-06, 1000.0),
        "Calcium that half activates the kinase which ends it.",
        source="Stimberg 2019",
    )
    zeta = param(10.0, "", (0, 10000.0), "How much faster that kinase ends it.", source="Stimberg 2019")
    o_beta = param(5.0, "uM/s", (0, 10000.0), "IP3 made by activated receptors.", source="Stimberg 2019")
    o_delta = param(0.2, "uM/s", (0, 10000.0), "IP3 made because calcium is there.", source="Stimberg 2019")
    kappa_delta = param(1.5, "uM", (1e-06, 1000.0), "IP3 that halves it.", source="Stimberg 2019")
    k_delta = param(0.3, "uM", (1e-06, 1000.0), "Calcium that half activates it.", source="Stimberg 2019")
    o_3k = param(
        4.5,
        "uM/s",
        (0, 10000.0),
        "Fastest breakdown of IP3 by the calcium-driven kinase.",
        source="Stimberg 2019",
    )
    k_d = param(
        0.5, "uM", (1e-06, 1000.0), "Calcium that half activates that kinase.", source="Stimberg 2019"
    )
    k_3 = param(1.0, "uM", (1e-06, 1000.0), "IP3 at which it works half as fast.", source="Stimberg 2019")
    omega_5p = param(0.1, "1/s", (0, 10000.0), "Breakdown of IP3 otherwise.", source="Stimberg 2019")
    i_bias = param(
        0.0,
        "uM",
        (0, 1000.0),
        "IP3 of a pipette that it exchanges with; 0 is no pipette.",
        source="our choice: no pipette",
    )
    f_ex = param(0.09, "uM/s", (0, 10000.0), "Strongest flux from the pipette.", source="Stimberg 2019")
    i_theta = param(0.3, "uM", (0, 1000.0), "Difference of IP3 that opens the way.", source="Stimberg 2019")
    omega_i = param(0.05, "uM", (1e-06, 1000.0), "How sharply it opens.", source="Stimberg 2019")
    c_t = param(2.0, "uM", (0.001, 1000.0), "Total free calcium.", source="Stimberg 2019")
    rho_a = param(
        0.18, "", (0.001, 100.0), "Volume of the store against the cytosol.", source="Stimberg 2019"
    )
    omega_c = param(
        6.0, "1/s", (0, 10000.0), "Fastest flow through the IP3 channels.", source="Stimberg 2019"
    )
    omega_l = param(0.1, "1/s", (0, 10000.0), "Leak from the store.", source="Stimberg 2019")
    o_p = param(0.9, "uM/s", (0, 10000.0), "Fastest pumping into the store.", source="Stimberg 2019")
    k_p = param(0.1, "uM", (1e-06, 1000.0), "Half activation of the pump.", source="Stimberg 2019")
    d1 = param(0.13, "uM", (1e-06, 1000.0), "Binding of IP3 to the channel.", source="Stimberg 2019")
    d2 = param(1.05, "uM", (1e-06, 1000.0), "Inactivation of the channel by calcium.", source="Stimberg 2019")
    d3 = param(0.9434, "uM", (1e-06, 1000.0), "Unbinding of IP3 from it.", source="Stimberg 2019")
    d5 = param(0.08, "uM", (1e-06, 1000.0), "Activation of the channel by calcium.", source="Stimberg 2019")
    o_2 = param(
        0.2, "1/(uM s)", (0, 10000.0), "Binding of the calcium that inactivates.", source="Stimberg 2019"
    )
    ca_clamp = param(
        0.0,
        "uM",
        (0, 10),
        "Holds calcium at this by a buffer; 0 lets it go.",
        source="our choice: an untreated slice",
    )
    y_t = param(
        500.0, "mM", (0, 10000.0), "Transmitter in the vesicles of its synapses.", source="De Pitta 2011"
    )
    rho_c = param(0.005, "", (0, 1), "Their volume against the cleft.", source="De Pitta 2011")
    omega_diff = param(
        10.0,
        "1/s",
        (0.001, 100000.0),
        "Transmitter that diffuses out of a cleft.",
        source="a choice; 40 with uptake as in De Pitta 2011",
    )
    omega_up = param(
        30.0,
        "1/s",
        (0, 100000.0),
        "Transmitter that is taken up.",
        source="a choice; 40 with diffusion as in De Pitta 2011",
    )
    uptake = param(
        1.0,
        "",
        (0, 1),
        "Share of the transporters that work; 0 is a blocker.",
        source="our choice: an untreated slice",
    )
    glutamine = param(
        1.0,
        "",
        (0, 1),
        "Supply from which terminals refill their vesicles; 0 is a blocker.",
        source="our choice: an untreated slice",
    )
    spill_share = param(
        0.05, "", (0, 1), "What diffuses out of one cleft, thinned by the space between.", source="a choice"
    )
    omega_out = param(
        2.0, "1/s", (0.001, 100000.0), "How fast spilled transmitter leaves the territory.", source="a choice"
    )
    c_theta = param(
        0.5, "uM", (0, 10), "Calcium at which gliotransmitter is released.", source="De Pitta 2011"
    )
    u_a = param(0.6, "", (0, 1), "Share of gliotransmitter released at once.", source="De Pitta 2011")
    omega_a = param(0.6, "1/s", (0, 10000.0), "Refilling of gliotransmitter.", source="De Pitta 2011")
    g_t = param(200.0, "mM", (0, 10000.0), "Gliotransmitter in the vesicles.", source="De Pitta 2011")
    rho_e = param(0.00065, "", (0, 1), "Vesicle volume against the space outside.", source="De Pitta 2011")
    omega_e = param(60.0, "1/s", (0.001, 10000.0), "Clearance of gliotransmitter.", source="De Pitta 2011")
    o_g = param(1.5, "1/(uM s)", (0, 10000.0), "Binding to presynaptic receptors.", source="De Pitta 2011")
    omega_g = param(0.5 / 60.0, "1/s", (0, 10000.0), "Recovery of those receptors.", source="De Pitta 2011")
    alpha = param(
        0.0, "", (0, 1), "Release that full activation drives a synapse to.", source="De Pitta 2011"
    )
    d_theta = param(0.5, "uM", (0, 10), "Calcium at which D-serine is released.", source="as c_theta")
    d_release = param(1.0, "uM", (0, 1000.0), "D-serine that one rise of calcium brings.", source="a choice")
    tau_d = param(10000.0, "ms", (1, 10000000.0), "How long D-serine stays.", source="a choice")
    d_added = param(
        0.0, "uM", (0, 10000.0), "D-serine added to the bath.", source="our choice: an untreated slice"
    )
    tau_heard = param(
        10000.0,
        "ms",
        (1, 10000000.0),
        "Over how long it averages what its synapses release.",
        source="our choice: about one cycle of calcium",
    )

    gamma_a = state(0.0, "", "Share of the astrocyte's receptors that are activated.", (0, 1))
    ip3 = state(0.1, "uM", "Inositol trisphosphate.", (0, INFINITY))
    ca = state(0.05, "uM", "Calcium in the cytosol.", (0, INFINITY))
    h_ip3r = state(0.9, "", "Share of channels that are not inhibited.", (0, 1))
    cleft = state(0.0, "uM", "Transmitter in the clefts of its territory, summed over them.", (0, INFINITY))
    spill = state(0.0, "uM", "Transmitter that has spilled between them.", (0, INFINITY))
    x_a = state(1.0, "", "Gliotransmitter that is available.", (0, 1))
    g_a = state(0.0, "uM", "Gliotransmitter outside the astrocyte.", (0, INFINITY))
    gamma = state(0.0, "", "Share of presynaptic receptors that are activated.", (0, 1))
    d_released = state(0.0, "uM", "D-serine it has released itself.", (0, INFINITY))
    d_serine = state("d_added", "uM", "D-serine around its synapses, the bath included.", (0, INFINITY))
    heard = state(0.0, "Hz", "How much its synapses release per second, in vesicle pools.", (0, INFINITY))
    puff = state(0.0, "", "Set it to 1 to release gliotransmitter by hand.")

    @staticmethod
    def derivatives(n, p, k, inp, dn):
        i = n.ip3
        c = n.ca
        a = n.h_ip3r
        q = p.d2 * (i + p.d1) / (i + p.d3)
        o = i / (i + p.d1) * c / (c + p.d5) * a
        cc = c * c
        kept = cc * cc / (cc * cc + p.k_d * p.k_d * p.k_d * p.k_d)
        apart = i - p.i_bias
        drawn = 0.5 * p.f_ex * (1.0 + tanh((abs(apart) - p.i_theta) / p.omega_i))
        drawn = where(p.i_bias > 0.0, where(apart > 0.0, drawn, where(apart < 0.0, -drawn, 0.0)), 0.0)
        made = p.o_beta * n.gamma_a + p.o_delta / (1.0 + i / p.kappa_delta) * cc / (
            cc + p.k_delta * p.k_delta
        )
        out = (p.omega_c * o * o * o + p.omega_l) * (p.c_t - (1.0 + p.rho_a) * c)
        # Its constants are per second, a step is in ms.
        dn.ip3 = 0.001 * (made - p.o_3k * kept * i / (i + p.k_3) - p.omega_5p * i - drawn) + inp.flux
        dn.ca = 0.001 * (out - p.o_p * cc / (cc + p.k_p * p.k_p)) + inp.current
        dn.h_ip3r = 0.001 * (p.o_2 * (q * (1.0 - a) - c * a))

    @staticmethod
    def decay(n, p, k, inp, h):
        t = 0.001 * h
        clear = p.omega_diff + p.omega_up * p.uptake
        before = n.cleft
        n.cleft = before * exp(-t * clear)
        mean = 0.5 * (before + n.cleft)
        rate = p.o_n * mean + p.omega_n * (1.0 + p.zeta * n.ca / (n.ca + p.k_kc))
        aim = p.o_n * mean / max(rate, 1e-30)
        n.gamma_a = aim + (n.gamma_a - aim) * exp(-t * rate)
        leave = p.omega_up * p.uptake + p.omega_out
        spilled = p.spill_share * p.omega_diff * (before - n.cleft) / clear
        n.spill = n.spill * exp(-t * leave) - spilled * expm1(-t * leave) / (t * leave)

    @staticmethod
    def integrate(n, was, p, k, inp, h):
        t = 0.001 * h
        n.ip3 = max(n.ip3, 0.0)
        n.ca = where(p.ca_clamp > 0.0, p.ca_clamp, clip(n.ca, 0.0, p.c_t))
        n.cleft = n.cleft + 1000.0 * p.rho_c * p.y_t * inp.ex
        n.heard = n.heard * exp(-h / p.tau_heard) + 1000.0 * inp.ex / p.tau_heard

        n.x_a = 1.0 - (1.0 - n.x_a) * exp(-t * p.omega_a)
        mean = -n.g_a * expm1(-t * p.omega_e) / (t * p.omega_e)
        n.g_a = n.g_a * exp(-t * p.omega_e)
        rate = p.o_g * mean + p.omega_g
        aim = p.o_g * mean / max(rate, 1e-30)
        n.gamma = aim + (n.gamma - aim) * exp(-rate * t)
        if n.puff > 0.0 or (was.ca < p.c_theta and n.ca >= p.c_theta):
            n.puff = 0.0
            n.g_a = n.g_a + 1000.0 * p.rho_e * p.g_t * p.u_a * n.x_a
            n.x_a = n.x_a - p.u_a * n.x_a

        n.d_released = n.d_released * exp(-h / p.tau_d)
        if was.ca < p.d_theta and n.ca >= p.d_theta:
            n.d_released = n.d_released + p.d_release
        n.d_serine = n.d_released + p.d_added
