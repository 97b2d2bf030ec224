"""Back-propagation: the error at the output is sent back over the very weights that carried the activity.

Rumelhart, Hinton & Williams (1986) Nature 323:533-536, doi:10.1038/323533a0; drawn as Rojas (1996) Neural
Networks, chapter 7: every neuron keeps its value and its derivative, and the network is run backwards.  No
synapse carries anything against its arrow: the backward hook is what a brain would have to do without.
"""

from engine.declare import Learner, choice, field, param, phase, slope, state, transfer, where


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
        source="our choice: what classifiers descend; squared error is the other choice",
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


class SilentOutputs(
    Backprop, slug="silent_outputs", label="Back-propagation, silent outputs", family="Continual"
):
    formula = "delta_k = d_k - y_k only where class k occurs in the batch"
    assumption = "as back-propagation, and a teacher that marks which classes are there"
    caveat = (
        "With batches of one pattern only the right output learns, and only upwards: nothing is told apart."
    )
    usual = False

    batch = param(
        10.0,
        "",
        (1.0, 1e6),
        "How many patterns are seen before the weights change.",
        whole=True,
        source="our choice: ten, as in our table of forgetting, so that several classes occur in most",
    )
    seen = state(0.0, "", "Whether the class of this output occurs in the batch.")

    @staticmethod
    def teach(n, p, m):
        n.delta = where(n.seen > 0.5, n.target - n.x, 0.0)


class Metaplastic(
    Backprop, slug="metaplastic", label="Back-propagation, metaplastic rate", family="Continual"
):
    formula = "dw_ji = eta delta_j x_i / (1 + c sum |dw_ji|)"
    assumption = "as back-propagation, and synapses that remember how much they have changed"
    usual = False

    slowing = param(
        20.0,
        "",
        (0.0, 1e6),
        "c: how much past change slows a synapse.",
        source="our choice: c = 20, the value of our table of forgetting",
    )
    spent = field(0.0, "", "The sum of all changes so far.", slow=True)

    @staticmethod
    def store(syn, p):
        change = syn.dw / (1.0 + p.slowing * syn.spent)
        syn.w += change
        syn.spent += abs(change)
