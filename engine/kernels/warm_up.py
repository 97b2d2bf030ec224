"""Compiles kernels in a child process, which fills the cache: compiling here would hold up every thread.

python -m engine.kernels.warm_up            compile the models that are shipped
python -m engine.kernels.warm_up - < LINES  compile these recipes, one in JSON a line
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterable
from importlib import import_module
from threading import Event

from engine import registry
from engine.kernels import growth_loops
from engine.kernels.crew import CREW, NOW, wait_for
from engine.kernels.recipes import COMMON, DRIVER, Recipe


def missing(recipes: Iterable[Recipe]) -> list[Recipe]:
    """The recipes that would have to be compiled."""
    return [recipe for recipe in recipes if CREW.is_at(recipe) or not recipe.is_ready()]


def compile_beside(
    recipes: Iterable[Recipe], timeout: float = 300.0, given_up: Event | None = None, urgency: int = NOW
) -> None:
    """Have child processes compile what is missing; returns when the cache holds it.

    When `given_up` is set, from any thread, they are ended: what is being closed waits for nothing.

    Raises:
        ModelError: one did not compile, or was given up; the message says which.
    """
    if wanted := missing(recipes):
        wait_for(CREW.ask(wanted, urgency), timeout, given_up)


def shipped() -> list[Recipe]:
    """What most circuits start with: every neuron, input and transmission, and every rule on its own."""
    real = "float64"
    found = essentials()
    for options in ((), ("watched",)):
        for model in registry.all("transmission"):
            if "flow" not in model.hooks:
                found.append(Recipe("stack", (model.slug,), real, options))
        found += [Recipe("stack", ("current_exp", rule.slug), real, options) for rule in registry.all("rule")]
    grows = [rule.slug for rule in registry.all("rule") if growth_loops.makes_synapses(rule)]
    found += [Recipe("growth", (slug,), real) for slug in grows]
    return list(dict.fromkeys(found))


def groundwork() -> list[Recipe]:
    """What every circuit has, and what more than half of the gallery begins with: a child's first work."""
    real = "float64"
    found = [DRIVER, Recipe("common", (), real)]
    for model in ("relay", "iaf_psc_exp"):
        found += [Recipe("derive", (model,), real), Recipe("neuron", (model,), real, ("shared",))]
    return [*found, Recipe("stack", ("current_exp",), real, ("watched",))]


def in_parts(module: str) -> list[Recipe]:
    """A module with loops of its own as it is compiled: its `PARTS` if it has some, then the whole."""
    parts = getattr(import_module(module), "PARTS", ())
    return [Recipe("loops", (module,), "float64", options) for options in (*((part,) for part in parts), ())]


def essentials() -> list[Recipe]:
    """Without which a circuit cannot run at all: neurons, inputs and transmissions, what most need first."""
    real = "float64"
    found = [*groundwork(), *(Recipe("common", (), real, (group,)) for group in COMMON)]
    cells = (*registry.all("neuron"), *registry.all("astrocyte"))
    for model in sorted(cells, key=lambda model: model.slug not in ("iaf_psc_exp", "relay")):
        found += [Recipe("derive", (model.slug,), real), Recipe("neuron", (model.slug,), real, ("shared",))]
    found += [Recipe("input", (model.slug,), real) for model in registry.all("input")]
    found += [Recipe("modulator", (model.slug,), real) for model in registry.all("modulator")]
    for model in registry.all("transmission"):
        is_flow = "flow" in model.hooks
        found.append(
            Recipe("flow" if is_flow else "stack", (model.slug,), real, () if is_flow else ("watched",))
        )
    return list(dict.fromkeys(found))


RUBBISH = 8
"""Modules after which a child clears up."""


def serve() -> None:
    """Compile one recipe a line of the input, and answer each with a line: "" or what went wrong."""
    gc.disable()  # compiling makes much that stays: looking through it all the time costs a tenth
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else prints must not be taken for an answer
    for number, line in enumerate(sys.stdin, 1):
        try:
            Recipe.from_json(json.loads(line)).module()
            wrong = ""
        except Exception as error:  # told to whoever asked
            wrong = str(error).strip() or type(error).__name__
        print(json.dumps(wrong), file=answers, flush=True)
        if number % RUBBISH == 0:
            gc.collect()


def main(arguments: list[str]) -> int:
    """Compile what is asked for line by line, or the shipped ones."""
    if arguments == ["-"]:
        serve()
        return 0
    for recipe in shipped():
        recipe.module()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
