"""Push and pull: which way a pair changes a synapse is set by which of two receptor pathways is on.

Seol, Ziburkus, Huang, Song, Kim, Takamiya, Huganir, Lee & Kirkwood (2007) Neuron 55:919-929,
doi:10.1016/j.neuron.2007.08.013.  Receptors coupled to adenylyl cyclase (beta-adrenergic) enable
potentiation, those coupled to phospholipase C (M1 muscarinic) depression.  With one of them alone every pair
potentiates, or depresses, whatever its order; with both the order decides; with none nothing changes.
What both pathways have in common passes as the pair proposed it, what one has more than the other has its
own sign: our form of their table of signs.
"""

from engine.declare import Gate, clip, param, role


class PushPull(Gate, slug="push_pull", label="Push and pull", family="Third factor"):
    formula = "dw -> kappa_both dw + (kappa_AC - kappa_PLC) abs(dw),   kappa_both = min(kappa_AC, kappa_PLC)"
    presets = {
        "Seol 2007": {"gain_ac": 1.0, "gain_plc": 1.0},
        "Stronger pull": {"gain_ac": 0.5, "gain_plc": 1.0},
    }

    tau_ac = param(
        1000.0,
        "ms",
        (1, 1e6),
        "How long the beta-adrenergic pathway stays on.",
        source="our choice: seconds are seen in slices; one keeps a demonstration short",
    )
    tau_plc = param(
        1000.0,
        "ms",
        (1, 1e6),
        "How long the M1 muscarinic pathway stays on.",
        source="our choice: as tau_ac, so that neither side wins by lasting",
    )
    gain_ac = param(
        1.0,
        "",
        (0, 1e3),
        "How fully a level of 1 turns potentiation on.",
        source="our choice: one release turns it on fully",
    )
    gain_plc = param(
        1.0,
        "",
        (0, 1e3),
        "How fully a level of 1 turns depression on.",
        source="our choice: one release turns it on fully",
    )

    ac = role("noradrenaline", tau="tau_ac", doc="Enables potentiation.")
    plc = role("acetylcholine", tau="tau_plc", doc="Enables depression.")

    @staticmethod
    def on_change(syn, mod, p):
        push = clip(p.gain_ac * (mod.ac + mod.ac_rest), 0.0, 1.0)
        pull = clip(p.gain_plc * (mod.plc + mod.plc_rest), 0.0, 1.0)
        syn.dw = min(push, pull) * syn.dw + (push - pull) * abs(syn.dw)
