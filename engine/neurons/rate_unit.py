"""Rate unit, which learners train: it has no spikes but a firing rate, which follows what it is given.

The rate relaxes with `tau` towards f(I + bias); Wilson & Cowan (1972) Biophys. J. 12:1-24,
doi:10.1016/S0006-3495(72)86068-5.  A learner trains such neurons; it sets the pace itself.
"""

from engine.declare import Neuron, choice, param, state


class RateUnit(Neuron, slug="rate_unit", label="Rate unit", family="Rate"):
    formula = "tau v' = -v + f(I + bias)"
    receives = ("current",)
    rest, peak = 0.0, 1.0
    trained = {"curve": "curve", "bias": "bias"}

    curve = choice(
        "logistic",
        ("logistic", "linear", "tanh", "relu", "clipped"),
        "How the rate follows from the input.",
        source="our choice: the curve most learners here were published with",
    )
    bias = param(
        0.0, "", (-1e6, 1e6), "Added to the input; a learner changes it.", source="zero: a learner finds it"
    )
    tau = param(10.0, "ms", (0.1, 1e5), "How fast the rate follows.", source="typical")

    v = state(0.0, "", "The rate.")

    @staticmethod
    def integrate(n, p, k, inp, h):
        u = inp.current + p.bias
        f = where(p.curve == 0, 1.0 / (1.0 + exp(-u)), u)
        f = where(p.curve == 2, tanh(u), f)
        f = where(p.curve >= 3, max(u, 0.0), f)
        f = where(p.curve == 4, clip(u, 0.0, 1.0), f)
        n.v = f + (n.v - f) * exp(-h / p.tau)

    @staticmethod
    def fires(n, p):
        return False

    @staticmethod
    def reset(n, p, k):
        n.v = n.v
