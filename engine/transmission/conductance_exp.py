"""Conductance synapse: a spike adds its weight to a conductance that decays exponentially in the target."""

from engine.declare import Transmission


class ConductanceExp(Transmission, slug="conductance_exp", label="Conductance", family="Chemical"):
    gives = "conductance"
    formula = "g -> g + |w|"
