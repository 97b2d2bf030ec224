"""The ledger: energy by the hand's formula, verdicts that follow from numbers, and counters that survive."""

import dataclasses
import json

import numpy as np
import pytest

from engine import Network, Simulation, load, registry, save
from engine.analysis import energy
from engine.analysis.energy import Activity, Charge, bills, biology
from engine.analysis.ledger import accounts, locality
from engine.declare import Declaration
from engine.errors import ModelError

STDP = ("stdp_pair", {})


def pair_of_groups(rate: float, rules=(STDP,), dt: float = 0.1, size: int = 20) -> tuple[Network, object]:
    """Relays driven by Poisson trains onto relays; every spike goes into `size` synapses."""
    net = Network(dt=dt, seed=3)
    pre = net.add_population("Pre", "relay", size=size, sign=+1)
    post = net.add_population("Post", "relay", size=size, sign=+1)
    way = net.add_projection("Pre to Post", pre, post, rules=list(rules), w_max=100.0)
    net.wire(way, "all_to_all", weight=10.0, delay=1.0)
    net.add_input("poisson", pre, rate=rate)
    return net, way


def test_A53_the_bill_is_the_hands_formula(measured):
    did = Activity(spikes=100, vesicles=1000)
    paid = biology(did)
    by_hand = 100 * 3.84e8 + 1000 * 1.64e5
    assert paid.total == pytest.approx(by_hand, rel=1e-12)
    assert paid.joules == pytest.approx(3.2019e-9, rel=1e-4)
    measured("A53", "100 spikes and 1000 vesicles", source="3.2019 nJ", ours=f"{paid.joules * 1e9:.5f} nJ",
             tolerance="1e-6", kind="X")  # fmt: skip


def test_A53_a_cortical_neuron_at_4_hz_comes_to_the_published_total(measured):
    """BioNumbers 108672: 3.29e9 ATP/s; spikes are 47 % of it (Attwell & Laughlin 2001)."""
    paid = biology(Activity(spikes=4, vesicles=4 * 8000 * 0.25, neuron_s=1, glia_s=1))
    assert paid.total == pytest.approx(3.292e9, rel=1e-3)
    assert paid.spikes / paid.total == pytest.approx(0.467, abs=0.002)
    measured("A53", "one cortical neuron at 4 Hz", source="3.29e9 ATP/s", ours=f"{paid.total:.4g} ATP/s",
             tolerance="1 %", kind="X")  # fmt: skip


def test_A53_twice_the_rate_doubles_only_what_activity_costs(measured):
    seen = []
    for times in (1, 2):
        net = Network(dt=0.1, seed=1)
        cells = net.add_population("Cells", "relay", size=10, sign=+1)
        way = net.add_projection("Among", cells, cells)
        net.wire(way, "all_to_all", weight=1.0, delay=1.0)
        net.add_input("spike_list", cells, times=np.arange(1, 40 * times + 1) * (20.0 / times))
        sim = Simulation(net)
        sim.run(1000.0)
        seen.append(biology(accounts.activity(sim.network, sim.tally)))
    assert seen[0].dynamic > 0
    assert seen[1].dynamic == pytest.approx(2 * seen[0].dynamic, rel=1e-12)
    assert seen[1].rest == pytest.approx(seen[0].rest, rel=1e-12)
    ratio = seen[1].dynamic / seen[0].dynamic
    measured(
        "A53", "dynamic part at twice the rate", source="2", ours=f"{ratio:.9f}", tolerance="1e-6", kind="X"
    )


def test_every_constant_says_where_it_is_from_and_one_without_is_refused():
    for constant in energy.CONSTANTS:
        assert constant.source.strip(), constant.name
    with pytest.raises(ModelError, match="no source"):
        energy.read(json.dumps([{"name": "x", "value": 1, "unit": "J", "label": "x", "source": " "}]))


def test_a_clocked_network_pays_for_its_size_and_an_event_driven_one_for_its_events():
    few, many = Activity(events=10, seconds=1, neurons=100), Activity(events=1000, seconds=1, neurons=100)
    cost = [{bill.label: bill.joules for bill in bills(did)} for did in (few, many)]
    assert cost[1]["Event-driven processor"] == pytest.approx(100 * cost[0]["Event-driven processor"])
    assert cost[1]["Clocked dense network"] == cost[0]["Clocked dense network"] > 0


def test_A58_events_follow_the_spikes_and_not_the_step(measured):
    """The count of synaptic events is spikes times fan-out, whatever the step; N^2/h would be ten times."""
    counted = {}
    for dt in (0.1, 1.0):
        net, way = pair_of_groups(0.0, dt=dt)
        net.remove(next(iter(net.inputs)))
        net.add_input("spike_list", net.population("Pre"), times=[10.0, 20.0, 35.0])
        sim = Simulation(net)
        sim.run(100.0)
        counted[dt] = sim.tally.projections[way.id].events
    assert counted[0.1] == counted[1.0] == 3 * 20 * 20
    ratio = counted[0.1] / counted[1.0]
    measured(
        "A58",
        "events at dt 0.1 over dt 1.0",
        source="1",
        ours=ratio,
        tolerance="0",
        kind="X",
        provisional=True,
    )


