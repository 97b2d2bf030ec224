"""The simulator and its door: build a network, run it, keep it in a file; no window needed.

    from engine import Network, Simulation, load, save, models

What the door names is imported when it is first asked for, so that a model file, which imports
`engine.declare`, does not bring in the whole simulator.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.declare import Declaration
    from engine.files.load import load
    from engine.files.save import save
    from engine.network.network import Network
    from engine.runtime.simulation import Simulation
    from engine.runtime.training import Training

__all__ = ["Network", "Simulation", "Training", "load", "models", "save"]

_PLACES = {
    "Network": "engine.network.network",
    "Simulation": "engine.runtime.simulation",
    "Training": "engine.runtime.training",
    "load": "engine.files.load",
    "save": "engine.files.save",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'engine' has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_PLACES[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def models(slug: str | None = None) -> Any:
    """The declaration called `slug`: its `params`, `label`, `about()`; without a slug, all declarations.

    Raises:
        UnknownName: there is no such model; says which name is nearest.
    """
    from engine import registry

    found: type[Declaration] | list[type[Declaration]]
    found = registry.all() if slug is None else registry.find(slug)
    return found
