"""Figures as people read them.  Qt-free."""

from __future__ import annotations

import math

from engine.analysis.ledger.accounts import Figure

PREFIXES = ((1.0, ""), (1e-3, "m"), (1e-6, "\u00b5"), (1e-9, "n"), (1e-12, "p"), (1e-15, "f"), (1e-18, "a"))
SCALED = ("W", "J", "m")


def spoken(figure: Figure) -> str:
    """A figure as people read it: three digits or the whole number, thousands apart, watts with a prefix."""
    value, unit = figure.value, figure.unit
    if not math.isfinite(value):
        return "-"
    if unit in SCALED and value:
        scale, prefix = next((p for p in PREFIXES if abs(value) >= p[0]), PREFIXES[-1])
        return f"{value / scale:.3g} {prefix}{unit}"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,} {unit}".strip()
    return f"{value:,.0f} {unit}".strip() if abs(value) >= 1000.0 else f"{value:.3g} {unit}".strip()