def test_the_counters_are_of_the_state_and_do_not_depend_on_blocks_or_threads(tmp_path):
    net, way = pair_of_groups(30.0)
    whole = Simulation(net)
    whole.run(500.0)
    parts = Simulation(net, threads=2)
    for _ in range(5):
        parts.run(50.0)
    save(parts, tmp_path / "half.neuropil")
    again = Simulation(*[*load(tmp_path / "half.neuropil")][:1], state=load(tmp_path / "half.neuropil")[1])
    again.run(250.0)
    for id, spent in whole.tally.projections.items():
        other = again.tally.projections[id]
        assert other == spent
    assert again.tally.steps == 5000
    assert whole.tally.projections[way.id].events > 0


def test_counters_from_a_damaged_file_begin_at_nothing():
    net, _ = pair_of_groups(30.0)
    sim = Simulation(net)
    sim.run(50.0)
    state = sim.capture()
    state["tally/projections"] = np.array([1, 1, 2])
    del state["tally/steps"]
    sim.restore(state)
    assert sim.tally.projections == {}
    assert sim.tally.steps == 0


# -- the seed's table ------------------------------------------------------------------------------


def claim(ledger: accounts.Ledger, says: str) -> accounts.Claim:
    return next(c for c in ledger.claims if says in c.says)


def test_timing_alone_is_local_and_a_broadcast_makes_it_depend():
    net, _ = pair_of_groups(20.0)
    sim = Simulation(net)
    sim.run(200.0)
    alone = accounts.of(sim.network, sim.tally)
    assert claim(alone, "local").verdict == accounts.SUPPORTED
    assert claim(alone, "decentralised").verdict == accounts.SUPPORTED

    net, _ = pair_of_groups(20.0, rules=[STDP, ("dopamine", {})])
    net.add_modulator("Dopamine", "diffuse", sources=net.population("Pre").ids[:1])
    sim = Simulation(net)
    sim.run(200.0)
    told = accounts.of(sim.network, sim.tally)
    assert claim(told, "local").verdict == accounts.DEPENDS
    assert claim(told, "decentralised").verdict == accounts.DEPENDS
    assert told.teachers == (accounts.Teacher("Dopamine", 1, 1, 400),)


def test_low_power_depends_on_who_pays_for_the_axon():
    """Few boutons on a whole axon: dear tissue; the drawn part alone is cheap."""
    did = Activity(spikes=1000, vesicles=2500, events=10_000, neuron_s=10, seconds=1, neurons=10, dt=0.1)
    figures = {"seconds": accounts.Figure("seconds", "", 1.0, "s", ""),
               "events": accounts.Figure("events", "", 1e4, "", "")}  # fmt: skip
    paid = tuple(bills(did))
    verdicts = {accounts._cheap(paid, figures, True).verdict}
    dear = tuple(dataclasses.replace(b, joules=1.0) if b.label.startswith("Tissue") else b for b in paid)
    cheap = tuple(dataclasses.replace(b, joules=0.0) if b.label.startswith("Tissue") else b for b in paid)
    verdicts |= {accounts._cheap(dear, figures, True).verdict, accounts._cheap(cheap, figures, True).verdict}
    assert accounts._cheap(dear, figures, True).verdict == accounts.CONTRADICTED
    assert accounts._cheap(cheap, figures, True).verdict == accounts.SUPPORTED
    assert verdicts <= set(accounts.VERDICTS)


def test_nothing_is_claimed_before_anything_happened():
    net, _ = pair_of_groups(20.0, rules=[])
    ledger = accounts.of(net, Simulation(net).tally)
    assert {c.verdict for c in ledger.claims} == {accounts.SILENT}
    for one in ledger.claims:
        assert set(one.figures) <= set(ledger.figures), one.says


# -- locality --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", registry.all("rule"), ids=lambda r: r.slug)
def test_every_rule_has_a_row_of_the_locality_table(rule: type[Declaration]):
    found = locality.places(rule)
    assert found, f"{rule.slug} reads nothing"
    assert found <= set(locality.PLACES)
    assert "G" not in found, f"{rule.slug} reads {found}: no biological card may read another synapse"


def test_the_rows_of_the_specification():
    expected = {
        "stdp_pair": {"Pre", "Post", "Syn"},
        "stdp_triplet": {"Pre", "Post", "Syn"},
        "scaling": {"N", "Syn"},
        "dopamine": {"M", "Syn"},
        "element_growth": {"N"},
        "prune_weak": {"Syn"},
    }
    assert {slug: set(locality.places(registry.find(slug))) for slug in expected} == expected


