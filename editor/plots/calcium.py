"""Calcium against its target, and the boutons and spines that follow from it.

Per population the mean calcium of its neurons or astrocytes; the target is read from the growth cards:
the calcium at which their curve crosses zero.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import pyqtgraph as pg  # isort: skip

from editor.plots.base import CurvesPlot, pen
from editor.plots.rings import Curves
from engine import registry
from engine.live.frame import Frame


class Calcium(CurvesPlot):
    """Mean calcium of each population that grows, its target, and its elements below."""

    title = "Calcium and elements"
    order = 40
    hint = "Calcium is followed where there is a growth card or an astrocyte: drop one on a synapse."
    left = "calcium"
    bottom = ""
    whole_run = True
    wants = ("calcium", "boutons", "spines")
    """Quantities a frame must carry for this plot."""

    def build(self) -> None:
        super().build()
        self.elements = Curves(self.room, whole_run=True)
        self.below = self.add_axes(1, left="elements")
        self.below.setXLink(self.main)
        self.element_lines: dict[object, pg.PlotCurveItem] = {}
        self.targets: dict[int, float] = {}
        self.target_lines: dict[float, pg.InfiniteLine] = {}
        self.labels: dict[int, str] = {}
        self.glia: set[int] = set()
        self.of_glia: set[str] = set()
        """States of astrocytes, which frames carry where the canvas draws them (their calcium)."""

    def relearn(self) -> None:
        self.labels = {p.id: p.label for p in self.network.populations.values()}
        astrocytes = [p for p in self.network.populations.values() if p.kind == "astrocyte"]
        self.glia = {p.id for p in astrocytes}
        self.of_glia = {name for p in astrocytes for name in registry.find(p.model).states}
        self.labels.update({p.id: p.label for p in self.network.projections.values()})
        self.targets = {}
        for projection in self.network.projections.values():
            for use in projection.rules:
                target = _target_of(use.slug, tuple(sorted(use.params.items())))
                if target is not None:
                    self.targets.setdefault(projection.pre, target)
                    self.targets[projection.post] = target
        self._draw_targets()

    def _draw_targets(self) -> None:
        wanted = {t for i, t in self.targets.items() if i in self.curves.names} or set(self.targets.values())
        for target in set(self.target_lines) - wanted:
            self.main.removeItem(self.target_lines.pop(target))
        for target in wanted - set(self.target_lines):
            line = pg.InfiniteLine(target, angle=0)
            self.main.addItem(line)
            self.target_lines[target] = line
        for line in self.target_lines.values():
            line.setPen(pen(self.theme.muted, 0.9, dashed=True))

    def kept(self) -> tuple[Curves, ...]:
        return self.curves, self.elements

    def advice(self) -> str:
        followed = [self.labels[i] for i in (*self.glia, *self.targets) if i in self.labels]
        return f"Press play: the calcium of {followed[0]} is drawn here." if followed else self.hint

    def grow(self, frame: Frame) -> None:
        calcium = frame.quantities.get("calcium") or {}
        values = {i: float(np.mean(v)) for i, v in calcium.items() if len(v) and i in self.targets}
        for quantity in self.of_glia:
            for i, v in (frame.quantities.get(quantity) or {}).items():
                if len(v) and i in self.glia:
                    values[i] = float(np.mean(v))
        if values:
            self.curves.add(frame.t, values)
        elements: dict[object, float] = {}
        for kind in ("boutons", "spines"):
            for projection, z in (frame.quantities.get(kind) or {}).items():
                if len(z):
                    elements[(kind, projection)] = float(np.mean(z))
        if elements:
            self.elements.add(frame.t, elements)

    def draw(self) -> None:
        self._draw_targets()
        self.draw_curves(self.main, self.curves, self.lines, self.ghost)
        self.draw_curves(self.below, self.elements, self.element_lines)
        chips = [(self.label_of(n), self.colour_of(n)) for n in self.curves.names[:6]]
        chips += [(k, self.colour_of((k, 0))) for k in ("boutons", "spines") if len(self.elements)]
        now = [self.curves.of(n)[-1] for n in self.curves.names if len(self.curves)]
        self.say(chips, f"calcium {np.nanmean(now):.3f}" if now else "")

    def colour_of(self, name: object) -> str:
        if isinstance(name, tuple):
            return self.theme.excitatory if name[0] == "boutons" else self.theme.astrocytes[0]
        return super().colour_of(name)

    def label_of(self, name: object) -> str:
        if isinstance(name, tuple):
            return f"{name[0]} of {self.labels.get(name[1], name[1])}"
        return self.labels.get(int(str(name)), str(name))

    def recolour(self) -> None:
        super().recolour()
        self._draw_targets()
        for name, line in self.element_lines.items():
            line.setPen(pen(self.colour_of(name)))

    def forget(self) -> None:
        super().forget()
        self.elements.clear()

    def table(self) -> dict[str, NDArray[Any]]:
        columns = super().table()
        if columns and len(self.elements) == len(self.curves):
            columns.update(self.columns(self.elements))
        return columns


@lru_cache(maxsize=512)
def _target_of(slug: str, given: tuple[tuple[str, Any], ...]) -> float | None:
    """The calcium at which a growth card neither grows nor retracts; None for cards that do not grow."""
    card: Any = registry.find(slug)
    growth = getattr(card, "growth", None)
    if growth is None:
        return None
    row = card.row(**dict(given))
    levels = np.linspace(0.0, 4.0 * getattr(row, "eps", 1.0), 801)[1:]
    rates = np.array([growth(float(level), row) for level in levels])
    falling = np.flatnonzero((rates[:-1] > 0) & (rates[1:] <= 0))
    if not len(falling):
        return None
    at = falling[-1]
    share = rates[at] / (rates[at] - rates[at + 1])
    return float(levels[at] + share * (levels[at + 1] - levels[at]))
