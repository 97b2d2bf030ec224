"""Slow time is never hidden: while it is compressed, a corner of the picture says so."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor import app
from editor.canvas.overlay.chrome import Chrome
from editor.canvas.render import Renderer
from editor.canvas.scene import Scene
from editor.main_window import MainWindow
from editor.recorder.stage import Stage
from editor.recorder.svg import svg
from editor.settings import Settings
from editor.window import style
from editor.window.theme import DARK
from engine.analysis.slowness import DAY, HOUR, MINUTE, SECOND, YEAR, compression, in_words
from engine.network.network import Network

BADGE = "structure ×345,600  ·  1 s here = 4 days"


@pytest.fixture
def window(qtbot):
    style.wear(app.application(), DARK)
    made = MainWindow(Settings())
    made.files.ask_leave = lambda title: "discard"
    qtbot.addWidget(made)
    made.resize(1100, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.bring_canvas()
    yield made
    made.close()


def circuit(slow=1.0):
    net = Network(seed=3)
    net.slow = slow
    net.add_population("Cells", "iaf_psc_exp", 2, positions=[[0, 0, 0], [90, 60, 0]])
    return net


def corner(picture):
    """Pixels of the badge's place, over the scale bar."""
    return picture[-90:-58, -300:].astype(int)


def test_the_badge_comes_with_a_factor_typed_into_the_card_and_goes_with_undo(window, qtbot):
    window.document.replace(circuit())
    window.show_document()
    assert window.canvas.chrome.pace == ""
    field = window.inspector.shown[0].fields["slow"]
    field.edit.setFocus()
    field.edit.selectAll()
    QTest.keyClicks(field.edit, "345600")
    QTest.keyClick(field.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.canvas.chrome.pace == BADGE)
    window.document.undo()
    qtbot.waitUntil(lambda: window.canvas.chrome.pace == "")


def test_it_is_drawn_over_the_scale_bar_and_written_into_a_vector_picture(qapp):
    scene = Stage(circuit(), DARK, (800, 600)).scene
    with_it, without = (Renderer(scene, 800, 600, chrome=Chrome(pace=pace)) for pace in (BADGE, ""))
    differs = np.abs(corner(with_it.array(0.0)) - corner(without.array(0.0))).max(axis=-1) > 40
    assert differs.sum() > 200
    assert BADGE in svg(with_it, 0.0)
    assert "structure" not in svg(without, 0.0)


def test_a_film_of_a_compressed_circuit_says_so(qapp):
    assert Stage(circuit(345_600.0), DARK, (320, 240)).renderer.chrome.pace == BADGE
    assert Stage(circuit(), DARK, (320, 240)).renderer.chrome.pace == ""


def test_an_empty_picture_has_no_badge(qapp):
    empty = [Renderer(Scene(), 800, 600, chrome=Chrome(pace=pace)).array(0.0) for pace in (BADGE, "")]
    assert np.array_equal(*empty)


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0.5, "0.5 ms"), (7520.0, "7.52 s"), (90 * SECOND, "90 s"), (29 * MINUTE, "29 min"),
     (4.6 * HOUR, "4.6 h"), (152 * DAY, "152 days"), (3 * YEAR, "3 years"),
     (1.2e6 * YEAR, "1,200,000 years"), (np.inf, "for ever")],
)  # fmt: skip
def test_times_are_told_in_the_unit_that_fits(ms, text):
    assert in_words(ms) == text


def test_nothing_is_said_of_time_that_is_not_compressed():
    assert compression(1.0) == ""
    assert compression(16560.0) == "structure ×16,560  ·  1 s here = 4.6 h"
