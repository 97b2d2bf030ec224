"""P9: opening a stranger's file runs nothing, stays small, and ends in a network or in one FileError."""

from __future__ import annotations

import json
import os
import pickle
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import FileError
from engine.files.archive import LIMITS
from engine.files.load import load_all
from engine.files.save import save
from tests.faults.circuit import same
from tests.faults.hostile import Touch, corpus, good, unzipped, zipped

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
MEGABYTE = 1 << 20


class Outcome(NamedTuple):
    name: str
    salvage: bool
    came: str
    text: str
    entry: str
    offset: int | None
    peak: int
    seen: list[str]


def jailed(folder: Path, *options: str) -> list[Outcome]:
    """Open every file of a folder in the watched process."""
    result = subprocess.run(
        [sys.executable, str(HERE / "jail.py"), str(folder), *options],
        capture_output=True, text=True, timeout=300, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr[-2000:]
    return [Outcome(*json.loads(line)) for line in result.stdout.splitlines()]


def memory_folder() -> Path:
    home = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return Path(tempfile.mkdtemp(prefix="neuropil-", dir=home))


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    folder = memory_folder()
    files = corpus(folder)
    assert len(files) >= 150
    names = {}
    for number, (what, data) in enumerate(files.items()):
        names[f"{number:04d}"] = what
        (folder / f"{number:04d}").write_bytes(data)
    found = [one._replace(name=names.get(one.name, one.name)) for one in jailed(folder, "--memory")]
    shutil.rmtree(folder)
    assert not Path("/tmp/neuropil-was-here").exists()
    return found


def test_the_healthy_file_opens_in_the_jail(outcomes: list[Outcome]) -> None:
    assert {one.came for one in outcomes if one.name == "good"} == {"opened"}


def test_every_hostile_file_is_refused_with_a_message_that_names_it(outcomes: list[Outcome]) -> None:
    strict = [one for one in outcomes if not one.salvage and one.name != "good"]
    assert [(one.name, one.came) for one in strict if one.came != "FileError"] == []
    assert [one.name for one in strict if not one.text.startswith("cannot open '")] == []
    crashes = [one for one in strict if "cannot be understood" in one.text or "memory" in one.text]
    assert [(one.name, one.text) for one in crashes] == []  # each is refused by a check that was meant for it


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a bomb", "bomb.bin is compressed"),
        ("a bomb in a column", "weight.npy is compressed"),
        ("two of one name", "two entries are named 'network.json'"),
        ("an entry in two places at once", "outer overlaps inner"),
        ("an entry called '../up'", "leads out of the file"),
        ("checksums not vouched for", "network.json is damaged"),
        ("network.json: deep lists", "nested more than"),
        ("network.json: ten million values", "at most"),
        ("network.json: a name twice deep down", "gives 'b' twice"),
        ("network.json: NaN", "NaN, which is not a number"),
        ("synapse ids: objects", "plain numbers only"),
        ("synapse ids: 8 GB claimed", "claims 8589934592 bytes of numbers and has 0"),
        ("synapse ids: (0, 10**18)", "claims the size"),
        ("synapse ids: V0", "plain numbers only"),
        ("synapses of nobody", "is not in 'Pyramidal'"),
        ("network: id of another", "column"),
        ("synapse ids given twice", "the id 900, 901, 902 and 3 more is given to more than one thing"),
        ("neuron ids that do not increase", "do not increase"),
        ("targets beyond the file", "is not in the file"),
        ("a later format", "please update"),
    ],
)
def test_the_message_says_what_is_wrong(outcomes: list[Outcome], name: str, said: str) -> None:
    (one,) = [one for one in outcomes if one.name == name and not one.salvage]
    assert said in one.text


def test_what_is_salvaged_from_a_hostile_file_is_a_network_or_one_message(outcomes: list[Outcome]) -> None:
    came = {one.came for one in outcomes if one.salvage}
    assert came == {"opened", "FileError"}


def test_nothing_is_run_written_or_imported_by_any_of_them(outcomes: list[Outcome]) -> None:
    assert [(one.name, one.seen) for one in outcomes if one.seen] == []


