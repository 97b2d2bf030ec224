"""Poisson input: an independent random spike train to every target.

The number of spikes in a step is a Poisson number, so several may come at once (NEST `poisson_generator`).
"""

from engine.declare import InNest, Input, param, poisson, same


class Poisson(Input, slug="poisson", label="Poisson", family="Spikes"):
    formula = "k ~ Poisson(rate h)"
    usual = True

    in_nest = (InNest("poisson_generator", same("rate start stop"), at=("start", "stop")),)

    rate = param(
        1000.0,
        "Hz",
        (0, 1e7),
        "Mean rate of the train each target receives.",
        source="our choice: a thousand afferents at one spike a second",
    )
    start = param(
        0.0, "ms", (0, 1e12), "When it begins.", source="our choice: from the start of the run to its end"
    )
    stop = param(
        1e12, "ms", (0, 1e12), "When it ends.", source="our choice: from the start of the run to its end"
    )

    @staticmethod
    def draw(inp, p, h):
        if inp.t > p.start + 1e-6 and inp.t <= p.stop + 1e-6:
            inp.count = poisson(p.rate * h * 0.001)
