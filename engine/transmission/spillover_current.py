"""Extrasynaptic current: transmitter that spilled out of clefts opens receptors between them.

NMDA receptors outside the synapse, at least half saturated by `k_e`, with two binding sites each: Hill
exponent 2 (a choice after Fellin et al. 2004 Neuron 43:729-743, doi:10.1016/j.neuron.2004.08.011).  From
astrocytes to neurons; the weight is the current (pA) of full occupation.
"""

from engine.declare import Transmission, param


class SpilloverCurrent(Transmission, slug="spillover_current", label="Extrasynaptic current", family="Glia"):
    gives = "current"
    formula = "I = w E^2/(E^2 + k_e^2)"

    k_e = param(20.0, "uM", (1e-6, 1e6), "Spilled transmitter that opens half of them.", source="a choice")

    @staticmethod
    def flow(pre, syn, p):
        syn.amount = syn.w * pre.spill * pre.spill / (pre.spill * pre.spill + p.k_e * p.k_e)
