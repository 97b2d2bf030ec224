"""Run as a program: opens every file of a folder under watch and says, a line each, what came of it.

Anything a file could make Python do besides reading it (run code, unpickle, write, start, connect, import)
is noticed through the audit hook; memory and processor time are bounded by the system.
"""

from __future__ import annotations

import contextlib
import json
import sys
import tracemalloc
from pathlib import Path

FORBIDDEN = (
    "exec",
    "pickle.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.chmod",
    "subprocess.",
    "socket.",
    "ctypes.",
    "marshal.",
    "shutil.",
    "import",
    "urllib.",
    "webbrowser.",
    "os.putenv",
    "os.symlink",
    "os.link",
    "os.truncate",
)
seen: list[str] = []
watching = False


def watch(event: str, given: tuple[object, ...]) -> None:
    """Note what should not happen while a file is opened."""
    if watching and event.startswith(FORBIDDEN):
        seen.append(f"{event} {str(given)[:120]}")
    elif watching and event == "open":
        mode, flags = given[1], given[2]
        if (isinstance(mode, str) and set(mode) & set("wax+")) or (isinstance(flags, int) and flags & 3):
            seen.append(f"{event} {str(given)[:120]}")


def main(folder: Path) -> None:
    """Open every file and print what came of it."""
    global watching
    from engine.errors import FileError
    from engine.files.load import load_all, peek_about

    for warm in (folder / "good", folder / "missing"):
        for salvage in (False, True):
            with contextlib.suppress(FileError, OSError):
                load_all(warm, salvage=salvage)
                peek_about(warm)
    try:
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + (512 << 20), resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_CPU, (100, 100))
    except (ImportError, OSError):
        pass
    sys.addaudithook(watch)
    measure = "--memory" in sys.argv
    for path in sorted(folder.iterdir()):
        for salvage in (False, True):
            seen.clear()
            if measure and not salvage:
                tracemalloc.start()
            watching = True
            entry: str = ""
            offset: int | None = None
            try:
                load_all(path, salvage=salvage)
                came, text = "opened", ""
            except FileError as error:
                came, text, entry, offset = "FileError", str(error), error.entry, error.offset
            except BaseException as error:
                came, text = type(error).__name__, str(error)
            watching = False
            peak = 0
            if tracemalloc.is_tracing():
                peak = tracemalloc.get_traced_memory()[1]
                tracemalloc.stop()
            print(json.dumps([path.name, salvage, came, text, entry, offset, peak, list(seen)]), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