def test_the_watch_would_notice(tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(pickle.dumps(Touch()).replace(b"touch", b"test "))
    code = (
        "import pickle, sys; from pathlib import Path; import engine.files.load as door;"
        "from tests.faults import jail;"
        "door.load_all = lambda path, salvage=False: pickle.loads(path.read_bytes());"
        "jail.main(Path(sys.argv[1]))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert "os.system" in result.stdout, result.stderr


def test_no_hostile_file_needs_much_memory(outcomes: list[Outcome]) -> None:
    greedy = [(one.name, one.peak // MEGABYTE) for one in outcomes if one.peak > 200 * MEGABYTE]
    assert greedy == []


def test_damage_inside_an_entry_is_given_with_entry_and_byte(outcomes: list[Outcome]) -> None:
    for one in outcomes:
        if one.name.startswith(("synapse ids: V0", "synapse ids: objects", "network.json: not JSON")):
            assert one.salvage or (one.entry.endswith((".npy", ".json")) and one.offset), one


def test_a_file_cut_at_every_97th_byte_is_refused(tmp_path: Path) -> None:
    folder = memory_folder()
    raw = good(folder / "good")
    for cut in range(0, len(raw), 97):
        (folder / f"cut{cut:07d}").write_bytes(raw[:cut])
    found = [one for one in jailed(folder) if one.name != "good"]
    shutil.rmtree(folder)
    assert len(found) > 100
    assert {one.came for one in found if not one.salvage} == {"FileError"}
    assert {one.came for one in found} <= {"FileError", "opened"}
    assert [one for one in found if one.seen] == []


def mutations(raw: bytes, luck: random.Random) -> bytes:
    """A file broken at random: in the zip, or inside an entry with its checksums made right again."""
    if luck.random() < 0.4:
        spoiled = bytearray(raw)
        for _ in range(luck.randint(1, 4)):
            _spoil(spoiled, luck)
        return bytes(spoiled)
    entries = unzipped(raw)
    which = luck.randrange(2, len(entries))
    inside = bytearray(entries[which][1])
    for _ in range(luck.randint(1, 3)):
        _spoil(inside, luck)
    entries[which] = (entries[which][0], bytes(inside))
    return zipped(entries)


def _spoil(data: bytearray, luck: random.Random) -> None:
    place = luck.randrange(len(data) + 1)
    match luck.randrange(5):
        case 0 if data:
            data[min(place, len(data) - 1)] ^= 1 << luck.randrange(8)
        case 1:
            del data[place : place + luck.choice((1, 4, 40))]
        case 2:
            data[place:place] = luck.choice(
                (b"\0", b"\xff" * 8, b"[", b'"', b"-1", b"1e999", b"NaN", b"PK\1\2")
            )
        case 3:
            data[place : place + 8] = luck.choice((bytes(8), b"\xff" * 8, b"\x7f" + b"\xff" * 7, b"99999999"))
        case _:
            start = luck.randrange(len(data) + 1)
            data[place:place] = data[start : start + 60]


@pytest.mark.parametrize("count", [400, pytest.param(20_000, marks=pytest.mark.long)])
def test_mutated_files_open_or_are_refused_and_do_nothing_else(count: int) -> None:
    folder = memory_folder()
    raw = good(folder / "good")
    for number in range(count):
        (folder / f"{number:06d}").write_bytes(mutations(raw, random.Random(number)))
    found = [one for one in jailed(folder) if one.name != "good"]
    shutil.rmtree(folder)
    assert len(found) == 2 * count
    assert {one.came for one in found} <= {"FileError", "opened"}, [
        one for one in found if one.came not in ("FileError", "opened")
    ][:3]
    assert [one for one in found if one.seen] == []
    assert sum(one.came == "FileError" for one in found if not one.salvage) > count // 2


@pytest.fixture(scope="module")
def healthy() -> Iterator[tuple[Path, list[tuple[str, bytes]]]]:
    folder = memory_folder()
    yield folder, unzipped(good(folder / "good"))
    shutil.rmtree(folder)


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["neuron_ids", "double", "pre", "stdp_pair"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
@settings(max_examples=120)
def test_a_description_with_anything_anywhere_opens_and_saves_again_or_is_refused(
    healthy: tuple[Path, list[tuple[str, bytes]]], data: st.DataObject
) -> None:
    folder, entries = healthy
    description = json.loads(dict(entries)["network.json"])
    here: Any = description
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if isinstance(here[key], dict | list) and here[key] and data.draw(st.booleans()):
            here = here[key]
            continue
        if data.draw(st.booleans()) and isinstance(here, dict):
            del here[key]
            here[data.draw(st.text(max_size=8))] = data.draw(JSON)
        else:
            here[key] = data.draw(JSON)
        break
    path = folder / "mutant"
    raw = json.dumps(description).encode()
    path.write_bytes(zipped([(n, raw if n == "network.json" else d) for n, d in entries]))
    refusal = ""
    try:
        loaded = load_all(path)
    except FileError as error:
        refusal = str(error)
    assert "cannot be understood" not in refusal
    if refusal:
        return
    save(loaded.network, folder / "again")
    assert same(load_all(folder / "again").network, loaded.network)


def test_a_network_of_the_size_we_promise_is_within_the_limits() -> None:
    assert LIMITS.file >= 10**9
    assert LIMITS.json >= 10_000 * 400
