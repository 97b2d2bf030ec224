"""A plot that stands in a window of its own, for as long as a test lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from PySide6.QtWidgets import QWidget

from editor.plots.base import Plot
from editor.window.theme import DARK

Kind = TypeVar("Kind", bound=Plot)


@contextmanager
def hosted(qtbot: Any, kind: type[Kind], width: int, height: int) -> Iterator[Kind]:
    """Make a plot of this kind, seen at this size; forget what it drew and close it afterwards."""
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(width, height)
    made = kind(DARK, host)
    made.resize(host.size())
    with qtbot.waitExposed(host):
        host.show()
    yield made
    made.clear()
    host.close()
