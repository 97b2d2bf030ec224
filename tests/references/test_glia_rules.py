"""What an astrocyte does for good: LTP by coincidence with its calcium, and scaling of its territory."""

import numpy as np
import pytest

from engine import Network
from tests.references.stage import relays, run


def coincidence(calcium, spikes, **params):
    """Release probability of a synapse whose post neuron fires while the astrocyte's calcium is held."""
    net = Network(dt=0.5, seed=1)
    pre, post = relays(net, "Pre", [[900.0]]), relays(net, "Post", [spikes])
    glia = net.add_astrocytes("A", size=1, params={"ca_clamp": calcium, "ca_astro": calcium})
    rules = [("astro_ltp", {"eta_g": 0.02, "p_start": 0.3, **params})]
    way = net.add_projection("S", pre, post, transmission="current_exp", rules=rules, astrocytes=glia)
    net.add_synapses(way, pre=pre.ids, post=post.ids, weight=3.0, delay=1.0)
    found = run(net, 1000.0).synapses(way)
    assert found["weight"][0] == pytest.approx(found["P"][0] * found["q"][0], rel=1e-12)
    return found["P"][0]


def test_spikes_raise_release_only_while_calcium_is_high():
    spikes = np.arange(100.0, 800.0, 100.0)
    assert coincidence(0.5, spikes) == pytest.approx(0.3 + 7 * 0.02, rel=1e-12)
    assert coincidence(0.1, spikes) == pytest.approx(0.3, rel=1e-12)
    assert coincidence(0.5, []) == pytest.approx(0.3, rel=1e-12)
    assert coincidence(0.5, spikes, eta_g=0.5) == 1.0


def test_each_spike_meets_the_calcium_of_its_own_moment():
    spikes = np.arange(50.0, 40000.0, 50.0)
    net = Network(dt=0.5, seed=1)
    pre, post = relays(net, "Pre", [[39999.0]]), relays(net, "Post", [spikes])
    glia = net.add_astrocytes("A", size=1, params={"ip3_0": 0.5, "ip3": 0.5})
    rules = [("astro_ltp", {"eta_g": 0.0005, "p_start": 0.1, "c_theta": 0.3})]
    way = net.add_projection("S", pre, post, transmission="current_exp", rules=rules, astrocytes=glia)
    net.add_synapses(way, pre=pre.ids, post=post.ids, weight=1.0, delay=1.0)
    probe = net.add_probe(glia, "ca_astro", every=1.0)
    sim = run(net, 40010.0)
    calcium = sim.record(probe)["value"]  # at 1, 2, ... ms; a spike reaches the synapse 1 ms later
    high = np.count_nonzero(calcium[spikes.astype(int)] > 0.3)
    assert 20 < high < spikes.size - 20
    assert sim.synapses(way)["P"][0] == pytest.approx(0.1 + 0.0005 * high, rel=1e-9)


def test_a_quiet_territory_is_scaled_up_and_another_left_alone():
    net = Network(dt=0.5, seed=1)
    rates = [5.0, 50.0]
    trains = [np.round(np.arange(10.0, 60000.0, 1000.0 / rate) * 2) / 2 for rate in rates]
    at = [[0.0, 0.0, 0.0], [500.0, 0.0, 0.0]]
    pre, post = relays(net, "Pre", trains), relays(net, "Post", [[], []])
    net.move(post.ids, at)
    glia = net.add_astrocytes("A", size=2, params={"tau_heard": 2000.0}, positions=at)
    rules = [("glial_scaling", {"target": 50.0, "tau_sc": 100000.0})]
    way = net.add_projection("S", pre, post, transmission="current_exp", rules=rules, astrocytes=glia)
    net.add_synapses(way, pre=pre.ids, post=post.ids, weight=1.0, delay=1.0)
    sim = run(net, 60000.0)
    quiet, usual = sim.synapses(way)["weight"]
    # after the two seconds in which the astrocyte begins to hear: exp(60/100 (1 - 5/50) + 2/100 5/50)
    assert quiet == pytest.approx(np.exp(0.6 * 0.9 + 0.02 * 0.1), rel=0.005)
    assert usual == pytest.approx(np.exp(0.02), rel=0.02)
