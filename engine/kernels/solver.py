"""Moves what a model declares by its derivatives: fourth-order Runge-Kutta, written out for a kernel.

The classical scheme (Kutta 1901): four looks at the derivatives, at the beginning of a part, twice at its
middle and at its end.  What a model knows to move exactly (`decay`) does so in two halves between the looks.
"""

from __future__ import annotations

from engine.declare import Astrocyte, Neuron
from engine.errors import ModelError
from engine.kernels.hooks import Resolve, reads, statements


def moved(model: type[Neuron]) -> list[str]:
    """The states of a model that are integrated, in the order in which they are declared."""
    if "derivatives" not in model.hooks:
        return []
    written = reads(model)["derivatives"].writes
    return [name for name in model.states if ("dn", name) in written]


def draws(model: type[Neuron]) -> bool:
    """Whether chance decides anything in a neuron of this model."""
    return any(found.draws for found in reads(model).values())


def in_step(model: type[Neuron]) -> list[str]:
    """The states that neurons move part by part, side by side: their parameters say in how many parts.

    Nothing where a neuron takes as many as its state asks for, or where what it was is looked at afterwards.
    """
    if "pace" not in model.hooks or draws(model) or issubclass(model, Astrocyte):
        return []
    used = reads(model)
    if any(row not in ("p", "k") for row, _ in used["pace"].reads):
        return []
    if any(row == "was" for found in used.values() for row, _ in found.reads):
        return []
    names: set[str] = set()
    for hook in ("derivatives", "decay", "substep"):
        if hook in used:
            names |= {name for row, name in (*used[hook].reads, *used[hook].writes) if row in ("n", "dn")}
    return [name for name in model.states if name in names]


def solve(model: type[Neuron], resolve: Resolve) -> list[str]:
    """The lines that move the integrated states by `h` and leave in `was_x` what each of them was.

    `resolve` says which variable each row.name is; states lie in variables `n_x`.
    """
    if "derivatives" not in model.hooks:
        return []
    states = moved(model)
    for hook in ("derivatives", "decay"):
        if hook in model.hooks and reads(model)[hook].draws:
            raise ModelError(
                f"{model.slug}.{hook}: no chance between the looks at the derivatives, "
                "which would see different draws; draw in `integrate` or `substep`"
            )

    def at(stage: int) -> list[str]:
        def look(row: str, name: str) -> str:
            if row == "dn":
                if name not in model.states:
                    raise KeyError(list(model.states))
                return f"d{stage}_{name}"
            return f"at_{name}" if row == "n" and name in states else resolve(row, name)

        return statements(model, "derivatives", look, f"f{stage}")

    def along(step: str, stage: int) -> list[str]:
        return [f"at_{name} = n_{name} + {step} * d{stage}_{name}" for name in states]

    def decayed(half: int) -> list[str]:
        lines = statements(model, "decay", resolve, f"g{half}")
        return ["h = half", *lines, "h = full"] if lines else []

    return [
        "full = h",
        "half = 0.5 * h",
        *[f"at_{name} = n_{name}" for name in states],
        *at(1),
        *decayed(1),
        *along("half", 1),
        *at(2),
        *along("half", 2),
        *at(3),
        *decayed(2),
        *along("full", 3),
        *at(4),
        *[f"was_{name} = n_{name}" for name in states],
        *[f"n_{x} = n_{x} + full / 6.0 * (d1_{x} + 2.0 * d2_{x} + 2.0 * d3_{x} + d4_{x})" for x in states],
    ]
