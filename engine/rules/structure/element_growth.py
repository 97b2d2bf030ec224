"""Element growth: neurons grow free boutons and spines until their calcium is right, and free ends meet.

Butz & van Ooyen (2013) PLoS Comput. Biol. 9:e1003259, doi:10.1371/journal.pcbi.1003259; Diaz-Pier, Naveau,
Butz-Ostendorf & Morrison (2016) Front. Neuroanat. 10:57, doi:10.3389/fnana.2016.00057.

Homeostatic structural plasticity in the sense of Fauth & Tetzlaff (2016) Front. Neuroanat. 10:75,
doi:10.3389/fnana.2016.00075: what is quiet grows.
"""

from math import exp, log, sqrt

from engine.declare import Structure, choice, param, where


class ElementGrowth(Structure, slug="element_growth", label="Element growth", family="Growth"):
    formula = "z' = nu (1 - Ca/eps),   or  nu (2 exp(-((Ca - xi)/zeta)^2) - 1),   or a sigmoid"
    why = "its neuron lost an element"
    seeks = "rate"

    curve = choice(
        "gaussian",
        ("linear", "gaussian", "sigmoid"),
        "How growth depends on calcium.",
        source="our choice: gaussian, the curve of Butz & van Ooyen (2013)",
    )
    nu = param(1e-4, "1/ms", (0, 1), "Fastest growth, in elements per ms.", source="NEST example")
    eta = param(
        0.0, "", (-10, 10), "Calcium below which elements are lost (gaussian).", source="NEST example"
    )
    eps = param(0.05, "", (1e-6, 10), "Calcium the neuron tries to keep.", source="NEST example")
    eta_pre = param(
        0.0,
        "",
        (-10, 10),
        "The same for boutons, where eps_pre is given.",
        source="our choice: 0: as for spines",
    )
    eps_pre = param(
        0.0,
        "",
        (0, 10),
        "Calcium the pre neuron tries to keep; 0: the same as the post neuron.",
        source="our choice: 0: as for spines",
    )
    psi = param(0.1, "", (1e-6, 10), "Width of the sigmoid.", source="NEST 3.10")
    tau_ca = param(10000.0, "ms", (1, 1e9), "Decay of calcium.", source="NEST 3.10")
    beta_ca = param(0.001, "", (1e-9, 10), "Calcium per spike.", source="NEST 3.10")
    update = param(10000.0, "ms", (0.1, 1e9), "How often free ends are matched.", source="NEST 3.10")
    sigma = param(
        0.0,
        "um",
        (0, 1e6),
        "Reach of growth: partners within about this distance; 0: anywhere.",
        source="our choice: off, so that nothing is added unasked",
    )
    kernel = choice(
        "gaussian",
        ("gaussian", "exponential"),
        "How the chance of a partner falls with distance over sigma.",
        source="our choice: gaussian, as Butz & van Ooyen (2013)",
    )
    torus = param(
        0.0,
        "um",
        (0, 1e7),
        "Side of a sheet that closes on itself; 0: a sheet with borders.",
        source="our choice: off, so that nothing is added unasked",
    )
    tau_vacant = param(0.0, "", (0, 1), "Share of free ends lost at each match.", source="NEST 3.10: 0.1")
    weight = param(
        1.0,
        "",
        (0, 1e9),
        "Weight of a new synapse (its size; the sign is the population's).",
        source="NEST 3.10, static_synapse",
    )
    delay = param(1.0, "ms", (1e-3, 1e4), "Delay of a new synapse.", source="NEST 3.10, static_synapse")
    speed = param(
        0.0,
        "m/s",
        (0, 1000),
        "Conduction: distance over speed adds to the delay; 0: nothing.",
        source="our choice: off, so that nothing is added unasked",
    )

    @staticmethod
    def grow(el, p, h):
        if p.curve == 0:
            el.z += p.nu * (h - p.tau_ca * (el.ca0 - el.ca1) / p.eps)
        elif p.curve == 1:
            xi = 0.5 * (p.eta + p.eps)
            zeta = (p.eta - p.eps) / (2.0 * sqrt(log(2.0)))
            off = (el.ca - xi) / zeta
            el.z += h * p.nu * (2.0 * exp(-off * off) - 1.0)
        else:
            el.z += h * p.nu * (2.0 / (1.0 + exp((el.ca - p.eps) / p.psi)) - 1.0)

    @staticmethod
    def nearness(d, p):
        return where(
            p.sigma > 0.0,
            exp(-pow(d / where(p.sigma > 0.0, p.sigma, 1.0), where(p.kernel == 0, 2.0, 1.0))),
            1.0,
        )

    @staticmethod
    def growth(ca, p):
        """Elements gained per ms at calcium `ca`."""
        if p.curve == 0:
            return p.nu * (1.0 - ca / p.eps)
        if p.curve == 1:
            xi = 0.5 * (p.eta + p.eps)
            zeta = (p.eta - p.eps) / (2.0 * sqrt(log(2.0)))
            return p.nu * (2.0 * exp(-(((ca - xi) / zeta) ** 2)) - 1.0)
        return p.nu * (2.0 / (1.0 + exp((ca - p.eps) / p.psi)) - 1.0)

    @staticmethod
    def set_point(p):
        """The rate (Hz) at which calcium is on its target."""
        return 1000.0 * p.eps / (p.beta_ca * p.tau_ca)

    @staticmethod
    def pace(p):
        """The ms it takes to grow one element."""
        return 1.0 / p.nu if p.nu > 0.0 else float("inf")
