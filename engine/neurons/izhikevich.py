"""Izhikevich neuron: two equations that reproduce most firing patterns of cortical neurons.

Izhikevich (2003) IEEE Trans. Neural Netw. 14:1569-1572, doi:10.1109/TNN.2003.820440.  Forward Euler from
the old state, a synaptic weight is a jump of the potential in mV (NEST `consistent_integration`).
"""

from engine.declare import InNest, Neuron, param, same, state


class Izhikevich(Neuron, slug="izhikevich", label="Izhikevich", family="Integrate and fire"):
    formula = "v' = 0.04 v^2 + 5 v + 140 - u + I,   u' = a (b v - u)"
    receives = ("current",)
    rest, peak = -65.0, "v_th"
    step_good, step_most = 0.5, 1.0
    presets = {
        "regular spiking": {"a": 0.02, "b": 0.2, "c": -65.0, "d": 8.0},
        "intrinsically bursting": {"a": 0.02, "b": 0.2, "c": -55.0, "d": 4.0},
        "chattering": {"a": 0.02, "b": 0.2, "c": -50.0, "d": 2.0},
        "fast spiking": {"a": 0.1, "b": 0.2, "c": -65.0, "d": 2.0},
        "low-threshold spiking": {"a": 0.02, "b": 0.25, "c": -65.0, "d": 2.0},
        "resonator": {"a": 0.1, "b": 0.26, "c": -65.0, "d": 2.0},
    }

    in_nest = (
        InNest(
            "izhikevich",
            same("a b c d v_th i_e v u"),
            {"consistent_integration": True},
        ),
    )

    a = param(0.02, "1/ms", (1e-6, 10), "Speed of recovery.", source="NEST 3.10")
    b = param(0.2, "", (-10, 10), "How strongly recovery follows the potential.", source="NEST 3.10")
    c = param(-65.0, "mV", (-200, 29), "Potential after a spike.", source="NEST 3.10")
    d = param(8.0, "mV", (-1e3, 1e3), "Jump of recovery at a spike.", source="NEST 3.10")
    v_th = param(30.0, "mV", (-100, 200), "Peak at which a spike is counted.", source="NEST 3.10")
    i_e = param(0.0, "pA", (-1e6, 1e6), "Constant current.", source="NEST 3.10")

    v = state(-65.0, "mV", "Membrane potential.")
    u = state(-13.0, "mV", "Recovery; starts at b v of the default cell.")

    @staticmethod
    def integrate(n, p, k, inp, h):
        v = n.v
        u = n.u
        n.v = v + h * (0.04 * v * v + 5.0 * v + 140.0 - u + inp.current + p.i_e)
        n.u = u + h * p.a * (p.b * v - u)

    @staticmethod
    def receive(n, p, k, inp):
        n.v = n.v + (inp.ex + inp.in_)

    @staticmethod
    def fires(n, p):
        return n.v >= p.v_th

    @staticmethod
    def reset(n, p, k):
        n.v = p.c
        n.u = n.u + p.d
