"""A synapse held still, which carries a stack and is given spikes, releases and time by hand.

Modulators that last are released just before a pair, those that only strike just after it.  Qt-free.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import SimpleNamespace

import numpy as np

from editor.inspector.curves import stand_in
from engine.declare import Role, Rule, clip

END = 1e12
"""ms after which nothing is left to be released."""

Card = tuple[type[Rule], SimpleNamespace]
"""A card of the stack, and its parameters."""


class HeldSynapse:
    """A half-maximal synapse that carries a stack: its weight, and the rows of every card."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self.cards = cards
        self.scenes = [stand_in.rows(model, p) for model, p in cards]
        self.p = cards[0][1]
        self.start = self.w = stand_in.half(self.p)

    def pair(self, lag: float, released: bool) -> None:
        """A pair, post `lag` ms after pre; with every modulator or with none."""
        first, second = ("pre", "post") if lag > 0.0 else ("post", "pre")
        if released:
            self.release(lasting=True)
        self.spike(first)
        self.wait(abs(lag))
        self.spike(second)
        if released:
            self.release(lasting=False)

    def after_pair(self, lag: float, released: bool) -> float:
        """What a pair, post `lag` ms after pre, has done to the weight in the end."""
        self.pair(lag, released)
        self.wait(END)
        return self.w - self.start

    def _of(self, stage: str) -> Iterable[tuple[int, type[Rule], SimpleNamespace, stand_in.Rows]]:
        """The cards of a stage, by place; each is shown the weight as it is now."""
        for at, ((model, p), scene) in enumerate(zip(self.cards, self.scenes, strict=True)):
            if model.stage == stage:
                syn = scene["syn"]
                syn.w = self.w
                syn.q = self.w / syn.P if syn.P else 0.0
                yield at, model, p, scene

    def spike(self, side: str) -> None:
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

    def wait(self, dt: float) -> None:
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

    def release(self, lasting: bool) -> None:
        """A release of every modulator that lasts, or of every one that only strikes."""
        for at, ((model, p), scene) in enumerate(zip(self.cards, self.scenes, strict=True)):
            for role in model.roles.values():
                if bool(role.tau) == lasting:
                    scene["syn"].w = self.w
                    setattr(scene["mod"], f"{role.name}_dose", 1.0)
                    stand_in.hook_of(model, "on_release")(scene)
                    setattr(scene["mod"], f"{role.name}_dose", 0.0)
                    if role.tau:
                        more = 1.0 / _tau(role, p) if role.has_area else 1.0
                        setattr(scene["mod"], role.name, getattr(scene["mod"], role.name) + more)
                    self._pass(stand_in.taken(scene["syn"]), after=at)


def _tau(role: Role, p: SimpleNamespace) -> float:
    return float(getattr(p, role.tau))
