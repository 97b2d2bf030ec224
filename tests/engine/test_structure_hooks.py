"""What a structure card may do on the slow clock: draw chance, sum over a neuron's inputs, make contacts."""

import hashlib

import numpy as np
import pytest

from engine import Network, Simulation
from engine.declare import Structure, param, total
from tests.references.stage import relays, run

DAY = 86_400_000.0


def digest(sim, way):
    rows = sim.synapses(way)
    return hashlib.blake2b(
        b"".join(np.ascontiguousarray(rows[n]).tobytes() for n in rows.dtype.names)
    ).hexdigest()


def turnover(precision="double", seed=3):
    """Contacts that come and go on a sheet of 1,100 neurons, two tiles of them."""
    rng = np.random.default_rng(1)
    at = np.column_stack([rng.uniform(0, 1000, (1100, 2)), np.zeros(1100)])
    net = Network(dt=1.0, seed=seed, precision=precision)
    cells = net.add_population("Cells", "relay", size=1100, sign=+1, positions=at)
    net.add_input("poisson", cells, rate=20.0)
    rules = [
        ("stdp_pair", {"lambda_": 0.2}),
        ("hazard", {
            "kappa": 2e-3, "w_half": 0.3, "create": 2e-6, "sites": 3.0, "sigma": 150.0, "update": 20.0,
            "weight": 0.5, "delay": 2.0,
        }),
    ]  # fmt: skip
    way = net.add_projection("Sheet", cells, cells, rules=rules, w_max=1.0)
    net.wire(way, "fixed_total", n=500, weight=0.5, delay=1.5)
    return net, way


def test_contacts_come_and_go_alike_for_any_threads_pieces_and_captures():
    net, way = turnover()
    sim = run(net, 600.0)
    assert {change.kind for change in sim.changes} == {"grown", "pruned"}
    expected = digest(sim, way)
    threaded = Simulation(net, threads=3)
    for piece in (7.0, 193.0, 400.0):
        threaded.run(piece)
    assert digest(threaded, way) == expected
    half = Simulation(net).run(310.0)
    later = Simulation(half.network, state=half.capture())
    assert digest(later.run(290.0), way) == expected
    other, same = turnover(seed=4)
    assert digest(run(other, 600.0), same) != expected


def test_contacts_come_and_go_in_single_precision_too():
    net, way = turnover("single")
    sim = run(net, 200.0)
    assert {change.kind for change in sim.changes} == {"grown", "pruned"}
    assert sim.synapses(way).size == len(sim.network.projections[way.id].synapses)


@pytest.mark.parametrize("update", [10.0, 250.0])
def test_places_fill_as_independent_places_do_whatever_the_interval(update):
    net = Network(dt=10.0 if update >= 250.0 else 1.0, seed=9)
    cells = net.add_population("Cells", "relay", size=120, sign=+1)
    rate, sites = 2e-3, 4
    rules = [("hazard", {"kappa": 0.0, "create": rate, "sites": sites, "update": update, "delay": 10.0})]
    way = net.add_projection("All", cells, cells, rules=rules)
    rows = run(net, 500.0).synapses(way)
    assert (rows["pre"] != rows["post"]).all()
    pair = (rows["pre"] - cells.ids[0]) * 120 + rows["post"] - cells.ids[0]
    held = np.bincount(pair, minlength=120 * 120)
    held = np.delete(held, np.arange(120) * 121)
    full = 1.0 - np.exp(-rate * 500.0)
    binomial = np.array([1, 4, 6, 4, 1]) * full ** np.arange(5) * (1 - full) ** np.arange(4, -1, -1)
    assert held.max() == sites
    seen = np.bincount(held, minlength=5)
    chi = ((seen - binomial * held.size) ** 2 / (binomial * held.size)).sum()
    assert chi < 18.5  # 4 degrees of freedom, p = 0.001


def test_slow_time_makes_contacts_form_that_much_faster():
    counts = []
    for slow in (1.0, 1000.0):
        net = Network(dt=1.0, seed=2)
        net.slow = slow
        cells = net.add_population("Cells", "relay", size=100, sign=+1)
        rules = [("hazard", {"kappa": 0.0, "create": 1e-7, "sites": 1.0, "update": 10.0})]
        way = net.add_projection("All", cells, cells, rules=rules)
        counts.append(run(net, 1000.0).synapses(way).size)
    assert counts[0] < 8
    assert counts[1] == pytest.approx(9900 * (1 - np.exp(-0.1)), rel=0.12)


