"""A real window with every plot made and a new circuit, and the hand on its plots."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from editor.palette import cards
from tests.editor.a_window import opened


@contextmanager
def plotting(qtbot: Any, task: str = "") -> Iterator[Any]:
    """The window, with the circuit of this task's card if one is named; closed afterwards."""
    made = opened(qtbot)
    made.bring_canvas()
    made.plots.fill()
    made.files.new()
    if task:
        made.use_card(cards.find("task", task))
    yield made
    made.close()


def plot_of(window: Any, title: str) -> Any:
    """The plot with this title, brought to the front."""
    at = [kind.title for kind in window.plots.kinds].index(title)
    window.plots.bar.setCurrentIndex(at)
    return window.plots.plots[at]


def click(button: QAbstractButton) -> None:
    """A click with the left button of the mouse."""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def train(qtbot: Any, tab: Any, epochs: int) -> None:
    """Press Play in the plot of a training, and Pause after so many epochs; wait for the last look."""
    click(tab.play)
    qtbot.waitUntil(lambda: tab.seen is not None and tab.seen.epoch >= epochs)
    click(tab.play)
    qtbot.waitUntil(lambda: tab.race.is_idle() and tab.race.look() is tab.seen)
