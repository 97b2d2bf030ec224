"""A simulation from the outside: what it records, refuses, names and lets one change while it runs."""

from __future__ import annotations

import numpy as np
import pytest

from engine import Network, Simulation
from engine.errors import EditRefused, RunError, UnknownName, Unstable, UsageError
from engine.network import RuleUse
from engine.network.edits import (
    AddNeurons,
    AddSynapses,
    RemoveNeurons,
    RemoveSynapses,
    SetNetwork,
    SetRules,
    SetSynapses,
)


def pair(
    rules: list[tuple[str, dict[str, float]]] | None = None,
) -> tuple[Network, int, int]:
    """Two relays and a synapse between them; pre spikes at 10 and 60 ms, post at 20 ms."""
    net = Network(dt=0.1, seed=7)
    relays = net.add_population("relays", "relay", size=2)
    way = net.add_projection("p", relays, relays, rules=rules or [], w_max=1.0)
    ids = net.add_synapses(way, pre=relays[:1], post=relays[1:2], weight=0.5, delay=1.0)
    net.add_input("spike_list", relays[:1], times=[10.0, 60.0])
    net.add_input("spike_list", relays[1:2], times=[20.0])
    return net, int(way), int(ids.ids[0])


ADDITIVE = ("stdp_pair", {"mu_plus": 0.0, "mu_minus": 0.0})


def test_a_simulation_leaves_the_network_it_was_given_alone() -> None:
    net, _, _ = pair([ADDITIVE])
    before = net.canonical()[0]
    Simulation(net).run(100.0)
    assert net.canonical()[0] == before


def test_a_listed_spike_is_stamped_with_its_time() -> None:
    net, _, _ = pair()
    assert Simulation(net).run(100.0).spikes()["t"].tolist() == [10.0, 20.0, 60.0]


def test_a_duration_between_two_steps_is_refused() -> None:
    net, _, _ = pair()
    with pytest.raises(UsageError, match=r"12.34 ms lies between two steps of 0.1 ms"):
        Simulation(net).run(12.34)


def test_a_probe_samples_at_its_multiples() -> None:
    net = Network(dt=0.1)
    cells = net.add_population("c", "iaf_psc_exp", size=2, params={"i_e": 300.0})
    probe = net.add_probe(cells[1:], "v", every=2.5)
    found = Simulation(net).run(10.0).record(probe)
    assert found["t"].tolist() == [2.5, 5.0, 7.5, 10.0]
    # 300 pA through 10 ms / 250 pF: v = -70 + 12 (1 - exp(-t / 10)).
    np.testing.assert_allclose(found["value"], -70 + 12 * (1 - np.exp(-found["t"] / 10)), rtol=1e-12)


def test_an_unknown_quantity_is_refused_with_the_nearest_name() -> None:
    net = Network(dt=0.1)
    cells = net.add_population("c", "iaf_psc_exp", size=1)
    with pytest.raises((UnknownName, UsageError, EditRefused), match="i_ex"):
        net.add_probe(cells, "i_exc")


def test_a_runaway_value_names_the_neuron_the_quantity_and_the_time() -> None:
    net = Network(dt=0.5)
    cells = net.add_population("bad", "izhikevich", size=3, params={"u": np.array([0.0, -1e13, 0.0])})
    with pytest.raises(Unstable) as caught:
        Simulation(net).run(50.0)
    assert caught.value.neuron == cells.ids[1]
    assert caught.value.variable in ("u", "v")
    assert "bad" in str(caught.value)


def test_deleting_a_synapse_gives_back_what_it_had_learned() -> None:
    net, way, synapse = pair([ADDITIVE])
    sim = Simulation(net)
    sim.run(30.0)
    learned = sim.synapses(way)["weight"][0]
    assert learned > 0.505
    inverse = sim.apply(RemoveSynapses([synapse]))
    assert len(sim.synapses(way)) == 0
    sim.run(10.0)
    sim.apply(inverse)
    assert sim.synapses(way)["weight"].tolist() == [learned]
    assert sim.synapses(way)["id"].tolist() == [synapse]


def test_a_rule_can_be_dropped_on_a_running_projection() -> None:
    net, way, _ = pair()
    sim = Simulation(net)
    sim.run(5.0)
    inverse = sim.apply(SetRules(way, (RuleUse(*ADDITIVE),)))
    sim.run(50.0)
    assert sim.synapses(way)["weight"][0] == pytest.approx(0.5 + 0.01 * np.exp(-11.0 / 20.0), abs=1e-12)
    sim.apply(inverse)
    assert sim.network.projections[way].rules == ()


