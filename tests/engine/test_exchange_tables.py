"""Edge lists and GraphML go out and come back, and a stranger's file gets a clear answer."""

import numpy as np
import pytest

from engine import Network
from engine.errors import FileError, UsageError
from engine.exchange.graphml import read_graphml, write_graphml
from engine.exchange.tables import preview, read_edges, write_edges


def circuit():
    net = Network(seed=3)
    net.title = "two populations"
    exc = net.add_population(
        "Pyramidal", "iaf_psc_exp", size=6, sign=+1, positions=np.arange(18.0).reshape(6, 3)
    )
    inh = net.add_population("Basket", "iaf_cond_exp", size=2, sign=-1, names=["bas A", "bas B"])
    ee = net.add_projection("E to E", exc, exc, transmission="current_exp", rules=["stdp_pair"])
    ie = net.add_projection("I to E", inh, exc, transmission="current_exp")
    ei = net.add_projection("E to I", exc, inh, transmission="conductance_exp")
    gap = net.add_projection("I to I", inh, inh, transmission="gap_junction")
    net.wire(ee, "fixed_probability", p=0.5, weight=("uniform", 10.0, 90.0), delay=1.5)
    net.wire(ie, "all_to_all", weight=-30.0, delay=0.3)
    net.wire(ei, "all_to_all", weight=2.0, delay=1.0)
    net.add_synapses(gap, pre=inh[:1], post=inh[1:], weight=0.7)
    return net


def wiring(net, names=True):
    """Every synapse as (pre, post, weight, delay, transmission), by names where there are some."""
    name = {}
    for p in net.populations.values():
        name.update(zip(p.neuron_ids.tolist(), p.names or map(str, p.neuron_ids.tolist()), strict=True))
    return sorted(
        (name[a], name[b], round(w, 9), round(d, 9), p.transmission)
        for p in net.projections.values()
        for a, b, w, d in zip(
            *(getattr(p.synapses, c).tolist() for c in ("pre", "post", "weight", "delay")), strict=True
        )
    )


@pytest.mark.parametrize(
    ("write", "read", "name"),
    [
        (write_edges, read_edges, "a.csv"),
        (write_edges, read_edges, "a.tsv"),
        (write_graphml, read_graphml, "a.graphml"),
    ],
)
def test_a_network_comes_back_with_every_synapse(tmp_path, write, read, name):
    net = circuit()
    lost = write(net, tmp_path / name)
    back, notes = read(tmp_path / name)
    assert wiring(back) == wiring(net)
    assert {p.label: (p.sign, len(p)) for p in back.populations.values()} == {
        "Pyramidal": (1, 6),
        "Basket": (-1, 2),
    }
    assert any("plasticity rules" in sentence for sentence in lost)
    assert notes == []


def test_graphml_keeps_models_and_positions(tmp_path):
    net = circuit()
    write_graphml(net, tmp_path / "a.graphml")
    back, _ = read_graphml(tmp_path / "a.graphml")
    assert back.population("Basket").model == "iaf_cond_exp"
    assert np.array_equal(back.population("Pyramidal").positions, net.population("Pyramidal").positions)


def test_a_plain_list_of_pairs_is_enough(tmp_path):
    (tmp_path / "pairs.csv").write_text("a,b\nb,c\n\nc,a\n")
    net, notes = read_edges(tmp_path / "pairs.csv")
    assert net.synapse_count == 3
    assert net.neuron_count == 3
    assert len(notes) == 2  # no weights, no delays
    assert net.title == "pairs"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_other_peoples_headings_are_understood(tmp_path, separator):
    rows = [("Source", "Target", "Count"), ("AVAL", "AVBL", "3"), ("AVBL", "AVAL", "7")]
    (tmp_path / "c.csv").write_text("\n".join(separator.join(row) for row in rows))
    net, _ = read_edges(tmp_path / "c.csv", scale=2.5)
    assert sorted(w for _, _, w, _, _ in wiring(net)) == [7.5, 17.5]


def test_columns_can_be_named_or_numbered(tmp_path):
    (tmp_path / "c.csv").write_text("w,x,y\n4,1,2\n5,2,1\n")
    for columns in ({"pre": "x", "post": "y", "weight": "w"}, {"pre": 1, "post": 2, "weight": 0}):
        net, _ = read_edges(tmp_path / "c.csv", columns)
        assert {(a, b, w) for a, b, w, _, _ in wiring(net)} == {("1", "2", 4.0), ("2", "1", 5.0)}


def test_a_preview_shows_the_first_rows_and_a_guess(tmp_path):
    (tmp_path / "c.csv").write_text("from,to,strength\n1,2,3\n4,5,6\n")
    header, rows, guess = preview(tmp_path / "c.csv", rows=1)
    assert (header, rows, guess) == (["from", "to", "strength"], [["1", "2", "3"]], {"pre": 0, "post": 1})


