"""Every argument of the Python door: what cannot be meant is refused in one family, and nothing has changed.

The methods are read off the door, so that a new one, or a new argument, is tried by itself or asked for here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine import Network, Simulation, Training, load, models, save
from engine.errors import NeuropilError
from engine.network.edits import same
from tests.learning import layered

JUNK = {
    "an object": object(), "not a number": float("nan"), "infinity": float("inf"), "negative": -1,
    "a fraction": 1.5, "a complex number": 1 + 2j, "beyond 64 bits": 10**400, "a text": "no such thing",
    "bytes": b"", "a list": [1, 2], "a ragged list": [[1], [2, 3]], "a dict": {"a": {}},
    "a table": np.ones((1, 2)), "nothing": None,
}  # fmt: skip
GOOD: dict[str, dict[str, Any]] = {
    "apply": {},
    "population": {"label": "A"},
    "projection": {"label": "P"},
    "add_population": {
        "label": "Z", "model": "iaf_psc_exp", "size": 2, "sign": 1, "params": {"tau_m": 9.0},
        "positions": None, "passes": False, "group": "", "names": ["a", "b"], "notes": {"sign": "unknown"},
    },
    "add_astrocytes": {"label": "Z", "model": "astrocyte_li_rinzel", "size": 1, "params": None},
    "add_neurons": {"population": "A", "size": 2, "params": None, "positions": None},
    "add_projection": {
        "label": "Q", "pre": "A", "post": "A", "transmission": "current_exp", "rules": ["stdp_pair"],
        "params": None, "w_min": 0.0, "w_max": 9.0, "dendritic": 1.0, "astrocytes": None, "learns_from": "",
    },
    "wire": {
        "projection": "P", "rule": "fixed_in", "weight": 1.0, "delay": 1.0, "autapses": True,
        "multapses": True, "n": 2,
    },
    "add_synapses": {"projection": "P", "pre": [2], "post": [3], "weight": 1.0, "delay": 1.0},
    "ensheathe": {"projection": "P", "p": 1.0, "pool": 1, "pools": "random"},
    "synapses": {"of": "P"},
    "set_rules": {"projection": "P", "rules": ["stdp_pair"]},
    "add_input": {
        "model": "poisson", "targets": [2], "label": "", "weight": 1.0, "delay": 0.0, "enabled": True,
        "rate": 5.0,
    },
    "add_probe": {"targets": [2], "what": "v", "every": 1.0, "label": ""},
    "add_modulator": {"label": "M", "model": "diffuse", "sources": [2], "params": None, "delay": 1.0},
    "add_task": {
        "label": "T", "model": "table", "inputs": "R", "targets": "R", "params": None,
        "lists": {"inputs": [[0.0, 1.0]], "targets": [[1.0, 0.0]]},
    },
    "add_feedback": {"projection": "P", "weight": None, "label": ""},
    "add_learner": {"model": "backprop", "params": None, "label": ""},
    "set_learner": {"model": "backprop", "params": None, "label": ""},
    "set": {"target": [2], "v_th": -50.0},
    "move": {"neurons": [2], "at": [[0.0, 0.0, 0.0]]},
    "rename": {"thing": 1, "label": "B"},
    "remove": {"what": [2]},
    "to_networkx": {},
}  # fmt: skip
"""A call of every method that makes sense, but for what `stage` gives by name."""
RUNNING: dict[str, dict[str, Any]] = {
    "run": {"duration": 0.1},
    "record": {},
    "synapses": {"projection": "P"},
    "apply": {},
    "set": {"ids": [2], "v_th": -50.0},
    "poke": {"kind": "fire", "ids": [2]},
    "restore": {},
}


def stage() -> Network:
    """Three neurons (2 to 4) with a projection onto themselves, and rate neurons for a task."""
    net = Network(seed=1)
    cells = net.add_population("A", "iaf_psc_exp", size=3)
    way = net.add_projection("P", cells, cells, rules=["stdp_pair"])
    net.add_synapses(way, cells[:1], cells[1:2], weight=1.0)
    net.add_population("R", "rate_unit", size=2)
    return net


def told(call: Callable[[], Any]) -> str:
    """What a call is refused with, "" where it is not."""
    try:
        call()
    except NeuropilError as refusal:
        return str(refusal)
    return ""


def public(kind: type) -> set[str]:
    """The methods of a class that take something."""
    found = inspect.getmembers(kind, inspect.isfunction)
    return {n for n, f in found if n[0] != "_" and len(inspect.signature(f).parameters) > 1}


def test_every_method_of_a_network_that_changes_or_finds_something_is_called_here():
    reading = {
        "describe",
        "labelled",
        "owners",
        "population_of",
        "projection_of",
        "shelf",
        "taken",
        "thing",
        "put",
    }
    assert {name for name in vars(Network) if name[0] != "_"} - reading <= {*GOOD}


@pytest.mark.parametrize("name", GOOD)
def test_what_a_network_cannot_mean_is_refused_and_changes_nothing(name):
    method = getattr(Network, name)
    asked = [p for p in inspect.signature(method).parameters.values() if p.kind != p.VAR_KEYWORD]
    arguments = {p.name for p in asked[1:]} | {*GOOD[name]}
    refused = 0
    for argument in sorted(arguments):
        for what, junk in JUNK.items():
            net = stage()
            before = net.canonical()
            said = told(lambda net=net, more={**GOOD[name], argument: junk}: method(net, **more))
            refused += bool(said)
            assert not said or same(before, net.canonical()), f"{name}: {argument} was {what}"
            assert len(said) < 600, said
    assert refused >= 4 * len(arguments) or not arguments


@pytest.mark.parametrize("name", RUNNING)
def test_what_a_simulation_cannot_mean_is_refused(name):
    net = stage()
    for argument in inspect.signature(getattr(Simulation, name)).parameters:
        if argument in ("self", "progress", "values"):
            continue
        for junk in JUNK.values():
            sim = Simulation(net)
            told(lambda sim=sim, more={**RUNNING[name], argument: junk}: getattr(sim, name)(**more))
            assert sim.run(0.1).step >= 1


@pytest.mark.parametrize("duration", [float("nan"), float("inf"), "1", None, -1.0, 0.05, 1e300])
def test_a_run_without_an_end_is_refused(duration):
    sim = Simulation(stage())
    assert "duration" in (said := told(lambda: sim.run(duration))) or "a run of" in said
    assert sim.step == 0


@pytest.mark.parametrize("ids", [1.5, [2.0], "A"])
def test_half_an_id_names_nothing(ids):
    sim = Simulation(stage())
    assert "are not ids" in told(lambda: sim.set(ids, v_th=-50.0))
    assert "are not ids" in told(lambda: sim.poke("fire", ids))


def test_a_file_and_a_model_are_asked_for_by_name(tmp_path):
    for junk in (object(), 1.5, [1, 2], None):
        assert "it takes text or a Path" in told(lambda junk=junk: load(junk))
        assert "it takes text or a Path" in told(lambda junk=junk: save(stage(), junk))
        assert "a Network" in told(lambda junk=junk: save(junk, tmp_path / "a.neuropil"))
        assert "a Network" in told(lambda junk=junk: Simulation(junk))
        assert junk is None or "there is no model called" in told(lambda junk=junk: models(junk))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "given",
    [
        {"dt": "0.1"},
        {"dt": None},
        {"seed": 2.5},
        {"seed": 2**63},
        {"seed": "7"},
        {"precision": []},
        {"title": 3},
    ],
)
def test_a_network_begins_with_what_it_can_be(given):
    assert next(iter(given)) in told(lambda: Network(**given))


def test_a_name_nobody_has_is_answered_with_those_there_are():
    assert told(lambda: stage().population("A B C")).endswith("; there are 'A', 'R'")
    assert told(lambda: Network().population("A")).endswith("; there is none yet")
    assert "(did you mean 'stdp_pair'?)" in told(lambda: models("stdp_par"))


def taught() -> Training:
    """Exclusive or, by back-propagation."""
    return Training(layered([2, 3, 1]))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: Training(3), "net cannot be 3; it takes a Network"),
        (lambda: Training(layered([2, 3, 1]), seed=1.5), "seed is 1.5; it must be a whole number, 0 or more"),
        (lambda: Training(layered([2, 3, 1]), task=[1]), "task cannot be [1]; it takes a whole number"),
        (lambda: Training(layered([2, 3, 1]), state={}), "state cannot be {}; it takes what `capture`"),
        (lambda: taught().run(-1), "epochs is -1; it must be a whole number, 0 or more"),
        (lambda: taught().run(float("nan")), "epochs is nan"),
        (lambda: taught().set(eta=float("nan")), "eta is nan"),
        (lambda: taught().set(eta="fast"), "eta cannot be 'fast'; give a number"),
        (lambda: taught().answers([[1.0]], [[1.0]]), "it takes rows of 2 numbers, one for each neuron"),
        (lambda: taught().answers([[1.0, float("nan")]], [[1.0]]), "it takes rows of 2 numbers"),
        (lambda: taught().answers([[1.0, 0.0]] * 2, [[1.0]]), "2 inputs and 1 targets; give as many of each"),
        (
            lambda: taught().update_for([[1.0, 0.0]], "one"),
            "targets cannot be 'one'; it takes rows of 1 number,",
        ),
        (
            lambda: Training(layered([2, 3, 1], learner="movellan", feedback="mirror")).energy_trail(
                [1.0], [1.0]
            ),
            "inputs cannot be [[1.0]]; it takes rows of 2 numbers",
        ),
    ],
)
def test_what_a_training_cannot_mean_is_refused_and_changes_nothing(call, says):
    assert says in told(call)


def test_a_parameter_that_is_refused_leaves_a_learner_as_it_was():
    training = taught()
    training.set(eta=0.25)
    assert told(lambda: training.set(batch=2, eta=-1.0))
    assert training.learner.params["eta"] == 0.25
    assert "batch" not in training.learner.params
    training.set(eta=None)
    assert training.value("eta") == models("backprop").params["eta"].default
