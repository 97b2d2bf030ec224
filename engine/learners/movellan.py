"""Contrastive Hebbian learning in a symmetric network: both phases go downhill in one energy.

Movellan (1990) in Proc. 1990 Connectionist Models Summer School, 10-17.  A continuous Hopfield network; the
gap between the two minima, J = F+ - F-, shrinks as it learns, and a gap below zero says that the two phases
ended in different basins.  Stocco, Lebiere & Anderson (2010), sometimes cited for it, is about another thing:
conditional routing by the basal ganglia.
"""

from math import log, log1p

from engine.declare import Settling, clip, param, phase, state, transfer, where


class Contrastive(Settling, slug="movellan", label="Contrastive Hebbian", family="Two phases"):
    formula = "dw_ij = eta (a_i+ a_j+ - a_i- a_j-),   F = -1/2 a W a + sum int f^-1"
    recurrent = True
    trains_feedback = True
    feedback_from = "symmetric"
    assumption = "equal weights both ways, kept so by the rule; one flag tells all which phase it is"
    phases = (
        phase("minus", "settle", start="rest", keep={"minus": "x"}, answer=True, colour="#7890a8"),
        phase("plus", "settle", clamp=True, colour="#d4a017"),
        phase("update", "update", colour="#7f7f7f"),
    )

    gain = param(
        1.0,
        "",
        (1e-3, 1e3),
        "Sharpness of every curve, the inverse of a temperature.",
        source="our choice: one: no annealing",
    )

    area = state(0.0, "", "What the rate costs by itself: the area under the inverse of its curve.")

    @staticmethod
    def forward(syn, pre, p):
        return syn.w * pre.x

    @staticmethod
    def settle(n, p, m, h):
        n.x = n.x + h * (transfer(p.gain * n.net, n.curve) - n.x)
        x = clip(n.x, 1e-300, 1.0 - 1e-16)
        t = clip(n.x, -1.0 + 1e-16, 1.0 - 1e-16)
        logistic = x * log(x) + (1.0 - x) * log1p(-x)
        other = where(n.curve == 2, 0.5 * ((1.0 + t) * log1p(t) + (1.0 - t) * log1p(-t)), 0.5 * n.x * n.x)
        n.area = where(n.curve == 0, logistic, other)

    @staticmethod
    def clamp(n, p, m):
        n.x = n.target
        x = clip(n.x, 1e-300, 1.0 - 1e-16)
        t = clip(n.x, -1.0 + 1e-16, 1.0 - 1e-16)
        logistic = x * log(x) + (1.0 - x) * log1p(-x)
        other = where(n.curve == 2, 0.5 * ((1.0 + t) * log1p(t) + (1.0 - t) * log1p(-t)), 0.5 * n.x * n.x)
        n.area = where(n.curve == 0, logistic, other)

    @staticmethod
    def update(syn, pre, post, p, m):
        syn.dw += p.eta * (post.x * pre.x - post.minus * pre.minus)

    @staticmethod
    def tune(n, p, m):
        n.db = p.eta * (n.x - n.minus)

    @staticmethod
    def bond(syn, pre, post, p):
        return -syn.w * pre.x * post.x

    @staticmethod
    def energy(n, p):
        return n.area / p.gain - n.bias * n.x
