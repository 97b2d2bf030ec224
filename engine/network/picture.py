"""A circuit at a glance, as a small drawing for a notebook."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from engine.network.declared import is_gap

if TYPE_CHECKING:
    from engine.network.network import Network


def svg(net: Network) -> str:
    """An SVG picture."""
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg'><title>{escape(repr(net))}</title></svg>" if is_gap else ""
    )
