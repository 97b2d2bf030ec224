"""The eager reference: the hooks of rules in plain Python, one synapse at a time and event by event.

The order is the one MODELS fixes: advance the gates, then what is released now, then the cards from left to
right, bounds last.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from math import exp
from types import SimpleNamespace
from typing import Any

from engine import registry
from engine.declare import Field, Rule
from engine.kernels import chance

H = 0.1
W_MAX = 4.0
SWEEP = 777
TONIC = 0.3
LATER = 5
"""Steps from the spike of a teacher to the event it is at the neuron."""


def sees(rule: type[Rule]) -> bool:
    """Whether a rule sees more of its neurons than spikes; test_every_neuron_rule.py is about those."""
    return bool(rule.asks("pre") or rule.asks("post") or rule.quantities or "on_step" in rule.hooks)


# What acts with an astrocyte alone does nothing here; tests/references/test_glia_rules.py holds it.
ALONE = [r for r in registry.all("rule") if r.stage == "induction" and not r.read_of("glia")]
INDUCTIONS = [r.slug for r in ALONE if not sees(r)]


def run_hook(hook: Callable[..., None], **rows: Any) -> None:
    """Call a hook with the rows it asks for by name; no astrocyte owns the synapse."""
    rows["glia"] = Bare()
    hook(**{name: rows[name] for name in signature(hook).parameters})


class Luck:
    """What the kernels draw: for the card, the hook and the step at hand, one number after the other."""

    def __init__(self, seed: int, projection: int, synapse: int) -> None:
        self.seed, self.projection, self.synapse = seed, projection, synapse
        self.at, self.drawn = (0, 0), 0

    def begin(self, card: int, first: int, step: int) -> None:
        self.at, self.drawn = (16 * self.projection + 1 + card, step), first

    def draw(self, kind: str, *numbers: float) -> float:
        purpose, step = self.at
        self.drawn += 1
        function = getattr(chance, kind)
        return float(function(*numbers, self.seed, purpose, self.synapse, step, self.drawn - 1))


class Bare(SimpleNamespace):
    """The astrocyte where there is none: everything read of it is 0."""

    def __getattr__(self, name: str) -> float:
        return 0.0


class Eager:
    """One synapse: memories, fields and weight, moved on at every event there is."""

    def __init__(self, rules: list[type[Rule]], weight: float, luck: Luck | None = None) -> None:
        self.rules, self.luck = rules, luck or Luck(0, 0, 0)
        self.p = [rule.row(w_max=W_MAX) for rule in rules]
        self.memory = {
            "pre": [dict.fromkeys(r.traces, 0.0) for r in rules],
            "post": [dict.fromkeys(r.traces, 0.0) for r in rules],
        }
        self.last = {"pre": None, "post": None}
        self.ends = ("w", "P", "q") if any(rule.keeps_loci() for rule in rules) else ("w",)
        # A gate keeps what it intercepts of each locus apart.
        self.fields = [
            {end: {n: self.start(i, f) for n, f in r.fields.items()} for end in self.ends}
            for i, r in enumerate(rules)
        ]
        self.w, self.t = weight, 0.0
        self.P = next((p.p_start for p in self.p if hasattr(p, "p_start")), 0.5)
        self.q = weight / self.P
        self.size = 1.0  # of the postsynaptic event that is met
        self.levels = [dict.fromkeys(r.roles, 0.0) for r in rules]

    def start(self, card: int, field: Field) -> float:
        return float(getattr(self.p[card], field.init) if isinstance(field.init, str) else field.init)

    def decayed(self, side: str, t: float) -> list[SimpleNamespace]:
        found = []
        for rule, p, memory in zip(self.rules, self.p, self.memory[side], strict=True):
            since = 0.0 if self.last[side] is None else t - self.last[side]
            found.append(
                SimpleNamespace(
                    bap=self.size,
                    **{
                        n: memory[n] * exp(-since / getattr(p, x.tau))
                        for n, x in rule.traces.items()
                        if x.owner == side
                    },
                )
            )
        return found

    def spike(self, side: str, t: float, rows: list[SimpleNamespace]) -> None:
        for rule, p, memory, row in zip(self.rules, self.p, self.memory[side], rows, strict=True):
            for name, x in rule.traces.items():
                if x.owner == side:
                    nearest = x.nearest if isinstance(x.nearest, bool) else bool(getattr(p, x.nearest))
                    size = self.size if side == "post" else 1.0
                    memory[name] = size if nearest else getattr(row, name) + size
        self.last[side] = t

    def store(self, change: dict[str, float]) -> None:
        if not any(change.values()):
            return
        before = self.w
        stored = [i for i, r in enumerate(self.rules) if "apply" in r.hooks]
        for i in stored:
            change = self.run(i, "apply", change, self.mod(i, self.t))
        if not stored:
            self.w = min(max(self.w + change["w"], 0.0), W_MAX)
        if len(self.ends) > 1:
            self.settle(before, change)

    def settle(self, before: float, change: dict[str, float]) -> None:
        """Release first, then receptors; neither takes the product over the bound."""
        if self.w != before and self.P > 0.0:
            self.q = self.w / self.P
        most = max(min(W_MAX / self.q if self.q > 0.0 else 1.0, 1.0), self.P)
        self.P = min(max(self.P + change["P"], 0.0), most)
        most = max(W_MAX / self.P if self.P > 0.0 else 1e12, self.q)
        self.q = min(max(self.q + change["q"], 0.0), most)
        self.w = self.P * self.q

    def mod(self, i: int, t: float, released: str = "") -> SimpleNamespace:
        """What the hooks of one card read of their modulators at a time not before the last event."""
        row = {}
        for name, role in self.rules[i].roles.items():
            tau = getattr(self.p[i], role.tau) if role.tau else 1e-9  # its level is never read
            row[name] = self.levels[i][name] * exp(-(t - self.t) / tau)
            row[f"{name}_rest"] = TONIC / (tau if role.has_area else 1.0)
            row[f"{name}_dose"] = 1.0 if role.substance == released else 0.0
        return SimpleNamespace(**row)

    def nothing(self) -> dict[str, float]:
        return dict.fromkeys(self.ends, 0.0)

    def run(
        self, i: int, hook: str, change: dict[str, float], mod: SimpleNamespace, end: str = "w", **more: Any
    ) -> dict[str, float]:
        """Run a hook of one card by the names of its arguments; returns the proposed change.

        It sees the change of one locus; a hook that is run once moves all of them.
        """
        fields = self.fields[i][end]
        syn = SimpleNamespace(w=self.w, dw=change[end], **fields)
        if end == "w" and len(self.ends) > 1:
            syn.P, syn.q, syn.dP, syn.dq = self.P, self.q, change["P"], change["q"]
        self.luck.begin(i, 16 * self.rules[i].hook_names.index(hook), round(self.t / H))
        run_hook(self.rules[i].hooks[hook], syn=syn, p=self.p[i], mod=mod, **more)
        fields.update({n: getattr(syn, n) for n in fields})
        if hook == "apply":
            self.w = syn.w
        found = {**change, end: float(syn.dw)}
        if end == "w" and len(self.ends) > 1:
            found |= {"P": float(syn.dP), "q": float(syn.dq)}
        return found

    def every_end(
        self, i: int, hook: str, change: dict[str, float], mod: Any, **more: Any
    ) -> dict[str, float]:
        for end in self.ends:
            change = self.run(i, hook, change, mod, end, **more)
        return change

    def pass_on(self, after: int, change: dict[str, float], t: float) -> dict[str, float]:
        """A change goes through the gates to the right of card `after`."""
        for i, rule in enumerate(self.rules):
            if i > after and "on_change" in rule.hooks:
                change = self.every_end(i, "on_change", change, self.mod(i, t))
        return change

    def advance(self, t: float) -> None:
        """What the gates let go of since the last event, then what went on by itself."""
        passed, before = t - self.t, [self.mod(i, self.t) for i in range(len(self.rules))]
        now = [self.mod(i, t) for i in range(len(self.rules))]
        self.levels = [
            {name: getattr(row, name) for name in levels}
            for row, levels in zip(now, self.levels, strict=True)
        ]
        self.t = t
        for i, rule in enumerate(self.rules):
            if "advance" in rule.hooks and passed > 0.0:
                gone = self.every_end(i, "advance", self.nothing(), before[i], dt=passed)
                self.store(self.pass_on(i, gone, t))
        if passed > 0.0:
            self.event("between", dt=passed)

    def release(self, substance: str, t: float) -> None:
        for i, rule in enumerate(self.rules):
            if "on_release" in rule.hooks:
                gone = self.every_end(i, "on_release", self.nothing(), self.mod(i, t, substance))
                self.store(self.pass_on(i, gone, t))
        for i, rule in enumerate(self.rules):
            for name, role in rule.roles.items():
                if role.substance == substance:
                    tau = getattr(self.p[i], role.tau) if role.has_area else 1.0
                    self.levels[i][name] += 1.0 / tau

    def event(
        self, hook: str, pre: Any = None, post: Any = None, only: int | None = None, dt: float = 0.0
    ) -> None:
        """Something reaches the synapse, with what every card remembers of both sides."""
        change = self.nothing()
        cards = [i for i, rule in enumerate(self.rules) if hook in rule.hooks and only in (None, i)]
        for i in cards:
            rows = {"pre": pre[i], "post": post[i]} if pre is not None else {"dt": dt}
            held = change
            change = self.run(i, hook, change, self.mod(i, self.t), **rows)
            if hook == "on_post" and "bap" not in self.rules[i].read_of("post"):
                change = {end: held[end] + (change[end] - held[end]) * self.size for end in change}
        if cards:
            self.store(self.pass_on(-1, change, self.t))


def eager(
    rules: list[type[Rule]],
    trains: dict[str, set[int]],
    drugs: dict[str, set[int]],
    steps: int,
    d: int,
    w: float,
    luck: Luck,
    sizes: dict[int, float] | None = None,
) -> list[float]:
    """The weight each presynaptic spike carries; `d` is the dendritic delay in steps.

    `sizes` are those of postsynaptic events that are not 1.
    """
    synapse, carried = Eager(rules, w, luck), []
    late = {i: round(getattr(synapse.p[i], r.late) / H) for i, r in enumerate(rules) if "on_late" in r.hooks}
    hears = any("on_event" in r.hooks for r in rules)
    for s in range(1, steps):
        t = s * H
        released = [name for name, when in drugs.items() if s in when]
        came, left = s - d in trains["post"], s in trains["pre"]
        taught = hears and s - d - LATER in trains["teacher"]
        again = [i for i, after in late.items() if s - after in trains["pre"]]
        if not (released or came or left or taught or again or s % SWEEP == 0):
            continue
        synapse.advance(t)
        for name in released:
            synapse.release(name, t)
        synapse.size = (sizes or {}).get(s - d, 1.0)
        x, y = synapse.decayed("pre", t), synapse.decayed("post", t)
        if came:
            synapse.event("on_post", x, y)
        if taught:
            synapse.event("on_event", x, y)
        for i in again:
            synapse.event("on_late", x, y, only=i)
        if left:
            synapse.event("on_pre", x, y)
            carried.append(synapse.w)
            synapse.spike("pre", t, x)
        if came:
            synapse.spike("post", t, y)
    return carried
