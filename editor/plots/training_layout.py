"""Where the pieces of the training tab stand: learners left, curves in the middle, a close-up right."""

from __future__ import annotations

from typing import Any

from PySide6 import QtWidgets

WIDE = 430
"""Width of the list of learners, px."""
LOW = 36
"""Height down to which it is scrolled, px, so that all fits below a canvas on a small screen."""


def lay_out(tab: Any) -> QtWidgets.QHBoxLayout:
    """Put the widgets of a `Training` into rows."""
    side = QtWidgets.QVBoxLayout()
    side.setContentsMargins(12, 8, 0, 8)
    side.setSpacing(6)
    row = QtWidgets.QHBoxLayout()
    for button in (tab.play, tab.phase, tab.leap, tab.again):
        row.addWidget(button)
    side.addLayout(row)
    side.addWidget(tab.showing)
    tab.table_view.setMinimumHeight(LOW)
    side.addWidget(tab.table_view, 1)
    row = QtWidgets.QHBoxLayout()
    row.addWidget(tab.add, 1)
    row.addWidget(tab.keep)
    side.addLayout(row)
    side.addWidget(tab.remark)
    held = QtWidgets.QWidget(tab)
    held.setLayout(side)
    held.setFixedWidth(WIDE)
    middle = QtWidgets.QVBoxLayout()
    middle.setSpacing(2)
    top = QtWidgets.QHBoxLayout()
    top.setContentsMargins(8, 8, 8, 0)
    top.setSpacing(6)
    top.addWidget(tab.strip, 1)
    top.addWidget(tab.shows)
    top.addWidget(tab.repeater)
    middle.addLayout(top)
    middle.addWidget(tab.view, 1)
    middle.addWidget(tab.gains, 1)
    middle.addWidget(tab.sentence)
    middle.addWidget(tab.repeater.outcome)
    body = QtWidgets.QHBoxLayout()
    body.setSpacing(4)
    body.addWidget(held)
    body.addLayout(middle, 1)
    body.addWidget(tab.close_up)
    return body
