"""Compiled kernels on disk are checked before they are loaded: a damaged one would stop the start.

Numba trusts what it finds in its cache.  So every file of it that is ours is in a manifest with a digest,
written when a start has reached "ready" and again at the end; whatever differs from the manifest is
deleted and compiled anew.  When the last start never reached "ready", all of it goes.  No Qt, no numba.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
from pathlib import Path

log = logging.getLogger("neuropil.caches")

PACKAGES = Path(__file__).resolve().parent, Path(__file__).resolve().parent.parent / "engine"
SUFFIXES = (".nbi", ".nbc")
MANIFEST, MARKER = "kernels.json", "starting"

complaint = ""
"""What the last `begin` threw away and why; "" when all was well."""


def home() -> Path:
    """The cache folder of this user; `NEUROPIL_CACHE` puts it elsewhere."""
    if given := os.environ.get("NEUROPIL_CACHE"):
        return Path(given)
    import platformdirs

    return platformdirs.user_cache_path("neuropil", appauthor=False)


def begin() -> str:
    """Check the caches before anything compiled is imported; returns what was thrown away, in words."""
    global complaint
    complaint = ""
    try:
        home().mkdir(parents=True, exist_ok=True)
        if died := _last_start_died():
            gone = _delete(_files())
            if gone:
                complaint = f"the last start did not get through ({died}): compiled kernels are made anew"
        elif damaged := _damaged():
            _delete(damaged)
            complaint = f"{len(damaged)} compiled kernels on disk were damaged and are made anew"
        (home() / MARKER).write_text(str(os.getpid()), "utf-8")
    except (
        OSError
    ) as error:  # a full disk or a read-only home: nothing can be checked, nothing was kept either
        complaint = f"the cache of compiled kernels cannot be checked: {error}"
    return complaint


def are_warm() -> bool:
    """Whether an earlier start got through, so that most of what is needed is compiled."""
    return (home() / MANIFEST).exists()


def ready() -> None:
    """The start got through: what is in the caches now is trusted."""
    with contextlib.suppress(OSError):  # next time all of it counts as unknown and is compiled anew
        written = {str(path): _digest(path) for path in _files()}
        beside = home() / f"{MANIFEST}.{os.getpid()}.new"
        beside.write_text(json.dumps(written, indent=0, sort_keys=True), "utf-8")
        beside.replace(home() / MANIFEST)
        (home() / MARKER).unlink(missing_ok=True)


def _last_start_died() -> str:
    """Whose start never got through, "" when the last one did or is still at it."""
    try:
        pid = int((home() / MARKER).read_text("utf-8"))
    except FileNotFoundError:
        return ""
    except (OSError, ValueError):
        return "its mark is damaged"
    return "" if pid != os.getpid() and _is_alive(pid) else f"process {pid}"


def _is_alive(pid: int) -> bool:
    if os.name != "posix":
        return False  # asking about a process ends it on Windows
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _files() -> list[Path]:
    """Every cache file that is ours: beside the modules, and in the cache folder."""
    found = [each for package in PACKAGES for each in package.glob("**/__pycache__/*.nb[ic]")]
    return sorted([*found, *home().glob("**/*.nb[ic]")])


def _damaged() -> list[Path]:
    """The files that are not what the manifest says; without a manifest every one of them."""
    try:
        said = json.loads((home() / MANIFEST).read_text("utf-8"))
        known = {str(name): str(digest) for name, digest in said.items()}
    except FileNotFoundError:
        return []  # a first start, or one after `prepare` by a version without a manifest
    except (OSError, ValueError, AttributeError):
        log.warning("the manifest of compiled kernels was damaged; they are compiled anew")
        return _files()
    return [path for path in _files() if str(path) in known and _digest(path) != known[str(path)]]


def _digest(path: Path) -> str:
    try:
        return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return ""


def _delete(paths: list[Path]) -> int:
    """Delete files, each with its partner (an index names its code and the other way round)."""
    count = 0
    for path in paths:
        stem = path.name.split(".py3")[0]
        for each in path.parent.glob(f"{stem}.*"):
            if each.suffix in SUFFIXES:
                with contextlib.suppress(OSError):
                    each.unlink()
                    count += 1
    return count
