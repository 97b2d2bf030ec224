"""Patterns of wiring: each joins whom it says, by chance that follows from the seed alone."""

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EditRefused, NeuropilError, UnknownName, UsageError
from engine.network import Network, patterns
from engine.network.luck import Luck
from engine.network.wiring import plan

PARAMS = {
    "all_to_all": {},
    "one_to_one": {},
    "fixed_probability": {"p": 0.3},
    "fixed_in": {"n": 4},
    "fixed_out": {"n": 4},
    "fixed_total": {"n": 20},
    "distance": {"p0": 0.8, "scale": 40.0},
    "small_world": {"k": 4, "p": 0.3},
}
each_pattern = pytest.mark.parametrize("rule", sorted(patterns.PATTERNS))


def wired(rule, size=12, other=None, seed=3, autapses=False, multapses=False, **params):
    """A network wired by a pattern, within one population or onto `other` neurons of a second one."""
    net = Network(seed=seed)
    pre = net.add_population("A", "iaf_psc_exp", size=size)
    post = pre if other is None else net.add_population("B", "iaf_psc_exp", size=other)
    projection = net.add_projection("AB", pre, post)
    net.wire(projection, rule, autapses=autapses, multapses=multapses, **params)
    table = net.synapses(projection)
    return net, table["pre"], table["post"]


def test_every_pattern_is_tried_here():
    assert sorted(PARAMS) == sorted(patterns.PATTERNS)


# -- laws of all patterns ----------------------------------------------------------------------------


@each_pattern
def test_the_same_seed_wires_the_same_and_another_seed_otherwise(rule):
    _, *first = wired(rule, **PARAMS[rule])
    _, *again = wired(rule, **PARAMS[rule])
    assert np.array_equal(first, again)
    if rule not in ("all_to_all", "one_to_one"):
        _, *other = wired(rule, seed=4, **PARAMS[rule])
        assert not np.array_equal(first, other)


@each_pattern
def test_wiring_does_not_depend_on_what_else_is_there(rule):
    """Chance is a function of seed, pattern and projection: a sibling wired before changes nothing."""
    tables = []
    for sibling_first in (False, True):
        net = Network(seed=9)
        exc = net.add_population("A", "iaf_psc_exp", size=12)
        one, other = net.add_projection("one", exc, exc), net.add_projection("other", exc, exc)
        if sibling_first:
            net.wire(other, "all_to_all")
        net.wire(one, rule, **PARAMS[rule])
        tables.append(net.synapses(one))
    for side in ("pre", "post"):
        assert np.array_equal(tables[0][side], tables[1][side])


@each_pattern
def test_rows_come_sorted_by_pre_then_post(rule):
    _, pre, post = wired(rule, **PARAMS[rule])
    order = np.lexsort((post, pre))
    assert np.array_equal(order, np.arange(pre.size))


@each_pattern
@given(size=st.integers(5, 14), seed=st.integers(0, 50))
def test_without_autapses_and_multapses_there_are_none(rule, size, seed):
    net, pre, post = wired(rule, size=size, seed=seed, **PARAMS[rule])
    pairs = set(zip(pre.tolist(), post.tolist(), strict=True))
    assert len(pairs) == pre.size
    if rule != "one_to_one":
        assert all(one != other for one, other in pairs)
    assert set(pre.tolist()) | set(post.tolist()) <= set(net.neuron_ids.tolist())


@each_pattern
def test_two_populations_have_no_neuron_to_join_to_itself(rule):
    if rule == "small_world":
        with pytest.raises(UsageError, match="onto itself"):
            wired(rule, other=12, **PARAMS[rule])
        return
    net, pre, post = wired(rule, other=12, **PARAMS[rule])
    assert set(pre.tolist()) <= set(net.population("A").ids.tolist())
    assert set(post.tolist()) <= set(net.population("B").ids.tolist())


