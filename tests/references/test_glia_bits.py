"""Circuits of neurons and astrocytes: threads, blocks, captures and edits change no bit and lose nothing."""

import numpy as np
import pytest

from engine import Network, Simulation

EXCITABLE = {"o_delta": 0.4, "k_delta": 0.3, "omega_5p": 0.1, "k_p": 0.1, "k_d": 0.5}


def circuit(size=1500, glia=1300, rules=(), drive=400.0):
    """Neurons and astrocytes on several tiles, with every way in which one acts on the other."""
    net = Network(dt=0.5, seed=3)
    cells = net.add_population("E", "iaf_psc_exp", size=size)
    astrocytes = net.add_astrocytes("A", "astrocyte_gchi", size=glia, params=EXCITABLE)
    stack = [("stdp_pair", {"mu_plus": 0.0, "mu_minus": 0.0}), "d_serine", *rules]
    way = net.add_projection("EE", cells, cells, "uptake", rules=stack, astrocytes=astrocytes)
    net.wire(way, "fixed_in", n=12, weight=("uniform", 20.0, 40.0), delay=("uniform", 1.0, 6.0))
    net.ensheathe(way, p=0.7, pool=5)
    coupling = net.add_projection("Gaps", astrocytes, astrocytes, "ip3_coupling")
    net.wire(coupling, "fixed_in", n=2, weight=2.0, delay=0.0)
    spilled = net.add_projection("Spilled", astrocytes, cells, "spillover_current")
    net.wire(spilled, "fixed_in", n=3, weight=20.0, delay=("uniform", 1.0, 4.0))
    net.add_input("poisson", cells, rate=1500.0, weight=drive)
    return net, way


def outcome(sim, way):
    states = [sim.quantities(name) for name in ("v", "ca", "ip3", "spill", "d_serine")]
    return [sim.synapses(way).tobytes(), *[v.tobytes() for one in states for v in one.values()]]


@pytest.fixture(scope="module")
def one_thread():
    net, way = circuit()
    sim = Simulation(net).run(200.0)
    assert len(sim.spikes()) > 20000
    assert np.ptp(sim.synapses(way)["weight"]) > 21.0
    assert sim.quantities("spill")[int(net.population("A"))].max() > 1.0
    return outcome(sim, way)


@pytest.mark.parametrize(
    ("threads", "pieces"), [(3, (200.0,)), (2, (7.0, 0.5, 42.5, 150.0)), (1, (99.5, 100.5))]
)
def test_threads_and_blocks_change_no_bit(one_thread, threads, pieces):
    net, way = circuit()
    sim = Simulation(net, threads=threads)
    for piece in pieces:
        state = sim.capture()
        sim.run(piece)
        sim.restore(state)
        sim.run(piece)
    assert outcome(sim, way) == one_thread


def test_synapses_that_grow_and_astrocytes_that_come_and_go_are_taken_along():
    growth = (
        "element_growth",
        {
            "curve": "linear",
            "nu": 0.02,
            "eps": 0.05,
            "tau_ca": 500.0,
            "beta_ca": 0.0001,
            "update": 20.0,
            "weight": 20.0,
            "delay": 1.0,
        },
    )
    net, way = circuit(60, 30, [growth], 120.0)
    sim = Simulation(net).run(200.0)
    table = sim.synapses(way)
    grown = table["id"] < 0
    assert grown.any()
    assert np.isnan(table["astrocyte"][grown]).all()  # they lie in the territory of the nearest
    before = {name: sim.quantities(name) for name in ("ca", "cleft")}
    glia = sim.network.population("A")
    sim.apply(_added(sim, glia))
    ids = sim.network.population("A").ids
    for name, was in before.items():
        assert np.array_equal(sim.quantities(name)[int(glia)][: len(was[int(glia)])], was[int(glia)])
    assert ids.size == 31
    sim.run(20.0)
    sim.apply(_removed(ids[:1]))
    lost = table["astrocyte"] == ids[0]
    assert lost.any()
    sim.run(20.0)
    now = sim.synapses(way)
    kept = np.isin(now["id"], table["id"][lost])
    assert (now["astrocyte"][kept] == 0.0).all()


def _added(sim, glia):
    from engine.network.edits import AddNeurons

    return AddNeurons(int(glia), sim.base.ids.fresh(1), np.array([[5.0, 5.0, 0.0]]), {})


def _removed(ids):
    from engine.network.edits import RemoveNeurons

    return RemoveNeurons(np.asarray(ids))
