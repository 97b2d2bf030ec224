"""Whether the kernels of the canvas are there: until they are, the window draws sketches.

Children compile them (see `warm_up`) for a program that leaves it to them; anybody else compiles what is
called.  What is on disk when the program starts is loaded kernel by kernel as it is drawn; what came later is
loaded on a thread, as all of it at once would hold up the window.
"""

from __future__ import annotations

import logging
import time
from importlib import import_module
from pkgutil import iter_modules
from threading import Lock, Thread, current_thread
from typing import Any

from editor.canvas import raster

# The kernels bring numba, which takes a third of a second: it is imported when something is asked.

log = logging.getLogger("neuropil.canvas")

GLANCE = 0.25
"""Seconds between two looks at what the children have done."""
PATIENCE = 15.0
"""Seconds without a child at work after which the window compiles them itself: better late than never."""
WARM_UP = "editor.canvas.warm_up"


def kernels(*modules: str) -> tuple[Any, ...]:
    """Every kernel of these modules of the rasteriser (all if none), but those pasted into their callers."""
    from numba.core.dispatcher import Dispatcher

    names = modules or tuple(each.name for each in iter_modules(raster.__path__))
    found = [
        one
        for name in names
        for one in vars(import_module(f"{raster.__name__}.{name}")).values()
        if isinstance(one, Dispatcher) and one.targetoptions.get("inline") != "always"
    ]
    return tuple(dict.fromkeys(found))


class Kernels:
    """What is known of the kernels of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._are_here = True
        self._looked = self._waited = -1e9
        self._thread: Thread | None = None

    def leave_to_children(self) -> None:
        """From now on nothing is compiled here; somebody has to ask the crew for `warm_up`."""
        self._are_here, self._thread, self._looked = False, None, -1e9

    def are_here(self) -> bool:
        """Whether a picture can be drawn now; looks again now and then, from any thread."""
        if self._are_here or current_thread() is self._thread:
            return True
        with self._lock:
            now = time.monotonic()
            if self._thread is None and now - self._looked > GLANCE:
                is_first = self._looked < 0.0
                self._looked = now
                self._look(now, is_first)
            return self._are_here

    def _look(self, now: float, is_first: bool) -> None:
        from engine.kernels.crew import CREW
        from engine.kernels.on_disk import are_compiled
        from engine.kernels.recipes import Recipe

        whole = Recipe("loops", (WARM_UP,), "float64")
        if not CREW.expects(whole) and are_compiled(kernels()):
            if is_first:
                self._are_here = True
            else:
                self._load()
        elif is_first or CREW.expects(whole):
            self._waited = now
        elif now - self._waited > PATIENCE:
            log.warning("nobody compiles the kernels of the canvas: the window does it itself")
            self._load()

    def _load(self) -> None:
        self._thread = Thread(target=self._work, name="neuropil-canvas-kernels", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            import_module(WARM_UP).prepare()
        except Exception:  # whoever draws next meets it again, and says where
            log.exception("the kernels of the canvas do not load")
        self._are_here = True


KERNELS = Kernels()
"""Those of this process."""


def quick(kernel: Any) -> Any:
    """A kernel for little work: the same in plain Python as long as it would have to be compiled."""
    return kernel if KERNELS.are_here() else kernel.py_func
