"""Burst-reading synapse: silent to a lone spike, it releases into a dendrite at the second spike of a burst.

The limit of strong facilitation, by which a target hears how often a neuron bursts and not how often it
fires: Naud & Sprekeler (2018) PNAS 115:E6329-E6338, doi:10.1073/pnas.1720995115.
"""

from engine.declare import Transmission, field, param


class DendriticBurst(Transmission, slug="dendritic_burst", label="Dendritic, bursts only", family="Chemical"):
    gives = "dendrite"
    formula = "I_d -> I_d + w   at the second of spikes less than burst_isi apart"

    burst_isi = param(
        16.0, "ms", (0.1, 1e3), "Spikes nearer than this are a burst.", source="Naud & Sprekeler 2018"
    )

    bursting = field(0.0, "", "1 from the second spike of a burst to its last.", limits=(0, 1))

    @staticmethod
    def release(syn, glia, p, dt):
        if dt < p.burst_isi:
            syn.amount = syn.w * (1.0 - syn.bursting)
            syn.bursting = 1.0
        else:
            syn.amount = 0.0
            syn.bursting = 0.0
