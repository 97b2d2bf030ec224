"""The ledger as a page of rich text: sentences with their verdicts above, the figures they rest on below.

Qt-free: a ledger goes in, HTML comes out.  A figure's row carries its key as an anchor, so that a click on a
verdict brings its numbers into view.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from editor.ledger import efficiency_card
from editor.ledger.figures import spoken
from editor.ledger.learners import columns as columns_of_learners
from editor.ledger.learners import table
from editor.ledger.weighing import Weighed
from editor.window.theme import Theme
from engine.analysis.energy import AS_PUBLISHED, CONSTANTS, Charge, Constant
from engine.analysis.ledger import locality
from engine.analysis.ledger.accounts import CONTRADICTED, DEPENDS, SUPPORTED, Claim, Figure, Ledger
from engine.analysis.ledger.comparison import Row
from engine.analysis.ledger.repeats import Repeated

MARKS = {SUPPORTED: "\u2713", DEPENDS: "\u25d0", CONTRADICTED: "\u2717"}
ROWS = ("Learning rules", "Energy", "Control")
SIDES = ("Biology", "Back-propagation")
MOST_CARDS = 60
DOORS = (("csv", "Save as CSV\u2026"), ("picture", "Save picture\u2026"))
"""Ways out of the page, and what they are called."""
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
    repeats: Sequence[Repeated] = (),
    charge: Charge = AS_PUBLISHED,
    weighed: Weighed | None = None,
    doors: bool = True,
) -> str:
    """The whole page; the figures of the sentence `lit` (its place among the claims) are marked.

    `doors` are the links that do something; a picture has no use for them.
    """
    marked = (
        set(ledger.claims[int(lit)].figures) if lit.isdigit() and int(lit) < len(ledger.claims) else set()
    )
    of_seeds = {one.learner: one for one in repeats if one.runs}
    parts = [
        _style(theme),
        _doors() if doors else "",
        _heading("What this run says of the comparison"),
        _claims(ledger, theme),
        *(
            [_heading("Learners", "side by side, each on its own copy"), table(learners, of_seeds, theme)]
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
        *([_heading("Damage both sides alike"), _damage()] if doors else []),
        _caveats(ledger.caveats),
        _heading("Constants", "and where they are from"),
        _constants(CONSTANTS),
    ]
    return "".join(parts)


def _doors() -> str:
    """Links that write the page to a file."""
    links = " &nbsp;\u00b7&nbsp; ".join(f'<a href="save:{slug}">{name}</a>' for slug, name in DOORS)
    return f'<p align="right">{links}</p>'


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
    ledger: Ledger,
    learners: Sequence[Row] = (),
    repeats: Sequence[Repeated] = (),
    weighed: Weighed | None = None,
) -> dict[str, list[str | float]]:
    """The ledger as columns of a table: sentences first, then figures, then every figure of the learners."""
    found: dict[str, list[str | float]] = {"what": [], "value": [], "unit": [], "how": []}
    for claim in ledger.claims:
        _put(found, f"{claim.row}, {claim.side}: {claim.says}", claim.verdict, "", claim.why)
    for figure in ledger.figures.values():
        _put(found, figure.label, figure.value, figure.unit, figure.how)
    for line in efficiency_card.rows(weighed):
        _put(found, *line)
    of_learners = columns_of_learners(learners, repeats)
    return {name: [*values, *of_learners[name]] for name, values in found.items()}


def _put(columns: dict[str, list[str | float]], what: str, value: str | float, unit: str, how: str) -> None:
    for name, one in (("what", what), ("value", value), ("unit", unit), ("how", how)):
        columns[name].append(one)