@each_pattern
def test_an_empty_population_is_wired_to_nothing_or_refused_with_a_reason(rule):
    for size, other in ((0, 5), (5, 0), (0, 0)):
        made = 0
        with contextlib.suppress(UsageError):
            made = wired(rule, size=size, other=other, **PARAMS[rule])[1].size
        assert made == 0


@each_pattern
def test_wiring_can_be_undone(rule):
    net = Network()
    exc = net.add_population("A", "iaf_psc_exp", size=12)
    projection = net.add_projection("AA", exc, exc)
    edit = plan(net, projection.record, rule, 1.0, 1.0, **PARAMS[rule])
    assert len(projection) == 0
    inverse = edit.apply(net)
    assert len(projection) == edit.ids.size > 0
    inverse.apply(net)
    assert len(projection) == 0


# -- each by itself ----------------------------------------------------------------------------------


def test_all_to_all_joins_every_pair():
    _, pre, _ = wired("all_to_all", size=5, other=7)
    assert pre.size == 35
    _, pre, _ = wired("all_to_all", size=5)
    assert pre.size == 20
    _, pre, _ = wired("all_to_all", size=5, autapses=True)
    assert pre.size == 25


def test_one_to_one_joins_by_order():
    net, pre, post = wired("one_to_one", size=5, other=5)
    assert pre.tolist() == net.population("A").ids.tolist()
    assert post.tolist() == net.population("B").ids.tolist()
    with pytest.raises(UsageError, match="as many pre as post neurons, not 5 and 6"):
        wired("one_to_one", size=5, other=6)


def test_fixed_probability_chooses_each_pair_alike():
    """40,000 pairs at p = 0.1: the count and every row and column lie within 5 standard deviations."""
    _, pre, post = wired("fixed_probability", size=200, other=200, p=0.1)
    assert abs(pre.size - 4000) < 5 * np.sqrt(4000 * 0.9)
    for side in (pre, post):
        counts = np.unique(side, return_counts=True)[1]
        assert np.abs(counts - 20).max() < 5.5 * np.sqrt(20 * 0.9)


@pytest.mark.parametrize(("p", "size"), [(0.0, 0), (1.0, 90)])
def test_fixed_probability_at_its_ends(p, size):
    _, pre, _ = wired("fixed_probability", size=10, p=p)
    assert pre.size == size


@pytest.mark.parametrize("n", [0, 1, 5, 11])
@pytest.mark.parametrize(("rule", "side"), [("fixed_in", 1), ("fixed_out", 0)])
def test_fixed_degrees_are_exact(rule, side, n):
    net, *sides = wired(rule, n=n)
    counts = [int((sides[side] == id).sum()) for id in net.neuron_ids.tolist()]
    assert counts == [n] * 12


@pytest.mark.parametrize("rule", ["fixed_in", "fixed_out"])
def test_fixed_degrees_choose_every_partner_alike(rule):
    """3,000 neurons choose 3 of 9 others: each is chosen 1,000 times, within 5 standard deviations."""
    sizes = (9, 3000) if rule == "fixed_in" else (3000, 9)
    _, pre, post = wired(rule, size=sizes[0], other=sizes[1], n=3)
    counts = np.unique(pre if rule == "fixed_in" else post, return_counts=True)[1]
    assert counts.size == 9
    assert np.abs(counts - 1000).max() < 5 * np.sqrt(3000 * (1 / 3) * (2 / 3))


@pytest.mark.parametrize("rule", ["fixed_in", "fixed_out"])
def test_a_degree_beyond_the_population_needs_multapses(rule):
    with pytest.raises(UsageError, match=r"only 11 .* lower n, or allow multapses"):
        wired(rule, n=12)
    _, pre, _ = wired(rule, n=30, multapses=True)
    assert pre.size == 360


def test_fixed_total_makes_exactly_so_many():
    for n in (0, 1, 65, 66, 131, 132):
        _, pre, _ = wired("fixed_total", n=n)
        assert pre.size == n
    with pytest.raises(UsageError, match="only 132 pairs"):
        wired("fixed_total", n=133)
    _, pre, _ = wired("fixed_total", n=500, multapses=True)
    assert pre.size == 500


