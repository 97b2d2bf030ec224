"""Equilibrium propagation: the output is only nudged to the target, and every rate shifts by its error.

Scellier & Bengio (2017) Front. Comput. Neurosci. 11:24, doi:10.3389/fncom.2017.00024; symmetric form after
Laborieux et al. (2021) Front. Neurosci. 15:633674, doi:10.3389/fnins.2021.633674.  As the nudge beta goes
to 0 the update becomes the gradient, with an error of order beta (one-sided) or beta squared (symmetric).
A target neuron with a logistic curve is nudged by its rate, since a state from 0 to 1 is a rate above a half.
"""

from engine.declare import Settling, choice, param, phase, slope, state, transfer, where


class EquilibriumPropagation(
    Settling, slug="equilibrium_propagation", label="Equilibrium propagation", family="Energy"
):
    formula = "s' = rho'(s) (W rho + b) - s + beta (d - s),   dW = eta (rho rho|_b - rho rho|_-b) / 2 beta"
    recurrent = True
    trains_feedback = True
    feedback_from = "symmetric"
    assumption = "equal weights both ways, and a nudge whose sign the neurons remember"
    caveat = (
        "A state falls back to 0, where a logistic rate is a half and hardly moves: between input and target "
        "use tanh or clipped neurons.  Exclusive or is not learned through logistic ones."
    )
    phases = (
        phase("free", "settle", start="rest", keep={"free": "x", "rest_s": "s"}, sets={"nudge": 0.0},
              answer=True, colour="#7890a8"),
        phase("nudged+", "settle", sets={"nudge": 1.0}, keep={"pushed": "x"}, colour="#d4a017"),
        phase("nudged-", "settle", sets={"nudge": -1.0}, start="free", colour="#a05a2c"),
        phase("update", "update", colour="#7f7f7f"),
    )  # fmt: skip

    beta = param(
        0.5,
        "",
        (1e-6, 10.0),
        "Strength of the nudge.",
        source="our choice: large enough to stand above the tolerance of settling",
    )
    form = choice(
        "symmetric",
        ("symmetric", "one_sided"),
        "Compare +beta with -beta, or with rest.",
        source="our choice: symmetric, whose error is of second order in beta",
    )
    s = state(0.0, "", "What the rate is a curve of.")

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def settle(n, p, m, h):
        push = where(p.form == 1 and m.nudge < 0.0, 0.0, m.nudge) * p.beta
        rise = where(n.curve == 4, 1.0, slope(n.x, n.curve))
        away = where(n.curve == 0, rise * (n.target - n.x), n.target - n.s)
        pull = where(n.top, push * away, 0.0)
        s = n.s + h * (rise * n.net - n.s + pull)
        n.s = where(n.curve == 4, clip(s, 0.0, 1.0), s)
        n.x = transfer(n.s, n.curve)

    @staticmethod
    def update(syn, pre, post, p, m):
        span = p.beta * where(p.form == 1, 1.0, 2.0)
        syn.dw += p.eta / span * (post.pushed * pre.pushed - post.x * pre.x)

    @staticmethod
    def tune(n, p, m):
        n.db = p.eta / (p.beta * where(p.form == 1, 1.0, 2.0)) * (n.pushed - n.x)
