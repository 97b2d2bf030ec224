"""Whether an edit can be applied, and whether a whole network makes sense: every problem with its cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.network.edits import Edit
    from engine.network.network import Network


def why_not(net: Network, edit: Edit) -> str:
    """Why an edit cannot be applied and what would be right, or nothing when it can."""
    return edit.why_not(net)


def advice(net: Network, edit: Edit) -> str:
    """What an edit does a little differently than written, such as a delay rounded up; or nothing."""
    return edit.advice(net)
