"""A circuit on a thread of its own: nothing waits, nothing is lost, and it ends when told."""

import threading
import time

import numpy as np

from engine.live import messages as say
from engine.live.replay import replay
from engine.live.session import LiveSession
from engine.network.edits import RemoveNeurons, SetSynapses
from tests.engine.a_session import PATIENCE, begun, wait_for
from tests.live_toy import Toy, digest, small_network


def test_it_runs_takes_an_edit_and_stops():
    session, said = begun(speed=None), []
    session.send(say.Play())
    wait_for(session, say.Grown, said)
    session.send(say.Apply(1, RemoveNeurons([2])))
    receipt = wait_for(session, say.Applied, said)
    assert receipt.step > 0
    session.send(say.Pause())
    wait_for(session, say.Paused, said)
    deadline = time.monotonic() + PATIENCE
    while True:  # the picture of the pause comes after the word of it
        with session.latest() as frame:
            ids, is_running, step = frame.ids.copy(), frame.is_running, frame.step
        if not is_running and step >= receipt.step:
            break
        assert time.monotonic() < deadline, "no picture of the pause came"
        threading.Event().wait(0.002)
    assert 2 not in ids
    assert session.stop()
    assert not session.is_alive


def test_a_live_run_with_edits_and_pokes_replays_to_the_same_bits():
    records = []
    session = begun(speed=None, on_record=lambda step, message: records.append((step, message)))
    said = []
    session.send(say.Play())
    for number, edit in enumerate(
        [RemoveNeurons([2]), SetSynapses([13], "weight", [30.0]), RemoveNeurons([8])]
    ):
        session.send(say.Poke("fire", np.array([3, 4])))
        session.send(say.Apply(number, edit))
        wait_for(session, say.Applied, said, lambda m, number=number: m.number == number)
    session.send(say.Pause())
    session.send(say.Capture(5))
    captured = wait_for(session, say.Captured, said)
    session.stop()
    assert len(records) == 6
    again = replay(small_network(), None, records, captured.step, make=Toy)
    assert digest(again) == {name: array.tobytes() for name, array in captured.state.items()}


def test_a_session_continues_from_a_capture():
    toy = Toy(small_network())
    toy.advance(123)
    session = begun(state=toy.capture())
    assert wait_for(session, say.Ready).step == 123
    session.stop()


def test_a_circuit_that_cannot_be_built_says_so_and_ends():
    class Impossible(Toy):
        def __init__(self, network, state=None):
            raise ValueError("no such model")

    session = begun(make=Impossible)
    failed = wait_for(session, say.Failed)
    assert failed.is_over
    assert "no such model" in failed.error
    assert failed.where == "building the circuit"
    assert session.stop()


def test_nobody_who_reads_late_loses_a_message():
    session = begun(speed=None)
    session.send(say.Play())
    threading.Event().wait(0.3)  # nobody reads
    session.send(say.Pause())
    session.send(say.Capture(1))
    said = []
    captured = wait_for(session, say.Captured, said)
    session.stop()
    plain = Toy(small_network())
    plain.advance(captured.step)
    told = [(m.step, m.ids.tolist()) for m in said if isinstance(m, say.Grown | say.Pruned)]
    assert told == [(c.step, c.ids.tolist()) for c in plain.changes]


def test_moments_are_kept_while_it_runs(monkeypatch):
    monkeypatch.setattr("engine.live.worker.CHECKPOINT", 0.02)
    session = begun(speed=None)
    session.send(say.Play())
    deadline = time.monotonic() + PATIENCE
    while len(session.checkpoints) < 5 and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    session.stop()
    moments = session.checkpoints.moments
    assert len(moments) >= 5
    assert moments[0].step == 0
    for moment in moments[1:4]:
        plain = Toy(small_network())
        plain.advance(moment.step)
        assert {n: a.tobytes() for n, a in moment.state.items()} == digest(plain)
        assert moment.picture.step == moment.step


def test_a_session_that_was_never_started_stops_at_once():
    assert LiveSession(small_network(), make=Toy).stop()


def test_at_a_slow_speed_a_message_is_answered_at_once():
    session = begun(speed=0.0001)
    session.send(say.Play())
    wait_for(session, say.Ready)
    began = time.monotonic()
    session.send(say.Apply(1, RemoveNeurons([2])))
    wait_for(session, say.Applied)
    assert time.monotonic() - began < PATIENCE / 2
    assert session.stop()
