"""Broad spike: a dendrite's slow spike reaches the cell, whose synapses know it from a narrow one.

Bell, Han, Sugawara & Grant (1997) Nature 387:278-281, doi:10.1038/387278a0.  Draw it from the neuron that
stands for the dendrite to the one whose synapses learn; the weight is the current it brings, 0 for none.
"""

from engine.declare import Transmission


class BroadSpike(Transmission, slug="broad_spike", label="Broad dendritic spike", family="Teaching"):
    gives = "any"
    event = "broad"
    formula = "I -> I + w,   and its spike is a broad spike of the neuron's other synapses"
