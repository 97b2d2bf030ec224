"""Alpha synapse: a spike brings a current that rises to its weight and falls again, as t exp(1 - t/tau)/tau.

The time course belongs to the target (`tau_syn_ex`, `tau_syn_in`).
"""

from engine.declare import InNest, Transmission


class CurrentAlpha(Transmission, slug="current_alpha", label="Alpha current", family="Chemical"):
    gives = "alpha"
    in_nest = (InNest("static_synapse"),)
    formula = "I = w (e t/tau) exp(-t/tau)"
