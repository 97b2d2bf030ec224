"""The passes of numba that kernels are spared change nothing: the machine code is that of all passes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from numba.core import compiler

from engine.kernels import fuse, passes, warm_up
from engine.kernels.recipes import Recipe


def recipe(kind: str, slugs: tuple[str, ...], real: str, *options: str) -> Recipe:
    return Recipe(kind, slugs, real, options)


def machine_code(wanted: Recipe, pipeline: Any) -> list[str]:
    """What the processor is given for each kernel, with all names numbered in the order they come."""
    text = fuse._named(wanted.about, wanted.kernels())[1].replace("cache=True, ", "")
    assert text.count("pipeline_class=Straight") == len(wanted.kernels())
    given: dict[str, Any] = {"Chosen": pipeline}
    exec(text.replace("pipeline_class=Straight", "pipeline_class=Chosen"), given)
    return [_plain(given[f"{kernel.name}_entry"]._library.get_asm_str()) for kernel in wanted.kernels()]


def _plain(code: str) -> str:
    names: dict[str, str] = {}
    unnamed = re.sub(
        r"_ZN[\w$.]+|cfunc\.[\w$.]+|\.const\.[\w$.]+|\.L\w+|numba[\w$.]*",
        lambda found: names.setdefault(found[0], f"name{len(names)}"),
        code,
    )
    said = (".file", ".ident", "#")
    return "\n".join(line for line in unnamed.splitlines() if not line.strip().startswith(said))


def check(wanted: Recipe) -> None:
    for ours, whole in zip(
        machine_code(wanted, passes.Straight), machine_code(wanted, compiler.Compiler), strict=True
    ):
        assert len(ours.splitlines()) > 20
        assert ours == whole


@pytest.mark.parametrize(
    "wanted",
    [
        recipe("neuron", ("relay",), "float32", "shared"),
        recipe("flow", ("gap_junction",), "float64"),
        recipe("input", ("noise_current",), "float32"),
    ],
    ids=lambda wanted: wanted.about,
)
def test_what_is_spared_changes_no_instruction(wanted):
    check(wanted)


@pytest.mark.long
@pytest.mark.parametrize("wanted", warm_up.shipped(), ids=lambda wanted: wanted.about)
def test_what_is_spared_changes_no_instruction_of_anything_shipped(wanted):
    check(wanted)


def test_most_passes_are_spared_and_the_types_are_found_by_what_remembers():
    class State:
        flags = compiler.Flags()
        func_ir = None

    kept = [each.__name__ for each, _ in passes.Straight.define_pipelines(_pipeline(State()))[0].passes]
    assert "RememberingInference" in kept
    assert "NativeLowering" in kept
    assert not set(kept) & passes.SPARED


def _pipeline(state: Any) -> Any:
    made = object.__new__(passes.Straight)
    made.state = state
    return made


def test_a_kernel_that_makes_no_sense_is_refused_with_the_reason():
    given: dict[str, Any] = {}
    text = fuse.HEADER.format(about="nothing") + "\n" + fuse.Kernel(
        "odd", (("ff", "float64"),), ("ff[0] = ff[1] + nonsense",)
    ).text().replace("cache=True, ", "")  # fmt: skip
    with pytest.raises(Exception, match="nonsense"):
        exec(text, given)
