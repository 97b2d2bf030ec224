"""Actions that damage a circuit on purpose, both sides alike, to see what it can stand."""

from __future__ import annotations

from typing import Any

from editor.actions import action
from engine.analysis.ledger import damage
from engine.errors import EditRefused

SHARE = 0.1
LATE = 500.0


def no_synapses(window: Any) -> str:
    """Why there is nothing to lesion."""
    return "" if window.document.network.synapse_count else "No synapse reaches a neuron."


def no_teacher(window: Any) -> str:
    """Why there is no teaching signal to touch."""
    net = window.document.network
    return "" if net.modulators or net.learners else "This circuit has no modulator and no learner."


@action("Lesion 10 % of the neurons", "Run", why_not=no_synapses, words="damage remove destroy ledger random")
def lesion(window: Any) -> None:
    """Remove every tenth of the neurons that synapses reach, drawn at random, those of a task spared.

    Undo brings them back.
    """
    net = window.document.network
    try:
        window.bench.do(damage.lesion(net, SHARE, seed=net.seed))
    except EditRefused as refusal:
        window.bench.do(str(refusal))


@action("Cut the teaching signal", "Run", why_not=no_teacher, words="damage modulator dopamine mute ledger")
def cut_teacher(window: Any) -> None:
    """Let every modulator release nothing from now on, and no target reach a learner."""
    window.bench.do(damage.mute_teachers(window.document.network))


@action("Delay the teaching signal", "Run", why_not=no_teacher, words="damage modulator target late ledger")
def delay_teacher(window: Any) -> None:
    """Let every modulator arrive half a second later, and every target of a learner one pattern later."""
    window.bench.do(damage.delay_teachers(window.document.network, LATE))
