"""Back-propagation: the error at the output is sent back over the very weights that carried the activity.

Rumelhart, Hinton & Williams (1986) Nature 323:533-536, doi:10.1038/323533a0; drawn as Rojas (1996) Neural
Networks, chapter 7: every neuron keeps its value and its derivative, and the network is run backwards.  No
synapse carries anything against its arrow: the backward hook is what a brain would have to do without.
"""

from engine.declare import SentBack


class Backprop(SentBack, slug="backprop", label="Back-propagation", family="Gradient"):
    usual = True
    formula = "delta_i = f'(u_i) sum_j w_ji delta_j,   dw_ji = eta delta_j x_i"
    assumption = "weight transport, and a forward and a backward phase that lock each other"
