"""P13: every edit made while a circuit runs is answered once, in order, with the step it took effect at."""

from __future__ import annotations

import random

import pytest

from engine.live import messages as say
from engine.live.replay import replay
from engine.live.session import LiveSession
from engine.network.edits import AddSynapses, Edit, RemoveSynapses, SetParams, SetSynapses
from engine.network.network import Network
from tests.engine.a_session import wait_for
from tests.faults.circuit import lively, same_state


def next_edit(net: Network, luck: random.Random) -> Edit:
    """A change of what our own copy of the circuit holds; now and then of what is gone."""
    projection = next(iter(net.projections.values()))
    neurons = next(iter(net.populations.values())).neuron_ids.tolist()
    ids = projection.synapses.id.tolist()
    kind = luck.randrange(12)
    if kind == 0:
        return SetSynapses([10**6], "weight", [1.0])
    if kind <= 4 or len(ids) < 4:
        pre, post = luck.choices(neurons, k=2)
        return AddSynapses(projection.id, net.ids.fresh(1), [pre], [post], [luck.uniform(5, 60)], [1.5])
    if kind <= 7:
        return RemoveSynapses([luck.choice(ids)])
    if kind <= 9:
        return SetSynapses([luck.choice(ids)], "weight", [luck.uniform(5, 60)])
    return SetParams([luck.choice(neurons)], {"v_th": luck.uniform(-54, -48)})


@pytest.mark.parametrize("count", [120, pytest.param(2000, marks=pytest.mark.long)])
def test_P13_random_edits_of_a_running_circuit_are_answered_and_replay_to_the_same_bits(count: int) -> None:
    luck, records = random.Random(count), []
    ours = lively()
    session = LiveSession(ours, speed=2.0, on_record=lambda step, message: records.append((step, message)))
    session.start()
    said: list[object] = []
    try:
        session.send(say.Play())
        wait_for(session, say.Ready, said)
        for number in range(1, count + 1):
            edit = next_edit(ours, luck)
            session.send(say.Apply(number, edit))
            if number % 10 == 0:  # as a user sees it: with the answers that have come until now
                wait_for(session, (say.Applied, say.Refused), said, lambda m, n=number: m.number == n)
            if not isinstance(edit, SetSynapses) or edit.ids[0] != 10**6:
                edit.apply(ours)
        session.send(say.Pause())
        session.send(say.Capture(1))
        kept = wait_for(session, say.Captured, said)
    finally:
        assert session.stop()
    answers = [one for one in said if isinstance(one, say.Applied | say.Refused)]
    assert [one.number for one in answers] == list(range(1, count + 1))
    applied = [one for one in answers if isinstance(one, say.Applied)]
    steps = [one.step for one in applied]
    assert steps == sorted(steps)
    assert len(set(steps)) > count // 20  # they fell into a run, not before it
    edits = [(step, message) for step, message in records if isinstance(message, say.Apply)]
    journalled = [step for step, message in edits if message.number]  # 0: rules it was first to compile
    assert journalled == steps
    again = replay(lively(), None, records, kept.step)
    assert same_state(again.capture(), kept.state)
    (theirs,), (mine,) = again.network.projections.values(), ours.projections.values()
    assert sorted(theirs.synapses.id.tolist()) == sorted(mine.synapses.id.tolist())
