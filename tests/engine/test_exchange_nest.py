"""A circuit becomes a script for NEST, what it has no words for is listed, what comes back is mapped."""

import ast
import json
import os
import stat
import sys

import numpy as np
import pytest

from editor.gallery import catalogue
from engine import Network, load, registry, save
from engine.commands import main
from engine.errors import ModelError, RunError, UsageError
from engine.exchange.nest import running
from engine.exchange.nest.running import NAMED, run_on_nest
from engine.exchange.nest.script import script_of, write_nest

SAYABLE = (
    "one_lif",
    "adex_patterns",
    "squid_axon",
    "nearest_or_all",
    "stdp_competition",
    "inhibitory_balance",
)
"""Examples of which NEST can say everything."""
KINDS = ("neuron", "input", "transmission", "rule")
WAYS = [(model, way) for kind in KINDS for model in registry.all(kind) for way in model.in_nest]


def circuit():
    net = Network(dt=0.1, seed=7)
    net.title = 'Two "parts"'
    relays = net.add_population("Relays", "relay", size=2)
    cells = net.add_population("Cells", "iaf_psc_exp", size=3, params={"tau_m": 12.0})
    net.set(cells, v=[-65.0, -66.0, -67.0])
    net.add_input("spike_list", relays[0], times=[5.0, 5.0, 9.3], weight=1.0)
    net.add_input("dc_current", cells[1:], amplitude=90.0, start=2.0)
    fixed = net.add_projection("Fixed", relays, cells, transmission="current_exp")
    net.add_synapses(fixed, pre=relays.ids[[0, 1]], post=cells.ids[[2, 0]], weight=[300.0, 200.0], delay=1.5)
    learns = net.add_projection(
        "Learns", cells, cells, rules=[("stdp_pair", {"tau_post": 31.0}), "receptors"], w_max=80.0
    )
    made = net.add_synapses(learns, pre=cells.ids[[0, 1]], post=cells.ids[[1, 0]], weight=40.0, delay=2.0)
    net.add_probe(cells[0], "v", every=0.5)
    net.add_probe(made[1], "weight", every="pre")
    return net


def calls(text):
    """Name and literal arguments of every call at the top of a script."""
    top = [line.value for line in ast.parse(text).body if isinstance(line, ast.Expr)]
    made = [each for each in top if isinstance(each, ast.Call)]
    return [(ast.unparse(each.func), [ast.unparse(one) for one in each.args]) for each in made]


@pytest.mark.parametrize(("model", "way"), WAYS, ids=lambda each: getattr(each, "slug", None) or each.model)
def test_a_way_into_nest_speaks_of_what_the_model_has(model, way):
    has = {*model.params, *model.states, *model.lists}
    bounds = {"w_min", "w_max"} if model.kind == "rule" else set()
    assert {*way.names} <= has | bounds
    assert {*way.post, *way.only, *way.idle, *way.at, *way.waves} <= has
    assert {*way.lists} <= {*model.lists}
    if model.kind != "transmission" or model.params:
        forgotten = {*model.params} - {*way.names, *way.post, *way.only, *way.idle}
        assert not forgotten, "a parameter NEST does not have is refused, but is that so?"


def test_the_script_says_the_circuit():
    script = script_of(circuit(), "two.py")
    assert script.lost == []
    made = [call for call in calls(script.text) if call[0] in ("nest.Create", "wire", "drive")]
    models = [(name, ast.literal_eval(args[0])) for name, args in made]
    assert models == [
        ("nest.Create", "parrot_neuron"), ("nest.Create", "iaf_psc_exp"),
        ("wire", "static_synapse"), ("wire", "stdp_synapse_lbl"),
        ("drive", "spike_generator"), ("drive", "dc_generator"),
    ]  # fmt: skip
    assert "'tau_minus': 31.0" in script.text, "NEST keeps it in the neuron"
    assert "'Wmax': 80.0" in script.text
    assert "'start': 1.9" in script.text, "a step sooner, as it takes a step to its target"
    arrays = script.arrays
    key = next(name for name in arrays if name.endswith("_times"))
    assert arrays[key].tolist() == [4.9, 4.9, 9.2]
    fixed = next(name.removesuffix("_pre") for name in arrays if name.endswith("_pre"))
    assert arrays[f"{fixed}_pre"].tolist() == [0, 1]
    assert arrays[f"{fixed}_post"].tolist() == [4, 2]
    assert arrays[f"{fixed}_weight"].tolist() == [300.0, 200.0]
    assert arrays["neuron_ids"].size == 5


