"""Views of ids and of things, finding them again, and showing the whole."""

import numpy as np
import pytest

from engine.errors import UnknownName, UsageError
from engine.network import Ids, IdView, Network
from engine.network import edits as every
from tests.one_of_everything import circuit, portrait


@pytest.fixture
def net():
    return Network(dt=0.1, seed=7)


@pytest.fixture
def exc(net):
    return net.add_population("Pyramidal", "iaf_psc_exp", size=20, params={"tau_m": 10.0})


# -- ids and views -----------------------------------------------------------------------------------


def test_views_of_ids_take_a_number_a_slice_places_or_a_mask(exc):
    ids = exc.ids
    assert exc[3].ids.tolist() == [ids[3]]
    assert exc[-1].ids.tolist() == [ids[-1]]
    assert exc[:3].ids.tolist() == ids[:3].tolist()
    assert exc[::7][1:].ids.tolist() == ids[::7][1:].tolist()
    assert exc[[5, 1]].ids.tolist() == ids[[5, 1]].tolist()
    assert exc[np.array([5, 1])].ids.tolist() == ids[[5, 1]].tolist()
    assert exc[ids > ids[17]].ids.tolist() == ids[18:].tolist()
    assert exc[[True] + [False] * 19].ids.tolist() == ids[:1].tolist()
    with pytest.raises(IndexError):
        exc[20]


def test_views_act_as_arrays_of_ids(exc):
    assert len(exc[:4]) == 4
    assert list(exc[:2]) == exc.ids[:2].tolist()
    assert np.asarray(exc[:2]).dtype == np.int64
    assert np.isin(exc[:2], exc).all()
    assert int(exc[3]) == exc.ids[3]
    assert exc.ids[0] in exc
    assert 999 not in exc
    assert exc[:2] == exc[:2]
    assert exc[:2] != exc[:3]
    assert len({exc[:2], exc[:2], exc[1:2]}) == 2
    with pytest.raises(ValueError, match="not one id"):
        int(exc[:2])
    with pytest.raises(ValueError, match="read-only"):
        exc.ids[0] = 5
    assert repr(exc[:2]) == f"<ids [{exc.ids[0]} {exc.ids[1]}]>"


def test_a_view_is_read_afresh_and_says_when_its_thing_is_gone(net, exc):
    net.add_neurons(exc, 2)
    assert len(exc) == 22
    net.rename(exc, "Renamed")
    assert exc.label == "Renamed"
    assert repr(exc) == f"<PopulationView {exc.id} 'Renamed', 22 ids>"
    net.remove(exc)
    assert repr(exc) == f"<PopulationView {exc.id}, gone>"
    with pytest.raises(UnknownName, match="no longer in the network"):
        exc.label  # noqa: B018


def test_ids_are_never_given_twice_even_after_an_undo(net, exc):
    used = set(net.ids.fresh(3).tolist())
    inverse = net.apply(every.RemovePopulation(exc.id))
    inverse.apply(net)
    more = net.add_neurons(exc, 5)
    assert not used & set(more.ids.tolist())
    assert (np.diff(exc.ids) > 0).all()


def test_the_two_counters_never_meet():
    editor, engine = Ids(), Ids(-1, -1)
    assert editor.fresh(3).tolist() == [1, 2, 3]
    assert engine.fresh(3).tolist() == [-1, -2, -3]
    editor.pass_by([-50, 9])
    engine.pass_by([50, -9])
    assert (editor.one(), engine.one()) == (10, -10)
    copy = editor.copy()
    assert copy.one() == editor.one()
    editor.pass_by([])
    editor.pass_by([2])
    assert editor.one() == 12


# -- the rest ----------------------------------------------------------------------------------------


def test_moving_is_by_id_and_changes_no_other(net, exc):
    before = exc.positions
    net.move(exc[2:4], [[1, 2, 3], [4, 5, 6]])
    assert exc.positions[2:4].tolist() == [[1, 2, 3], [4, 5, 6]]
    assert np.array_equal(np.delete(exc.positions, [2, 3], 0), np.delete(before, [2, 3], 0))
    with pytest.raises(UsageError, match="1 position for 2 neurons"):
        net.move(exc[2:4], [[1, 2, 3]])


