"""Source text as a tree, for one thread at a time.

Python 3.11 counts how deep the trees of all threads are in one number; two threads that read at once may each
find it changed by the other, and fail with a SystemError (CPython issue 106905).
"""

from __future__ import annotations

import ast
import threading

_reading = threading.Lock()


def module(text: str) -> ast.Module:
    """The tree of a module's text; raises SyntaxError where it is none."""
    with _reading:
        return ast.parse(text)


def expression(text: str) -> ast.expr:
    """The tree of one expression; raises SyntaxError where it is none."""
    with _reading:
        return ast.parse(text, mode="eval").body
