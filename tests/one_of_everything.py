"""A circuit with one of everything that can be drawn, its exact portrait, and what every edit must keep."""

from __future__ import annotations

import hashlib
import json
from functools import cache

import numpy as np

from engine import registry
from engine.network import Network
from engine.network.declared import value_of
from engine.network.edits import Edit, from_json, to_json
from engine.network.parts import SWITCHES


def circuit(seed: int = 7) -> Network:
    """Six populations, projections of every kind, inputs, probes, a modulator; a new network each time."""
    return _drawn(seed).copy()


@cache
def _drawn(seed: int) -> Network:
    net = Network(dt=0.1, seed=seed, title="Everything", notes="for tests")
    exc = net.add_population("Pyramidal", "iaf_psc_exp", size=6, params={"tau_m": 10.0})
    inh = net.add_population("Basket", "iaf_psc_exp", size=4, sign=-1, names=["a", "b", "c", "d"])
    izh = net.add_population("Izhikevich", "izhikevich", size=2, group="cortex")
    net.add_population("Unclear", "iaf_cond_exp", size=1, sign=0, notes={"sign": "unknown"})
    relays = net.add_population("Relays", "relay", size=3, passes=True)
    glia = net.add_astrocytes("Astrocytes", size=2)
    net.set(exc[2], v_th=-52.0)
    net.set(inh, v_th=[-50.0, -51.0, -52.0, -53.0])
    net.set(izh, v=-65.0)

    ee = net.add_projection(
        "E to E",
        exc,
        exc,
        rules=[("scaling", {"target": 4.0}), "stdp_pair", "prune_weak", ("dopamine", {"tau_c": 500.0})],
        astrocytes=glia,
        w_max=200.0,
    )
    few = net.wire(ee, "fixed_total", n=12, weight=("uniform", 10.0, 90.0), delay=("uniform", 0.5, 3.0))
    net.set(few[:3], weak_for=[1.0, 2.0, 3.0])
    ei = net.add_projection("E to I", exc, inh, transmission="tsodyks_markram", params={"tau_rec": 300.0})
    net.wire(ei, "fixed_out", n=2, weight=30.0, delay=1.5)
    twin = net.add_projection("E to I, plastic", exc, inh, rules=["stdp_pair"])
    net.wire(twin, "fixed_total", n=3, weight=12.0, delay=2.0)
    gap = net.add_projection("Gaps", inh, inh, transmission="gap_junction")
    net.add_synapses(gap, inh[:2], inh[2:], weight=0.3, delay=0.0)
    ie = net.add_projection("I to E", inh, exc)
    net.wire(ie, "all_to_all", weight=-40.0)
    re = net.add_projection("Relays to E", relays, exc)
    net.add_synapses(re, relays, exc[:3], weight=[1.0, 2.0, 3.0])

    net.add_input("poisson", exc, rate=[100.0, 200.0, 300.0, 400.0, 500.0, 600.0], weight=10.0, label="Noise")
    net.add_input("spike_list", relays[:1], times=[10.0, 20.0], delay=0.5)
    net.add_input("step_current", [exc[0], inh[1]], times=[0.0, 50.0], amplitudes=[0.0, 200.0])
    net.add_probe(exc[:3], "v", label="Membranes")
    net.add_probe(few[:2], "weight", every="pre")
    net.add_modulator("Dopamine", "diffuse", relays[1:], {"amount": 2.0})
    return net


def portrait(net: Network) -> dict[str, str]:
    """Everything that is saved, to the bit: settings and records as JSON, columns by a digest."""
    description, tables = net.canonical()
    told = {}
    for name, value in description.items():
        for record in value if isinstance(value, list) else [value]:
            place = f"{name}/{record['id']}" if isinstance(record, dict) and "id" in record else name
            told[place] = json.dumps(record, sort_keys=True)
    for name, column in tables.items():
        digest = hashlib.blake2b(column.tobytes(), digest_size=8).hexdigest()
        told[name] = f"{column.dtype} {column.shape} {digest}"
    return told


def facts(net: Network) -> dict[int, object]:
    """What is true of each neuron, each synapse and each record by itself, by its id."""
    found: dict[int, object] = {}
    for population in net.populations.values():
        model = registry.find(population.model, population.kind)
        used = {name: value_of(population, name) for name in (*model.params, *model.states)}
        used |= {name: getattr(population, name) for name in SWITCHES}
        for row, id in enumerate(population.neuron_ids.tolist()):
            params = {
                name: float(value[row]) if isinstance(value, np.ndarray) else value
                for name, value in used.items()
            }
            name = (population.names[row] if population.names else None) or None
            found[id] = (
                population.id,
                population.positions[row].tobytes(),
                tuple(sorted(params.items())),
                name,
            )
        found[population.id] = (
            population.label, population.model, population.sign, population.kind, population.passes,
            population.group, tuple(sorted(population.notes.items())),
        )  # fmt: skip
    for projection in net.projections.values():
        columns = projection.synapses.sorted()
        for row, id in enumerate(columns["id"].tolist()):
            has = [name for name, column in columns.items() if column[row] == column[row]]
            found[id] = tuple((name, columns[name][row].tobytes()) for name in has)
        found[projection.id] = (
            projection.label, projection.pre, projection.post, projection.transmission,
            tuple(sorted(projection.transmission_params.items())), str(projection.rules), projection.w_min,
            projection.w_max, projection.dendritic, projection.astrocytes, projection.frozen,
            projection.enabled,
        )  # fmt: skip
    for shelf in (net.inputs, net.probes, net.modulators):
        for record in shelf.values():
            found[record.id] = str(vars(record))
    return found


def check_edit(net: Network, edit: Edit, expect: object = None) -> Edit:
    """Do it, undo it, do it again: undo and redo are exact and the edit can travel.  Leaves it done.

    `expect` is the portrait after the edit, where it is known beforehand.  Returns the inverse.
    """
    before = portrait(net)
    inverse = edit.apply(net)
    after = portrait(net)
    if expect is not None:
        assert after == expect
    redo = inverse.apply(net)
    assert portrait(net) == before  # undo is exact
    inverse = redo.apply(net)
    assert portrait(net) == after  # redo is exact
    for each in (edit, inverse, redo):
        written = to_json(each)
        assert from_json(json.loads(json.dumps(written))) == each  # it can travel
        assert to_json(from_json(written)) == written
    travelled = net.copy()
    again = from_json(json.dumps(to_json(inverse))).apply(travelled)
    assert portrait(travelled) == before
    again.apply(travelled)
    assert portrait(travelled) == after
    return inverse
