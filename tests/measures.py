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
HEADER = "| what | stated | ours | tolerance | agreement | run |"
INTRODUCTION = (
    "# What the models measure",
    "",
    "Written by `python -m tests.measures` from the notes of a test run; do not edit.",
    "",
    "Each line is a test: *stated* is what the paper, NEST, Brian2 or an independent implementation has,",
    "*ours* what came out here, *tolerance* how far they may be apart.  *Exact* agrees to rounding,",
    "*numeric* within what two solvers may differ, *statistical* over seeds, *sign* in direction or order",
    "only.  *Every run* is the version of `pytest`, often with one seed or a shorter course; *complete* is",
    "that of `pytest -m long`, with all seeds and at full length.  Where a line says *each seed*, its",
    "numbers are those seeds' in order; it fails when two in a row are outside.  *Provisional*: the",
    "expectation is set from the literature, and nobody had run it before.",
)
TITLES = {  # sections, in their order
    "A01": "leaky integrate-and-fire neuron with currents",
    "A02": "leaky integrate-and-fire neuron with conductances",
    "A03": "adaptive exponential neuron, its firing patterns",
    "A04": "Izhikevich's neuron",
    "A05": "Hodgkin and Huxley's neuron",
    "A06": "random inputs",
    "A07": "short-term plasticity (Tsodyks and Markram)",
    "A08": "laws of depression and facilitation",
    "A09": "quantal release",
    "A10": "magnesium block of NMDA receptors",
    "A11": "Hebb's and Oja's rules",
    "A12": "BCM: selectivity and sliding threshold",
    "A13": "triplet rule as BCM",
    "A14": "pair STDP and power law",
    "A15": "competition under additive STDP",
    "A16": "one hump under weight-dependent STDP with noise",
    "A17": "from two camps to one",
    "A18": "nearest-neighbour STDP",
    "A19": "triplet rule beside slice data",
    "A20": "triplet rule, weights",
    "A21": "Clopath's voltage rule",
    "A22": "Graupner and Brunel's calcium rule",
    "A23": "release and receptors: where learning is stored",
    "A24": "pairing on a dendrite",
    "A25": "without the back-propagating spike",
    "A26": "with distance from the soma",
    "A26b": "rescue of distal synapses",
    "A27": "bursts by coincidence",
    "A28": "anti-Hebbian rules",
    "A29": "negative image in the electric lobe",
    "A30": "parallel and climbing fibres",
    "A31": "synaptic scaling",
    "7.2": "intrinsic threshold (homeostasis)",
    "7.3": "receptor sensitivity (homeostasis)",
    "7.5": "sliding triplet rule (metaplasticity)",
    "A32": "inhibitory plasticity",
    "A33": "distal reward",
    "A34": "dopamine-modulated STDP",
    "A35": "acetylcholine, then dopamine",
    "A36": "navigation",
    "Arena": "navigation when the goal moves",
    "A37": "noradrenaline and serotonin",
    "A38": "push and pull of polarity",
    "A39": "reward prediction error",
    "A40": "growth by distance",
    "A41": "growth of synaptic elements",
    "A42": "growth to a set point",
    "A43": "growth into a lesion",
    "A44": "life of spines",
    "A45": "how slow structure is",
    "Competition": "pruning among inputs that share a resource",
    "Deger": "contacts that cooperate",
    "A46": "calcium of astrocytes (Li and Rinzel), bifurcation",
    "A47": "calcium of astrocytes, course",
    "A48": "calcium of astrocytes (G-ChI)",
    "A49": "gliotransmission",
    "A50": "slow inward current",
    "A51": "D-serine",
    "A52": "uptake of transmitter",
    "A53": "energy ledger",
    "A54": "locality",
    "A55": "determinism of the engine",
    "A56": "no barrier",
    "A57": "damage",
    "A58": "asynchrony",
    "L1": "poison test of learners",
    "L2": "what is read from elsewhere",
    "L3": "energy of learners",
    "L4": "one spike and one error",
    "S1": "back-propagation",
    "S2": "back-propagating action potentials",
    "S3": "frequency-gated error (familiarity)",
    "S4": "reward-penalty in area 7a",
    "S5": "GeneRec",
    "S6": "contrastive Hebbian learning with weak feedback",
    "S7": "contrastive Hebbian learning with full feedback",
    "S8": "routing by the basal ganglia",
    "S9": "cerebellum",
    "X1": "equilibrium propagation",
    "X2": "predictive coding",
    "X3": "feedback alignment",
    "X4": "burst-dependent rule",
    "X5": "e-prop",
    "Digits": "one architecture, every rule",
    "C1": "forgetting, whether local or not",
    "C2": "silent outputs and replay",
    "C3": "sparse code",
    "C4": "slow synapses",
    "C5": "learned, then forgotten",
    "C6": "samples to a criterion",
    "C7": "five lessons, every rule",
    "C8": "five short lessons, every learner there is",
}
"""What each measure is about.  A numbers are biology's, S the systems that are cited, X those beyond them."""

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
        if measure not in TITLES and measure.partition("-")[0] not in TITLES:
            raise ValueError(f"measure {measure!r} has no section in TITLES")
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


