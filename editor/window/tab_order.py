"""Tab through widgets that are made late or come and go: in the order in which they stand.

Qt keeps the order in which they were made, and its `setTabOrder` closes rings when one of two widgets lies in
the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLayout, QMainWindow, QScrollArea, QTabBar, QWidget


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
    """Where Tab goes from what has the focus in a panel: on through it, then out of it.

    None if that is not known here, or is for the window to say, in which the panel stands with others.
    """
    held = QApplication.focusWidget()
    order = [panel, *_open(inside)]
    if held not in order:
        return None
    at = order.index(held) + (1 if is_forward else -1)
    if 0 <= at < len(order):
        return order[at]
    return None if isinstance(panel.window(), QMainWindow) else _beyond(panel, panel, is_forward)


def next_standing(
    regions: Sequence[QWidget], panel: QWidget, inside: Sequence[QWidget], is_forward: bool
) -> QWidget | None:
    """Where Tab goes in a window of `regions` as they stand; None if what has the focus is in none.

    Within a region Qt's own order holds, in the `panel` that of `inside`.  Regions that lie in another one
    come before it.
    """
    held = QApplication.focusWidget()
    if held is None:
        return None
    found: dict[QWidget, list[QWidget]] = {region: [] for region in regions}
    for each in _chain(held):
        if each is not panel and panel.isAncestorOf(each):
            continue
        home = next((one for one in regions if one is each or one.isAncestorOf(each)), None)
        if home is not None:
            found[home].append(each)
    order = [each for region in regions for each in found[region]]
    if panel in order:
        after = order.index(panel) + 1
        order[after:after] = _open(inside)
    if held not in order:
        return None
    return order[(order.index(held) + (1 if is_forward else -1)) % len(order)]


def _chain(held: QWidget) -> Iterator[QWidget]:
    """What takes the focus in the window of what has it, in Qt's order, from the first of the window on."""
    first = held.window()
    other = first.nextInFocusChain()
    while other is not first:
        if _takes(other) and other.window() is first:
            yield other
        other = other.nextInFocusChain()


def _open(inside: Sequence[QWidget]) -> list[QWidget]:
    return [each for each in inside if each.isVisible() and each.isEnabled()]


def _takes(widget: QWidget) -> bool:
    if isinstance(widget, QTabBar) and widget.visibleRegion().isEmpty():
        return False  # Qt keeps the tabs of a panel that stands alone out of sight
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isVisible() and widget.isEnabled()


def _beyond(held: QWidget, panel: QWidget, is_forward: bool) -> QWidget | None:
    """The next in its window that takes the focus, passing over what is in the panel."""
    step = QWidget.nextInFocusChain if is_forward else QWidget.previousInFocusChain
    other = step(held)
    while other is not held:
        is_out = other is panel or not panel.isAncestorOf(other)  # a widget counts as its own ancestor
        if _takes(other) and is_out and other.window() is held.window():
            return other
        other = step(other)
    return None