def test_neurons_come_and_go_while_the_others_keep_their_state() -> None:
    net = Network(dt=0.1, seed=5)
    cells = net.add_population("c", "iaf_psc_exp", size=4, params={"i_e": 400.0})
    way = net.add_projection("p", cells, cells)
    net.wire(way, "all_to_all", weight=5.0, delay=1.0)
    sim = Simulation(net)
    sim.run(20.3)
    kept = sim.state_of(cells.ids[2:], "v")
    inverse = sim.apply(RemoveNeurons(cells.ids[:2]))
    np.testing.assert_array_equal(sim.state_of(cells.ids[2:], "v"), kept)
    assert len(sim.synapses(way)) == 2
    sim.apply(AddNeurons(int(cells), [9001], [[0.0, 0.0, 0.0]]))
    sim.run(40.0)
    assert 9001 in sim.spikes()["neuron"]
    sim.apply(inverse)
    assert len(sim.synapses(way)) == 12


def test_a_new_synapse_carries_spikes_at_once() -> None:
    net = Network(dt=0.1, seed=5)
    relays = net.add_population("r", "relay", size=1)
    cells = net.add_population("c", "iaf_psc_exp", size=1)
    way = net.add_projection("p", relays, cells)
    net.add_input("spike_list", relays, times=[10.0])
    sim = Simulation(net)
    sim.run(5.0)
    sim.apply(AddSynapses(int(way), [700], relays.ids, cells.ids, [900.0], [1.0]))
    sim.run(7.0)
    assert sim.state_of(cells.ids, "v")[0] > -70.0
    sim.apply(SetSynapses([700], "weight", [10.0]))
    assert sim.synapses(way)["weight"].tolist() == [10.0]


def test_a_refused_edit_changes_nothing() -> None:
    net, way, _ = pair([ADDITIVE])
    sim = Simulation(net)
    sim.run(30.0)
    before = {name: array.tobytes() for name, array in sim.capture().items()}
    pre = net.populations[next(iter(net.populations))].neuron_ids[0]
    with pytest.raises(EditRefused):
        sim.apply(AddSynapses(way, [900], [pre], [pre + 1], [-0.5], [1.0]))
    assert {name: array.tobytes() for name, array in sim.capture().items()} == before


def test_firing_by_hand_is_a_spike_of_the_next_step() -> None:
    net = Network(dt=0.1)
    cells = net.add_population("c", "iaf_psc_exp", size=3)
    sim = Simulation(net)
    sim.run(4.0)
    sim.poke("fire", cells.ids[1:2])
    sim.run(5.0)
    assert sim.spikes()[["t", "neuron"]].tolist() == [(4.1, int(cells.ids[1]))]
    sim.poke("silence", cells.ids[1:2])
    sim.poke("fire", cells.ids[1:2])
    sim.run(5.0)
    assert len(sim.spikes()) == 1


def test_cards_are_charged_what_they_caused_and_bounds_what_they_cut() -> None:
    net, way, _ = pair([("stdp_pair", {"mu_plus": 0.0, "mu_minus": 0.0, "lambda_": 3.0})])
    sim = Simulation(net)
    sim.run(100.0)
    credit = sim.credit()[way]
    change = sim.synapses(way)["weight"][0] - 0.5
    assert sum(up + down for up, down in credit.values()) == pytest.approx(change, abs=1e-12)
    assert credit["stdp_pair"][0] == pytest.approx(3.0 * np.exp(-11.0 / 20.0))
    assert credit["bounds"][1] < 0


def test_the_synapse_under_the_eye_says_which_card_changed_it() -> None:
    net, _, synapse = pair([ADDITIVE])
    sim = Simulation(net, eye=True)
    sim.look_at([synapse])
    sim.run(100.0)
    told = sim.told()
    assert [(step, id, card) for step, id, card, _ in told] == [
        (210, synapse, "stdp_pair"),
        (600, synapse, "stdp_pair"),
    ]
    assert told[0][3] > 0 > told[1][3]
    assert sim.told() == []


def test_slow_time_is_refused_where_a_slow_process_would_outrun_what_it_reads() -> None:
    net, _, _ = pair([("scaling", {"tau_sc": 1e6, "tau_h": 1e4})])
    Simulation(net).apply(SetNetwork({"slow": 10.0}))
    with pytest.raises(EditRefused, match="choose slow at most 10"):
        Simulation(net).apply(SetNetwork({"slow": 11.0}))


def test_a_frozen_projection_keeps_its_weights() -> None:
    net, way, _ = pair([ADDITIVE])
    net.set(way, frozen=True)
    sim = Simulation(net)
    sim.run(100.0)
    assert sim.synapses(way)["weight"].tolist() == [0.5]


def test_growth_and_pruning_are_told_with_the_card_and_the_reason() -> None:
    net = Network(dt=0.1, seed=3)
    cells = net.add_population("c", "iaf_psc_exp", size=30, params={"i_e": 385.0})
    way = net.add_projection(
        "p", cells, cells,
        rules=[("prune_weak", {"below": 5.0, "for_": 50.0, "update": 10.0}),
               ("element_growth", {"nu": 0.02, "curve": "linear", "eps": 1.0, "update": 20.0})],
    )  # fmt: skip
    sim = Simulation(net)
    sim.run(200.0)
    changes = sim.drain_changes()
    grown = [c for c in changes if c.kind == "grown"]
    pruned = [c for c in changes if c.kind == "pruned"]
    assert {c.rule for c in grown} == {"element_growth"}
    assert {(c.rule, c.why) for c in pruned} == {("prune_weak", "weak for 50 ms")}
    assert all((c.ids < 0).all() for c in grown)
    alive = set(np.concatenate([c.ids for c in grown])) - set(np.concatenate([c.ids for c in pruned]))
    assert alive == set(sim.synapses(way)["id"].tolist())


