"""Acetylcholine, then dopamine: a pairing under acetylcholine weakens, and dopamine soon after turns it into
strength.

Brzosko, Zannone, Schultz, Clopath & Paulsen (2017) eLife 6:e27756, doi:10.7554/eLife.27756 (numbers of their
script, ModelDB 233396).  Under acetylcholine both orders of a pair depress; the pair also leaves a tag of
some seconds.  When dopamine comes, the depression booked while the tag was loaded is given back and the tag
becomes potentiation: their reset to the weight of the trial's start, for a life without trials.  Where the
weight met a bound, what is given back is what was booked, not what was left.
"""

from math import exp

from engine.declare import INFINITY, Gate, clip, field, param, role


class AchDopamine(Gate, slug="ach_dopamine", label="Acetylcholine, then dopamine", family="Third factor"):
    formula = (
        "W = abs(dw),   dw = -eta_ach ACh W at a pair,   e' = -e/tau_e + W,   "
        "b' = -b/tau_e + eta_ach ACh W,   dw = eta_da e + b at dopamine"
    )
    presets = {
        "Brzosko 2017": {"eta_ach": 0.002, "eta_da": 0.01, "tau_e": 2000.0},
        "Without acetylcholine": {"eta_ach": 0.0, "eta_da": 0.01, "tau_e": 2000.0},
    }

    eta_ach = param(
        0.002,
        "",
        (0, 10),
        "Depression by a pair, per proposed change, at a level of 1.",
        source="ModelDB 233396",
    )
    eta_da = param(0.01, "", (0, 10), "Potentiation of the tag by one release.", source="ModelDB 233396")
    tau_e = param(2000.0, "ms", (1, 1e6), "How long a pair can still be rewarded.", source="ModelDB 233396")
    tau_ach = param(
        500.0,
        "ms",
        (1, 1e6),
        "How long acetylcholine lasts.",
        source="our choice: half a second of a release; a bath is its tonic",
    )

    ach = role("acetylcholine", tau="tau_ach", doc="Turns pairs of either order into depression.")
    da = role("dopamine", doc="Turns the tag into potentiation.")
    e = field(0.0, "", "Tag: pairs that can still be rewarded.", slow=True, limits=(0, INFINITY))
    b = field(0.0, "", "Depression that dopamine would give back.", slow=True, limits=(0, INFINITY))

    @staticmethod
    def on_change(syn, mod, p):
        size = abs(syn.dw)
        booked = p.eta_ach * (mod.ach + mod.ach_rest) * size
        syn.e += size
        syn.b += booked
        syn.dw = -booked

    @staticmethod
    def advance(syn, p, dt):
        left = exp(-dt / p.tau_e)
        syn.e *= left
        syn.b *= left

    @staticmethod
    def on_release(syn, mod, p):
        share = clip(mod.da_dose, 0.0, 1.0)
        syn.dw += share * (p.eta_da * syn.e + syn.b)
        syn.e -= share * syn.e
        syn.b -= share * syn.b
