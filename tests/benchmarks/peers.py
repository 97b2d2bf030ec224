"""What every peer's script shares: the talk with `neuropil bench`, memory, and the numbers of the circuits.

Runs under the peer's own Python, which needs no more of ours than the file of numbers.
"""

import gc
import importlib.util
import json
import os
import sys
from pathlib import Path

ENGINE = Path(__file__).resolve().parents[2] / "engine" / "bench"


def load(name):
    """A file of ours that stands on numpy alone."""
    spec = importlib.util.spec_from_file_location(f"bench_{name}", ENGINE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


numbers = load("numbers")
described = load("statistics").described


def resident():
    """Bytes of this process in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def asked():
    """What `neuropil bench` wants: name, n, span and settle (ms)."""
    return json.loads(sys.argv[1])


def tell(said):
    """One line of JSON."""
    print(json.dumps(said), flush=True)


def serve(facts, go, end=dict):
    """Answer on stdout whatever stdin asks: `go()` returns a cost, `end()` the last facts."""
    tell({"ready": facts})
    for line in sys.stdin:
        if line.strip() == "go":
            tell({"cost": go()})
    tell({"end": end()})
