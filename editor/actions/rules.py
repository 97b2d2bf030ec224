"""Actions on rules: write one, change one that was written here."""

from __future__ import annotations

from typing import Any

from editor.actions import action
from engine import written


def own_rules(window: Any) -> list[str]:
    """The rules of this circuit that were written in the program."""
    uses = [use for projection in window.document.network.projections.values() for use in projection.rules]
    return list(dict.fromkeys(use.slug for use in uses if written.text_of(use.slug)))


def none_written(window: Any) -> str:
    """Why there is nothing to change."""
    return "" if own_rules(window) else "This circuit has no rule that was written here."


@action(
    "Write a rule...", "Insert", "Ctrl+Shift+R", group=9, words="editor new rule formula hook plasticity code"
)
def write_rule(window: Any) -> None:
    """Write the arithmetic of a new rule, see its window as you type, and use it on a projection."""
    window.rule_desk.open()


@action(
    "Change the written rule...", "Insert", group=9, why_not=none_written, words="editor rule formula edit"
)
def change_rule(window: Any) -> None:
    """Open the rule of this circuit that was written here; with several, that of the selected projection."""
    slugs = own_rules(window)
    chosen = window.selection.ids("projection").tolist()
    network = window.document.network
    near = [u.slug for id in chosen if id in network.projections for u in network.projections[id].rules]
    window.rule_desk.open(next((slug for slug in near if slug in slugs), slugs[0]))
