"""The distal reward experiment of Izhikevich (2007) in a spiking network (A33), at full length.

Cereb. Cortex 17:2443-2452, doi:10.1093/cercor/bhl152; numbers of his script (ModelDB 84167): 800 regular and
200 fast spiking neurons, 100 synapses each, one synapse rewarded 1 to 3 s after its post neuron fired within
20 ms of its pre neuron.  His Euler step of 1 ms is too long for the potential, ours is 0.5 ms; his uniform
noise is Gaussian of the same variance here.
"""

import numpy as np
import pytest

from engine import Network, Simulation
from tests.references.seeds import holds, shown

REGULAR = {"a": 0.02, "b": 0.2, "c": -65.0, "d": 8.0, "v": -65.0, "u": -13.0}
FAST = {"a": 0.1, "b": 0.2, "c": -65.0, "d": 2.0, "v": -65.0, "u": -13.0}


def network(seed):
    """The circuit; returns it with its plastic projections and the id of the dopamine source."""
    net = Network(dt=0.5, seed=seed)
    exc = net.add_population("E", "izhikevich", size=800, sign=+1, params=REGULAR)
    inh = net.add_population("I", "izhikevich", size=200, sign=-1, params=FAST)
    for pop in (exc, inh):
        net.add_input("noise_current", pop, mean=0.0, std=13.0 / np.sqrt(12.0), hold=1.0)
    source = net.add_population("VTA", "relay", size=1, sign=+1)
    # per ms: ds/dt = (0.0002 + 0.1 DA) sd, and a reward adds 0.5 to DA
    dopamine = net.add_modulator("DA", "diffuse", sources=source.ids, params={"amount": 10.0}, delay=1.0)
    stdp = {
        "tau_pre": 19.5,
        "tau_post": 19.5,
        "lambda_": 0.025,
        "alpha": 1.0,
        "mu_plus": 0.0,
        "mu_minus": 0.0,
    }
    gate = {"tau_c": 1000.0, "tau_n": 200.0, "b": -0.0002, "a_plus": 1.0, "a_minus": 1.5}
    plastic = []
    for label, post, count in (("EE", exc, 80), ("EI", inh, 20)):
        way = net.add_projection(
            label,
            exc,
            post,
            transmission="current_exp",
            rules=[("stdp_pair", stdp), ("dopamine", gate)],
            w_max=4.0,
        )
        net.wire(way, "fixed_out", n=count, weight=1.0, delay=1.0)
        plastic.append(way)
    back = net.add_projection("IE", inh, exc, transmission="current_exp")
    net.wire(back, "fixed_out", n=100, weight=-1.0, delay=1.0)
    return net, plastic, dopamine


LOOK_EVERY = 60.0
"""Seconds between two looks at the rewarded weight."""


def experiment(seed, seconds, is_contingent=True):
    """The rewarded weight every minute, all other excitatory weights, the rewards and the mean rate.

    The control gets each reward at a random time instead, so as many of them.
    """
    net, plastic, dopamine = network(seed)
    rows = net.synapses(plastic[0])
    target = rows[0]
    net.set([int(target["id"])], weight=0.0)
    rng = np.random.default_rng(seed)
    sim = Simulation(net)
    due, last_pre, rewards, seen = [], -1e9, 0, 0
    chunk, looked = 20.0, []
    for done in range(1, round(seconds * 1000 / chunk) + 1):
        sim.run(chunk)
        steps, who = sim.spikes_since(seen)
        seen = sim.step
        for step, neuron in zip(steps.tolist(), who.tolist(), strict=True):
            if neuron == target["pre"]:
                last_pre = step * 0.5
            elif neuron == target["post"] and 0 < step * 0.5 - last_pre <= 20.0:
                rewards += 1
                wait = rng.uniform(1000.0, 3000.0)
                due.append(sim.t + (wait if is_contingent else rng.uniform(0.0, 20_000.0)))
                last_pre = -1e9
        for t in [t for t in due if t <= sim.t]:
            due.remove(t)
            sim.poke("release", [dopamine.id])
        if done % round(LOOK_EVERY * 1000 / chunk) == 0:
            rows = sim.synapses(plastic[0])
            looked.append(float(rows["weight"][rows["id"] == target["id"]][0]))
    weights = np.concatenate([sim.synapses(way)["weight"] for way in plastic])
    ids = np.concatenate([sim.synapses(way)["id"] for way in plastic])
    rate = sim.spikes().size / 1000 / seconds
    return np.array(looked), weights[ids != target["id"]], rewards, rate


def percentile(looked, others):
    """Where the rewarded weight ends among the others."""
    return 100.0 * float(np.mean(others < looked[-1]))


@pytest.mark.long
def test_A33_the_rewarded_synapse_reaches_the_top_within_an_hour(measured):
    ours = []
    for seed in range(1, 6):
        looked, others, rewards, rate = experiment(seed, 3600)
        assert rewards > 50
        assert 0.3 < rate < 5.0
        assert np.mean(others) < 1.0
        ours.append((looked.max() >= 3.6 and percentile(looked, others) > 95.0, looked, others))
    reached = sum(good for good, _, _ in ours)
    measured(
        "A33",
        "rewarded synapse: seeds that reach 3.6 of 4 and end above the 95th percentile; mean of the others",
        source=">= 4 of 5; < 1",
        ours=f"{reached} of 5; " + ", ".join(f"{np.mean(others):.2f}" for _, _, others in ours),
        tolerance="4 of 5 seeds",
        kind="S",
    )
    assert reached >= 4


@pytest.mark.long
def test_A33_as_many_rewards_at_random_times_leave_it_in_the_bulk(measured):
    places = []
    for seed in range(1, 6):
        looked, others, _, _ = experiment(seed, 3600, is_contingent=False)
        places.append(percentile(looked, others))
    measured(
        "A33",
        "control, as many rewards at random times: percentile of the synapse, each seed",
        source="5 to 95",
        ours=shown(places, ".0f"),
        tolerance="5 to 95",
        kind="S",
    )
    assert holds([5.0 <= place <= 95.0 for place in places])
