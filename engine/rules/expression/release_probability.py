"""Release probability: a change is stored presynaptically, as more or less likely release of transmitter.

Zakharenko, Zablow & Siegelbaum (2001) Nat. Neurosci. 4:711-717, doi:10.1038/89500; that short-term plasticity
changes with it: Markram & Tsodyks (1996) Nature 382:807-810, doi:10.1038/382807a0.
"""

from engine.declare import Expression, param, where


class ReleaseProbability(
    Expression, slug="release_probability", label="Release probability", family="Presynaptic"
):
    formula = "P -> P + dw/q,   w = P q"

    p_start = param(
        0.5,
        "",
        (0, 1),
        "Release probability before learning, where short-term plasticity names none.",
        source="our choice: half, so that it can move either way",
    )

    @staticmethod
    def apply(syn, p):
        syn.dP += where(syn.q > 0.0, syn.dw / where(syn.q > 0.0, syn.q, 1.0), 0.0)
