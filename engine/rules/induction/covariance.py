"""Covariance rule: a synapse strengthens where both neurons depart from their mean alike, else it weakens.

Sejnowski (1977) J. Math. Biol. 4:303-321, doi:10.1007/BF00275079.  What is always active carries no news and
changes nothing; the means are those of the last while.
"""

from math import exp

from engine.declare import Induction, param, quantity


class Covariance(Induction, slug="covariance", label="Covariance", family="Rate"):
    formula = "dw = eta (x - <x>) (y - <y>)"

    eta = param(
        0.001,
        "",
        (0, 1),
        "Change per step for rates of 1.",
        source="our choice: slow enough that one step changes little",
    )
    tau_mean = param(
        1000.0,
        "ms",
        (1e-3, 1e9),
        "Over how long the means are taken.",
        source="our choice: longer than an interval between spikes, shorter than a change of the world",
    )

    x_mean = quantity("pre", "rate", "", "Mean rate of the presynaptic neuron.")
    y_mean = quantity("post", "rate", "", "Mean rate of the postsynaptic neuron.")

    @staticmethod
    def on_pre_neuron(pre, p, h):
        pre.x_mean = pre.rate + (pre.x_mean - pre.rate) * exp(-h / p.tau_mean)

    @staticmethod
    def on_neuron(post, p, h):
        post.y_mean = post.rate + (post.y_mean - post.rate) * exp(-h / p.tau_mean)

    @staticmethod
    def on_step(syn, pre, post, p, h):
        syn.dw += p.eta * (pre.rate - pre.x_mean) * (post.rate - post.y_mean)
