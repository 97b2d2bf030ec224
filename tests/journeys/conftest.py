"""Real windows for journeys, each closed at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from editor import app, style
from editor.main_window import MainWindow
from editor.settings import Settings
from editor.theme import DARK
from engine.network.network import Network
from tests.journeys.by_hand import Hand


@pytest.fixture
def opened(qtbot: Any) -> Any:
    """Opens a window on a circuit, a px a um, and answers with the hand that drives it."""
    windows: list[MainWindow] = []

    def make(net: Network | None = None, zoom: float = 1.0) -> Hand:
        style.wear(app.application(), DARK)
        window = MainWindow(Settings())
        windows.append(window)
        window.files.ask_leave = lambda title: "discard"  # type: ignore[method-assign]
        qtbot.addWidget(window)
        window.resize(1200, 800)
        window.show()
        qtbot.waitExposed(window)
        window.bring_canvas()
        if net is not None:
            window.document.replace(net)
            window.show_document()
            window.canvas.go_to(type(window.canvas.camera)(0.0, 0.0, zoom), animated=False)
        window.canvas.setFocus()
        return Hand(window, qtbot)

    yield make
    for window in windows:
        window.close()


Opened = Callable[..., Hand]
