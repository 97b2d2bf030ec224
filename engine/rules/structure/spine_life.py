"""Spine life cycle: thin new spines mostly vanish within days; a few that stay strong become lasting ones.

Holtmaat et al. (2005) Neuron 45:279-291, doi:10.1016/j.neuron.2005.01.003; Grutzendler, Kasthuri & Gan (2002)
Nature 420:812-816, doi:10.1038/nature01276; Trachtenberg et al. (2002) Nature 420:788-794,
doi:10.1038/nature01273.  In balance the share of persistent spines is s tau_p / (1 + s tau_p).
"""

from math import exp

from engine.declare import INFINITY, Structure, field, param, uniform, where


class SpineLife(Structure, slug="spine_life", label="Spine life cycle", family="Turnover"):
    why = "a spine withdrew"
    because = "a filopodium found a bouton"
    spine = "persistent"
    head = "size"
    formula = (
        "transient: lost at 1/tau_t, persistent at s <w > w_c>;   "
        "persistent: lost at (2/tau_p) / (1 + (w/w_p)^4);   vacant: k_f"
    )
    presets = {
        "mouse S1, P16-25": {"s": 0.00096},
        "mouse S1, P35-80": {"s": 0.0021},
        "mouse S1, P80-120": {"s": 0.00346},
        "mouse S1, P175-225": {"s": 0.0048},
    }

    tau_t = param(3.0, "d", (1e-6, 1e6), "Life of a transient spine.", source="a choice, after Holtmaat 2005")
    tau_p = param(
        560.0, "d", (1e-6, 1e9), "Life of a persistent spine of weight w_p.",
        source="half-life above 13 months, Grutzendler 2002",
    )  # fmt: skip
    s = param(
        0.0048, "1/d", (0, 1e6), "How often a strong transient spine becomes persistent.",
        source="73 % persistent at P175-225, Holtmaat 2005",
    )  # fmt: skip
    w_p = param(
        1.0,
        "",
        (1e-12, 1e9),
        "Weight of a persistent spine that lives tau_p, in the weight's unit.",
        source="our choice: weights are told in units of a persistent spine",
    )
    w_c = param(
        0.5,
        "",
        (0, 1e9),
        "Weight a spine must keep to become persistent, in the weight's unit.",
        source="our choice: half a persistent spine",
    )
    average = param(1.0, "d", (1e-6, 1e6), "Over how long it must keep it.", source="a choice")
    tau_size = param(
        0.02, "d", (1e-9, 1e6), "How fast the head follows the weight.",
        source="about half an hour, from memory of Matsuzaki et al. 2004",
    )  # fmt: skip
    k_f = param(0.01, "1/d", (0, 1e6), "How often a vacant place for a contact fills.", source="a choice")
    sites = param(
        1.0,
        "",
        (0, 1000),
        "Places for contacts between one pair of neurons.",
        whole=True,
        source="our choice: one contact for a pair of neurons",
    )
    sigma = param(
        0.0,
        "um",
        (0, 1e6),
        "Reach: partners within about this distance; 0: anywhere.",
        source="our choice: off, so that nothing is added unasked",
    )
    torus = param(
        0.0,
        "um",
        (0, 1e7),
        "Side of a sheet that closes on itself; 0: a sheet with borders.",
        source="our choice: off, so that nothing is added unasked",
    )
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
    update = param(
        1000.0,
        "ms",
        (0.1, 1e9),
        "How often spines are looked at.",
        source="our choice: a second is far below any life of a spine, compressed or not",
    )

    persistent = field(0.0, "", "0: transient, 1: persistent.", slow=True, limits=(0, 1))
    age = field(0.0, "d", "Time since it formed.", slow=True, limits=(0, INFINITY))
    strong = field(1.0, "", "Share of the last days in which it was strong enough.", slow=True, limits=(0, 1))
    size = field("weight", "", "Size of the head, which follows the weight.", slow=True, limits=(0, INFINITY))

    @staticmethod
    def on_slow(syn, p, dt):
        days = dt / 86400000.0
        syn.age += days
        syn.size += (syn.w - syn.size) * (1.0 - exp(-days / p.tau_size))
        syn.strong += (where(syn.w >= p.w_c, 1.0, 0.0) - syn.strong) * (1.0 - exp(-days / p.average))
        lasting = syn.persistent > 0.5
        loss = where(lasting, 2.0 / (p.tau_p * (1.0 + pow(syn.w / p.w_p, 4.0))), 1.0 / p.tau_t)
        leave = loss + where(lasting, 0.0, p.s * syn.strong)
        happens = uniform() < 1.0 - exp(-leave * days)
        vanishes = uniform() * leave < loss
        syn.doomed = where(happens and vanishes, 1.0, 0.0)
        syn.persistent = where(lasting or (happens and not vanishes), 1.0, 0.0)

    @staticmethod
    def form(p):
        return p.k_f / 86400000.0

    @staticmethod
    def nearness(d, p):
        return where(p.sigma > 0.0, exp(-pow(d / where(p.sigma > 0.0, p.sigma, 1.0), 2.0)), 1.0)

    @staticmethod
    def fastest(p):
        """The ms a transient spine lasts."""
        return 86400000.0 / (1.0 / p.tau_t + p.s)

    @staticmethod
    def loss(w, p):
        """Persistent spines lost per day at weight `w`."""
        return 2.0 / (p.tau_p * (1.0 + (w / p.w_p) ** 4))
