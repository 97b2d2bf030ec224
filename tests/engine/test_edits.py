"""Edits one by one: what goes with what, what stays, and what undo brings back."""

import json

import numpy as np
import pytest

from engine.errors import EditRefused, UsageError
from engine.network import RuleUse, SynapseTable
from engine.network import edits as every
from engine.network.edits import Compound, from_json, removal, same, to_json
from tests.one_of_everything import check_edit, circuit, portrait


@pytest.fixture
def net():
    return circuit()


def named(shelf, label):
    return next(record for record in shelf.values() if record.label == label)


# -- removing ----------------------------------------------------------------------------------------


def test_a_removed_neuron_takes_its_synapses_and_its_places_with_it(net):
    exc = net.population("Pyramidal")
    gone, kept = exc.ids[[0, 2]], exc.ids[[1, 3, 4, 5]]
    check_edit(net, every.RemoveNeurons(gone))
    assert exc.ids.tolist() == kept.tolist()
    assert exc.params["v_th"].tolist() == [-55.0] * 4  # the third had -52
    for projection in net.projections.values():
        table = projection.synapses
        assert not np.isin([*table.pre, *table.post], gone).any()
    noise = named(net.inputs, "Noise")
    assert noise.targets.tolist() == kept.tolist()
    assert noise.params["rate"].tolist() == [200.0, 400.0, 500.0, 600.0]
    assert named(net.probes, "Membranes").targets.tolist() == exc.ids[:1].tolist()


def test_what_is_attached_goes_with_its_last_neuron(net):
    relays = net.population("Relays")
    inverse = check_edit(net, every.RemoveNeurons(relays.ids))
    assert [record.label for record in net.inputs.values()] == ["Noise", "step current"]
    assert net.modulators == {}
    assert len(relays) == 0
    inverse.apply(net)
    assert named(net.modulators, "Dopamine").sources.tolist() == relays.ids[1:].tolist()
    assert list(net.inputs) == sorted(net.inputs)  # back in its place, not at the end


def test_a_removed_population_takes_its_projections_and_frees_the_rest(net):
    check_edit(net, every.RemovePopulation(net.population("Astrocytes").id))
    assert net.projection("E to E").record.astrocytes is None
    check_edit(net, every.RemovePopulation(net.population("Pyramidal").id))
    assert [p.label for p in net.projections.values()] == ["Gaps"]


def test_a_probe_waits_for_a_synapse_that_was_pruned(net):
    """The engine prunes by itself; what the user attached is not its to take away."""
    ee = net.projection("E to E")
    probe = next(r for r in net.probes.values() if r.what == "weight")
    inverse = check_edit(net, every.RemoveSynapses(ee.ids[:2]))
    assert probe.targets.size == 2
    inverse.apply(net)
    assert net.projection_of(probe.targets).tolist() == [ee.id, ee.id]


def test_the_delete_key_takes_a_mixture_in_one_step_with_orphaned_probes(net):
    ee, exc, basket = (net.projection("E to E"), net.population("Pyramidal"), net.population("Basket"))
    probe = next(r for r in net.probes.values() if r.what == "weight")
    check_edit(net, edit := removal(net, [*probe.targets, basket.ids[0], 999_999]))
    assert edit.label == "delete 2 synapses and 1 neuron"
    assert probe.id not in net.probes
    assert removal(net, [999_999]).apply(net).apply(net) is not None
    assert removal(net, [999_999]).label == "nothing"
    assert removal(net, exc.ids[:1]).label == "delete 1 neuron"
    assert removal(net, exc.ids[:3]).label == "delete 3 neurons"
    assert removal(net, [exc.id, basket.id]).label == "delete 2 populations"
    assert removal(net, ee.id).label == "delete projection"
    check_edit(net, removal(net, [exc.id, basket.id, *exc.ids[:2], *ee.ids[:2]]))
    assert net.projections == {}


def test_deleting_a_projection_or_population_takes_the_probe_on_its_synapses(net):
    for doomed in (net.projection("E to E").id, net.population("Pyramidal").id):
        fresh = circuit()
        check_edit(fresh, removal(fresh, doomed))
        assert all(record.what != "weight" for record in fresh.probes.values())


# -- adding ------------------------------------------------------------------------------------------