def test_equal_circuits_give_equal_bytes(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_nest(circuit(), tmp_path / name / "c.py")
    for file in ("c.py", "c.npz"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


@pytest.mark.parametrize("name", [each.name for each in catalogue.examples()])
def test_every_example_is_said_or_refused_with_everything_it_lacks(name, tmp_path):
    net = catalogue.find(name).build()
    if name in SAYABLE:
        assert write_nest(net, tmp_path / "x.py")
        return
    with pytest.raises(ModelError, match="no words") as told:
        write_nest(net, tmp_path / "x.py")
    assert list(tmp_path.iterdir()) == []
    notes = write_nest(net, tmp_path / "x.py", drop=True)
    left = [note.removeprefix("left out: ") for note in notes if note.startswith("left out: ")]
    assert left
    assert all(each in str(told.value) for each in left)
    ast.parse((tmp_path / "x.py").read_text())


def grown(net, cells):
    wires = net.add_projection("Grows", cells, cells, rules=["element_growth"])
    return f"projection {wires.label!r}: element_growth"


def of_two_minds(net, cells):
    for tau in (20.0, 30.0):
        wires = net.add_projection(f"Tau {tau:g}", cells, cells, rules=[("stdp_pair", {"tau_post": tau})])
        net.add_synapses(wires, pre=cells.ids[:1], post=cells.ids[1:], weight=10.0)
    return "projection 'Tau 30': tau_minus = 30 where projection 'Tau 20' has 20: it is the neuron's"


def axonal(net, cells):
    wires = net.add_projection("Axon", cells, cells, rules=["stdp_pair"], dendritic=0.0)
    net.add_synapses(wires, pre=cells.ids[:1], post=cells.ids[1:], weight=10.0)
    return "projection 'Axon': a delay of which only 0 is dendritic"


def short_and_long(net, cells):
    wires = net.add_projection("Both", cells, cells, transmission="tsodyks_markram", rules=["stdp_pair"])
    net.add_synapses(wires, pre=cells.ids[:1], post=cells.ids[1:], weight=10.0)
    return "projection 'Both': tsodyks_markram and stdp_pair on one synapse"


def bounded_below(net, cells):
    wires = net.add_projection("Low", cells, cells, rules=["stdp_pair"], w_min=5.0)
    net.add_synapses(wires, pre=cells.ids[:1], post=cells.ids[1:], weight=10.0)
    return "projection 'Low': w_min = 5"


def nearest_triplets(net, cells):
    wires = net.add_projection("Near", cells, cells, rules=[("stdp_triplet", {"nearest": "yes"})])
    net.add_synapses(wires, pre=cells.ids[:1], post=cells.ids[1:], weight=10.0)
    return "projection 'Near': stdp_triplet with nearest = yes"


def held(net, cells):
    net.set(cells[0], frozen=True)
    return "population 'Cells': neurons that are frozen"


def released(net, cells):
    net.add_modulator("Dopamine", "diffuse", sources=cells.ids)
    return "modulator 'Dopamine': diffuse"


CASES = (grown, of_two_minds, axonal, short_and_long, bounded_below, nearest_triplets, held, released)


@pytest.mark.parametrize("make", CASES)
def test_what_nest_has_no_words_for_is_named(make):
    net = Network()
    cells = net.add_population("Cells", "iaf_psc_exp", size=2)
    assert script_of(net).lost == []
    wanted = make(net, cells)
    assert script_of(net).lost == [wanted]


def test_a_thing_that_is_switched_off_is_not_missed():
    net = Network()
    cells = net.add_population("Cells", "iaf_psc_exp", size=2)
    wires = net.add_projection("Off", cells, cells, transmission="quantal")
    net.add_synapses(wires, pre=cells.ids[:1], post=cells.ids[1:], weight=10.0)
    assert script_of(net).lost
    net.set(wires, enabled=False)
    assert script_of(net).lost == []


# -- runs --------------------------------------------------------------------------------------------


STUB = """
import json, sys, time
import numpy as np

said = dict(zip(sys.argv[2::2], sys.argv[3::2]))
{more}
for step in (500, 1000):
    print("at", step, flush=True)
data = np.load(sys.argv[1].replace(".py", ".npz"))
ids = data["neuron_ids"]
name = [key for key in data if key.endswith("_weight") and "projection" in key][-1].removesuffix("_weight")
number = name.removeprefix("projection_")
np.savez(said["--out"], spikes_t=[7.2, 3.1, 3.1], spikes_id=ids[[1, 4, 2]],
         **{{"rows_" + number: [1, 0], "weights_" + number: [41.5, 39.0]}})
"""


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """A program in the place of a Python with NEST; it runs no script, but answers like one."""

    def make(more=""):
        body, door = tmp_path / "stub.py", tmp_path / "python"
        body.write_text(STUB.format(more=more))
        door.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{body}" "$@"\n')
        door.chmod(door.stat().st_mode | stat.S_IEXEC)
        monkeypatch.setenv(NAMED, str(door))

    return make


needs_sh = pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")


@needs_sh
def test_what_comes_back_is_under_the_ids_of_the_circuit(stand_in):
    stand_in()
    net, told = circuit(), []
    ran = run_on_nest(net, 100.0, tell=told.append)
    assert told == pytest.approx([50.0, 100.0])
    cells = net.population("Cells").ids
    assert ran.spikes()["t"].tolist() == [3.1, 3.1, 7.2]
    assert ran.spikes()["neuron"].tolist() == [cells[0], cells[2], net.population("Relays").ids[1]]
    assert ran.synapses("Learns")["weight"].tolist() == [39.0, 41.5]
    assert net.synapses("Learns")["weight"].tolist() == [40.0, 40.0], "the circuit itself stays as it was"
    assert len(ran.record(next(iter(net.probes)))) == 0


@needs_sh
def test_nest_that_gives_up_is_quoted(stand_in):
    stand_in("sys.exit('no more tics')")
    with pytest.raises(RunError, match="NEST gave up: no more tics"):
        run_on_nest(circuit(), 100.0)


@needs_sh
def test_nobody_goes_on_when_the_run_is_stopped(stand_in, tmp_path):
    stand_in(f'print("at", 1, flush=True); time.sleep(20); open({str(tmp_path / "went on")!r}, "w")')

    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_on_nest(circuit(), 100.0, tell=stop)
    assert not (tmp_path / "went on").exists()


def test_without_nest_it_says_how_to_come_by_it(monkeypatch):
    monkeypatch.delenv(NAMED, raising=False)
    monkeypatch.setattr(running.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'neuropil\[nest\]'"):
        run_on_nest(circuit(), 100.0)


@needs_sh
def test_the_command_sums_up_records_and_saves_what_came_back(stand_in, tmp_path, capsys):
    stand_in()
    file, later, found = (str(tmp_path / name) for name in ("a.neuropil", "b.neuropil", "b.npz"))
    save(circuit(), file)
    command = ["run", file, "--for", "100ms", "--on", "nest", "--save", later, "--record", found, "--json"]
    assert main(command) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["on"] == "nest"
    assert facts["spikes"] == 3
    net, state = load(later)
    assert state is None
    assert net.synapses("Learns")["weight"].tolist() == [39.0, 41.5]
    with np.load(found) as kept:
        assert kept["spikes_t"].tolist() == [3.1, 3.1, 7.2]


@needs_sh
def test_the_command_lists_what_is_missing_before_anything_runs(stand_in, tmp_path, capsys):
    stand_in("raise AssertionError('it ran')")
    file = str(tmp_path / "worm.neuropil")
    save(catalogue.find("worm").build(), file)
    assert main(["run", file, "--for", "10ms", "--on", "nest"]) == 1
    said = capsys.readouterr().err
    assert "gap_junction" in said
    assert "--drop-unsupported" in said
    assert main(["convert", file, str(tmp_path / "worm.py")]) == 1
    assert not (tmp_path / "worm.py").exists()
    assert main(["convert", file, str(tmp_path / "worm.py"), "--drop-unsupported"]) == 0
    assert "left out: " in capsys.readouterr().out
    assert (tmp_path / "worm.npz").exists()


def test_a_run_that_was_saved_in_the_middle_is_not_continued_there(tmp_path, capsys):
    from engine import Simulation

    sim = Simulation(circuit())
    sim.run(10.0)
    file = str(tmp_path / "mid.neuropil")
    save(sim, file)
    assert main(["run", file, "--for", "10ms", "--on", "nest"]) == 2
    assert "--from-start" in capsys.readouterr().err
