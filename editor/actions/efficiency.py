"""Actions that weigh a change of structure: before, after, and as many synapses removed at random."""

from __future__ import annotations

from typing import Any

from editor.actions import action


def nothing_before(window: Any) -> str:
    """Why there is nothing to compare now with."""
    if window.efficiency.is_weighing:
        return "A comparison is going on already."
    return "" if window.efficiency.before else "Mark a moment as before, or let the circuit run from t = 0."


def not_weighing(window: Any) -> str:
    """Why there is nothing to stop."""
    return "" if window.efficiency.is_weighing else "Nothing is being compared."


@action(
    "Mark this moment as before", "Run", group=4, words="efficiency pruning compare ledger structure energy"
)
def mark_before(window: Any) -> None:
    """Keep the circuit as it now is, to be compared with what becomes of it."""
    window.efficiency.mark()


@action("Compare now with before", "Run", group=4, why_not=nothing_before,
        words="efficiency pruning random power wire energy ledger structure")  # fmt: skip
def weigh(window: Any) -> None:
    """Say what a change of structure saved and cost, beside as many synapses removed at random."""
    window.efficiency.weigh()


@action("Stop comparing", "Run", group=4, why_not=not_weighing, words="efficiency cancel")
def stop_weighing(window: Any) -> None:
    """Give up the comparison of now with before."""
    window.efficiency.stop()


@action("Measure time scales in copies", "Run", group=4,
        words="how slow structure turnover strengthening spine enlargement threefold plot")  # fmt: skip
def measure_time_scales(window: Any) -> None:
    """Measure how slow structure is, also with every time constant varied threefold, or stop doing so."""
    window.furniture.reveal("plots")
    window.plots.reveal("Time scales")
    window.plots.toggle("Time scales")
