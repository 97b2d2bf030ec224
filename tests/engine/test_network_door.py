"""The door of the network: the lines of the manual, and what a person might write instead."""

import numpy as np
import pytest

from engine.errors import EditRefused, UnknownName, UsageError
from engine.network import Network
from engine.network import edits as every
from tests.one_of_everything import circuit, portrait


@pytest.fixture
def net():
    return Network(dt=0.1, seed=7)


@pytest.fixture
def exc(net):
    return net.add_population("Pyramidal", "iaf_psc_exp", size=20, params={"tau_m": 10.0})


def test_the_lines_of_the_manual_work():
    net = Network(dt=0.1, seed=7, precision="double")
    exc = net.add_population(
        "Pyramidal", "iaf_psc_exp", size=80, sign=+1, params={"tau_m": 10.0}, positions=None
    )
    inh = net.add_population("Interneuron", "iaf_psc_exp", size=20, sign=-1)
    relays = net.add_population("Relays", "relay", size=2)
    ee = net.add_projection(
        "E to E",
        exc,
        exc,
        transmission="current_exp",
        rules=[("stdp_pair", {"tau_pre": 20.0}), ("scaling", {"target": 5.0})],
    )
    net.wire(ee, "fixed_probability", p=0.1, weight=45.0, delay=1.5, autapses=False, multapses=False)
    ids = net.add_synapses(ee, pre=exc[:2], post=exc[2:4], weight=45.0, delay=1.5)
    net.add_input("poisson", exc, rate=8000.0, weight=10.0)
    trains = net.add_input("spike_list", relays[:1], times=[10.0, 20.0])
    v = net.add_probe(exc[:10], "v", every=1.0)
    w = net.add_probe(ids, "weight", every="pre")
    net.set(exc[3], v_th=-52.0)
    assert net.population("Pyramidal").ids.tolist() == exc.ids.tolist()
    assert net.projection("E to E").ids.size == len(ee)
    assert net.to_networkx().number_of_edges() == len(ee)
    assert exc.record.params["v_th"][3] == -52.0
    assert trains.record.lists["times"].tolist() == [10.0, 20.0]
    assert (v.what, w.what, len(v), len(w), len(inh)) == ("v", "weight", 10, 2, 20)
    assert net.synapses(ee).dtype.names == ("id", "pre", "post", "weight", "delay")
    assert net.synapses(ee)[-1].tolist() == (ids.ids[1], exc.ids[1], exc.ids[3], 45.0, 1.5)


# -- populations -------------------------------------------------------------------------------------


def test_size_follows_positions_when_it_is_not_given(net):
    found = net.add_population("A", "relay", positions=[[0, 0, 0], [1, 2, 3]])
    assert found.positions.tolist() == [[0, 0, 0], [1, 2, 3]]
    assert len(net.add_population("B", "relay")) == 1
    assert len(net.add_population("C", "relay", size=0)) == 0
    flat = net.add_population("D", "relay", positions=[[5.0, 6.0]])
    assert flat.positions.tolist() == [[5.0, 6.0, 0.0]]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"size": 3, "positions": [[0, 0, 0]]}, "1 position for 3 neurons"),
        ({"size": -1}, "size is -1"),
        ({"positions": [[0, 0, 0, 0]]}, r"positions are \(n, 3\) in um"),
        ({"size": 2, "params": {"tau_m": [1.0, 2.0, 3.0]}}, "tau_m has 3 numbers for 2 neurons"),
        ({"size": 2, "names": ["a"]}, "1 name for 2 neurons"),
        ({"sign": 2}, "sign is 2"),
        ({"params": {"tau_mm": 2.0}}, "did you mean 'tau_m'"),
        ({"params": {"tau_m": float("nan")}}, "not a number"),
        ({"params": {"tau_m": None}}, "tau_m cannot be None; it takes a number"),
        ({"params": {"tau_m": ["a"]}}, "tau_m cannot be"),
        ({"positions": [[0, 0, np.inf]]}, "positions: inf is not a number"),
    ],
)
def test_a_population_that_cannot_be_is_refused_whole(net, arguments, says):
    before = portrait(net)
    with pytest.raises((UsageError, EditRefused), match=says):
        net.add_population("A", "iaf_psc_exp", **arguments)
    assert portrait(net) == before


