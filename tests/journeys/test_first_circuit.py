"""The first circuit is drawn in a process of its own, as by somebody who has just started the program."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_first_circuit_is_drawn_and_strengthened_by_hand() -> None:
    asked = [sys.executable, "-m", "pytest", "-q", "tests/journeys/first_circuit.py"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "3 passed" in done.stdout
