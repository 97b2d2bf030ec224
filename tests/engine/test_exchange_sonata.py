"""Circuits go out as SONATA and come back, other readers agree, and a stranger's files get a clear answer."""

import json

import numpy as np
import pytest

from engine import Network, load, save
from engine.commands import main
from engine.errors import FileError

h5py = pytest.importorskip("h5py", reason="SONATA takes h5py: pip install 'neuropil[exchange]'")

from engine.exchange.sonata.reading import read_sonata  # noqa: E402
from engine.exchange.sonata.writing import write_sonata  # noqa: E402


def circuit(seed=5):
    rng = np.random.default_rng(seed)
    net = Network(dt=0.1, seed=seed)
    outside = net.add_population("Outside", "relay", size=4)
    exc = net.add_population("Exc/1", "iaf_psc_exp", size=7, positions=rng.normal(size=(7, 3)) * 50.0)
    inh = net.add_population("Inh", "iaf_cond_exp", size=3, sign=-1, params={"g_l": 12.0})
    odd = net.add_population("Odd", "two_comp_bap", size=2)
    net.set(exc, v_th=np.linspace(-56.0, -50.0, 7))
    for label, pre, post, transmission, weight in (
        ("In", outside, exc, "current_exp", 200.0),
        ("Among", exc, exc, "current_exp", 80.0),
        ("Again", exc, exc, "tsodyks_markram", 90.0),
        ("Out", exc, inh, "conductance_exp", 4.0),
        ("Back", inh, exc, "current_exp", -150.0),
    ):
        wires = net.add_projection(label, pre, post, transmission=transmission)
        count = 15
        net.add_synapses(
            wires,
            pre=rng.choice(pre.ids, count),
            post=rng.choice(post.ids, count),
            weight=weight * rng.uniform(0.5, 1.5, count),
            delay=np.round(rng.integers(1, 30, count) * 0.1, 9),
        )
    assert odd.ids.size == 2
    return net


def wiring(net):
    """Every synapse by the rows of its ends: a multiset that does not depend on ids."""
    found = []
    for projection in net.projections.values():
        ends = [net.populations[id] for id in (projection.pre, projection.post)]
        columns = projection.synapses
        rows = [end.rows(ids).tolist() for end, ids in zip(ends, (columns.pre, columns.post), strict=True)]
        labels = tuple(end.label.replace("/", "-") for end in ends)
        for a, b, w, d in zip(*rows, columns.weight.tolist(), columns.delay.tolist(), strict=True):
            found.append((*labels, projection.transmission, a, b, w, round(d, 9)))
    return sorted(found)


def test_a_circuit_comes_back_with_every_neuron_and_synapse(tmp_path):
    net = circuit()
    lost = write_sonata(net, tmp_path / "circuit_config.json")
    back, notes = read_sonata(tmp_path / "circuit_config.json")
    assert notes == []
    assert wiring(back) == wiring(net)
    assert {p.label: (p.model, p.sign, len(p)) for p in back.populations.values()} == {
        p.label.replace("/", "-"): (p.model, p.sign, len(p)) for p in net.populations.values()
    }
    for population in net.populations.values():
        other = back.population(population.label.replace("/", "-"))
        record = back.populations[other.id]
        assert np.allclose(record.positions, population.positions)
        assert {*record.params} == {*population.params}
        for name, number in population.params.items():
            assert np.array_equal(
                np.broadcast_to(record.params[name], len(record)), np.broadcast_to(number, len(record))
            )
    assert any("beside it" in note for note in lost)


def test_what_it_has_no_place_for_is_said(tmp_path):
    net = circuit()
    net.set_rules("Out", ["stdp_pair"])
    net.add_input("poisson", net.population("Inh"))
    lost = write_sonata(net, tmp_path / "a.json")
    assert "SONATA has no plasticity rules: they were left out" in lost
    assert "SONATA has no inputs: 1 were left out" in lost


