"""The command line: answers on stdout, complaints on stderr, and an exit code for each kind of ending."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys

import numpy as np
import pytest

import engine
from engine import Network, Simulation, commands, load, registry, save
from engine.commands import console
from engine.errors import Unstable
from tests.learning import layered
from tests.leftovers import PROJECT


def run(capsys, *words):
    """The exit code, stdout and stderr of a command run in this process."""
    try:
        code = commands.main([str(word) for word in words])
    except SystemExit as left:  # how argparse ends
        code = left.code
    out, err = capsys.readouterr()
    return code, out, err


def small_network() -> Network:
    """Five neurons driven hard enough to fire, with a plastic projection and two probes."""
    net = Network(dt=0.1, seed=3, title="Small")
    pre = net.add_population("Pre", "relay", size=2, sign=+1)
    post = net.add_population("Post", "iaf_psc_exp", size=3, sign=+1)
    wires = net.add_projection("Wires", pre, post, transmission="current_exp", rules=[("stdp_pair", {})])
    net.wire(wires, "all_to_all", weight=50.0, delay=1.0)
    net.add_input("poisson", pre, rate=200.0, weight=1.0)
    net.add_input("poisson", post, rate=12000.0, weight=40.0)
    net.add_probe(post[:1], "v", every=1.0)
    net.add_probe(wires.ids[:1], "weight", every="pre")
    return net


@pytest.fixture
def circuit(tmp_path):
    path = tmp_path / "small.neuropil"
    save(small_network(), path)
    return path


@pytest.fixture
def mid_run(tmp_path):
    path = tmp_path / "later.neuropil"
    sim = Simulation(small_network())
    sim.run(50.0)
    save(sim, path)
    return path


# -- run ---------------------------------------------------------------------------------------------


def test_a_run_is_summed_up_on_stdout(capsys, circuit):
    code, out, err = run(capsys, "run", circuit, "--for", "100ms")
    assert code == 0
    assert "Post" in out
    assert "100 ms" in out
    assert [line for line in err.splitlines() if not line.startswith("compile [")] == []


def test_the_same_summary_is_one_json_object(capsys, circuit):
    code, out, _ = run(capsys, "run", circuit, "--for", "100ms", "--json")
    said = json.loads(out)
    assert code == 0
    assert said["ok"]
    assert said["t"] == 100.0
    assert said["spikes"] == sum(each["spikes"] for each in said["populations"]) > 0
    assert said["neurons"] == 5
    assert said["projections"][0]["synapses"] == 6


def test_the_command_line_computes_what_the_door_computes(capsys, circuit, tmp_path):
    out = tmp_path / "out.npz"
    assert run(capsys, "run", circuit, "--for", "200ms", "--record", out)[0] == 0
    net, _ = load(circuit)
    sim = Simulation(net)
    sim.run(200.0)
    with np.load(out) as kept:
        probes = [f"probe_{id}_{name}" for id in net.probes for name in ("t", "id", "value")]
        assert sorted(kept.files) == sorted(["spikes_t", "spikes_id", *probes])
        np.testing.assert_array_equal(kept["spikes_t"], sim.spikes()["t"])
        np.testing.assert_array_equal(kept["spikes_id"], sim.spikes()["neuron"])
        for id in net.probes:
            np.testing.assert_array_equal(kept[f"probe_{id}_value"], sim.record(id)["value"])
            assert len(kept[f"probe_{id}_value"])


def test_a_run_in_two_parts_equals_a_run_in_one(capsys, circuit, tmp_path):
    half, two, one = (tmp_path / f"{name}.neuropil" for name in ("half", "two", "one"))
    assert run(capsys, "run", circuit, "--for", "40ms", "--save", half)[0] == 0
    code, out, _ = run(capsys, "run", half, "--for", "60ms", "--save", two, "--json")
    assert code == 0
    assert json.loads(out)["t_from"] == 40.0
    assert run(capsys, "run", circuit, "--for", "100ms", "--save", one)[0] == 0
    assert two.read_bytes() == one.read_bytes()


def test_another_seed_gives_other_spikes_and_the_same_seed_the_same(capsys, circuit):
    spikes = [
        json.loads(run(capsys, "run", circuit, "--for", "300ms", "--seed", seed, "--json")[1])
        for seed in (3, 4, 4)
    ]
    assert spikes[1]["seed"] == 4
    assert spikes[1]["populations"] == spikes[2]["populations"]
    assert spikes[0]["populations"] != spikes[1]["populations"]


def test_a_seed_for_a_saved_run_is_refused_unless_it_starts_anew(capsys, mid_run):
    code, _, err = run(capsys, "run", mid_run, "--for", "10ms", "--seed", "9")
    assert code == 2
    assert "--from-start" in err
    code, out, _ = run(capsys, "run", mid_run, "--for", "10ms", "--seed", "9", "--from-start", "--json")
    assert code == 0
    assert json.loads(out)["t_from"] == 0.0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--for", "soon"], "soon"),
        (["--for", "-5ms"], "--for"),
        (["--for", "0.05ms"], "whole number of steps"),
        (["--for", "1ms", "--threads", "0"], "at least 1"),
        (["--for", "1ms", "--record", "out.mat"], ".npz or .nwb"),
        (["--epochs", "1", "--on", "nest"], "trainings run here"),
        (["--for", "1ms", "--drop-unsupported"], "--on nest"),
        (["--for", "1ms", "--seed", "-1"], "0 or more"),
        (["--for", "1ms", "--save", "no/such/folder/x.neuropil"], "no folder"),
        ([], "--for"),
    ],
)
def test_a_run_that_cannot_be_meant_is_a_usage_error(capsys, circuit, words, said):
    code, out, err = run(capsys, "run", circuit, *words)
    assert code == 2
    assert said in err
    assert out == ""


def test_a_file_that_is_not_there_is_named(capsys, tmp_path):
    code, _, err = run(capsys, "run", tmp_path / "gone.neuropil", "--for", "1ms")
    assert code == 1
    assert "gone.neuropil" in err


def test_a_run_that_becomes_unstable_has_its_own_exit_code_and_names_the_neuron(capsys, circuit, monkeypatch):
    def blow_up(self, span, **more):
        raise Unstable("v of neuron 4 became nan at 3.2 ms", neuron=4, variable="v", t=3.2)

    monkeypatch.setattr(Simulation, "run", blow_up)
    code, out, err = run(capsys, "run", circuit, "--for", "10ms", "--json")
    assert code == 3
    assert "neuron 4" in err
    error = json.loads(out)["error"]
    assert (error["kind"], error["neuron"], error["variable"], error["t"]) == ("Unstable", 4, "v", 3.2)


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts arrive differently on Windows")
@pytest.mark.slow
def test_an_interrupt_ends_the_run_with_130_and_leaves_no_file(circuit, tmp_path):
    out = tmp_path / "out.neuropil"
    code = (  # a process started with & in a script ignores interrupts, and its children do
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from engine.commands import console, main; console.Progress.EVERY_LINE = 0.2; "
        f"sys.exit(main(['run', {str(circuit)!r}, '--for', '100000s', '--save', {str(out)!r}]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as started:
        try:
            lines = iter(started.stderr.readline, "")
            first = next(line for line in lines if line.startswith("run"))  # compiling may come before
            started.send_signal(signal.SIGINT)
            _, err = started.communicate(timeout=60)
        finally:
            started.kill()
    assert "run [" in first
    assert started.returncode == 130
    assert "interrupted" in err
    assert "Traceback" not in err
    assert not out.exists()


def test_a_long_summary_is_cut_to_what_changed_most_and_says_so():
    from engine.commands import run as running

    rows = [{"label": f"P{k}", "synapses": k, "was": 0, "weight_mean": None} for k in range(40)]
    facts = {
        "neurons": 1, "synapses": 1, "t": 1.0, "t_from": 0.0, "wall_seconds": 1.0, "times_real_time": 1.0,
        "seed": 1, "spikes": 0, "populations": [], "projections": rows,
    }  # fmt: skip
    said = running.as_text(facts, "x")
    assert "P39 " in said
    assert "P3 " not in said
    assert f"and {40 - running.ROWS} more projections" in said


# -- check -------------------------------------------------------------------------------------------


def test_a_sound_file_is_called_sound(capsys, circuit, mid_run):
    code, out, _ = run(capsys, "check", circuit)
    assert (code, "sound" in out) == (0, True)
    assert json.loads(run(capsys, "check", mid_run, "--json")[1])["mid_run"]


@pytest.mark.parametrize("cut", [0, 10, 2000])
def test_a_cut_off_file_is_a_file_problem_with_its_place(capsys, circuit, cut):
    circuit.write_bytes(circuit.read_bytes()[:cut])
    code, out, err = run(capsys, "check", circuit, "--json")
    assert code == 1
    assert "Traceback" not in err
    assert json.loads(out)["error"]["kind"] == "FileError"


def test_problems_in_a_network_are_listed_with_place_and_cure(capsys, circuit, monkeypatch):
    from engine.network import checks

    found = [checks.Problem("Post", "v_reset lies above v_th", "lower v_reset")]
    monkeypatch.setattr(checks, "check", lambda net: found)
    code, out, _ = run(capsys, "check", circuit)
    assert code == 1
    assert "v_reset lies above v_th" in out
    assert "lower v_reset" in out


# -- models ------------------------------------------------------------------------------------------


def test_every_model_is_listed(capsys):
    _, out, _ = run(capsys, "models")
    assert [model.slug for model in registry.all() if model.slug not in out] == []


@pytest.mark.parametrize("slug", [model.slug for model in registry.all()])
def test_every_model_is_explained_with_units_and_ranges(capsys, slug):
    code, out, _ = run(capsys, "models", slug)
    model = registry.find(slug)
    assert code == 0
    assert model.about().splitlines()[0] in out
    assert model.caveat in out
    for name, param in model.params.items():
        assert name in out
        assert param.unit in out
    said = json.loads(run(capsys, "models", slug, "--json")[1])
    assert list(said["params"]) == list(model.params)


def test_an_unknown_model_gets_the_nearest_name(capsys):
    code, out, err = run(capsys, "models", "stdp_pairs", "--json")
    assert code == 1
    assert "did you mean 'stdp_pair'" in err
    assert json.loads(out)["error"]["kind"] == "UnknownName"


def test_a_file_whose_learner_cannot_train_what_is_drawn_is_not_called_sound(capsys, tmp_path):
    net = layered([2, 3, 1])
    hidden = list(net.populations.values())[1].id
    lateral = net.add_projection("Sideways", hidden, hidden)
    net.wire(lateral, "all_to_all", weight=0.1)
    save(net, tmp_path / "a.neuropil")
    code, out, _ = run(capsys, "check", tmp_path / "a.neuropil")
    assert code == 1
    assert "it needs layers, and 'Sideways'" in out
    net.set(next(iter(net.learners)), enabled=False)
    save(net, tmp_path / "b.neuropil")
    assert run(capsys, "check", tmp_path / "b.neuropil")[0] == 0, "nobody is to train it"


# -- convert, pack, unpack ---------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".graphml", ".csv", ".tsv"])
def test_a_network_goes_out_and_comes_back_with_its_synapses(capsys, circuit, tmp_path, suffix):
    there, back = tmp_path / f"x{suffix}", tmp_path / "back.neuropil"
    code, out, _ = run(capsys, "convert", circuit, there)
    assert code == 0
    assert "6 synapses" in out
    assert run(capsys, "convert", there, back)[0] == 0
    net, _ = load(back)
    weights = np.concatenate([projection.synapses.weight for projection in net.projections.values()])
    np.testing.assert_allclose(weights, 50.0)
    assert len(weights) == 6


def test_what_a_format_cannot_hold_is_said(capsys, circuit, tmp_path):
    _, out, _ = run(capsys, "convert", circuit, tmp_path / "x.csv", "--json")
    assert json.loads(out)["notes"]


@pytest.mark.parametrize("suffix", [".nml", ".h5", ".txt", ""])
def test_a_format_that_is_not_in_this_version_is_a_usage_error(capsys, circuit, tmp_path, suffix):
    code, _, err = run(capsys, "convert", circuit, tmp_path / f"x{suffix}")
    assert code == 2
    assert ".graphml" in err


def test_a_file_unpacks_into_readable_files_and_packs_into_the_same_bytes(capsys, mid_run, tmp_path):
    folder, again = tmp_path / "folder", tmp_path / "again.neuropil"
    assert run(capsys, "unpack", mid_run, folder)[0] == 0
    assert "Small" in (folder / "network.json").read_text(encoding="utf-8")
    assert run(capsys, "pack", folder, again)[0] == 0
    assert again.read_bytes() == mid_run.read_bytes()


def test_a_folder_edited_into_nonsense_is_not_packed(capsys, circuit, tmp_path):
    folder, again = tmp_path / "folder", tmp_path / "again.neuropil"
    run(capsys, "unpack", circuit, folder)
    (folder / "network.json").write_text('{"populations": 3}')
    code, _, err = run(capsys, "pack", folder, again)
    assert code == 1
    assert "network.json" in err or "populations" in err
    assert not again.exists()


def test_unpacking_never_writes_into_a_folder_with_something_in_it(capsys, circuit, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    assert run(capsys, "unpack", circuit, tmp_path / "mine")[0] == 2
    assert run(capsys, "pack", tmp_path / "mine", tmp_path / "x.neuropil")[0] == 1


# -- help ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", commands.NAMES)
def test_every_command_has_help_with_examples_and_json(capsys, name):
    code, out, _ = run(capsys, name, "--help")
    assert code == 0
    assert "examples:" in out
    assert "--json" in out


def test_the_names_of_the_commands_are_those_of_the_parser(capsys):
    _, out, _ = run(capsys, "--help")
    assert [name for name in commands.NAMES if f"\n    {name} " not in out] == []


def test_no_command_and_an_unknown_one_are_usage_errors(capsys):
    assert run(capsys)[0] == 2
    assert run(capsys, "dance")[0] == 2


def test_a_reader_that_has_seen_enough_is_no_failure():
    piped = f"{sys.executable} -m engine models | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", piped], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""


# -- the door and the console ------------------------------------------------------------------------


def test_the_door_names_everything_it_has():
    assert [name for name in engine.__all__ if not callable(getattr(engine, name))] == []
    assert engine.models("relay") is registry.find("relay")
    assert engine.models() == registry.all()
    with pytest.raises(AttributeError, match="no attribute 'simulate'"):
        engine.simulate  # noqa: B018


def test_the_bar_tells_how_far_it_is_and_wipes_itself():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    screen = Terminal()
    progress = console.Progress(10, "run", screen)
    progress.EVERY = 0.0
    progress.show(5, "t = 5 ms")
    assert "50%" in screen.getvalue()
    assert "t = 5 ms" in screen.getvalue()
    progress.end()
    assert screen.getvalue().endswith("\r")


def test_a_bar_on_a_pipe_says_nothing_about_a_short_run():
    pipe = io.StringIO()
    progress = console.Progress(10, "run", pipe)
    progress.show(5)
    progress.end()
    assert pipe.getvalue() == ""


def test_json_holds_no_nan_and_no_numpy():
    said = console.as_json({"a": float("nan"), "b": np.float64(2), "c": np.arange(2), "d": (np.int64(1),)})
    assert json.loads(said) == {"a": None, "b": 2.0, "c": [0, 1], "d": [1]}


@pytest.mark.parametrize(("t", "said"), [(12.5, "12.5 ms"), (2400.0, "2.4 s"), (200_000.0, "3 min 20 s")])
def test_times_are_written_as_people_say_them(t, said):
    assert console.time_text(t) == said


@pytest.mark.slow
def test_what_a_run_needs_is_compiled_before_it_and_only_once(tmp_path, monkeypatch):
    from engine.commands import compiling
    from engine.kernels import fuse, warm_up

    asked = []
    monkeypatch.setattr(compiling.CREW, "ask", lambda recipes: asked.extend(recipes) or [])
    monkeypatch.setattr(warm_up, "missing", list)
    net = small_network()
    assert compiling.prepare_for(net) == len(asked) > 3
    modules = set()
    compiled = fuse.compiled
    monkeypatch.setattr(
        fuse, "compiled", lambda about, kernels: modules.add(about) or compiled(about, kernels)
    )
    Simulation(net).run(5.0)
    assert len(modules) > 3
    assert modules <= {recipe.about for recipe in asked}, "a run compiled what was not prepared"
