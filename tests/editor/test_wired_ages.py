"""A developmental series opens from the File menu and goes from age to age in the window."""

import pytest
from PySide6.QtWidgets import QFileDialog

from tests.editor.a_series import three_ages

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    path = three_ages(tmp_path)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    return path


def test_the_slider_goes_through_the_ages_and_undo_goes_back(window, wheel, qtbot):
    window.perform("open_series")
    qtbot.waitUntil(lambda: window.ages.bar is not None)
    bar = window.ages.bar
    assert bar.isVisible()
    assert bar.parentWidget() is window.canvas
    assert window.document.network.synapse_count == 2
    bar.slider.setValue(2)
    assert window.document.network.synapse_count == 1
    window.bridge.poll()
    assert len(window.canvas.scene.synapses) == 1
    window.perform("undo")
    assert window.document.network.synapse_count == 2


def test_a_file_that_is_no_wheel_is_refused_in_words(window, wheel, qtbot):
    wheel.write_text("no wheel")
    window.perform("open_series")
    qtbot.waitUntil(lambda: any("is not a wheel" in line.text for line in window.document.lines))
    assert window.document.network.neuron_count == 0
    assert window.ages.bar is None


def test_another_circuit_takes_the_ages_away(window, wheel, qtbot):
    window.perform("open_series")
    qtbot.waitUntil(lambda: window.ages.bar is not None)
    window.files.new()
    assert window.middle.card is None
