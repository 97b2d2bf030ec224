"""Texts as XML can hold them: names may be anything, and a control character makes a file nobody can read."""

from __future__ import annotations

import re
from html import escape

_NEVER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legible(text: str) -> str:
    """The text with a replacement mark for every character that XML cannot hold."""
    return _NEVER.sub("\ufffd", text)


def in_xml(text: str) -> str:
    """The text as it stands between two tags or two quotes."""
    return escape(legible(text))
