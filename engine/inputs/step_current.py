"""Step current: a current that changes at the times written down and holds in between."""

from engine.declare import Input, series


class StepCurrent(Input, slug="step_current", label="Step current", family="Currents"):
    gives = "current"
    formula = "I(t) = amplitude of the last time reached"

    times = series("ms", "When the current changes.")
    amplitudes = series("pA", "What it changes to.")

    @staticmethod
    def draw(inp, p, h):
        inp.current = inp.value
