"""Adaptive integrate-and-fire neuron that learners in time can train: a spike takes the threshold off.

The unit of Bellec et al. (2020) Nat. Commun. 11:3625, doi:10.1038/s41467-020-17236-y: arriving spikes move
the potential by their weight, a spike lowers it by `v_th` one step later, and raises the threshold by `beta`.
Without adaptation (`beta` 0) it is their plain unit.  A spike has no slope; `psi` stands in for it.
"""

from math import exp, floor

from engine.declare import Neuron, param, state, where

BELLEC = "Bellec et al. 2020, from memory"
PLAIN = "our choice: the plain unit; a preset has the adaptive one"


class Alif(Neuron, slug="alif", label="Adaptive integrate-and-fire", family="Integrate and fire"):
    formula = (
        "V(t+h) = V(t) exp(-h/tau_m) + w - v_th z(t),   z = 1 where V >= v_th + beta a,   "
        "a(t+h) = a(t) exp(-h/tau_a) + z(t)"
    )
    receives = ("delta",)
    rest, peak = 0.0, "v_th"
    in_time = {"psi": "psi", "keep": "keep", "keep_a": "keep_a", "beta": "beta"}
    presets = {
        "plain": dict(beta=0.0),
        "adaptive": dict(beta=0.0174, tau_a=200.0),
        "adaptive for seconds": dict(beta=0.0174, tau_a=2000.0),
    }

    tau_m = param(20.0, "ms", (1e-3, 1e5), "Membrane time constant.", source=BELLEC)
    v_th = param(0.6, "mV", (1e-6, 1e3), "Threshold above rest.", source=BELLEC)
    t_ref = param(2.0, "ms", (0, 1e4), "Least time from a spike to the next.", source=BELLEC)
    beta = param(0.0, "mV", (0, 1e3), "How far a spike raises the threshold.", source=PLAIN)
    tau_a = param(200.0, "ms", (1e-3, 1e6), "How fast it comes down again.", source=BELLEC)
    height = param(0.3, "", (0, 10), "Pseudo-derivative at the threshold, times v_th.", source=BELLEC)
    i_e = param(0.0, "mV/ms", (-1e6, 1e6), "Constant drive.", source="our choice: no drive unless asked")

    v = state(0.0, "mV", "Membrane potential above rest.")
    a = state(0.0, "", "Spikes the threshold has not recovered from.")
    z = state(0.0, "", "1 in the step of a spike.")
    r = state(0.0, "", "Steps of refractoriness left.")
    free = state(1.0, "", "1 while it can spike.")
    psi = state(0.0, "1/mV", "Pseudo-derivative of the spike by the potential.")

    @staticmethod
    def derive(p, k, h):
        k.keep = exp(-h / p.tau_m)
        k.keep_a = exp(-h / p.tau_a)
        k.drive = p.tau_m * (1.0 - exp(-h / p.tau_m))
        k.steps = max(-floor(0.001 - p.t_ref / h) - 1.0, 0.0)  # so that spikes are t_ref apart, as in NEST

    @staticmethod
    def integrate(n, p, k, inp, h):
        n.v = k.keep * n.v + k.drive * p.i_e - p.v_th * n.z
        n.a = k.keep_a * n.a + n.z
        n.free = where(n.r > 0.0, 0.0, 1.0)
        n.r = max(n.r - 1.0, 0.0)
        n.z = 0.0

    @staticmethod
    def receive(n, p, k, inp):
        n.v = n.v + (inp.ex + inp.in_)
        far = abs(n.v - p.v_th - p.beta * n.a) / p.v_th
        n.psi = n.free * p.height / p.v_th * max(0.0, 1.0 - far)

    @staticmethod
    def fires(n, p):
        return n.free > 0.0 and n.v >= p.v_th + p.beta * n.a

    @staticmethod
    def reset(n, p, k):
        n.z = 1.0
        n.r = k.steps
