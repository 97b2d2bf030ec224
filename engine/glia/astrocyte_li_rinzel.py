"""Li-Rinzel astrocyte: glutamate raises IP3, IP3 releases calcium, calcium waves release gliotransmitter.

Li & Rinzel (1994) J. Theor. Biol. 166:461-473, doi:10.1006/jtbi.1994.1041, with the numbers of NEST
`astrocyte_lr_1994`; gliotransmitter and its effect on release: De Pitta, Volman, Berry & Ben-Jacob (2011)
PLoS Comput. Biol. 7:e1002293, doi:10.1371/journal.pcbi.1002293.  D-serine is released when
calcium rises too (Henneberger et al. 2010, doi:10.1038/nature08673).  Fourth-order Runge-Kutta, medium clock.
"""

from math import exp, expm1

from engine.declare import INFINITY, Astrocyte, clip, param, state, where


class AstrocyteLiRinzel(
    Astrocyte, slug="astrocyte_li_rinzel", label="Astrocyte, Li-Rinzel", family="Astrocytes"
):
    formula = "Ca' = J_channel + J_leak - J_pump + J_in,   IP3' = (IP3_0 - IP3)/tau_IP3 + glutamate"
    receives = ("current", "conductance")
    aliases = {"ca": "ca_astro"}

    ca_tot = param(2.0, "uM", (1e-3, 1e3), "Total free calcium.", source="NEST 3.10")
    ip3_0 = param(0.16, "uM", (0, 1e3), "IP3 at rest.", source="NEST 3.10")
    kd_ip3_1 = param(0.13, "uM", (1e-6, 1e3), "First IP3 dissociation constant.", source="NEST 3.10")
    kd_ip3_2 = param(0.9434, "uM", (1e-6, 1e3), "Second IP3 dissociation constant.", source="NEST 3.10")
    kd_act = param(0.08234, "uM", (1e-6, 1e3), "Calcium activation of the channel.", source="NEST 3.10")
    kd_inh = param(1.049, "uM", (1e-6, 1e3), "Calcium inhibition of the channel.", source="NEST 3.10")
    km_serca = param(0.1, "uM", (1e-6, 1e3), "Half activation of the pump.", source="NEST 3.10")
    ratio_er_cyt = param(
        0.185, "", (1e-3, 1e2), "Volume of the store against the cytosol.", source="NEST 3.10"
    )
    rate_ip3r = param(0.006, "1/ms", (0, 10), "Fastest flow through the channel.", source="NEST 3.10")
    rate_l = param(0.00011, "1/ms", (0, 10), "Leak from the store.", source="NEST 3.10")
    rate_serca = param(0.0009, "uM/ms", (0, 10), "Fastest pumping into the store.", source="NEST 3.10")
    k_ip3r = param(0.0002, "1/(uM ms)", (0, 10), "Binding of calcium that inhibits.", source="NEST 3.10")
    tau_ip3 = param(7142.0, "ms", (1, 1e7), "Decay of IP3.", source="NEST 3.10")
    delta_ip3 = param(0.0002, "uM", (0, 10), "IP3 made per spike and unit weight.", source="NEST 3.10")
    c_theta = param(
        0.3,
        "uM",
        (0, 10),
        "Calcium at which gliotransmitter is released.",
        source="0.5 in De Pitta's G-ChI model; Li-Rinzel waves peak lower",
    )
    u_a = param(0.6, "", (0, 1), "Share of gliotransmitter released at once.", source="De Pitta 2011")
    omega_a = param(0.0006, "1/ms", (0, 10), "Refilling of gliotransmitter.", source="De Pitta 2011")
    g_t = param(200.0, "mM", (0, 1e4), "Gliotransmitter in the vesicles.", source="De Pitta 2011")
    rho_e = param(6.5e-4, "", (0, 1), "Vesicle volume against the space outside.", source="De Pitta 2011")
    omega_e = param(0.06, "1/ms", (1e-6, 10), "Clearance of gliotransmitter.", source="De Pitta 2011")
    o_g = param(0.0015, "1/(uM ms)", (0, 10), "Binding to presynaptic receptors.", source="De Pitta 2011")
    omega_g = param(0.5 / 60000.0, "1/ms", (0, 10), "Recovery of those receptors.", source="De Pitta 2011")
    alpha = param(
        0.0, "", (0, 1), "Release that full activation drives a synapse to.", source="De Pitta 2011"
    )

    d_theta = param(0.3, "uM", (0, 10), "Calcium at which D-serine is released.", source="as c_theta")
    d_release = param(1.0, "uM", (0, 1e3), "D-serine that one rise of calcium brings.", source="a choice")
    tau_d = param(10000.0, "ms", (1, 1e7), "How long D-serine stays.", source="a choice")
    d_added = param(
        0.0, "uM", (0, 1e4), "D-serine added to the bath.", source="our choice: an untreated slice"
    )
    ca_clamp = param(
        0.0,
        "uM",
        (0, 10),
        "Holds calcium at this by a buffer; 0 lets it go.",
        source="our choice: an untreated slice",
    )
    tau_heard = param(
        10000.0,
        "ms",
        (1, 1e7),
        "Over how long it averages what its synapses release.",
        source="our choice: about one cycle of calcium",
    )

    ip3 = state("ip3_0", "uM", "Inositol trisphosphate.", (0, INFINITY))
    ca_astro = state(0.073, "uM", "Calcium in the cytosol.", (0, INFINITY))
    h_ip3r = state(0.793, "", "Share of channels that are not inhibited.", (0, 1))
    x_a = state(1.0, "", "Gliotransmitter that is available.", (0, 1))
    g_a = state(0.0, "uM", "Gliotransmitter outside the astrocyte.", (0, INFINITY))
    gamma = state(0.0, "", "Share of presynaptic receptors that are activated.", (0, 1))
    d_released = state(0.0, "uM", "D-serine it has released itself.", (0, INFINITY))
    d_serine = state("d_added", "uM", "D-serine around its synapses, the bath included.", (0, INFINITY))
    heard = state(0.0, "Hz", "How often its synapses release, all together.", (0, INFINITY))
    puff = state(0.0, "", "Set it to 1 to release gliotransmitter by hand.")

    @staticmethod
    def derivatives(n, p, k, inp, dn):
        c = n.ca_astro
        m = n.ip3 / (n.ip3 + p.kd_ip3_1) * c / (c + p.kd_act)
        store = (p.ca_tot - c) / p.ratio_er_cyt - c
        open_share = m * n.h_ip3r
        dn.ca_astro = (
            p.ratio_er_cyt * (p.rate_ip3r * open_share * open_share * open_share + p.rate_l) * store
            - p.rate_serca * c * c / (p.km_serca * p.km_serca + c * c)
            + inp.current
        )
        dn.h_ip3r = p.k_ip3r * (
            p.kd_inh * (n.ip3 + p.kd_ip3_1) / (n.ip3 + p.kd_ip3_2) * (1.0 - n.h_ip3r) - c * n.h_ip3r
        )

    @staticmethod
    def decay(n, p, k, inp, h):
        aim = p.ip3_0 + p.tau_ip3 * inp.flux
        n.ip3 = aim + (n.ip3 - aim) * exp(-h / p.tau_ip3)

    @staticmethod
    def integrate(n, was, p, k, inp, h):
        n.ca_astro = clip(n.ca_astro, 0.0, p.ca_tot)
        n.ca_astro = where(p.ca_clamp > 0.0, p.ca_clamp, n.ca_astro)
        n.ip3 = n.ip3 + p.delta_ip3 * inp.ex

        n.x_a = 1.0 - (1.0 - n.x_a) * exp(-h * p.omega_a)
        mean = -n.g_a * expm1(-h * p.omega_e) / (h * p.omega_e)
        n.g_a = n.g_a * exp(-h * p.omega_e)
        rate = p.o_g * mean + p.omega_g
        aim = p.o_g * mean / max(rate, 1e-30)
        n.gamma = aim + (n.gamma - aim) * exp(-rate * h)
        if n.puff > 0.0 or (was.ca_astro < p.c_theta and n.ca_astro >= p.c_theta):
            n.puff = 0.0
            n.g_a = n.g_a + 1000.0 * p.rho_e * p.g_t * p.u_a * n.x_a
            n.x_a = n.x_a - p.u_a * n.x_a

        n.d_released = n.d_released * exp(-h / p.tau_d)
        if was.ca_astro < p.d_theta and n.ca_astro >= p.d_theta:
            n.d_released = n.d_released + p.d_release
        n.d_serine = n.d_released + p.d_added
        n.heard = n.heard * exp(-h / p.tau_heard) + 1000.0 * inp.ex / p.tau_heard
