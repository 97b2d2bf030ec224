"""Tab through widgets that are made late or come and go: in the order in which they stand.

Qt keeps the order in which they were made, and its `setTabOrder` closes rings when one of two widgets lies in
the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLayout, QScrollArea, QTabBar, QWidget


def stops(widget: QWidget) -> Iterator[QWidget]:
    """What Tab stops at in a widget, itself included, in the order of its layouts."""
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    layout = widget.layout()
    inside = widget.widget() if isinstance(widget, QScrollArea) else None
    if inside is not None:
        yield from stops(inside)
    elif layout is not None:
        yield from _laid_out(layout)


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield from stops(widget)
        elif inner is not None:
            yield from _laid_out(inner)


def next_inside(panel: QWidget, inside: Sequence[QWidget], is_forward: bool) -> QWidget | None:
    """Where Tab goes from what has the focus in a panel: on through it, then out of it; None if not known."""
    held = QApplication.focusWidget()
    order = [panel, *_open(inside)]
    if held not in order:
        return None
    at = order.index(held) + (1 if is_forward else -1)
    return order[at] if 0 <= at < len(order) else _beyond(panel, panel, is_forward)


def next_outside(panel: QWidget, inside: Sequence[QWidget], is_forward: bool) -> QWidget | None:
    """Where Tab goes from what has the focus elsewhere: into a panel at its begin, backward at its end."""
    held = QApplication.focusWidget()
    if held is None or held is panel or panel.isAncestorOf(held):
        return None
    found = _beyond(held, panel, is_forward)
    order = [panel, *_open(inside)]
    return order[-1] if found is panel and not is_forward else found


def _open(inside: Sequence[QWidget]) -> list[QWidget]:
    return [each for each in inside if each.isVisible() and each.isEnabled()]


def _beyond(held: QWidget, panel: QWidget, is_forward: bool) -> QWidget | None:
    """The next that takes the focus, passing over what is in the panel."""
    step = QWidget.nextInFocusChain if is_forward else QWidget.previousInFocusChain
    other = step(held)
    while other is not held:
        takes = other.focusPolicy() & Qt.FocusPolicy.TabFocus and other.isVisible() and other.isEnabled()
        if isinstance(other, QTabBar) and other.visibleRegion().isEmpty():
            takes = False  # Qt keeps the tabs of a panel that stands alone out of sight
        is_out = other is panel or not panel.isAncestorOf(other)  # a widget counts as its own ancestor
        if takes and is_out and other.window() is held.window():
            return other
        other = step(other)
    return None