def hurt(state: dict[str, np.ndarray], name: str, value: int) -> dict[str, np.ndarray]:
    """A copy of a capture in which one number of one array is wrong."""
    twin = {n: a.copy() for n, a in state.items()}
    twin[name].reshape(-1)[0] = value
    return twin


@pytest.fixture(scope="module")
def learned() -> tuple[Network, dict[str, np.ndarray]]:
    net = Network(dt=0.1, seed=5)
    cells = net.add_population("c", "iaf_psc_exp", size=20, params={"i_e": 400.0})
    way = net.add_projection("p", cells, cells, rules=[ADDITIVE, ("element_growth", {})], w_max=50.0)
    net.wire(way, "fixed_in", n=5, weight=20.0, delay=("uniform", 1.0, 3.0))
    return net, Simulation(net).run(50.0).capture()


@pytest.mark.parametrize("value", [-7, 1 << 30])
@pytest.mark.parametrize(
    "part",
    ["clock/step", "clock/layout", "recent_index", "recent_start", "recent_count", "recent_end", "pool/post",
     "segment/start", "segment/count", "segment/room", "segment/row", "segment/next", "segment/dendrite",
     "segment/seen", "row_head", "row_tail", "hist_count"],
)  # fmt: skip
def test_a_damaged_state_is_refused_and_the_run_goes_on(learned: tuple, part: str, value: int) -> None:
    net, state = learned
    if value > 0 and part in ("clock/step", "hist_count"):
        value = 1 << 62  # a later moment would be no damage
    name = next(n for n in state if n.endswith(part))
    sim = Simulation(net)
    with pytest.raises(RunError):
        sim.restore(hurt(state, name, value))
    sim.run(5.0)
    with pytest.raises(RunError):
        Simulation(net, state=hurt(state, name, value))


@pytest.mark.parametrize("cut", ["short", "float", "gone", "loop"])
def test_a_state_of_another_shape_is_refused(learned: tuple, cut: str) -> None:
    net, state = learned
    twin = {n: a.copy() for n, a in state.items()}
    name = next(n for n in state if n.endswith("segment/next"))
    if cut == "short":
        twin[name] = twin[name][:-1]
    elif cut == "float":
        twin[name] = twin[name].astype(np.float64)
    elif cut == "gone":
        del twin[name]
    else:
        twin[name][:] = 0
    with pytest.raises(RunError):
        Simulation(net, state=twin)


def test_growth_of_shorter_delays_does_not_depend_on_how_a_run_is_cut() -> None:
    net = Network(dt=0.1, seed=5)
    cells = net.add_population("c", "iaf_psc_exp", size=40, params={"i_e": 390.0})
    growth = {"nu": 0.02, "curve": "linear", "eps": 1.0, "update": 10.0, "delay": 0.7, "weight": 60.0}
    way = net.add_projection("p", cells, cells, rules=[("element_growth", growth)])
    net.wire(way, "fixed_in", n=4, weight=30.0, delay=1.5)
    whole, cut = Simulation(net), Simulation(net)
    whole.advance(900)
    for _ in range(900):
        cut.advance(1)
    assert len(whole.synapses(way)) > 160
    assert {n: a.tobytes() for n, a in whole.capture().items()} == {
        n: a.tobytes() for n, a in cut.capture().items()
    }


def test_a_frozen_projection_neither_scales_nor_grows_nor_prunes() -> None:
    net = Network(dt=0.1, seed=5)
    cells = net.add_population("c", "iaf_psc_exp", size=20, params={"i_e": 390.0})
    rules = [
        ("scaling", {"tau_sc": 100.0, "update": 10.0}),
        ("prune_weak", {"below": 50.0, "for_": 20.0, "update": 10.0}),
        ("element_growth", {"nu": 0.02, "curve": "linear", "eps": 1.0, "update": 10.0}),
    ]
    way = net.add_projection("p", cells, cells, rules=rules)
    net.wire(way, "fixed_in", n=4, weight=30.0, delay=1.5)
    net.set(way, frozen=True)
    sim = Simulation(net)
    before = sim.synapses(way)[["id", "weight"]].tolist()
    sim.run(100.0)
    assert sim.synapses(way)[["id", "weight"]].tolist() == before
    assert sim.quantities("calcium")[int(cells)].max() > 0.0
    sim.set(way, frozen=False)
    sim.run(100.0)
    assert sim.drain_changes()
