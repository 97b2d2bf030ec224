"""A document with an engine on its own thread, and the bridge that brings its news to Qt."""

import threading
import time

import numpy as np
import pytest

from editor.bridge import Bridge
from editor.document.document import Document
from engine.live.session import LiveSession
from engine.network.edits import RemoveNeurons
from tests.live_toy import Toy, everything, small_network, structure

PATIENCE = 120.0


def until(document, condition, what):
    """Poll until it is so."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        document.poll()
        if condition():
            return
        threading.Event().wait(0.003)
    raise AssertionError(f"{what} did not happen in {PATIENCE} s")


def start(network, *, state=None, speed=None):
    return LiveSession(network, state=state, speed=speed, make=Toy)


@pytest.fixture
def document():
    made = Document(small_network(), start=start)
    made.speed = None
    yield made
    assert made.close()


def test_edits_and_undos_at_any_moment_of_a_run_keep_the_copies_equal(document):
    before = everything(document.network)
    document.play()
    for neuron in (2, 3, 8, 4):
        document.poll()
        document.do(RemoveNeurons([neuron]))
        document.undo()
        document.redo()
        document.undo()
        until(document, lambda: not document.is_waiting, "the undo")
    document.pause()
    until(document, lambda: not document.is_answering, "the pause")
    sides = []
    document.snapshot(sides.append)
    until(document, lambda: sides, "the snapshot")
    state, network = sides[0].state, sides[0].network
    for id, projection in network.projections.items():
        np.testing.assert_array_equal(projection.synapses.sorted()["id"], state[f"projection/{id}/id"])
    assert structure(network) == structure(document.network)
    while document.can_undo:
        document.undo()
        until(document, lambda: not document.is_waiting, "an undo")
    assert everything(document.network) == before


def test_a_reload_in_the_middle_of_an_answer_ends_the_old_engine(document):
    document.play()
    document.do(RemoveNeurons([2]))
    document.undo()
    document.replace(small_network(3))
    document.poll()
    assert everything(document.network) == everything(small_network(3))
    assert not document.can_undo
    document.play()
    until(document, lambda: document.t > 0, "a step")


# -- the bridge --------------------------------------------------------------------------------------


def test_the_bridge_tells_the_window_at_most_once_a_poll(qtbot, document):
    bridge = Bridge(document)
    frames, changes, lines = [], [], []
    bridge.frame_ready.connect(frames.append)
    bridge.changed.connect(changes.append)
    bridge.log.connect(lines.extend)
    polls = []
    document.listen(lambda news: polls.append(news))
    bridge.start()
    document.do(RemoveNeurons([2]))
    document.do(RemoveNeurons([3]))
    bridge.poll()
    assert len(changes) == 1
    assert changes[0].ids("removed", "neuron").tolist() == [2, 3]
    document.play()
    qtbot.waitUntil(lambda: len(frames) > 3 and any(line.kind == "grown" for line in lines))
    assert frames[-1].step > 0
    assert len(frames) <= len(polls)
    document.pause()
    qtbot.waitUntil(lambda: not document.is_answering)
    assert bridge.close()
    assert not document.live.is_alive


def test_the_bridge_rests_when_nothing_runs(qtbot, document):
    from editor.bridge import AT_REST, FRAME

    bridge = Bridge(document)
    bridge.start()
    assert bridge._timer.interval() == AT_REST
    document.play()
    assert bridge._timer.interval() == FRAME
    document.pause()
    qtbot.waitUntil(lambda: bridge._timer.interval() == AT_REST)
    bridge.close()
