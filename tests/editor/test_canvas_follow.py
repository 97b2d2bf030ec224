"""The scene shows the network as it is after every edit, and the frames of a run."""

from __future__ import annotations

import numpy as np
import pytest

from editor.canvas.changes import Changes, flash
from editor.canvas.follow import Follower
from editor.canvas.intake import Intake, calcium_state, calcium_target, wanted
from editor.canvas.raster.dress import HATCHED, MUTE
from editor.canvas.raster.records import DIAMOND, SQUARE
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import GAP_JUNCTION
from engine import Network, Simulation, registry
from engine.live.frame import SPIKE, Frame
from engine.network.edits import (
    AddSynapses,
    MoveNeurons,
    RemoveNeurons,
    RemoveProjection,
    RemoveSynapses,
    SetParams,
    SetRules,
    SetSynapses,
)
from engine.network.parts import RuleUse

POSITIONS = np.array([[x * 60.0, y * 60.0, 0.0] for y in range(3) for x in range(4)])


def network():
    net = Network(dt=0.1, seed=3)
    exc = net.add_population("E", "iaf_psc_exp", size=12, sign=+1, positions=POSITIONS)
    inh = net.add_population("I", "iaf_psc_exp", size=4, sign=-1, positions=POSITIONS[:4] + 25.0)
    relay = net.add_population("Touch", "relay", size=2, sign=+1, positions=POSITIONS[:2] - 80.0)
    ee = net.add_projection("E to E", exc, exc, rules=[("stdp_pair", {})])
    net.wire(ee, "fixed_probability", p=0.3, weight=45.0, delay=1.5)
    ie = net.add_projection("I to E", inh, exc)
    net.wire(ie, "all_to_all", weight=-30.0, delay=1.0)
    net.add_projection("Touch to E", relay, exc)
    net.add_input("poisson", relay, rate=20.0, weight=1.0)
    net.add_probe(exc[:2], "v", every=1.0)
    return net


def followed(net):
    scene = Scene()
    return scene, Follower(scene, net)


def seen(scene):
    """What a scene shows, by id, whatever the order of its rows."""
    ids = scene.neurons["id"]
    neurons = {
        int(i): tuple(float(scene.neurons[c][k]) for c in ("x", "y", "sign", "shape", "flags"))
        for k, i in enumerate(ids)
    }
    columns = scene.synapses
    synapses = {
        int(i): (
            int(ids[columns["pre"][k]]),
            int(ids[columns["post"][k]]),
            *(float(columns[c][k]) for c in ("weight", "weight01", "plastic", "projection", "kind")),
        )
        for k, i in enumerate(columns["id"])
    }
    populations = [(mark.id, mark.label) for mark in scene.populations]
    marks = [mark.id for mark in (*scene.inputs, *scene.probes, *scene.modulators)]
    return neurons, synapses, populations, marks


def test_a_network_is_drawn_as_it_is():
    net = network()
    scene, _ = followed(net)
    assert len(scene.neurons) == 18
    assert len(scene.synapses) == net.synapse_count
    assert scene.neurons["sign"].tolist().count(-1) == 4
    assert (scene.neurons["shape"] == SQUARE).sum() == 2, "relays are squares"
    assert scene.synapses["weight01"].max() <= 1.0
    assert scene.synapses["plastic"].sum() == len(net.projection("E to E").record.synapses)


def edits(net):
    exc = net.population("E")
    ee, ie = net.projection("E to E"), net.projection("I to E")
    some = ee.record.synapses.id[:5]
    fresh = net.ids.fresh(3)
    yield (
        "more synapses",
        AddSynapses(ee.id, fresh, exc.ids[:3], exc.ids[3:6], np.full(3, 20.0), np.full(3, 1.5)),
    )
    yield (
        "a weight beyond all others",
        AddSynapses(
            ie.id,
            net.ids.fresh(1),
            net.population("I").ids[:1],
            exc.ids[:1],
            np.array([-300.0]),
            np.array([1.0]),
        ),
    )
    yield "fewer synapses", RemoveSynapses(some)
    yield "weights", SetSynapses(some[2:], "weight", np.full(3, 5.0))
    yield "moved neurons", MoveNeurons(exc.ids[:2], POSITIONS[:2] + 500.0)
    yield "a bound", SetParams(np.array([ee.id]), {"w_max": 200.0})
    yield "no rules", SetRules(ee.id, ())
    yield "rules again", SetRules(ee.id, (RuleUse("stdp_pair", {}),))
    yield "fewer neurons", RemoveNeurons(exc.ids[4:7])
    yield "no projection", RemoveProjection(ie.id)


