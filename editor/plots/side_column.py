"""A column of buttons and words that stands beside the curves of a plot."""

from __future__ import annotations

from typing import Any

from PySide6 import QtWidgets


def stand_beside(plot: Any, column: QtWidgets.QLayout, wide: int, *rest: tuple[Any, int]) -> None:
    """Put a column `wide` px left of the view; `rest` stand there instead, with their stretches."""
    held = QtWidgets.QWidget(plot)
    held.setLayout(column)
    held.setFixedWidth(wide)
    body = QtWidgets.QHBoxLayout()
    body.addWidget(held)
    for each, stretch in rest or ((plot.view, 1),):
        add = body.addLayout if isinstance(each, QtWidgets.QLayout) else body.addWidget
        add(each, stretch)
    box = plot.layout()
    assert isinstance(box, QtWidgets.QVBoxLayout)
    box.addLayout(body, 1)