@pytest.mark.parametrize(
    ("profile", "falls"),
    [("gaussian", lambda d: np.exp(-(d**2) / (2 * 60.0**2))), ("exponential", lambda d: np.exp(-d / 60.0))],
)
def test_distance_follows_its_profile(profile, falls):
    """1,600 neurons: in each ring of distance the share that is wired is as the profile says, within 5 sd."""
    net, _, _ = wired("distance", size=40, other=1600, profile=profile, p0=0.7, scale=60.0, seed=11)
    a, b = net.population("A"), net.population("B")
    net.move(a, np.tile(b.positions.mean(axis=0), (40, 1)))
    projection = net.add_projection("again", a, b)
    net.wire(projection, "distance", profile=profile, p0=0.7, scale=60.0)
    table = net.synapses(projection)
    far = np.linalg.norm(net.positions_of(b.ids) - net.positions_of(a.ids[:1]), axis=1)
    chance = 0.7 * falls(far)
    counts = np.array([(table["post"] == id).sum() for id in b.ids.tolist()])
    for low in range(0, 500, 50):
        ring = (far >= low) & (far < low + 50)
        expected, spread = 40 * chance[ring].sum(), np.sqrt((40 * chance * (1 - chance))[ring].sum())
        assert abs(counts[ring].sum() - expected) <= 5 * spread + 1e-9
    assert counts.sum() > 1000


def test_distance_reads_positions_in_all_three_directions():
    net = Network()
    one = net.add_population("A", "iaf_psc_exp", positions=[[0, 0, 0]])
    other = net.add_population("B", "iaf_psc_exp", positions=[[0, 0, z] for z in range(0, 5000, 10)])
    projection = net.add_projection("AB", one, other)
    net.wire(projection, "distance", p0=1.0, scale=100.0)
    reached = net.positions_of(net.synapses(projection)["post"])[:, 2]
    assert 5 < reached.size < 40
    assert reached.max() < 800


def test_distance_stays_the_same_when_space_is_cut_more_coarsely(monkeypatch):
    """The cubes are an aid: the share of wired pairs does not depend on how many there are."""
    shares = []
    for cubes in (600, 4):
        monkeypatch.setattr(patterns, "_CUBES", cubes)
        _, pre, _ = wired("distance", size=500, p0=0.6, scale=50.0)
        shares.append(pre.size)
    assert abs(shares[0] - shares[1]) < 5 * np.sqrt(sum(shares))


def test_small_world_without_moves_is_a_ring():
    net, pre, post = wired("small_world", k=4, p=0.0)
    ids = net.neuron_ids
    apart = (np.searchsorted(ids, post) - np.searchsorted(ids, pre)) % 12
    assert sorted(np.unique(apart).tolist()) == [1, 2, 10, 11]
    assert pre.size == 48


def test_small_world_keeps_its_out_degree_and_moves_the_share_it_says():
    net, pre, post = wired("small_world", size=400, k=10, p=0.3)
    assert np.unique(pre, return_counts=True)[1].tolist() == [10] * 400
    apart = (np.searchsorted(net.neuron_ids, post) - np.searchsorted(net.neuron_ids, pre)) % 400
    moved = ((apart > 5) & (apart < 395)).mean()
    assert abs(moved - 0.3 * (1 - 10 / 399)) < 5 * np.sqrt(0.3 * 0.7 / 4000)


@pytest.mark.parametrize("k", [3, 0, 12, 14, -2])
def test_small_world_refuses_a_ring_that_cannot_be(k):
    with pytest.raises(UsageError, match="k is"):
        wired("small_world", k=k, p=0.1)


def test_small_world_among_as_many_as_there_are():
    _, pre, _ = wired("small_world", size=5, k=4, p=1.0)
    assert pre.size == 20


# -- explicit ----------------------------------------------------------------------------------------