def test_a_frozen_projection_keeps_every_contact():
    net, way = turnover()
    net.set(way, frozen=True)
    sim = run(net, 200.0)
    assert sim.changes == []
    assert sim.synapses(way).size == 500


def test_what_the_log_says_of_a_contact_names_the_card_and_its_reason():
    net, _ = turnover()
    said = {(change.kind, change.rule, change.why) for change in run(net, 100.0).changes}
    assert said == {
        ("grown", "hazard", "a contact formed by chance"),
        ("pruned", "hazard", "its hazard struck; the weaker, the sooner"),
    }


def test_a_slow_card_reads_memories_of_both_sides_and_sums_over_all_inputs_of_its_neuron():
    # an independent bookkeeper: what each of four inputs of two neurons holds, tick by tick, in numpy
    rng = np.random.default_rng(5)
    trains = [np.unique(np.round(rng.uniform(1, 1999, 25))).tolist() for _ in range(4)]
    weight = np.array([[1.0, 2.0, 0.5, 1.5], [2.0, 1.0, 1.0, 3.0]])
    set_ = {"room": 3.0, "keen": 1.5, "tau_claim": 15.0, "tau_hold": 700.0, "tau_loss": 1e13, "idle": 0.05}
    net = Network(dt=1.0, seed=1)
    pre = relays(net, "Pre", trains)
    post = relays(net, "Post", [[], []])
    way = net.add_projection("In", pre, post, rules=[("prune_competition", {**set_, "update": 25.0})])
    ids = [
        net.add_synapses(way, pre=pre.ids, post=np.repeat(post.ids[k], 4), weight=weight[k], delay=3.0)
        for k in range(2)
    ]
    rows = np.sort(run(net, 2000.0).synapses(way), order="id")
    assert rows.size == 8
    for k in range(2):
        hold, appetite = np.ones(4), weight[k] ** 1.5
        for tick in range(25, 2001, 25):
            a = np.array([sum(np.exp(-(tick - t) / 15.0) for t in train if t <= tick) for train in trains])
            claim = a * appetite
            pot = claim.sum() + 0.05 * appetite.sum()
            hold += (1 - np.exp(-25.0 / 700.0)) * (3.0 * claim - hold * claim.sum()) / pot
        got = rows["hold"][np.searchsorted(rows["id"], ids[k])]
        assert np.ptp(hold) > 0.1
        assert got == pytest.approx(hold, rel=1e-9)


def test_a_sum_goes_over_every_projection_that_carries_the_card():
    trains = [[10.0, 60.0, 130.0], [40.0, 131.0], [90.0, 200.0, 300.0]]
    rule = ("prune_competition", {"room": 2.0, "tau_hold": 300.0, "tau_loss": 1e13, "update": 20.0})
    held = []
    for split in (False, True):
        net = Network(dt=1.0, seed=1)
        pre = relays(net, "Pre", trains)
        post = relays(net, "Post", [[]])
        other = relays(net, "Other", [[]])
        ways = [net.add_projection(f"In {k}", pre, post, rules=[rule]) for k in range(3 if split else 1)]
        elsewhere = net.add_projection("Elsewhere", pre, other, rules=[rule])
        net.add_synapses(elsewhere, pre=pre.ids, post=np.repeat(other.ids, 3), weight=9.0, delay=1.0)
        for k in range(3):
            net.add_synapses(ways[k % len(ways)], pre[k : k + 1], post, weight=1.0 + k, delay=1.0)
        sim = run(net, 400.0)
        rows = [sim.synapses(way) for way in ways]
        held.append({int(p): h for part in rows for p, h in zip(part["pre"], part["hold"], strict=True)})
    assert held[0].keys() == held[1].keys()
    assert [held[1][k] for k in held[0]] == pytest.approx(list(held[0].values()), rel=1e-12)
    assert np.ptp(list(held[0].values())) > 0.1


def test_a_sum_over_something_that_is_no_hook_is_refused():
    with pytest.raises(TypeError, match="sums 'share', which is not a hook"):

        class Wrong(Structure, slug="wrong_sum"):
            update = param(1.0, "ms")
            shared = total("share")
