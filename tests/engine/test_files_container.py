"""The container: any set of entries comes back as it was, in a zip that other programs can read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as made

from engine.errors import FileError
from engine.files import archive, columns, words
from engine.files.archive import Limits
from engine.files.container import MIMETYPE, read_bundle, to_parts, write_bundle

ENTRIES: dict[str, Any] = {
    "network.json": {"b": [1, 2.5, None, True, "ü"], "a": {}},
    "tables/x/a.npy": np.arange(5),
    "tables/x/b.npy": np.zeros((3, 0, 2), np.float32),
    "run/population/1/v.npy": np.array([[1.5, -0.0], [np.inf, np.nan]]),
    "run/clock.npy": np.array(7, np.uint64),
    "run/flags.npy": np.array([True, False]),
    "preview.png": b"\x89PNG",
    "ünï/cödé.bin": b"",
}


def equal(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    return type(one) is type(other) and one == other


def test_every_entry_comes_back_as_it_was(tmp_path: Path) -> None:
    write_bundle(tmp_path / "x", {"version": 1, "more": [1]}, ENTRIES)
    bundle = read_bundle(tmp_path / "x")
    assert bundle.entries.keys() == ENTRIES.keys()
    assert [name for name in ENTRIES if not equal(ENTRIES[name], bundle.entries[name])] == []
    assert (bundle.about["version"], bundle.about["more"]) == (1, [1])


def test_arrays_that_come_back_can_be_written_into(tmp_path: Path) -> None:
    write_bundle(tmp_path / "x", {}, ENTRIES)
    column = read_bundle(tmp_path / "x").entries["tables/x/a.npy"]
    column[0] = 9
    assert column.flags.aligned


def test_the_order_of_entries_and_the_day_change_nothing(tmp_path: Path) -> None:
    write_bundle(tmp_path / "x", {"a": 1, "b": 2}, ENTRIES)
    write_bundle(tmp_path / "y", {"b": 2, "a": 1}, dict(reversed(ENTRIES.items())))
    assert (tmp_path / "x").read_bytes() == (tmp_path / "y").read_bytes()


def test_other_programs_can_read_it(tmp_path: Path) -> None:
    write_bundle(tmp_path / "x", {}, ENTRIES)
    raw = (tmp_path / "x").read_bytes()
    assert raw[30:38] == b"mimetype"
    assert raw[38 : 38 + len(MIMETYPE)] == MIMETYPE
    with zipfile.ZipFile(tmp_path / "x") as other:
        assert other.testzip() is None
        names = other.namelist()
        assert names[:2] == ["mimetype", "about.json"]
        assert names[2:] == sorted(ENTRIES)
        assert {info.compress_type for info in other.infolist()} == {zipfile.ZIP_STORED}
        for name in names:
            if name.endswith(".npy"):
                read = np.load(io.BytesIO(other.read(name)), allow_pickle=False)
                assert equal(ENTRIES[name], read)


def test_a_zip_made_by_another_program_can_be_read(tmp_path: Path) -> None:
    write_bundle(tmp_path / "x", {}, ENTRIES)
    with zipfile.ZipFile(tmp_path / "x") as ours, zipfile.ZipFile(tmp_path / "y", "w") as theirs:
        for name in ours.namelist():
            theirs.writestr(name, ours.read(name))
        theirs.comment = b"packed by hand"
    assert read_bundle(tmp_path / "y").entries.keys() == ENTRIES.keys()


@pytest.mark.parametrize(("large", "lots"), [(300, 3), (300, 0xFFFF), (0xFFFFFFFF, 3)])
def test_files_beyond_4_gigabytes_are_written_as_others_write_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int, lots: int
) -> None:
    monkeypatch.setattr(archive, "LARGE", large)
    monkeypatch.setattr(archive, "LOTS", lots)
    entries = {**ENTRIES, "tables/x/long.npy": np.arange(1000.0)}
    write_bundle(tmp_path / "x", {}, entries)
    with zipfile.ZipFile(tmp_path / "x") as other:
        assert other.testzip() is None
        assert np.array_equal(np.load(io.BytesIO(other.read("tables/x/long.npy"))), np.arange(1000.0))
    assert read_bundle(tmp_path / "x").entries.keys() == entries.keys()


@pytest.mark.parametrize(
    "array",
    [
        np.array(["a"]),
        np.array([object()]),
        np.array([1 + 2j]),
        np.zeros(2, [("a", "f8")]),
        np.array(["2020-01-01"], "M8[D]"),
        np.zeros(2, "f2"),
        np.zeros(2, np.longdouble),
    ],
)
def test_what_is_not_plain_numbers_is_not_written(tmp_path: Path, array: np.ndarray) -> None:
    with pytest.raises(FileError, match="cannot keep"):
        write_bundle(tmp_path / "x", {}, {"run/a.npy": array})
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x.json", {"a": float("nan")}),
        ("x.json", {"a": {1, 2}}),
        ("x.bin", "text"),
        ("../x.bin", b""),
        ("about.json", {}),
        ("mimetype", b""),
        ("a\\b.bin", b""),
    ],
)
def test_what_could_not_be_read_again_is_not_written(tmp_path: Path, name: str, value: Any) -> None:
    with pytest.raises(FileError) as caught:
        write_bundle(tmp_path / "x", {}, {name: value})
    assert caught.value.entry == name
    assert not (tmp_path / "x").exists()


@given(
    made.arrays(
        st.sampled_from([np.dtype(kind) for kind in columns.KINDS] + [np.dtype(">f8"), np.dtype(">i4")]),
        made.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
    ),
    st.booleans(),
)
def test_any_array_comes_back_whatever_its_order_in_memory(array: np.ndarray, turned: bool) -> None:
    given = array.T[::-1] if turned and array.ndim > 1 else array
    raw = b"".join(bytes(part) for part in columns.to_parts(given, "x"))
    back = columns.from_bytes(np.frombuffer(raw, np.uint8), "x")
    assert back.shape == given.shape
    assert back.dtype == given.dtype.newbyteorder("<") or back.dtype == given.dtype
    assert back.tobytes() == given.astype(back.dtype).tobytes()
    assert equal(np.load(io.BytesIO(raw)), back)


def test_a_column_in_fortran_order_written_by_numpy_is_read(tmp_path: Path) -> None:
    out = io.BytesIO()
    table = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    np.save(out, table)
    assert np.array_equal(columns.from_bytes(np.frombuffer(out.getvalue(), np.uint8), "x"), table)


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(JSON)
def test_any_json_comes_back_and_equal_values_give_equal_bytes(value: Any) -> None:
    try:
        raw = words.to_bytes(value)
    except FileError:
        return  # half a character
    back = words.from_bytes(raw)
    assert back == value
    assert words.to_bytes(back) == raw


def test_limits_are_kept(tmp_path: Path) -> None:
    size = write_bundle(tmp_path / "x", {}, ENTRIES)
    for limits, why in (
        (Limits(file=size - 1), f"has {size} bytes"),
        (Limits(entries=5), "entries"),
        (Limits(json=10), "about.json has"),
        (Limits(values=5), "values"),
        (Limits(depth=0), "nested"),
        (Limits(other=3), "preview.png has 4 bytes"),
    ):
        with pytest.raises(FileError, match=why):
            read_bundle(tmp_path / "x", limits)
    read_bundle(tmp_path / "x", Limits(file=size))


def test_brackets_inside_text_are_not_counted() -> None:
    value = {"a": "[" * 500 + '\\"' * 9 + "{,}" * 500}
    assert words.from_bytes(words.to_bytes(value), limits=Limits(values=20, depth=3)) == value


def test_columns_are_not_copied_on_their_way_to_the_disk() -> None:
    column = np.arange(1000.0)
    parts = dict(to_parts({}, {"tables/x/a.npy": column}))["tables/x/a.npy"]
    assert np.shares_memory(np.frombuffer(parts[1], np.float64), column)
