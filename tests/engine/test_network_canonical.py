"""The canonical form: equal networks give equal bytes, and every byte comes back."""

import copy
import json

import numpy as np
import pytest

from engine.errors import UsageError
from engine.network import Network
from engine.network import edits as every
from tests.one_of_everything import circuit, portrait


def test_the_description_is_plain_json_and_small():
    description, tables = circuit().canonical()
    assert json.loads(json.dumps(description)) == description
    assert all(name == "notes" or name for name in description)
    assert {column.dtype for column in tables.values()} == {np.dtype(np.int64), np.dtype(np.float64)}
    assert [p["label"] for p in description["projections"]][:2] == ["E to E", "E to I"]
    first = description["projections"][0]
    assert first["rules"][0] == {"slug": "stdp_pair", "params": {}, "enabled": True}
    assert first["synapses"] == {"columns": ["id", "pre", "post", "weight", "delay", "weak_for"]}
    assert tables[f"projection-{first['id']}/weight"].size == 12


def test_what_is_written_comes_back_to_the_bit():
    net = circuit()
    again = Network.from_canonical(*net.canonical())
    assert portrait(again) == portrait(net)
    text, tables = json.dumps(net.canonical()[0]), net.canonical()[1]
    assert portrait(Network.from_canonical(json.loads(text), tables)) == portrait(net)


def test_a_network_that_was_read_gives_ids_beyond_every_id_in_it():
    net = circuit()
    waiting = net.projection("E to E").ids[0]
    net.apply(every.RemoveSynapses(net.neuron_ids))
    net.apply(every.RemoveSynapses(net.projection("E to E").ids))
    again = Network.from_canonical(*net.canonical())
    probe = next(r for r in again.probes.values() if r.what == "weight")
    assert waiting in probe.targets  # a probe waits for a synapse that is gone
    assert again.ids.next > max([*again.neuron_ids, *again.probes, *again.modulators, waiting])


def test_equal_networks_give_equal_bytes_whatever_their_history():
    net = circuit()
    before = portrait(net)
    ee, exc = net.projection("E to E"), net.population("Pyramidal")
    inverses = [
        net.apply(edit)
        for edit in (
            every.RemoveSynapses(ee.ids[3:7]),
            every.RemoveNeurons(exc.ids[[4, 1]]),
            every.RemovePopulation(net.population("Basket").id),
            every.RemoveProjection(ee.id),
        )
    ]
    for inverse in reversed(inverses):
        net.apply(inverse)
    assert portrait(net) == before


def test_the_counter_of_ids_is_no_part_of_it():
    net = circuit()
    before = portrait(net)
    net.ids.fresh(1000)
    assert portrait(net) == before


def test_a_description_that_was_given_out_does_not_change_afterwards():
    net = circuit()
    description, tables = net.canonical()
    kept = copy.deepcopy(description), {name: column.copy() for name, column in tables.items()}
    net.set(net.projection("E to E").ids, weight=1.0)
    net.set(net.population("Pyramidal")[0], v_th=-50.0)
    net.set(net.population("Pyramidal"), notes={"x": "y"})
    net.remove(net.population("Basket"))
    assert description == kept[0]
    assert all(np.array_equal(tables[name], kept[1][name], equal_nan=True) for name in tables)


def test_what_a_later_version_wrote_is_kept():
    description, tables = circuit().canonical()
    description["mood"] = {"later": [1, 2]}
    description["populations"][0]["shape"] = "round"
    net = Network.from_canonical(description, tables)
    assert net.canonical()[0]["mood"] == {"later": [1, 2]}
    assert net.canonical()[0]["populations"][0]["shape"] == "round"
    assert net.copy().canonical()[0] == net.canonical()[0]
    first = next(iter(net.populations))
    net.apply(every.RemovePopulation(first))
    assert all("shape" not in p for p in net.canonical()[0]["populations"])


def test_unknown_models_are_kept_as_they_are():
    description, tables = circuit().canonical()
    description["populations"][0]["model"] = "from_the_future"
    description["projections"][0]["rules"].append({"slug": "newer", "params": {"z": 1.0}, "enabled": True})
    net = Network.from_canonical(description, tables)
    assert net.canonical()[0]["populations"][0]["model"] == "from_the_future"
    assert net.canonical()[0]["projections"][0]["rules"][-1]["slug"] == "newer"


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda d, t: d["populations"][1].pop("id"), r"populations\[1\]: 'id' is missing"),
        (lambda d, t: d["populations"][1].update(id="x"), r"populations\[1\].id: 'x' is not a whole number"),
        (lambda d, t: d["populations"][1].update(id=d["populations"][0]["id"]), "already taken"),
        (lambda d, t: d["populations"][0].update(passes=1), "neither true nor false"),
        (lambda d, t: d["populations"][0].update(label=3), "3 is not text"),
        (lambda d, t: d["populations"][0].update(neuron_ids=[1.5]), "whole numbers"),
        (lambda d, t: d["populations"][0].update(positions=[[1, 2, 3, 4]]), r"\(n, 3\)"),
        (
            lambda d, t: t.pop(f"projection-{d['projections'][0]['id']}/weight"),
            "'weight' of its synapses is missing",
        ),
        (lambda d, t: t.pop(f"population-{d['populations'][0]['id']}/positions"), "positions' is missing"),
        (
            lambda d, t: t.update({f"projection-{d['projections'][0]['id']}/delay": np.ones(3)}),
            "differ in length",
        ),
        (
            lambda d, t: d["projections"][0]["synapses"]["columns"].remove("pre"),
            "'pre' of its synapses is missing",
        ),
        (lambda d, t: d["projections"][0].update(rules=[{"params": {}}]), r"projections\[0\].rules"),
        (lambda d, t: d["projections"][0].update(w_max="much"), "'much' is not a number"),
        (lambda d, t: d.update(dt="fast"), "dt: 'fast' is not a number"),
        (lambda d, t: d.update(seed=1.5), "seed: 1.5 is not a whole number"),
        (lambda d, t: d["inputs"].append(7), r"inputs\[3\]: 7 is not a record"),
        (lambda d, t: d["inputs"][0].update(params=[1]), r"inputs\[0\].params"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_place(spoil, says):
    description, tables = circuit().canonical()
    spoil(description, tables)
    with pytest.raises(UsageError, match=says):
        Network.from_canonical(description, tables)