def test_every_edit_and_its_undo_are_followed():
    net = network()
    scene, follower = followed(net)
    for name, edit in edits(net):
        inverse = net.apply(edit)
        follower.follow(edit)
        assert seen(scene) == seen(followed(net)[0]), name
        redo = net.apply(inverse)
        follower.follow(inverse)
        assert seen(scene) == seen(followed(net)[0]), f"undo of {name}"
        net.apply(redo)
        follower.follow(redo)
        assert seen(scene) == seen(followed(net)[0]), f"redo of {name}"


def test_an_edit_of_any_kind_is_followed_by_comparing():
    net = network()
    scene, follower = followed(net)
    net.add_population("More", "iaf_psc_exp", size=3, sign=+1)
    net.add_astrocytes("Glia", size=2)
    net.rename(net.population("I"), "Basket")
    follower.sync()
    assert seen(scene) == seen(followed(net)[0])
    assert len(scene.astrocytes) == 2


def test_gap_junctions_relays_and_guessed_signs_look_different():
    net = Network(dt=0.1, seed=1)
    cells = net.add_population("Cells", "iaf_psc_exp", size=2, sign=+1, notes={"sign": "unknown"})
    gaps = net.add_projection("Gaps", cells, cells, transmission="gap_junction")
    net.add_synapses(gaps, pre=cells[:1], post=cells[1:2], weight=0.5)
    source = net.add_population("VTA", "iaf_psc_exp", size=1, sign=+1)
    net.add_modulator("dopamine", next(m.slug for m in registry.all("modulator")), sources=source.ids)
    scene, _ = followed(net)
    assert scene.synapses["kind"].tolist() == [GAP_JUNCTION]
    assert (scene.neurons["flags"] & HATCHED).tolist()[:2] == [HATCHED, HATCHED]
    assert scene.neurons["shape"].tolist()[2] == DIAMOND


def test_what_flows_to_and_from_astrocytes_is_a_tie_that_follows_them():
    net = Network(dt=0.1, seed=1)
    cell = net.add_population("Cell", "iaf_psc_exp", size=1, positions=[[90.0, 0.0, 0.0]])
    glia = net.add_astrocytes("Glia", size=2, positions=[[0.0, 0.0, 0.0], [50.0, 20.0, 0.0]])
    gaps = net.add_projection("Gaps", glia, glia, "ip3_coupling")
    net.add_synapses(gaps, pre=glia.ids[0], post=glia.ids[1], weight=1.0, delay=0.0)
    slow = net.add_projection("Slow", glia, cell, "slow_inward_current")
    net.add_synapses(slow, pre=glia.ids[1], post=cell.ids[0], weight=1.0, delay=1.0)
    scene, follower = followed(net)
    assert scene.ties.tolist() == [[0.0, 0.0, 50.0, 20.0], [50.0, 20.0, 90.0, 0.0]]
    assert len(scene.synapses["id"]) == 0
    was = scene.layout
    follower.sync()
    assert scene.layout == was
    net.move(glia.ids[1:], [[60.0, 30.0, 0.0]])
    follower.sync()
    assert scene.ties[0].tolist() == [0.0, 0.0, 60.0, 30.0]
    net.remove(cell.ids)
    follower.sync()
    assert len(scene.ties) == 1


def test_names_of_neurons_are_kept():
    net = Network(dt=0.1, seed=1)
    net.add_population("Inter", "iaf_psc_exp", size=2, sign=+1, names=["AVAL", "AVAR"])
    scene, _ = followed(net)
    assert sorted(scene.names.values()) == ["AVAL", "AVAR"]


# ---- frames ----------------------------------------------------------------------------------------


def running():
    net = network()
    scene, _ = followed(net)
    changes = Changes()
    return net, scene, changes, Intake(scene, changes)


def spikes_at(*pairs):
    return np.array(list(pairs), SPIKE)


def test_a_frame_fills_the_neurons_and_flashes_the_spikes_once():
    net, scene, _, intake = running()
    ids = net.population("E").ids
    frame = Frame(step=1000, t=100.0, ids=ids, v01=np.linspace(0, 1, 12, dtype=np.float32))
    frame.spikes = spikes_at((990, int(ids[3])), (999, int(ids[4])))
    intake.take(frame, net, 1.0, 50.0)
    rows = scene.neurons.rows(ids)
    assert scene.neurons["v"][rows].tolist() == pytest.approx(np.linspace(0, 1, 12).tolist())
    lit = flash(scene.neurons["spike_at"], 50.0)[rows]
    assert lit[4] > 0.9
    assert (lit > 0.1).sum() == 2
    again = Frame(step=1100, t=110.0, ids=ids, v01=frame.v01)
    again.spikes = frame.spikes  # not yet forgotten by the engine: sent a second time
    intake.take(again, net, 1.0, 51.0)
    assert flash(scene.neurons["spike_at"], 51.0).max() < 0.01


