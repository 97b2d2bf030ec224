"""Boutons and spines follow calcium as in NEST, meet by distance, and hold a circuit at its calcium (A40-43).

`growth.json` was made by `make_growth.py` with NEST 3.10.0.
"""

import math

import numpy as np
import pytest

from engine import Network, Simulation
from engine.network.checks import check, remarks
from tests.references.stage import fresh, named, relays, stored


def elements(case, until):
    """Calcium and spines of a relay whose z0 synapses come from silent relays and never change."""
    net = Network(dt=case["dt"], seed=1)
    pre = relays(net, "Pre", [[]])
    post = relays(net, "Post", [case["train"]])
    # elements are moved on, exactly, when they are looked at for rewiring: once, at the end
    rules = [("element_growth", {**case["params"], "update": until})]
    projection = net.add_projection("Growing", pre, post, transmission="current_exp", rules=rules)
    count = round(case["z0"])
    net.add_synapses(projection, pre=np.repeat(pre.ids, count), post=np.repeat(post.ids, count), weight=1.0)
    sim = Simulation(net)
    sim.run(until)
    return sim.quantities("calcium")[post.id][0], sim.quantities("spines")[projection.id][0]


def compare(case):
    for until, calcium, z in zip(case["durations"], case["calcium"], case["z"], strict=True):
        got = elements(case, until)
        # calcium is exact; NEST's own z carries 1e-12 of fading at its first look for vacant elements
        assert got[0] == pytest.approx(calcium, rel=1e-12, abs=1e-15)
        assert got[1] == pytest.approx(z, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("case", named(stored("growth.json")))
def test_A41_calcium_and_elements_follow_nest(case, measured):
    compare(case)
    what = f"element_growth, {case['name']}: spines at the end against NEST"
    ours = f"{elements(case, case['durations'][-1])[1]:.9g}"
    measured("A41", what, source=f"{case['z'][-1]:.9g}", ours=ours, tolerance="1e-9", kind="X")


@pytest.mark.nest
@pytest.mark.slow
def test_elements_equal_the_nest_that_is_installed_on_trains_never_seen_before(tmp_path):
    for case in fresh("make_growth.py", tmp_path):
        compare(case)


def test_a_silent_neuron_that_once_had_calcium_by_hand():
    # one spike at 1 ms leaves calcium 0.1; over the next 10 s, tau_ca 10 s, eps 0.05, nu 1e-4 per ms:
    # dz = nu (10000 - 10000 (0.1 - 0.1/e) / 0.05) = 1 - 1.264241
    case = {
        "dt": 1.0,
        "z0": 2.0,
        "train": [1.0],
        "params": {"curve": "linear", "nu": 1e-4, "eps": 0.05, "tau_ca": 10000.0, "beta_ca": 0.1},
    }
    before, after = elements(case, 1.0), elements(case, 10001.0)
    assert before[0] == pytest.approx(0.1)
    assert after[0] == pytest.approx(0.1 / math.e)
    assert after[1] - before[1] == pytest.approx(-0.264241, abs=1e-6)


def test_a_linear_curve_settles_at_the_rate_its_calcium_target_means():
    # eps / (beta_ca tau_ca) = 0.05 / (0.001 * 10 s) = 5 Hz: at 5 Hz the elements stand still
    params = {"curve": "linear", "nu": 1e-3, "eps": 0.05, "tau_ca": 2000.0, "beta_ca": 0.005}
    train = [float(t) for t in range(10, 30000, 200)]
    case = {"dt": 1.0, "z0": 3.0, "train": train, "params": params}
    z = [elements(case, until)[1] for until in (20010.0, 24010.0, 28010.0)]
    assert z[1] - z[0] == pytest.approx(0.0, abs=0.02)
    assert z[2] - z[1] == pytest.approx(0.0, abs=0.02)


def test_boutons_follow_the_calcium_target_of_their_own_neuron():
    # 20 Hz means calcium 0.2: boutons with that target stand still, with 0.05 as their spines they shrink
    for own, expected in ((0.2, 4.0), (0.0, 0.0)):
        net = Network(dt=1.0, seed=1)
        pre = relays(net, "Pre", [[float(t) for t in range(10, 60000, 50)]])
        post = relays(net, "Post", [[float(t) for t in range(10, 60000, 200)]])
        growth = {"curve": "linear", "nu": 1e-4, "eps": 0.05, "eps_pre": own, "update": 1000.0}
        projection = net.add_projection(
            "Growing", pre, post, transmission="current_exp", rules=[("element_growth", growth)]
        )
        net.add_synapses(projection, pre=np.repeat(pre.ids, 2), post=np.repeat(post.ids, 2), weight=1.0)
        sim = Simulation(net)
        sim.run(50000.0)
        settled = sim.quantities("boutons")[projection.id][0]
        sim.run(10000.0)
        later = sim.quantities("boutons")[projection.id][0]
        assert later == pytest.approx(settled, abs=0.05)
        assert (settled > 2.0) == (expected > 2.0)


def grown(sigma, seed=3, side=1000.0, count=500, each=16):
    """Distances of the synapses that one lottery makes between silent neurons with many free elements."""
    rng = np.random.default_rng(seed)
    net = Network(dt=1.0, seed=seed)
    at = rng.uniform(0, side, (2, count, 2))
    made = [
        net.add_population(
            label, "relay", size=count, sign=+1, positions=np.column_stack([xy, np.zeros(count)])
        )
        for label, xy in zip(("Pre", "Post"), at, strict=True)
    ]
    # a silent neuron has calcium 0, where a linear curve grows `nu` per ms
    rules = [
        ("element_growth", {"curve": "linear", "nu": (each + 0.5) / 1000.0, "update": 1000.0, "sigma": sigma})
    ]
    projection = net.add_projection("Growing", *made, transmission="current_exp", rules=rules)
    sim = Simulation(net)
    sim.run(1000.0)
    rows = sim.synapses(projection)
    pre = at[0][np.searchsorted(made[0].ids, rows["pre"])]
    post = at[1][np.searchsorted(made[1].ids, rows["post"])]
    every = np.sqrt(((at[0][:, None, :] - at[1][None, :, :]) ** 2).sum(axis=2))
    return np.sqrt(((pre - post) ** 2).sum(axis=1)), every, rows


def ks_distance(sample, values, weights):
    """The greatest distance between the distribution of a sample and a weighted set of values."""
    order = np.argsort(values)
    law = np.cumsum(weights[order]) / weights.sum()
    sample = np.sort(sample)
    share = law[np.searchsorted(values[order], sample, side="right") - 1]
    steps = np.arange(sample.size + 1) / sample.size
    return max(np.abs(share - steps[1:]).max(), np.abs(share - steps[:-1]).max())


def test_without_a_reach_partners_are_drawn_from_everywhere():
    lengths, every, rows = grown(0.0)
    assert lengths.size == pytest.approx(8000, abs=100)
    values = every.ravel()
    assert ks_distance(lengths, values, np.ones_like(values)) < 1.36 / math.sqrt(lengths.size)
    assert np.bincount(rows["pre"] - rows["pre"].min()).max() <= 16


def test_a_reach_far_beyond_the_tissue_is_the_same_as_none():
    lengths, every, _ = grown(1e5)
    values = every.ravel()
    assert ks_distance(lengths, values, np.ones_like(values)) < 1.36 / math.sqrt(lengths.size)


def test_the_lengths_of_new_synapses_follow_the_kernel_and_the_geometry():
    # Few spines on many boutons, so that the supply of boutons hardly runs down.
    rng = np.random.default_rng(4)
    net = Network(dt=1.0, seed=4)
    at = rng.uniform(0, 1000.0, (2, 400, 2))
    flat = [np.column_stack([xy, np.zeros(400)]) for xy in at]
    pre, post = (
        net.add_population(label, "relay", size=400, sign=+1, positions=xyz)
        for label, xyz in zip(("Pre", "Post"), flat, strict=True)
    )
    # boutons of the pre side: silent, so they grow; spines of the post side too: equal numbers, but three in
    # four post neurons are kept from growing by spikes (calcium above target)
    busy = [float(t) for t in range(2, 1000, 10)]
    for k in range(400):
        if k % 4:
            net.add_input("spike_list", post[k], times=busy)
    rules = [
        (
            "element_growth",
            {
                "curve": "linear",
                "nu": 0.0805,
                "update": 1000.0,
                "sigma": 150.0,
                "tau_ca": 1e4,
                "beta_ca": 0.05,
            },
        )
    ]
    projection = net.add_projection("Growing", pre, post, transmission="current_exp", rules=rules)
    sim = Simulation(net)
    sim.run(1000.0)
    rows = sim.synapses(projection)
    assert 7500 < rows.size < 8100
    kept = np.arange(0, 400, 4)
    assert set(np.searchsorted(post.ids, rows["post"])) <= set(kept)
    lengths = np.sqrt(
        (
            (at[0][np.searchsorted(pre.ids, rows["pre"])] - at[1][np.searchsorted(post.ids, rows["post"])])
            ** 2
        ).sum(1)
    )
    every = np.sqrt(((at[0][:, None, :] - at[1][None, kept, :]) ** 2).sum(axis=2))
    chance = np.exp(-(every**2) / 150.0**2)
    chance /= chance.sum(axis=0)  # each spine finds one bouton
    distance = ks_distance(lengths, every.ravel(), chance.ravel())
    assert distance < 0.05
    everywhere = ks_distance(lengths, every.ravel(), np.ones(every.size))
    assert everywhere > 0.3
    assert distance < 0.15 * everywhere


@pytest.mark.parametrize(("asked", "born"), [(3.0, 3.0), (500.0, 9.0), (0.1, 2.0)])
def test_a_new_synapse_begins_within_the_bounds_that_its_rules_keep(asked, born):
    net = Network(dt=0.1, seed=1)
    cells = relays(net, "Cells", [[], [], []], sign=-1)
    growing = ("element_growth", {"curve": "linear", "nu": 0.01, "update": 100.0, "weight": asked})
    way = net.add_projection("Way", cells, cells, rules=["stdp_pair", growing], w_min=2.0, w_max=9.0)
    told = [str(one) for one in remarks(net)]
    assert told == (
        []
        if asked == born
        else [
            f"Way, element_growth: its weight is {asked:g}, beyond the bounds "
            f"2 to 9; new synapses begin at {born:g}; choose weight within them, or move the bounds"
        ]
    )
    sim = Simulation(net)
    sim.run(300.0)
    rows = sim.synapses(way)
    assert rows.size > 3
    assert set(rows["weight"].tolist()) == {-born}
    assert check(sim.network) == []
