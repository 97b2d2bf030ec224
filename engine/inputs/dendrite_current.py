"""Dendritic current: a current into the dendrite that changes at the times written down and holds."""

from engine.declare import Input, series


class DendriteCurrent(Input, slug="dendrite_current", label="Current into the dendrite", family="Currents"):
    gives = "current"
    channel = "dendrite_current"
    formula = "I_d(t) = amplitude of the last time reached"

    times = series("ms", "When the current changes.")
    amplitudes = series("pA", "What it changes to.")

    @staticmethod
    def draw(inp, p, h):
        inp.current = inp.value
