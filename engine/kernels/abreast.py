"""Rewrites the step of one neuron so that the processor takes several neurons abreast.

A compiler does that only where a place is plainly not negative and arrays are plain: so every
`array[slot + i]`, `array[offset + i]` and `array[i]` becomes `c_array[k]`, the part of the tile.  Spikes and
values out of bounds are marked on the way and looked for afterwards, where there are any.  How many go
abreast the widest number in the loop decides, so nothing in it may be wider than the states.  The
arithmetic of a neuron is the same as one by one, to the bit.
"""

from __future__ import annotations

import ast
import re

from engine import parsing
from engine.kernels.fuse import indent
from engine.kernels.lanes import GROUP

PLACE = re.compile(r"\b(\w+)\[(slot \+ i|offset \+ i|i)\]")
STARTS = {"slot + i": "slot + ", "offset + i": "offset + ", "i": ""}


PLAIN_CALLS = frozenset(("abs", "min", "max", "sqrt", "float32", "float64"))


STRAIGHT_CALLS = PLAIN_CALLS | {"exp", "expm1", "where"}
"""What is written out on the spot besides, without a branch, in double precision."""


def calls_only(lines: list[str], known: frozenset[str]) -> bool:
    """Whether nothing loops, and nothing else is called."""
    called = {name for line in lines for name in re.findall(r"\b(\w+)\(", line)} - {"and", "or", "not", "if"}
    return called <= known and not any(line.lstrip().startswith("for ") for line in lines)


def is_plain(lines: list[str]) -> bool:
    """Whether nothing loops, and nothing is called that is no instruction."""
    return calls_only(lines, PLAIN_CALLS)


def is_straight(lines: list[str]) -> bool:
    """Whether several neurons can go abreast."""
    return calls_only(lines, STRAIGHT_CALLS)


def choice_made_once(text: str, shared: bool) -> tuple[str, str]:
    """The plain side of `a if test else b` where parameters shared by all decide it, and when it holds.

    A side is plain when it calls nothing; without such a choice the whole stands, and holds always.
    """
    tree = parsing.expression(text)
    if shared and isinstance(tree, ast.IfExp):
        names = {found.id for found in ast.walk(tree.test) if isinstance(found, ast.Name)}
        if all(name.startswith(("p_", "k_")) for name in names):
            for side, when in ((tree.body, "({})"), (tree.orelse, "not ({})")):
                if not any(isinstance(found, ast.Call) for found in ast.walk(side)):
                    return ast.unparse(side), when.format(ast.unparse(tree.test))
    return text, "True"


def sliced(*groups: list[str]) -> tuple[list[str], list[list[str]]]:
    """Groups of lines that work on neuron k of the tile, after the lines that cut its parts out."""
    named: dict[str, str] = {}

    def cut(found: re.Match[str]) -> str:
        name, place = found[1], STARTS[found[2]]
        named[f"c_{name}"] = f"part({name}, {place}low, high - low)"
        return f"c_{name}[k]"

    written = [[PLACE.sub(cut, line) for line in group] for group in groups]
    return [f"{name} = {part}" for name, part in named.items()], written


def abreast(cell: list[str], spike: list[str], sound: str, wrong: list[str], one: list[str]) -> list[str]:
    """The loop over the neurons `low` to `high` - 1 of one step, to be `sliced`.

    `cell` is the step of neuron i and sets `fired`; `spike` writes a spike of i down; `wrong` reports a
    neuron i of which `sound` no longer holds.  Where `one` is given, `cell` also sets `alone` for a neuron
    that cannot keep step: it is left as it was, and `one` moves it afterwards.
    """
    note = f"note = noted(fired, not {sound}, {'alone' if one else 'False'})"
    follow = ["if c_mark[k] & 1 != 0:", *indent(spike), "if c_mark[k] & 2 != 0:", *indent(wrong)]
    if one:
        follow = ["if c_mark[k] & 4 != 0:", *indent(one), "else:", *indent(follow)]
    return [
        "some = int32(0)",
        "for k in range(high - low):",
        *indent([*cell, note, "mark[i] = note", "some = either(some, note)"]),
        "if some != 0:",
        f"    for group in range(0, high - low, {GROUP}):",
        "        if any_marked(mark, low + group):",
        f"            for i in range(low + group, min(low + group + {GROUP}, high)):",
        "                k = i - low",
        *indent(follow, 4),
    ]
