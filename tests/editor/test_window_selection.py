"""Selections are ids: told to views, remembered, and free of what is gone."""

import gc

import numpy as np
import pytest

from editor.selection import Selection


class Listener:
    def __init__(self, selection):
        self.heard = 0
        selection.watch(self.hear)

    def hear(self):
        self.heard += 1


def test_choosing_replaces_adding_adds_and_toggling_flips():
    selection = Selection()
    selection.choose(neuron=[5, 3, 3])
    assert selection.neurons.tolist() == [3, 5]
    selection.add("synapse", [9])
    assert selection.kinds == ("neuron", "synapse")
    selection.toggle("neuron", [3, 7])
    assert selection.neurons.tolist() == [5, 7]
    assert selection.count == 3
    selection.choose(projection=[2])
    assert selection.neurons.tolist() == []


def test_a_selection_can_only_be_of_known_kinds():
    with pytest.raises(KeyError, match="gizmo"):
        Selection().choose(gizmo=[1])


def test_the_ids_cannot_be_changed_behind_its_back():
    selection = Selection()
    given = np.array([4, 2])
    selection.choose(neuron=given)
    given[0] = 99
    assert selection.neurons.tolist() == [2, 4]
    with pytest.raises(ValueError, match="read-only"):
        selection.neurons[0] = 1


def test_watchers_hear_once_per_change_and_not_of_nothing():
    selection = Selection()
    listener = Listener(selection)
    selection.choose(neuron=[1])
    selection.choose(neuron=[1])
    selection.clear()
    assert listener.heard == 2


def test_a_watcher_that_is_gone_is_let_go():
    selection = Selection()
    listener = Listener(selection)
    del listener
    gc.collect()
    selection.choose(neuron=[1])
    assert selection._watchers == []


def test_back_and_forward_walk_through_earlier_selections():
    selection = Selection()
    selection.choose(neuron=[1])
    selection.choose(synapse=[8])
    selection.back()
    assert selection.neurons.tolist() == [1]
    selection.forward()
    assert selection.synapses.tolist() == [8]
    selection.back()
    selection.choose(neuron=[2])
    selection.forward()
    assert selection.neurons.tolist() == [2]


def test_what_is_gone_from_the_network_is_forgotten_also_in_the_past():
    selection = Selection()
    selection.choose(neuron=[1, 2])
    selection.choose(neuron=[2, 3])
    selection.forget("neuron", [2])
    assert selection.neurons.tolist() == [3]
    selection.back()
    assert selection.neurons.tolist() == [1]


def test_has_finds_single_things():
    selection = Selection()
    selection.choose(neuron=[10, -4])
    assert selection.has("neuron", -4)
    assert not selection.has("neuron", 11)
    assert not selection.has("synapse", 10)
