"""Constant current: the same current from its start to its stop.

As NEST `dc_generator`.
"""

from engine.declare import InNest, Input, param, same, where


class DcCurrent(Input, slug="dc_current", label="Constant current", family="Currents"):
    gives = "current"
    formula = "I(t) = amplitude  for  start <= t < stop"

    in_nest = (InNest("dc_generator", same("amplitude start stop"), at=("start", "stop")),)

    amplitude = param(
        100.0,
        "pA",
        (-1e6, 1e6),
        "The current.",
        source="our choice: visible and below threshold in a default neuron",
    )
    start = param(
        0.0, "ms", (0, 1e12), "When it begins.", source="our choice: from the start of the run to its end"
    )
    stop = param(
        1e12, "ms", (0, 1e12), "When it ends.", source="our choice: from the start of the run to its end"
    )

    @staticmethod
    def draw(inp, p, h):
        inp.current = where(inp.t >= p.start - 1e-6 and inp.t < p.stop - 1e-6, p.amplitude, 0.0)
