"""Partners are found by distance: lengths of 10,000 synapses against kernel times geometry (A40)."""

import numpy as np
import pytest

from engine import Network
from tests.references.seeds import holds, seeds, shown
from tests.references.stage import run

SIDE = 1000.0


def sheet(rng, size):
    return np.column_stack([rng.uniform(0, SIDE, (size, 2)), np.zeros(size)])


def grown(rules, seed=1, many=1000, few=100, until=100.0):
    """A wide field of axons and fewer dendrites, and what has grown between them."""
    rng = np.random.default_rng(seed)
    at = sheet(rng, many), sheet(rng, few)
    net = Network(dt=1.0, seed=seed)
    pre = net.add_population("Axons", "relay", size=many, sign=+1, positions=at[0])
    post = net.add_population("Dendrites", "relay", size=few, sign=+1, positions=at[1])
    way = net.add_projection("Field", pre, post, rules=rules)
    rows = run(net, until).synapses(way)
    return at, np.searchsorted(pre.ids, rows["pre"]), np.searchsorted(post.ids, rows["post"])


def lengths(at, torus):
    """Distance of every pair, pre by post."""
    apart = at[0][:, None, :] - at[1][None, :, :]
    if torus:
        apart -= SIDE * np.rint(apart / SIDE)
    return np.sqrt((apart**2).sum(axis=2))


def same(found, pair_length, chance):
    """The p value of Kolmogorov and Smirnov: found lengths against pairs weighted by their chance."""
    order = np.argsort(pair_length.ravel())
    below = np.cumsum(chance.ravel()[order])
    below /= below[-1]
    found = np.sort(found)
    expected = np.interp(found, pair_length.ravel()[order], below)
    n = found.size
    far = max((np.arange(1, n + 1) / n - expected).max(), (expected - np.arange(n) / n).max())
    x = far * (np.sqrt(n) + 0.12 + 0.11 / np.sqrt(n))
    terms = np.arange(1, 101)
    return float(np.clip(2 * ((-1.0) ** (terms - 1) * np.exp(-2 * (terms * x) ** 2)).sum(), 0, 1))


def kernel(shape, length, sigma):
    return np.exp(-((length / sigma) ** 2)) if shape == "gaussian" else np.exp(-length / sigma)


def elements(shape, sigma, torus):
    """Growth so fast that 100 boutons and 100 spines of each neuron are free at the first match."""
    return [("element_growth", {
        "curve": "linear", "nu": 1.0, "update": 100.0, "sigma": sigma, "kernel": shape,
        "torus": SIDE if torus else 0.0,
    })]  # fmt: skip


def by_the_kernel(shape, sigma, torus, seed):
    """The p values of ten thousand lengths: against the kernel, and against pairs that are all as likely."""
    at, i, j = grown(elements(shape, sigma, torus), seed)
    assert i.size == 10_000
    length = lengths(at, torus)
    chance = kernel(shape, length, sigma) if 0 < sigma < 1e6 else np.ones_like(length)
    chance /= chance.sum(axis=0)  # every dendrite looks for as many partners
    return same(length[i, j], length, chance), same(length[i, j], length, np.ones_like(length))


@seeds(1)
@pytest.mark.parametrize(
    ("shape", "sigma", "torus"),
    [("gaussian", 200.0, True), ("exponential", 150.0, True), ("gaussian", 200.0, False)],
)
def test_A40_lengths_of_ten_thousand_synapses_are_those_of_the_kernel(shape, sigma, torus, seeds, measured):
    p, uniform = np.transpose([by_the_kernel(shape, sigma, torus, seed) for seed in seeds])
    where = "torus" if torus else "open sheet"
    measured("A40", f"lengths of 10,000 synapses, {shape} kernel, {where}, each seed",
             source="KS p > .05", ours=f"p = {shown(p, '.2f')} (without the kernel p = {uniform.max():.0e})",
             tolerance="p > .05", kind="S", provisional=True)  # fmt: skip
    assert holds(p > 0.05)
    assert (uniform < 1e-6).all()


@seeds(2)
@pytest.mark.parametrize("sigma", [0.0, 1e6])
def test_A40_an_endless_reach_is_uniform(sigma, seeds, measured):
    p, _ = np.transpose([by_the_kernel("gaussian", sigma, False, seed) for seed in seeds])
    reach = "no kernel" if sigma == 0 else "sigma 1 m"
    measured("A40", f"lengths of 10,000 synapses, {reach}, against uniform, each seed", source="KS p > .05",
             ours=f"p = {shown(p, '.2f')}", tolerance="p > .05", kind="S", provisional=True)  # fmt: skip
    assert holds(p > 0.05)


@pytest.mark.parametrize("torus", [True, False])
def test_contacts_that_form_by_chance_keep_to_the_kernel_too(torus):
    rule = {
        "kappa": 0.0, "create": 8e-4, "sites": 30.0, "sigma": 120.0, "update": 50.0,
        "torus": SIDE if torus else 0.0,
    }  # fmt: skip
    at, i, j = grown([("hazard", rule)], many=300, few=300)
    length = lengths(at, torus)
    full = 1 - np.exp(-8e-4 * 100 * kernel("gaussian", length, 120.0))  # of each of 30 places
    assert i.size == pytest.approx(30 * full.sum(), rel=0.05)
    assert same(length[i, j], length, full) > 0.05


@pytest.mark.parametrize("rules", [
    [("element_growth", {"curve": "linear", "nu": 0.2, "update": 50.0, "delay": 0.5, "speed": 0.1})],
    [("hazard", {"kappa": 0.0, "create": 1e-3, "update": 50.0, "delay": 0.5, "speed": 0.1})],
], ids=["elements", "by chance"])  # fmt: skip
def test_a_grown_synapse_takes_as_long_as_its_length(rules):
    rng = np.random.default_rng(3)
    net = Network(dt=0.1, seed=3)
    cells = net.add_population("Cells", "relay", size=30, sign=+1, positions=sheet(rng, 30))
    way = net.add_projection("Field", cells, cells, rules=rules)
    sim = run(net, 100.0)
    rows = sim.synapses(way)
    ends = [np.asarray(cells.positions)[np.searchsorted(cells.ids, rows[side])] for side in ("pre", "post")]
    exact = 0.5 + np.linalg.norm(ends[0] - ends[1], axis=1) / 100.0  # 0.1 m/s is 100 um per ms
    assert rows.size > 50
    assert np.ptp(rows["delay"]) > 3.0
    assert ((rows["delay"] > exact - 1e-6) & (rows["delay"] < exact + 0.1 + 1e-6)).all()  # to the next step
    told = np.sort(np.asarray(sim.network.projections[way.id].synapses.delay))
    assert told == pytest.approx(np.sort(rows["delay"]), abs=1e-9)