def test_neurons_join_columns_and_numbers_become_columns_only_where_they_differ(net):
    exc = net.population("Pyramidal")
    same_as_rest = every.AddNeurons(exc.id, net.ids.fresh(1), [[0, 0, 0]], {"tau_m": 10.0})
    check_edit(net, same_as_rest)
    assert exc.params["tau_m"] == 10.0
    assert exc.params["v_th"][-1] == -55.0  # as declared, where no number is given
    check_edit(net, every.AddNeurons(exc.id, net.ids.fresh(2), np.zeros((2, 3)), {"tau_m": [11.0, 12.0]}))
    assert exc.params["tau_m"].tolist() == [10.0] * 7 + [11.0, 12.0]
    check_edit(net, every.AddNeurons(exc.id, net.ids.fresh(1), [[0, 0, 0]], {"c_m": 100.0}))
    assert exc.params["c_m"].tolist() == [250.0] * 9 + [100.0]


def test_naming_a_new_neuron_names_the_rest_by_nothing_and_is_undone(net):
    exc, basket = net.population("Pyramidal"), net.population("Basket")
    inverse = check_edit(net, every.AddNeurons(exc.id, net.ids.fresh(1), [[0, 0, 0]], names=("AVM",)))
    assert exc.record.names == [""] * 6 + ["AVM"]
    inverse.apply(net)
    assert exc.record.names is None
    check_edit(net, every.AddNeurons(basket.id, net.ids.fresh(1), [[0, 0, 0]]))
    assert basket.record.names == ["a", "b", "c", "d", ""]


def test_a_neuron_that_comes_back_takes_its_old_place(net):
    exc = net.population("Pyramidal")
    was = exc.ids
    inverse = every.RemoveNeurons(was[2:3]).apply(net)
    net.add_neurons(exc, 1)
    inverse.apply(net)
    assert exc.ids[:6].tolist() == was.tolist()
    assert exc.params["v_th"][2] == -52.0


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ({"ids": [0]}, "id 0 means none"),
        ({"ids": [5_000, 5_000], "positions": np.zeros((2, 3))}, "5000 is given twice"),
        ({"ids": [1]}, "the id 1 is already taken"),
        ({"positions": [[0, 0, np.nan]]}, "positions: nan"),
        ({"positions": np.zeros((2, 3))}, "1 neuron, 2 positions"),
        ({"params": {"v_th": [1.0, 2.0]}}, "v_th has 2 numbers for 1 neuron"),
        ({"params": {"v_th": "high"}}, "one choice for all of 'Pyramidal'"),
        ({"params": {"v_thh": -50.0}}, "did you mean 'v_th'"),
        ({"params": {"v_th": -90.0}}, "v_reset must be below v_th"),
        ({"names": ("a", "b")}, "2 names for 1 neuron"),
    ],
)
def test_neurons_that_do_not_fit_are_refused_whole(net, spoil, says):
    fitting = {"population": net.population("Pyramidal").id, "ids": [5_000], "positions": [[0.0, 0.0, 0.0]]}
    before = portrait(net)
    with pytest.raises(EditRefused, match=says):
        every.AddNeurons(**{**fitting, **spoil}).apply(net)
    assert portrait(net) == before
    check_edit(net, every.AddNeurons(**fitting))


def test_synapses_whose_neuron_is_gone_are_passed_over(net):
    """The user may delete a neuron while the engine grows a synapse onto it."""
    ee, exc = net.projection("E to E"), net.population("Pyramidal")
    edit = every.AddSynapses(
        ee.id, [5_000, 5_001], exc.ids[[0, 1]], [exc.ids[2], 999_999], 1.0 * np.ones(2), np.ones(2)
    )
    check_edit(net, edit)
    assert net.projection_of([5_000, 5_001]).tolist() == [ee.id, 0]
    late = every.AddSynapses(ee.id, [5_002], exc.ids[:1], exc.ids[1:2], [1.0], [1.0])
    every.RemovePopulation(exc.id).apply(net)
    before = portrait(net)
    late.apply(net)
    assert portrait(net) == before


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ({"weight": [1.0, 2.0]}, "1 id, 1 pre, 1 post, 2 weights"),
        ({"weight": [np.nan]}, "weight: nan"),
        ({"delay": [np.inf]}, "delay: inf"),
        ({"ids": [2]}, "already taken"),
        ({"columns": {"weak_for": [np.inf]}}, "weak_for: inf"),
        ({"columns": {"strong_for": [1.0]}}, "have no 'strong_for'"),
    ],
)
def test_synapses_that_do_not_fit_are_refused_whole(net, spoil, says):
    exc = net.population("Pyramidal")
    ee = net.projection("E to E").id
    ends = {"projection": ee, "ids": [5_000], "pre": exc.ids[:1], "post": exc.ids[1:2]}
    fitting = {**ends, "weight": [1.0], "delay": [1.0]}
    before = portrait(net)
    with pytest.raises(EditRefused, match=says):
        every.AddSynapses(**{**fitting, **spoil}).apply(net)
    assert portrait(net) == before
    check_edit(net, every.AddSynapses(**fitting))


