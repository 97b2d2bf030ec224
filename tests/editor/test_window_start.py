"""The window can be seen before anything heavy is imported; what is heavy comes one piece after another."""

import subprocess
import sys

import pytest
from PySide6.QtWidgets import QApplication

from editor import app
from editor.settings import Settings

HEAVY = ("numba", "llvmlite", "pyqtgraph", "networkx", "scipy")


@pytest.mark.parametrize("module", ["editor.app", "editor.main_window"])
def test_the_window_needs_nothing_heavy_to_be_seen(module):
    asked = f"import sys, {module}; print([m for m in {HEAVY!r} if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(("file", "first"), [(None, "StartPage"), ("a.neuropil", "CanvasWidget")])
def test_what_was_asked_for_comes_first(qtbot, tmp_path, file, first):
    path = None
    if file:
        from engine.files.save import save
        from engine.network.network import Network

        net = Network(title="Saved")
        net.add_population("P", "iaf_psc_exp", 3)
        path = tmp_path / file
        save(net, path)
    window = app.open_window(path, settings=Settings())
    qtbot.addWidget(window)
    window.files.ask_leave = lambda title: "discard"
    assert window.isVisible()
    assert window.canvas is None
    assert app.settle(window, 20_000)
    qtbot.waitUntil(lambda: window.files.job is None)
    qtbot.waitUntil(lambda: type(window.middle.currentWidget()).__name__ == first)
    if file:
        assert window.document.network.title == "Saved"
    assert window.plots.kinds
    window.close()
    QApplication.processEvents()


def test_an_example_is_opened_with_the_card_that_explains_it(qtbot):
    window = app.open_window(example="one_lif", settings=Settings())
    qtbot.addWidget(window)
    window.resize(1200, 800)
    window.files.ask_leave = lambda title: "discard"
    assert app.settle(window, 20_000)
    assert window.document.network.neuron_count > 0
    assert window.middle.card is not None
    card = window.middle.card
    assert card.height() >= card.heightForWidth(card.width())
    assert window.canvas.rect().contains(card.geometry())
    window.close()


def test_what_was_wrong_with_the_settings_is_said(qtbot, tmp_path):
    path = tmp_path / "settings.json"
    path.write_text("{")
    window = app.open_window(settings=Settings.load(path))
    qtbot.addWidget(window)
    assert "ignored" in window.status.message.whole()
    assert app.settle(window, 20_000)
    window.close()
