"""Every stack of rules that can be declared: the lazy kernels agree with an eager reference, spike by spike.

The reference runs the hooks themselves, in plain Python, one synapse at a time and event by event, in the
order MODELS fixes: advance the gates, then what is released now, then the cards from left to right, bounds
last.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from math import exp
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engine import Network, Simulation, registry
from engine.declare import Rule

H = 0.1
W_MAX = 4.0
SWEEP = 777
TONIC = 0.3


def sees(rule: type[Rule]) -> bool:
    """Whether a rule sees more of its neurons than spikes; test_every_neuron_rule.py is about those."""
    return bool(rule.asks("pre") or rule.asks("post") or rule.quantities or "on_step" in rule.hooks)


INDUCTIONS = [r.slug for r in registry.all("rule") if r.stage == "induction" and not sees(r)]
GATES = [r.slug for r in registry.all("rule") if r.stage == "gate"]
EXPRESSIONS = [r.slug for r in registry.all("rule") if r.stage == "expression"]
STACKS = [
    *[(i,) for i in INDUCTIONS],
    *[(i, g) for i in INDUCTIONS for g in GATES],
    *[(i, e) for i in INDUCTIONS for e in EXPRESSIONS],
    *[(i, g, e) for i in INDUCTIONS[:1] for g in GATES for e in EXPRESSIONS],
    *[(i, j) for i in INDUCTIONS for j in INDUCTIONS if i < j],
    *[(INDUCTIONS[0], g, h) for g in GATES for h in GATES if g < h],
]


def run_hook(hook: Callable[..., None], **rows: Any) -> None:
    """Call a hook with the rows it asks for by name; no astrocyte owns the synapse."""
    rows["glia"] = Bare()
    hook(**{name: rows[name] for name in signature(hook).parameters})


class Bare(SimpleNamespace):
    """The astrocyte where there is none: everything read of it is 0."""

    def __getattr__(self, name: str) -> float:
        return 0.0


class Eager:
    """One synapse: memories, fields and weight, moved on at every event there is."""

    def __init__(self, rules: list[type[Rule]], weight: float) -> None:
        self.rules = rules
        self.p = [rule.row(w_max=W_MAX) for rule in rules]
        self.memory = {
            "pre": [dict.fromkeys(r.traces, 0.0) for r in rules],
            "post": [dict.fromkeys(r.traces, 0.0) for r in rules],
        }
        self.last = {"pre": None, "post": None}
        self.fields = [{n: float(f.init) for n, f in r.fields.items()} for r in rules]
        self.w, self.t = weight, 0.0
        self.levels = [dict.fromkeys(r.roles, 0.0) for r in rules]

    def decayed(self, side: str, t: float) -> list[SimpleNamespace]:
        found = []
        for rule, p, memory in zip(self.rules, self.p, self.memory[side], strict=True):
            since = 0.0 if self.last[side] is None else t - self.last[side]
            found.append(
                SimpleNamespace(
                    **{
                        n: memory[n] * exp(-since / getattr(p, x.tau))
                        for n, x in rule.traces.items()
                        if x.owner == side
                    }
                )
            )
        return found

    def spike(self, side: str, t: float, rows: list[SimpleNamespace]) -> None:
        for rule, p, memory, row in zip(self.rules, self.p, self.memory[side], rows, strict=True):
            for name, x in rule.traces.items():
                if x.owner == side:
                    nearest = x.nearest if isinstance(x.nearest, bool) else bool(getattr(p, x.nearest))
                    memory[name] = 1.0 if nearest else getattr(row, name) + 1.0
        self.last[side] = t

    def store(self, syn: SimpleNamespace) -> None:
        if syn.dw == 0.0:
            return
        syn.w = self.w
        stored = [(r, p) for r, p in zip(self.rules, self.p, strict=True) if "apply" in r.hooks]
        for rule, p in stored:
            run_hook(rule.hooks["apply"], syn=syn, p=p)
        if not stored:
            syn.w = min(max(syn.w + syn.dw, 0.0), W_MAX)
        self.w, syn.dw = syn.w, 0.0

    def mod(self, i: int, t: float, released: str = "") -> SimpleNamespace:
        """What the hooks of one card read of their modulators at a time not before the last event."""
        row = {}
        for name, role in self.rules[i].roles.items():
            tau = getattr(self.p[i], role.tau)
            row[name] = self.levels[i][name] * exp(-(t - self.t) / tau)
            row[f"{name}_rest"] = TONIC / (tau if role.has_area else 1.0)
            row[f"{name}_dose"] = 1.0 if role.substance == released else 0.0
        return SimpleNamespace(**row)

    def run(self, i: int, hook: str, dw: float, mod: SimpleNamespace, **more: object) -> float:
        """Run a hook of one card by the names of its arguments; returns the proposed change."""
        syn = SimpleNamespace(w=self.w, dw=dw, **self.fields[i])
        run_hook(self.rules[i].hooks[hook], syn=syn, p=self.p[i], mod=mod, **more)
        self.fields[i].update({n: getattr(syn, n) for n in self.fields[i]})
        return float(syn.dw)

    def pass_on(self, after: int, dw: float, t: float) -> float:
        """A change goes through the gates to the right of card `after`."""
        for i, rule in enumerate(self.rules):
            if i > after and "on_change" in rule.hooks:
                dw = self.run(i, "on_change", dw, self.mod(i, t))
        return dw

    def advance(self, t: float) -> None:
        for i, rule in enumerate(self.rules):
            if "advance" in rule.hooks and t > self.t:
                dw = self.run(i, "advance", 0.0, self.mod(i, self.t), dt=t - self.t)
                self.store(SimpleNamespace(dw=self.pass_on(i, dw, t)))
        for i in range(len(self.rules)):
            now = self.mod(i, t)
            self.levels[i] = {name: getattr(now, name) for name in self.levels[i]}
        self.t = t

    def release(self, substance: str, t: float) -> None:
        for i, rule in enumerate(self.rules):
            if "on_release" in rule.hooks:
                dw = self.run(i, "on_release", 0.0, self.mod(i, t, substance))
                self.store(SimpleNamespace(dw=self.pass_on(i, dw, t)))
        for i, rule in enumerate(self.rules):
            for name, role in rule.roles.items():
                if role.substance == substance:
                    self.levels[i][name] += 1.0 / (getattr(self.p[i], role.tau) if role.has_area else 1.0)

    def event(self, hook: str, pre: list[SimpleNamespace], post: list[SimpleNamespace]) -> None:
        dw = 0.0
        for i, rule in enumerate(self.rules):
            if hook in rule.hooks:
                dw = self.run(i, hook, dw, self.mod(i, self.t), pre=pre[i], post=post[i])
        self.store(SimpleNamespace(dw=self.pass_on(-1, dw, self.t)))


def eager(
    rules: list[type[Rule]],
    pre: set[int],
    post: set[int],
    drugs: dict[str, set[int]],
    steps: int,
    d: int,
    w: float,
) -> list[float]:
    """The weight each presynaptic spike carries; `d` is the dendritic delay in steps."""
    synapse, carried = Eager(rules, w), []
    for s in range(1, steps):
        t = s * H
        released = [name for name, when in drugs.items() if s in when]
        came, left = s - d in post, s in pre
        if not (released or came or left or s % SWEEP == 0):
            continue
        synapse.advance(t)
        for name in released:
            synapse.release(name, t)
        x, y = synapse.decayed("pre", t), synapse.decayed("post", t)
        if came:
            synapse.event("on_post", x, y)
        if left:
            synapse.event("on_pre", x, y)
            carried.append(synapse.w)
            synapse.spike("pre", t, x)
        if came:
            synapse.spike("post", t, y)
    return carried


def substances(rules: list[type[Rule]]) -> list[str]:
    """What the cards of a stack listen to, in the order in which they meet releases of the same step."""
    return list(dict.fromkeys(role.substance for rule in rules for role in rule.roles.values()))


@pytest.mark.parametrize("slugs", STACKS, ids="+".join)
def test_lazy_kernels_agree_with_an_eager_reference(slugs: tuple[str, ...]) -> None:
    rng = np.random.default_rng(sum(map(ord, "".join(slugs))))
    steps, d = 6000, 13
    # Trains on a coarse grid, so that many spikes meet in the very same step.
    trains = [np.unique(rng.integers(1, steps // 7, count) * 7) for count in (120, 150)]
    pre = set(trains[0].tolist())
    post = set(trains[1].tolist()) | {s - d for s in trains[0].tolist()[:40] if s > d}
    rules = [registry.find(slug, "rule") for slug in slugs]

    net = Network(dt=H, seed=3)
    relays = net.add_population("relays", "relay", size=6)

    def fires(row: int, train: set[int]) -> None:
        net.add_input("spike_list", relays[row : row + 1], times=[round(s * H, 9) for s in sorted(train)])

    fires(0, pre)
    fires(1, post)
    drugs = {}
    for row, substance in enumerate(substances(rules), 2):
        released = np.unique(rng.integers(1, steps // 7, 25) * 7)
        fires(row, set(released.tolist()))
        net.add_modulator(
            substance, "diffuse", relays[row : row + 1], {"substance": substance, "tonic": TONIC}
        )
        drugs[substance] = set((released + 10).tolist())  # its delay is 1 ms, ten steps
    way = net.add_projection("p", relays, relays, rules=[(slug, {}) for slug in slugs], w_max=W_MAX)
    ids = net.add_synapses(way, pre=relays[:1], post=relays[1:2], weight=2.0, delay=d * H)
    probe = net.add_probe(ids, "weight", every="pre")
    net.sweep = SWEEP  # part of the network: where bounds are soft, a gate's release is booked at sweeps too

    sim = Simulation(net)
    sim.run(steps * H)
    expected = eager(rules, pre, post, drugs, steps + 1, d, 2.0)
    found = sim.record(probe)["value"]
    assert found.size == len(expected) > 100
    assert np.ptp(found) > 1e-6, "the weight never moved, so this shows nothing"
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
