"""Rules written in the program: they run as model files do, travel in files, and are only arithmetic."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from engine import Network, Simulation, load, registry, save, written
from engine.arithmetic_value import Hook
from engine.by_hand import plain
from engine.errors import EditRefused, ModelError, NeuropilError
from engine.kernels.stack import Stack
from engine.network import RuleUse, canonical
from engine.network.edits import from_json, to_json
from engine.network.edits.projections import SetRules
from engine.written.model_file import as_model_file
from tests.written_rules import DOPAMINE, PAIR

ROOT = Path(__file__).resolve().parent.parent.parent


def circuit(rule, params=None) -> tuple[Network, object]:
    net = Network(dt=0.1, seed=2)
    draw = np.random.default_rng(7)
    pre, post = (net.add_population(n, "relay", size=4, sign=+1) for n in ("Pre", "Post"))
    for neuron in (*pre.ids, *post.ids):
        times = np.unique(np.round(np.cumsum(draw.exponential(25.0, 20)), 1))
        net.add_input("spike_list", [neuron], times=times[(times > 0) & (times < 400)])
    way = net.add_projection("Pairs", pre, post, rules=[(rule, params or {})], w_max=80.0)
    net.wire(way, "all_to_all", weight=40.0, delay=1.5)
    return net, way


def weights(net, way) -> np.ndarray:
    sim = Simulation(net)
    sim.run(400.0)
    return sim.synapses(way.id)["weight"]


def test_a_written_rule_gives_the_very_bits_of_the_model_file_that_says_the_same():
    made = written.declare(PAIR)
    ours = weights(*circuit(made.slug, {"lambda_": 0.02}))
    theirs = weights(*circuit("stdp_pair", {"lambda_": 0.02, "mu_plus": 0.0, "mu_minus": 0.0}))
    assert np.abs(theirs - 40.0).max() > 1.0
    assert np.array_equal(ours, theirs)


def test_a_written_gate_that_listens_gives_the_very_bits_of_the_shipped_one(tmp_path):
    made = written.declare(DOPAMINE)

    def learned(gate, path=None):
        net, way = circuit("stdp_pair")
        net.set_rules(way, [("stdp_pair", {"lambda_": 0.05}), gate])
        source = net.add_population("Source", "relay", size=1)
        net.add_input("spike_list", source, times=[150.0, 300.0])
        net.add_modulator("DA", "diffuse", source, {"substance": "dopamine"})
        if path is not None:
            save(net, path)
            net = load(path)[0]
        return weights(net, way)

    theirs = learned("dopamine")
    assert np.abs(theirs - 40.0).max() > 0.1
    assert np.array_equal(learned(made.slug), theirs)
    assert np.array_equal(learned(made.slug, tmp_path / "a.neuropil"), theirs)


def test_the_window_of_a_written_induction_that_listens_is_drawn_at_a_level_of_one():
    louder = {
        **PAIR,
        "label": "Louder with noradrenaline",
        "roles": {"na": {"substance": "noradrenaline", "tau": "tau_pre"}},
        "hooks": {**PAIR["hooks"], "on_post": "syn.dw += mod.na * p.lambda_ * p.w_max * pre.x"},
    }
    made, silent = written.declare(louder), written.declare(PAIR)
    for lag in (-20.0, 5.0):
        assert made.window(lag, made.row()) == silent.window(lag, silent.row())
    assert made.params["na_from"].default == 0.0


def test_a_rule_that_listens_to_nobody_is_the_rule_it_was():
    assert "roles" not in written.canonical(PAIR)
    assert written.slug_of({**PAIR, "roles": {}}) == written.slug_of(PAIR)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"roles": {"n": {"substance": "dopamin", "tau": "tau_n"}}}, "did you mean 'dopamine'"),
        ({"roles": {"n": {"substance": "dopamine", "tau": "tau_nn"}}}, "did you mean 'tau_n'"),
        ({"roles": {"n": {"substance": "dopamine"}}}, "line 2: there is no mod.n here; give the role a tau"),
        ({"roles": {}}, r"advance, line 2: there is no mod.n here; declare what it listens to"),
        ({"roles": {"m": {"substance": "dopamine", "tau": "tau_n"}}}, r"it has mod.m, mod.m_rest"),
        ({"hooks": {"advance": "syn.dw += mod.n_dose"}}, "a dose is met in on_release alone"),
        ({"roles": {"c": {"substance": "dopamine", "tau": "tau_n"}}}, "declared twice"),
        ({"params": {**DOPAMINE["params"], "n_from": {"default": 1.0}}}, "says which modulator plays it"),
        ({"stage": "expression", "hooks": {"apply": "syn.w += syn.dw"}}, "an? induction or a gate can"),
    ],
)  # fmt: skip
def test_a_role_that_makes_no_sense_says_what_would(change, why):
    with pytest.raises(ModelError, match=why):
        written.declare({**DOPAMINE, **change})


def test_its_window_is_drawn_without_running_anything():
    made, known = written.declare(PAIR), registry.find("stdp_pair")
    row = known.row(mu_plus=0.0, mu_minus=0.0)
    for lag in (-60.0, -10.0, -0.5, 0.0, 0.5, 10.0, 60.0):
        assert made.window(lag, made.row()) == pytest.approx(known.window(lag, row), abs=1e-12)


def test_a_file_brings_its_rules_along_to_a_program_that_has_never_seen_them(tmp_path):
    made = written.declare({**PAIR, "label": "Seen nowhere else"})
    net, way = circuit(made.slug)
    here = weights(net, way)
    save(net, tmp_path / "a.neuropil")
    code = (
        "import sys, numpy as np\n"
        "from engine import Simulation, load\n"
        f"net, _ = load({str(tmp_path / 'a.neuropil')!r})\n"
        "sim = Simulation(net).run(400.0)\n"
        f"np.save({str(tmp_path / 'there.npy')!r}, sim.synapses({way.id})['weight'])\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=120)
    assert np.array_equal(here, np.load(tmp_path / "there.npy"))


def test_an_edit_in_the_journal_brings_its_rule_along():
    made = written.declare(PAIR)
    edit = SetRules(3, (RuleUse(made.slug, {"alpha": 2.0}),))
    told = json.loads(json.dumps(to_json(edit)))
    assert told["rules"][0]["written"] == made.definition
    assert from_json(told).rules == edit.rules


def test_saving_again_gives_the_same_bytes_and_the_slug_stays(tmp_path):
    net, _ = circuit(written.declare(PAIR).slug)
    save(net, tmp_path / "a.neuropil")
    save(load(tmp_path / "a.neuropil")[0], tmp_path / "b.neuropil")
    assert (tmp_path / "a.neuropil").read_bytes() == (tmp_path / "b.neuropil").read_bytes()


def test_another_line_is_another_rule_and_both_may_be_open():
    other = {**PAIR, "hooks": {**PAIR["hooks"], "on_post": "syn.dw += 2.0 * p.lambda_ * p.w_max * pre.x"}}
    one, two = written.declare(PAIR), written.declare(other)
    assert one.slug != two.slug
    assert one.label == two.label
    assert written.declare(dict(reversed(PAIR.items()))) is one


@pytest.mark.parametrize(
    ("told", "name"), [(PAIR, "MyPairRule"), (DOPAMINE, "DopamineWritten")], ids=["pair", "dopamine"]
)
def test_it_can_be_exported_as_a_model_file_that_compiles_to_the_same_kernel(tmp_path, told, name):
    made = written.declare(told)
    path = tmp_path / "exported_rule.py"
    path.write_text(as_model_file(told))
    spec = importlib.util.spec_from_file_location("exported_rule", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["exported_rule"] = module
    try:
        spec.loader.exec_module(module)
        there = getattr(module, name)
        assert there.slug == made.slug.rpartition("_")[0]
        assert (there.label, there.stage, there.roles) == (made.label, made.stage, made.roles)
        assert {n: (p.default, p.low, p.high) for n, p in there.params.items()} == {
            n: (p.default, p.low, p.high) for n, p in made.params.items()
        }
        assert set(there.hooks) == set(told["hooks"])
        for hook in there.hooks:
            lines = [
                Stack(registry.find("current_exp"), (rule,), "float64").hook("0", rule, hook)
                for rule in (made, there)
            ]
            assert lines[0] == lines[1]
    finally:
        del sys.modules["exported_rule"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("import os", "import is not allowed"),
        ("syn.dw += __import__('os')", "not among the functions"),
        ("syn.dw += open('x').read()", "that is not among the functions|not allowed"),
        ("syn.__class__ = 1.0", "underscore"),
        ("syn.dw += post.y.__class__", "only row.name"),
        ("while True:\n    syn.dw += 1.0", "while is not allowed"),
        ("syn.dw += (lambda: 1.0)()", "not among the functions"),
        ("syn.dw += [x for x in post]", "not allowed"),
        ("syn.dw += 'text'", "is not a number"),
        ("syn.dw +=", "invalid syntax"),
        ("p.alpha = 3.0", "read only"),
        ("syn.dw += nothing", "is not known here"),
        ("syn.dw += 1e999", "not a number"),
        ("def f():\n    pass", "functiondef is not allowed"),
    ],
)  # fmt: skip
def test_what_is_more_than_arithmetic_is_refused_with_its_line(line, why):
    with pytest.raises(ModelError, match=why) as refused:
        written.declare({**PAIR, "hooks": {"on_pre": "syn.dw += 0.0\n" + line}})
    assert "line" in str(refused.value) or "name" in str(refused.value)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"stage": "inductoin"}, "did you mean 'induction'"),
        ({"label": " "}, "give the rule a name"),
        ({"hooks": {}}, "does nothing yet"),
        ({"hooks": {"on_prre": "syn.dw += 1.0"}}, "did you mean 'on_pre'"),
        ({"params": {"w": {"default": 1.0}}}, "taken by every rule"),
        ({"params": {"Tau": {"default": 1.0}}}, "is no name"),
        ({"params": {"a": {"default": 5.0, "low": 0, "high": 1}}, "traces": {}}, "5 is not between 0 and 1"),
        ({"params": {"a": {"default": "x"}}}, "must be a number"),
        ({"traces": {"x": {"owner": "pre", "tau": "tau_prre"}}}, "did you mean 'tau_pre'"),
        ({"traces": {"x": {"owner": "both", "tau": "tau_pre"}}}, 'must be "pre" or "post"'),
        ({"fields": {"x": {"init": 0.0}}}, "declared twice"),
        ({"colour": "red"}, "has no 'colour'"),
        ({"about": 3}, "is a text"),
    ],
)  # fmt: skip
def test_a_definition_that_makes_no_sense_says_what_would(change, why):
    with pytest.raises(ModelError, match=why):
        written.declare({**PAIR, **change})


def test_a_hook_that_reads_what_the_rule_does_not_have_is_refused_before_the_run():
    made = written.declare({**PAIR, "label": "Reads z", "hooks": {"on_pre": "syn.dw += post.z"}})
    with pytest.raises(NeuropilError, match="needs the state 'z' of its post neurons"):
        circuit(made.slug)
    made = written.declare({**PAIR, "label": "Reads syn.z", "hooks": {"on_pre": "syn.dw += syn.z"}})
    net, _ = circuit(made.slug)
    with pytest.raises(NeuropilError, match=r"there is no syn\.z"):
        Simulation(net)


def test_a_file_whose_rule_was_changed_by_hand_is_refused_with_its_place():
    made = written.declare(PAIR)
    card = canonical.card_of(RuleUse(made.slug))
    card["written"] = card["written"].replace("post.y", "post.y * 2.0")
    with pytest.raises(NeuropilError, match="changed by hand"):
        canonical.rule(card)
    card["written"] = json.dumps({**PAIR, "hooks": {"on_pre": "import os"}})
    with pytest.raises(NeuropilError, match="import is not allowed"):
        canonical.rule(card)
    card["written"] = json.dumps({**PAIR, "stage": "structure", "settings": {"why": "{alpha.__class__}"}})
    with pytest.raises(NeuropilError, match="Lost because"):
        canonical.rule(card)
    card["written"] = "[" * 10_000
    with pytest.raises(NeuropilError, match="not readable"):
        canonical.rule(card)


def test_every_shipped_hook_that_calls_no_chance_comes_to_the_same_in_plain_python():
    """The evaluator against Python itself, on the hooks of every rule with a timing window."""
    draw, tried = np.random.default_rng(1), 0
    for rule in registry.all("rule"):
        for name in ("on_pre", "on_post"):
            if name not in rule.hooks or getattr(rule, "definition", ""):
                continue
            tree = rule.source_of(name)
            rows = {}
            for argument in (a.arg for a in tree.args.args):
                names = rule.read_of(argument) | {"dw", "w", "dq", "dp"}
                rows[argument] = {one: float(draw.uniform(0.1, 0.9)) for one in sorted(names)}
            rows["p"] = {**vars(rule.row()), "w_max": 1.0, "w_min": 0.0}
            if "dt" in rows:
                continue
            ours = {k: SimpleNamespace(**v) for k, v in rows.items()}
            theirs = {k: SimpleNamespace(**v) for k, v in rows.items()}
            wanted = {a.arg for a in tree.args.args}
            Hook("x", tree)(**{k: v for k, v in ours.items() if k in wanted})
            plain(rule.hooks[name])(**{k: v for k, v in theirs.items() if k in wanted})
            assert vars(ours["syn"]) == pytest.approx(vars(theirs["syn"]), rel=1e-12, nan_ok=True), rule.slug
            tried += 1
    assert tried >= 5


def test_the_same_card_on_the_door_is_refused_when_its_numbers_do_not_fit():
    made = written.declare(PAIR)
    with pytest.raises((EditRefused, NeuropilError), match="alpha"):
        circuit(made.slug, {"alpha": 1e9})
    with pytest.raises(NeuropilError, match="did you mean 'alpha'"):
        circuit(made.slug, {"alpah": 1.0})
