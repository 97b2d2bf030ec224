"""The window starts whatever became of its settings file, and says what it ignored (TRUST P19)."""

import json
import random

import pytest

from editor.settings import Settings

GOOD = {
    "theme": "light",
    "recent": ["/tmp/a.neuropil"],
    "geometry": "AAEC",
    "docks": "",
    "folded": ["glia"],
    "speed": 0.01,
    "hints": False,
    "last_folder": "/tmp",
}


def test_what_is_saved_is_there_at_the_next_start(tmp_path):
    path = tmp_path / "deep" / "settings.json"
    first = Settings.load(path)
    first.theme, first.geometry, first.folded = "light", b"\x00\x01\xff", ["rules"]
    first.opened("/tmp/worm.neuropil")
    assert first.save() == ""
    again = Settings.load(path)
    assert (again.theme, again.geometry, again.folded) == ("light", b"\x00\x01\xff", ["rules"])
    assert again.recent == ["/tmp/worm.neuropil"]
    assert again.complaint == ""


def test_no_file_is_no_reason_to_complain(tmp_path):
    assert Settings.load(tmp_path / "none.json").complaint == ""


@pytest.mark.parametrize(
    "damage", [b"", b"\x00" * 300, b"{", b"[]", b"null", b"\xff\xfe\x00", b"[" * 100_000]
)
def test_a_damaged_file_is_ignored_aloud_and_kept_aside(tmp_path, damage):
    path = tmp_path / "settings.json"
    path.write_bytes(damage)
    settings = Settings.load(path)
    assert settings.theme == "dark"
    assert "ignored" in settings.complaint
    assert "settings.json" in settings.complaint
    assert (tmp_path / "settings.json.damaged").read_bytes() == damage
    settings.theme = "light"
    assert settings.save() == ""
    assert Settings.load(path).theme == "light"


def test_a_huge_file_is_not_even_read(tmp_path):
    path = tmp_path / "settings.json"
    path.write_bytes(b" " * 2_000_000)
    assert "larger" in Settings.load(path).complaint


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "purple"), ("theme", 3), ("recent", "a"), ("recent", [1]), ("geometry", "@@@"),
        ("docks", 7), ("folded", {}), ("speed", -1), ("speed", "fast"), ("speed", True),
        ("hints", 1), ("last_folder", None),
    ],
)  # fmt: skip
def test_one_entry_that_makes_no_sense_does_not_take_the_others_with_it(tmp_path, name, value):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({**GOOD, name: value}))
    settings = Settings.load(path)
    assert name in settings.complaint
    assert getattr(settings, name) == getattr(Settings(), name)
    other = "folded" if name != "folded" else "recent"
    assert getattr(settings, other) == GOOD[other]


def test_entries_of_a_newer_version_are_kept(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({**GOOD, "telepathy": {"on": True}}))
    settings = Settings.load(path)
    settings.save()
    assert json.loads(path.read_text())["telepathy"] == {"on": True}


def test_no_flipped_bit_stops_the_start(tmp_path):
    path = tmp_path / "settings.json"
    whole = json.dumps(GOOD).encode()
    luck = random.Random(4)
    for _ in range(300):
        bits = bytearray(whole)
        bits[luck.randrange(len(bits))] ^= 1 << luck.randrange(8)
        path.write_bytes(bytes(bits))
        settings = Settings.load(path)
        assert settings.theme in ("dark", "light")
        assert isinstance(settings.geometry, bytes)


def test_a_folder_that_cannot_be_written_is_said_not_raised(tmp_path):
    (tmp_path / "file").write_text("x")
    settings = Settings(path=tmp_path / "file" / "settings.json")
    assert "not saved" in settings.save()


def test_recent_files_are_few_and_the_newest_comes_first():
    settings = Settings()
    for i in range(30):
        settings.opened(f"/tmp/{i}.neuropil")
    settings.opened("/tmp/25.neuropil")
    assert settings.recent[:2] == ["/tmp/25.neuropil", "/tmp/29.neuropil"]
    assert len(settings.recent) == 12