def test_explicit_wires_what_is_written_down():
    net = Network()
    exc = net.add_population("A", "iaf_psc_exp", size=4)
    projection = net.add_projection("AA", exc, exc)
    ids = net.wire(projection, "explicit", pre=exc[:2], post=exc[2:], weight=[1.0, 2.0])
    table = net.synapses(projection)
    assert table["pre"].tolist() == exc.ids[:2].tolist()
    assert table["weight"].tolist() == [1.0, 2.0]
    assert ids.ids.tolist() == table["id"].tolist()
    with pytest.raises(UsageError, match="needs pre= and post="):
        net.wire(projection, "explicit", pre=exc[:2])
    with pytest.raises(UnknownName, match="no neuron with the id 999"):
        net.wire(projection, "explicit", pre=[999], post=exc[0])
    with pytest.raises(UsageError, match="2 pre and 3 post"):
        net.wire(projection, "explicit", pre=exc[:2], post=exc[:3])


def test_one_neuron_is_joined_to_all_of_the_other_side():
    net = Network()
    exc = net.add_population("A", "iaf_psc_exp", size=4)
    projection = net.add_projection("AA", exc, exc)
    net.add_synapses(projection, exc[0], exc[1:])
    net.add_synapses(projection, exc[1:], exc[0])
    assert len(projection) == 6
    assert len(net.add_synapses(projection, exc[:0], exc[:0])) == 0
    with pytest.raises(UsageError, match="0 pre and 3 post neurons"):
        net.add_synapses(projection, exc[:0], exc[1:])


# -- weights and delays ------------------------------------------------------------------------------


def amounts(weight=1.0, delay=1.0, sign=1, size=60, rules=(), w_max=100.0, dt=0.1):
    net = Network(dt=dt)
    a = net.add_population("A", "iaf_psc_exp", size=size, sign=sign)
    projection = net.add_projection("AA", a, a, rules=rules, w_max=w_max)
    net.wire(projection, "all_to_all", weight=weight, delay=delay)
    return net.synapses(projection)


def test_a_number_is_every_weight_and_an_array_one_each():
    assert set(amounts(weight=3.5)["weight"].tolist()) == {3.5}
    assert amounts(weight=[1.0, 2.0], size=2)["weight"].tolist() == [1.0, 2.0]
    with pytest.raises(UsageError, match="weight: 3 numbers for 2 synapses"):
        amounts(weight=[1.0, 2.0, 3.0], size=2)


@pytest.mark.parametrize(
    ("spec", "mean", "sd"),
    [
        (("normal", 50.0, 5.0), 50.0, 5.0),
        (("uniform", 10.0, 30.0), 20.0, 20.0 / np.sqrt(12)),
        (("lognormal", 1.0, 0.5), np.exp(1.125), np.exp(1.125) * np.sqrt(np.expm1(0.25))),
    ],
)
def test_distributions_have_their_mean_and_spread(spec, mean, sd):
    weight = amounts(weight=spec)["weight"]
    assert abs(weight.mean() - mean) < 5 * sd / np.sqrt(weight.size)
    assert abs(weight.std() - sd) < 0.12 * sd


def test_what_falls_on_the_wrong_side_of_a_sign_or_a_bound_is_drawn_again():
    assert amounts(weight=("normal", 1.0, 2.0))["weight"].min() >= 0.0
    assert amounts(weight=("normal", -1.0, 2.0), sign=-1)["weight"].max() <= 0.0
    bounded = amounts(weight=("normal", 90.0, 30.0), rules=["stdp_pair"])["weight"]
    assert bounded.max() <= 100.0
    assert amounts(weight=("lognormal", 0.0, 0.5), sign=-1)["weight"].max() < 0.0
    assert amounts(delay=("normal", 0.2, 1.0))["delay"].min() >= 0.1


def test_a_number_against_the_sign_is_refused_not_mended():
    with pytest.raises(EditRefused, match=r"excites \(sign \+1\).*write 3 pA"):
        amounts(weight=-3.0)
    with pytest.raises(UsageError, match="mind the sign of the population"):
        amounts(weight=("normal", -500.0, 1.0))


