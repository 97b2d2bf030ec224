"""The hooks of a model as plain Python, one neuron at a time: for questions about a model, never for a run.

The order inside a step is that of the kernels (`engine.kernels.neuron_loops`, `engine.kernels.solver`).
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from engine.arithmetic_value import FUNCTIONS, Hook
from engine.declare import Declaration


def plain(hook: Callable[..., Any], **instead: Any) -> Callable[..., Any]:
    """A hook that can be called outside a kernel, with the arithmetic it expects around it.

    `instead` names functions it is to call in place of the usual ones.
    """
    if isinstance(hook, Hook):
        return hook.calling(**instead) if instead else hook  # written here: never executed as Python
    around = {**FUNCTIONS, **instead, "__builtins__": {}}
    return types.FunctionType(hook.__code__, around, hook.__name__)


def asked(model: type[Declaration], hook: str, otherwise: Any = None) -> Callable[..., Any]:
    """A hook that takes those of the named rows that it asks for; `otherwise` where there is no such hook."""
    found = model.hooks.get(hook)
    if found is None:
        return lambda **rows: otherwise
    names = found.__code__.co_varnames[: found.__code__.co_argcount]
    called = plain(found)
    return lambda **rows: called(*(rows[name] for name in names))


def solve(model: type[Declaration]) -> Callable[..., SimpleNamespace]:
    """Moves `n` by `h` as its derivatives say (fourth-order Runge-Kutta); answers with what they were."""
    derivatives, decay = asked(model, "derivatives"), asked(model, "decay")

    def move(n: Any, p: Any, k: Any, inp: Any, h: float) -> SimpleNamespace:
        if "derivatives" not in model.hooks:
            return SimpleNamespace()

        def look(step: float, before: Mapping[str, float]) -> dict[str, float]:
            there = SimpleNamespace(**vars(n))
            for name, change in before.items():
                setattr(there, name, getattr(n, name) + step * change)
            dn = SimpleNamespace()
            derivatives(n=there, p=p, k=k, inp=inp, dn=dn, h=h)
            return vars(dn)

        one = look(0.0, {})
        decay(n=n, p=p, k=k, inp=inp, h=0.5 * h)
        two = look(0.5 * h, one)
        three = look(0.5 * h, two)
        decay(n=n, p=p, k=k, inp=inp, h=0.5 * h)
        four = look(h, three)
        was = {name: getattr(n, name) for name in one}
        for name, value in was.items():
            moved = one[name] + 2.0 * two[name] + 2.0 * three[name] + four[name]
            setattr(n, name, value + h / 6.0 * moved)
        return SimpleNamespace(**was)

    return move


def neuron_step(model: type[Declaration], h: float) -> Callable[[Any, Any, Any, Any], None]:
    """One step of `h` ms in the model's own order: it moves, then takes in what arrives at the end."""
    pace, move = asked(model, "pace", 1.0), solve(model)
    substep, integrate, receive = (asked(model, hook) for hook in ("substep", "integrate", "receive"))

    def step(n: Any, p: Any, k: Any, inp: Any) -> None:
        parts = max(1, math.ceil(pace(n=n, p=p, k=k, h=h)))
        for _ in range(parts):
            was = move(n, p, k, inp, h / parts)
            substep(n=n, was=was, p=p, k=k, inp=inp, h=h / parts)
        integrate(n=n, was=was, p=p, k=k, inp=inp, h=h)
        receive(n=n, p=p, k=k, inp=inp, h=h)

    return step