def test_a_projection_that_comes_back_leaves_behind_synapses_of_lost_neurons(net):
    ee, exc = net.projection("E to E"), net.population("Pyramidal")
    back = every.RemoveProjection(ee.id).apply(net)
    every.RemoveNeurons(exc.ids[:3]).apply(net)  # not the order of an undo, but of two people
    back.apply(net)
    table = net.projections[ee.id].synapses
    assert 0 < len(table) < 12
    assert (net.population_of([*table.pre, *table.post]) == exc.id).all()


# -- changing ----------------------------------------------------------------------------------------


def test_a_synapse_moves_with_its_id_weight_and_fields(net):
    ee, exc = net.projection("E to E"), net.population("Pyramidal")
    own = net.add_projection("its own", exc, exc, rules=["stdp_pair"], w_max=200.0)
    before = net.synapses(ee)[0]
    check_edit(net, every.MoveSynapses(before["id"], own.id))
    after = net.synapses(own)[0]
    assert after.tolist() == before.tolist()
    assert len(ee) == 11
    check_edit(net, every.MoveSynapses(own.ids, own.id))  # where it is already
    with pytest.raises(EditRefused, match="joins other populations"):
        every.MoveSynapses(own.ids, net.projection("E to I").id).apply(net)
    tight = net.add_projection("tight", exc, exc, rules=["stdp_pair"], w_max=1.0)
    with pytest.raises(EditRefused, match="beyond w_max = 1"):
        every.MoveSynapses(own.ids, tight.id).apply(net)


def test_synapses_of_several_projections_change_at_once(net):
    ee, re = net.projection("E to E"), net.projection("Relays to E")
    ids = [re.ids[0], ee.ids[0], 999_999, re.ids[2]]
    check_edit(net, every.SetSynapses(ids, "weight", [1.0, 2.0, 3.0, 4.0]))
    assert net.synapses(re)["weight"].tolist() == [1.0, 2.0, 4.0]
    assert net.synapses(ee)["weight"][0] == 2.0


@pytest.mark.parametrize("column", ["id", "pre", "post"])
def test_a_synapse_keeps_its_ends(net, column):
    with pytest.raises(EditRefused, match="never changes; remove the synapse and add another"):
        every.SetSynapses(net.projection("E to E").ids[:1], column, [1.0]).apply(net)


def test_a_field_that_nobody_has_any_more_leaves_no_trace(net):
    ei = net.projection("E to I, plastic")
    net.set_rules(ei, ["prune_weak"])
    before = portrait(net)
    inverse = every.SetSynapses(ei.ids[:1], "weak_for", [3.0]).apply(net)
    assert "weak_for" in net.synapses(ei).dtype.names
    inverse.apply(net)
    assert portrait(net) == before


def test_new_targets_keep_the_numbers_of_those_that_stay(net):
    noise, exc = named(net.inputs, "Noise"), net.population("Pyramidal")
    check_edit(net, every.SetTargets(noise.id, exc.ids[[5, 0]]))
    assert noise.params["rate"].tolist() == [600.0, 100.0]
    check_edit(net, every.SetTargets(noise.id, exc.ids[[0, 1]], {"rate": [7.0, 8.0]}))
    assert noise.params["rate"].tolist() == [7.0, 8.0]
    check_edit(net, every.SetTargets(noise.id, exc.ids[[0, 1, 2]], {"rate": 9.0, "weight": [1.0, 2.0, 3.0]}))
    assert (noise.params["rate"], noise.weight.tolist()) == (9.0, [1.0, 2.0, 3.0])
    check_edit(net, every.SetTargets(noise.id, [exc.ids[0], 999_999], {"weight": [4.0, 5.0]}))
    assert noise.weight.tolist() == [4.0]
    with pytest.raises(EditRefused, match="has no targets"):
        every.SetTargets(exc.id, exc.ids).apply(net)
    with pytest.raises(EditRefused, match="rate has 2 numbers for 1 target"):
        every.SetTargets(noise.id, exc.ids[:1], {"rate": [1.0, 2.0]}).apply(net)
    with pytest.raises(EditRefused, match="delay of 'Noise' is one number for all"):
        every.SetTargets(noise.id, exc.ids[:1], {"delay": [1.0]}).apply(net)
    with pytest.raises(EditRefused, match="did you mean 'rate'"):
        every.SetTargets(noise.id, exc.ids[:1], {"rte": [1.0]}).apply(net)


