"""The burst-dependent rule, beside sums by hand and on neurons with an apical dendrite."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Network, Simulation
from examples import exclusive_or_in_bursts as exclusive_or
from tests.references.stage import relays


def by_hand(pre, post, eta=0.7, tau_pre=50.0, tau_avg=15000.0, isi=16.0, delay=1.0, e=5.0, b=1.0):
    """The change of one weight by forced spikes (ms), event by event."""
    ends, last = [], -1e9
    for t in pre:
        if t - last >= isi:
            ends.append(t)
        last = t
    total, last, then, bursting = 0.0, -1e9, 0.0, False
    for t in post:
        e, b, then = e * np.exp(-(t - then) / tau_avg), b * np.exp(-(t - then) / tau_avg), t
        at = t + delay  # it takes the spike as long to come back to the synapse
        x = sum(np.exp(-(at - s) / tau_pre) for s in ends if s <= at + 1e-6)
        if t - last >= isi:
            total -= eta * b / e * x
            e, bursting = e + 1.0, False
        elif not bursting:
            total += eta * x
            b, bursting = b + 1.0, True
        last = t
    return total


def trains(seed):
    """Spikes on the grid, some of them in bursts."""
    luck = np.random.default_rng(seed)
    starts = np.cumsum(luck.uniform(30.0, 120.0, 25))
    many = [s + np.arange(luck.integers(1, 4)) * luck.uniform(4.0, 14.0) for s in starts]
    return np.round(np.concatenate(many), 1)


@pytest.mark.parametrize("seed", range(3))
def test_X4_single_synapses_follow_the_rule_event_by_event(seed, measured):
    pre, post = trains(seed), trains(seed + 10)
    net = Network(dt=0.1, seed=1)
    one, two = relays(net, "Pre", [pre]), relays(net, "Post", [post])
    way = net.add_projection("Pair", one, two, rules=[("burst_dependent", {"eta": 0.7})], w_max=1e4)
    net.wire(way, "all_to_all", weight=500.0, delay=1.0)
    sim = Simulation(net)
    sim.run(float(max(pre[-1], post[-1])) + 60.0)
    ours = float(sim.synapses(way)["weight"][0]) - 500.0
    theirs = by_hand(pre, post)
    measured("X4-A2", f"burst-dependent: one weight under forced spikes, {seed}", source=f"{theirs:.6f}",
             ours=f"{ours:.6f}", tolerance="1e-9", kind="X")  # fmt: skip
    assert ours == pytest.approx(theirs, rel=1e-9)


def moved(apical: float) -> float:
    """The mean change of weights onto neurons whose dendrite gets a current that it is not used to."""
    net = Network(dt=0.2, seed=2)
    seen = net.add_population("Seen", "relay", size=20, sign=+1)
    cells = net.add_population("Cells", "burst_unit", size=5, sign=+1)
    net.add_input("poisson", seen, rate=20.0)
    net.add_input("noise_current", cells, mean=360.0, std=250.0, hold=1.0)
    net.add_input("dendrite_current", cells, times=[0.2, 1500.0], amplitudes=[0.0, apical])
    rules = [("burst_dependent", {"eta": 0.0, "tau_avg": 2000.0})]
    way = net.add_projection("In", seen, cells, rules=rules, w_max=400.0)
    net.wire(way, "all_to_all", weight=60.0, delay=1.0)
    sim = Simulation(net)
    sim.run(1500.0)
    sim.set(way, **{"burst_dependent.eta": 5.0})
    sim.run(1500.0)
    return float(sim.synapses(way)["weight"].mean()) - 60.0


def test_X4_what_reaches_the_dendrite_says_whether_synapses_at_the_soma_grow(measured):
    up, down = moved(300.0), moved(-300.0)
    measured("X4-A3", "weights onto burst units, dendrite driven and held down, 1.5 s", source="up, down",
             ours=f"{up:+.1f}, {down:+.1f} pA", tolerance="signs", kind="S")  # fmt: skip
    assert up > 3.0
    assert down < -1.0


def test_a_synapse_that_passes_only_bursts_acts_once_in_each_at_its_second_spike():
    train = [20.0, 60.0, 68.0, 76.0, 120.0, 136.0, 150.0, 200.0]  # alone, three, 16 ms apart, within, alone
    net = Network(dt=0.1, seed=1)
    source, cell = relays(net, "Source", [train]), net.add_population("Cell", "burst_unit")
    way = net.add_projection("Back", source, cell, transmission="dendritic_burst")
    net.add_synapses(way, pre=source.ids, post=cell.ids, weight=50.0, delay=1.0)
    probe = net.add_probe(cell, "i_apical", every=0.1)
    sim = Simulation(net)
    sim.run(250.0)
    current = sim.record(probe)
    jumps = np.flatnonzero(np.diff(current["value"], prepend=0.0) > 1.0)
    assert current["t"][jumps] == pytest.approx([69.0, 151.0])
    assert current["value"][jumps[0]] == pytest.approx(50.0, rel=1e-9)


CUT = {"there": 0.0, "cut": 0.0, "a steady current instead": 90.0}
"""Bursts that go back, and a current (pA) in their place: near what they bring while yes is taught."""


@pytest.mark.long
@pytest.mark.parametrize("seed", [4, 5, 6])
def test_X4_burst_units_learn_exclusive_or_only_from_bursts_that_go_back(seed, measured):
    """Seeds with which no constant was chosen; a steady current drives dendrites and tells nothing."""
    right = {}
    for what, current in CUT.items():
        net = exclusive_or.build(seed)
        if what != "there":
            exclusive_or.control(net)
        for id, given in list(net.inputs.items()):
            if given.label == "level":
                net.set(id, amplitudes=[exclusive_or.LEVEL + current])
        sim = Simulation(net)
        sim.run(exclusive_or.SECONDS * 1000.0)
        right[what] = exclusive_or.point(sim)[0]
    told = ", ".join(f"{what} {share:.0%}" for what, share in right.items())
    measured("X4-A4", f"exclusive or by spiking burst units, right answers by bursts back, seed {seed}",
             source="learned; not; not", ours=told, tolerance="> 85 %; < 76 %", kind="S")  # fmt: skip
    assert right["there"] > 0.85
    assert max(right["cut"], right["a steady current instead"]) < 0.76
