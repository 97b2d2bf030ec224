"""The guided tour passes each step when it is done, by whatever route."""

from types import SimpleNamespace

import numpy as np
import pytest

from editor.gallery.first_synapse import STEPS, Tour
from engine.live.frame import SPIKE, Frame


class Table:
    def __init__(self, ids=(), pre=(), post=(), weight=()):
        self.id, self.pre, self.post = (np.array(v, np.int64) for v in (ids, pre, post))
        self.weight = np.array(weight, float)

    def __contains__(self, one):
        return one in self.id


def network(neurons=0, table=None):
    population = SimpleNamespace(kind="neuron", neuron_ids=np.arange(neurons) + 1)
    projections = {9: SimpleNamespace(synapses=table)} if table else {}
    return SimpleNamespace(populations={5: population}, projections=projections)


def frame(step=0, spikes=(), weights=None, running=True):
    return Frame(step=step, spikes=np.array(list(spikes), SPIKE), weights=weights or {}, is_running=running)


@pytest.fixture
def wired():
    return network(2, Table([30], [1], [2], [45.0]))


def test_every_step_passes_when_it_is_done_and_not_before(wired):
    tour = Tour()
    assert not tour.look(network(0))
    titles = []
    for net, seen in [
        (network(1), None),
        (network(2), None),
        (wired, None),
        (wired, frame(1)),
        (wired, frame(50, [(10, 1), (30, 2)])),
        (wired, frame(60, weights={9: (np.array([30]), np.array([45.5]))})),
    ]:
        titles.append(tour.step.title)
        assert tour.look(net, seen), titles
    assert titles == [step.title for step in STEPS]
    assert tour.is_over


def test_a_weaker_synapse_is_not_a_stronger_one(wired):
    tour = Tour()
    tour.look(wired, frame(50, [(10, 1), (30, 2)]))
    tour.look(wired, frame(60, weights={9: (np.array([30]), np.array([44.0]))}))
    assert tour.step is STEPS[-1]


def test_steps_done_ahead_of_time_count(wired):
    tour = Tour()
    tour.look(wired)
    assert tour.step.title == "Press play"


def test_a_spike_is_counted_once_however_often_its_frame_is_seen(wired):
    tour = Tour()
    tour.look(wired)
    for _ in range(3):
        tour.look(wired, frame(50, [(10, 1)]))
    assert tour.pre_fired == 1


def test_undoing_the_synapse_asks_for_another(wired):
    tour = Tour()
    tour.look(wired, frame(1))
    tour.look(network(2, Table()))
    assert tour.synapse is None
    tour.look(network(2, Table([31], [2], [1], [45.0])), frame(2))
    assert tour.wired == (2, 1)


def test_a_step_can_be_skipped():
    tour = Tour()
    for _ in STEPS:
        tour.skip()
    assert tour.is_over
    assert tour.step is None
