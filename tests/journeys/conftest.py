"""Real windows for journeys, each closed at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from editor import app
from editor.main_window import MainWindow
from editor.settings import Settings
from editor.window import style
from editor.window.theme import DARK
from engine import registry
from engine.kernels import recipes
from engine.kernels.warm_up import compile_beside
from engine.network.network import Network
from tests.journeys.by_hand import Hand


@pytest.fixture(scope="session", autouse=True)
def what_one_draws_first_is_compiled() -> None:
    """As after `neuropil prepare`: else the first circuits run without their rules for a while."""
    real = "float64"
    usual = [
        *(recipes.Recipe("common", (), real, options) for options in ((), ("probe",))),
        *(recipes.derive(model.slug) for model in registry.all("neuron")),
        *(recipes.neuron(model.slug, (), real) for model in registry.all("neuron")),
        recipes.stack("current_exp", ("stdp_pair", "receptors"), real, glia=False, watched=True),
    ]
    compile_beside(usual)


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
            compile_beside(recipes.of(net, watched=True))
            window.document.replace(net)
            window.show_document()
            window.canvas.go_to(type(window.canvas.camera)(0.0, 0.0, zoom), animated=False)
        window.canvas.setFocus()
        return Hand(window, qtbot)

    yield make
    for window in windows:
        window.close()


Opened = Callable[..., Hand]
