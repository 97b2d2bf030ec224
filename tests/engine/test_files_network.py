"""Saving and opening networks: nothing is lost, nothing unknown is thrown away, faults are named."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import FileError
from engine.files import layout, migrate
from engine.files.load import load, load_all, peek_about
from engine.files.migrate import Contents
from engine.files.save import save
from engine.network.network import Network
from engine.runtime.simulation import Simulation
from tests.faults.circuit import Pretended, lively, rich, same, same_state
from tests.faults.hostile import unzipped, zipped


def rewritten(
    path: Path, change: Any, entry: str = "network.json", extra: dict[str, bytes] | None = None
) -> Path:
    """The same file with one JSON entry changed, its checksums made right, and entries added."""
    entries = []
    for name, data in unzipped(path.read_bytes()):
        if name == entry:
            value = json.loads(data)
            change(value)
            data = json.dumps(value).encode()
        entries.append((name, data))
    path.write_bytes(zipped(entries + list((extra or {}).items())))
    return path


def test_a_network_comes_back_equal_in_every_part(tmp_path: Path) -> None:
    net = rich()
    save(net, tmp_path / "x.neuropil")
    back, state = load(tmp_path / "x.neuropil")
    assert same(back, net)
    assert state is None


def test_the_door_has_save_and_load(tmp_path: Path) -> None:
    import engine

    engine.save(rich(), tmp_path / "x.neuropil")
    assert same(engine.load(tmp_path / "x.neuropil")[0], rich())


def test_an_empty_network_can_be_saved(tmp_path: Path) -> None:
    save(Network(), tmp_path / "x.neuropil")
    assert same(load(tmp_path / "x.neuropil")[0], Network())


def test_equal_networks_give_equal_bytes_however_they_came_about(tmp_path: Path) -> None:
    one, two = rich(), rich()
    extra = two.add_population("Passing", "relay", size=3)
    two.remove(extra)
    save(one, tmp_path / "one")
    save(two, tmp_path / "two")
    again, _ = load(tmp_path / "one")
    save(again, tmp_path / "again")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert (tmp_path / "one").read_bytes() == (tmp_path / "again").read_bytes()


def test_layout_and_preview_are_kept_beside_the_network(tmp_path: Path) -> None:
    view = {"camera": [1.5, 2.0], "folded": ["Pyramidal"], "näme": None}
    save(rich(), tmp_path / "x", layout=view, preview=b"\x89PNG")
    loaded = load_all(tmp_path / "x")
    assert (loaded.layout, loaded.preview, loaded.problems) == (view, b"\x89PNG", [])


def test_a_simulation_is_saved_in_the_middle_of_its_run(tmp_path: Path) -> None:
    simulation = Pretended(rich())
    simulation.run(2.0)
    save(simulation, tmp_path / "x")
    net, state = load(tmp_path / "x")
    assert same(net, simulation.network)
    assert same_state(state, simulation.capture())
    on, off = Pretended(net, state), simulation
    on.run(3.0)
    off.run(3.0)
    assert same_state(on.capture(), off.capture())


def test_a_capture_can_be_saved_with_its_network(tmp_path: Path) -> None:
    simulation = Pretended(rich())
    save(simulation.network, tmp_path / "x", state=simulation.capture())
    assert same_state(load(tmp_path / "x")[1], simulation.capture())


@pytest.mark.slow
def test_a_real_run_goes_on_from_its_file_to_the_same_bits(tmp_path: Path) -> None:
    simulation = Simulation(lively())
    simulation.run(20.0)
    save(simulation, tmp_path / "x")
    net, state = load(tmp_path / "x")
    again = Simulation(net, state=state)
    again.run(30.0)
    simulation.run(30.0)
    assert same_state(again.capture(), simulation.capture())
    assert same(again.network, simulation.network)


# -- unknown things -----------------------------------------------------------------------------------


def newer(description: dict[str, Any]) -> None:
    """What a later version, or another program, might have written."""
    description["weather"] = {"sunny": [1, 2]}
    description["populations"][0]["colour"] = "#ff8800"
    description["populations"][0]["model"] = "model_of_2031"
    description["populations"][0]["age"] = {"column": "age"}
    description["projections"][0]["rules"][0]["mood"] = 0.5
    description["projections"][0]["rules"].append(
        {"slug": "rule_of_2031", "params": {"x": 1.0}, "enabled": False}
    )
    description["inputs"][0]["shape"] = None


UNKNOWN = {
    "tables/population-1/age.npy": b"",
    "movies/first.bin": b"\0\1\2",
    "plans.json": b'{"next": [1, 2.5]}',
}


def strange(path: Path) -> Path:
    from tests.faults.hostile import npy

    save(rich(), path)
    ages = npy("'<f8'", "(6,)", np.arange(6.0).tobytes())
    rewritten(path, newer, extra={**UNKNOWN, "tables/population-1/age.npy": ages})
    return rewritten(path, lambda about: about.update(licence="CC BY"), "about.json")


def test_unknown_keys_entries_and_models_are_kept(tmp_path: Path) -> None:
    path = strange(tmp_path / "x")
    net, _ = load(path)
    assert net.population("Pyramidal")
    save(net, tmp_path / "y")
    before, after = dict(unzipped(path.read_bytes())), dict(unzipped((tmp_path / "y").read_bytes()))
    assert json.loads(before["network.json"]) == json.loads(after["network.json"])
    assert after.keys() == before.keys()
    assert after["movies/first.bin"] == b"\0\1\2"
    assert json.loads(after["plans.json"]) == {"next": [1, 2.5]}
    assert before["tables/population-1/age.npy"][-48:] == after["tables/population-1/age.npy"][-48:]
    assert json.loads(after["about.json"])["licence"] == "CC BY"


def test_unknown_things_survive_an_edit_of_something_else(tmp_path: Path) -> None:
    net, _ = load(strange(tmp_path / "x"))
    net.set(net, title="renamed")
    save(net.copy(), tmp_path / "y")
    description = json.loads(dict(unzipped((tmp_path / "y").read_bytes()))["network.json"])
    assert description["populations"][0]["colour"] == "#ff8800"
    assert description["projections"][0]["rules"][0]["mood"] == 0.5
    assert description["weather"] == {"sunny": [1, 2]}


def test_what_belonged_to_a_thing_leaves_with_it(tmp_path: Path) -> None:
    net, _ = load(strange(tmp_path / "x"))
    net.remove(net.population("Pyramidal"))
    save(net, tmp_path / "y")
    names = dict(unzipped((tmp_path / "y").read_bytes())).keys()
    assert "tables/population-1/age.npy" not in names
    assert "movies/first.bin" in names
    assert load(tmp_path / "y")


# -- faults, in the user's words ----------------------------------------------------------------------


def at(section: str, number: int, **values: Any) -> Any:
    return lambda description: description[section][number].update(values)


def misspelt(description: dict[str, Any]) -> None:
    description["populations"][1]["modle"] = description["populations"][1].pop("model")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            at("populations", 1, sign="x"),
            r"population 'Interneuron' \(number 2\), sign: text where a whole number",
        ),
        (
            at("populations", 0, sign=7),
            r"population 'Pyramidal' \(number 1\), sign: 7 is not one of the values",
        ),
        (misspelt, r"population 'Interneuron' \(number 2\): 'model' is missing \(it has 'modle'\)"),
        (
            at("projections", 0, w_max=None),
            r"projection 'E to E' \(number 1\), w_max: nothing where a number",
        ),
        (
            at("projections", 0, rules=[{"slug": 3}]),
            r"'E to E' \(number 1\), rules number 1, slug: a whole number",
        ),
        (at("populations", 0, params={"tau_m": 1.0, "v_th": []}), r"params, v_th: a list where a number"),
        (at("projections", 0, pre=999), r"E to E: its pre population, 999, is not in the file"),
        (at("populations", 1, names=["a"]), r"Interneuron: 1 name for 3 neurons"),
        (lambda d: d.update(dt="x"), r"dt: text where a number should be"),
        (lambda d: d.update(probes=5), r"probes: a whole number where a list should be"),
        (lambda d: d["inputs"].append([]), r"input \(number 3\): a list where a group of named values"),
    ],
)
def test_a_fault_is_named_as_the_user_knows_the_thing(tmp_path: Path, change: Any, said: str) -> None:
    path = tmp_path / "x"
    save(rich(), path)
    rewritten(path, change)
    with pytest.raises(FileError, match=said) as caught:
        load(path)
    assert str(caught.value).startswith(f"cannot open {str(path)!r}: ")
    assert caught.value.entry


def test_every_field_of_every_record_is_checked(tmp_path: Path) -> None:
    save(rich(), tmp_path / "x")
    good = json.loads(dict(unzipped((tmp_path / "x").read_bytes()))["network.json"])
    accepted = []
    for section in ("populations", "projections", "inputs", "probes", "modulators"):
        for name in good[section][0]:
            changed = copy.deepcopy(good)
            changed[section][0][name] = {"no": ["such", "thing"]}
            rewritten(tmp_path / "x", lambda value, new=changed: (value.clear(), value.update(new)))
            try:
                load(tmp_path / "x")
                accepted.append((section, name))
            except FileError:
                pass
    assert accepted == []


# -- versions -----------------------------------------------------------------------------------------


def test_a_file_of_a_later_format_says_what_would_read_it(tmp_path: Path) -> None:
    save(rich(), tmp_path / "x")
    rewritten(tmp_path / "x", lambda about: about.update(version=9, application="7.1"), "about.json")
    with pytest.raises(FileError, match=r"written by Neuropil 7\.1 in format 9.*please update"):
        load(tmp_path / "x")
    with pytest.raises(FileError, match="please update"):
        peek_about(tmp_path / "x")


def test_the_version_is_checked_before_the_rest_is_read(tmp_path: Path) -> None:
    save(rich(), tmp_path / "x")
    rewritten(tmp_path / "x", lambda value: value.clear())
    rewritten(tmp_path / "x", lambda about: about.update(version=9), "about.json")
    with pytest.raises(FileError, match="format 9"):
        load(tmp_path / "x")


def test_an_old_file_is_brought_to_the_present_step_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(Pretended(rich()), tmp_path / "x", layout={"zoom": 1.0})
    order: list[int] = []

    def to_2(contents: Contents) -> Contents:
        order.append(2)
        contents.description["title"] += " 2"
        contents.run["new/quantity"] = np.zeros(3)
        return contents

    def to_3(contents: Contents) -> Contents:
        order.append(3)
        contents.description["title"] += " 3"
        contents.layout = {"zoom": contents.layout["zoom"] * 2}
        return contents

    monkeypatch.setattr(layout, "VERSION", 3)
    monkeypatch.setattr(migrate, "STEPS", {1: to_2, 2: to_3})
    loaded = load_all(tmp_path / "x")
    assert order == [2, 3]
    assert loaded.network.title == rich().title + " 2 3"
    assert loaded.layout == {"zoom": 2.0}
    assert "new/quantity" in (loaded.state or {})
    save(loaded.network, tmp_path / "y")
    assert peek_about(tmp_path / "y")["version"] == 3
    monkeypatch.setattr(migrate, "STEPS", {2: to_3})
    with pytest.raises(FileError, match="nothing is known of format 1"):
        load(tmp_path / "x")


def test_about_says_what_a_stranger_needs(tmp_path: Path) -> None:
    save(rich(), tmp_path / "x")
    about = peek_about(tmp_path / "x")
    assert (about["format"], about["version"]) == ("neuropil", layout.VERSION)
    assert about["units"]["voltage"] == "mV"
    assert about.keys() == {"format", "version", "application", "units"}


def test_network_json_can_be_read_by_people(tmp_path: Path) -> None:
    save(rich(), tmp_path / "x")
    text = dict(unzipped((tmp_path / "x").read_bytes()))["network.json"].decode()
    assert '"label": "Pyramidal"' in text
    assert "Ünïcode 網" in text
    assert max(len(line) for line in text.splitlines()) < 120


def test_names_of_columns_and_quantities_may_have_folders(tmp_path: Path) -> None:
    save(rich(), tmp_path / "x", state={"a/b/c d/é": np.ones(2)})
    assert list(load(tmp_path / "x")[1] or {}) == ["a/b/c d/é"]
