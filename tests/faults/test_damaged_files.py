"""P10: no flipped bit passes unnoticed; what is damaged is named, and the rest can be opened."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import numpy as np
import pytest

from engine.errors import FileError
from engine.files.load import Loaded, load, load_all, peek_about, peek_preview
from engine.files.save import save
from tests.faults.circuit import Pretended, rich, same, same_state
from tests.faults.hostile import good, unzipped, zipped


def equal(one: Loaded, other: Loaded) -> bool:
    return (
        same(one.network, other.network)
        and same_state(one.state, other.state)
        and one.layout == other.layout
        and one.preview == other.preview
        and one.about == other.about
    )


@pytest.mark.parametrize("count", [600, pytest.param(50_000, marks=pytest.mark.long)])
def test_no_flipped_bit_is_silent(folder: Path, count: int) -> None:
    raw = good(folder / "good")
    healthy = load_all(folder / "good")
    luck = random.Random(10)
    silent, harmless = [], 0
    for _ in range(count):
        place, bit = luck.randrange(len(raw)), luck.randrange(8)
        spoiled = bytearray(raw)
        spoiled[place] ^= 1 << bit
        (folder / "spoiled").write_bytes(spoiled)
        try:
            loaded = load_all(folder / "spoiled")
        except FileError:
            continue
        harmless += 1  # a date or a version in the zip's own headers
        if not equal(loaded, healthy):
            silent.append((place, bit))
    assert silent == []
    assert harmless < count // 5


def test_every_bit_of_a_column_is_watched(folder: Path) -> None:
    raw = good(folder / "good")
    start = raw.index(np.full(12, 45.0).tobytes())
    for place in range(start, start + 96):
        spoiled = bytearray(raw)
        spoiled[place] ^= 1 << place % 8
        (folder / "spoiled").write_bytes(spoiled)
        with pytest.raises(FileError, match=r"weight\.npy is damaged") as caught:
            load(folder / "spoiled")
        assert caught.value.entry.endswith("weight.npy")


def header_of(raw: bytes, ending: str) -> int:
    """Where the header of the first entry with such a name begins."""
    name = next(name for name, _ in unzipped(raw) if name.endswith(ending)).encode()
    place = raw.index(name)
    while raw[place - 30 : place - 26] != b"PK\3\4":
        place = raw.index(name, place + 1)
    return place - 30


def damaged(folder: Path, ending: str) -> Path:
    """A good file in which one byte of one entry is wrong."""
    raw = bytearray(good(folder / "good"))
    start = header_of(raw, ending)
    size, name = struct.unpack_from("<LH", raw, start + 22)
    raw[start + 30 + name + size // 2] ^= 0x10
    (folder / "spoiled").write_bytes(raw)
    return folder / "spoiled"


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        ("/weight.npy", "weights of its synapses are lost; they are 0"),
        ("/delay.npy", "delays of its synapses are lost"),
        ("/id.npy", "its synapses have new ids"),
        ("/pre.npy", "its synapses are lost"),
        ("/post.npy", "its synapses are lost"),
        ("positions.npy", "stand on a grid"),
        ("params.tau_m.npy", "tau_m is lost"),
        ("neuron_ids.npy", "left out"),
        ("targets.npy", "left out"),
        ("sources.npy", "sources are lost"),
        ("lists.times.npy", "times is lost"),
        ("population/1/v.npy", "the run cannot be continued"),
        ("layout.json", "layout.json"),
        ("preview.png", "preview.png"),
    ],
)
def test_one_damaged_entry_is_named_and_the_rest_opens(folder: Path, ending: str, said: str) -> None:
    path = damaged(folder, ending)
    with pytest.raises(FileError, match="damaged") as caught:
        load(path)
    assert caught.value.entry.endswith(ending)
    rest = load_all(path, salvage=True)
    assert any(one.entry.endswith(ending) for one in rest.problems)
    assert any(said in one.why for one in rest.problems), rest.problems
    assert rest.network.population("Interneuron")
    save(rest.network, folder / "mended")
    assert same(load(folder / "mended")[0], rest.network)


@pytest.mark.parametrize("entry", ["layout.json", "preview.png"])
@pytest.mark.parametrize("is_there", [True, False])
def test_a_run_continues_where_only_what_lies_beside_it_is_lost(
    folder: Path, entry: str, is_there: bool
) -> None:
    path = damaged(folder, entry)
    if not is_there:
        left = [one for one in unzipped(good(folder / "good")) if one[0] != entry]
        path.write_bytes(zipped(left, vouch=False))
    rest = load_all(path, salvage=True)
    healthy = load_all(folder / "good")
    assert healthy.state is not None
    assert same_state(rest.state, healthy.state)
    assert [one.entry for one in rest.problems] == [entry]


def test_a_damaged_description_cannot_be_salvaged_and_says_so(folder: Path) -> None:
    with pytest.raises(FileError, match=r"network\.json is damaged"):
        load_all(damaged(folder, "network.json"), salvage=True)


def test_a_population_that_is_lost_takes_what_hangs_on_it_along(folder: Path) -> None:
    raw = good(folder / "good")
    entries = [one for one in unzipped(raw) if one[0] != "tables/population-1/neuron_ids.npy"]
    (folder / "holed").write_bytes(zipped(entries))
    rest = load_all(folder / "holed", salvage=True)
    assert [one.label for one in rest.network.populations.values()] == ["Interneuron", "Touch"]
    assert not rest.network.projections
    assert len([one for one in rest.problems if "left out" in one.why]) >= 4


def test_a_file_cut_short_gives_back_what_came_before_the_cut(folder: Path) -> None:
    raw = good(folder / "good")
    cut = header_of(raw, f"tables/projection-{rich().projection('T to E').id}/id.npy")
    (folder / "cut").write_bytes(raw[:cut])
    rest = load_all(folder / "cut", salvage=True)
    before = load_all(folder / "good").network
    whole, half = before.projection("E to E"), rest.network.projection("E to E")
    assert np.array_equal(
        before.projections[whole.id].synapses.weight, rest.network.projections[half.id].synapses.weight
    )
    assert rest.problems


def test_a_lost_header_costs_one_entry(folder: Path) -> None:
    raw = bytearray(good(folder / "good"))
    place = header_of(raw, "layout.json")
    struct.pack_into("<L", raw, place, 0)
    (folder / "spoiled").write_bytes(raw)
    rest = load_all(folder / "spoiled", salvage=True)
    assert same(rest.network, load(folder / "good")[0])
    assert rest.layout is None


def test_a_damaged_list_of_checksums_leaves_the_network(folder: Path) -> None:
    path = damaged(folder, "about.json")
    with pytest.raises(FileError, match=r"about\.json is damaged"):
        load(path)
    rest = load_all(path, salvage=True)
    assert [one.entry for one in rest.problems] == ["about.json", ""]
    assert same(rest.network, load(folder / "good")[0])


def test_a_healthy_file_has_no_problems_when_salvaged(folder: Path) -> None:
    good(folder / "good")
    rest = load_all(folder / "good", salvage=True)
    assert rest.problems == []
    assert equal(rest, load_all(folder / "good"))


def test_looking_at_a_file_reads_only_what_it_shows(folder: Path) -> None:
    path = damaged(folder, "/weight.npy")
    assert peek_about(path)["format"] == "neuropil"
    assert peek_preview(path) == b"\x89PNG not really"
    simulation = Pretended(rich())
    save(simulation, path)
    assert peek_preview(path) is None
