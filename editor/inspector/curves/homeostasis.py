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


def curve(model: type[Homeostasis], p: SimpleNamespace, unit: str = "") -> Curve | None:
    """The drift against what the card hears; None when it hears nothing known here."""
    heard = _hears(model, p)
    corrects = _corrects(model)
    if heard is None or corrects is None:
        return None
    across, set_level = heard
    row, name, is_share, up, down = corrects
    dt = float(getattr(p, "update", 1.0))

    def drift(level: float) -> float:
        scene = stand_in.rows(model, p)
        scene["dt"] = dt
        set_level(scene, level)
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
    said = f"% per {time}" if is_share else f"pA per {time}"
    return drawn(Axes(across, up, down, said), x, [Line(what * size * y)])


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


def _hears(
    model: type[Homeostasis], p: SimpleNamespace
) -> tuple[str, Callable[[stand_in.Rows, float], None]] | None:
    """What the card hears, in words, and how that is put into a scene."""
    for owner, whose in (("post", "the neuron"), ("pre", "the input")):
        if owner in stand_in.owners(model):
            return f"rate of {whose} (Hz)", lambda scene, rate, side=owner: vars(scene[side]).update(
                stand_in.memory(model, p, side, rate)
            )
    if offered := stand_in.astrocyte_reads(model):
        return stand_in.astrocyte_words(offered[0]), lambda scene, level: vars(scene["glia"]).update(
            {"present": 1.0, offered[0]: level}
        )
    if states := model.asks("post"):
        return f"{states[0]} of the neuron", lambda scene, level: setattr(scene["post"], states[0], level)
    return None
