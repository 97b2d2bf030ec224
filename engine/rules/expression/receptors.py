"""Receptors, hard bounds: a change inserts or removes AMPA receptors until the weight meets a bound.

Song, Miller & Abbott (2000) Nat. Neurosci. 3:919-926, doi:10.1038/78829.
"""

from engine.declare import Expression, InNest, clip


class Receptors(Expression, slug="receptors", label="Receptors, hard bounds", family="Postsynaptic"):
    usual = True
    in_nest = (InNest(),)
    formula = "w -> clip(w + dw, w_min, w_max)"

    @staticmethod
    def apply(syn, p):
        syn.w = clip(syn.w + syn.dw, p.w_min, p.w_max)
