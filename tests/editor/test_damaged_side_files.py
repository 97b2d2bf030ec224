"""P19: what a program keeps beside its documents may be damaged in any way: the next start goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from editor import caches
from editor.settings import Settings
from engine.files.recovered import count_attempt, offers, recover
from engine.files.recovery import ABOUT, ATTEMPTS, COPY, JOURNAL, LOCK, Recovery
from engine.network.edits import SetNetwork
from tests.faults.circuit import rich

DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    "deleted": lambda raw: None,
    "emptied": lambda raw: b"",
    "cut off": lambda raw: raw[: len(raw) // 2],
    "zeroed": lambda raw: bytes(len(raw)),
    "one bit": lambda raw: (
        raw[: len(raw) // 2] + bytes([raw[len(raw) // 2] ^ 1]) + raw[len(raw) // 2 + 1 :] if raw else b"\1"
    ),
}
KEPT = (ABOUT, ATTEMPTS, LOCK, COPY, JOURNAL)
SIDE_FILES = ("settings", "manifest", "mark of a start", *KEPT)


def spoil(path: Path, damage: str) -> None:
    spoiled = DAMAGES[damage](path.read_bytes())
    if spoiled is None:
        path.unlink()
    else:
        path.write_bytes(spoiled)


def recovery_files(home: Path) -> Path:
    """What a crash leaves: a copy, edits after it, and one try to bring it back."""
    keeping = Recovery("", "Worm", folders=[home], every=0.0)
    keeping.autosave(rich(1), 0)
    keeping.append("edit", SetNetwork({"title": "changed"}))
    keeping.abandon()
    (offer,) = offers([home])
    count_attempt(offer)
    return offer.place


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("which", SIDE_FILES)
def test_P19_a_damaged_side_file_does_not_stop_a_start(
    tmp_path: Path, which: str, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEUROPIL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(caches, "PACKAGES", (tmp_path / "package",))
    monkeypatch.setattr(caches.log, "propagate", False)  # what it says is looked at in test_caches.py
    kernel = tmp_path / "package" / "__pycache__" / "one.two-1.py311.nbi"
    kernel.parent.mkdir(parents=True)
    kernel.write_bytes(b"kernel" * 50)
    caches.begin()
    caches.ready()
    path = tmp_path / "settings.json"
    before = Settings.load(path)
    before.theme = "light"
    assert before.save() == ""
    place = recovery_files(tmp_path / "kept")
    if which == "settings":
        spoil(path, damage)
    elif which == "manifest":
        spoil(caches.home() / caches.MANIFEST, damage)
    elif which == "mark of a start":
        mark = caches.home() / caches.MARKER
        mark.write_text("999999999")
        spoil(mark, damage)
    else:
        (one,) = [file for file in place.iterdir() if file.name.endswith(which)][:1]
        spoil(one, damage)
    files = {file.name: file.read_bytes() for file in place.iterdir() if file.name != LOCK}

    caches.begin()
    caches.ready()
    assert caches.begin() == ""
    after = Settings.load(path)
    assert after.theme in ("light", "dark")
    assert after.theme == "light" or which == "settings"
    found = offers([tmp_path / "kept"])
    if (which, damage) == (JOURNAL, "deleted"):  # then nothing is known to have been done
        return
    assert len(found) == 1
    left = {file.name: file.read_bytes() for file in place.iterdir() if file.name != LOCK}
    assert left == files  # nothing was taken away
    if which not in (COPY, JOURNAL):
        assert recover(found[0]).network.title == "changed"
