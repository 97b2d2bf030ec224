"""Noise current: a Gaussian current, drawn anew every `hold` ms for every target on its own.

As NEST `noise_generator`; the hold, not the step, sets how much of it a membrane averages away.
"""

from engine.declare import InNest, Input, normal, param, same


class NoiseCurrent(Input, slug="noise_current", label="Noise current", family="Currents"):
    gives = "current"
    formula = "I = mean + std N(0, 1)"

    in_nest = (InNest("noise_generator", same("mean std", hold="dt")),)

    mean = param(0.0, "pA", (-1e6, 1e6), "Mean.", source="our choice: around zero")
    std = param(
        50.0,
        "pA",
        (0, 1e6),
        "Standard deviation.",
        source="our choice: half a millivolt in a default neuron, which jitters spikes and makes none",
    )
    hold = param(
        1.0, "ms", (1e-3, 1e4), "How long a value lasts.", source="NEST 3.10, noise_generator: dt 1.0 ms"
    )

    @staticmethod
    def draw(inp, p, h):
        inp.current = p.mean + p.std * normal()
