"""Graded synapse: the rate of the presynaptic neuron flows all the time, multiplied by the weight.

What arrives at a step is the weighted rate one delay before; the shortest delay is one step.
"""

from engine.declare import Transmission


class Graded(Transmission, slug="graded", label="Graded", family="Rate"):
    gives = "rate"
    unit = "1"
    carries = "rate"
    formula = "I(t) = sum of w r_pre(t - d)"
