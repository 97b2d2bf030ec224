"""Step current: a current that changes at the times written down and holds in between."""

from engine.declare import InNest, Input, series


class StepCurrent(Input, slug="step_current", label="Step current", family="Currents"):
    gives = "current"
    formula = "I(t) = amplitude of the last time reached"

    in_nest = (
        InNest(
            "step_current_generator",
            {},
            lists={"times": "amplitude_times", "amplitudes": "amplitude_values"},
            at=("times",),
        ),
    )

    times = series("ms", "When the current changes.")
    amplitudes = series("pA", "What it changes to.")

    @staticmethod
    def draw(inp, p, h):
        inp.current = inp.value
