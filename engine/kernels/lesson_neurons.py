"""Writes the neurons of a learner that lets them run by their own model, into the module of its kernels.

Each model becomes one function, a step of all its neurons from `low` to `high`.  What a neuron has stands in
rows of the states `S` of the training: `alif.v` its state v, `alif.p.tau_m` a parameter, `alif.k.keep` a
constant, `alif.first.v` what v starts with, `alif.h` the step (ms).
"""

from __future__ import annotations

from collections.abc import Callable

from engine.declare import Learner, Neuron
from engine.errors import ModelError
from engine.kernels import fuse, loops, solver
from engine.kernels.hooks import channels, expression, resolver, statements
from engine.kernels.solver import draws


def rows(model: type[Neuron]) -> tuple[str, ...]:
    """The rows a neuron model takes in the states of a training."""
    own = [f"{model.slug}.{name}" for name in model.states]
    own += [f"{model.slug}.first.{name}" for name in model.states]
    own += [f"{model.slug}.p.{name}" for name in model.params]
    own += [f"{model.slug}.k.{name}" for name in loops.constants(model)]
    return (*own, f"{model.slug}.h")


def function(model: type[Neuron], learner: type[Learner], at: Callable[[str], int]) -> str:
    """The body of `live_<slug>(S, low, high)`, as lines; `at` says where a row of `S` is."""
    if "pace" in model.hooks or draws(model):
        raise ModelError(f"{model.slug}: a learner cannot run neurons with parts of a step, or with chance")
    slug = model.slug

    def row(name: str) -> str:
        return f"S[{at(name)}, 0, i]"

    consts = loops.constants(model)
    drives = {"ex": "0.0", "in_": "0.0", "current": "0.0", **dict.fromkeys(channels(model), "0.0")}
    drives |= {name: row(source) for name, source in learner.runs.items() if name in drives}
    resolve = resolver({
        "n": {n: f"n_{n}" for n in model.states}, "p": {n: row(f"{slug}.p.{n}") for n in model.params},
        "k": {n: row(f"{slug}.k.{n}") for n in consts}, "inp": {n: f"inp_{n}" for n in drives},
        "was": {n: f"was_{n}" for n in solver.moved(model)},
    })  # fmt: skip
    sends = model.in_time.get("x")
    body = [
        f"h = {row(f'{slug}.h')}",
        *[f"n_{n} = {row(f'{slug}.{n}')}" for n in model.states],
        *[f"inp_{n} = {value}" for n, value in drives.items()],
        *solver.solve(model, resolve),
        *statements(model, "substep", resolve, "u"),
        *statements(model, "integrate", resolve, "a"),
        *statements(model, "receive", resolve, "r"),
        f"spike = 1.0 if {expression(model, 'fires', resolve, 'b')} else 0.0",
        "if spike > 0.0:",
        *fuse.indent(statements(model, "reset", resolve, "c") or ["pass"]),
        f"{row('fired')} += spike",
        *[f"{row(f'{slug}.{n}')} = 0.0 if abs(n_{n}) <= 1e-30 else n_{n}" for n in model.states],
        f"{row('x')} = {'spike' if sends is None else value(model, str(sends), row)}",
    ]
    body += [f"{row(name)} = {value(model, model.in_time[name], row)}" for name in learner.reads_neurons]
    return "\n".join(
        [f"def live_{slug}(S, low, high):", *fuse.indent(["for i in range(low, high):", *fuse.indent(body)])]
    )


def value(model: type[Neuron], named: str | float, row: Callable[[str], str]) -> str:
    """What a word of `Neuron.in_time` stands for, as the kernel's expression."""
    if not isinstance(named, str):
        return repr(float(named))
    if named in model.states:
        return f"n_{named}"
    return row(f"{model.slug}.{'p' if named in model.params else 'k'}.{named}")


def fresh(model: type[Neuron], at: Callable[[str], int]) -> list[str]:
    """Lines that set every state of these neurons to its start."""
    return [f"S[{at(f'{model.slug}.{n}')}] = S[{at(f'{model.slug}.first.{n}')}]" for n in model.states]
