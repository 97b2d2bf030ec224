"""Which examples there are: found by walking their folder, in a checkout and in an installed program alike.

No Qt.  In an installed program the examples lie beside this file; in a checkout they lie in the top folder
`examples/`.  Either way they are imported under one name, `editor.gallery.examples`.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from engine.errors import UnknownName, did_you_mean

if TYPE_CHECKING:
    from engine.network import Network

PACKAGE = "editor.gallery.examples"
FOLDERS = (Path(__file__).parent / "examples", Path(__file__).parents[2] / "examples")
"""Where the examples may lie: in an installed program, and in a checkout."""
SENTENCES = ("title", "what", "do", "watch", "why", "source", "off")

Point = tuple[float, float, float]


@dataclass(frozen=True)
class Example:
    """One circuit of the gallery with its text; `build()` makes it anew each time."""

    name: str
    """For files and the command line."""
    title: str
    what: str
    do: str
    watch: str
    why: str
    source: str
    """Where it comes from: author, year, DOI."""
    off: str
    """What its control takes away, as a button says it: "Without the leak"."""
    claim: str
    """Its point in a sentence: what `point` measures and what should come out."""
    seconds: float
    """Biological seconds until its point can be measured."""
    speed: float | None
    """The speed it opens at; 1.0 is real time, None as fast as possible."""
    order: int
    """Its place in the gallery; the hundreds are its chapter."""
    layout: Mapping[str, Any]
    """How the canvas frames it; empty: everything, centred."""
    build: Callable[..., Network]
    point: Callable[[Any], Point]
    control: Callable[[Network], Network]
    performance: Callable[[Any], float] | None = None
    """How well its circuit does what it is for, if anything; its docstring says what is measured."""

    varied: Callable[[float, float], Network] | None = None
    """`varied(functional, structural)` makes it with its time constants multiplied so, if it can."""
    slowness: Callable[[Any], Any] | None = None
    """Its half-times (`engine.analysis.slowness.Slowness`), of a simulation that has run `seconds`."""

    @property
    def chapter(self) -> str:
        """The heading it stands under in the gallery."""
        return CHAPTERS.get(self.order // 100, "More")

    def shows_its_point(self, sim: Any) -> bool:
        """Whether a simulation that has run `seconds` shows what the example is about."""
        measured, expected, tolerance = self.point(sim)
        return abs(measured - expected) <= tolerance


CHAPTERS = {
    0: "To begin with",
    1: "Neurons and synapses",
    2: "Hebb: fire together, wire together",
    3: "Spike timing, and where a change is stored",
    4: "Spikes that run back into dendrites",
    5: "Cerebellum and other anti-Hebbian places",
    6: "Homeostasis",
    7: "Structure: growth, spines, pruning",
    8: "Neuromodulators",
    9: "Glia",
    10: "Back-propagation beside its rivals",
}
"""Headings of the gallery, by the hundreds of an example's ORDER."""


@cache
def examples() -> tuple[Example, ...]:
    """Every example, in the order of the gallery."""
    found = []
    for entry in pkgutil.iter_modules(_package().__path__):
        module = importlib.import_module(f"{PACKAGE}.{entry.name}")
        if hasattr(module, "build"):
            found.append(_read(entry.name, module))
    return tuple(sorted(found, key=lambda e: (e.order, e.title)))


def names() -> list[str]:
    """The names of all examples, in the order of the gallery."""
    return [example.name for example in examples()]


def find(name: str) -> Example:
    """The example of that name; raises `UnknownName` with the nearest one."""
    for example in examples():
        if example.name == name:
            return example
    raise UnknownName(
        f"there is no example {name!r}{did_you_mean(name, names())}; there are {', '.join(names())}"
    )


def folder() -> Path:
    """Where the examples and their data lie."""
    return next(path for path in FOLDERS if (path / "__init__.py").is_file())


def _package() -> ModuleType:
    """Import the folder of examples under its one name."""
    if PACKAGE in sys.modules:
        return sys.modules[PACKAGE]
    init = folder() / "__init__.py"
    spec = importlib.util.spec_from_file_location(
        PACKAGE, init, submodule_search_locations=[str(init.parent)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"the examples at {init.parent} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = module
    spec.loader.exec_module(module)
    return module


def _read(name: str, module: ModuleType) -> Example:
    missing = [word for word in SENTENCES if not module.TEXT.get(word)]
    if missing:
        raise TypeError(f"example {name}: TEXT says nothing under {', '.join(missing)}")
    return Example(
        name=name,
        **{word: module.TEXT[word] for word in SENTENCES},
        claim=(module.point.__doc__ or "").strip(),
        seconds=float(module.SECONDS),
        speed=module.SPEED,
        order=int(getattr(module, "ORDER", 9900)),
        layout=dict(getattr(module, "LAYOUT", {})),
        build=module.build,
        point=module.point,
        control=module.control,
        performance=getattr(module, "performance", None),
        varied=getattr(module, "varied", None),
        slowness=getattr(module, "slowness", None),
    )
