"""Receptors, soft bounds: the closer a weight is to a bound, the less a change moves it towards it.

van Rossum, Bi & Turrigiano (2000) J. Neurosci. 20:8812-8821, doi:10.1523/JNEUROSCI.20-23-08812.2000.
"""

from engine.declare import Expression, clip, where


class ReceptorsSoft(Expression, slug="receptors_soft", label="Receptors, soft bounds", family="Postsynaptic"):
    formula = "w -> w + dw (w_max - w)/(w_max - w_min) up,   w + dw (w - w_min)/(w_max - w_min) down"

    @staticmethod
    def apply(syn, p):
        room = where(syn.dw > 0.0, p.w_max - syn.w, syn.w - p.w_min)
        syn.w = clip(syn.w + syn.dw * room / (p.w_max - p.w_min), p.w_min, p.w_max)
