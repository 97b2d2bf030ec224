"""The ages of one brain are a timeline: each age is one edit away."""

import json
import zipfile

import pytest
from PySide6.QtWidgets import QWidget

from editor.gallery.ages_bar import AgesBar, Series
from editor.theme import LIGHT

CELLS = ["AVAL", "AVBL", "DD1"]


@pytest.fixture
def series(tmp_path):
    path = tmp_path / "cect-0.whl"
    with zipfile.ZipFile(path, "w") as bundle:
        for n, count in enumerate([1, 2, 0], 1):
            matrix = [[0, count, 1], [0, 0, 0], [0, 0, 0]]
            table = {"nodes": CELLS, "connections": {"Generic_CS": matrix}}
            bundle.writestr(f"cect/cache/WitvlietDataReader{n}.json", json.dumps(table))
    return Series(path)


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
