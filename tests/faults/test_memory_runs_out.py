"""P9: whichever one allocation fails while a file is saved or opened, nothing crashes or is lost."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("_testcapi") is None, reason="this Python cannot let allocations fail"
)

STARVED = """
import os, sys
from _testcapi import remove_mem_hooks, set_nomemory
from engine.errors import FileError
from engine.files.load import load_all
from engine.files.save import save
from tests.faults.circuit import rich, same

path, most, stride = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
old, new = rich(1), rich(2)
save(new, path); wanted = open(path, "rb").read()
save(old, path); before = open(path, "rb").read()
refusals = [0, 0]
bad = []
opened = None

def points(what):
    for point in range(1, most * stride, stride):
        yield point

def starve(at, do):
    # Only the failure is caught under the hook: whatever allocates more comes after it is lifted.
    set_nomemory(at, at + 1)
    try:
        do()
    except (MemoryError, FileError):
        return True
    except SystemError as error:  # numpy forgets, in places, to say that memory ran out
        if "exception" not in str(error):
            raise
        return True
    finally:
        remove_mem_hooks()
    return False

def saving():
    save(new, path)

def opening():
    global opened
    opened = load_all(path)

for point in points("save"):
    refused = starve(point, saving)
    found = open(path, "rb").read()
    if found not in (before, wanted): bad.append(("damaged", point))
    if not refused and found != wanted: bad.append(("not saved", point))
    litter = [name for name in os.listdir(os.path.dirname(path)) if name != os.path.basename(path)]
    if litter and refused is False: bad.append(("litter", point))
    for name in litter: os.unlink(os.path.join(os.path.dirname(path), name))
    refusals[0] += refused
    with open(path, "wb") as file: file.write(before)
for point in points("open"):
    opened = None
    refused = starve(point, opening)
    if not refused and not same(opened.network, old): bad.append(("misread", point))
    refusals[1] += refused
print(2 * most, *refusals, bad)
"""


@pytest.mark.parametrize(("points", "stride"), [(320, 11), pytest.param(2500, 1, marks=pytest.mark.long)])
def test_P9_an_allocation_that_fails_costs_neither_the_file_nor_the_program(
    folder: Path, points: int, stride: int
) -> None:
    result = subprocess.run(
        [sys.executable, "-c", STARVED, str(folder / "net.neuropil"), str(points), str(stride)],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr[-2000:]
    tried, saves, opens, bad = result.stdout.split(maxsplit=3)
    assert int(tried) >= 600
    assert int(saves) > points // 4
    assert int(opens) > points // 4
    assert bad.strip() == "[]"