def test_drawn_delays_are_whole_steps():
    delay = amounts(delay=("uniform", 0.5, 3.0), dt=0.25)["delay"]
    assert set((delay / 0.25).tolist()) == {float(k) for k in range(3, 13)}


@pytest.mark.parametrize(
    "spec",
    [
        ("gauss", 1, 2),
        "strong",
        ("normal", 1),
        None,
        ("normal", 1, -2),
        ("uniform", 3, 1),
        ("normal", np.nan, 1),
        ("normal", 1, np.inf),
    ],
)
def test_a_distribution_that_cannot_be_meant_is_refused(spec):
    with pytest.raises(NeuropilError, match="weight"):
        amounts(weight=spec)


@pytest.mark.parametrize(
    ("rule", "params", "says"),
    [
        ("fixed_prob", {"p": 0.1}, "did you mean 'fixed_probability'"),
        ("fixed_probability", {}, "needs p"),
        ("fixed_probability", {"q": 0.1}, "has no parameter 'q'"),
        ("fixed_probability", {"p": 1.5}, "p is 1.5; it must be between 0 and 1"),
        ("fixed_in", {"n": -1}, "whole number"),
        ("fixed_in", {"n": 1.5}, "whole number"),
        ("distance", {"profile": "gausian"}, "did you mean 'gaussian'"),
        ("distance", {"scale": 0.0}, "longer than 0"),
        ("all_to_all", {"p": 0.1}, "takes none"),
    ],
)
def test_a_wiring_that_cannot_be_meant_is_refused_and_changes_nothing(rule, params, says):
    with pytest.raises(NeuropilError, match=says):
        wired(rule, **params)


# -- chance ------------------------------------------------------------------------------------------


def test_luck_is_a_function_of_what_it_is_keyed_by():
    draws = [
        Luck(*key).uniform(4).tolist()
        for key in ((1, "a", 2), (1, "a", 2), (1, "b", 2), (1, "a", -2), (2, "a", 2))
    ]
    assert draws[0] == draws[1]
    assert len({tuple(draw) for draw in draws}) == 4


def test_luck_never_changes_between_versions():
    """Files hold the synapses, but scripts are run again: the first numbers are pinned."""
    assert Luck(7, "wiring", 3).uniform(3).tolist() == [
        0.052979516172188545,
        0.4961476272982729,
        0.537072526158831,
    ]


@given(st.integers(1, 400), st.floats(0.001, 1.0), st.integers(0, 100))
def test_chosen_numbers_increase_within_their_limit(total, p, seed):
    found = Luck(seed, "test").chosen(total, p)
    assert (np.diff(found) > 0).all()
    assert found.size == 0 or (found[0] >= 0 and found[-1] < total)


def test_each_thing_is_chosen_with_the_probability_asked_for():
    counts = np.zeros(50)
    for seed in range(2000):
        counts[Luck(seed, "test").chosen(50, 0.2)] += 1
    assert np.abs(counts - 400).max() < 5 * np.sqrt(2000 * 0.2 * 0.8)


@given(st.integers(1, 6), st.integers(0, 8), st.integers(0, 8), st.integers(0, 20))
def test_distinct_numbers_are_distinct(rows, count, more, seed):
    found = Luck(seed, "test").distinct(rows, count, count + more)
    assert found.shape == (rows, count)
    assert all(len(set(row)) == count for row in found.tolist())
    assert found.size == 0 or (found.min() >= 0 and found.max() < count + more)


def test_distinct_numbers_are_chosen_alike():
    found = Luck(5, "test").distinct(6000, 3, 10)
    counts = np.unique(found, return_counts=True)[1]
    assert np.abs(counts - 1800).max() < 5 * np.sqrt(6000 * 0.3 * 0.7)
    most = Luck(5, "test").distinct(6000, 7, 10)
    counts = np.unique(most, return_counts=True)[1]
    assert np.abs(counts - 4200).max() < 5 * np.sqrt(6000 * 0.3 * 0.7)
