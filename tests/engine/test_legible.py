"""Names may hold what XML cannot: every file we write from them can be read again."""

from xml.dom import minidom

import pytest

from editor.recorder import vector
from editor.window.theme import DARK
from engine import Network
from engine.errors import UsageError
from engine.exchange.graphml import read_graphml, write_graphml
from engine.exchange.tables import read_edges, write_edges
from engine.legible import in_xml, legible

NAMES = ["\x00x", "\x01\x1f", "\uffff", " \t", "a\nb", "<b>&amp;</b>", "../é/\U0001f9e0", "w" * 200]


def called(name: str) -> Network:
    net = Network(title=name)
    cells = net.add_population(name, "iaf_psc_exp", size=2, names=[name, "other"])
    net.add_synapses(net.add_projection(name, cells, cells), cells[:1], cells[1:], weight=3.0)
    return net


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_whatever_a_circuit_is_called_its_pictures_and_graphs_can_be_read(tmp_path, name):
    net = called(name)
    minidom.parseString(net._repr_svg_())
    minidom.parseString(vector.document(9, 9, DARK, [], name))
    for write, read, place in (
        (write_graphml, read_graphml, tmp_path / "a.graphml"),
        (write_edges, read_edges, tmp_path / "a.csv"),
    ):
        write(net, place)
        found = read(place)[0]
        assert (found.neuron_count, found.synapse_count) == (2, 1)


def test_a_graph_says_when_it_could_not_hold_a_name(tmp_path):
    said = write_graphml(called("\x01"), tmp_path / "a.graphml")
    assert any("cannot hold control characters: 2 names" in one for one in said)
    assert not any("control" in one for one in write_graphml(called("a"), tmp_path / "b.graphml"))


def test_what_xml_can_hold_stays_as_it_is():
    kept = "\t\n\r a\u0020\ud7ff\ue000\ufffd\U00010000\U0010ffff"
    assert legible(kept) == kept
    assert in_xml('\x08<a b="c">&\'') == "\ufffd&lt;a b=&quot;c&quot;&gt;&amp;&#x27;"


def test_half_a_character_is_refused_before_it_stands_in_a_circuit_that_no_file_can_hold():
    with pytest.raises(UsageError, match="label cannot be"):
        Network().add_population("\ud800", "relay")