def test_a_knob_on_a_card_changes_that_card_alone(net):
    ee = net.projection("E to E")
    before = {card.slug: card for card in ee.rules}
    check_edit(net, every.SetParams(ee.id, {"dopamine.tau_c": 800.0}))
    after = {card.slug: card for card in ee.rules}
    assert after.pop("dopamine").params == {"tau_c": 800.0}
    assert before.pop("dopamine").params == {"tau_c": 500.0}
    assert after == before


def test_one_neuron_of_many_can_follow_its_own_value_and_back(net):
    exc = net.population("Pyramidal")
    check_edit(net, every.SetParams(exc.ids[:2], {"tau_m": 20.0}))
    assert exc.params["tau_m"].tolist() == [20.0, 20.0, 10.0, 10.0, 10.0, 10.0]
    check_edit(net, every.SetParams(exc.ids[:1], {"tau_m": None}))
    assert exc.params["tau_m"].tolist()[:2] == [10.0, 20.0]  # what the model declares
    check_edit(net, every.SetParams(exc.id, {"tau_m": 5.0}))
    assert exc.params["tau_m"] == 5.0


@pytest.mark.parametrize("column", ["dt", "seed", "precision", "slow", "sweep", "title", "notes"])
def test_every_setting_of_the_network_is_an_edit(net, column):
    new = {
        "dt": 0.05,
        "seed": 3,
        "precision": "single",
        "slow": 2.0,
        "sweep": 50,
        "title": "t",
        "notes": "n",
    }[column]
    net.set_rules("E to E", ["stdp_pair"])
    check_edit(net, every.SetNetwork({column: new}))
    assert getattr(net, column) == new
    wrong = [1.0, 2.0] if column != "seed" else "x"
    with pytest.raises(EditRefused, match=column):
        every.SetNetwork({column: wrong}).apply(net)


def test_delays_off_the_grid_come_back_to_the_bit(net):
    """They lie off it once dt has changed; only what is newly written is rounded up."""
    for probe in net.probes:
        net.set(probe, every=0.3)
    net.remove(list(net.inputs))  # their times are on the grid of 0.1 ms
    net.set(net, dt=0.15)
    ee = net.projection("E to E")
    off = net.synapses(ee)["delay"]
    assert (off % 0.15 > 1e-6).any()
    check_edit(net, every.RemoveSynapses(ee.ids)).apply(net)
    check_edit(net, every.SetSynapses(ee.ids, "delay", [1.0])).apply(net)
    assert net.synapses(ee)["delay"].tolist() == off.tolist()
    net.set(ee.ids[:1], delay=1.0)
    assert net.synapses(ee)["delay"][0] == 1.05


# -- several at once ---------------------------------------------------------------------------------


def test_several_edits_are_one_and_a_later_one_sees_the_earlier(net):
    exc = net.population("Pyramidal")
    [id] = net.ids.fresh(1).tolist()
    edit = Compound(
        (
            every.AddNeurons(exc.id, [id], [[1.0, 2.0, 3.0]]),
            every.AddSynapses(net.projection("E to E").id, net.ids.fresh(1), [id], exc.ids[:1], [2.0], [1.0]),
            Compound((every.SetParams([id], {"v_th": -50.0}), every.MoveNeurons([id], [[7.0, 8.0, 9.0]]))),
        ),
        "draw a neuron",
    )
    assert edit.why_not(net) == ""
    inverse = check_edit(net, edit)
    assert (edit.label, inverse.label) == ("draw a neuron", "draw a neuron")
    assert net.positions_of([id]).tolist() == [[7.0, 8.0, 9.0]]


