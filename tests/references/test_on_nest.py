"""A circuit handed to NEST does there what it does here: spikes, potentials, carried and learned weights."""

import numpy as np
import pytest

from engine import Network, Simulation
from engine.exchange.nest.running import NAMED, run_on_nest
from tests.references.stage import python_with, relays

UNTIL = 300.0
EXACT = ("iaf_psc_exp", "iaf_psc_alpha", "iaf_psc_delta", "izhikevich")
"""Models that both integrate exactly, or by the same steps."""
CELLS = {
    "iaf_psc_exp": ({"tau_m": 14.0, "t_ref": 1.5, "i_e": 180.0}, "current_exp", 350.0),
    "iaf_psc_alpha": ({"c_m": 210.0, "tau_syn_in": 4.0, "i_e": 250.0}, "current_alpha", 150.0),
    "iaf_psc_delta": ({"v_reset": -66.0, "i_e": 150.0}, "delta", 5.0),
    "izhikevich": ({"a": 0.03, "c": -62.0, "i_e": 3.0}, "current_exp", 6.0),
    "iaf_cond_exp": ({"g_l": 14.0, "tau_syn_ex": 1.7, "i_e": 120.0}, "conductance_exp", 6.0),
    "aeif_cond_exp": ({"b": 50.0, "tau_syn_ex": 1.5, "i_e": 400.0}, "conductance_exp", 8.0),
    "hh_psc_alpha": ({"tau_syn_ex": 1.0, "i_e": 300.0}, "current_alpha", 250.0),
}
STACKS = {
    "stdp_pair": [("stdp_pair", {"tau_pre": 17.0, "tau_post": 26.0, "lambda_": 0.02, "mu_plus": 0.4})],
    "stdp_triplet": [("stdp_triplet", {"tau_y": 120.0, "a3_plus": 2.0, "a2_minus": 1.5}), "receptors"],
    "nearest, symmetric": [("stdp_nearest", {"lambda_": 0.05, "tau_minus": 31.0})],
    "nearest, restricted": [("stdp_nearest", {"scheme": "restricted", "lambda_": 0.05})],
    "nearest, pre-centred": [("stdp_nearest", {"scheme": "pre_centered", "lambda_": 0.05})],
}
SHORT = {
    "two_variable": {"u": 0.35, "tau_rec": 160.0, "tau_fac": 90.0},
    "three_pool": {"u": 0.35, "tau_rec": 160.0, "tau_fac": 90.0, "tau_psc": 4.0, "form": "three_pool"},
}


@pytest.fixture(autouse=True)
def nest(monkeypatch):
    python = python_with("nest")
    if python is None:
        pytest.skip(f"NEST is not installed here, nor named by {NAMED}")
    monkeypatch.setenv(NAMED, python)


def driven(model, dt=0.1, seed=3):
    """Eight neurons of a model and of different starts under forced trains, currents and each other."""
    params, transmission, weight = CELLS[model]
    rng = np.random.default_rng(seed)
    net = Network(dt=dt, seed=seed)
    trains = [np.unique(rng.integers(3, round(UNTIL / dt), 25)) * dt for _ in range(10)]
    outside = relays(net, "Outside", [np.round(train, 9) for train in trains])
    start = net.add_population("Cells", model, size=8, params=params)
    quiet = net.add_population("Quiet", model, size=3, sign=-1, params=params)
    if "v" in params or model != "hh_psc_alpha":
        net.set(start, v=np.round(rng.uniform(-72.0, -62.0, 8), 3))
    if model == "izhikevich":
        net.set(start, u=np.round(rng.uniform(-15.0, -12.0, 8), 3))
    for label, pre, post, count, size in (
        ("In", outside, start, 40, 1.0),
        ("On", outside, quiet, 15, 1.0),
        ("Among", start, start, 20, 0.5),
        ("Out", start, quiet, 12, 0.5),
        ("Back", quiet, start, 12, -1.0),
    ):
        wires = net.add_projection(label, pre, post, transmission=transmission)
        net.add_synapses(
            wires,
            pre=rng.choice(pre.ids, count),
            post=rng.choice(post.ids, count),
            weight=weight * size * rng.uniform(0.5, 1.5, count),
            delay=np.round(rng.integers(1, 35, count) * dt, 9),
        )
    net.add_input("dc_current", start[:3], amplitude=20.0, start=50.0, stop=120.3)
    net.add_input("ac_current", start[2:6], amplitude=30.0, frequency=23.0, phase=40.0, start=10.0)
    net.add_input("step_current", start[7], times=[60.0, 110.0, 200.0], amplitudes=[40.0, -25.0, 0.0])
    net.add_input("spike_list", quiet[1], times=[20.0, 20.0, 90.0], weight=weight, delay=3.0)
    return net, start


def pairs(ran, until):
    found = ran.spikes()
    return [
        (step, neuron) for step, neuron in zip(found["step"], found["neuron"], strict=True) if step < until
    ]


