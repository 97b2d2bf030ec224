"""Growth brings neurons to their calcium, and connections grow into a lesion from its border (A42, A43).

Neurons, targets and curve of NEST's structural plasticity example (160 + 40 neurons end at calcium 0.050 and
0.196 for targets of 0.05 and 0.2 after 200 s), with exponential currents of equal charge.
"""

import numpy as np
import pytest

from engine import Network, Simulation
from engine.network.edits import RemoveNeurons
from tests.references.seeds import holds, seeds, shown

CELL = {"c_m": 250.0, "tau_m": 10.0, "e_l": -65.0, "v_th": -50.0, "v_reset": -65.0, "v": -65.0}


def rate(sim, ids, span):
    """Mean rate over the last `span` ms (Hz)."""
    spikes = sim.spikes()
    late = spikes["neuron"][spikes["t"] > sim.t - span]
    return np.isin(late, np.asarray(ids)).sum() / len(ids) / span * 1000


@pytest.mark.slow
@pytest.mark.parametrize("curve", ["gaussian", "linear"])
def test_A42_two_populations_grow_afferents_until_their_calcium_is_right(curve, measured):
    net = Network(dt=1.0, seed=2)
    afferents = net.add_population("Afferents", "relay", size=200, sign=+1)
    net.add_input("poisson", afferents, rate=4.0)
    exc = net.add_population("E", "iaf_psc_exp", size=160, sign=+1, params=CELL)
    inh = net.add_population("I", "iaf_psc_exp", size=40, sign=-1, params=CELL)
    for pop in (exc, inh):
        net.add_input("poisson", pop, rate=10000.0, weight=5.9 * np.e)
    for label, pre, post, eps in (("RE", afferents, exc, 0.05), ("EI", exc, inh, 0.2)):
        growth = {"curve": curve, "eta": 0.0, "eps": eps, "nu": 3e-4, "update": 1000.0, "weight": 300.0}
        net.add_projection(
            label, pre, post, transmission="current_exp", rules=[("element_growth", growth)], w_max=5000.0
        )
    sim = Simulation(net)
    sim.run(10_000.0)
    assert rate(sim, exc.ids, 5000.0) < 3.0
    sim.run(190_000.0)
    calcium = sim.quantities("calcium")
    measured("A42", f"calcium of 160 E and 40 I grown onto afferents, {curve} curve", source="0.05 / 0.2",
             ours=f"{calcium[exc.id].mean():.4f} / {calcium[inh.id].mean():.4f}", tolerance="5 %",
             kind="S")  # fmt: skip
    assert calcium[exc.id].mean() == pytest.approx(0.05, rel=0.05)
    assert calcium[inh.id].mean() == pytest.approx(0.2, rel=0.05)
    # the target as a rate: eps / (beta_ca tau_ca) = 5 Hz and 20 Hz
    assert rate(sim, exc.ids, 30_000.0) == pytest.approx(5.0, rel=0.05)
    assert rate(sim, inh.ids, 30_000.0) == pytest.approx(20.0, rel=0.05)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 6))
def test_A42_a_recurrent_circuit_grows_until_its_calcium_is_right_on_average(seed, measured):
    net = Network(dt=0.5, seed=seed)
    pops = {
        "E": net.add_population("E", "iaf_psc_exp", size=160, sign=+1, params=CELL),
        "I": net.add_population("I", "iaf_psc_exp", size=40, sign=-1, params=CELL),
    }
    target = {"E": 0.05, "I": 0.2}
    for pop in pops.values():
        net.add_input("poisson", pop, rate=10000.0, weight=6.0 * np.e)
    for pre, post in ("EE", "EI", "IE", "II"):
        growth = {
            "curve": "gaussian", "nu": 4e-4 if pre + post == "EI" else 1e-4, "eta": 0.0, "eps": target[post],
            "eps_pre": target[pre], "update": 1000.0, "weight": 585.0 * np.e, "delay": 1.0,
        }  # fmt: skip
        net.add_projection(
            f"{pre} to {post}", pops[pre], pops[post], transmission="current_exp",
            rules=[("element_growth", growth)], w_max=5000.0,
        )  # fmt: skip
    sim = Simulation(net)
    sim.run(150_000.0)
    seen = []
    for _ in range(20):
        sim.run(10_000.0)
        calcium = sim.quantities("calcium")
        seen.append([calcium[pops[label].id].mean() for label in "EI"])
    mean = np.mean(seen, axis=0)
    measured("A42", f"calcium of a recurrent circuit over 200 s, seed {seed}", source="0.05 / 0.2",
             ours=f"{mean[0]:.4f} / {mean[1]:.4f}", tolerance="10 % of the mean", kind="S")  # fmt: skip
    assert mean == pytest.approx([0.05, 0.2], rel=0.1)
    assert all(len(sim.synapses(net.projection(label))) > 5 for label in ("E to E", "E to I", "I to E"))


