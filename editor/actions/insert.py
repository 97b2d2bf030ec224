"""Actions that take a tool in hand."""

from __future__ import annotations

from typing import Any

from editor.actions import Action, action, declare
from editor.palette.tools import TOOLS, Tool


def _use(tool: Tool) -> Any:
    def use(window: Any) -> None:
        window.use_tool(tool.slug)

    return use


def _is_in_hand(tool: Tool) -> Any:
    def ask(window: Any) -> bool:
        return bool(window.next.tool == tool.slug)

    return ask


for _tool in TOOLS:
    declare(
        Action(
            slug=f"tool_{_tool.slug}",
            name=_tool.name,
            menu="Insert",
            sentence=_tool.sentence,
            run=_use(_tool),
            keys=(_tool.key,),
            icon=_tool.icon,
            group=_tool.group,
            is_on=_is_in_hand(_tool),
            words="tool place draw",
        )
    )


def no_card(window: Any) -> str:
    """Why the chosen card cannot be placed."""
    return "" if window.bench.card is not None else "No card of the palette is chosen."


@action(
    "Place or attach the chosen card", "Insert", "Ctrl+Return", group=8, why_not=no_card, words="add palette"
)
def place_card(window: Any) -> None:
    """Place the card chosen in the palette in the middle of the view, or attach it to the selection."""
    window.use_card(window.bench.card)
