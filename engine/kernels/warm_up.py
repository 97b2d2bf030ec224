"""Compiles kernels in a child process, which fills the cache: compiling here would hold up every thread.

python -m engine.kernels.warm_up            compile the models that are shipped
python -m engine.kernels.warm_up - < JSON   compile these recipes
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable

from engine import registry
from engine.errors import ModelError
from engine.kernels.recipes import Recipe


def missing(recipes: Iterable[Recipe]) -> list[Recipe]:
    """The recipes that would have to be compiled."""
    return [recipe for recipe in recipes if not recipe.is_ready()]


def compile_beside(recipes: Iterable[Recipe], timeout: float = 300.0) -> None:
    """Have a child process compile what is missing; returns when the cache holds it.

    Raises:
        ModelError: the child failed; the message is what it said.
    """
    wanted = missing(recipes)
    if not wanted:
        return
    asked = json.dumps([recipe.to_json() for recipe in wanted])
    done = subprocess.run(
        [sys.executable, "-m", "engine.kernels.warm_up", "-"],
        input=asked, text=True, capture_output=True, timeout=timeout, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise ModelError(f"the kernels could not be compiled: {done.stderr.strip().splitlines()[-1:]}")


def shipped() -> list[Recipe]:
    """What most circuits start with: every neuron, input and transmission, and every rule on its own."""
    real = "float64"
    found = [Recipe("common", (), real)]
    cells = (*registry.all("neuron"), *registry.all("astrocyte"))
    found += [Recipe("neuron", (model.slug,), real, ("shared",)) for model in cells]
    found += [Recipe("input", (model.slug,), real) for model in registry.all("input")]
    for options in ((), ("watched",)):
        for model in registry.all("transmission"):
            if getattr(model, "gives", "") != "gap":
                found.append(Recipe("stack", (model.slug,), real, options))
        found += [Recipe("stack", ("current_exp", rule.slug), real, options) for rule in registry.all("rule")]
    found += [Recipe("growth", (rule.slug,), real) for rule in registry.all("rule") if "grow" in rule.hooks]
    return found


def main(arguments: list[str]) -> int:
    """Compile the asked recipes, or the shipped ones."""
    asked = [Recipe.from_json(r) for r in json.load(sys.stdin)] if arguments == ["-"] else shipped()
    for recipe in asked:
        recipe.module()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
