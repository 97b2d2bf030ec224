"""A damaged cache of compiled kernels never stops a start: it is noticed, said and made anew."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from editor import caches
from tests.leftovers import PROJECT


@pytest.fixture
def kernels(tmp_path, monkeypatch):
    """A package with two compiled kernels that a start has trusted."""
    home, package = tmp_path / "home", tmp_path / "package"
    monkeypatch.setenv("NEUROPIL_CACHE", str(home))
    monkeypatch.setattr(caches, "PACKAGES", (package,))
    cache = package / "deep" / "__pycache__"
    cache.mkdir(parents=True)
    made = []
    for name in ("strokes.draw-10", "marks.disc-20"):
        for end in (".py311.nbi", ".py311.1.nbc"):
            made.append(cache / f"{name}{end}")
            made[-1].write_bytes(name.encode() * 50)
    assert caches.begin() == ""
    caches.ready()
    return made


def alive(kernels):
    return [path.name for path in kernels if path.exists()]


def test_sound_kernels_are_kept(kernels):
    assert caches.begin() == ""
    assert len(alive(kernels)) == 4


DAMAGES = {
    "emptied": lambda raw: b"",
    "cut off": lambda raw: raw[: len(raw) // 2],
    "zeroed": lambda raw: bytes(len(raw)),
    "one bit": lambda raw: bytes([raw[0] ^ 1]) + raw[1:],
    "grown": lambda raw: raw + b"x",
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("which", [0, 1])
def test_a_damaged_kernel_goes_with_its_partner_and_the_rest_stays(kernels, damage, which):
    kernels[which].write_bytes(DAMAGES[damage](kernels[which].read_bytes()))
    assert "damaged" in caches.begin()
    assert alive(kernels) == [path.name for path in kernels[2:]]


def test_everything_goes_when_the_last_start_did_not_get_through(kernels):
    (caches.home() / caches.MARKER).write_text("999999999")
    assert "did not get through" in caches.begin()
    assert alive(kernels) == []
    caches.ready()
    assert caches.begin() == ""


def test_a_start_beside_one_that_is_still_at_it_takes_nothing_away(kernels):
    (caches.home() / caches.MARKER).write_text(str(os.getppid()))
    assert caches.begin() == ""
    assert len(alive(kernels)) == 4


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_manifest_or_mark_does_not_stop_a_start(kernels, damage, log_records):
    manifest = caches.home() / caches.MANIFEST
    manifest.write_bytes(DAMAGES[damage](manifest.read_bytes()))
    with log_records.expect("manifest"):
        caches.begin()
    (caches.home() / caches.MARKER).write_bytes(b"\xff\x00")
    caches.begin()
    caches.ready()
    assert caches.begin() == ""


def test_a_kernel_that_came_later_is_trusted(kernels):
    later = kernels[0].with_name("later.one-1.py311.nbi")
    later.write_bytes(b"new")
    assert caches.begin() == ""
    assert later.exists()


def test_a_home_that_cannot_be_written_is_said_and_no_reason_not_to_start(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("NEUROPIL_CACHE", str(tmp_path / "file" / "cache"))
    assert "cannot be checked" in caches.begin()
    caches.ready()


KERNEL = """
from numba import njit
@njit(cache=True)
def twice(x):
    return 2 * x
"""


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["emptied", "cut off", "zeroed"])
def test_numba_starts_on_what_is_left(tmp_path, damage):
    """The real thing: numba fails on a damaged cache, and works again once `begin` has looked."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "kernel.py").write_text(KERNEL)

    def start(check):
        code = (
            "import sys, pathlib; from editor import caches; "
            f"caches.PACKAGES = (pathlib.Path({str(tmp_path / 'package')!r}),); "
            f"{check}; sys.path.insert(0, {str(tmp_path / 'package')!r}); "
            "import kernel; assert kernel.twice(21) == 42; caches.ready()"
        )
        environment = {**os.environ, "NEUROPIL_CACHE": str(tmp_path / "home"), "PYTHONPATH": PROJECT}
        return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)

    assert start("caches.begin()").returncode == 0
    (index,) = (tmp_path / "package" / "__pycache__").glob("*.nbi")
    index.write_bytes(DAMAGES[damage](index.read_bytes()))
    assert start("caches.home()").returncode != 0, "numba got over it; the check is not needed"
    assert start("caches.begin()").returncode == 0
