"""Hebb's rule: what is active together is joined more strongly, without end.

Hebb (1949) The Organization of Behavior, Wiley.  Nothing stops it but the bound of the weight: an active
synapse makes the neuron more active, which strengthens the synapse.  With `decay` weights also fade.
"""

from engine.declare import Induction, param


class Hebb(Induction, slug="hebb", label="Hebb", family="Rate"):
    formula = "dw = eta x y - decay w"

    eta = param(
        0.001,
        "",
        (0, 1),
        "Change per step for rates of 1.",
        source="our choice: slow enough that one step changes little",
    )
    decay = param(
        0.0,
        "",
        (0, 1),
        "Share of the weight that is lost per step.",
        source="our choice: the plain rule has no decay",
    )

    @staticmethod
    def on_step(syn, pre, post, p, h):
        syn.dw += p.eta * pre.rate * post.rate - p.decay * syn.w
