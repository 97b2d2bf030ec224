"""Too loud or too quiet, drawn from the hooks of homeostasis: how fast it corrects, against what it hears.

It corrects the weight, the neuron's answer to all excitation, or a current of the neuron's own; it hears the
rate of the neuron, one of its states, or what an astrocyte offers.  Qt-free.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np

from editor.inspector.curves import stand_in
from editor.inspector.curves.curve import POINTS, Axes, Curve, Line, drawn, pace_unit, reach_of, sampled
from engine.declare import Homeostasis

START = 10.0
"""Where to start looking for the set point, in Hz or whatever else it hears."""

Heard = tuple[str, dict[str, float]]
"""A row and what it says."""


def curve(model: type[Homeostasis], p: SimpleNamespace, unit: str = "") -> Curve | None:
    """The drift against what the card hears; None when it hears nothing known here."""
    heard = _hears(model, p)
    corrects = _corrects(model)
    if heard is None or corrects is None:
        return None
    across, say = heard
    row, name, is_share, up, down = corrects
    dt = float(getattr(p, "update", 1.0))

    def drift(level: float) -> float:
        scene = stand_in.rows(model, p)
        scene["dt"] = dt
        side, said = say(level)
        stand_in.put(scene[side], said)
        before = float(getattr(scene[row], name))
        for hook in model.hooks:
            stand_in.hook_of(model, hook)(scene)
        change = (float(getattr(scene[row], name)) - before) / dt
        return change / before if is_share else change

    reach = reach_of(drift, START)
    if reach is None:
        return None
    x = np.linspace(0.0, reach, POINTS)
    y = sampled(drift, x)
    what = 100.0 if is_share else 1.0
    time, size = pace_unit(what * float(np.abs(y).max()))
    unit = f"% per {time}" if is_share else f"pA per {time}"
    return drawn(Axes(across, up, down, unit), x, [Line(what * size * y)])


def _corrects(model: type[Homeostasis]) -> tuple[str, str, bool, str, str] | None:
    """What the card corrects: its row and name, whether in shares, what up and down mean."""
    if "on_slow" in model.hooks:
        return "syn", "w", True, "weights up", "weights down"
    written = stand_in.reads(model, "post")
    if "gain_ex" in written:
        return "post", "gain_ex", True, "answers more", "answers less"
    if "bias" in written:
        return "post", "bias", False, "easier to excite", "harder"
    return None


def _hears(model: type[Homeostasis], p: SimpleNamespace) -> tuple[str, Callable[[float], Heard]] | None:
    """What the card hears, in words, and what its rows then say."""
    remembered = stand_in.owners(model)
    if remembered:
        side = "post" if "post" in remembered else "pre"
        whose = {"post": "the neuron", "pre": "the input"}[side]
        return f"rate of {whose} (Hz)", lambda rate: (side, stand_in.memory(model, p, side, rate))
    if offered := stand_in.astrocyte_reads(model):
        words = stand_in.astrocyte_words(offered[0])
        return words, lambda level: ("glia", {"present": 1.0, offered[0]: level})
    if states := model.asks("post"):
        return f"{states[0]} of the neuron", lambda level: ("post", {states[0]: level})
    return None
