"""Acetylcholine as relevance: what arrives from outside is learned faster, what is recalled is quieter.

Hasselmo (2006) Curr. Opin. Neurobiol. 16:710-715, doi:10.1016/j.conb.2006.09.002; Hasselmo & McGaughy (2004)
Prog. Brain Res. 145:207-231, doi:10.1016/S0079-6123(03)45015-2.  On afferent synapses give it a gain, on
recurrent ones let it suppress transmission: then new input is written and old memories do not answer for it.
"""

from engine.declare import Gate, clip, param, role


class Acetylcholine(Gate, slug="acetylcholine", label="Acetylcholine", family="Third factor"):
    formula = "dw -> (base + gain ACh) dw,   amplitude -> (1 - suppress min(ACh, 1)) amplitude"
    presets = {
        "Afferent": {"base": 0.2, "gain": 1.0, "suppress": 0.0},
        "Recurrent": {"base": 1.0, "gain": 0.0, "suppress": 0.7},
    }

    base = param(
        0.2,
        "",
        (0, 100),
        "Share of a change that passes without it.",
        source="our choice: a little passes unattended, so that the contrast can be seen",
    )
    gain = param(
        1.0,
        "",
        (0, 100),
        "How much more passes at a level of 1.",
        source="our choice: a full release lets all of a change pass",
    )
    suppress = param(
        0.0,
        "",
        (0, 1),
        "How much of transmission it takes away at a level of 1.",
        source="from memory of the paper",
    )
    tau_ach = param(
        1000.0,
        "ms",
        (1, 1e6),
        "How long acetylcholine lasts.",
        source="our choice: about a second, the order of phasic release",
    )

    ach = role("acetylcholine", tau="tau_ach", doc="Says that something matters.")

    @staticmethod
    def on_change(syn, mod, p):
        syn.dw *= p.base + p.gain * (mod.ach + mod.ach_rest)

    @staticmethod
    def transmit(syn, mod, p):
        syn.amount *= 1.0 - p.suppress * clip(mod.ach + mod.ach_rest, 0.0, 1.0)