@pytest.mark.parametrize("dt", [0.1, 0.25])
@pytest.mark.parametrize("model", CELLS)
def test_a_circuit_spikes_there_as_here(model, dt):
    net, start = driven(model, dt)
    watch = net.add_probe(start[0], "v", every=1.0)
    there = run_on_nest(net, UNTIL, threads=1)
    here = Simulation(net)
    here.run(UNTIL)
    ours, theirs = pairs(here, UNTIL / dt), pairs(there, UNTIL / dt)
    assert len(ours) > 20
    if model in EXACT:
        assert ours == theirs
        v = [ran.record(watch) for ran in (here, there)]
        shared = min(len(v[0]), len(v[1]))
        assert shared >= UNTIL - 1
        assert np.array_equal(v[0]["t"][:shared], v[1]["t"][:shared])
        assert np.abs(v[0]["value"][:shared] - v[1]["value"][:shared]).max() < 1e-8
    else:  # NEST's solver is adaptive: see the tests of each model for how near the two are
        assert abs(len(ours) - len(theirs)) <= max(2, 0.03 * len(theirs))


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("sign", [1, -1])
def test_synapses_carry_and_keep_the_weights_there_that_they_have_here(stack, sign):
    rng = np.random.default_rng(8)
    net = Network(dt=0.1, seed=8)
    trains = [np.round(np.unique(rng.integers(60, 2900, 30)) * 0.1, 9) for _ in range(9)]
    first = [np.append(0.2 + 0.3 * row, train) for row, train in enumerate(trains[:5])]
    pre, post = relays(net, "Pre", first, sign), relays(net, "Post", trains[5:])
    wires = net.add_projection("Plastic", pre, post, rules=STACKS[stack], w_max=40.0)
    made = net.add_synapses(
        wires,
        pre=np.repeat(pre.ids, 4),
        post=np.tile(post.ids, 5),
        weight=sign * np.append(rng.uniform(5.0, 35.0, 18), [0.0, 40.0]),
        delay=np.round(rng.integers(1, 40, 20) * 0.1, 9),
    )
    watch = net.add_probe(made, "weight", every="pre")
    there = run_on_nest(net, UNTIL)
    here = Simulation(net)
    here.run(UNTIL)
    theirs, ours = there.record(watch), here.record(watch)
    assert np.array_equal(theirs["t"], ours["t"])
    assert np.array_equal(theirs["id"], ours["id"])
    assert np.abs(theirs["value"] - ours["value"]).max() < 1e-9
    last = {int(row["id"]): row["value"] for row in ours}
    for row in there.synapses(wires):
        assert row["weight"] == pytest.approx(last[int(row["id"])], abs=1e-9)


@pytest.mark.parametrize("form", SHORT)
def test_short_term_plasticity_is_the_same_there(form):
    net = Network(dt=0.1, seed=2)
    rng = np.random.default_rng(2)
    pre = relays(net, "Pre", [np.round(np.unique(rng.integers(3, 2900, 40)) * 0.1, 9) for _ in range(3)])
    post = net.add_population("Post", "iaf_psc_exp", size=2)
    wires = net.add_projection("Wires", pre, post, transmission="tsodyks_markram", params=SHORT[form])
    made = net.add_synapses(wires, pre=pre.ids, post=post.ids[[0, 1, 0]], weight=500.0, delay=1.0)
    watch = net.add_probe(made, "transmitted", every="pre")
    there = run_on_nest(net, UNTIL)
    here = Simulation(net)
    here.run(UNTIL)
    theirs, ours = there.record(watch), here.record(watch)
    assert np.array_equal(theirs["t"], ours["t"])
    assert np.abs(theirs["value"] - ours["value"]).max() < 1e-9
    assert pairs(there, 3000) == pairs(here, 3000)


def test_chance_makes_the_same_rates_there():
    net = Network(dt=0.1, seed=4)
    cells = net.add_population("Cells", "iaf_psc_exp", size=40)
    net.add_input("poisson", cells, rate=8000.0, weight=45.0)
    jittered = net.add_population("Jittered", "iaf_psc_exp", size=40, params={"i_e": 350.0})
    net.add_input("noise_current", jittered, std=300.0)
    changing = net.add_population("Changing", "iaf_psc_exp", size=40)
    net.add_input("poisson_inhomogeneous", changing, times=[0.0, 500.0], rates=[9000.0, 6500.0], weight=45.0)
    here, there = Simulation(net), run_on_nest(net, 1000.0)
    here.run(1000.0)
    for population in (cells, jittered, changing):
        ours, theirs = (int(np.isin(ran.spikes()["neuron"], population.ids).sum()) for ran in (here, there))
        assert ours > 400
        assert theirs == pytest.approx(ours, rel=0.12)


def test_nothing_of_a_command_differs_but_the_place_where_it_runs(tmp_path, capsys):
    from engine import load, save
    from engine.commands import main

    net, _ = driven("iaf_psc_exp")
    names = ("a.neuropil", "b.neuropil", "a.npz", "b.npz")
    file, later, ours, theirs = (str(tmp_path / name) for name in names)
    save(net, file)
    asked = ["run", file, "--for", "200ms"]
    assert main([*asked, "--on", "nest", "--save", later, "--record", theirs]) == 0
    assert "spikes" in capsys.readouterr().out
    after, state = load(later)
    assert state is None
    assert after.synapse_count == net.synapse_count
    assert main([*asked, "--record", ours]) == 0
    with np.load(ours) as here, np.load(theirs) as there:
        assert sorted(here) == sorted(there)
        assert np.array_equal(here["spikes_t"], there["spikes_t"])
        assert np.array_equal(here["spikes_id"], there["spikes_id"])