def _place(row: dict[str, Any]) -> tuple[int, str, str, bool]:
    """Where a row stands: by its section, then by measure and words, the reduced run before the complete."""
    return list(TITLES).index(_section(row)), row["measure"], row["what"], row["long"]


def _section(row: dict[str, Any]) -> str:
    for part in (row["measure"], row["measure"].partition("-")[0]):
        if part in TITLES:
            return part
    raise LookupError(f"{row['test']}: measure {row['measure']!r} has no title in {__name__}.TITLES")


def readable(what: str) -> str:
    """What a test calls a case, as a reader of the table would: "psc: random 0" is the first random case."""
    what = re.sub(r"\brandom (\d+)", lambda found: f"random case {int(found[1]) + 1}", what)
    named = re.match(r"(\w+), (\w+):? (.*)", what, re.DOTALL)
    if named and named[2] in named[1].split("_"):  # the kind of model once more
        what = f"{named[1]}, {named[3]}"
    return what.replace(": ", ", ", 1) if what.count(": ") > 1 else what


def counted(text: str) -> str:
    """One of a thing is not told in the plural."""
    return re.sub(r"(?<![\d.,+-])1 (spike|pulse|neuron|animal|synapse|seed)s\b", r"1 \1", text)


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as Markdown: a section per measure, a line per row."""

    def cell(text: str) -> str:
        return counted(text).strip().replace("|", "\\|").replace("\n", " ")

    lines = [*INTRODUCTION]
    last = ""
    for row in sorted(rows, key=_place):
        section = _section(row)
        if section != last:
            last = section
            lines += ["", f"## {section}: {TITLES[section]}", "", HEADER, "|---|---|---|---|---|---|"]
        name = "" if row["measure"] == section else f"{row['measure']}: "
        agreement = KINDS[row["kind"]] + (", provisional" if row["provisional"] else "")
        run = "complete" if row["long"] else "every run"
        told = (name + readable(row["what"]), row["source"], row["ours"], row["tolerance"], agreement, run)
        lines.append("| " + " | ".join(cell(text) for text in told) + " |")
    return "\n".join(lines) + "\n"


def gathered(folder: Path) -> list[dict[str, Any]]:
    """The rows of a run's notes, the newest of each; none of a test that is no more."""
    rows: dict[tuple[str, str, bool], dict[str, Any]] = {}
    for path in sorted(folder.glob("*.json"), key=lambda one: one.stat().st_mtime):
        row = json.loads(path.read_text())
        file, _, test = row["test"].partition("::")
        source = ROOT / file
        if source.exists() and f"def {test.partition('[')[0]}(" in source.read_text():
            rows[row["measure"], row["what"], row["long"]] = row
    return list(rows.values())


def main() -> int:
    """Write the table from the notes of the last run."""
    rows = gathered(NOTES)
    if not rows:
        print(f"no notes in {NOTES}: run the tests first", file=sys.stderr)
        return 1
    TABLE.write_text(table(rows))
    print(f"{len(rows)} rows in {TABLE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
