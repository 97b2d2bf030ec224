"""Predictive coding: an error neuron compares every neuron with what the population before predicts.

Whittington & Bogacz (2017) Neural Comput. 29:1229-1262, doi:10.1162/NECO_a_00949.  Errors travel over drawn
feedback synapses with the weights of the predictions; with a large output variance the update becomes that
of back-propagation.  Outputs of the paper are linear; a target population with a curve is compared after
it, so that the error is the distance of what it says, as in back-propagation by cross entropy.
"""

from engine.declare import Settling, param, phase, slope, state, transfer, where


class PredictiveCoding(Settling, slug="predictive_coding", label="Predictive coding", family="Energy"):
    formula = "e_l = (x_l - W f(x_(l-1))) / S_l,   x_l' = -e_l + f'(x_l) W' e_(l+1),   dW = eta e f(x)"
    layers = "each population predicts the next"
    feedback_from = "symmetric"
    trains_feedback = True
    assumption = "one error neuron for each value neuron, and equal weights both ways"
    phases = (
        phase("predict", "forward", answer=True, colour="#4c78a8"),
        phase("compare", "settle", clamp=True, colour="#d4a017", waits=False),
        phase("update", "update", colour="#7f7f7f"),
    )

    variance = param(
        1.0,
        "",
        (1e-6, 1e9),
        "Variance of the output: how little its errors count.",
        source="our choice: one: outputs count as much as anything else",
    )
    scale = param(
        1.0,
        "",
        (0.0, 1e9),
        "Multiplies the update; the variance makes up for what it takes.",
        source="our choice: one: eta alone says how far a step goes",
    )
    tol = param(
        0.0,
        "",
        (0.0, 1.0),
        "It has settled when no rate changes by as much in a step.",
        source="our choice: 0: a fixed number of steps, as is usual for it",
    )
    n_max = param(20.0, "", (1.0, 1e6), "Steps of settling.", whole=True, source="from memory of the paper")
    v = state(0.0, "", "Value, before the curve.")
    e = state(0.0, "", "Error: value minus prediction.")

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def fire(n, p, m):
        n.v = n.net
        n.x = transfer(n.v, n.curve)
        n.e = 0.0

    @staticmethod
    def clamp(n, p, m):
        n.v = n.target
        n.x = n.target

    @staticmethod
    def receive(n, p, m):
        said = where(n.top, transfer(n.net, n.curve), n.net)
        n.e = (n.v - said) / where(n.top, p.variance, 1.0)

    @staticmethod
    def feedback(syn, pre, p):
        return syn.w * pre.e

    @staticmethod
    def settle(n, p, m, h):
        n.v = n.v + h * (slope(n.x, n.curve) * n.back - n.e)
        n.x = transfer(n.v, n.curve)

    @staticmethod
    def update(syn, pre, post, p, m):
        syn.dw += p.eta * p.scale * where(syn.back > 0.5, pre.e * post.x, post.e * pre.x)

    @staticmethod
    def tune(n, p, m):
        n.db = p.eta * p.scale * n.e
