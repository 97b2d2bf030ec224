"""A synapse whose pair has left a tag shimmers until the tag is gone, and no other synapse does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from editor.canvas.intake import wanted
from engine import registry
from engine.network.network import Network
from tests.journeys.by_hand import KEY, pause, play

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
PAIRED = 40.0


def taught(gate: str = "dopamine") -> Network:
    """Two relays that reach two others; only the upper pair fires, the post 5 ms after the pre."""
    net = Network(seed=7)
    at = [[-160, -90, 0], [-160, 90, 0]]
    pre = net.add_population("Pre", "relay", positions=at)
    post = net.add_population("Post", "relay", positions=[[-x, y, z] for x, y, z in at])
    made = net.add_projection("Pre to Post", pre, post, rules=["stdp_pair", gate], w_max=200.0)
    net.wire(made, "one_to_one", weight=60.0, delay=1.0)
    net.add_input("spike_list", pre[0], times=[PAIRED])
    net.add_input("spike_list", post[0], times=[PAIRED + 5.0])
    for role in registry.find(gate, "rule").roles.values():
        net.add_modulator(role.substance, "diffuse", sources=pre[1], params={"substance": role.substance})
    return net


def kept(hand: Any, synapses: Any) -> np.ndarray:
    """How much eligibility the canvas knows of."""
    columns = hand.canvas.scene.synapses
    return np.asarray(columns["eligibility"][columns.rows(synapses)])


def seen(hand: Any, synapse_row: int) -> np.ndarray:
    """The pixels around the middle of a synapse."""
    hand.canvas.draw_now()
    y = hand.seen((0.0, (-90.0, 90.0)[synapse_row])).y()
    middle = hand.canvas.width() // 2
    image = hand.canvas.grab(QRect(middle - 60, y - 30, 120, 60)).toImage()
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].astype(np.int16)


def test_a_tagged_synapse_shimmers_until_its_tag_is_gone(opened: Any, qtbot: Any) -> None:
    hand = opened(taught())
    now = 1000.0
    hand.canvas.clock = lambda: now
    play(hand, 0.1)
    (made,) = hand.document.network.projections.values()
    qtbot.waitUntil(lambda: kept(hand, made.synapses.id)[0] > 0.2)
    pause(hand)
    assert kept(hand, made.synapses.id)[1] == 0.0
    now += 20.0  # flashes, halos and waves are over
    one = [seen(hand, row) for row in (0, 1)]
    now += 0.4
    other = [seen(hand, row) for row in (0, 1)]
    assert np.abs(one[0] - other[0]).max() > 25, "it shimmers"
    assert np.abs(one[1] - other[1]).max() == 0, "the other holds nothing and stands still"
    hand.window.set_speed(None)
    hand.key(KEY.Key_Space)
    qtbot.waitUntil(lambda: hand.document.t > 8000.0)
    pause(hand)
    qtbot.waitUntil(lambda: kept(hand, made.synapses.id).max() < 0.03)


@pytest.mark.parametrize(
    "gate", [rule.slug for rule in registry.all("rule") if rule.stage == "gate" and rule.fields]
)
def test_what_any_gate_keeps_is_asked_of_the_engine(gate: str) -> None:
    assert "eligibility" in wanted(taught(gate))
    assert "eligibility" not in wanted(Network())
