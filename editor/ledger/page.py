"""The ledger as a page of rich text: sentences with their verdicts above, the figures they rest on below.

Qt-free: a ledger goes in, HTML comes out.  A figure's row carries its key as an anchor, so that a click on a
verdict brings its numbers into view.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape

from editor.ledger import efficiency_card
from editor.ledger.numbers import spoken
from editor.ledger.weighing import Weighed
from editor.theme import Theme
from engine.analysis.energy import AS_PUBLISHED, CONSTANTS, Charge, Constant
from engine.analysis.ledger import locality
from engine.analysis.ledger.accounts import CONTRADICTED, DEPENDS, SUPPORTED, Claim, Figure, Ledger
from engine.analysis.ledger.comparison import Row

MARKS = {SUPPORTED: "\u2713", DEPENDS: "\u25d0", CONTRADICTED: "\u2717"}
ROWS = ("Learning rules", "Energy", "Control")
SIDES = ("Biology", "Back-propagation")
MOST_CARDS = 60
DAMAGE = (
    ("lesion", "lesion 10 % of the neurons"),
    ("cut_teacher", "cut the teaching signal"),
    ("delay_teacher", "delay it by 500 ms"),
)
"""Actions of the window that hurt a circuit on purpose, and what the page calls them."""
BOXES = ("\u2610", "\u2611")
CHARGES = (
    ("cheap_inhibition", "an inhibitory vesicle at a tenth"),
    ("housekeeping", "a quarter more for housekeeping"),
)
"""What may be charged otherwise (`engine.analysis.energy.Charge`), and what the page calls it."""


def page(
    ledger: Ledger,
    theme: Theme,
    lit: str = "",
    learners: Sequence[Row] = (),
    charge: Charge = AS_PUBLISHED,
    weighed: Weighed | None = None,
) -> str:
    """The whole page; the figures of the sentence `lit` (its place among the claims) are marked."""
    marked = (
        set(ledger.claims[int(lit)].figures) if lit.isdigit() and int(lit) < len(ledger.claims) else set()
    )
    parts = [
        _style(theme),
        _heading("What this run says of the comparison"),
        _claims(ledger, theme),
        *(
            [_heading("Learners", "side by side, each on its own copy"), _learners(learners)]
            if learners
            else []
        ),
        _heading("Before and after", "what a change of structure saves, beside random pruning"),
        efficiency_card.card(weighed, theme),
        _heading("The numbers"),
        _figures(ledger.figures.values(), theme, marked),
        _charges(charge),
        _heading("What each rule may know", "read off the syntax trees of its hooks"),
        _cards(ledger, theme),
        _heading("Damage both sides alike"),
        _damage(),
        _caveats(ledger.caveats),
        _heading("Constants", "and where they are from"),
        _constants(CONSTANTS),
    ]
    return "".join(parts)


def _style(theme: Theme) -> str:
    return (
        f"<style>td {{ color: {theme.text}; }} .muted {{ color: {theme.muted}; }} "
        f"h3 {{ color: {theme.text}; margin: 14px 0 4px 0; font-size: 13px; }} "
        f"a {{ color: {theme.accent}; text-decoration: none; }} p {{ color: {theme.muted}; }}</style>"
    )


def _heading(text: str, beside: str = "") -> str:
    more = f' <span class="muted" style="font-weight:400">{escape(beside)}</span>' if beside else ""
    return f"<h3>{escape(text)}{more}</h3>"


def colour_of(verdict: str, theme: Theme) -> str:
    """The colour a verdict is written in."""
    return {SUPPORTED: theme.good, DEPENDS: theme.warning, CONTRADICTED: theme.danger}.get(
        verdict, theme.muted
    )


def _claims(ledger: Ledger, theme: Theme) -> str:
    rows = ['<table cellpadding="5" cellspacing="0" width="100%"><tr>']
    rows += [
        f'<td class="muted" width="{w}%">{escape(t)}</td>'
        for w, t in ((14, ""), (43, SIDES[0]), (43, SIDES[1]))
    ]
    rows.append("</tr>")
    for row in ROWS:
        cells = []
        for side in SIDES:
            found = [(i, c) for i, c in enumerate(ledger.claims) if (c.row, c.side) == (row, side)]
            cells.append("".join(_claim(i, c, theme) for i, c in found))
        rows.append(
            f'<tr><td valign="top"><b>{escape(row)}</b></td>'
            + "".join(f'<td valign="top">{cell}</td>' for cell in cells)
            + "</tr>"
        )
    return "".join([*rows, "</table>"])


def _claim(place: int, claim: Claim, theme: Theme) -> str:
    ink = colour_of(claim.verdict, theme)
    mark = MARKS.get(claim.verdict, "\u2013")
    return (
        f'<div>{escape(claim.says)}&nbsp;&nbsp;<a href="claim:{place}" style="color:{ink}">'
        f"<b>{mark}&nbsp;{escape(claim.verdict)}</b></a><br>"
        f'<span class="muted">{escape(claim.why)}</span></div>'
    )


COLUMNS: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("learner", lambda r: f"<b>{escape(r.label)}</b>"),
    ("error", lambda r: f"{r.error:.3g}"),
    ("right", lambda r: f"{100 * r.right:.0f} %"),
    ("patterns until first met", lambda r: "not yet" if r.samples is None else f"{r.samples:,}"),
    (
        "reads pre / post / own",
        lambda r: " / ".join(f"{r.reads.counts[n]:.2g}" for n in ("pre", "post", "own")),
    ),
    ("told", lambda r: f"{r.reads.counts['bcastS'] + r.reads.counts['bcastV']:.3g}"),
    ("foreign", lambda r: f"{r.reads.counts['foreign']:.3g}"),
    ("weights read by others", lambda r: f"{r.reads.transported:,}"),
    ("changed by one error", lambda r: f"{r.by_error:,}" if r.by_error else "-"),
    ("by one spike running back", lambda r: f"{r.by_spike:,}" if r.by_spike else "-"),
    ("feedback drawn", lambda r: f"{r.reads.feedback:,}"),
    ("alignment", lambda r: "-" if math.isnan(r.alignment) else f"{r.alignment:.2f}"),
    ("waits", lambda r: f"{r.switches}"),
    ("settling steps", lambda r: f"{r.settling:.0f}" if r.settling else "-"),
    ("MAC per pattern", lambda r: f"{r.macs:,.0f}"),
)
"""Heading of each column about learners, and what stands in it."""


def _learners(rows: Sequence[Row]) -> str:
    """The learners beside each other: reads, waits, costs; below, joules to the criterion three ways."""
    ways = [cost.label for cost in rows[0].costs]
    heads = [head for head, _ in COLUMNS] + [f"J to criterion: {way}" for way in ways]
    found = ['<table cellpadding="4" cellspacing="0" width="100%"><tr>']
    found += [f'<td class="muted" valign="bottom">{escape(head)}</td>' for head in heads]
    found.append("</tr>")
    for row in rows:
        cells = [cell(row) for _, cell in COLUMNS]
        cells += ["-" if (j := row.to_criterion(c)) is None else _joules(j) for c in row.costs]
        found.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    found.append("</table>")
    taken = "".join(f"<li>{escape(r.label)}: {escape(r.assumption)}</li>" for r in rows if r.assumption)
    how = "; ".join(f"{escape(c.label)}: {escape(c.how)}" for c in rows[0].costs)
    return "".join(found) + f"<p>Joules are never added. {how}.</p><ul class='muted'>{taken}</ul>"


def _joules(value: float) -> str:
    return spoken(Figure("", "", value, "J", ""))


def _figures(figures: Iterable[Figure], theme: Theme, marked: set[str]) -> str:
    rows = ['<table cellpadding="3" cellspacing="0" width="100%">']
    for figure in figures:
        ground = f' bgcolor="{theme.panel_raised}"' if figure.key in marked else ""
        mark = f'<span style="color:{theme.accent}">\u25b8&nbsp;</span>' if figure.key in marked else ""
        rows.append(
            f'<tr{ground}><td width="26%"><a name="{figure.key}"></a>{mark}{escape(figure.label)}</td>'
            f'<td width="14%" align="right"><b>{escape(spoken(figure))}</b></td>'
            f'<td class="muted">&nbsp;&nbsp;{escape(figure.how)}</td></tr>'
        )
    return "".join([*rows, "</table>"])


def _charges(charge: Charge) -> str:
    """Links that switch what is charged otherwise."""
    links = " &nbsp;\u00b7&nbsp; ".join(
        f'<a href="charge:{name}">{BOXES[getattr(charge, name)]}&nbsp;{escape(text)}</a>'
        for name, text in CHARGES
    )
    return f"<p>Charge otherwise: {links}</p>"


def _cards(ledger: Ledger, theme: Theme) -> str:
    if not ledger.cards:
        return "<p>No projection carries a rule.</p>"
    known = {(c.card, c.stage, c.places): 0 for c in ledger.cards}
    for card in ledger.cards:
        known[(card.card, card.stage, card.places)] += 1
    rows = ['<table cellpadding="3" cellspacing="0"><tr><td></td>']
    rows += [
        f'<td class="muted" align="center" title="{escape(m)}">{p}</td>' for p, m in locality.PLACES.items()
    ]
    rows.append('<td class="muted">&nbsp;&nbsp;on projections</td></tr>')
    for (label, stage, places), count in list(known.items())[:MOST_CARDS]:
        dots = "".join(_dot(place in places, place in locality.LOCAL, theme) for place in locality.PLACES)
        rows.append(
            f'<tr><td>{escape(label)} <span class="muted">{escape(stage)}</span></td>{dots}'
            f'<td align="right">{count}</td></tr>'
        )
    rows.append("</table>")
    meanings = "; ".join(f"{place}: {meaning}" for place, meaning in locality.PLACES.items())
    return "".join(rows) + f"<p>{escape(meanings)}.</p>"


def _dot(reads: bool, local: bool, theme: Theme) -> str:
    ink = (theme.good if local else theme.warning) if reads else theme.line
    mark = "\u25cf" if reads else "\u00b7"
    return f'<td align="center" width="34"><span style="color:{ink}">{mark}</span></td>'


def _caveats(caveats: Iterable[str]) -> str:
    lines = "".join(f"<li>{escape(one)}</li>" for one in caveats)
    return f'<h3>Before quoting any of it</h3><ul class="muted">{lines}</ul>'


def _damage() -> str:
    """Links to actions of the window, by their names."""
    links = " &nbsp;\u00b7&nbsp; ".join(
        f'<a href="action:{slug}">{escape(name)}</a>' for slug, name in DAMAGE
    )
    return f"<p>{links}</p>"


def _constants(constants: Iterable[Constant]) -> str:
    rows = ['<table cellpadding="3" cellspacing="0" width="100%">']
    for one in constants:
        more = f"<br><i>{escape(one.caveat)}</i>" if one.caveat else ""
        rows.append(
            f'<tr><td width="26%">{escape(one.label)}</td><td width="14%" align="right"><b>'
            f"{escape(f'{one.value:.4g} {one.unit}')}</b></td>"
            f'<td class="muted">&nbsp;&nbsp;{escape(one.source)}{more}</td></tr>'
        )
    return "".join([*rows, "</table>"])


def columns(
    ledger: Ledger, learners: Sequence[Row] = (), weighed: Weighed | None = None
) -> dict[str, list[str | float]]:
    """The ledger as columns of a table: sentences first, then figures."""
    found: dict[str, list[str | float]] = {"what": [], "value": [], "unit": [], "how": []}
    for claim in ledger.claims:
        _put(found, f"{claim.row}, {claim.side}: {claim.says}", claim.verdict, "", claim.why)
    for figure in ledger.figures.values():
        _put(found, figure.label, figure.value, figure.unit, figure.how)
    for line in efficiency_card.rows(weighed):
        _put(found, *line)
    for row in learners:
        samples: str | float = "not reached" if row.samples is None else row.samples
        _put(
            found,
            f"{row.label}: patterns to criterion",
            samples,
            "",
            f"error {row.error:.4g} in epoch {row.epoch}",
        )
        _put(found, f"{row.label}: alignment of feedback", row.alignment, "", "correlation of weights")
        for cost in row.costs:
            _put(found, f"{row.label}: {cost.label}, per pattern", cost.joules, "J", cost.how)
    return found


def _put(columns: dict[str, list[str | float]], what: str, value: str | float, unit: str, how: str) -> None:
    for name, one in (("what", what), ("value", value), ("unit", unit), ("how", how)):
        columns[name].append(one)
