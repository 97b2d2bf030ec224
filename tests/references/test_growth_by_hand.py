"""Synapses that grow, learn, are scaled and pruned, each beside a plain reckoning from its birth to its end.

Which pairs meet is drawn by lot, so births and their places are taken from the run; when they are lost to
weakness, how long they take, and the weight of each at its end are worked out here.
"""

import math
from collections import Counter, defaultdict

import numpy as np
import pytest

from engine import Network, Simulation, load, save

STEP, LASTS, N = 0.25, 4000.0, 10
STDP = {"tau_pre": 21.0, "tau_post": 33.0, "lambda_": 0.03, "alpha": 1.1, "mu_plus": 0.5, "mu_minus": 0.0}
DOPAMINE = {"tau_c": 400.0, "tau_n": 100.0, "b": 0.0, "a_plus": 1.0, "a_minus": 1.2}
SCALING = {"target": 15.0, "tau_sc": 3000.0, "tau_h": 500.0, "update": 50.0}
GROWTH = {
    "curve": "linear", "nu": 0.008, "eps": 0.2, "tau_ca": 1000.0, "beta_ca": 0.01, "update": 100.0,
    "weight": 1.0, "delay": 1.0, "speed": 0.1, "sigma": 500.0,
}  # fmt: skip
PRUNE = {"below": 0.9, "for_": 200.0, "update": 100.0}
MOST = 4.0


class Reckoned:
    """One synapse of a pair rule whose changes wait for dopamine; times in steps."""

    def __init__(self, pre, post, weight, delay, dendritic, at=0):
        self.pre, self.post, self.w, self.at = pre, post, weight, at
        self.back = round(delay * dendritic)
        self.forth = delay - self.back
        self.x = self.y = self.tag = self.dopamine = self.weak = 0.0

    def advance(self, step):
        d, self.at = (step - self.at) * STEP, step
        both = 1.0 / DOPAMINE["tau_c"] + 1.0 / DOPAMINE["tau_n"]
        self.add(self.tag * self.dopamine * (1.0 - math.exp(-both * d)) / both)
        self.tag *= math.exp(-d / DOPAMINE["tau_c"])
        self.dopamine *= math.exp(-d / DOPAMINE["tau_n"])
        self.x *= math.exp(-d / STDP["tau_pre"])
        self.y *= math.exp(-d / STDP["tau_post"])

    def add(self, change):
        self.w = min(max(self.w + change, 0.0), MOST)

    def events(self, came, left, released):
        """The spikes of both sides and the releases that reach it now."""
        self.dopamine += released / DOPAMINE["tau_n"]
        up = STDP["lambda_"] * MOST * (1.0 - self.w / MOST) ** STDP["mu_plus"] * self.x
        self.tag += came * DOPAMINE["a_plus"] * up
        self.tag -= left * DOPAMINE["a_minus"] * STDP["alpha"] * STDP["lambda_"] * MOST * self.y
        self.x, self.y = self.x + left, self.y + came


def grown(dendritic, folder):
    """The run, saved and taken up half-way; returns what it was given, what came and went, what is left."""
    rng = np.random.default_rng(3)
    net = Network(dt=STEP, seed=3)
    places = np.column_stack([*rng.uniform(0.0, 800.0, (2, N)), np.zeros(N)])
    cells = net.add_population("Cells", "relay", size=N, positions=places)
    steps = round(LASTS / STEP)
    trains = [np.flatnonzero(rng.random(steps) < r * STEP / 1000.0) + 1 for r in rng.uniform(4.0, 40.0, N)]
    for i, train in enumerate(trains):
        net.add_input("spike_list", cells[i : i + 1], times=train[train < steps] * STEP)
    source = net.add_population("Source", "relay", size=1)
    released = np.unique(rng.integers(1, steps - 8, 30))
    net.add_input("spike_list", source, times=released * STEP)
    net.add_modulator("Dopamine", "diffuse", source, {"substance": "dopamine"}, delay=1.0)
    rules = [("stdp_pair", STDP), ("dopamine", DOPAMINE), ("scaling", SCALING), ("element_growth", GROWTH),
             ("prune_weak", PRUNE)]  # fmt: skip
    way = net.add_projection("Way", cells, cells, rules=rules, w_max=MOST, dendritic=dendritic)
    ends, delays = rng.integers(0, N, (2, 8)), rng.integers(1, 24, 8)
    net.add_synapses(
        way, cells[ends[0]], cells[ends[1]], weight=rng.uniform(0.9, 2.0, 8), delay=delays * STEP
    )
    first = net.synapses(way)
    sim = Simulation(net)
    sim.run(LASTS / 2)
    changes = sim.drain_changes()
    save(sim, folder / "half.neuropil")
    half, state = load(folder / "half.neuropil")
    sim = Simulation(half, threads=2, state=state).run(LASTS / 2)
    changes += sim.drain_changes()
    number = {int(id): i for i, id in enumerate(cells.ids)}
    return places, trains, set((released + 4).tolist()), first, changes, sim.synapses(way.id), number


