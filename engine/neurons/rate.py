"""Rate neuron: one number, how active it is, which follows its weighted input.

Wilson & Cowan (1972) Biophys. J. 12:1-24, doi:10.1016/S0006-3495(72)86068-5; with `tau` 0 it is the unit of
the classical learning rules, whose output is the weighted sum itself (Oja 1982, Bienenstock et al. 1982).
"""

from math import exp, tanh

from engine.declare import Neuron, choice, param, state, where


class Rate(Neuron, slug="rate", label="Rate", family="Rate"):
    formula = "tau dr/dt = -r + f(sum of w r_pre + I + bias)"
    receives = ("rate",)
    rest, peak, shown, local = 0.0, "full", "rate", "rate"

    trained = {"curve": "shape", "bias": "bias_in"}
    plain = {
        "linear": {"gain": 1.0, "threshold": 0.0},
        "rectified": {"gain": 1.0, "threshold": 0.0},
        "tanh": {"gain": 1.0, "threshold": 0.0, "full": 1.0},
        "logistic": {"gain": 0.25, "threshold": 0.0, "full": 1.0},
    }

    tau = param(
        0.0,
        "ms",
        (0, 1e5),
        "How slowly the rate follows its input; 0: at once.",
        source="our choice: at once, as the rules of rates (Oja, BCM) are written",
    )
    shape = choice(
        "linear",
        ("linear", "rectified", "tanh", "logistic"),
        "How input becomes a rate.",
        source="our choice: the simplest one",
    )
    gain = param(
        1.0,
        "",
        (0, 1e6),
        "Slope at the foot: rate for one unit of input.",
        source="our choice: input and rate in the same unit",
    )
    threshold = param(
        0.0, "", (-1e6, 1e6), "Input below which a rectified neuron is silent.", source="our choice: at zero"
    )
    full = param(
        1.0,
        "",
        (1e-9, 1e9),
        "The rate of a full disc; where tanh and logistic level off.",
        source="our choice: rates are told as a share of it",
    )
    bias_in = param(0.0, "", (-1e6, 1e6), "Input that is always there.", source="our choice: none")

    rate = state(0.0, "", "How active the neuron is.")

    @staticmethod
    def derive(p, k, h):
        k.keep = where(p.tau > 0.0, exp(-h / where(p.tau > 0.0, p.tau, 1.0)), 0.0)

    @staticmethod
    def integrate(n, p, k, inp, h):
        x = p.gain * (inp.ex + inp.in_ + inp.current + p.bias_in - p.threshold)
        r = x
        if p.shape == 1:
            r = max(x, 0.0)
        if p.shape == 2:
            r = p.full * tanh(x / p.full)
        if p.shape == 3:
            r = p.full / (1.0 + exp(-4.0 * x / p.full))
        n.rate = k.keep * n.rate + (1.0 - k.keep) * r

    @staticmethod
    def fires(n, p):
        return False

    @staticmethod
    def reset(n, p, k):
        n.rate = n.rate
