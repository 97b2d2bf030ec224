"""What every test stands on: nobody's settings but its own, no screen, and no silence about a failure.

A test fails when it logs a warning it did not announce, when a thread or a timer outlives it (the
message says where it was started), and when it leaves a window behind.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(tempfile.mkdtemp(prefix="neuropil-tests-"))
# Kernels compiled by one run serve the next: their modules are named by the hash of what they hold.
CACHE = Path(os.environ.get("NEUROPIL_TEST_CACHE") or ROOT / ".cache")

os.environ.update(
    QT_QPA_PLATFORM="offscreen",
    HOME=str(HOME),
    USERPROFILE=str(HOME),
    APPDATA=str(HOME / "roaming"),
    LOCALAPPDATA=str(HOME / "local"),
    XDG_CONFIG_HOME=str(HOME / "config"),
    XDG_DATA_HOME=str(HOME / "data"),
    XDG_STATE_HOME=str(HOME / "state"),
    XDG_RUNTIME_DIR=str(HOME / "runtime"),
    XDG_CACHE_HOME=str(CACHE),
    NEUROPIL_CACHE=str(CACHE / "neuropil"),
)
for name in ("DISPLAY", "WAYLAND_DISPLAY", "NEUROPIL_SETTINGS"):
    os.environ.pop(name, None)
(HOME / "runtime").mkdir(mode=0o700)
CACHE.mkdir(parents=True, exist_ok=True)

import pytest  # noqa: E402  (the environment is set before anything can read it)
from hypothesis import HealthCheck, settings  # noqa: E402
from hypothesis.database import DirectoryBasedExampleDatabase  # noqa: E402

# A first example may compile a kernel, which is slow and says nothing about the code.
settings.register_profile(
    "dev",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    database=DirectoryBasedExampleDatabase(CACHE / "hypothesis"),
)
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

PATIENCE = 150_000
"""How long a window is waited for, ms: a kernel compiles cold on a busy machine while we look."""

pytest_plugins = ["tests.leftovers", "tests.measures"]


@pytest.fixture
def qtbot(qtbot: Any) -> Any:
    """The hand that works the window, with patience: how fast it answers is for the benchmarks to tell."""
    qtbot.waitUntil = partial(qtbot.waitUntil, timeout=PATIENCE)
    return qtbot


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the home folder the tests lived in."""
    shutil.rmtree(HOME, ignore_errors=True)
