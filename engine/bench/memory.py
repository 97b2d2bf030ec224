"""How much memory this process holds."""

from __future__ import annotations

import gc
import sys
from pathlib import Path


def resident() -> int:
    """Bytes of this process in memory now (its most so far where the system does not tell)."""
    gc.collect()
    status = Path("/proc/self/statm")
    if status.exists():
        import resource

        return int(status.read_text().split()[1]) * resource.getpagesize()
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
