"""What becomes of a proposed change at a gate, drawn from its hooks.

A gate that keeps the change until a modulator comes: what it ends as, against when the modulator comes.  One
that acts at once: how much passes, against the level of the modulator, the balance of two of them, or what an
astrocyte offers; one that listens to nobody: what passes, against what is proposed.  Qt-free.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np

from editor.inspector.curves import stand_in
from editor.inspector.curves.curve import POINTS, Axes, Curve, Line, Points, drawn, sampled, time_unit
from engine.declare import Gate, Role

SIGNS = ((1.0, "a potentiation", "warm"), (-1.0, "a depression", "cool"))
"""The two changes a pair may propose."""
HIGHEST = 2.0
"""The highest level that is drawn, in releases."""
LASTS = 3.0
"""How much longer than its slowest memory one looks at a gate that keeps changes."""
END = 1e12
"""ms after which nothing is left to be released."""


def curve(model: type[Gate], p: SimpleNamespace, unit: str = "") -> Curve | None:
    """The natural curve of a gate; None when nothing here fits it."""
    if model.roles and {"advance", "on_release"} & set(model.hooks):
        return _delays(model, p)
    levels = [role for role in model.roles.values() if role.tau]
    if len(levels) == 2:
        return _balance(model, p, *levels)
    if levels:
        return _level(model, p, levels)
    if stand_in.astrocyte_reads(model):
        return _astrocyte(model, p)
    return _transfer(model, p, unit)


# -- a change that is kept -------------------------------------------------------------------------


def _delays(model: type[Gate], p: SimpleNamespace) -> Curve | None:
    """What a unit of change ends as, against when each modulator is released, before the pair or after it."""
    slowest = max((float(getattr(p, n)) for n, one in model.params.items() if one.unit == "ms"), default=1e3)
    name, size = time_unit(LASTS * slowest)
    late = np.linspace(0.0, LASTS * slowest / size, POINTS // 2 + 1)
    x = np.concatenate([-0.5 * late[:0:-1], [-1e-6 * late[-1]], late])
    axes = Axes(f"t {_who(model)} − t pair ({name})", "stronger", "weaker", "× the change", is_two_sided=True)
    if len(model.roles) == 1:
        (role,) = model.roles.values()
        lines = [Line(_kept(model, p, role, sign, x * size), said, tint) for sign, said, tint in SIGNS]
        return drawn(axes, x, lines)
    lines = [
        Line(y, role.substance, "warm" if y.max() > -y.min() else "cool")
        for role in model.roles.values()
        for y in (_kept(model, p, role, sign, x * size) for sign, *_ in SIGNS)
    ]
    return drawn(axes, x, lines)


def _kept(model: type[Gate], p: SimpleNamespace, role: Role, change: float, delays: Points) -> Points:
    """What a proposed change ends as for each of these delays of the modulator (ms)."""
    return sampled(lambda delay: _ends_as(model, p, role, change, delay), delays)


def _ends_as(model: type[Gate], p: SimpleNamespace, role: Role, change: float, delay: float) -> float:
    """What a proposed change ends as when the modulator is released `delay` ms after it, or before."""
    scene = stand_in.rows(model, p)
    mod, syn, total = scene["mod"], scene["syn"], 0.0
    wait = stand_in.hook_of(model, "advance")

    def propose() -> None:
        syn.dw = change
        stand_in.hook_of(model, "on_change")(scene)

    def release() -> None:
        setattr(mod, f"{role.name}_dose", 1.0)
        stand_in.hook_of(model, "on_release")(scene)
        setattr(mod, f"{role.name}_dose", 0.0)
        if role.tau:
            setattr(mod, role.name, 1.0 / float(getattr(p, role.tau)) if role.has_area else 1.0)

    first, second = (propose, release) if delay >= 0.0 else (release, propose)
    first()
    scene["dt"] = abs(delay)
    wait(scene)
    if role.tau and getattr(mod, role.name):
        fades = np.exp(-abs(delay) / float(getattr(p, role.tau)))
        setattr(mod, role.name, getattr(mod, role.name) * float(fades))
    total += stand_in.taken(syn)
    second()
    scene["dt"] = END
    wait(scene)
    return total + stand_in.taken(syn)


def _who(model: type[Gate]) -> str:
    """The modulator a gate waits for, in one word."""
    substances = {role.substance for role in model.roles.values()}
    return substances.pop() if len(substances) == 1 else "modulator"


# -- a change that passes at once ------------------------------------------------------------------


def _passes(model: type[Gate], p: SimpleNamespace, change: float, **rows: stand_in.Still) -> float:
    """What becomes of a proposed change with these rows around."""
    scene = stand_in.rows(model, p) | rows
    scene["syn"].dw = change
    stand_in.hook_of(model, "on_change")(scene)
    return stand_in.taken(scene["syn"])


def _sends(model: type[Gate], p: SimpleNamespace, **rows: stand_in.Still) -> float:
    """What becomes of an amplitude of 1 on its way, with these rows around."""
    scene = stand_in.rows(model, p) | rows
    scene["syn"].amount = 1.0
    stand_in.hook_of(model, "transmit")(scene)
    return float(scene["syn"].amount)


def _signed(
    model: type[Gate], p: SimpleNamespace, x: Points, at: Callable[[float], stand_in.Rows]
) -> list[Line]:
    """What becomes of a step up and of a step down, and of transmission where the gate scales it."""
    lines = [
        Line(np.array([_passes(model, p, sign, **at(float(level))) for level in x]), said, tint)
        for sign, said, tint in SIGNS
        if "on_change" in model.hooks
    ]
    if "transmit" in model.hooks:
        sent = sampled(lambda level: _sends(model, p, **at(level)), x)
        if np.ptp(sent) > 0.0:
            lines.append(Line(sent, "transmission"))
    return lines


def _level(model: type[Gate], p: SimpleNamespace, levels: list[Role]) -> Curve | None:
    """How much passes against the level of the modulators, all alike."""

    def at(level: float) -> stand_in.Rows:
        return {"mod": stand_in.Still(**{role.name: level for role in levels})}

    x = np.linspace(0.0, HIGHEST, POINTS)
    axes = Axes(f"{_who(model)} (releases)", "stronger", "weaker", "× the change", "turns at")
    return drawn(axes, x, _signed(model, p, x, at))


def _balance(model: type[Gate], p: SimpleNamespace, right: Role, left: Role) -> Curve | None:
    """How much passes from one modulator alone over both to the other alone."""

    def at(share: float) -> stand_in.Rows:
        full = {right.name: min(1.0, 1.0 + share), left.name: min(1.0, 1.0 - share)}
        return {"mod": stand_in.Still(**full)}

    x = np.linspace(-1.0, 1.0, POINTS)
    across = f"{left.substance} ← both → {right.substance}"
    axes = Axes(across, "stronger", "weaker", "× the change", is_two_sided=True, has_numbers=False)
    return drawn(axes, x, _signed(model, p, x, at))


def _astrocyte(model: type[Gate], p: SimpleNamespace) -> Curve | None:
    """How much passes against what the astrocyte offers."""
    name = stand_in.astrocyte_reads(model)[0]

    def at(level: float) -> stand_in.Rows:
        return {"glia": stand_in.Still(present=1.0, **{name: level})}

    x = np.linspace(0.0, stand_in.span(model, p, stand_in.astrocyte_unit(name), 1.0), POINTS)
    axes = Axes(stand_in.astrocyte_words(name), "stronger", "weaker", "× the change", "turns at")
    return drawn(axes, x, _signed(model, p, x, at))


def _transfer(model: type[Gate], p: SimpleNamespace, unit: str) -> Curve | None:
    """What passes against what is proposed, up to a tenth of the weight's range."""
    step = 0.1 * (float(p.w_max) - float(p.w_min))
    x = np.linspace(-step, step, POINTS)
    across = f"proposed change ({unit})" if unit else "proposed change"
    axes = Axes(across, "stronger", "weaker", unit, is_two_sided=True)
    return drawn(axes, x, [Line(sampled(lambda change: _passes(model, p, change), x))])
