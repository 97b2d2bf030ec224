"""Rules that keep the same rate fight when they differ in aim or not in pace; it is said beforehand."""

import numpy as np
import pytest

from engine import Network
from engine.network.checks import check, remarks
from engine.network.rivals import fights
from tests.references.stage import run

SLOW_SCALING = {"target": 5.0, "tau_sc": 100_000.0, "tau_h": 5000.0}


def circuit(*rules, other=()):
    net = Network(dt=1.0, seed=1)
    cells = net.add_population("Cells", "iaf_psc_exp", size=2, sign=+1)
    more = net.add_population("More", "iaf_psc_exp", size=2, sign=+1)
    net.add_projection("One", cells, cells, rules=list(rules), w_max=100.0)
    net.add_projection("Two", more, cells, rules=list(other), w_max=100.0)
    return net


def told(net):
    return [str(problem) for problem in fights(net)]


def test_scaling_and_growth_get_along_at_one_rate_and_ten_times_apart():
    assert told(circuit(("scaling", SLOW_SCALING), "element_growth")) == []


def test_the_same_aim_at_the_same_pace_is_told_with_reason_and_cure():
    (said,) = told(circuit(("scaling", {**SLOW_SCALING, "tau_sc": 50_000.0}), "element_growth"))
    assert said.startswith("One, scaling: it acts in 50000 ms and Element growth in 10000 ms")
    assert said.endswith("let one be 10 times slower than the other")


def test_another_aim_is_told_across_projections():
    (said,) = told(circuit(("scaling", {**SLOW_SCALING, "target": 8.0}), other=["element_growth"]))
    assert "it wants 8 Hz and Element growth of Two wants 5 Hz" in said


def test_scaling_faster_than_its_detector_is_told_and_compression_counts():
    net = circuit(("scaling", {"tau_sc": 40_000.0, "tau_h": 10_000.0}))
    assert told(net) == []
    net.set(net.projection("One"), **{"scaling.tau_sc": 39_000.0})
    (said,) = told(net)
    assert "acts within 39000 ms but looks back over 10000 ms" in said
    assert remarks(net) == list(fights(net))
    assert check(net) == []  # it runs, and swings


def test_rules_that_are_off_or_of_other_neurons_do_not_fight():
    net = circuit(("scaling", {"tau_sc": 1000.0}))
    one = net.projection("One")
    assert len(told(net)) == 1
    assert list(fights(net, net.projection("Two").id)) == []
    net.set_rules(one, [])
    assert told(net) == []


@pytest.mark.parametrize(("tau_sc", "swings"), [(40_000.0, False), (1_500.0, True)])
def test_what_is_told_to_swing_does_swing(tau_sc, swings):
    net = Network(dt=1.0, seed=2)
    pre = net.add_population("Pre", "relay", size=400, sign=+1)
    post = net.add_population("Post", "iaf_psc_exp", size=1, sign=+1)
    net.add_input("poisson", pre, rate=20.0)
    rule = {"target": 10.0, "tau_sc": tau_sc, "tau_h": 4000.0, "update": 50.0}
    way = net.add_projection("In", pre, post, rules=[("scaling", rule)], w_max=1000.0)
    net.wire(way, "all_to_all", weight=20.0, delay=1.0)
    assert bool(told(net)) is swings
    sim, weight = run(net, 500.0), []
    for _ in range(79):
        sim.run(500.0)
        weight.append(float(sim.synapses(way)["weight"][0]))
    rest = np.mean(weight[40:])
    # from below it overshoots, and then falls far below where it comes to rest: a damped swing
    assert bool(max(weight) > 1.25 * rest) is swings
    assert bool(min(weight[5:]) < 0.8 * rest) is swings


def test_a_card_that_looks_too_seldom_is_told_with_the_interval_that_would_do():
    net = circuit(("spine_life", {"update": 100.0}))
    net.slow = 86_400_000.0 / 1000.0  # a day is a second, and a thin spine lives three
    assert remarks(net) == []
    net.set(net.projection("One"), **{"spine_life.update": 500.0})
    (said,) = (str(problem) for problem in remarks(net))
    assert said.startswith("One, spine_life: it looks every 500 ms at what takes 2960 ms")
    assert said.endswith("choose update at most 296")
