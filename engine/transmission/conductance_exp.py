"""Conductance synapse: a spike adds its weight to a conductance that decays exponentially in the target."""

from engine.declare import InNest, Transmission


class ConductanceExp(Transmission, slug="conductance_exp", label="Conductance", family="Chemical"):
    gives = "conductance"
    in_nest = (InNest("static_synapse"),)
    formula = "g -> g + |w|"
