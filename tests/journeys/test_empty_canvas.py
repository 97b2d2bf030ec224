"""What the three ghosts of an empty canvas do when they are clicked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from tests.journeys.by_hand import Hand

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def click_ghost(hand: Hand, name: str) -> None:
    hand.still()
    hand.canvas.repaint()
    hand.click(hand.canvas.overlay.boxes[f"ghost:{name}"].center().toPoint())


def test_the_first_takes_a_neuron_in_hand_which_the_next_click_places(opened: Any) -> None:
    hand = opened()
    click_ghost(hand, "neuron")
    assert hand.window.next.tool == "neuron"
    assert hand.document.network.neuron_count == 0
    hand.click(QPoint(150, 120))
    (placed,) = hand.document.network.neuron_ids
    assert (hand.at(int(placed)) - QPoint(150, 120)).manhattanLength() <= 2


def test_the_second_stamps_a_hundred_neurons_all_in_view_and_one_undo_takes_them_back(
    opened: Any, qtbot: Any
) -> None:
    hand = opened()
    click_ghost(hand, "hundred")
    assert hand.document.network.neuron_count == 100
    assert len(hand.document.network.populations) == 1
    hand.still()
    canvas = hand.canvas
    seen = canvas.camera.to_px(canvas.scene.places(), canvas.width(), canvas.height())
    assert len(seen) == 100
    assert np.all((seen > 0.0) & (seen < (canvas.width(), canvas.height())))
    assert not any(name.startswith("ghost:") for name in canvas.overlay.boxes)
    hand.window.perform("undo")
    assert hand.document.network.neuron_count == 0
    qtbot.waitUntil(lambda: "ghost:hundred" in canvas.overlay.boxes)


def test_the_third_shows_the_gallery_and_a_click_there_opens_an_example(opened: Any, qtbot: Any) -> None:
    hand = opened()
    click_ghost(hand, "example")
    page = hand.window.middle.start_page
    assert hand.window.middle.currentWidget() is page
    assert page.isVisible()
    qtbot.mouseClick(page.gallery_cards[0], Qt.MouseButton.LeftButton)
    assert hand.window.middle.currentWidget() is hand.canvas
    assert hand.window.files.example.name == page.gallery_cards[0].property("example")
    assert hand.document.network.neuron_count > 0