def test_default_places_do_not_overlap_and_are_the_same_every_time():
    def boxes():
        net = Network()
        for size in (800, 200, 1, 30, 7, 500, 3):
            net.add_population("P", "relay", size=size)
        return [p.positions for p in net.populations.values()]

    found = boxes()
    assert all(np.array_equal(a, b) for a, b in zip(found, boxes(), strict=True))
    for number, one in enumerate(found):
        assert np.unique(one, axis=0).shape == one.shape
        for other in found[:number]:
            apart = (one.min(axis=0) > other.max(axis=0)) | (one.max(axis=0) < other.min(axis=0))
            assert apart[:2].any()
    everything = np.concatenate(found)
    width, height = np.ptp(everything[:, :2], axis=0)
    assert 1 / 3 < width / height < 3  # a picture, not a ribbon


def test_neurons_join_a_population_in_the_order_of_their_ids(net, exc):
    more = net.add_neurons(exc, params={"tau_m": 12.0}, positions=[[1, 2, 3]])
    assert exc.ids[-1] == int(more)
    assert exc.positions[-1].tolist() == [1, 2, 3]
    assert exc.params["tau_m"].tolist() == [10.0] * 20 + [12.0]
    below = net.add_neurons("Pyramidal", 2)
    assert net.positions_of(below)[:, 1].min() > exc.positions[:20, 1].max()


def test_astrocytes_are_a_population_of_their_own_kind(net):
    glia = net.add_astrocytes("Astrocytes", size=3)
    assert (glia.record.kind, glia.sign, len(glia)) == ("astrocyte", 0, 3)


# -- projections -------------------------------------------------------------------------------------


def test_a_projection_takes_populations_as_views_labels_or_ids(net, exc):
    for pre, post in ((exc, "Pyramidal"), (exc.id, exc), ("Pyramidal", exc.id)):
        found = net.add_projection("P", pre, post)
        assert (found.pre.id, found.post.id) == (exc.id, exc.id)
    with pytest.raises(UnknownName, match="did you mean 'Pyramidal'"):
        net.add_projection("P", "pyramidal", exc)
    with pytest.raises(UnknownName, match="no population with the id 999"):
        net.add_projection("P", 999, exc)
    with pytest.raises(UsageError, match="give what add_population returned"):
        net.add_projection("P", None, exc)


def test_a_view_of_another_network_is_not_taken_for_ours(net, exc):
    other = Network()
    for _ in range(9):
        foreign = other.add_population("Elsewhere", "relay", size=30)
    with pytest.raises(UsageError, match="not of this network"):
        net.add_projection("P", foreign, exc)


def test_the_usual_transmission_is_the_plainest_the_neurons_take(net, exc):
    conductances = net.add_population("C", "iaf_cond_exp")
    assert net.add_projection("a", exc, exc).record.transmission == "current_exp"
    assert net.add_projection("b", exc, conductances).record.transmission == "conductance_exp"


