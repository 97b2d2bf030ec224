"""Pruned by activity: the unused on an active neuron.  By competition: the redundant, though strong."""

import numpy as np
import pytest

from engine import Network, Simulation
from tests.references.stage import relays, run


def trios(rules, seed, cells=80, w=(300.0, 330.0), rate=11.0, own=1.0):
    """Neurons with three strong inputs: two repeat one source (and add a few spikes), one does not."""
    net = Network(dt=2.0, seed=seed)
    source = net.add_population("Source", "relay", size=cells, sign=+1)
    inputs = net.add_population("Inputs", "relay", size=3 * cells, sign=+1, passes=True)
    post = net.add_population("Cells", "iaf_psc_exp", size=cells, sign=+1)
    copies = net.add_projection("Copies", source, inputs)
    for k in (0, 1):
        here = inputs[k * cells : (k + 1) * cells]
        net.add_synapses(copies, pre=source, post=here, weight=1.0, delay=2.0 * (k + 1))
    net.add_input("poisson", source, rate=rate - own)
    net.add_input("poisson", inputs[: 2 * cells], rate=own)
    net.add_input("poisson", inputs[2 * cells :], rate=rate)
    way = net.add_projection("In", inputs, post, rules=rules, w_max=1000.0)
    weight = np.random.default_rng(seed).uniform(*w, (3, cells))
    ids = [
        net.add_synapses(way, inputs[k * cells : (k + 1) * cells], post, weight=weight[k], delay=2.0)
        for k in range(3)
    ]
    return net, way, [np.asarray(list(one)) for one in ids], weight


COMPETITION = {"room": 2.5, "tau_hold": 10_000.0, "tau_loss": 10_000.0, "update": 50.0}


def fate(rules, seed, until=300_000.0, **more):
    """Whether each of the three inputs of each neuron is still there, and the weights of the lost."""
    net, way, ids, weight = trios(rules, seed, **more)
    left = run(net, until).synapses(way)["id"]
    alive = np.array([np.isin(one, left) for one in ids])
    return alive, weight


def test_of_two_inputs_with_one_signal_one_goes_and_the_independent_one_stays(measured):
    alive, weight = fate([("prune_competition", COMPETITION)], seed=1)
    independent, surplus = alive[2].mean(), (alive[0] ^ alive[1]).mean()
    gone = int((~alive).sum())
    loss = -2.0 * np.log(1 - gone / alive.size) / 300_000.0  # halved, being blind to weight
    random, _ = fate([("hazard", {"kappa": loss, "steep": 0.0, "create": 0.0, "update": 50.0})], seed=1)
    measured("Competition", "neurons whose independent input stays / exactly one redundant one stays",
             source=">= 95 % / goes", tolerance=">= 95 % / >= 90 %", kind="S",
             ours=f"{100 * independent:.0f} % / {100 * surplus:.0f} %; as many pruned at random "
             f"{100 * random[2].mean():.0f} % / {100 * (random[0] ^ random[1]).mean():.0f} %")  # fmt: skip
    assert independent >= 0.95
    assert surplus >= 0.9
    assert weight[~alive].min() >= 300.0  # what went was strong
    assert random[2].mean() < 0.8
    assert (~random).sum() == pytest.approx(gone, rel=0.25)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 7))
@pytest.mark.parametrize(("rate", "own"), [(5.0, 0.5), (10.0, 1.0), (20.0, 5.0), (40.0, 4.0)])
def test_the_independent_input_stays_in_every_seed_with_the_card_as_it_comes(seed, rate, own, measured):
    alive, _ = fate(["prune_competition"], seed, rate=rate, own=own)
    independent, surplus = alive[2].mean(), (alive[0] ^ alive[1]).mean()
    measured("Competition", f"{rate:g} Hz, {own:g} Hz of it its own, seed {seed}: independent input stays / "
             "exactly one redundant one stays", source=">= 95 % / goes", kind="S",
             ours=f"{100 * independent:.0f} % / {100 * surplus:.0f} %",
             tolerance=">= 95 % / >= 88 %")  # fmt: skip
    assert independent >= 0.95
    assert surplus >= 0.88


def test_where_the_resource_is_ample_or_nobody_is_active_nothing_is_lost():
    ample, _ = fate([("prune_competition", {**COMPETITION, "room": 6.0})], seed=3, until=60_000.0)
    assert ample.all()
    net = Network(dt=1.0, seed=1)
    pre, post = relays(net, "Pre", [[], []]), relays(net, "Post", [[]])
    way = net.add_projection("In", pre, post, rules=[("prune_competition", {"tau_loss": 100.0})])
    net.add_synapses(way, pre=pre.ids, post=np.repeat(post.ids, 2), weight=1.0, delay=1.0)
    assert run(net, 5_000.0).synapses(way)["hold"].tolist() == [1.0, 1.0]


def test_silent_inputs_of_active_neurons_are_lost_and_no_others():
    many = 300
    net = Network(dt=1.0, seed=4)
    pre = net.add_population("Pre", "relay", size=2 * many, sign=+1)
    post = net.add_population("Post", "relay", size=2 * many, sign=+1)
    net.add_input("poisson", pre[:many], rate=20.0)
    net.add_input("poisson", post[::2], rate=8.0)
    rule = {"quiet": 2.0, "half": 2.0, "tau_loss": 4000.0, "tau_pre": 1000.0, "tau_post": 1000.0}
    way = net.add_projection("In", pre, post, rules=[("prune_activity", rule)])
    ids = np.asarray(list(net.add_synapses(way, pre=pre.ids, post=post.ids, weight=1.0, delay=1.0)))
    gone = ~np.isin(ids, run(net, 5_000.0).synapses(way)["id"])
    silent, active = np.arange(2 * many) >= many, np.arange(2 * many) % 2 == 0
    # 8 Hz against a half of 2 Hz, a little less as the counts fluctuate and fill: 0.8 / 4 s for about 4 s
    assert gone[silent & active].mean() == pytest.approx(1 - np.exp(-0.78 / 4.0 * 4.1), abs=0.09)
    assert not gone[silent & ~active].any()
    assert gone[~silent].mean() < 0.01


def test_an_input_that_falls_silent_is_spared_for_as_long_as_it_is_remembered():
    net = Network(dt=1.0, seed=4)
    pre = relays(net, "Pre", [np.arange(1.0, 2000.0, 10.0).tolist()] * 50)
    post = relays(net, "Post", [np.arange(1.0, 9000.0, 50.0).tolist()])
    rule = {"quiet": 1.0, "half": 0.0, "tau_loss": 10.0, "tau_pre": 500.0, "tau_post": 500.0}
    way = net.add_projection("In", pre, post, rules=[("prune_activity", rule)])
    net.add_synapses(way, pre=pre.ids, post=np.repeat(post.ids, 50), weight=1.0, delay=1.0)
    # 100 Hz fall to 1 Hz in tau ln(100), 2.3 s after the last spike
    sim = Simulation(net).run(4_200.0)
    assert sim.synapses(way).size == 50
    assert sim.run(800.0).synapses(way).size == 0
