"""Gap junction: two neurons share current in proportion to the difference of their potentials.

One row is one junction and works both ways; its weight is a conductance in nS.  The potentials are those of
the step before.  Hahne et al. (2015) Front. Neuroinform. 9:22, doi:10.3389/fninf.2015.00022.
"""

from engine.declare import Transmission


class GapJunction(Transmission, slug="gap_junction", label="Gap junction", family="Electrical"):
    gives = "gap"
    both_ways = True
    formula = "I = g (V_pre - V_post)"

    @staticmethod
    def flow(pre, post, syn, p):
        syn.amount = syn.w * (pre.v - post.v)