def test_labels_that_two_things_share_are_not_guessed_between(net, exc):
    net.add_population("Pyramidal", "relay")
    with pytest.raises(UsageError, match="2 populations are called 'Pyramidal'"):
        net.population("Pyramidal")
    with pytest.raises(UnknownName, match="no projection called 'x'"):
        net.projection("x")


def test_removing_takes_anything_in_any_mixture():
    net = circuit()
    ee = net.projection("E to E")
    net.remove([int(net.population("Basket")[0]), *ee.ids[:3].tolist()])
    assert len(net.population("Basket")) == 3
    net.remove(net.population("Pyramidal"))
    assert all(p.pre in net.populations and p.post in net.populations for p in net.projections.values())
    net.remove(net.population("Relays"))
    assert [r.label for r in net.inputs.values()] == ["step current"]


def test_networks_know_where_things_are():
    net = circuit()
    exc, ee = net.population("Pyramidal"), net.projection("E to E")
    assert net.population_of([exc.ids[0], 999_999, exc.id]).tolist() == [exc.id, 0, 0]
    assert net.projection_of([ee.ids[0], 999_999]).tolist() == [ee.id, 0]
    assert net.taken([exc.id, exc.ids[0], ee.ids[0], 999_999]).tolist() == [True, True, True, False]
    assert np.isnan(net.positions_of([999_999])).all()
    assert net.thing(ee.id) is ee.record
    assert net.thing(999_999) is None
    assert Network().population_of([1]).tolist() == [0]
    touching = net.incident(exc.ids[:1])
    table = net.synapses(ee)
    expected = table["id"][(table["pre"] == exc.ids[0]) | (table["post"] == exc.ids[0])]
    assert touching[ee.id].tolist() == expected.tolist()
    assert repr(net).startswith("<Network 'Everything': 18 neurons in 6 populations")


def test_a_copy_is_independent_and_shares_until_then():
    net = circuit()
    twin = net.copy()
    before = portrait(net)
    assert portrait(twin) == before
    twin.set(twin.population("Pyramidal")[0], v_th=-50.0)
    twin.remove(twin.population("Basket"))
    twin.set(twin.projection("E to E").ids, weight=1.0)
    twin.set(next(iter(twin.populations)), notes={"a": "b"})
    assert portrait(net) == before
    assert net.ids.next < twin.ids.next or net.ids.next == twin.ids.next


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"dt": 0.0}, "dt is 0.0"),
        ({"dt": np.nan}, "dt"),
        ({"seed": -1}, "seed"),
        ({"precision": "half"}, "precision"),
    ],
)
def test_a_network_needs_sensible_settings(arguments, says):
    with pytest.raises(UsageError, match=says):
        Network(**arguments)


# -- showing -----------------------------------------------------------------------------------------


def test_the_graph_has_every_neuron_and_synapse_with_its_attributes():
    net = circuit()
    graph = net.to_networkx()
    assert graph.number_of_nodes() == net.neuron_count
    assert graph.number_of_edges() == net.synapse_count
    basket = net.population("Basket")
    one = graph.nodes[int(basket[1])]
    assert (one["population"], one["model"], one["sign"], one["name"]) == ("Basket", "iaf_psc_exp", -1, "b")
    assert (one["x"], one["y"], one["z"]) == tuple(basket.positions[1])
    for pre, post, key, data in graph.edges(keys=True, data=True):
        assert net.projection(data["projection"]).ids[0] <= key
        assert (net.population_of([pre, post]) != 0).all()
        assert data["gap"] == (data["transmission"] == "gap_junction")


def test_the_picture_is_svg_and_names_everything_safely():
    from xml.etree import ElementTree

    net = circuit()
    net.add_population("<script>&'\"", "relay", size=4)
    net.title = "</svg><b>"
    root = ElementTree.fromstring(net._repr_svg_())
    text = " ".join(root.itertext())
    for population in net.populations.values():
        assert population.label in text
    for projection in net.projections.values():
        assert projection.label in text
    assert "</svg><b>" in text
    assert ElementTree.fromstring(Network()._repr_svg_()).tag.endswith("svg")


def test_the_picture_stays_small_for_many_neurons(net):
    net.add_population("Many", "relay", size=50_000)
    assert len(net._repr_svg_()) < 200_000


def test_what_the_package_exports_is_there():
    import engine.network

    assert all(hasattr(engine.network, name) for name in engine.network.__all__)
    assert all(hasattr(every, name) for name in every.__all__)
    assert IdView is engine.network.IdView
