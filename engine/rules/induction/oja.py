"""Oja's rule: what fires together wires together, and the weights forget just enough to keep their length.

Oja (1982) J. Math. Biol. 15:267-273, doi:10.1007/BF00275687: the weights of a linear neuron become the first
principal component of its input, of unit length.
"""

from engine.declare import Induction, param


class Oja(Induction, slug="oja", label="Oja", family="Rate"):
    formula = "dw = eta y (x - y w)"

    eta = param(
        0.005,
        "",
        (0, 1),
        "Change per step for rates of 1.",
        source="our choice: slow beside the patterns, so that the weight averages over them",
    )

    @staticmethod
    def awake(post, p):
        return post.rate != 0.0

    @staticmethod
    def on_step(syn, pre, post, p, h):
        syn.dw += p.eta * post.rate * (pre.rate - post.rate * syn.w)
