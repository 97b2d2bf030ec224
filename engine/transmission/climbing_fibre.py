"""Climbing fibre: excites the neuron and tells its parallel-fibre synapses that something went wrong.

Ito, Sakurai & Tongroach (1982) J. Physiol. 324:113-134, doi:10.1113/jphysiol.1982.sp014103.  The weight is
the current it brings; 0 teaches without exciting.
"""

from engine.declare import Transmission


class ClimbingFibre(Transmission, slug="climbing_fibre", label="Climbing fibre", family="Teaching"):
    gives = "any"
    event = "climbing"
    formula = "I -> I + w,   and its spike is a teaching event of the neuron's other synapses"
