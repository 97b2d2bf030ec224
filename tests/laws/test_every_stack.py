"""Every stack of rules that can be declared: the lazy kernels agree with an eager reference, spike by spike.

The reference is that of `eager.py`.
"""

from __future__ import annotations

import sys
from functools import partial
from itertools import pairwise

import numpy as np
import pytest

from engine import Network, Simulation, registry
from engine.declare import Rule
from tests.laws.eager import INDUCTIONS, LATER, SWEEP, TONIC, W_MAX, H, Luck, eager

GATES = [r.slug for r in registry.all("rule") if r.stage == "gate"]
EXPRESSIONS = [r.slug for r in registry.all("rule") if r.stage == "expression"]
USUAL = next(r.slug for r in registry.all("rule") if r.stage == "induction" and r.usual)
GATE = GATES[0]
STACKS = [
    *[(i,) for i in INDUCTIONS],
    *[(USUAL, g) for g in GATES],
    *[(USUAL, e) for e in EXPRESSIONS],
    *[(USUAL, GATE, e) for e in EXPRESSIONS],
    *[(USUAL, i) for i in INDUCTIONS if i != USUAL],
    *[(i, GATE) for i in INDUCTIONS if registry.find(i, "rule").keeps_loci()],
    *[(USUAL, g, h) for g, h in pairwise(GATES)],
]
EVERY_STACK = [
    *[(i, g) for i in INDUCTIONS for g in GATES],
    *[(i, e) for i in INDUCTIONS for e in EXPRESSIONS],
    *[(USUAL, g, e) for g in GATES for e in EXPRESSIONS],
    *[(i, j) for i in INDUCTIONS for j in INDUCTIONS if i < j],
    *[(USUAL, g, h) for g in GATES for h in GATES if g != h],
]
TRIED = [
    *STACKS,
    *(pytest.param(s, marks=pytest.mark.long, id="+".join(s)) for s in EVERY_STACK if s not in STACKS),
]


def substances(rules: list[type[Rule]]) -> list[str]:
    """What the cards of a stack listen to, in the order in which they meet releases of the same step."""
    return list(dict.fromkeys(role.substance for rule in rules for role in rule.roles.values()))


@pytest.mark.parametrize("slugs", TRIED, ids="+".join)
def test_lazy_kernels_agree_with_an_eager_reference(
    slugs: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(sum(map(ord, "".join(slugs))))
    steps, d = 6000, 13
    # Trains on a coarse grid, so that many spikes meet in the very same step.
    trains = [np.unique(rng.integers(1, steps // 7, count) * 7) for count in (120, 150, 60)]
    pre = set(trains[0].tolist())
    post = set(trains[1].tolist()) | {s - d for s in trains[0].tolist()[:40] if s > d}
    teacher = set(trains[2].tolist()) | {s - d - LATER for s in trains[0].tolist()[20:50] if s > d + LATER}
    rules = [registry.find(slug, "rule") for slug in slugs]

    net = Network(dt=H, seed=3)
    relays = net.add_population("relays", "relay", size=7)

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
    for kind in {rule.hears for rule in rules if "on_event" in rule.hooks}:
        fires(6, teacher)
        how = next(m.slug for m in registry.all("transmission") if m.event == kind)
        teaching = net.add_projection(kind, relays, relays, transmission=how)
        net.add_synapses(teaching, pre=relays[6:7], post=relays[1:2], weight=0.0, delay=LATER * H)
    probe = net.add_probe(ids, "weight", every="pre")
    net.sweep = SWEEP  # part of the network: where bounds are soft, a gate's release is booked at sweeps too

    sim = Simulation(net)
    sim.run(steps * H)
    luck = Luck(net.seed, way.id, int(np.asarray(ids)[0]))
    for rule in rules:
        for kind in ("uniform", "normal", "poisson", "binomial"):
            if hasattr(sys.modules[rule.__module__], kind):
                monkeypatch.setattr(sys.modules[rule.__module__], kind, partial(luck.draw, kind))
    trained = {"pre": pre, "post": post, "teacher": teacher}
    expected = eager(rules, trained, drugs, steps + 1, d, 2.0, luck)
    found = sim.record(probe)["value"]
    assert found.size == len(expected) > 100
    assert np.ptp(found) > 1e-6, "the weight never moved, so this shows nothing"
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
