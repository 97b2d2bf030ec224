"""The ages of one brain are a timeline: each age is one edit away."""

import pytest
from PySide6.QtWidgets import QWidget

from editor.gallery.ages_bar import AgesBar, Series
from editor.window.theme import LIGHT
from tests.editor.a_series import three_ages


@pytest.fixture
def series(tmp_path):
    return Series(three_ages(tmp_path))


@pytest.fixture
def bar(qtbot, series):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 500)
    bar = AgesBar(series, series.network(), LIGHT, window)
    bar.host = window  # a fixture gives back the bar alone
    window.show()
    bar.wants_edit.connect(bar.network.apply)
    return bar


def test_dragging_the_slider_brings_the_wiring_of_an_age(bar):
    assert bar.network.synapse_count == 2
    bar.slider.setValue(2)
    assert bar.network.synapse_count == 1
    assert bar.words.text().startswith("Age 3: 1 pairs")
    assert "1 lost" in bar.words.text()
    bar.slider.setValue(0)
    assert bar.network.synapse_count == 2


def test_the_ages_play_to_the_last_and_stop(bar, qtbot):
    bar._beat.setInterval(5)
    bar.toggle()
    qtbot.waitUntil(lambda: bar.slider.value() == 2)
    qtbot.waitUntil(lambda: not bar._beat.isActive())
    assert bar.play.text() == "Play the ages"
