"""The table of a benchmark, for the terminal and as Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from engine.bench.curves import LINEAR, powers
from engine.commands.console import table

HEADS = ("workload", "unit", "side", "median", "least", "ours / it", "quartiles", "goal", "rate, Hz", "CV")


def machine() -> dict[str, str]:
    """What was measured on, in general terms, with versions and the date."""

    def of(package: str) -> str:
        try:
            return version(package)
        except PackageNotFoundError:
            return "-"

    return {
        "processor": f"{os.cpu_count()} cores, {platform.machine()}",
        "load": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "-",
        "system": platform.system(),
        "python": platform.python_version(),
        "numpy": of("numpy"),
        "numba": of("numba"),
        "neuropil": of("neuropil"),
        "date": datetime.now(UTC).date().isoformat(),
    }


def lines(workloads: Iterable[dict[str, Any]]) -> list[tuple[str, ...]]:
    """One line per side: ours with its cost, every other with the ratio."""
    found: list[tuple[str, ...]] = []
    for workload in workloads:
        for i, side in enumerate(workload["sides"]):
            ratio = side.get("ratio")
            goal = side.get("goal")
            is_peer = side["side"] in ("nest", "brian2")
            kept = "" if goal is None else (f"{_times(goal, is_peer)} {'met' if side['met'] else 'not met'}")
            low, high = side.get("ratio_quartiles", (None, None))
            lost = is_peer and ratio is not None and ratio > 1.0
            found.append(
                (
                    workload["name"] if i == 0 else "",
                    workload["unit"] if i == 0 else "",
                    _side(side),
                    _number(side["median"]),
                    _number(side["least"]),
                    "" if ratio is None else _times(ratio, is_peer) + (" (it wins)" if lost else ""),
                    "" if low is None else f"{_times(low, is_peer)} to {_times(high, is_peer)}",
                    kept,
                    _number(side.get("rate")),
                    _number(side.get("cv")),
                )
            )
    return found


def text(workloads: Iterable[dict[str, Any]], about: dict[str, str]) -> str:
    """For the terminal."""
    return f"{table(lines(workloads), HEADS)}\n\n{_said(about)}"


def markdown(found: dict[str, Any]) -> str:
    """For the repository."""
    workloads = list(found["workloads"].values())
    rows = ["| " + " | ".join(HEADS) + " |", "|" + "---|" * len(HEADS)]
    rows += ["| " + " | ".join(line) + " |" for line in lines(workloads)]
    what = [f"- **{w['name']}** ({w['n']:,}): {w['about']}" for w in workloads]
    return "\n".join(
        [
            "# What a second of biology costs",
            "",
            _said(found["machine"]),
            "",
            "Every side runs in a process of its own and they take turns; costs are CPU time of one thread, "
            "except for two threads and for edits, which are wall time. A ratio is the median over the turns "
            "of ours divided by the other side in the same turn. A variant of ours (double precision, two "
            "threads, unrecorded, watched, ...) is divided by the plain one; the plain one is divided by the "
            "pair rule alone, which further cards were added to. Rate and CV show that the same thing was "
            "compared.",
            "",
            *rows,
            "",
            *what,
            "",
            *_stages(workloads),
            *_curves(workloads),
        ]
    )


def _stages(workloads: list[dict[str, Any]]) -> list[str]:
    """Where the time of every circuit goes."""
    found = [(w["name"], w["sides"][0]["stages"]) for w in workloads if w["sides"][0].get("stages")]
    if not found:
        return []
    rows = [
        f"| {name} | {stage} | {100.0 * share:.1f} % |"
        for name, stages in found
        for stage, share in sorted(stages.items(), key=lambda pair: -pair[1])
        if share >= 0.005
    ]
    return ["## Where the time goes", "", "| workload | stage | share |", "|---|---|---|", *rows, ""]


def _curves(workloads: list[dict[str, Any]]) -> list[str]:
    """Cost against size."""
    points = [p for w in workloads for p in w["sides"][0].get("curves", [])]
    if not points:
        return []
    rows = [
        f"| {p['curve']} | {p['neurons']:,} | {p['synapses']:,} | {p['events']:.3g} | {p['cost']:.3g} "
        f"| {p['each']:.3g} | {p['law']} |"
        for p in points
    ]
    grown = [
        f"- **{curve}**: to the power {power:.2f}{'' if power <= LINEAR else ' (TOO FAST)'}"
        for curve, power in powers(points).items()
    ]
    return [
        "## Growth of cost",
        "",
        "The last number is the cost of one neuron step or one synaptic event; where the law holds it does "
        "not grow with size. Threads are wall time.",
        "",
        "| what grows | neurons | synapses | events/s | s per s | ns each | law |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        "From its least to its greatest point each cost grew, against what it would be if a neuron step had "
        "one price and an event another (1 is in proportion, 2 would be its square):",
        "",
        *grown,
        "",
    ]


def _side(side: dict[str, Any]) -> str:
    return f"{side['side']} {side['version']}" if side.get("version") else str(side["side"])


def _said(about: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in about.items())


def _number(value: Any) -> str:
    return "" if value is None else f"{value:.3g}"


def _times(ratio: float, is_peer: bool) -> str:
    """One fiftieth is easier to read than 0.02."""
    return f"1/{1.0 / ratio:.3g}" if is_peer and 0.0 < ratio < 1.0 else f"{ratio:.3g}"
