"""Spikes and weights of a plastic circuit do not depend on how many threads share it, or on blocks (A55).

This is determinism of the engine, and no evidence about brains.
"""

import numpy as np
import pytest

from engine import Network, Simulation


def circuit(seed=5):
    """A driven recurrent circuit: plastic, scaled, growing, with short-term plasticity and three delays."""
    net = Network(dt=0.1, seed=seed)
    exc = net.add_population("E", "iaf_psc_exp", size=160, sign=+1)
    inh = net.add_population("I", "iaf_psc_exp", size=40, sign=-1)
    net.add_input("poisson", exc, rate=9000.0, weight=45.0)
    net.add_input("poisson", inh, rate=9000.0, weight=42.0)
    rules = [
        ("stdp_pair", {"lambda_": 0.02, "mu_plus": 0.4, "mu_minus": 0.4}),
        ("scaling", {"target": 12.0, "tau_sc": 2000.0, "tau_h": 500.0, "update": 20.0}),
        (
            "element_growth",
            {
                "curve": "linear",
                "nu": 0.02,
                "eps": 0.05,
                "tau_ca": 500.0,
                "beta_ca": 0.01,
                "update": 50.0,
                "weight": 20.0,
            },
        ),
    ]
    plastic = net.add_projection("EE", exc, exc, transmission="current_exp", rules=rules, w_max=120.0)
    net.wire(plastic, "fixed_probability", p=0.1, weight=("uniform", 20.0, 60.0), delay=("uniform", 0.3, 4.0))
    short = net.add_projection(
        "EI", exc, inh, transmission="tsodyks_markram", params={"u": 0.4, "tau_rec": 100.0}
    )
    net.wire(short, "fixed_in", n=20, weight=60.0, delay=1.5)
    back = net.add_projection("IE", inh, exc, transmission="current_exp")
    net.wire(back, "fixed_in", n=10, weight=-200.0, delay=0.8)
    return net, plastic


def outcome(threads, pieces=(300.0,)):
    net, plastic = circuit()
    sim = Simulation(net, threads=threads)
    for piece in pieces:
        sim.run(piece)
    spikes = sim.spikes()
    rows = sim.synapses(plastic)
    return spikes[["step", "neuron"]].tolist(), rows[["pre", "post", "id"]].tolist(), rows["weight"].tobytes()


@pytest.fixture(scope="module")
def one_thread():
    return outcome(1)


def test_the_circuit_spikes_and_changes_enough_to_be_a_test(one_thread):
    spikes, rows, weights = one_thread
    assert len(spikes) > 500
    assert len({neuron for _, neuron in spikes}) > 150
    assert any(synapse < 0 for *_, synapse in rows)
    assert np.ptp(np.frombuffer(weights)) > 30.0


@pytest.mark.parametrize("threads", [2, 4, 8])
def test_A55_any_number_of_threads_gives_the_same_spikes_weights_and_synapses(one_thread, threads, measured):
    found = outcome(threads)
    assert found == one_thread
    what = f"determinism of the engine: spikes, weights and synapses on {threads} threads"
    told = f"{len(found[0])} spikes, {len(found[1])} synapses"
    theirs = f"{len(one_thread[0])} spikes, {len(one_thread[1])} synapses"
    measured("A55", what, source=theirs, ours=told, tolerance="the same bits", kind="X", provisional=True)


def test_running_in_pieces_gives_the_same_bits_as_running_through(one_thread):
    assert outcome(1, (0.1, 12.3, 100.0, 0.6, 187.0)) == one_thread
    assert outcome(2, (50.0, 250.0)) == one_thread


def test_another_seed_gives_another_run(one_thread):
    net, _ = circuit(seed=6)
    sim = Simulation(net)
    sim.run(50.0)
    other = [row for row in sim.spikes()[["step", "neuron"]].tolist()]
    assert other != [row for row in one_thread[0] if row[0] <= 500]
