"""Weight-dependent hazard: contacts form by chance, and the stronger one has become, the longer it stays.

Deger, Helias, Rotter & Diesmann (2012) PLoS Comput. Biol. 8:e1002689, doi:10.1371/journal.pcbi.1002689.
Contacts of one pair then cooperate without talking to each other: several together make the post neuron
follow the pre neuron, which strengthens each, so a pair ends with no contact or with a few.

This is Hebbian structural plasticity in the sense of Fauth & Tetzlaff (2016) Front. Neuroanat. 10:75,
doi:10.3389/fnana.2016.00075: what is strong stays.  Element growth is the homeostatic kind.
"""

from math import exp

from engine.declare import Structure, param, uniform, where


class Hazard(Structure, slug="hazard", label="Weight-dependent hazard", family="Turnover"):
    why = "its hazard struck; the weaker, the sooner"
    because = "a contact formed by chance"
    formula = "removal: kappa / (1 + (w/w_half)^steep);   creation: create, per vacant place"

    kappa = param(1e-4, "1/ms", (0, 10), "How often a contact of no weight is lost.", source="a choice")
    w_half = param(
        1.0,
        "",
        (1e-12, 1e9),
        "Weight at which it is lost half as often, in the weight's unit.",
        source="our choice: weights are told in units of it",
    )
    steep = param(4.0, "", (0, 100), "How sharply loss falls with weight; 0: not at all.", source="a choice")
    create = param(1e-6, "1/ms", (0, 10), "How often a vacant place for a contact fills.", source="a choice")
    sites = param(
        6.0, "", (0, 1000), "Places for contacts between one pair of neurons.", source="a choice", whole=True
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
        0.1,
        "",
        (0, 1e9),
        "Weight of a new synapse (its size; the sign is the population's).",
        source="our choice: a tenth of w_half: a new contact has to prove itself",
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
        "How often contacts are looked at.",
        source="our choice: far below the life of a contact",
    )

    @staticmethod
    def on_slow(syn, p, dt):
        loss = p.kappa / (1.0 + pow(syn.w / p.w_half, p.steep))
        syn.doomed = where(uniform() < 1.0 - exp(-loss * dt), 1.0, 0.0)

    @staticmethod
    def form(p):
        return p.create

    @staticmethod
    def nearness(d, p):
        return where(p.sigma > 0.0, exp(-pow(d / where(p.sigma > 0.0, p.sigma, 1.0), 2.0)), 1.0)

    @staticmethod
    def fastest(p):
        """The ms a contact of no weight lasts."""
        return 1.0 / p.kappa if p.kappa > 0.0 else float("inf")

    @staticmethod
    def loss(w, p):
        """Contacts lost per ms at weight `w`."""
        return p.kappa / (1.0 + (w / p.w_half) ** p.steep)
