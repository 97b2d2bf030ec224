"""A document with the real engine: edits while it runs, undo all, going back, a file saved in mid-run."""

import random
import threading
import time

import numpy as np
import pytest

from editor.document.document import Document
from engine.live.messages import from_record
from engine.live.replay import replay
from engine.network.edits import RemoveNeurons, SetSynapses
from engine.network.network import Network
from engine.runtime.simulation import Simulation
from tests.live_toy import everything

PATIENCE = 120.0
pytestmark = pytest.mark.slow


def growing_network():
    net = Network(dt=0.1, seed=7)
    exc = net.add_population("E", "iaf_psc_exp", size=30)
    net.add_population("I", "iaf_psc_exp", size=10, sign=-1)
    rules = [("stdp_pair", {}), ("element_growth", {"update": 5.0, "delay": 1.5})]
    ee = net.add_projection("E to E", exc, exc, rules=rules)
    net.wire(ee, "fixed_probability", p=0.1, weight=45.0, delay=1.5)
    net.add_input("poisson", exc, rate=8000.0, weight=60.0)
    net.add_probe(exc[:1], "v", every=1.0)
    return net


def until(document, condition, what):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        document.poll()
        assert document.failure is None, document.failure
        if condition():
            return
        threading.Event().wait(0.003)
    raise AssertionError(f"{what} did not happen in {PATIENCE} s")


def run_on(document, ms):
    """Play for at least so long and pause."""
    document.play()
    end = document.t + ms
    until(document, lambda: document.t >= end, f"a run of {ms} ms")
    document.pause()
    until(document, lambda: not document.is_answering, "the pause")


def side_of(document):
    sides = []
    document.snapshot(sides.append)
    until(document, lambda: sides, "the snapshot")
    return sides[0]


def bits(state):
    return {name: array.tobytes() for name, array in state.items()}


def synapses(network):
    """Every synapse but its weight, which a document does not follow while it is learned."""
    found = {}
    for id, projection in network.projections.items():
        columns = projection.synapses.sorted()
        found[id] = [columns[name].tolist() for name in ("id", "pre", "post", "delay")]
    return found


@pytest.fixture
def document():
    made = Document(growing_network())
    made.speed = None
    yield made
    assert made.close()


def test_edits_while_it_runs_keep_the_copies_equal_replay_to_the_same_bits_and_undo_to_the_start(document):
    luck = random.Random(3)
    start = everything(document.network)
    records = []
    document.recorder = lambda kind, body, step: records.append((step, from_record(kind, to_json(body))))
    document.play()
    for number in range(6):
        until(document, lambda t=document.t: document.t > t + 15, "some running")
        neurons = document.network.neuron_ids.tolist()
        document.do(RemoveNeurons(luck.sample(neurons, 1)))
        document.poke("fire", luck.sample(neurons, 3))
        if number % 2:
            document.undo()
        ids = next(iter(document.network.projections.values())).synapses.id[:2]
        document.do(SetSynapses(ids, "weight", [30.0]))
        until(document, lambda: not document.is_waiting, "the undo")
    run_on(document, 20.0)
    side = side_of(document)
    assert {line.kind for line in document.lines} >= {"grown", "pruned"}
    there = Simulation(side.network, state=side.state)
    assert synapses(there.network) == synapses(document.network)
    again = replay(
        growing_network(), None, [record for record in records if record[1] is not None], side.step
    )
    assert bits(again.capture()) == bits(side.state)
    while document.can_undo:
        document.undo()
        until(document, lambda: not document.is_waiting, "an undo")
    assert everything(document.network) == start
    assert document.t == 0.0


def to_json(body):
    return body.to_json() if hasattr(body, "to_json") else body


def test_going_back_repeats_the_same_bits_edits_included(document, monkeypatch):
    monkeypatch.setattr("engine.live.worker.CHECKPOINT", 0.05)
    run_on(document, 60.0)
    document.play()
    until(document, lambda t=document.t: document.t > t + 30, "some running")
    document.do(RemoveNeurons(document.network.neuron_ids[:2]))
    run_on(document, 300.0)
    end = side_of(document)
    assert document.look(60.0).t <= 60.0
    document.go_back()
    until(document, lambda: not document.is_waiting and not document.is_answering, "going back")
    assert document.network.neuron_ids.size == 40
    document.set_speed(0.05)
    document.play()
    until(document, lambda: document.network.neuron_ids.size == 38, "the edit again")
    document.pause()
    until(document, lambda: not document.is_answering, "the pause")
    side = side_of(document)
    assert side.step < end.step
    sim = Simulation(side.network, state=side.state)
    sim.advance(end.step - sim.step)
    assert bits(sim.capture()) == bits(end.state)


def test_a_file_saved_in_the_middle_of_a_run_continues_bit_for_bit(document, tmp_path):
    run_on(document, 80.0)
    job = document.save(tmp_path / "mid.neuropil")
    until(document, lambda: job.is_done, "saving")
    assert job.error is None
    side = side_of(document)
    expected = Simulation(side.network, state=side.state)
    other = Document()
    opened = other.open(tmp_path / "mid.neuropil")
    until(other, lambda: opened.is_done, "opening")
    other.speed = None
    run_on(other, 40.0)
    theirs = side_of(other)
    expected.advance(theirs.step - expected.step)
    assert bits(expected.capture()) == bits(theirs.state)
    assert other.close()


def test_frames_carry_what_the_views_need(document):
    document.watch(quantities=("calcium", "boutons"))
    spikes = []

    def see(news):
        if news.frame:
            spikes.extend(document.new_spikes.tolist())

    document.listen(see)
    run_on(document, 100.0)
    end = document.steps_done
    until(document, lambda: document.frame is not None and document.frame.step == end, "the last picture")
    frame = document.frame
    assert np.all(np.diff(frame.ids) > 0)
    assert frame.v01.shape == frame.ids.shape
    assert frame.rates[1] > 0
    assert set(frame.quantities) == {"calcium", "boutons"}
    projection = next(iter(document.network.projections))
    assert sorted(frame.weights[projection][0].tolist()) == sorted(
        document.network.projections[projection].synapses.id.tolist()
    )
    assert "stdp_pair" in frame.credit[projection]
    assert len({tuple(one) for one in spikes}) == len(spikes) > 10
    plain = Simulation(growing_network())
    plain.advance(frame.step)
    assert sorted(spikes) == sorted(zip(*(a.tolist() for a in plain.spikes_since(0)), strict=True))
