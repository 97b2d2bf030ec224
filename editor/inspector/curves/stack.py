"""What one pair of spikes does with the whole stack: proposed by the pair, passed by the gates, stored.

One line with every modulator at rest, one with each released with the pair: those that last just before it,
those that only strike just after it.  Qt-free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from types import SimpleNamespace

import numpy as np

from editor.inspector.curves import stand_in
from editor.inspector.curves.curve import Axes, Curve, Line, both_ways, drawn, round_up, sampled
from engine.declare import Role, Rule, clip

POINTS, TRIED = 81, 26
END = 1e12
"""ms after which nothing is left to be released."""

Card = tuple[type[Rule], SimpleNamespace]
"""A card of the stack, and its parameters."""


def curve(cards: Sequence[Card], unit: str = "") -> Curve | None:
    """The window of a stack; None where it says no more than its one card, or is not of spikes alone."""
    acting = [card for card in cards if card[0].stage in ("induction", "gate", "expression")]
    inductions = [model for model, _ in acting if model.stage == "induction"]
    if len(acting) < 2 or not inductions or not all(_is_of_spikes(model) for model in inductions):
        return None
    substances = list(dict.fromkeys(role.substance for model, _ in acting for role in model.roles.values()))

    def change(lag: float, released: bool = True) -> float:
        return _Synapse(acting).after_pair(lag, released) if lag else 0.0

    reach = _reach(change)
    if reach is None:
        return None
    x = both_ways(reach, POINTS)
    lines = [Line(sampled(partial(change, released=False), x), "at rest" if substances else "")]
    if substances:
        is_silent = not lines[0].y.any()
        name = f"with {' and '.join(substances)}{', at rest nothing' if is_silent else ''}"
        lines.append(Line(sampled(change, x), name, "modulatory"))
    return drawn(Axes("t post − t pre (ms)", "stronger", "weaker", unit, is_two_sided=True), x, lines)


def _reach(change: Callable[[float], float]) -> float | None:
    """How far apart spikes still matter; None when they never do."""
    trial = np.geomspace(0.1, 1e4, TRIED)
    loud = np.maximum(np.abs(sampled(change, trial)), np.abs(sampled(change, -trial)))
    if not np.isfinite(loud).all() or not loud.any():
        return None
    return round_up(float(trial[np.flatnonzero(loud > 0.03 * loud.max())[-1]]))


def _is_of_spikes(model: type[Rule]) -> bool:
    """Whether a rule answers spikes, and nothing but spikes."""
    others = {"on_step", "between", "on_late", "on_event"} & set(model.hooks)
    return not others and not model.asks("pre") and not model.asks("post")


class _Synapse:
    """A half-maximal synapse that carries a stack: its weight, and the rows of every card."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self.cards = cards
        self.scenes = [stand_in.rows(model, p) for model, p in cards]
        self.p = cards[0][1]
        self.start = self.w = stand_in.half(self.p)

    def after_pair(self, lag: float, released: bool) -> float:
        """What a pair, post `lag` ms after pre, has done to the weight in the end."""
        first, second = ("pre", "post") if lag > 0.0 else ("post", "pre")
        if released:
            self._release(lasting=True)
        self._spike(first)
        self._wait(abs(lag))
        self._spike(second)
        if released:
            self._release(lasting=False)
        self._wait(END)
        return self.w - self.start

    def _of(self, stage: str) -> Iterable[tuple[int, type[Rule], SimpleNamespace, stand_in.Rows]]:
        """The cards of a stage, by place; each is shown the weight as it is now."""
        for at, ((model, p), scene) in enumerate(zip(self.cards, self.scenes, strict=True)):
            if model.stage == stage:
                syn = scene["syn"]
                syn.w = self.w
                syn.q = self.w / syn.P if syn.P else 0.0
                yield at, model, p, scene

    def _spike(self, side: str) -> None:
        """A spike of one side: what the inductions propose goes through the gates, left to right."""
        change = 0.0
        for _, model, p, scene in self._of("induction"):
            stand_in.hook_of(model, f"on_{side}")(scene)
            change += stand_in.taken(scene["syn"])
            stand_in.count(model, p, scene, side)
        self._pass(change, after=-1)

    def _pass(self, change: float, after: int) -> None:
        """A change meets the gates to the right of a place, and is stored."""
        for at, model, _, scene in self._of("gate"):
            if at > after:
                scene["syn"].dw = change
                stand_in.hook_of(model, "on_change")(scene)
                change = stand_in.taken(scene["syn"])
        stores = list(self._of("expression"))
        for _, model, _, scene in stores:
            scene["syn"].dw = change
            stand_in.hook_of(model, "apply")(scene)
            moved = scene["syn"].w - self.w
            scene["syn"].dw = 0.0
            self.w += moved + stand_in.taken(scene["syn"])
        self.w = clip(self.w + (0.0 if stores else change), self.p.w_min, self.p.w_max)

    def _wait(self, dt: float) -> None:
        """Time passes: memories and modulators fade, gates give what they release meanwhile."""
        for _, model, p, scene in self._of("induction"):
            stand_in.fade(model, p, scene, dt)
        for at, model, _, scene in self._of("gate"):
            scene["dt"] = dt
            stand_in.hook_of(model, "advance")(scene)
            self._pass(stand_in.taken(scene["syn"]), after=at)
        for (model, p), scene in zip(self.cards, self.scenes, strict=True):
            for role in model.roles.values():
                left = float(np.exp(-dt / _tau(role, p))) if role.tau else 0.0
                setattr(scene["mod"], role.name, getattr(scene["mod"], role.name) * left)

    def _release(self, lasting: bool) -> None:
        """A release of every modulator that lasts, or of every one that only strikes."""
        for at, ((model, p), scene) in enumerate(zip(self.cards, self.scenes, strict=True)):
            for role in model.roles.values():
                if bool(role.tau) == lasting:
                    scene["syn"].w = self.w
                    setattr(scene["mod"], f"{role.name}_dose", 1.0)
                    stand_in.hook_of(model, "on_release")(scene)
                    setattr(scene["mod"], f"{role.name}_dose", 0.0)
                    if role.tau:
                        setattr(scene["mod"], role.name, 1.0 / _tau(role, p) if role.has_area else 1.0)
                    self._pass(stand_in.taken(scene["syn"]), after=at)


def _tau(role: Role, p: SimpleNamespace) -> float:
    return float(getattr(p, role.tau))