def releasing(transmission: str, rules=(), dt: float = 1.0, sign: int = +1) -> tuple[Network, object]:
    """Three relays onto two cells, through synapses that may say what they release."""
    net = Network(dt=dt, seed=2)
    pre = net.add_population("Pre", "relay", size=3, sign=sign)
    post = net.add_population("Post", "iaf_psc_exp", size=2, sign=+1)
    way = net.add_projection("Way", pre, post, transmission, rules=list(rules), w_max=100.0)
    net.wire(way, "all_to_all", weight=10.0 * sign, delay=1.0)
    net.add_input("spike_list", pre, times=np.arange(5.0, 500.0, 20.0))
    return net, way


def test_vesicles_that_a_quantal_synapse_let_go_are_charged_one_by_one():
    net, way = releasing("quantal")
    probe = net.add_probe(net.projections[way.id].synapses.id, "released", every="pre")
    sim = Simulation(net).run(600.0)
    seen = sim.record(probe)["value"].sum()
    did = accounts.activity(sim.network, sim.tally)
    assert did.events == 150
    assert 0 < seen < 150
    assert did.vesicles == seen
    assert accounts.of(sim.network, sim.tally).figures["vesicles"].how == "counted at 150 events"


def test_depression_is_charged_what_it_lets_go_and_not_a_constant_share():
    net, way = releasing("tsodyks_markram")
    ids = net.projections[way.id].synapses.id
    ux, x = (net.add_probe(ids, name, every="pre") for name in ("ux", "x"))
    sim = Simulation(net).run(600.0)
    by_hand = float((sim.record(ux)["value"] * sim.record(x)["value"]).sum())
    did = accounts.activity(sim.network, sim.tally)
    assert did.vesicles == pytest.approx(by_hand, abs=150 * 0.5e-6)
    assert did.vesicles < 0.25 * did.events


def test_where_probability_is_kept_apart_that_is_charged():
    plain, _ = releasing("current_exp")
    apart, way = releasing("current_exp", rules=[("stdp_pair", {}), "release_probability"])
    sims = [Simulation(net).run(600.0) for net in (plain, apart)]
    guessed, counted = (accounts.activity(sim.network, sim.tally) for sim in sims)
    assert guessed.vesicles == 0.25 * guessed.events
    spent = sims[1].tally.projections[way.id]
    assert spent.counted == spent.events == 150
    assert counted.vesicles == spent.released
    assert 0 < counted.vesicles != guessed.vesicles


def test_counted_vesicles_do_not_depend_on_blocks_threads_or_a_capture():
    net, way = releasing("tsodyks_markram", dt=0.1)
    whole = Simulation(net).run(400.0)
    parts = Simulation(net, threads=2)
    for _ in range(4):
        parts.run(50.0)
    again = Simulation(net, state=parts.capture()).run(200.0)
    assert again.tally.capture().keys() == whole.tally.capture().keys()
    for name, rows in again.tally.capture().items():
        assert np.array_equal(rows, whole.tally.capture()[name]), name
    assert again.tally.projections[way.id].vesicles > 0


def test_a_state_from_before_vesicles_were_counted_charges_its_events_as_then():
    net, way = releasing("quantal")
    state = Simulation(net).run(200.0).capture()
    del state["tally/vesicles"]
    sim = Simulation(net, state=state)
    early = accounts.activity(net, sim.tally)
    assert early.vesicles == 0.25 * early.events > 0
    late = accounts.activity(net, sim.run(200.0).tally)
    spent = sim.tally.projections[way.id]
    assert late.vesicles == pytest.approx(early.vesicles + spent.released)


def test_inhibition_may_be_charged_a_tenth_and_housekeeping_a_quarter_more():
    net, _ = releasing("current_exp", sign=-1)
    sim = Simulation(net).run(600.0)
    did = accounts.activity(sim.network, sim.tally)
    assert did.inhibitory == did.vesicles > 0
    plain = biology(did)
    cheap = biology(did, charge=Charge(cheap_inhibition=True))
    assert cheap.vesicles == pytest.approx(0.1 * plain.vesicles)
    assert cheap.spikes == plain.spikes
    kept = biology(did, charge=Charge(housekeeping=True))
    assert kept.total == pytest.approx(1.25 * plain.total)
    assert kept.dynamic == plain.dynamic
    powers = [
        accounts.of(sim.network, sim.tally, charge).figures["power"].value
        for charge in (Charge(), Charge(housekeeping=True))
    ]
    assert powers[1] == pytest.approx(1.25 * powers[0])


def test_what_excites_is_not_charged_as_inhibition():
    net, _ = releasing("quantal")
    sim = Simulation(net).run(300.0)
    assert accounts.activity(sim.network, sim.tally).inhibitory == 0.0
