"""Laws of files: whatever is declared, drawn or was ever saved goes into a file and comes back the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import registry
from engine.declare import Declaration, Param
from engine.files.layout import VERSION
from engine.files.load import load, load_all
from engine.files.save import save
from engine.network.network import Network
from engine.network.parts import RuleUse
from tests.faults.circuit import same, same_state
from tests.faults.golden import FOLDER, described

ROOT = Path(__file__).resolve().parents[2]
# a router is run on its own, in no circuit
MODELS = [model for model in registry.all() if model.kind != "router"]
GOLDEN = sorted(FOLDER.glob("format_*.neuropil"))
EXAMPLES = sorted(
    path.stem for path in (ROOT / "examples").glob("*.py") if "\ndef build(" in path.read_text("utf-8")
)
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.slug)


def turned(param: Param) -> float | str:
    """A value that is allowed and is not the default."""
    if param.is_choice:
        return param.options[-1]
    low = param.low if np.isfinite(param.low) else param.default - 1.0
    high = param.high if np.isfinite(param.high) else max(param.default, low) + 1.0
    return float(low + (high - low) * 0.618)


def pair(net: Network) -> tuple[Any, Any]:
    """Two inputs and an output, as the smallest task wants them."""
    return net.add_population("In", "rate_unit", size=2), net.add_population("Out", "rate_unit", size=1)


def with_one(model: type[Declaration]) -> Network:
    """A network in which the model is used and nothing about it is as by default.

    It is put together without asking whether that makes sense, which is not a file's business.
    """
    net = Network(seed=3)
    cells = net.add_population("Cells", "relay", size=3)
    params: dict[str, Any] = {name: turned(param) for name, param in model.params.items()}
    match model.kind:
        case "neuron" | "astrocyte":
            record = net.populations[net.add_population("It", "relay", size=2).id]
            starts = {name: np.array([0.5, 0.25]) for name in model.states}
            record.model, record.params, record.kind = model.slug, {**params, **starts}, model.kind
        case "transmission" | "rule":
            way = net.add_projection("Way", cells, cells, "current_exp")
            net.wire(way, "all_to_all", weight=2.0, delay=1.0)
            projection = net.projections[way.id]
            if model.kind == "transmission":
                projection.transmission, projection.transmission_params = model.slug, params
            else:
                projection.rules = (RuleUse(model.slug, params, False),)
            for name in model.fields:
                projection.synapses.put(name, projection.synapses.id[:4], 0.125)
        case "input":
            record_in = net.inputs[net.add_input("poisson", cells, rate=1.0).id]
            record_in.model, record_in.params = model.slug, params
            record_in.lists = {name: np.array([1.0, 2.5]) for name in model.lists}
        case "modulator":
            net.modulators[net.add_modulator("Mod", model.slug, sources=cells).id].params = params
        case "task":
            record = net.tasks[net.add_task("It", "xor", *pair(net)).id]
            record.model, record.params = model.slug, params
            record.lists = {name: np.array([1.0, 2.5]) for name in model.lists}
        case "learner":
            net.learners[net.set_learner("backprop").id].params = params
            next(iter(net.learners.values())).model = model.slug
        case kind:
            pytest.skip(f"a {kind} is no part of a network file yet")
    return net


@each_model
def test_every_declared_model_comes_back_with_all_its_values(
    model: type[Declaration], tmp_path: Path
) -> None:
    net = with_one(model)
    save(net, tmp_path / "a.neuropil")
    back, _ = load(tmp_path / "a.neuropil")
    assert same(back, net)
    assert model.slug in (tmp_path / "a.neuropil").read_text("latin-1")
    save(back, tmp_path / "b.neuropil")
    assert (tmp_path / "a.neuropil").read_bytes() == (tmp_path / "b.neuropil").read_bytes()


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_comes_back_the_same(name: str, tmp_path: Path) -> None:
    import importlib

    net = importlib.import_module(f"examples.{name}").build()
    save(net, tmp_path / "a.neuropil")
    loaded = load_all(tmp_path / "a.neuropil")
    assert same(loaded.network, net)
    assert loaded.problems == []
    save(loaded.network, tmp_path / "b.neuropil")
    assert (tmp_path / "a.neuropil").read_bytes() == (tmp_path / "b.neuropil").read_bytes()


def still(expected: Any, found: Any) -> bool:
    """Whether everything that was there is still there; later formats may have added to it."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return all(name in found and still(value, found[name]) for name, value in expected.items())
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(still(a, b) for a, b in zip(expected, found, strict=True))
    return type(expected) is type(found) and expected == found


def test_there_is_a_golden_file_of_every_format() -> None:
    assert [path.stem for path in GOLDEN] == [f"format_{number}" for number in range(1, VERSION + 1)]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_format_ever_released_opens_with_everything_in_it(path: Path, tmp_path: Path) -> None:
    loaded = load_all(path)
    assert loaded.problems == []
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert still(expected, described(loaded))
    save(loaded.network, tmp_path / "now", loaded.layout, loaded.preview, state=loaded.state)
    again = load_all(tmp_path / "now")
    assert same(again.network, loaded.network)
    assert same_state(again.state, loaded.state)
    assert described(again) == described(loaded)


def test_the_present_format_is_still_written_as_its_golden_file(tmp_path: Path) -> None:
    path = GOLDEN[-1]
    loaded = load_all(path)
    save(loaded.network, tmp_path / "now", loaded.layout, loaded.preview, state=loaded.state)
    ours, theirs = load_all(tmp_path / "now").about, loaded.about
    changed = [n for n, digest in theirs["entries"].items() if ours["entries"].get(n) != digest]
    assert changed in ([], ["network.json"])  # a record may have gained a field; no column may change
