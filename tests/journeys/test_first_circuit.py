"""From an empty canvas to a synapse visibly strengthened: four gestures with the mouse and no dialog."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt

from editor.app import open_window, settle
from editor.settings import Settings


@pytest.fixture
def window(qtbot: Any) -> Any:
    shown = open_window(settings=Settings())
    qtbot.addWidget(shown)
    shown.resize(1200, 800)
    qtbot.waitUntil(lambda: settle(shown), timeout=20_000)
    shown.files.new()
    qtbot.waitExposed(shown)
    yield shown
    shown.document.close()
    shown.close()


def at(window: Any, neuron: int) -> QPoint:
    place = window.canvas.place_of(neuron)
    assert place is not None
    return place.toPoint()


def drag(
    qtbot: Any, canvas: Any, start: QPoint, end: QPoint, modifier: Any = Qt.KeyboardModifier.NoModifier
) -> None:
    qtbot.mouseMove(canvas, start)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, modifier, start)
    for share in (0.1, 0.4, 0.8, 1.0):
        qtbot.mouseMove(canvas, start + (end - start) * share)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, modifier, end)


def test_four_gestures_strengthen_a_synapse(window: Any, qtbot: Any) -> None:
    canvas, document = window.canvas, window.document
    middle = canvas.rect().center()
    left, right = middle - QPoint(140, 0), middle + QPoint(120, 40)

    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=left)  # 1: a neuron
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=right)  # 2: another
    assert document.network.neuron_count == 2
    pre, post = document.network.neuron_ids.tolist()

    qtbot.mouseMove(canvas, at(window, pre))
    qtbot.waitUntil(lambda: canvas.items.handles_for == pre)
    handle = at(window, pre) + QPoint(18, -12)
    reach = next(
        handle + QPoint(dx, dy)
        for dx in range(-8, 20)
        for dy in range(-14, 8)
        if canvas.hit((handle.x() + dx, handle.y() + dy)) == f"wire:{pre}"
    )
    drag(qtbot, canvas, reach, at(window, post))  # 3: the wire between them
    (projection,) = document.network.projections.values()
    assert (projection.synapses.pre.tolist(), projection.synapses.post.tolist()) == ([pre], [post])
    before = float(projection.synapses.weight[0])

    window.set_speed(0.1)
    qtbot.mouseMove(canvas, at(window, pre))
    for _ in range(8):  # 4: fire the first, again and again, as holding the key does
        qtbot.keyClick(canvas, Qt.Key.Key_X)
        qtbot.wait(60)

    def weight() -> float:
        frame = document.frame
        return before if frame is None else float(frame.weights[projection.id][1][0])

    qtbot.waitUntil(lambda: weight() > before * 1.001, timeout=30_000)
    assert any(line.kind != "trouble" for line in document.lines) or not document.lines
