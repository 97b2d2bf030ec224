"""The plot dock: every plot in this folder, in its order, found by walking it."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from editor.plots.base import Plot


def kinds() -> list[type[Plot]]:
    """Every kind of plot there is, in the order of the dock's tabs."""
    from editor.plots.base import Plot

    found: list[type[Plot]] = []
    for entry in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{entry.name}")
        for value in vars(module).values():
            is_plot = isinstance(value, type) and issubclass(value, Plot) and value.title
            if is_plot and value.__module__ == module.__name__:
                found.append(value)
    return sorted(found, key=lambda kind: kind.order)