def test_when_one_of_several_is_refused_none_is_done(net):
    exc = net.population("Pyramidal")
    before, version = portrait(net), net.version
    edit = Compound(
        (
            every.RemoveNeurons(exc.ids[:3]),
            every.SetParams(exc.id, {"tau_m": -1.0}),
            every.Rename(exc.id, "x"),
        )
    )
    assert "tau_m is -1 ms" in edit.why_not(net)
    with pytest.raises(EditRefused, match="tau_m is -1 ms"):
        edit.apply(net)
    assert portrait(net) == before
    assert net.version >= version


def test_every_change_is_a_new_version_of_the_network(net):
    exc = net.population("Pyramidal")
    seen = [net.version]
    inverse = every.Rename(exc.id, "x").apply(net)
    seen.append(net.version)
    inverse.apply(net)
    seen.append(net.version)
    assert seen == sorted(set(seen))


# -- edits as values ---------------------------------------------------------------------------------


def test_an_edit_does_not_share_what_it_was_made_from(net):
    ids, at = np.array([5_000]), np.zeros((1, 3))
    params = {"v_th": np.array([-50.0])}
    edit = every.AddNeurons(net.population("Pyramidal").id, ids, at, params)
    ids[0], at[0, 0], params["v_th"][0] = 1, 9.0, 3.0
    params["tau_m"] = 3.0
    assert edit.ids.tolist() == [5_000]
    assert edit.positions.tolist() == [[0, 0, 0]]
    assert edit.params["v_th"].tolist() == [-50.0]
    assert "tau_m" not in edit.params


def test_equal_edits_are_equal_and_others_are_not():
    one = every.AddSynapses(1, [1], [2], [3], [1.0], [1.0], {"a": [np.nan]})
    assert one == every.AddSynapses(1, [1], [2], [3], [1.0], [1.0], {"a": [np.nan]})
    assert one != every.AddSynapses(1, [1], [2], [3], [1.0], [1.0], {"a": [0.0]})
    assert one != every.AddSynapses(1, [1], [2], [3], [1.0], [1.0])
    assert one != every.AddSynapses(1, [1], [2], [3], [1.0], [1.0], {"a": [np.nan]}, restoring=True)
    assert one != every.RemoveSynapses([1])
    assert every.SetRules(1, (RuleUse("a", {"x": 1.0}),)) != every.SetRules(1, (RuleUse("a", {"x": 2.0}),))
    assert same(SynapseTable(), SynapseTable())
    assert not same(np.zeros(1), 0.0)


def test_numbers_of_numpy_are_taken_as_numbers(net):
    exc, glia = net.population("Pyramidal"), net.population("Astrocytes")
    check_edit(net, every.SetParams(np.int64(exc.id), {"tau_m": np.float64(9.0), "frozen": np.bool_(True)}))
    check_edit(net, every.SetParams(net.projection("I to E").id, {"astrocytes": np.int64(glia.id)}))
    assert (exc.record.frozen, net.projection("I to E").record.astrocytes) == (True, glia.id)


def test_an_edit_travels_as_plain_json():
    edit = every.AddSynapses(1, [1], [2], [3], [0.1], [1.0], {"a": [np.nan]})
    text = json.dumps(to_json(edit), allow_nan=False)
    assert json.loads(text) == {
        "edit": "AddSynapses", "projection": 1, "ids": [1], "pre": [2], "post": [3], "weight": [0.1],
        "delay": [1.0], "columns": {"a": [None]},
    }  # fmt: skip
    assert from_json(text) == from_json(text.encode()) == edit
    assert edit.to_json() == to_json(edit)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"edit": "AddSynapse"}, "did you mean 'AddSynapses'"),
        ({"edit": 5}, "5 is not an edit"),
        ({}, "None is not an edit"),
        ({"edit": "RemoveNeurons"}, "RemoveNeurons: .*missing"),
        ({"edit": "RemoveNeurons", "ids": ["a"]}, "RemoveNeurons"),
        ({"edit": "RemoveNeurons", "ids": [1], "more": 2}, "more"),
        (
            {"edit": "AddPopulation", "population": {"label": "x"}},
            "AddPopulation.population: 'id' is missing",
        ),
        ({"edit": "SetRules", "projection": 1, "rules": [{"slug": 3}]}, "SetRules"),
        ({"edit": "Compound", "edits": [{"edit": "x"}]}, "'x' is not an edit"),
        ({"edit": "Edit"}, "not an edit"),
    ],
)
def test_json_that_is_no_edit_is_refused_with_its_place(values, says):
    with pytest.raises(UsageError, match=says):
        from_json(values)
