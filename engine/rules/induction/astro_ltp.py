"""Astrocytic LTP: a neuron that fires while its astrocyte's calcium is high keeps a raised release for good.

Perea & Araque (2007) Science 317:1083-1086, doi:10.1126/science.1144640: glutamate from an astrocyte raises
release for a minute; together with postsynaptic depolarisation the rise lasts.  No presynaptic spike is
needed, and all synapses of the neuron in the territory change.
"""

from engine.declare import Induction, param


class AstroLtp(Induction, slug="astro_ltp", label="Astrocytic LTP", family="Glia"):
    formula = "P -> P + eta_g  at a postsynaptic spike while Ca > c_theta"

    c_theta = param(
        0.3, "uM", (0, 10), "Calcium above which a spike counts.", source="as for gliotransmitter"
    )
    eta_g = param(0.005, "", (0, 1), "Release gained by such a spike.", source="a choice")
    p_start = param(0.3, "", (0, 1), "Release probability to begin with.", source="from memory of the paper")

    @staticmethod
    def on_post(syn, glia, p):
        if glia.ca > p.c_theta:
            syn.dP += p.eta_g
