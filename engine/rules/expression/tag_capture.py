"""Tag and capture: a change fades within hours unless its neuron makes the proteins that keep it.

Frey & Morris (1997) Nature 385:533-536, doi:10.1038/385533a0; models: Clopath et al. (2008) PLoS Comput.
Biol. 4:e1000248, doi:10.1371/journal.pcbi.1000248; Barrett et al. (2009) PLoS Comput. Biol. 5:e1000259.  This
form is ours: what is not yet consolidated is itself the tag; all tags of a neuron together make it produce
proteins.
"""

from math import exp

from engine.declare import Expression, clip, field, param, total, where


class TagCapture(
    Expression, slug="tag_capture", label="Tag and capture", family="Consolidation", clock="slow"
):
    formula = (
        "w = z + T,   T' = -T/tau_tag - T p/tau_z,   z' = T p/tau_z,   p' = ([sum |T| > theta] - p)/tau_p"
    )

    tau_tag = param(
        5.4e6, "ms", (1, 1e12), "How long a change lasts that is not consolidated: 90 minutes.",
        source="1 to 2 h: Frey & Morris 1997",
    )  # fmt: skip
    tau_p = param(3.6e6, "ms", (1, 1e12), "Making and decay of proteins: an hour.", source="of that order")
    tau_z = param(
        1.2e6,
        "ms",
        (1, 1e12),
        "How fast proteins consolidate a tagged change: 20 minutes.",
        source="our choice: well within the hour or two that a tag lasts",
    )
    theta = param(
        50.0, "", (0, 1e9), "Tags of all synapses of a neuron that start the making of proteins, in the "
        "weight's unit: a weak tetanus stays below, a strong one goes beyond.",
        source="our choice: between a weak and a strong tetanus at default weights",
    )  # fmt: skip
    update = param(
        1000.0,
        "ms",
        (0.1, 1e9),
        "How often it is looked at.",
        source="our choice: often enough for what changes over seconds, rarely enough to cost nothing",
    )

    tag = field(0.0, "", "The part of the weight that is not consolidated.", slow=True)
    protein = field(0.0, "", "Proteins its neuron has made, 1 at most.", slow=True, limits=(0, 1))
    tags = total("tagged", "", "All tags of the neuron.")

    @staticmethod
    def tagged(syn, pre, post, p):
        return abs(syn.tag)

    @staticmethod
    def apply(syn, p):
        before = syn.w
        syn.w = clip(syn.w + syn.dw, p.w_min, p.w_max)
        syn.tag += syn.w - before

    @staticmethod
    def on_slow(syn, post, p, dt):
        making = where(post.tags > p.theta, 1.0, 0.0)
        syn.protein = making + (syn.protein - making) * exp(-dt / p.tau_p)
        fading = 1.0 / p.tau_tag
        keeping = syn.protein / p.tau_z
        gone = syn.tag * (1.0 - exp(-dt * (fading + keeping)))
        syn.tag -= gone
        syn.w = clip(syn.w - gone * fading / (fading + keeping), p.w_min, p.w_max)
