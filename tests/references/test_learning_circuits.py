"""Circuits that learn while they fire give NEST's spikes and weights (A01, A07, A14, A20 in one loop).

`networks.json` was made by `make_networks.py` with NEST 3.10.0.
"""

import numpy as np
import pytest

from engine import Network, Simulation
from tests.references.stage import fresh, named, relays, series, spike_times, stored


def learned(case, threads=1, precision="double", pieces=1):
    """Spikes of the neurons, and the last amplitude (or weight) each plastic synapse carried."""
    net = Network(dt=case["dt"], seed=1, precision=precision)
    sources = relays(net, "Relays", case["trains"])
    sign = -1 if case["w_max"] < 0 else +1
    cells = net.add_population("Cells", "iaf_psc_exp", size=case["size"], sign=sign, params=case["cell"])
    drive = net.add_projection("Drive", sources, cells, transmission="current_exp")
    short = case["rule"] == "tsodyks_markram"
    if short:
        plastic = net.add_projection(
            "Plastic", cells, cells, transmission="tsodyks_markram", params=case["params"]
        )
    else:
        plastic = net.add_projection(
            "Plastic",
            cells,
            cells,
            transmission="current_exp",
            rules=[(case["rule"], case["params"])],
            w_max=abs(case["w_max"]),
        )
    made = []
    for projection, pre, rows in ((drive, sources, case["fixed"]), (plastic, cells, case["plastic"])):
        i, j, weight, delay = (np.array(column) for column in zip(*rows, strict=True))
        made.append(
            net.add_synapses(projection, pre=pre.ids[i], post=cells.ids[j], weight=weight, delay=delay)
        )
    ids = np.asarray(made[1])
    probe = net.add_probe(ids, "transmitted" if short else "weight", every="pre")
    sim = Simulation(net, threads=threads)
    for _ in range(pieces):
        sim.run(case["for"] / pieces)
    spikes = sorted([k, t] for t, k in spike_times(sim, cells.ids))
    return spikes, series(sim.record(probe), ids)


def compare(case, **more):
    spikes, carried = learned(case, **more)
    assert spikes == case["spikes"]
    for got, expected, count in zip(carried, case["last"], case["count"], strict=True):
        assert 0 <= got.size - count <= 2  # NEST has not yet delivered the spikes of its last slice
        if count:
            assert got[count - 1] == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("case", named(stored("networks.json")))
def test_a_learning_circuit_gives_the_spikes_and_weights_of_nest(case):
    compare(case)


def test_it_does_so_on_two_threads_and_in_pieces():
    compare(stored("networks.json")[0], threads=2, pieces=5)


@pytest.mark.nest
@pytest.mark.slow
def test_circuits_equal_the_nest_that_is_installed_on_circuits_never_seen_before(tmp_path):
    for case in fresh("make_networks.py", tmp_path):
        compare(case)
