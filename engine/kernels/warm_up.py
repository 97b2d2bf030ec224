"""Compiles kernels in a child process, which fills the cache: compiling here would hold up every thread.

python -m engine.kernels.warm_up            compile the models that are shipped
python -m engine.kernels.warm_up - < JSON   compile these recipes
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from threading import Event

from engine import registry
from engine.errors import ModelError
from engine.kernels import growth_loops
from engine.kernels.recipes import Recipe


def missing(recipes: Iterable[Recipe]) -> list[Recipe]:
    """The recipes that would have to be compiled."""
    return [recipe for recipe in recipes if not recipe.is_ready()]


GLANCE = 0.1
"""Seconds between two looks at whether a compilation is still wanted."""


def compile_beside(recipes: Iterable[Recipe], timeout: float = 300.0, given_up: Event | None = None) -> None:
    """Have a child process compile what is missing; returns when the cache holds it.

    When `given_up` is set, from any thread, the child is ended: what is being closed waits for nothing.

    Raises:
        ModelError: the child failed, or was given up; the message says which.
    """
    wanted = missing(recipes)
    if not wanted:
        return
    asked: str | None = json.dumps([recipe.to_json() for recipe in wanted])
    deadline = time.monotonic() + timeout
    with subprocess.Popen(
        [sys.executable, "-m", "engine.kernels.warm_up", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        said = ""
        try:
            while child.returncode is None:
                if given_up is not None and given_up.is_set():
                    raise ModelError("the kernels are no longer wanted")
                if time.monotonic() > deadline:
                    raise ModelError(f"the kernels were not compiled within {timeout:.0f} s")
                with contextlib.suppress(subprocess.TimeoutExpired):
                    first, asked = asked, None
                    _, said = child.communicate(first, timeout=GLANCE)
        finally:
            child.kill()  # does nothing to one that has ended
    if child.returncode != 0:
        raise ModelError(f"the kernels could not be compiled: {said.strip().splitlines()[-1:]}")


def shipped() -> list[Recipe]:
    """What most circuits start with: every neuron, input and transmission, and every rule on its own."""
    real = "float64"
    found = [Recipe("common", (), real)]
    cells = (*registry.all("neuron"), *registry.all("astrocyte"))
    found += [Recipe("neuron", (model.slug,), real, ("shared",)) for model in cells]
    found += [Recipe("input", (model.slug,), real) for model in registry.all("input")]
    found += [Recipe("modulator", (model.slug,), real) for model in registry.all("modulator")]
    for options in ((), ("watched",)):
        for model in registry.all("transmission"):
            if "flow" not in model.hooks:
                found.append(Recipe("stack", (model.slug,), real, options))
        found += [Recipe("stack", ("current_exp", rule.slug), real, options) for rule in registry.all("rule")]
    flows = [model for model in registry.all("transmission") if "flow" in model.hooks]
    found += [Recipe("flow", (model.slug,), real) for model in flows]
    grows = [rule.slug for rule in registry.all("rule") if growth_loops.makes_synapses(rule)]
    found += [Recipe("growth", (slug,), real) for slug in grows]
    return found


def main(arguments: list[str]) -> int:
    """Compile the asked recipes, or the shipped ones."""
    asked = [Recipe.from_json(r) for r in json.load(sys.stdin)] if arguments == ["-"] else shipped()
    for recipe in asked:
        recipe.module()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
