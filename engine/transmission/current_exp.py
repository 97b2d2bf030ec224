"""Current synapse: a spike adds its weight to a current that decays exponentially in the target.

The decay belongs to the target (`tau_syn_ex`, `tau_syn_in`); an Izhikevich neuron jumps by the weight in mV.
"""

from engine.declare import InNest, Transmission


class CurrentExp(Transmission, slug="current_exp", label="Current", family="Chemical"):
    gives = "current"
    usual = True
    in_nest = (InNest("static_synapse"),)
    formula = "I -> I + w"