def test_spikes_are_spread_over_the_wall_time_they_took():
    net, scene, _, intake = running()
    ids = net.population("E").ids
    intake.take(Frame(step=1000, t=100.0), net, 0.01, 50.0)
    frame = Frame(step=1010, t=101.0, ids=ids, v01=np.zeros(12, np.float32))
    frame.spikes = spikes_at((1002, int(ids[0])), (1010, int(ids[1])))
    intake.take(frame, net, 0.01, 50.1)
    when = scene.neurons["spike_at"][scene.neurons.rows(ids[:2]), 0]
    assert when[1] == pytest.approx(50.1)
    assert when[0] == pytest.approx(50.02)


def test_changed_weights_get_a_halo_but_not_the_first_ones_seen():
    net, scene, changes, intake = running()
    table = net.projection("E to E").record.synapses
    frame = Frame(step=10, t=1.0, structure_version=1)
    frame.weights = {net.projection("E to E").id: (table.id, table.weight * 0.5)}
    intake.take(frame, net, 1.0, 50.0)
    assert len(changes.halos(50.0)[0]) == 0
    weights = table.weight * 0.5
    weights[0] += 10.0
    weights[1] -= 5.0
    later = Frame(step=20, t=2.0, structure_version=1)
    later.weights = {net.projection("E to E").id: (table.id, weights)}
    intake.take(later, net, 1.0, 50.1)
    halos = dict(zip(*(values.tolist() for values in changes.halos(50.2)), strict=True))
    assert halos[int(table.id[0])] > 0.0 > halos[int(table.id[1])]
    assert len(halos) == 2
    assert scene.synapses["weight"][scene.synapses.rows(table.id[:1])] == pytest.approx(weights[0])


def test_a_frame_of_another_timeline_begins_anew():
    net, _, changes, intake = running()
    ids = net.population("E").ids
    intake.take(Frame(step=1000, t=100.0), net, 1.0, 50.0)
    back = Frame(step=500, t=50.0, timeline=1)
    back.spikes = spikes_at((499, int(ids[0])))
    intake.take(back, net, 1.0, 50.1)
    assert changes.last_spike > 49.0


def test_calcium_is_shown_against_its_target_and_elements_as_the_share_without_partner():
    net = Network(dt=0.1, seed=1)
    cells = net.add_population("E", "iaf_psc_exp", size=3, sign=+1)
    grow = net.add_projection("Grow", cells, cells, rules=[("element_growth", {"eps": 0.5})])
    net.add_synapses(grow, pre=cells[:1], post=cells[1:2], weight=1.0)
    assert {"calcium", "boutons", "spines"} <= set(wanted(net))
    target = calcium_target(net, cells.id)
    assert target == pytest.approx(0.5, rel=0.02)
    scene, _ = followed(net)
    intake = Intake(scene, Changes())
    frame = Frame(step=1, t=0.1)
    frame.quantities = {
        "calcium": {cells.id: np.array([0.25, 0.5, 1.0])},
        "boutons": {grow.id: np.array([4.0, 0.2, 0.0])},
        "spines": {grow.id: np.array([0.0, 1.0, 2.0])},
    }
    intake.take(frame, net, 1.0, 50.0)
    rows = scene.neurons.rows(cells.ids)
    assert scene.neurons["calcium"][rows].tolist() == pytest.approx([0.5, 1.0, 2.0], rel=0.03)
    assert scene.neurons["free_boutons"][rows].tolist() == pytest.approx([0.75, 0.0, 0.0])
    assert scene.neurons["free_spines"][rows].tolist() == pytest.approx([0.0, 0.0, 1.0])


