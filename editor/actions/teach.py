"""Actions on a circuit that learns a task."""

from __future__ import annotations

from typing import Any

from editor.actions import action
from engine.counting import counted
from engine.errors import NeuropilError


def no_learner(window: Any) -> str:
    """Why nothing can err."""
    net = window.document.network
    return "" if net.tasks and net.learners else "Give the circuit a task and a learner first."


@action("One spike, one error", "Run", why_not=no_learner, icon="fa6s.arrows-left-right",
        words="one word two things back-propagating propagation synapses change teach compare")  # fmt: skip
def one_spike_one_error(window: Any) -> None:
    """Light up the synapses one spike reaches when it runs back, and then those one error changes.

    The spike is that of the selected neuron; else it is one at the end of a chain: beside the one that
    learns, where another is drawn.
    """
    from engine import Training
    from engine.analysis.ledger.reach import end_beside, reach

    net = window.document.network
    learner = next((r for r in net.learners.values() if r.enabled), next(iter(net.learners.values())))
    chosen = window.selection.neurons.tolist()
    try:
        training = Training(net, next(iter(net.tasks)), learner.id)
        if training.model.streams:
            window.say(f"{learner.label} learns from streams in time: its error has no single moment.", True)
            return
        found = reach(training, chosen[0] if len(chosen) == 1 else end_beside(training))
    except NeuropilError as error:
        window.say(str(error), True)
        return
    around = counted(found.around, "synapse")
    spike = f"One spike of {named(net, found.neuron)}: {found.spike.size:,} of {around}"
    wrong = f"One error under {learner.label}: {found.error.size:,} of {counted(found.total, 'synapse')}"
    window.feed.show_reach(found, spike, wrong)
    window.say(
        f"One spike that runs back reaches {found.spike.size:,} of {around}, the inputs of "
        f"the neuron that fired; one error under {learner.label} changes {found.error.size:,} of "
        f"{found.total:,}."
    )


def named(net: Any, neuron: int) -> str:
    """What a neuron is called: by its own name, by that of its population where it is alone in it."""
    population = net.populations[int(net.population_of([neuron])[0])]
    row = int(population.rows([neuron])[0])
    if population.names:
        return str(population.names[row])
    return population.label if len(population) == 1 else f"{population.label} {row + 1}"
