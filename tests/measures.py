"""Writes down what the acceptance measures came to, and makes the table of them.

A test of a measure says what the source has, what we have and how far they may be apart:

    measured("A21", "+10 ms at 50 Hz", source="157.0 %", ours="156.2 %", tolerance="3 points", kind="N")

A run leaves one note per row; `python -m tests.measures` turns them into `tests/references/MEASURES.md`.
The table is what a run said, never written by hand; the test itself asserts.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTES = Path(os.environ.get("NEUROPIL_TEST_CACHE") or ROOT / ".cache") / "measures"
TABLE = ROOT / "tests" / "references" / "MEASURES.md"
KINDS = {"X": "exact", "N": "numeric", "S": "statistical", "Q": "sign or order"}

Measured = Callable[..., None]


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Measured:
    """Note one row of the table: measure, what, source value, ours, tolerance, kind of agreement."""
    test = request.node.nodeid
    complete = request.node.get_closest_marker("long") is not None

    def note(
        measure: str,
        what: str,
        *,
        source: Any,
        ours: Any,
        tolerance: Any,
        kind: str,
        provisional: bool = False,
    ) -> None:
        if kind not in KINDS:
            raise ValueError(f"kind {kind!r} is not one of {', '.join(KINDS)}")
        row = {
            "measure": measure,
            "what": what,
            "source": str(source),
            "ours": str(ours),
            "tolerance": str(tolerance),
            "kind": kind,
            "provisional": provisional,
            "long": complete,
            "test": test,
        }
        NOTES.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9]+", "-", f"{measure} {what} {'long' if complete else ''}").strip("-")
        (NOTES / f"{name[:150]}.json").write_text(json.dumps(row, indent=1))

    return note


def _order(row: dict[str, Any]) -> tuple[str, int, str, bool]:
    letters, number = re.match(r"([A-Za-z]*)(\d*)", row["measure"]).groups()  # type: ignore[union-attr]
    return letters, int(number or 0), f"{row['measure']} {row['what']}", row["long"]


def readable(what: str) -> str:
    """What a test calls a case, as a reader of the table would: "psc: random 0" is the first random case."""
    what = re.sub(r"\brandom (\d+)", lambda found: f"random case {int(found[1]) + 1}", what)
    named = re.match(r"(\w+), (\w+):? (.*)", what, re.DOTALL)
    if named and named[2] in named[1].split("_"):  # the kind of model once more
        what = f"{named[1]}, {named[3]}"
    return what.replace(": ", ", ", 1) if what.count(": ") > 1 else what


def counted(text: str) -> str:
    """One of a thing is not told in the plural."""
    return re.sub(r"(?<![\d.,+-])1 (spike|pulse|neuron|animal|synapse)s\b", r"1 \1", text)


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as Markdown, in the order of the measures."""

    def cell(text: str) -> str:
        return counted(text).replace("|", "\\|").replace("\n", " ")

    lines = [
        "# What the models measure",
        "",
        "Written by `python -m tests.measures` from the notes of a test run; do not edit.",
        "*Exact* agrees to rounding, *numeric* within what two solvers may differ, *statistical* over seeds,",
        "*sign* in direction or order only.  A row marked *complete* ran at full length (`pytest -m long`);",
        "the others are the reduced versions of every run.  *Provisional*: the expectation is set from the",
        "literature, and nobody had run it before.",
        "",
        "| measure | what | source | ours | tolerance | agreement | run |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in sorted(rows, key=_order):
        agreement = KINDS[row["kind"]] + (", provisional" if row["provisional"] else "")
        lines.append(
            "| "
            + " | ".join(
                cell(text)
                for text in (
                    row["measure"],
                    readable(row["what"]),
                    row["source"],
                    row["ours"],
                    row["tolerance"],
                    agreement,
                    "complete" if row["long"] else "",
                )
            )
            + " |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the table from the notes of the last run."""
    rows = [json.loads(path.read_text()) for path in sorted(NOTES.glob("*.json"))]
    if not rows:
        print(f"no notes in {NOTES}: run the tests first", file=sys.stderr)
        return 1
    TABLE.write_text(table(rows))
    print(f"{len(rows)} rows in {TABLE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