def test_how_mature_spines_are_reaches_the_canvas_from_the_running_circuit():
    net = Network(dt=1.0, seed=1)
    cells = net.add_population("E", "relay", size=3, sign=+1)
    way = net.add_projection("Spines", cells, cells, rules=[("spine_life", {"k_f": 0.0})])
    ids = net.add_synapses(way, pre=cells[:2], post=cells[1:], weight=1.0)
    net.set(ids, persistent=[1.0, 0.0])
    assert "maturity" in wanted(net)
    scene, _ = followed(net)
    rows = scene.synapses.rows(np.asarray(list(ids)))
    assert np.isnan(scene.synapses["spine"][rows]).all()
    frame = Frame(step=1, t=1.0)
    frame.quantities = {"maturity": Simulation(net).quantities("maturity")}
    Intake(scene, Changes()).take(frame, net, 1.0, 50.0)
    assert scene.synapses["spine"][rows].tolist() == [1.0, 0.0]
    assert scene.synapses["head"][rows].tolist() == pytest.approx([0.01, 0.01]), "of the bound of 100"


def test_where_a_synapse_has_learned_reaches_the_canvas_from_the_running_circuit():
    net = Network(dt=1.0, seed=1)
    cells = net.add_population("E", "relay", size=2, sign=+1)
    way = net.add_projection("Loci", cells, cells, rules=["costa"], w_max=100.0)
    ids = net.add_synapses(way, pre=cells[:1], post=cells[1:], weight=20.0)
    assert "loci" in wanted(net)
    scene, _ = followed(net)
    rows = scene.synapses.rows(np.asarray(list(ids)))
    assert np.isnan(scene.synapses["release"][rows]).all()
    frame = Frame(step=1, t=1.0)
    frame.quantities = {"loci": Simulation(net).quantities("loci")}
    Intake(scene, Changes()).take(frame, net, 1.0, 50.0)
    assert scene.synapses["release"][rows].tolist() == [0.5]
    assert scene.synapses["receptors"][rows].tolist() == pytest.approx([0.4])


def test_every_astrocyte_model_declares_its_calcium():
    for model in registry.all("astrocyte"):
        assert calcium_state(model.slug), model.slug


def test_a_plain_object_with_arrays_is_frame_enough():
    class Bare:
        step, t = 10, 1.0
        v01 = np.full(18, 0.25, np.float32)

    net, scene, _, intake = running()
    intake.take(Bare(), net, 1.0, 50.0)
    assert scene.neurons["v"].tolist() == pytest.approx([0.25] * 18)


def test_how_sensitive_a_neuron_is_reaches_the_canvas_from_the_running_circuit():
    net = Network(dt=1.0, seed=1)
    cells = net.add_population("E", "iaf_psc_exp", size=3)
    pace = {"target": 5.0, "tau_h": 100.0, "tau_s": 500.0}
    way = net.add_projection("E to E", cells, cells, rules=[("receptor_sensitivity", pace)])
    net.add_synapses(way, pre=cells[:1], post=cells[1:2], weight=20.0)
    assert wanted(net) == ("gain_ex",)
    scene, _ = followed(net)
    assert np.isnan(scene.neurons["sensitivity"]).all()
    sim = Simulation(net).run(1000.0)
    frame = Frame(step=1000, t=1000.0)
    frame.quantities = {"gain_ex": sim.quantities("gain_ex")}
    Intake(scene, Changes()).take(frame, net, 1.0, 50.0)
    keen = scene.neurons["sensitivity"][scene.neurons.rows(cells.ids)]
    assert keen[1] > 2.0, "it heard nothing and listens harder"


def test_whoever_is_switched_off_is_marked_astrocytes_modulators_and_populations_too():
    net = Network(seed=1)
    cells = net.add_population("E", "iaf_psc_exp", size=2)
    glia = net.add_astrocytes("Glia", "astrocyte_li_rinzel", size=2)
    drug = net.add_modulator("Dopamine", "diffuse", sources=cells[:1])
    scene, follower = followed(net)
    ids = [int(drug.id) if hasattr(drug, "id") else int(drug)]
    rows = scene.neurons.rows(cells.ids)
    was = scene.looks, scene.glow

    def seen():
        follower.sync()
        flags = scene.neurons["flags"][rows]
        return (
            scene.astrocytes["off"].tolist(),
            [mark.enabled for mark in scene.modulators],
            [mark.is_off for mark in scene.populations],
            [bool(flag & MUTE) for flag in flags],
        )

    assert seen() == ([0, 0], [True], [False], [False, False])
    net.set(glia[:1], enabled=False)
    net.set(ids, enabled=False)
    net.set(cells[1:], enabled=False)
    assert seen() == ([1, 0], [False], [False], [True, False])
    assert (scene.looks > was[0], scene.glow > was[1]) == (True, True), "it is drawn anew"
    net.set(cells, enabled=False)
    assert seen()[2] == [True]
    for thing in (glia, ids, cells):
        net.set(thing, enabled=True)
    assert seen() == ([0, 0], [True], [False], [False, False])