def test_equal_circuits_give_equal_columns(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_sonata(circuit(), tmp_path / name / "c.json")
    for file in ("c.json", "c_node_types.csv", "c_edge_types.csv"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


@pytest.mark.parametrize("side", ["source_to_target", "target_to_source"])
def test_the_index_finds_the_edges_of_every_node(tmp_path, side):
    write_sonata(circuit(), tmp_path / "c.json")
    with h5py.File(tmp_path / "c_edges.h5") as file:
        for group in file["edges"].values():
            rows = group[f"{side.split('_')[0]}_node_id"][:]
            index = group["indices"][side]
            assert np.array_equal(index["node_id_to_range"][:], index["node_id_to_ranges"][:])
            for node, (first, last) in enumerate(index["node_id_to_ranges"][:].astype(int)):
                ranges = index["range_to_edge_id"][:].astype(int)[first:last]
                edges = [edge for begin, end in ranges for edge in range(begin, end)]
                assert sorted(edges) == np.flatnonzero(rows == node).tolist()


def test_the_library_of_the_format_reads_it(tmp_path):
    libsonata = pytest.importorskip("libsonata")
    net = circuit()
    write_sonata(net, tmp_path / "circuit_config.json")
    config = libsonata.CircuitConfig.from_file(str(tmp_path / "circuit_config.json"))
    assert config.node_populations == {"Outside", "Exc-1", "Inh", "Odd"}
    edges = config.edge_population("Inh_to_Exc-1")
    every = libsonata.Selection([(0, edges.size)])
    found = zip(
        edges.source_nodes(every),
        edges.target_nodes(every),
        edges.get_attribute("syn_weight", every),
        strict=True,
    )
    ours = [(a, b, w) for pre, _, _, a, b, w, _ in wiring(net) if pre == "Inh"]
    assert sorted((int(a), int(b), float(w)) for a, b, w in found) == sorted(ours)
    for node in range(7):
        assert edges.afferent_edges([node]).flat_size == sum(b == node for _, b, _ in ours)


def test_the_command_converts_both_ways(tmp_path, capsys):
    file, config, again = (str(tmp_path / name) for name in ("a.neuropil", "a.json", "b.neuropil"))
    save(circuit(), file)
    assert main(["convert", file, config]) == 0
    assert main(["convert", config, again]) == 0
    assert "75 synapses" in capsys.readouterr().out
    assert wiring(load(again)[0]) == wiring(circuit())


def test_without_h5py_it_says_what_to_install(tmp_path, monkeypatch, capsys):
    import sys

    save(circuit(), tmp_path / "a.neuropil")
    monkeypatch.setitem(sys.modules, "h5py", None)
    assert main(["convert", str(tmp_path / "a.neuropil"), str(tmp_path / "a.json")]) == 2
    assert "pip install 'neuropil[exchange]'" in capsys.readouterr().err


# -- strangers ---------------------------------------------------------------------------------------


def broken(folder, name):
    """A circuit in which one thing is wrong."""
    write_sonata(circuit(), folder / "c.json")
    config = json.loads((folder / "c.json").read_text())
    with h5py.File(folder / "c_edges.h5", "r+") as file:
        group = file["edges"]["Exc-1_to_Inh"]
        if name == "a node that is not there":
            group["target_node_id"][0] = 99
        elif name == "a weight that is not finite":
            group["0/syn_weight"][3] = np.nan
        elif name == "a column that is too short":
            del group["0/delay"]
            group["0/delay"] = np.ones(3)
        elif name == "a column of texts":
            del group["0/delay"]
            group["0/delay"] = [b"fast"] * 15
        elif name == "nodes that are not there":
            group["source_node_id"].attrs["node_population"] = "Elsewhere"
        elif name == "no target":
            del group["target_node_id"]
        elif name == "another file":
            del file["edges"]["Exc-1_to_Inh"]
            file["edges"]["Exc-1_to_Inh"] = h5py.ExternalLink("/etc/secret.h5", "/edges")
    if name == "no networks":
        del config["networks"]
    elif name == "a file that is missing":
        config["networks"]["nodes"][0]["nodes_file"] = "$BASE_DIR/gone.h5"
    elif name == "nodes of no file":
        del config["networks"]["nodes"][0]["nodes_file"]
    elif name == "no list":
        config["networks"]["edges"] = 3
    (folder / "c.json").write_text(json.dumps(config))
    if name == "no JSON":
        (folder / "c.json").write_text("{networks")
    elif name == "no HDF5":
        (folder / "c_nodes.h5").write_bytes(b"\x00" * 400)
    elif name == "no types":
        (folder / "c_node_types.csv").write_text("id what\n1 2\n")


WRONG = {
    "a node that is not there": "node 99 of 'Inh', which has 3",
    "a weight that is not finite": "not finite",
    "a column that is too short": "not a column of 15 numbers",
    "a column of texts": "not a column of 15 numbers",
    "nodes that are not there": "'Elsewhere', which are not there",
    "no target": "has no target_node_id",
    "another file": "leads to another file",
    "no networks": "not a SONATA circuit",
    "a file that is missing": "gone.h5",
    "nodes of no file": "without nodes_file",
    "no list": "must list its edges",
    "no JSON": "not JSON",
    "no HDF5": "cannot be read as HDF5",
    "no types": "no column node_type_id",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_strangers_circuit_is_said(tmp_path, name):
    broken(tmp_path, name)
    with pytest.raises(FileError, match=WRONG[name]):
        read_sonata(tmp_path / "c.json")


def test_what_is_not_said_is_assumed_and_told(tmp_path):
    write_sonata(circuit(), tmp_path / "c.json")
    with h5py.File(tmp_path / "c_edges.h5", "r+") as file:
        del file["edges"]["Exc-1_to_Inh"]["0/syn_weight"]
    with h5py.File(tmp_path / "c_nodes.h5", "r+") as file:
        del file["nodes"]["Exc-1"]["0/name"]
    (tmp_path / "c_node_types.csv").unlink()
    config = json.loads((tmp_path / "c.json").read_text())
    config["networks"]["nodes"][0]["node_types_file"] = None
    (tmp_path / "c.json").write_text(json.dumps(config))
    net, notes = read_sonata(tmp_path / "c.json")
    assert notes == ["15 edges have no syn_weight: each has 20 pA"]
    assert net.population("Exc-1").ids.size == 7
    assert {p.model for p in net.populations.values()} == {"iaf_psc_exp"}
