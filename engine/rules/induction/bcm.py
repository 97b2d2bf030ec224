"""BCM: an active synapse weakens below, and strengthens above, a rate that slides with the neuron's activity.

Bienenstock, Cooper & Munro (1982) J. Neurosci. 2:32-48, doi:10.1523/JNEUROSCI.02-01-00032.1982; the threshold
as the mean of the square, Intrator & Cooper (1992) Neural Netw. 5:3-17, doi:10.1016/S0893-6080(05)80003-6.
A neuron that was much active needs more to strengthen its synapses: it becomes selective for one pattern.
"""

from math import expm1

from engine.declare import Induction, param, quantity


class Bcm(Induction, slug="bcm", label="BCM", family="Rate"):
    formula = "dw = eta x y (y - theta),   tau_theta dtheta/dt = y^2 - theta"

    eta = param(
        0.001,
        "",
        (0, 1),
        "Change per step for rates of 1.",
        source="our choice: small enough that the threshold settles before the weights move",
    )
    tau_theta = param(
        100.0, "ms", (1e-3, 1e9), "How fast the threshold slides; it must be faster than the weights.",
        source="our choice: faster than the weights at this eta, as Intrator & Cooper (1992) ask for",
    )  # fmt: skip
    theta_0 = param(
        0.0,
        "",
        (0, 1e9),
        "The threshold at the start.",
        source="our choice: a neuron without a past potentiates at the first spike",
    )

    theta = quantity("post", "theta_0", "", "Activity above which synapses strengthen, as it now is.")
    old = quantity("post", "theta_0", "", "The threshold before this step: the weights change by that one.")

    @staticmethod
    def on_neuron(post, p, h):
        post.old = post.theta
        post.theta -= (post.rate * post.rate - post.theta) * expm1(-h / p.tau_theta)

    @staticmethod
    def awake(post, p):
        return post.rate != 0.0

    @staticmethod
    def on_step(syn, pre, post, p, h):
        syn.dw += p.eta * pre.rate * post.rate * (post.rate - post.old)
