"""Inhomogeneous Poisson input: an independent random train to every target, at a rate that changes in steps.

A rate holds from its time to the next; before the first it is 0 (NEST `inhomogeneous_poisson_generator`).
"""

from engine.declare import InNest, Input, poisson, series


class PoissonInhomogeneous(
    Input, slug="poisson_inhomogeneous", label="Poisson, changing rate", family="Spikes"
):
    formula = "k ~ Poisson(rate(t) h),   rate(t) = rate of the last time reached"

    in_nest = (
        InNest(
            "inhomogeneous_poisson_generator",
            {},
            lists={"times": "rate_times", "rates": "rate_values"},
            at=("times",),
        ),
    )

    times = series("ms", "When the rate changes.")
    rates = series("Hz", "What it changes to.", limits=(0, 1e7))

    @staticmethod
    def draw(inp, p, h):
        if inp.value > 0.0:
            inp.count = poisson(inp.value * h * 0.001)
