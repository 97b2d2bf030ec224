"""Actions that select: all, none, what leads in and out, and many-to-many wiring from selections."""

from __future__ import annotations

from typing import Any

import numpy as np

from editor.actions import action
from editor.actions.edit import no_neurons


def nothing_before(window: Any) -> str:
    """Why there is no earlier selection."""
    return "" if window.selection.can_go_back else "Nothing was selected before."


def nothing_after(window: Any) -> str:
    """Why there is no later selection."""
    return "" if window.selection.can_go_forward else "This is the latest selection."


def no_sources(window: Any) -> str:
    """Why many-to-many wiring is not possible."""
    return "" if len(window.bench.sources) else "Choose sources first: select neurons and press 1."


@action("Everything", "Select", "Ctrl+A", icon="fa6s.object-group", words="all neurons")
def select_all(window: Any) -> None:
    """Select every neuron."""
    window.selection.choose(neuron=window.document.network.neuron_ids)


@action("Nothing", "Select", "Escape", words="none deselect clear")
def select_none(window: Any) -> None:
    """Select nothing, and put the tool down."""
    window.put_down()


@action("The others", "Select", "Ctrl+I", words="invert")
def select_others(window: Any) -> None:
    """Select the neurons that are not selected."""
    every = window.document.network.neuron_ids
    window.selection.choose(neuron=np.setdiff1d(every, window.bench.neurons()))


@action("The whole population", "Select", "Ctrl+Shift+A", why_not=no_neurons, words="same kind")
def select_population(window: Any) -> None:
    """Select the populations that the selected neurons belong to."""
    owners = window.document.network.population_of(window.bench.neurons())
    window.selection.choose(population=np.unique(owners[owners != 0]))


@action(
    "Incoming",
    "Select",
    "6",
    icon="fa6s.arrow-right-to-bracket",
    group=1,
    why_not=no_neurons,
    words="presynaptic afferent",
)
def select_incoming(window: Any) -> None:
    """Select the synapses that end at the selected neurons."""
    window.selection.choose(synapse=synapses_at(window.document.network, window.bench.neurons(), "post"))


@action(
    "Outgoing",
    "Select",
    "7",
    icon="fa6s.arrow-right-from-bracket",
    group=1,
    why_not=no_neurons,
    words="postsynaptic efferent",
)
def select_outgoing(window: Any) -> None:
    """Select the synapses that start at the selected neurons."""
    window.selection.choose(synapse=synapses_at(window.document.network, window.bench.neurons(), "pre"))


def synapses_at(net: Any, neurons: Any, side: str) -> Any:
    """The synapses whose pre or post neuron is one of these."""
    found = [np.empty(0, np.int64)]
    for projection in net.projections.values():
        table = projection.synapses
        found.append(table.id[np.isin(table[side], neurons)])
    return np.concatenate(found)


@action("Back", "Select", "Alt+Left", group=2, why_not=nothing_before, words="previous selection")
def select_back(window: Any) -> None:
    """Select again what was selected before."""
    window.selection.back()


@action("Forward", "Select", "Alt+Right", group=2, why_not=nothing_after, words="next selection")
def select_forward(window: Any) -> None:
    """Go forward again through what was selected."""
    window.selection.forward()


@action("Find…", "Select", "Ctrl+F", icon="fa6s.magnifying-glass", group=2, words="search name property")
def find(window: Any) -> None:
    """Find things by name, or by a property, such as rate > 20 Hz or weight > 5 pA."""
    window.open_command_bar("", names_only=True)


@action(
    "These are sources",
    "Select",
    "1",
    icon="fa6s.circle-up",
    group=3,
    why_not=no_neurons,
    words="many to many pre",
)
def choose_sources(window: Any) -> None:
    """Take the selected neurons as sources for wiring; select targets next and press 2."""
    window.bench.take_sources()


@action("Wire the sources to these", "Select", "2", icon="fa6s.share-nodes", group=3, why_not=no_sources,
        words="many to many targets connect pattern")  # fmt: skip
def wire_to_targets(window: Any) -> None:
    """Wire the chosen sources to the selected neurons with the pattern chosen in the palette."""
    window.bench.wire_to(window.bench.neurons())


def no_pairs(window: Any) -> str:
    """Why there is nothing the wiring panel could wire."""
    if window.canvas is None:
        return "The canvas is not there yet."
    return "" if len(window.bench.sources) else no_neurons(window)


@action("Wire with a pattern…", "Select", "3", icon="fa6s.circle-nodes", group=3, why_not=no_pairs,
        words="many to many probability fixed distance small world")  # fmt: skip
def open_wiring(window: Any) -> None:
    """Choose how the sources are wired to the selected neurons, and see how many synapses that makes."""
    window.canvas.gesture.open_wiring(window.canvas)
