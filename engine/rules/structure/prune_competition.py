"""Pruning by competition: of inputs that carry the same signal the surplus is lost, even when it is strong.

The inputs of a neuron, from whatever projection carries the card, share a limited resource that keeps them.
Whoever is active at a moment shares the portion of that moment: an input that is active alone takes all of
it, inputs that are active together must make do with parts.  Once the surplus is gone, the one that is left
has the portion to itself.

Competition for a limited resource: Purves & Lichtman (1980) Science 210:153-157, doi:10.1126/science.7414326;
van Ooyen (2001) Network 12:R1-R47, doi:10.1088/0954-898X/12/1/201.  This form, with its moments, is ours.
"""

from math import exp

from engine.declare import INFINITY, Structure, field, param, total, trace, uniform, where


class PruneCompetition(Structure, slug="prune_competition", label="Prune the redundant", family="Pruning"):
    why = "its share of the resource went to inputs with the same signal"
    formula = (
        "tau_hold hold' = (room c - hold C) / (C + idle W),   c = a w^keen,   C = sum c,   W = sum w^keen;   "
        "loss = (1/tau_loss) [1 - hold]+^2"
    )

    presets = {"a few inputs": {"room": 2.6}, "tens of inputs": {"room": 20.0}, "hundreds": {"room": 100.0}}

    room = param(
        2.6,
        "",
        (0, 1e6),
        "The resource: how many different signals, equally active, a neuron can keep.",
        source="our choice: two and a little: of three inputs, two of them alike, one goes",
    )
    keen = param(
        1.0,
        "",
        (0, 10),
        "How much the weight of an input helps it to take more than its rivals.",
        source="our choice: in proportion to the weight",
    )
    tau_claim = param(
        10.0,
        "ms",
        (0.1, 1e6),
        "How near in time inputs must be active to share a portion.",
        source="our choice: the width of a window of spike timing",
    )
    tau_hold = param(
        10000.0,
        "ms",
        (1, 1e13),
        "How long an input lives on what it holds.",
        source="our choice: slower than a burst, fast enough to be watched",
    )
    tau_loss = param(
        7000.0,
        "ms",
        (1e-3, 1e13),
        "Life of an input that holds nothing.",
        source="our choice: seconds here, days in life: watched within half a minute",
    )
    idle = param(
        0.02,
        "",
        (0, 1e6),
        "Activity at which half of the resource is handed out.",
        source="our choice: small, so that a silent moment hands out little",
    )
    update = param(
        20.0,
        "ms",
        (0.1, 1e6),
        "How often the resource is handed out.",
        source="our choice: twice tau_claim: portions of one claim are handed out once",
    )

    a = trace("pre", tau="tau_claim", doc="Activity of the input just now.")
    hold = field(
        1.0, "", "What the input holds of the resource; with 1 it is safe.", slow=True, limits=(0, INFINITY)
    )
    claimed = total("claim", "", "What all inputs of the neuron claim just now.")
    wanted = total("appetite", "", "What they would claim if all were active.")

    @staticmethod
    def claim(syn, pre, post, p):
        return pre.a * pow(syn.w, p.keen)

    @staticmethod
    def appetite(syn, pre, post, p):
        return pow(syn.w, p.keen)

    @staticmethod
    def on_slow(syn, pre, post, p, dt):
        pot = post.claimed + p.idle * post.wanted
        given = where(pot > 0.0, (1.0 - exp(-dt / p.tau_hold)) / where(pot > 0.0, pot, 1.0), 0.0)
        syn.hold += given * (p.room * pre.a * pow(syn.w, p.keen) - syn.hold * post.claimed)
        risk = where(syn.hold < 1.0, 1.0 - syn.hold, 0.0)
        syn.doomed = where(uniform() < 1.0 - exp(-risk * risk * dt / p.tau_loss), 1.0, 0.0)
