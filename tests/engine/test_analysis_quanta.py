"""Failures, variability and paired pulses: by hand, against recordings, and before and after learning."""

import math

import numpy as np
import pytest

from engine import Network, Simulation
from engine.analysis import quanta


def test_by_hand():
    assert quanta.failures(0.5, 4) == 0.0625
    assert quanta.inverse_cv2(0.5, 4) == 4.0
    assert quanta.inverse_cv2(1.0) == math.inf
    depressing = quanta.paired_pulses(0.5, 800.0, 0.0, 50.0)
    facilitating = quanta.paired_pulses(0.05, 130.0, 530.0, 50.0)
    assert depressing == pytest.approx(0.530, abs=5e-4)
    assert facilitating == pytest.approx(1.801, abs=5e-4)
    assert quanta.measured([0.0, 1.0, 2.0, 1.0]) == {"mean": 1.0, "failures": 0.25, "inverse_cv2": 2.0}
    assert math.isnan(quanta.measured([])["mean"])


def quantal(rules=(), u=0.3):
    net = Network(dt=0.1, seed=2)
    pre = net.add_population("Pre", "relay", size=1, sign=-1)
    post = net.add_population("Post", "relay", size=1)
    net.add_input("spike_list", pre, times=[10.0, 60.0])
    way = net.add_projection(
        "Quantal", pre, post, transmission="quantal", rules=rules, w_max=1000.0,
        params={"u": u, "tau_rec": 200.0, "tau_fac": 50.0, "n": 6.0},
    )  # fmt: skip
    ids = net.add_synapses(way, pre=pre.ids, post=np.repeat(post.ids, 8000), weight=-2.0, delay=1.0)
    return net, way, ids


def test_what_is_computed_is_what_a_recording_shows():
    net, way, ids = quantal()
    probe = net.add_probe(ids, "transmitted", every="pre")
    sim = Simulation(net)
    sim.run(100.0)
    first, second = sim.record(probe)["value"].reshape(2, -1)
    told = quanta.of_projection(sim, way)
    assert set(told["n"]) == {6.0}
    assert set(told["P"]) == {0.3}
    assert set(told["q"]) == {-2.0}
    seen = quanta.measured(first)
    assert told["failures"][0] == pytest.approx(seen["failures"], rel=0.06)
    assert told["inverse_cv2"][0] == pytest.approx(seen["inverse_cv2"], rel=0.05)
    assert told["paired_pulses"][0] == pytest.approx(second.mean() / first.mean(), rel=0.03)
    assert seen["mean"] == pytest.approx(6 * 0.3 * 2.0, rel=0.02)


def test_a_synapse_that_learns_shows_where_it_learned():
    net, way, _ = quantal(rules=["costa"])
    before = quanta.of_projection(Simulation(net), way)
    assert before["P"][0] == 0.3
    assert before["q"][0] == pytest.approx(-2.0 / 0.3)
    sim = Simulation(net)
    sim.run(20.0)
    told = quanta.of_projection(sim, way)
    assert told.dtype.names == tuple(name for name, _ in quanta.KINDS)
    assert told["inverse_cv2"][0] == pytest.approx(6 * 0.3 / 0.7)


def test_a_plain_synapse_releases_surely():
    net = Network(dt=0.1, seed=1)
    pair = net.add_population("Pair", "relay", size=2)
    way = net.add_projection("Plain", pair, pair)
    net.add_synapses(way, pre=pair[:1], post=pair[1:], weight=3.0, delay=1.0)
    told = quanta.of_projection(Simulation(net), way)[0]
    assert (told["P"], told["q"], told["n"], told["failures"]) == (1.0, 3.0, 1.0, 0.0)
    assert (told["inverse_cv2"], told["paired_pulses"]) == (math.inf, 1.0)


def test_a_table_tells_as_much_as_a_simulation():
    net, way, _ = quantal(rules=["costa"])
    sim = Simulation(net)
    sim.run(20.0)
    record = sim.network.projections[int(way)]
    told = quanta.of_record(record, record.synapses.sorted())
    again = np.sort(quanta.of_projection(sim, way), order="id")
    assert told.tobytes() == again.tobytes()
