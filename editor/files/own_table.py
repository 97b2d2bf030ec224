"""A table of the user's own as a task: its columns become inputs and targets, and a network is drawn for it.

Qt-free.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.drawing import teaching
from engine import registry
from engine.counting import counted
from engine.network.edits import AddPopulation, Edit, RemoveTask, together
from engine.network.edits.teaching import AddTask
from engine.network.network import Network
from engine.network.parts import Task

Rows = NDArray[np.float64]
MOST = 20_000_000
"""Synapses that are drawn at once for a table, at most."""
STRAIGHT = "linear"
"""The curve of target neurons that must answer below 0 or above 1."""


def likely_inputs(net: Network, rows: Rows) -> int:
    """How many leading columns are inputs: as the drawn network has it, or all but a class or a last column.

    A class is a block of last columns of which exactly one is 1 in every row, the others 0.
    """
    wide: int = rows.shape[1]
    ends = teaching.ends_of(net, there) if (there := teaching.trainable(net)) else ""
    if not isinstance(ends, str) and sum(len(net.populations[id]) for id in ends) == wide:
        return len(net.populations[ends[0]])
    for first in range(1, wide - 1):
        block = rows[:, first:]
        if np.isin(block, (0.0, 1.0)).all() and (block.sum(axis=1) == 1.0).all():
            return first
    return max(1, wide - 1)


def misfit(net: Network, rows: Rows, inputs: int) -> str:
    """Why the drawn network cannot learn rows split so; "" where it can, or where one will be drawn."""
    wide = rows.shape[1]
    if wide < 2:
        return "It has one column; a table needs at least one of inputs and one of targets."
    if not 1 <= inputs < wide:
        return f"Of {wide} columns between 1 and {wide - 1} can be inputs; the others are targets."
    there = teaching.trainable(net)
    if not there:
        hidden = teaching.hidden_size(inputs)
        drawn = hidden * wide
        return "" if drawn <= MOST else f"It would take {drawn:,} synapses; leave columns out."
    ends = teaching.ends_of(net, there)
    if isinstance(ends, str):
        return f"{ends[0].upper()}{ends[1:]}."
    for id, count, what in zip(ends, (inputs, wide - inputs), ("input", "target"), strict=True):
        population = net.populations[id]
        if len(population) != count:
            neurons = counted(len(population), "neuron")
            return (
                f"The table has {counted(count, what)} and {population.label!r} has {neurons}; split "
                "the columns elsewhere, or begin with an empty canvas."
            )
    return ""


def task(net: Network, label: str, rows: Rows, inputs: int) -> Edit | str:
    """The edit that makes rows the task of a circuit; where nothing could learn them, draws a network."""
    if why := misfit(net, rows, inputs):
        return why
    model: Any = next(m for m in registry.all("task") if m.lists)
    edits: list[Edit] = [RemoveTask(id) for id in net.tasks]
    there, targets = teaching.trainable(net), rows.shape[1] - inputs
    if there:
        ends = teaching.ends_of(net, there)
        assert not isinstance(ends, str)
    else:
        drawn, ends = teaching.layers(net, inputs, teaching.usual_levels(inputs), targets, (0.0, 0.0))
        edits += [_straight(edit, ends[1], rows[:, inputs:]) for edit in drawn]
    lists = {"inputs": rows[:, :inputs].ravel(), "targets": rows[:, inputs:].ravel()}
    job = Task(net.ids.one(), label, model.slug, *ends, lists=lists)
    edits.append(AddTask(job))
    edits += teaching.fitting_learner(net, edits, job)
    return together(edits, f"learn {label}")


def _straight(edit: Edit, target: int, wanted: Rows) -> Edit:
    """Let the target population answer without bounds where the targets lie beyond 0 and 1."""
    if not isinstance(edit, AddPopulation) or edit.population.id != target:
        return edit
    if wanted.min() >= 0.0 and wanted.max() <= 1.0:
        return edit
    curve = registry.find(edit.population.model, "neuron").trained["curve"]
    return AddPopulation(replace(edit.population, params={**edit.population.params, curve: STRAIGHT}))


def said(rows: Rows, inputs: int) -> str:
    """What a table is, split so, in a sentence."""
    targets = rows.shape[1] - inputs
    many = f"{counted(len(rows), 'pattern')} of {counted(inputs, 'input')}"
    reach = f"targets from {rows[:, inputs:].min():.3g} to {rows[:, inputs:].max():.3g}" if targets else ""
    return f"{many} and {counted(targets, 'target')}; {reach}."
