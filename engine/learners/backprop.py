"""Back-propagation: the error at the output is sent back over the very weights that carried the activity.

Rumelhart, Hinton & Williams (1986) Nature 323:533-536, doi:10.1038/323533a0; drawn as Rojas (1996) Neural
Networks, chapter 7: every neuron keeps its value and its derivative, and the network is run backwards.  No
synapse carries anything against its arrow: the backward hook is what a brain would have to do without.
"""

from engine.declare import Learner, choice, phase, slope, state, transfer, where


class Backprop(Learner, slug="backprop", label="Back-propagation", family="Gradient"):
    usual = True
    formula = "delta_i = f'(u_i) sum_j w_ji delta_j,   dw_ji = eta delta_j x_i"
    layers = "errors go back depth by depth"
    assumption = "weight transport, and a forward and a backward phase that lock each other"
    phases = (
        phase("forward", "forward", answer=True, colour="#4c78a8"),
        phase("backward", "backward", colour="#d62728"),
        phase("update", "update", colour="#7f7f7f"),
    )

    cost = choice(
        "cross_entropy",
        ("cross_entropy", "squared"),
        "What is descended: with cross entropy (or a linear output) the error of an output is its distance.",
    )
    delta = state(0.0, "", "Error, times the slope of the curve.")

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def fire(n, p, m):
        n.x = transfer(n.net, n.curve)

    @staticmethod
    def teach(n, p, m):
        n.delta = (n.target - n.x) * where(p.cost == 1, slope(n.x, n.curve), 1.0)

    @staticmethod
    def backward(syn, post, p):
        return syn.w * post.delta

    @staticmethod
    def blame(n, p, m):
        n.delta = n.err * slope(n.x, n.curve)

    @staticmethod
    def update(syn, pre, post, p, m):
        syn.dw += p.eta * (post.delta * pre.x)

    @staticmethod
    def tune(n, p, m):
        n.db = p.eta * n.delta
