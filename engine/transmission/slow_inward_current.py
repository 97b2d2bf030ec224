"""Slow inward current: an astrocyte whose calcium is high depolarises the neurons around it for seconds.

Nadkarni & Jung (2003) Phys. Rev. Lett. 91:268101, doi:10.1103/PhysRevLett.91.268101, as NEST `sic_connection`
from `astrocyte_lr_1994`: the logarithm of the calcium (nM) above a threshold, nothing below 1 nM.  From
astrocytes to neurons; the weight is a factor on the current, which acts after the delay.
"""

from math import log

from engine.declare import Transmission, param, where


class SlowInwardCurrent(Transmission, slug="slow_inward_current", label="Slow inward current", family="Glia"):
    gives = "current"
    formula = "I = w sic_scale ln(y) H(ln y),   y = 1000 (Ca - sic_th)"

    sic_th = param(0.19669, "uM", (0, 10), "Calcium above which the current flows.", source="NEST 3.10")
    sic_scale = param(
        1.0, "pA", (0, 1e6), "Current per natural logarithm.",
        source="NEST 3.10; 2.11 uA/cm2 in the paper, from memory of it",
    )  # fmt: skip

    @staticmethod
    def flow(pre, syn, p):
        y = 1000.0 * (pre.ca - p.sic_th)
        syn.amount = where(y > 1.0, syn.w * p.sic_scale * log(max(y, 1.0)), 0.0)
