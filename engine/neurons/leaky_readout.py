"""Leaky readout: a neuron without spikes whose potential sums what arrives and forgets it slowly.

The output unit of Bellec et al. (2020) Nat. Commun. 11:3625, doi:10.1038/s41467-020-17236-y.
"""

from math import exp

from engine.declare import Neuron, param, state


class LeakyReadout(Neuron, slug="leaky_readout", label="Leaky readout", family="Integrate and fire"):
    formula = "V(t+h) = V(t) exp(-h/tau_m) + w"
    receives = ("delta",)
    rest, peak = -1.0, 1.0
    in_time = {"x": "v", "psi": 1.0, "keep": "keep", "keep_a": 0.0, "beta": 0.0}

    tau_m = param(20.0, "ms", (1e-3, 1e5), "How slowly it forgets.", source="Bellec et al. 2020, from memory")

    v = state(0.0, "mV", "Potential above rest.")

    @staticmethod
    def derive(p, k, h):
        k.keep = exp(-h / p.tau_m)

    @staticmethod
    def integrate(n, p, k, inp, h):
        n.v = k.keep * n.v

    @staticmethod
    def receive(n, p, k, inp):
        n.v = n.v + (inp.ex + inp.in_)

    @staticmethod
    def fires(n, p):
        return False

    @staticmethod
    def reset(n, p, k):
        n.v = n.v