@pytest.mark.parametrize("dendritic", [1.0, 0.0])
def test_every_synapse_that_grew_has_the_weight_of_a_plain_reckoning(dendritic, tmp_path):
    places, trains, released, first, changes, left, number = grown(dendritic, tmp_path)
    spikes = [Counter(train.tolist()) for train in trains]
    rates, memory = np.zeros(N), {}
    living = {
        int(row["id"]): Reckoned(number[int(row["pre"])], number[int(row["post"])], float(row["weight"]),
                                 round(row["delay"] / STEP), dendritic) for row in first
    }  # fmt: skip
    due = defaultdict(list)
    for change in changes:
        due[change.step].append(change)
    weakened = 0
    for one in living.values():
        memory[one.pre, one.forth] = 0.0
    for step in range(1, round(LASTS / STEP) + 1):
        rates = rates * math.exp(-STEP / SCALING["tau_h"]) + [spikes[i][step] for i in range(N)]
        for pre, forth in memory:  # of each neuron, at each distance at which it ever had a synapse
            kept = memory[pre, forth] * math.exp(-STEP / STDP["tau_pre"])
            memory[pre, forth] = kept + spikes[pre][step - forth]
        scales, looks = step % round(50.0 / STEP) == 0, step % round(100.0 / STEP) == 0
        weak = set()
        for id, one in living.items():
            came, went = spikes[one.post][step - one.back], spikes[one.pre][step - one.forth]
            if not (came or went or step in released or scales or step % 10_000 == 0):
                continue
            one.advance(step)
            one.events(came, went, step in released)
            if scales:
                rate = 1000.0 * rates[one.post] / SCALING["tau_h"]
                one.w = min(
                    one.w * math.exp(50.0 / SCALING["tau_sc"] * (1.0 - rate / SCALING["target"])), MOST
                )
            if looks:
                one.weak = one.weak + 100.0 if one.w < PRUNE["below"] else 0.0
                weak |= {id} if one.weak >= PRUNE["for_"] else set()
        for change in due[step]:
            if change.kind == "pruned":
                for id, weight in zip(change.ids.tolist(), change.weight, strict=True):
                    assert living.pop(id).w == pytest.approx(weight, rel=1e-9)
                weakened += change.rule == "prune_weak" and len(weak & set(change.ids.tolist()))
                weak -= set(change.ids.tolist())
        assert not weak, "what was weak for long enough is still there"
        for change in due[step]:
            for i, id in enumerate(change.ids.tolist() if change.kind == "grown" else []):
                pre, post = number[int(change.pre[i])], number[int(change.post[i])]
                takes = 1.0 + math.dist(places[pre], places[post]) / (1000.0 * GROWTH["speed"])
                delay = math.ceil(round(takes / STEP, 6))
                assert change.delay[i] == pytest.approx(delay * STEP)
                one = living[id] = Reckoned(pre, post, float(change.weight[i]), delay, dendritic, step)
                one.x = memory.setdefault((pre, one.forth), 0.0)
                one.y = sum(math.exp(-(step - s - one.back) * STEP / STDP["tau_post"])
                            for s in spikes[post] if s + one.back <= step)  # fmt: skip
                one.dopamine = sum(math.exp(-(step - s) * STEP / DOPAMINE["tau_n"]) / DOPAMINE["tau_n"]
                                   for s in released if s <= step)  # fmt: skip
    assert weakened > 10
    assert sum(id < 0 for id in living) > 10
    assert {int(row["id"]) for row in left} == set(living)
    for row in left:
        one = living[int(row["id"])]
        one.advance(round(LASTS / STEP))
        assert row["weight"] == pytest.approx(one.w, rel=1e-9)
