"""The learners of a race beside each other: a line for every figure, a column for every learner.  Qt-free.

Page and CSV are made of the same lines, so that nothing stands in one that is missing in the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from editor.ledger.figures import spoken
from editor.window.theme import Theme
from engine.analysis.ledger.accounts import Figure
from engine.analysis.ledger.comparison import Row
from engine.analysis.ledger.learning import CLASSES
from engine.analysis.ledger.repeats import Repeated, Spread
from engine.counting import counted

Value = str | float | None
Columns = dict[str, list[str | float]]
DASH = "\u2013"


@dataclass(frozen=True)
class Line:
    """One figure of every learner: the group it stands in, its name, how it comes of a row, unit, meaning."""

    group: str
    text: str
    value: Callable[[Row], Value]
    unit: str = ""
    how: str | Callable[[Row], str] = ""
    missing: str = DASH
    """What stands there instead of a number that is missing."""

    def meaning(self, row: Row) -> str:
        """How the number of this learner comes about."""
        return self.how if isinstance(self.how, str) else self.how(row)


def _reads(name: str, text: str) -> Line:
    return Line("Locality", text, lambda row: row.reads.counts[name], "", CLASSES[name])


LEARNED, TESTED = "of the patterns to be learned", "of the patterns of the test, which are never learned"
LINES = (
    Line("Accuracy", "right, learned patterns", lambda r: 100.0 * r.right, "%", LEARNED),
    Line("Accuracy", "right, test patterns", lambda r: 100.0 * r.test_right, "%", TESTED, "no test"),
    Line("Accuracy", "error, learned patterns", lambda r: r.error, "", LEARNED),
    Line("Accuracy", "error, test patterns", lambda r: r.test_error, "", TESTED, "no test"),
    Line("Accuracy", "epochs run", lambda r: float(r.epoch)),
    Line("Accuracy", "patterns until learned", lambda r: r.samples, "", "shown until it was found to be",
         "not yet"),
    Line("Accuracy", "forgotten of earlier stages", lambda r: r.forgotten, "points",
         "right in the test right after each stage, less right now"),
    _reads("pre", "reads of the presynaptic neuron"),
    _reads("post", "reads of the postsynaptic neuron"),
    _reads("own", "reads of its own"),
    _reads("comp", "reads of another compartment"),
    _reads("bcastS", "reads of numbers told to all"),
    _reads("bcastV", "numbers over drawn feedback"),
    _reads("foreign", "foreign reads"),
    Line("Locality", "weights read by others", lambda r: float(r.reads.transported), "",
         "by somebody else's pathway"),
    Line("Locality", "feedback synapses drawn", lambda r: float(r.reads.feedback)),
    Line("Locality", "alignment of feedback", lambda r: r.alignment, "",
         "correlation of each weight with the feedback its error comes over"),
    Line("Locality", "changed by one error", lambda r: r.by_error or None, "synapses"),
    Line("Locality", "reached by one spike running back", lambda r: r.by_spike or None, "synapses"),
    Line("Control", "who teaches", lambda r: r.control.teacher),
    Line("Control", "sources of the teaching signal", lambda r: float(r.control.sources)),
    Line("Control", "dimension of the teaching signal", lambda r: float(r.control.dimension)),
    Line("Control", "synapses it reaches", lambda r: float(r.control.synapses), "",
         "their change depends on what the teacher says"),
    Line("Control", "neurons it reaches", lambda r: float(r.control.neurons)),
    Line("Control", "global synchronisations per batch", lambda r: float(r.switches), "",
         "nobody goes on before everybody has finished"),
    Line("Work", "phases per batch", lambda r: float(r.phases)),
    Line("Work", "settling steps per phase", lambda r: r.settling or None),
    Line("Work", "multiply-accumulates per pattern", lambda r: r.macs),
)  # fmt: skip
"""Every figure of a learner but its joules, in the order of the page."""
PAID = "Joules, never added"


def lines(rows: Sequence[Row]) -> list[Line]:
    """Every line there is for these learners: the ways to pay are theirs."""
    found = list(LINES)
    ways = range(len(rows[0].costs)) if rows else ()
    found += [_paid(way, rows[0].costs[way].label) for way in ways]
    found += [_paid_in_all(way, rows[0].costs[way].label) for way in ways]
    return [*found, Line("Taken for granted", "assumption", lambda r: r.assumption)]


def _paid(way: int, label: str) -> Line:
    return Line(PAID, f"{label}, per pattern", lambda r: r.costs[way].joules, "J", lambda r: r.costs[way].how)


def _paid_in_all(way: int, label: str) -> Line:
    return Line(
        PAID, f"{label}, until learned", lambda r: r.to_criterion(r.costs[way]), "J", missing="not yet"
    )


def cell(line: Line, row: Row) -> str:
    """What the page says on a line about a learner."""
    value = line.value(row)
    if value is None or _is_missing(value):
        return line.missing
    if isinstance(value, str):
        return value or DASH
    return spoken(Figure("", "", round(value, 1) if line.unit in ("%", "points") else value, line.unit, ""))


def _is_missing(value: Value) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def table(rows: Sequence[Row], repeats: Mapping[int, Repeated], theme: Theme) -> str:
    """The learners as HTML: groups of lines, a column each."""
    found = ['<table cellpadding="3" cellspacing="0" width="100%"><tr><td width="26%"></td>']
    found += [f"<td><b>{escape(row.label)}</b></td>" for row in rows]
    found.append("</tr>")
    group = ""
    for line in lines(rows):
        if line.group != group:
            group = line.group
            found.append(_group(group, len(rows)))
        cells = [cell(line, row) for row in rows]
        ground = f' bgcolor="{theme.panel_raised}"' if line.text.endswith("until learned") else ""
        found.append(
            f'<tr{ground}><td class="muted" title="{escape(line.meaning(rows[0]))}">{escape(line.text)}</td>'
        )
        found += [f"<td>{escape(text)}</td>" for text in cells]
        found.append("</tr>")
    of = [repeats.get(row.learner) for row in rows]
    if any(of):
        found.append(_group(heading(list(repeats.values())), len(rows)))
        for text in repeated_texts(list(repeats.values())):
            found.append(f'<tr><td class="muted">{escape(text)}</td>')
            found += [f"<td>{escape(_repeated(one).get(text, DASH) if one else DASH)}</td>" for one in of]
            found.append("</tr>")
    return "".join([*found, "</table>"])


def _group(text: str, learners: int) -> str:
    return f'<tr><td colspan="{learners + 1}"><br><b>{escape(text)}</b></td></tr>'


# -- several seeds ---------------------------------------------------------------------------------


def heading(repeats: Sequence[Repeated]) -> str:
    """What stands above the lines about several seeds."""
    runs, epochs = max(len(one.runs) for one in repeats), repeats[0].epochs
    return f"Over {counted(runs, 'seed')} of {counted(epochs, 'epoch')}: mean \u00b1 standard deviation (n)"


def figures(one: Repeated) -> dict[str, tuple[Spread, str]]:
    """Every figure over several seeds by its name, with its unit."""
    asked = "test patterns" if one.is_tested else "learned patterns"
    right = Spread(100.0 * one.right.mean, 100.0 * one.right.sd, one.right.n)
    found = {
        "patterns until learned": (one.samples, ""),
        f"right, {asked}": (right, "%"),
        "forgotten of earlier stages": (one.forgotten, "points"),
    }
    return found | {f"{way}, until learned": (paid, "J") for way, paid in one.joules().items()}


def repeated_texts(repeats: Sequence[Repeated]) -> list[str]:
    """The names of all lines about several seeds."""
    return list(dict.fromkeys(["runs that learned", *(name for one in repeats for name in figures(one))]))


def _repeated(one: Repeated) -> dict[str, str]:
    apart = len(one.runs) - len(one.learned)
    learned = f"{len(one.learned)} of {len(one.runs)}" + (f"; {apart} not averaged in" if apart else "")
    return {"runs that learned": learned} | {
        name: said(found, unit) for name, (found, unit) in figures(one).items()
    }


def said(found: Spread, unit: str = "") -> str:
    """Mean, spread and n as people read them."""
    if not found.n:
        return DASH

    def one(value: float) -> str:
        return spoken(Figure("", "", float(f"{value:.3g}"), unit, ""))

    around = f" \u00b1 {one(found.sd)}" if found.n > 1 else ""
    return f"{one(found.mean)}{around} ({found.n})"


# -- numbers for others ----------------------------------------------------------------------------


def columns(rows: Sequence[Row], repeats: Sequence[Repeated] = ()) -> Columns:
    """Every figure of every learner as it is, a row of a table each: what, value, unit, how."""
    found: Columns = {"what": [], "value": [], "unit": [], "how": []}

    def put(what: str, value: Value, unit: str, how: str) -> None:
        said: Value = "" if _is_missing(value) else value
        for name, part in zip(found, (what, said, unit, how), strict=True):
            found[name].append("" if part is None else part)

    for row in rows:
        for line in lines(rows):
            value = line.value(row)
            is_told = _is_missing(value) and line.missing != DASH
            how = line.missing if is_told else line.meaning(row)
            put(f"{row.label}: {line.group.lower()}: {line.text}", value, line.unit, how)
    for one in repeats:
        put(
            f"{one.label}: runs",
            float(len(one.runs)),
            "",
            f"one per seed, {counted(one.epochs, 'epoch')} each",
        )
        put(f"{one.label}: runs that learned", float(len(one.learned)), "", "the others are not averaged in")
        for name, (spread, unit) in figures(one).items():
            for part in ("mean", "sd", "n"):
                put(
                    f"{one.label}: {name}, {part}",
                    getattr(spread, part),
                    "" if part == "n" else unit,
                    "over seeds",
                )
    return found
