"""The window in which every gesture is made, with three neurons in the middle of its canvas."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tests.editor.a_window import opened
from tests.editor.gestures.triangle import triangle
from tests.journeys.by_hand import Hand


@pytest.fixture
def window(qtbot: Any) -> Any:
    made = opened(qtbot, size=(1200, 800))
    made.bring_canvas()
    yield made
    made.close()


@pytest.fixture
def hand(window: Any, qtbot: Any) -> Any:
    window.use_tool("select")
    window.document.replace(triangle())
    window.show_document()
    window.canvas.go_to(type(window.canvas.camera)(0.0, 0.0, 1.4), animated=False)
    QApplication.processEvents()
    window.canvas.setFocus()
    return Hand(window, qtbot)
