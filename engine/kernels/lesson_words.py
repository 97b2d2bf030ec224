# ruff: noqa: D102 - the methods are named after what they find
"""What the kernels of a learner call things: rows of states, columns of synapses, what is told to all."""

from __future__ import annotations

from typing import Any

from engine.declare import Learner, Neuron
from engine.kernels import hooks, lesson_neurons

BUILT_IN = ("x", "net", "back", "err", "target", "kth", "base")
"""States every neuron of a training has; `base` is what clamped neurons give it in a settling phase."""
FIRED = "fired"
"""Spikes of each neuron in the present stream, where neurons run by their own model."""
FIELDS = ("w", "dw")
TOLD = ("score", "reward", "asked")
FORWARD, LATERAL, FEEDBACK = 0, 1, 2
# columns of the tables
OFF, SIZE, DEPTH, CURVE, ROLE, HEIGHT, FROZEN, MODEL = range(8)
KIND, PRE0, NPRE, POST0, NPOST, FIRST, COUNT, DENSE, PLASTIC, UPPER, FROM_INPUT = range(11)
MACS, STEPS, UNSETTLED, SWITCHES, SAMPLES = range(5)
ARRAYS = "S, F, P, M, areas, ways, ipre, ipost, bias, ids, C"
JIT = "\n\n@njit(nogil=True, cache=True, error_model='numpy')\n"


class Words:
    """The names of one learner's module."""

    def __init__(self, learner: type[Learner], neurons: tuple[type[Neuron], ...] = ()) -> None:
        self.learner, self.neurons = learner, neurons
        kept = [name for phase in learner.phases for name, _ in phase.keep]
        told = [name for phase in learner.phases for name, _ in phase.sets]
        own = [row for model in neurons for row in lesson_neurons.rows(model)]
        own += [FIRED] if learner.runs else []
        self.states = tuple(dict.fromkeys((*BUILT_IN, *learner.states, *kept, *learner.reads_neurons, *own)))
        self.fields = (*FIELDS, *learner.fields)
        self.told = tuple(dict.fromkeys((*TOLD, *told)))
        self.params = tuple(learner.params)

    # -- names -------------------------------------------------------------------------------------

    def common(self, row: str, name: str) -> str:
        """Rows that mean the same in every hook."""
        if row == "p":
            if name not in self.params:
                raise KeyError(self.params)
            return f"P[{self.params.index(name)}]"
        if row == "m":
            if name not in self.told:
                raise KeyError(self.told)
            return f"M[{self.told.index(name)}, b]"
        raise KeyError(())

    def of_neuron(self, row: str, name: str) -> str:
        if row != "n":
            return self.common(row, name)
        if name in ("curve", "top", "height", "bias", "db"):
            return f"n_{name}"
        if name not in self.states:
            raise KeyError((*self.states, "curve", "top", "height", "bias"))
        return f"S[{self.states.index(name)}, b, j]"

    def of_synapse(self, row: str, name: str) -> str:
        if row == "syn":
            if name == "dw":
                return "dw"
            if name in ("height", "back", "side"):
                return name
            if name not in self.fields:
                raise KeyError((*self.fields, "height", "back", "side"))
            return f"F[{self.fields.index(name)}, e]"
        if row in ("pre", "post"):
            if name not in self.states:
                raise KeyError([known for known in self.states if "." not in known])
            return f"S[{self.states.index(name)}, b, {'i' if row == 'pre' else 'j'}]"
        return self.common(row, name)

    def lines(self, hook: str, resolve: Any) -> list[str]:
        return hooks.statements(
            self.learner, hook, resolve, hook, ("seed", "PURPOSE", "ids[j]", "step * B + b")
        )

    def one(self, hook: str, resolve: Any) -> str:
        return hooks.expression(self.learner, hook, resolve, hook)

    def state(self, name: str) -> int:
        return self.states.index(name)

    # -- folds -------------------------------------------------------------------------------------


def function(name: str, arguments: str, body: list[str]) -> str:
    """A compiled function as text."""
    lines = "\n".join(f"    {line}" if line else "" for line in body)
    return f"{JIT}def {name}({arguments}):\n{lines}\n"
