"""The real window, opened for a test, and circuits to show in it."""

from __future__ import annotations

from typing import Any

from editor import app
from editor.main_window import MainWindow
from editor.settings import Settings
from editor.window import style
from editor.window.theme import DARK, LIGHT
from engine.network.network import Network


def opened(qtbot: Any, settings: Settings | None = None, size: tuple[int, int] = (1100, 700)) -> Any:
    """The window as a person finds it; it closes without asking what to do with changes."""
    application = app.application()
    settings = settings or Settings()
    style.wear(application, DARK if settings.theme == "dark" else LIGHT)
    window = MainWindow(settings)
    window.files.ask_leave = lambda title: "discard"
    qtbot.addWidget(window)
    window.resize(*size)
    window.show()
    qtbot.waitExposed(window)
    return window


def circuit() -> Network:
    """Excitation and inhibition, with plasticity and pruning."""
    net = Network(seed=3, title="Two populations")
    exc = net.add_population("Pyramidal", "iaf_psc_exp", 20)
    inh = net.add_population("Interneuron", "iaf_psc_exp", 5, sign=-1)
    ee = net.add_projection(
        "E to E", exc, exc, rules=["stdp_pair", ("prune_weak", {"below": 30.0, "for_": 200.0})]
    )
    net.wire(ee, "fixed_probability", p=0.2, weight=("uniform", 10.0, 90.0), delay=1.5)
    ie = net.add_projection("I to E", inh, exc, w_max=400.0)
    net.wire(ie, "fixed_probability", p=0.3, weight=-100.0, delay=1.5)
    net.add_input("poisson", exc, rate=8000.0, weight=30.0)
    return net


def show(window: Any, net: Network) -> None:
    """Put this network into the window, as if it had been opened."""
    window.document.replace(net)
    window.show_document()


def pairs() -> Network:
    """Two neurons onto two, under pair STDP."""
    net = Network(dt=0.1, seed=1)
    pre, post = (net.add_population(n, "relay", size=2, sign=+1) for n in ("Pre", "Post"))
    way = net.add_projection("Pre to Post", pre, post, rules=[("stdp_pair", {})])
    net.wire(way, "all_to_all", weight=50.0, delay=1.0)
    return net