def test_negative_weights_make_an_inhibitory_population(tmp_path):
    (tmp_path / "c.csv").write_text("pre,post,weight\na,b,5\nb,a,-4\nb,c,-2\n")
    net, _ = read_edges(tmp_path / "c.csv")
    assert {p.label: (p.sign, p.names) for p in net.populations.values()} == {
        "Imported": (1, ["a", "c"]),
        "Imported, inhibitory": (-1, ["b"]),
    }


def test_weights_against_the_sign_of_their_neuron_are_left_out_and_said(tmp_path):
    (tmp_path / "c.csv").write_text("pre,post,weight\na,b,5\na,c,4\na,d,-1\n")
    net, notes = read_edges(tmp_path / "c.csv")
    assert net.synapse_count == 2
    assert any(sentence.startswith("left out: 1 synapse of") for sentence in notes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pre,post,weight\na,b,1\na,b,heavy\n", "row 3: weight is 'heavy', which is not a number"),
        ("pre,post,weight\na,b,nan\n", "row 2: weight is nan; it must be finite"),
        ("pre,post,weight\na,b,1\n,b,1\n", "row 3: the pre neuron is empty"),
        ("pre,post,weight\na,b\n", "row 2 has 2 columns; at least 3 are needed"),
        ("", "is empty"),
        ("weight,age\n1,2\n", "no column for the pre neuron among weight, age"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(tmp_path, text, message):
    (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(FileError, match=message):
        read_edges(tmp_path / "bad.csv")


def test_a_binary_file_and_a_missing_one_are_refused(tmp_path):
    (tmp_path / "bad.csv").write_bytes(b"\x89PNG\x00\x00\xff")
    with pytest.raises(FileError, match=r"not a text table|not UTF-8"):
        read_edges(tmp_path / "bad.csv")
    with pytest.raises(FileError, match="cannot be read"):
        read_edges(tmp_path / "none.csv")


def test_an_unknown_column_word_gets_the_nearest(tmp_path):
    (tmp_path / "c.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match="did you mean 'weight'"):
        read_edges(tmp_path / "c.csv", {"pre": 0, "post": 1, "wieght": 1})


def test_a_graph_of_networkx_itself_is_read(tmp_path):
    import networkx

    networkx.write_graphml(networkx.karate_club_graph(), tmp_path / "karate.graphml")
    net, notes = read_graphml(tmp_path / "karate.graphml")
    assert (net.neuron_count, net.synapse_count) == (34, 156)
    assert any("each way" in sentence for sentence in notes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]><graphml/>', "document type"),
        ("<graphml><graph>", "not GraphML"),
        ("plain words", "not GraphML"),
        ("<graphml/>", "not GraphML|no neuron"),
    ],
)
def test_hostile_and_broken_graphml_is_refused(tmp_path, text, message):
    (tmp_path / "bad.graphml").write_text(text)
    with pytest.raises(FileError, match=message):
        read_graphml(tmp_path / "bad.graphml")


def test_a_weight_of_infinity_in_a_graph_is_refused(tmp_path):
    import networkx

    graph = networkx.DiGraph()
    graph.add_edge("a", "b", weight=float("inf"))
    networkx.write_graphml(graph, tmp_path / "c.graphml")
    with pytest.raises(FileError, match="must be finite"):
        read_graphml(tmp_path / "c.graphml")


@pytest.mark.parametrize("suffix", ["graphml", "csv", "tsv"])
def test_neurons_without_a_sign_and_populations_of_one_name_come_back_as_they_were(tmp_path, suffix):
    net = Network(dt=0.1, seed=1)
    free = net.add_population("Free", "iaf_psc_exp", size=3, sign=0)
    same = [net.add_population("Same", "iaf_psc_exp", size=2, sign=sign) for sign in (1, -1)]
    weights = [4.0, -3.0, 0.0, 2.0, -1.0, 5.0]
    net.wire(net.add_projection("Mixed", free, free), "all_to_all", weight=weights, delay=1.5)
    for k, each in enumerate(same):
        net.wire(net.add_projection(f"{k}", each, free), "all_to_all", weight=3.0 * each.sign)
    write, read = (write_graphml, read_graphml) if suffix == "graphml" else (write_edges, read_edges)
    write(net, tmp_path / f"a.{suffix}")
    again, _ = read(tmp_path / f"a.{suffix}")
    found = {p.label: (len(p), p.sign) for p in again.populations.values()}
    assert found == {"Free": (3, 0), f"Same ({same[0].id})": (2, 1), f"Same ({same[1].id})": (2, -1)}
    assert again.synapse_count == net.synapse_count
    (way,) = (p for p in again.projections.values() if {p.pre, p.post} == {again.population("Free").id})
    assert sorted(again.synapses(way.id)["weight"]) == sorted(weights)
