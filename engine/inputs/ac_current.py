"""Alternating current: a sine about an offset, the same for every target.

As NEST `ac_generator`: the current at the start of a step holds for the step.
"""

from math import floor

from engine.declare import InNest, Input, param, same, where


class AcCurrent(Input, slug="ac_current", label="Alternating current", family="Currents"):
    gives = "current"
    formula = "I(t) = offset + amplitude sin(2 pi frequency t + phase)"

    in_nest = (
        InNest(
            "ac_generator",
            same("amplitude frequency offset phase start stop"),
            at=("start", "stop"),
            waves={"phase": "frequency"},
        ),
    )

    amplitude = param(
        100.0,
        "pA",
        (-1e6, 1e6),
        "Height of the wave.",
        source="our choice: visible and below threshold in a default neuron",
    )
    frequency = param(
        10.0, "Hz", (0, 1e5), "Waves per second.", source="our choice: ten waves a second, an alpha rhythm"
    )
    offset = param(0.0, "pA", (-1e6, 1e6), "What the wave is added to.", source="our choice: around zero")
    phase = param(
        0.0,
        "deg",
        (-360, 360),
        "Where in the wave t = 0 lies.",
        source="our choice: begins at zero and rises",
    )
    start = param(
        0.0, "ms", (0, 1e12), "When it begins.", source="our choice: from the start of the run to its end"
    )
    stop = param(
        1e12, "ms", (0, 1e12), "When it ends.", source="our choice: from the start of the run to its end"
    )

    @staticmethod
    def draw(inp, p, h):
        turns = 0.001 * p.frequency * inp.t + p.phase / 360.0
        turn = turns - floor(turns + 0.5)
        turn = where(turn > 0.25, 0.5 - turn, where(turn < -0.25, -0.5 - turn, turn))
        # the series of the sine, to the last digit for at most a quarter turn
        x = 6.283185307179586 * turn
        z = x * x
        rest = 1.0 - z / 342.0 * (1.0 - z / 420.0)
        rest = 1.0 - z / 156.0 * (1.0 - z / 210.0 * (1.0 - z / 272.0 * rest))
        rest = 1.0 - z / 42.0 * (1.0 - z / 72.0 * (1.0 - z / 110.0 * rest))
        sine = x * (1.0 - z / 6.0 * (1.0 - z / 20.0 * rest))
        inp.current = where(
            inp.t >= p.start - 1e-6 and inp.t < p.stop - 1e-6, p.offset + p.amplitude * sine, 0.0
        )
