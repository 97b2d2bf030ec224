"""Synapses with astrocytes of their own: drawn from pools as NEST does, heard and obeyed one by one."""

import numpy as np
import pytest

from engine import Network, Simulation, load, registry, save
from engine.declare import Induction
from engine.errors import EditRefused, UsageError
from engine.kernels import fuse
from engine.kernels.eager_loops import EagerLoops
from engine.network.edits import SetSynapses
from tests.references.stage import relays, run


def wired(p=0.5, pool=4, pools="random", seed=2):
    net = Network(dt=0.5, seed=seed)
    cells = net.add_population("E", "iaf_psc_exp", size=60)
    glia = net.add_astrocytes("A", size=20)
    way = net.add_projection("S", cells, cells, transmission="current_exp", astrocytes=glia)
    net.wire(way, "fixed_probability", p=0.5, weight=1.0, delay=1.0)
    return net, cells, glia, way, net.ensheathe(way, p=p, pool=pool, pools=pools)


def test_synapses_are_wrapped_with_a_probability_from_the_pool_of_their_neuron():
    _, cells, glia, way, pairs = wired()
    assert pairs.size == pytest.approx(0.5 * len(way.ids), rel=0.1)
    assert np.isin(pairs["astrocyte"], glia.ids).all()
    for neuron in cells.ids[:10]:
        own = np.unique(pairs["astrocyte"][pairs["post"] == neuron])
        assert 2 <= own.size <= 4
    everyone = {tuple(np.unique(pairs["astrocyte"][pairs["post"] == n])) for n in cells.ids}
    assert len(everyone) > 20
    again, other = wired()[4], wired(seed=3)[4]
    assert np.array_equal(again, pairs)
    assert again.size != other.size or not np.array_equal(again["astrocyte"], other["astrocyte"])


def test_pools_in_blocks_follow_the_order_of_both_populations():
    _, cells, glia, _, pairs = wired(p=1.0, pool=1, pools="block")
    row = (pairs["post"] - cells.ids[0]) * 20 // 60
    assert np.array_equal(pairs["astrocyte"], glia.ids[row])


def test_what_cannot_be_drawn_is_refused_with_its_cure():
    net, _, _, way, _ = wired()
    for bad, said in (({"p": 1.5}, "0 to 1"), ({"pool": 21}, "1 to 20"), ({"pools": "blok"}, "block")):
        with pytest.raises(UsageError, match=said):
            net.ensheathe(way, **bad)
    net.set(way, astrocytes=None)
    with pytest.raises(UsageError, match="no astrocytes to choose from"):
        net.ensheathe(way)


def test_an_astrocyte_of_another_population_is_refused():
    net, cells, glia, way, _ = wired()
    for wrong in (cells.ids[0], glia.ids[0] + 0.5, 1e9):
        with pytest.raises(EditRefused, match="is no astrocyte of 'A'"):
            net.set(way.ids[:1], astrocyte=wrong)
        with pytest.raises(EditRefused, match="is no astrocyte of 'A'"):
            net.add_synapses(way, cells.ids[0], cells.ids[1], astrocyte=wrong)
    net.set(way.ids[:1], astrocyte=glia.ids[3])


def test_each_astrocyte_hears_and_rules_its_own_synapses(tmp_path):
    # four synapses onto one neuron: of the first astrocyte, the second, none, and of the territory
    train = np.arange(20.0, 2000.0, 20.0)
    net = Network(dt=0.5, seed=1)
    pre = relays(net, "Pre", [train, train[:50], train[:20], train[:10]])
    post = relays(net, "Post", [train + 5.0])
    far = [[0.0, 0.0, 0.0], [9e3, 0.0, 0.0]]
    net.move(post.ids, [[0.0, 0.0, 0.0]])
    still = {"ca_clamp": 0.07, "d_added": np.array([1e4, 0.0]), "tau_ip3": 1e6}
    glia = net.add_astrocytes("A", size=2, params=still, positions=far)
    timing = ("stdp_pair", {"mu_plus": 0.0, "mu_minus": 0.0, "alpha": 0.1})
    way = net.add_projection("S", pre, post, rules=[timing, "d_serine"], astrocytes=glia)
    ids = net.add_synapses(way, pre=pre.ids, post=post.ids, weight=1.0, delay=1.0)
    net.set(ids[:3], astrocyte=np.array([glia.ids[0], glia.ids[1], 0.0]))
    sim = run(net, 1000.0)
    path = tmp_path / "half.neuropil"
    save(sim, path)
    again, state = load(path)
    for one in (sim, Simulation(again, state=state)):
        one.run(1000.0)
        heard = (one.state_of(glia.ids, "ip3") - 0.16) / 0.0002
        # an IP3 of 7142 ms was set to last: the first hears synapses 1 and 4, the second synapse 2
        assert heard == pytest.approx([99 + 10, 50], rel=0.01)
        gained = one.synapses(way)["weight"] - 1.0
        assert gained[0] > 0.5
        assert gained[1] == 0.0
        assert gained[2] > 0.1
        assert gained[3] > 0.05
        own = one.synapses(way)["astrocyte"]
        assert own[:3].tolist() == [glia.ids[0], glia.ids[1], 0.0]
        assert np.isnan(own[3])
    assert sim.synapses(way).tobytes() == one.synapses(way).tobytes()
    assert sim.network.canonical()[0] == one.network.canonical()[0]


def test_an_astrocyte_given_while_it_runs_is_heard_from_then_on():
    net = Network(dt=0.5, seed=1)
    pre, post = relays(net, "Pre", [np.arange(20.0, 2000.0, 20.0)]), relays(net, "Post", [[]])
    glia = net.add_astrocytes("A", size=2, params={"tau_ip3": 1e6}, positions=[[0, 0, 0], [1e3, 0, 0]])
    net.move(post.ids, [[0.0, 0.0, 0.0]])
    way = net.add_projection("S", pre, post, astrocytes=glia)
    ids = net.add_synapses(way, pre=pre.ids, post=post.ids, weight=1.0, delay=1.0)
    sim = run(net, 1009.0)
    sim.apply(SetSynapses(np.asarray(ids), "astrocyte", np.array([float(glia.ids[1])])))
    sim.run(991.0)
    assert (sim.state_of(glia.ids, "ip3") - 0.16) / 0.0002 == pytest.approx([50, 49], rel=0.01)


class Drift(Induction, slug="drift_for_test", label="Drift"):
    """Moves at every step, whatever the neurons do."""

    @staticmethod
    def on_step(syn, post, p, h):
        syn.dw += 0.001 * h


def test_rules_that_move_at_every_step_meet_their_astrocyte_too():
    gate = registry.find("d_serine")
    stack = EagerLoops(registry.find("current_exp"), (Drift, gate), "float64", True, owned=True)
    body = "\n".join(stack.live().body)
    assert body.index("a = int64(fg_astrocyte)") < body.index("glia_d_serine = float64(G_d_serine[glia_at])")
    module = fuse.compiled("drift for test", stack.kernels())
    assert fuse.entry(module, "live").address != 0
