"""Relays that repeat several spikes a step: each arrives once, or the run says that there is no room."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Network, Simulation
from engine.errors import RunError

DELAYS = (1.0, 25.0)
RELAYS = 64


def hot(rate: float, delay: float, dendritic: float = 1.0) -> tuple[Network, np.ndarray, np.ndarray]:
    """Relays under Poisson inputs (Hz), each onto a neuron that counts what arrives, 1e-3 mV a spike."""
    net = Network(dt=1.0, seed=1)
    relays = net.add_population("Relays", "relay", size=RELAYS)
    counting = {"v_th": 99.0, "tau_m": 1e5, "e_l": 0.0, "v_reset": 0.0, "c_m": 1e6}
    counts = net.add_population("Counts", "iaf_psc_delta", size=RELAYS, params=counting)
    net.add_input("poisson", relays, rate=rate)
    learning = ("stdp_pair", {"lambda_": 0.0})
    way = net.add_projection("Way", relays, counts, rules=[learning], w_max=1.0, dendritic=dendritic)
    net.wire(way, "one_to_one", weight=1e-3, delay=delay)
    return net, relays.ids, counts.ids


@pytest.mark.parametrize("dendritic", [1.0, 0.0])
@pytest.mark.parametrize("delay", DELAYS)
@pytest.mark.parametrize("rate", [800.0, 2500.0, 3900.0])
def test_every_spike_of_a_hot_relay_arrives_once(rate, delay, dendritic):
    net, relays, counts = hot(rate, delay, dendritic)
    sim = Simulation(net)
    sim.run(400.0)
    spikes = sim.spikes()
    sent = spikes["step"] + delay
    late = sent >= 400.0  # what an axon brings in the very last step is taken up in the next
    sums = np.zeros(RELAYS)
    at = np.searchsorted(relays, spikes["neuron"][~late])
    np.add.at(sums, at, np.exp(-(400.0 - sent[~late]) / 1e5))
    arriving = np.bincount(np.searchsorted(relays, spikes["neuron"][sent == 400.0]), minlength=RELAYS)
    found = sim.state_of(counts, "v") / 1e-3
    assert sums.min() > 200
    either = np.minimum(abs(found - sums), abs(found - sums - arriving))
    assert either.max() < 1e-6 * sums.max()


def test_a_relay_that_is_too_hot_stops_the_run_and_says_what_to_do():
    net, _, _ = hot(9000.0, 25.0)
    with pytest.raises(RunError, match=r"4 per neuron.*lower the rate"):
        Simulation(net).run(200.0)


def test_a_state_that_an_earlier_version_saved_with_less_room_goes_on_to_the_same_bits():
    net, _, _ = hot(800.0, 25.0, dendritic=0.0)
    sim = Simulation(net)
    sim.run(123.0)
    state = sim.capture()
    home = f"population/{net.population('Relays').id}/"
    at = home + "recent_index"
    room = state[at].size // 2
    older = dict(state)
    older[at] = np.zeros(room, np.int32)
    end = 0
    for slot in np.argsort(state[home + "recent_step"], kind="stable")[-40:].tolist():
        begin, count = int(state[home + "recent_start"][slot]), int(state[home + "recent_count"][slot])
        place = np.arange(count)
        older[at][(end + place) & (room - 1)] = state[at][(begin + place) & (2 * room - 1)]
        older[home + "recent_start"] = older[home + "recent_start"].copy()
        older[home + "recent_start"][slot] = end & (room - 1)
        end += count
    older[home + "recent_end"] = np.array([end & (room - 1)])
    again = Simulation(net, state=older)
    for one in (sim, again):
        one.run(100.0)
    ids = net.population("Counts").ids
    assert np.array_equal(sim.state_of(ids, "v"), again.state_of(ids, "v"))


@pytest.mark.parametrize("dendritic", [1.0, 0.0])
@pytest.mark.parametrize("signs", [(1, 1), (-1, -1), (1, -1), (0, 0)])
def test_a_relay_that_passes_spikes_on_passes_those_of_every_sign(signs, dendritic):
    net = Network(dt=0.1, seed=1)
    passing = net.add_population("Passing", "relay", passes=True)
    net.add_input("spike_list", passing, times=[7.0])
    for k, sign in enumerate(signs):
        source = net.add_population(f"Source {k}", "relay", sign=sign)
        net.add_input("spike_list", source, times=[5.0, 5.0, 9.0])
        learning = ("vogels_sprekeler" if sign < 0 else "stdp_pair", {})
        way = net.add_projection(f"Way {k}", source, passing, rules=[learning], dendritic=dendritic)
        net.add_synapses(way, source, passing, weight=0.0 if k else 3.0 * (sign or -1), delay=2.0)
    sim = Simulation(net)
    sim.run(20.0)
    spikes = sim.spikes()
    mine = spikes["t"][spikes["neuron"] == passing.ids[0]]
    if dendritic:
        assert mine.tolist() == [7.0] * 5 + [11.0] * 2
    else:  # what has come along an axon by the end of a step is taken up in the next
        assert mine.tolist() == [7.0, *[7.1] * 4, *[11.1] * 2]


def paired(rate: float, delay: float, dendritic: float) -> tuple[float, float]:
    """The weight after two seconds of pairing a slow relay with a hot one, and what the rule says it is."""
    luck, h, steps = np.random.default_rng(int(rate)), 0.1, 20_000
    pre = sorted(luck.integers(1, steps, 12).tolist())
    post = sorted(luck.integers(1, steps, int(2 * rate)).tolist())
    net = Network(dt=h, seed=1)
    one, other = (net.add_population(name, "relay") for name in ("Slow", "Hot"))
    for relay, train in ((one, pre), (other, post)):
        net.add_input("spike_list", relay, times=np.round(np.array(train) * h, 6))
    rule = {"tau_pre": 20.0, "tau_post": 20.0, "lambda_": 1e-4, "alpha": 0.9, "mu_plus": 0.0, "mu_minus": 0.0}
    way = net.add_projection("Way", one, other, rules=[("stdp_pair", rule)], w_max=1.0, dendritic=dendritic)
    net.add_synapses(way, one, other, weight=0.5, delay=delay)
    sim = Simulation(net)
    sim.run(steps * h)
    late = round(delay / h)
    come: dict[int, list[int]] = {}
    for side, train, shift in ((0, pre, 0 if dendritic else late), (1, post, late if dendritic else 0)):
        for step in train:
            come.setdefault(step + shift, [0, 0])[side] += 1
    weight, x, y, last = 0.5, 0.0, 0.0, 0
    for step in sorted(step for step in come if step <= steps):
        left = np.exp(-(step - last) * h / 20.0)
        before, after = come[step]
        x, y, last = x * left, y * left, step
        weight = max(min(weight + after * 1e-4 * x, 1.0) - before * 9e-5 * y, 0.0)
        x, y = x + before, y + after
    return float(sim.synapses(way)["weight"][0]), float(weight)


@pytest.mark.parametrize(("rate", "delay", "dendritic"), [(20_000.0, 3.0, 1.0), (20_000.0, 25.0, 0.0)])
def test_a_synapse_meets_every_spike_of_a_hot_relay_behind_it(rate, delay, dendritic):
    found, expected = paired(rate, delay, dendritic)
    assert found == pytest.approx(expected, abs=1e-9)


def test_where_more_is_on_its_way_back_than_a_synapse_can_remember_the_run_stops():
    with pytest.raises(RunError, match="memory holds; shorten the delays"):
        paired(30_000.0, 25.0, 1.0)
