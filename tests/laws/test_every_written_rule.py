"""Every rule of a model file, written as a definition, is the same rule: equal kernels, hence equal bits.

The kernels of a stack are text; two stacks of equal text compute the same numbers.  What a run reads of the
declaration itself (how often a card acts, its fields, what the log says) is compared besides, and one rule of
each kind of part is run.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import sys

import numpy as np
import pytest

from engine import Network, Simulation, load, registry, save, written
from engine.declare import Structure
from engine.kernels import growth_loops, recipes
from engine.written.definition import definition_of
from engine.written.model_file import as_model_file

SHIPPED = [rule for rule in registry.all("rule") if not getattr(rule, "definition", "")]
each_rule = pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: rule.slug)


TABLES = ("params", "traces", "fields", "quantities", "totals", "roles")


def again(rule):
    """The rule as a definition, and what the definition declares."""
    told = definition_of(rule, f"{rule.label} again")
    return told, written.declare(told)


def kernels(rule, choosers):
    """The text of all its kernels; the parameters that choose modulators may have another name and place."""
    found = recipes.stack("current_exp", (rule.slug,), "float64", glia=True, watched=True).kernels()
    if growth_loops.makes_synapses(rule):
        found += growth_loops.kernels(rule)
    if not choosers:
        return found
    arrays = [kernel.arrays for kernel in found]
    lines = [[line for line in kernel.body if " = pp[" not in line] for kernel in found]
    return arrays, lines


def without(one, *names):
    return dataclasses.replace(one, **dict.fromkeys(names, ""))


def bounded(limit):
    """A limit as a definition has it, which knows no infinity."""
    return np.copysign(1e12, limit) if np.isinf(limit) else limit


def alike(rule, made):
    """Compare what a run and the inspector read of two declarations."""
    mine, theirs = ({one.chosen_by for one in each.roles.values()} for each in (rule, made))
    assert kernels(rule, mine) == kernels(made, mine)
    shares = {one.of for one in rule.totals.values()}
    assert {*made.hooks} - {one.of for one in made.totals.values()} == {*rule.hooks} - shares
    assert (made.stage, made.clock, made.formula) == (rule.stage, rule.clock, rule.formula)
    assert {n: one for n, one in made.params.items() if n not in theirs} == {
        n: dataclasses.replace(one, low=bounded(one.low), high=bounded(one.high))
        for n, one in rule.params.items()
        if n not in mine
    }
    assert (made.traces, made.fields, made.quantities) == (rule.traces, rule.fields, rule.quantities)
    assert {n: without(one, "of") for n, one in made.totals.items()} == {
        n: without(one, "of") for n, one in rule.totals.items()
    }
    assert {n: without(one, "chosen_by") for n, one in made.roles.items()} == {
        n: without(one, "chosen_by") for n, one in rule.roles.items()
    }
    for name in (*written.SAID, "seeks"):
        assert getattr(made, name, "") == getattr(rule, name, ""), name
    for name in ("set_point", "pace", "looks_back", "fastest"):
        if hasattr(rule, name) and (rule.seeks or name == "fastest"):
            assert getattr(made, name)(made.row()) == getattr(rule, name)(rule.row()), name


@each_rule
def test_a_rule_written_as_a_definition_is_the_rule_of_its_model_file(rule):
    _, made = again(rule)
    alike(rule, made)
    assert set(made.presets) == set(rule.presets)
    assert written.learn(made.definition) is made
    assert written.declare(definition_of(made)) is made, "and can be told once more"


@each_rule
def test_a_definition_exported_and_loaded_as_a_model_file_is_the_same_rule(rule, tmp_path):
    told, made = again(rule)
    path = tmp_path / f"exported_{rule.slug}.py"
    path.write_text(as_model_file(told))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    try:
        spec.loader.exec_module(module)
        (there,) = [one for one in vars(module).values() if getattr(one, "family", "") == "Written"]
        lines = [
            recipes.EagerLoops(registry.find("current_exp"), (one,), "float64", True, True).kernels()
            + (growth_loops.kernels(one) if growth_loops.makes_synapses(one) else ())
            for one in (made, there)
        ]
        assert lines[0] == lines[1]
        for name in ("label", "stage", "clock", *TABLES):
            assert getattr(there, name) == getattr(made, name), name
        for name in (*written.SAID, "seeks", "presets"):
            assert getattr(there, name, "") == getattr(made, name, ""), name
        for name in ("set_point", "pace", "looks_back", "fastest"):
            assert hasattr(there, name) == hasattr(made, name)
            if hasattr(made, name):
                assert getattr(there, name)(made.row()) == getattr(made, name)(made.row())
    finally:
        del sys.modules[path.stem]


PARAMS = {
    "prune_weak": {"below": 30.0, "for_": 40.0, "update": 10.0},
    "prune_competition": {"tau_loss": 60.0, "tau_hold": 40.0},
    "intrinsic_threshold": {"tau_theta": 50.0, "tau_h": 20.0, "step": 2000.0, "update": 10.0},
    "prune_activity": {"tau_loss": 100.0, "tau_pre": 50.0, "tau_post": 50.0, "quiet": 500.0, "update": 10.0},
    "hazard": {"kappa": 5e-3, "w_half": 40.0, "create": 1e-3, "update": 20.0, "weight": 40.0},
    "element_growth": {"nu": 0.05, "tau_ca": 100.0, "beta_ca": 0.1, "eps": 5.0, "update": 20.0, "delay": 1.5},
    "scaling": {"tau_sc": 100.0, "tau_h": 50.0},
    "tag_capture": {"tau_tag": 50.0, "tau_p": 20.0, "tau_z": 30.0, "theta": 1.0, "update": 10.0},
    "graupner_brunel": {"tau": 500.0, "d": 7.0},
    "bcm": {"eta": 1e-2},
}
"""Rules that are run besides, with numbers that let them act within a moment: one of every kind of part."""
EVERY_TIME = ("prune_weak", "prune_competition", "intrinsic_threshold")
"""Those of them that are run in the short run of the tests too: the text of the kernels says it of all."""
RUN = [slug if slug in EVERY_TIME else pytest.param(slug, marks=pytest.mark.long) for slug in PARAMS]


def circuit(rule, params):
    """Four inputs of four neurons, driven so that whatever the rule looks at moves."""
    net = Network(dt=0.1, seed=2)
    draw = np.random.default_rng(7)
    rates, tunes = bool(rule.asks("post")), "on_neuron" in rule.hooks and rule.stage == "homeostasis"
    pre = net.add_population("Pre", "rate" if rates else "relay", size=4, sign=+1)
    post = net.add_population("Post", "rate" if rates else "iaf_psc_exp" if tunes else "relay", 4, sign=+1)
    for neuron in pre.ids if rates or tunes else (*pre.ids, *post.ids):
        if rates:
            net.add_input("step_current", [neuron], times=[1.0], amplitudes=[1.0 + 0.1 * neuron])
        else:
            times = np.unique(np.round(np.cumsum(draw.exponential(15.0, 20)), 1))
            net.add_input("spike_list", [neuron], times=times[(times > 0) & (times < 200)])
    if tunes:
        net.add_input("step_current", post, times=[1.0], amplitudes=[500.0])
    way = net.add_projection(
        "Pairs", pre, post, "graded" if rates else "current_exp", rules=[(rule.slug, params)], w_max=80.0
    )
    net.wire(way, "all_to_all", weight=("uniform", 20.0, 60.0), delay=1.5)
    if rule.stage == "expression":
        net.set_rules(way, [("stdp_pair", {"lambda_": 0.02}), (rule.slug, params)])
    return net, way


@pytest.mark.parametrize("slug", RUN)
def test_its_run_is_the_same_to_the_bit_from_a_file_too(slug, tmp_path):
    rule = registry.find(slug, "rule")
    _, made = again(rule)
    net, way = circuit(rule, PARAMS[slug])
    theirs = Simulation(net).run(200.0)
    copy, same = circuit(made, PARAMS[slug])
    save(copy, tmp_path / "a.neuropil")
    ours = Simulation(load(tmp_path / "a.neuropil")[0]).run(200.0)
    rows, others = theirs.synapses(way.id), ours.synapses(same.id)
    assert rows.tobytes() == others.tobytes()
    assert theirs.spikes().tobytes() == ours.spikes().tobytes()
    told = [
        [(one.kind, one.why, one.step, one.ids.tolist()) for one in sim.changes] for sim in (theirs, ours)
    ]
    assert told[0] == told[1]
    net.set_rules(way, [])
    still = Simulation(net).run(200.0)
    acted = still.synapses(way.id).tobytes() != rows.tobytes()
    assert acted or still.spikes().tobytes() != theirs.spikes().tobytes(), "the rule does something"
    assert len(rows) or not issubclass(rule, Structure), "and some synapses are left"