def lesioned(seed):
    """Rate in a disc 70 s after its inputs were lost, its inputs and their reach, as shares of before."""
    rng = np.random.default_rng(seed)

    def sheet(size):
        return np.column_stack([rng.uniform(0, 1000, (size, 2)), np.zeros(size)])

    def central(at):
        return np.hypot(at[:, 0] - 500, at[:, 1] - 500) < 220

    at_post, at_pre = sheet(100), sheet(300)
    net = Network(dt=1.0, seed=seed)
    afferents = net.add_population("Afferents", "relay", size=300, sign=+1, positions=at_pre)
    net.add_input("poisson", afferents, rate=4.0)
    cells = net.add_population("Cells", "iaf_psc_exp", size=100, sign=+1, params=CELL, positions=at_post)
    net.add_input("poisson", cells, rate=10000.0, weight=5.6 * np.e)
    growth = {
        "curve": "linear", "nu": 3e-4, "eps": 0.05, "tau_ca": 5000.0, "beta_ca": 0.002, "update": 2000.0,
        "weight": 300.0, "sigma": 150.0,
    }  # fmt: skip
    projection = net.add_projection(
        "Sheet",
        afferents,
        cells,
        transmission="current_exp",
        rules=[("element_growth", growth)],
        w_max=5000.0,
    )
    inside = central(at_post)
    assert 8 <= inside.sum() <= 25

    def state(sim):
        rows = sim.synapses(projection)
        target = np.searchsorted(cells.ids, rows["post"])
        source = at_pre[np.searchsorted(afferents.ids, rows["pre"])]
        length = np.hypot(*(source - at_post[target])[:, :2].T)
        into = inside[target]
        return into.sum(), length[into].mean(), (~into).sum()

    sim = Simulation(net)
    sim.run(80_000.0)
    before, reach, outside = state(sim)
    assert rate(sim, cells.ids[inside], 20_000.0) == pytest.approx(5.0, rel=0.15)

    had = sim.quantities("calcium")[cells.id][inside].mean(), sim.quantities("spines")[projection.id][inside]
    sim.apply(RemoveNeurons(afferents.ids[central(at_pre)]))
    assert state(sim)[0] < 0.6 * before
    sim.run(1900.0)  # the next rewiring is at 82 s
    assert rate(sim, cells.ids[inside], 1900.0) < 0.7 * rate(sim, cells.ids[~inside], 1900.0)
    assert sim.quantities("calcium")[cells.id][inside].mean() < 0.9 * had[0]  # calcium drops ...
    sim.run(8_100.0)
    spines = sim.quantities("spines")[projection.id][inside]
    assert spines.mean() > had[1].mean()  # ... and dendrites put out more than they had
    sim.run(60_000.0)
    after, further, still = state(sim)
    assert still == pytest.approx(outside, rel=0.15)
    return rate(sim, cells.ids[inside], 20_000.0) / 5.0, after / before, further / reach


@seeds(1)
def test_A43_connections_grow_into_a_lesion_from_its_border_until_activity_is_back(seeds, measured):
    back, inputs, reach = np.transpose([lesioned(seed) for seed in seeds])
    grown = (
        f"{shown(100 * back, '.0f')} % (inputs {shown(100 * inputs, '.0f')} %, {shown(reach, '.2f')} as long)"
    )
    measured("A43", "rate in a lesioned disc 70 s later, share of the target, each seed", source=">= 80 %",
             ours=grown, tolerance=">= 80 %", kind="S", provisional=True)  # fmt: skip
    assert holds(inputs > 0.8)
    assert holds(reach > 1.08)
    assert holds(back >= 0.8)
