"""Pruning saves synapses, power and wire; whether it costs the task is seen beside pruning at random."""

import numpy as np
import pytest

from engine import Network, Training
from engine.analysis.efficiency import before_and_after, efficiency, lost, pruned_at_random, wire
from engine.analysis.energy import joules
from engine.errors import Cancelled
from engine.network.layered import draw_layers


def trios(cells=20):
    """Neurons that must answer two signals; the first comes twice, at the same moments."""
    net = Network(dt=1.0, seed=5)
    at = np.column_stack([np.zeros(cells), 10.0 * np.arange(cells), np.zeros(cells)])
    inputs = net.add_population(
        "Inputs", "relay", size=3 * cells, sign=+1, positions=np.tile(at, (3, 1)) - [100.0, 0.0, 0.0]
    )
    post = net.add_population("Cells", "iaf_psc_exp", size=cells, sign=+1, positions=at)
    rng = np.random.default_rng(5)
    for k in range(cells):
        shared, own = (np.unique(rng.integers(1, 1999, 20)).astype(float) for _ in range(2))
        net.add_input("spike_list", inputs[k::cells][:2], times=shared)
        net.add_input("spike_list", inputs[2 * cells + k], times=own)
    way = net.add_projection("In", inputs, post, w_max=1e5)
    for k in range(3):
        net.add_synapses(way, inputs[k * cells : (k + 1) * cells], post, weight=9000.0, delay=1.0)
    return net, way


def answered(sim, cells=20):
    """Share of all signals (two per neuron) that their neuron follows within 10 ms, more often than not."""
    inputs, post = sim.network.population("Inputs"), sim.network.population("Cells")
    spikes = sim.spikes()
    trains = {int(n): spikes["t"][spikes["neuron"] == n] for n in (*inputs.ids, *post.ids)}
    heard = []
    for k in range(cells):
        out = trains[int(post.ids[k])]
        for source in (k, 2 * cells + k):
            train = trains[int(inputs.ids[source])]
            follows = [bool(((out > t) & (out <= t + 10.0)).any()) for t in train]
            heard.append(np.mean(follows) > 0.5)
    return float(np.mean(heard))


def test_pruning_the_redundant_costs_no_signal_and_pruning_as_many_at_random_does():
    before, way = trios()
    rows = before.projections[way.id].synapses
    first = before.population("Inputs").ids[:20]
    after = before.copy()
    after.remove(np.asarray(rows.id)[np.isin(np.asarray(rows.pre), first)])
    found = before_and_after(before, after, 2.0, answered, seed=1)
    was, now, luck = found["before"], found["after"], found["at random"]
    assert (was.synapses, now.synapses, luck.synapses) == (60, 40, 40)
    assert now.wire == pytest.approx(was.wire * 2 / 3)
    assert now.watts < was.watts
    assert was.performance == now.performance == 1.0
    assert luck.performance < 0.9
    assert now.per_watt > 1.1 * luck.per_watt
    assert now.per_watt > was.per_watt


def test_power_and_wire_are_those_of_the_constants():
    net = Network(dt=1.0, seed=1)
    cells = net.add_population("Cells", "relay", size=2, sign=+1, positions=[[0, 0, 0], [30, 40, 0]])
    net.add_input("spike_list", cells[0], times=[1.0, 2.0, 3.0])
    way = net.add_projection("In", cells, cells)
    net.add_synapses(way, pre=cells[:1], post=cells[1:], weight=1.0, delay=1.0)
    found = efficiency(net, 0.5, lambda sim: sim.t)
    paid = 3 * joules("spike") + 3 * 0.25 * joules("vesicle")
    assert found.watts == pytest.approx(paid / 0.5)
    assert found.wire == wire(net) == 50.0
    assert found.performance == 500.0


def test_what_was_lost_is_counted_by_projection_and_growth_is_no_loss():
    before, way = trios()
    after = before.copy()
    after.remove(np.asarray(after.projections[way.id].synapses.id)[:7])
    assert lost(before, after) == {way.id: 7}
    assert lost(after, before) == {}
    assert set(before_and_after(after, before, 0.1)) == {"before", "after"}


def test_a_circuit_without_a_task_has_no_measure_and_one_with_a_task_is_asked_its_test():
    assert np.isnan(efficiency(trios()[0], 0.1).performance)
    net = Network(seed=3)
    inputs, _, output = draw_layers(net, [2, 4, 1], model="rate_unit", weight=("uniform", -1, 1))
    net.add_task("Exclusive or", "xor", inputs, output)
    net.set_learner("backprop", {"eta": 1.0})
    assert efficiency(net, 0.1).performance == Training(net).answers().right


def test_who_no_longer_wants_to_know_is_not_kept_waiting():
    shares = []

    def told(share):
        shares.append(share)
        return share < 0.3

    before, way = trios()
    after = pruned_at_random(before, {way.id: 5})
    with pytest.raises(Cancelled):
        before_and_after(before, after, 0.5, answered, told=told)
    assert shares == sorted(shares)
    assert 0.3 <= shares[-1] < 0.4


def test_random_pruning_takes_exactly_as_many_and_leaves_the_original():
    net, way = trios()
    left = pruned_at_random(net, {way.id: 13}, seed=3)
    assert len(left.projections[way.id].synapses) == 47
    assert len(net.projections[way.id].synapses) == 60
    again = pruned_at_random(net, {way.id: 13}, seed=3)
    assert np.array_equal(
        np.sort(left.projections[way.id].synapses.id), np.sort(again.projections[way.id].synapses.id)
    )
