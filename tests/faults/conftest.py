"""A folder for tests that write the same small file many hundred times."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory where there is such a place: what is tested here is order and bytes, not the disk."""
    home = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    place = Path(tempfile.mkdtemp(prefix="neuropil-", dir=home))
    yield place
    shutil.rmtree(place, ignore_errors=True)
