"""Dendritic synapse: a spike adds its weight to a current into the dendrite, which decays exponentially."""

from engine.declare import Transmission


class DendriticExp(Transmission, slug="dendritic_exp", label="Dendritic current", family="Chemical"):
    gives = "dendrite"
    formula = "I_d -> I_d + w"