def test_rules_are_given_as_slugs_pairs_or_cards_and_stand_in_pipeline_order(net, exc):
    stack = ["prune_weak", ("scaling", {"target": 3}), "receptors", ("stdp_pair", {"tau_pre": 15})]
    found = net.add_projection("P", exc, exc, rules=stack)
    assert [card.slug for card in found.rules] == ["stdp_pair", "receptors", "scaling", "prune_weak"]
    assert found.rules[0].params == {"tau_pre": 15.0}
    net.set_rules(found, [found.rules[0]])
    assert [card.slug for card in found.rules] == ["stdp_pair"]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (("stdp_pair",), "is not a rule; give a slug"),
        (7, "is not a rule"),
        (("stdp_pair", {"tau_pre": [1.0, 2.0]}), "tau_pre is one number for all"),
        (("stdp_pair", {"tau_pre": None}), "tau_pre cannot be None"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused(net, exc, rule, says):
    with pytest.raises(UsageError, match=says):
        net.add_projection("P", exc, exc, rules=[rule])


def test_slow_fields_can_be_given_with_the_synapses(net, exc):
    projection = net.add_projection("P", exc, exc, rules=["prune_weak"])
    net.add_synapses(projection, exc[:2], exc[2:4], weak_for=[5.0, 6.0])
    assert net.synapses(projection)["weak_for"].tolist() == [5.0, 6.0]
    with pytest.raises(EditRefused, match="did you mean 'weak_for'"):
        net.add_synapses(projection, exc[0], exc[1], weakfor=5.0)


def test_delays_are_rounded_up_to_whole_steps_and_the_edit_says_so(net, exc):
    projection = net.add_projection("P", exc, exc)
    net.add_synapses(projection, exc[0], exc[1], delay=1.52)
    assert net.synapses(projection)["delay"].tolist() == [1.6]
    net.add_synapses(projection, exc[1], exc[2], delay=0.3)
    assert net.synapses(projection)["delay"][1] == 0.3  # on the grid: kept to the bit
    edit = every.AddSynapses(projection.id, [500], exc.ids[:1], exc.ids[1:2], [1.0], [1.52])
    assert [str(p) for p in edit.advice(net)] == [
        "P: delay of synapse 500 is 1.52 ms, between two steps of 0.1 ms; it counts as 1.6 ms"
    ]


# -- attached things ---------------------------------------------------------------------------------


def test_inputs_take_one_number_per_target_and_lists(net, exc):
    found = net.add_input("poisson", exc[:3], rate=[1.0, 2.0, 3.0], weight=[4.0, 5.0, 6.0])
    assert found.record.params["rate"].tolist() == [1.0, 2.0, 3.0]
    assert found.record.weight.tolist() == [4.0, 5.0, 6.0]
    assert found.label == "poisson"
    steps = net.add_input("step_current", exc, times=[0.0, 5.0], amplitudes=[0.0, 100.0])
    assert sorted(steps.record.lists) == ["amplitudes", "times"]
    with pytest.raises(EditRefused, match="1 times and 2 amplitudes"):
        net.add_input("step_current", exc, times=[0.0], amplitudes=[0.0, 100.0])
    with pytest.raises(EditRefused, match="rate has 2 numbers for 3 targets"):
        net.add_input("poisson", exc[:3], rate=[1.0, 2.0])
    with pytest.raises(UnknownName, match="no neuron with the id 12345"):
        net.add_input("poisson", [12345])
    with pytest.raises(UsageError, match="not ids"):
        net.add_input("poisson", ["Pyramidal"])


def test_a_list_of_views_is_all_their_ids(net, exc):
    found = net.add_input("poisson", [exc[0], exc[3:5]])
    assert found.ids.tolist() == exc.ids[[0, 3, 4]].tolist()


def test_probes_record_what_there_is(net, exc):
    projection = net.add_projection("P", exc, exc, rules=["stdp_pair", "prune_weak"])
    ids = net.wire(projection, "fixed_total", n=5)
    for what in ("v", "spikes", "i_ex"):
        net.add_probe(exc[:2], what)
    for what in ("weight", "transmitted", "weak_for"):
        net.add_probe(ids, what, every="pre")
    net.add_probe(projection, "weight", every=10.0)
    with pytest.raises(EditRefused, match="there is no 'weight' to record here"):
        net.add_probe(exc, "weight")
    with pytest.raises(EditRefused, match="there is no 'w' to record here"):
        net.add_probe(ids, "w")
    with pytest.raises(EditRefused, match='every="pre" is for synapses'):
        net.add_probe(exc, "v", every="pre")
    with pytest.raises(EditRefused, match=r"every is 0.25 ms; it must be whole steps of 0.1 ms"):
        net.add_probe(exc, "v", every=0.25)
    with pytest.raises(EditRefused, match="it takes ms"):
        net.add_probe(ids, "weight", every="post")
    with pytest.raises(UnknownName, match="no neuron or synapse 12345"):
        net.add_probe([12345], "v")


def test_modulators_have_sources_and_a_delay(net, exc):
    found = net.add_modulator("Dopamine", "diffuse", sources=exc[:2], params={"amount": 2.0}, delay=1.5)
    assert found.ids.tolist() == exc.ids[:2].tolist()
    with pytest.raises(EditRefused, match=r"delay is 0.01 ms; it must be at least one step"):
        net.add_modulator("Dopamine", "diffuse", delay=0.01)
    with pytest.raises(EditRefused, match="delay is nan"):
        net.add_modulator("Dopamine", "diffuse", delay=float("nan"))
    with pytest.raises(EditRefused, match="weight is nan"):
        net.add_input("poisson", exc, weight=float("nan"))


# -- set ---------------------------------------------------------------------------------------------


def test_a_number_becomes_a_column_only_where_it_must(net, exc):
    net.set(exc, v_th=-51.0)
    assert exc.params["v_th"] == -51.0
    net.set(exc[4], v_th=-52.0)
    assert exc.params["v_th"].tolist() == [-51.0] * 4 + [-52.0] + [-51.0] * 15
    net.set(exc[:], v_th=-53.0)  # everyone: one number again
    assert exc.params["v_th"] == -53.0
    net.set(exc[0], t_ref=3.0)  # never set before: the others have what the model declares
    assert exc.params["t_ref"].tolist()[:2] == [3.0, 2.0]
    net.set(exc[0], t_ref=None)
    assert exc.params["t_ref"].tolist()[:2] == [2.0, 2.0]
    net.set(exc, t_ref=None)
    assert "t_ref" not in exc.params


def test_one_number_each_is_given_in_the_order_of_the_ids_named(net, exc):
    net.set(exc[[3, 1]], v_th=[-51.0, -52.0])
    assert exc.params["v_th"][[1, 3]].tolist() == [-52.0, -51.0]
    net.set(exc, v_th=np.linspace(-54, -50, 20))
    assert exc.params["v_th"][-1] == -50.0


def test_set_reaches_neurons_of_several_populations_at_once(net, exc):
    inh = net.add_population("I", "iaf_psc_exp", size=3, sign=-1)
    net.set([exc[0], inh[1:]], v_th=[-50.0, -51.0, -52.0])
    assert exc.params["v_th"][0] == -50.0
    assert inh.params["v_th"].tolist() == [-55.0, -51.0, -52.0]


def test_an_initial_value_that_follows_a_parameter_is_a_column_of_its_own(net, exc):
    net.set(exc, e_l=-60.0)
    net.set(exc[0], v=-70.0)
    assert exc.params["v"].tolist()[:2] == [-70.0, -60.0]


def test_set_reaches_synapses_things_and_the_network():
    net = circuit()
    ee = net.projection("E to E")
    net.set(ee, **{"w_max": 300.0, "stdp_pair.tau_pre": 33.0})
    assert ee.record.w_max == 300.0
    assert ee.rules[0].params == {"tau_pre": 33.0}
    net.set(ee, **{"stdp_pair.tau_pre": None})
    assert ee.rules[0].params == {}
    net.set(ee.ids[:2], weight=20.0, delay=[1.0, 2.0])
    assert net.synapses(ee)["weight"][:2].tolist() == [20.0, 20.0]
    assert net.synapses(ee)["delay"][:2].tolist() == [1.0, 2.0]
    net.set(net, dt=0.05, title="Changed")
    assert (net.dt, net.title) == (0.05, "Changed")
    noise = next(iter(net.inputs.values()))
    net.set(noise.id, delay=2.0, rate=5.0)
    assert (noise.delay, noise.params["rate"]) == (2.0, 5.0)
    net.set([], weight=1.0)  # an empty selection


@pytest.mark.parametrize(
    ("target", "values", "says"),
    [
        ("Pyramidal", {"v_thr": 1.0}, "did you mean 'v_th'"),
        ("Pyramidal", {"v_th": [1.0, 2.0]}, "2 numbers for 6 neurons"),
        ("Pyramidal", {"sign": 0.5}, "takes a whole number"),
        ("Pyramidal", {"sign": 2}, "must be \\+1, -1 or 0"),
        ("Pyramidal", {"passes": 1}, "takes True or False"),
        ("Pyramidal", {"names": ["a"]}, "1 name for 6 neurons"),
        ("Pyramidal", {"v_th": "high"}, "v_th cannot be 'high'; give a number"),
        ("E to E", {"w_max": None}, "takes a number"),
        ("E to E", {"w_max": [1.0, 2.0]}, "one number for all"),
        ("E to E", {"stdp_par.tau_pre": 1.0}, "did you mean 'stdp_pair'"),
        ("E to E", {"stdp_pair.tau_per": 1.0}, "did you mean 'tau_pre'"),
        ("E to E", {"dendritic": 2.0}, "between 0 and 1"),
        ("E to E", {"astrocytes": 1}, "not a population of astrocytes"),
        ("E to I", {"tau_rec": -1.0}, "tau_rec is -1 ms"),
        ("Noise", {"rate": -1.0}, "rate is -1 Hz"),
        ("Noise", {"delay": [1.0] * 6}, "one number for all"),
        ("Noise", {"delay": float("nan")}, "delay of 'Noise': nan"),
        ("Membranes", {"every": float("inf")}, "every is inf ms"),
        ("Membranes", {"evry": 2.0}, "did you mean 'every'"),
        ("Dopamine", {"amount": -1.0}, "amount is -1"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_changes(target, values, says):
    net = circuit()
    shelves = [net.populations, net.projections, net.inputs, net.probes, net.modulators]
    id = next(r.id for shelf in shelves for r in shelf.values() if r.label == target)
    before = portrait(net)
    with pytest.raises(EditRefused, match=says):
        net.set(id, **values)
    assert portrait(net) == before


def test_set_of_what_is_not_there_is_an_error_at_the_door(net, exc):
    with pytest.raises(UnknownName, match="nothing with the id 12345"):
        net.set([12345], v_th=-50.0)
    with pytest.raises(EditRefused, match="has no setting 'dtt' \\(did you mean 'dt'"):
        net.set(net, dtt=0.2)
