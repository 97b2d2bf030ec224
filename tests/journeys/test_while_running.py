"""Journeys through the real window while the circuit runs: wire, delete and undo, prune, save and go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from engine.files.load import load
from engine.network.network import Network
from engine.runtime.simulation import Simulation
from tests.journeys.by_hand import CTRL, KEY, Hand, pause, play, seen_t

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def pair(*rules: Any, driven: bool = True, weight: float = 400.0, **params: Any) -> Network:
    """Two neurons and the synapse between them; both fire at random while they are driven."""
    net = Network(seed=11)
    exc = net.add_population("E", "iaf_psc_exp", 2, positions=[[-140, -40, 0], [140, -40, 0]])
    projection = net.add_projection("E to E", exc, exc, rules=list(rules), w_max=2000.0, **params)
    net.wire(projection, "explicit", pre=exc.ids[:1], post=exc.ids[1:], weight=weight, delay=1.5)
    if driven:
        net.add_input("poisson", exc, rate=2500.0, weight=250.0)
    return net


def weights(hand: Hand) -> dict[int, float]:
    """Every weight in the newest frame, by synapse."""
    frame = hand.document.frame
    carried = {} if frame is None else frame.weights
    return {i: w for ids, ws in carried.values() for i, w in zip(ids.tolist(), ws.tolist(), strict=True)}


def confirmed(hand: Hand) -> bool:
    document = hand.document
    return not (document.is_waiting or document.live.in_flight)


class Spikes:
    """Which neurons fired, and when, as the window is told."""

    def __init__(self, hand: Hand) -> None:
        self.seen: list[tuple[int, int]] = []
        hand.window.bridge.frame_ready.connect(self.take)

    def take(self, frame: Any) -> None:
        self.seen += frame.spikes.tolist()

    @property
    def neurons(self) -> set[int]:
        return {neuron for _, neuron in self.seen}


def test_a_synapse_drawn_while_the_circuit_runs_carries_spikes(opened: Any, qtbot: Any) -> None:
    net = Network(seed=2)
    exc = net.add_population("E", "iaf_psc_exp", 2, positions=[[-140, -40, 0], [140, -40, 0]])
    pre, post = exc.ids.tolist()
    hand = opened(net)
    play(hand, 0.01)
    hand.drag(hand.handle("wire", pre), hand.at(post))
    assert hand.document.is_running
    qtbot.waitUntil(lambda: confirmed(hand))
    assert hand.document.network.synapse_count == 1
    spikes = Spikes(hand)
    hand.hover(hand.at(pre))
    for _ in range(60):
        hand.key(KEY.Key_X)
        qtbot.wait(60)
        if post in spikes.neurons:
            break
    assert spikes.neurons == {pre, post}
    assert hand.document.is_running
    hand.key(KEY.Key_Z, CTRL)  # all of it can be undone, still running
    qtbot.waitUntil(lambda: confirmed(hand) and not hand.document.network.synapse_count)


def test_a_neuron_deleted_while_running_comes_back_with_its_learned_weight(opened: Any, qtbot: Any) -> None:
    net = pair("stdp_pair")
    pre, _ = net.population("E").ids.tolist()
    (synapse,) = net.projection("E to E").ids.tolist()
    hand = opened(net)
    play(hand, 1.0)
    qtbot.waitUntil(lambda: abs(weights(hand).get(synapse, 400.0) - 400.0) > 150.0)
    hand.window.set_speed(0.01)  # from here on it hardly learns
    qtbot.wait(200)
    hand.click(hand.at(pre))
    hand.key(KEY.Key_Delete)
    learned = weights(hand)[synapse]
    qtbot.waitUntil(lambda: confirmed(hand) and synapse not in weights(hand))
    assert hand.document.is_running
    assert hand.document.network.neuron_count == 1
    hand.key(KEY.Key_Z, CTRL)
    qtbot.waitUntil(lambda: confirmed(hand) and synapse in weights(hand))
    assert hand.document.network.neuron_count == 2
    back = weights(hand)[synapse]
    assert abs(back - learned) < 0.5 * abs(learned - 400.0)
    assert hand.document.network.inputs[next(iter(hand.document.network.inputs))].targets.tolist() == [
        *hand.document.network.neuron_ids.tolist()
    ]
    qtbot.waitUntil(lambda: hand.canvas.place_of(pre) is not None)


def pixels(hand: Hand) -> Any:
    """The canvas as a person sees it, without the strip of words at the bottom."""
    image = hand.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    shape = (image.height(), image.bytesPerLine() // 4, 4)
    return np.frombuffer(image.constBits(), np.uint8).reshape(shape)[:, : image.width(), :3].astype(int)


def test_what_the_engine_prunes_is_seen_to_retract_for_at_least_600_ms(opened: Any, qtbot: Any) -> None:
    rule = ("prune_weak", {"below": 1000.0, "for_": 300.0})
    net = pair(rule, driven=False, weight=900.0)
    (synapse,) = net.projection("E to E").ids.tolist()
    hand = opened(net)
    hand.hover(hand.seen((-200.0, 180.0)))
    heard: list[float] = []
    hand.window.bridge.log.connect(
        lambda lines: heard.extend(hand.canvas.clock() for line in lines if line.kind == "pruned")
    )
    play(hand, 1.0)
    qtbot.waitUntil(lambda: bool(heard))
    hand.key(KEY.Key_Space)
    seen: list[tuple[float, Any]] = []
    while hand.canvas.clock() < heard[0] + 2.6:
        qtbot.wait(40)
        seen.append((hand.canvas.clock() - heard[0], pixels(hand)))
    gone = seen[-1][1]
    one, other = hand.at(net.population("E").ids[0]), hand.at(net.population("E").ids[1])
    box = np.s_[one.y() - 60 : one.y() + 60, one.x() + 40 : other.x() - 40]
    shares = {when: int(np.abs(picture[box] - gone[box]).max()) for when, picture in seen}
    visible = [when for when, contrast in shares.items() if contrast > 40]
    assert max(visible) >= 0.6, shares
    assert synapse not in hand.document.network.projection("E to E").ids
    assert any("weak for" in line.text for line in hand.document.lines)


def test_saved_in_mid_run_and_opened_in_another_window_it_goes_on_bit_for_bit(
    opened: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.neuropil", tmp_path / "second.neuropil"
    hand = opened(pair("stdp_pair"))
    play(hand, 1.0)
    qtbot.waitUntil(lambda: seen_t(hand) > 150.0)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(first), ""))
    hand.key(KEY.Key_S, CTRL)  # it runs on while it is saved
    qtbot.waitUntil(lambda: hand.window.files.job is None and first.exists())
    assert hand.document.is_running

    other = opened()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(first), ""))
    other.key(KEY.Key_O, CTRL)
    qtbot.waitUntil(lambda: other.document.network.neuron_count == 2)
    net, state = load(first)
    begun = other.document.t
    assert begun > 0.0
    spikes = Spikes(other)
    play(other, 1.0)
    qtbot.waitUntil(lambda: seen_t(other) > begun + 150.0)
    pause(other)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(second), ""))
    other.key(KEY.Key_S, CTRL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: other.window.files.job is None and second.exists())

    alone = Simulation(net, state=state)
    _, end = load(second)
    alone.advance(int(end["clock/step"].item()) - alone.step)
    here = alone.capture()
    assert set(here) == set(end)
    differing = [name for name in here if not np.array_equal(here[name], end[name], equal_nan=True)]
    assert differing == []
    steps, ids = alone.spikes_since(int(state["clock/step"].item()))
    assert len(steps) > 3
    assert sorted(spikes.seen) == sorted(zip(steps.tolist(), ids.tolist(), strict=True))


def test_dragging_a_neuron_while_it_runs_changes_nothing_but_its_place(opened: Any, qtbot: Any) -> None:
    hand = opened(pair("stdp_pair"))
    pre, _ = hand.document.network.population("E").ids.tolist()
    play(hand, 1.0)
    before = seen_t(hand)
    start = hand.at(pre)
    hand.drag(start, start + QPoint(0, 90))
    qtbot.waitUntil(lambda: confirmed(hand))
    qtbot.waitUntil(lambda: seen_t(hand) > before)
    assert hand.document.network.positions_of([pre])[0, 1] == pytest.approx(50.0, abs=1.5)
    assert hand.document.is_running
