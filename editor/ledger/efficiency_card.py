"""The card of efficiency: a circuit before and after its structure changed, beside random pruning, as HTML.

Qt-free, as the page it stands on.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from math import isfinite, isnan

from editor.ledger.figures import spoken
from editor.ledger.weighing import SECONDS, Weighed
from editor.transport.timeline import clock
from editor.window.theme import Theme
from engine.analysis.efficiency import AFTER, BEFORE, CHANCE, LOTS, Efficiency
from engine.analysis.ledger.accounts import Figure

ANCHOR = "efficiency"
ABSENT = "\u2013"
ROWS: tuple[tuple[str, str, Callable[[Efficiency], float], str], ...] = (
    ("synapses", "", lambda e: e.synapses, "counted"),
    ("power of activity", "W", lambda e: e.watts, "spikes and vesicles; resting cells cost the same"),
    ("length of wire", "m", lambda e: 1e-6 * e.wire, "all synapses together, soma to soma"),
    ("task", "", lambda e: e.performance, ""),
    ("task for its power", "per nW", lambda e: 1e-9 * e.per_watt, "the task over the power of activity"),
)
"""What each row is called, its unit, the number, and how it is come by (of the task: its own sentence)."""


def card(weighed: Weighed | None, theme: Theme) -> str:
    """What can be asked, how far the answer is, or the answer."""
    parts = [f'<a name="{ANCHOR}"></a>', _asked(weighed)]
    if weighed is not None and weighed.found:
        parts.append(_table(weighed, theme))
    return "".join(parts)


def _asked(weighed: Weighed | None) -> str:
    if weighed is not None and weighed.share is not None:
        return (
            f"<p>Copies run for {SECONDS:g} s each, learning nothing: {100 * weighed.share:.0f} % done. "
            '<a href="action:stop_weighing">Stop</a></p>'
        )
    since = (
        "the beginning of the run"
        if weighed is None or weighed.before == 0.0
        else f"t = {clock(weighed.before)}"
    )
    return (
        f"<p>Before is {since}. "
        '<a href="action:mark_before">Mark this moment as before</a> &nbsp;\u00b7&nbsp; '
        '<a href="action:weigh">Compare now with before</a></p>'
    )


def _table(weighed: Weighed, theme: Theme) -> str:
    found = weighed.found
    heads = {
        BEFORE: f"before, t = {clock(weighed.before)}",
        AFTER: f"after, t = {clock(weighed.after or 0.0)}",
        CHANCE: f"as many at random, mean of {LOTS}",
    }
    lines = ['<table cellpadding="3" cellspacing="0" width="100%"><tr><td width="16%"></td>']
    lines += [f'<td class="muted" width="18%" align="right">{heads[name]}</td>' for name in found]
    lines.append("<td></td></tr>")
    for label, unit, number, how in ROWS:
        first = number(found[BEFORE])
        cells = [_cell(number(one), first, unit, name != BEFORE) for name, one in found.items()]
        lines.append(
            f"<tr><td>{escape(label)}</td>{''.join(cells)}"
            f'<td class="muted">&nbsp;&nbsp;{escape(how or weighed.says)}</td></tr>'
        )
    lines.append("</table>")
    return "".join(lines) + _judgement(weighed, theme)


def _cell(value: float, first: float, unit: str, is_compared: bool) -> str:
    if not isfinite(value):
        return f'<td align="right" class="muted">{ABSENT}</td>'
    change = ""
    if is_compared and first and isfinite(first):
        percent = 100.0 * (value / first - 1.0)
        text = f"{percent:+.0f} %".replace("-", "\u2212") if round(percent) else "the same"
        change = f'<span class="muted">&nbsp;{text}</span>'
    return f'<td align="right"><b>{escape(spoken(Figure("", "", value, unit, "")))}</b>{change}</td>'


def _judgement(weighed: Weighed, theme: Theme) -> str:
    """One sentence that a reader may check in the table above."""
    found = weighed.found
    if CHANCE not in found:
        return "<p>No synapse is gone, so there is nothing to compare with chance.</p>"
    was, now, luck = found[BEFORE].performance, found[AFTER].performance, found[CHANCE].performance
    if isnan(was) or isnan(now):
        return "<p>This circuit has no task, so only what it costs is compared.</p>"
    if now > luck:
        ink, says = theme.good, "What was pruned served the task less than what chance would have taken."
    elif now < luck:
        ink, says = theme.danger, "Chance would have served the task better."
    else:
        ink, says = theme.muted, "For the task it is the same as chance."
    return f'<p><span style="color:{ink}">{says}</span></p>'


def rows(weighed: Weighed | None) -> list[tuple[str, float, str, str]]:
    """The card for a table: what, the number, its unit, and how it was come by."""
    if weighed is None:
        return []
    return [
        (f"{label}, {name}", number(one), unit, how or weighed.says)
        for name, one in weighed.found.items()
        for label, unit, number, how in ROWS
    ]
