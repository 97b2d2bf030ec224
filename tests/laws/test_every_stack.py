"""Every stack of rules that can be declared: the lazy kernels agree with an eager reference, spike by spike.

The reference runs the hooks themselves, in plain Python, one synapse at a time and event by event, in the
order MODELS fixes: advance the gate, then the cards from left to right, bounds last.
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
INDUCTIONS = [r.slug for r in registry.all("rule") if r.stage == "induction"]
GATES = [r.slug for r in registry.all("rule") if r.stage == "gate"]
EXPRESSIONS = [r.slug for r in registry.all("rule") if r.stage == "expression"]
STACKS = [
    *[(i,) for i in INDUCTIONS],
    *[(i, g) for i in INDUCTIONS for g in GATES],
    *[(i, e) for i in INDUCTIONS for e in EXPRESSIONS],
    *[(i, g, e) for i in INDUCTIONS[:1] for g in GATES for e in EXPRESSIONS],
    *[(i, j) for i in INDUCTIONS for j in INDUCTIONS if i < j],
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
        self.w, self.n, self.t = weight, 0.0, 0.0

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

    def advance(self, t: float, tau_n: float) -> None:
        for rule, p, fields in zip(self.rules, self.p, self.fields, strict=True):
            if "advance" in rule.hooks and t > self.t:
                syn = SimpleNamespace(w=self.w, dw=0.0, **fields)
                run_hook(rule.hooks["advance"], syn=syn, mod=SimpleNamespace(n=self.n), p=p, dt=t - self.t)
                fields.update({n: getattr(syn, n) for n in fields})
                self.store(syn)
        self.n *= exp(-(t - self.t) / tau_n)
        self.t = t

    def event(self, hook: str, pre: list[SimpleNamespace], post: list[SimpleNamespace]) -> None:
        dw = 0.0
        for i, rule in enumerate(self.rules):
            if hook in rule.hooks:
                syn = SimpleNamespace(w=self.w, dw=dw, **self.fields[i])
                run_hook(rule.hooks[hook], syn=syn, pre=pre[i], post=post[i], p=self.p[i])
                dw = syn.dw
        for i, rule in enumerate(self.rules):
            if "on_change" in rule.hooks:
                syn = SimpleNamespace(w=self.w, dw=dw, **self.fields[i])
                run_hook(rule.hooks["on_change"], syn=syn, p=self.p[i])
                self.fields[i].update({n: getattr(syn, n) for n in self.fields[i]})
                dw = syn.dw
        self.store(SimpleNamespace(w=self.w, dw=dw))


def eager(
    rules: list[type[Rule]], pre: set[int], post: set[int], drug: set[int], steps: int, d: int, w: float
) -> list[float]:
    """The weight each presynaptic spike carries; `d` is the dendritic delay in steps."""
    synapse, carried = Eager(rules, w), []
    tau_n = next((getattr(p, "tau_n", None) for p in synapse.p if hasattr(p, "tau_n")), 1.0)
    for s in range(1, steps):
        t = s * H
        drugged, came, left = s in drug, s - d in post, s in pre
        if not (drugged or came or left or s % SWEEP == 0):
            continue
        synapse.advance(t, tau_n)
        if drugged:
            synapse.n += 1.0 / tau_n
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


@pytest.mark.parametrize("slugs", STACKS, ids="+".join)
def test_lazy_kernels_agree_with_an_eager_reference(slugs: tuple[str, ...]) -> None:
    rng = np.random.default_rng(sum(map(ord, "".join(slugs))))
    steps, d = 6000, 13
    # Trains on a coarse grid, so that many spikes meet in the very same step.
    trains = [np.unique(rng.integers(1, steps // 7, count) * 7) for count in (120, 150, 25)]
    pre, drug = set(trains[0].tolist()), set((trains[2] + 10).tolist())
    post = set(trains[1].tolist()) | {s - d for s in trains[0].tolist()[:40] if s > d}
    rules = [registry.find(slug, "rule") for slug in slugs]

    net = Network(dt=H, seed=3)
    relays = net.add_population("relays", "relay", size=3)
    for row, train in enumerate((pre, post, trains[2].tolist())):
        net.add_input("spike_list", relays[row : row + 1], times=[round(s * H, 9) for s in sorted(train)])
    net.add_modulator("DA", "diffuse", sources=relays[2:3])  # its delay is 1 ms, ten steps
    way = net.add_projection("p", relays, relays, rules=[(slug, {}) for slug in slugs], w_max=W_MAX)
    ids = net.add_synapses(way, pre=relays[:1], post=relays[1:2], weight=2.0, delay=d * H)
    probe = net.add_probe(ids, "weight", every="pre")
    net.sweep = SWEEP  # part of the network: where bounds are soft, a gate's release is booked at sweeps too

    sim = Simulation(net)
    sim.run(steps * H)
    expected = eager(rules, pre, post, drug, steps + 1, d, 2.0)
    found = sim.record(probe)["value"]
    assert found.size == len(expected) > 100
    assert np.ptp(found) > 1e-6, "the weight never moved, so this shows nothing"
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
