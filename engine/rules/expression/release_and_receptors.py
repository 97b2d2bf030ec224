"""Both sides: a change is stored partly in release probability, partly in the receptors.

Sjostrom, Turrigiano & Nelson (2007) J. Neurophysiol. 98:3568-3574, doi:10.1152/jn.00895.2007: potentiation is
both pre- and postsynaptic, timing-dependent depression presynaptic.
"""

from engine.declare import Expression, param, where


class ReleaseAndReceptors(
    Expression, slug="release_and_receptors", label="Release and receptors", family="Pre- and postsynaptic"
):
    formula = "P -> P + s dw/q,   q -> q + (1 - s) dw/P,   w = P q;   s = share_up or share_down"
    presets = {
        "half and half": {"share_up": 0.5, "share_down": 0.5},
        "visual cortex": {"share_up": 0.5, "share_down": 1.0},
    }

    share_up = param(
        0.5,
        "",
        (0, 1),
        "Share of a potentiation that is presynaptic.",
        source="our choice: half and half: where potentiation goes is what the card is there to vary",
    )
    share_down = param(
        1.0, "", (0, 1), "Share of a depression that is presynaptic.", source="paper: all of it"
    )
    p_start = param(
        0.5,
        "",
        (0, 1),
        "Release probability before learning, where short-term plasticity names none.",
        source="our choice: half, so that it can move either way",
    )

    @staticmethod
    def apply(syn, p):
        share = where(syn.dw > 0.0, p.share_up, p.share_down)
        syn.dP += where(syn.q > 0.0, share * syn.dw / where(syn.q > 0.0, syn.q, 1.0), 0.0)
        syn.dq += where(syn.P > 0.0, (1.0 - share) * syn.dw / where(syn.P > 0.0, syn.P, 1.0), 0.0)
