"""Coupled astrocytes: IP3 passes from the fuller to the emptier once they differ enough, and calcium follows.

Goldberg, De Pitta, Volman, Berry & Ben-Jacob (2010) PLoS Comput. Biol. 6:e1000909,
doi:10.1371/journal.pcbi.1000909, as in Stimberg, Goodman, Brette & De Pitta (2019), example 3 of its code.
One row is one bundle of gap junctions and works both ways; its weight is the strongest flux, uM/s.
"""

from math import tanh

from engine.declare import Transmission, param, where


class Ip3Coupling(Transmission, slug="ip3_coupling", label="IP3 coupling", family="Glia"):
    gives = "gap"
    both_ways = True
    unit = "uM/s"
    formula = "J = (F/2) (1 + tanh((|dI| - i_theta)/omega_i)) sign(dI)"

    i_theta = param(0.3, "uM", (0, 100), "Difference of IP3 that opens the way.", source="Stimberg 2019")
    omega_i = param(0.05, "uM", (1e-6, 100), "How sharply it opens.", source="Stimberg 2019")

    @staticmethod
    def flow(pre, post, syn, p):
        apart = pre.ip3 - post.ip3
        size = 0.0005 * syn.w * (1.0 + tanh((abs(apart) - p.i_theta) / p.omega_i))
        syn.amount = where(apart > 0.0, size, where(apart < 0.0, -size, 0.0))
