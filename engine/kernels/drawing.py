"""Poisson counts for many targets of one mean, from a table: the bits are those of `poisson`.

`poisson` grows with the random number it is given, so a count is how many thresholds that number has
passed.  The thresholds are found by asking `poisson` itself, once the same mean has come twice; until then,
and for means above those it inverts, every count is drawn as ever.
"""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import parsing
from engine.kernels.chance import FOR_ENTITY, GOLDEN, MASK_11, key, mix, poisson_from
from engine.kernels.maths import bits, compiled, inlined

uint64: Any = np.uint64
ODDS, BINS = 128, 1024
"""Places per table: the mean it holds, the mean before, and thresholds; a start for each 1/1024 of chance."""
MOST_MEAN = 12.0
TOP = 1 << 53


@compiled
def mixed(seed: int, purpose: int, entities: Any, out: Any) -> None:
    """What each entity contributes to its random numbers at any step."""
    base = key(seed, purpose)
    for j in range(entities.size):
        out[j] = mix(base + entities[j] * FOR_ENTITY)


def mixed_of(seed: int, purpose: int, entities: NDArray[np.int64]) -> NDArray[np.int64]:
    """The contributions of some entities."""
    out = np.zeros(entities.size, np.int64)
    mixed(seed, purpose, entities, out)
    return out


@inlined
def drawn_bits(entity: int, step: int) -> int:
    """The upper 53 of the random bits of the first draw of an entity (see `mixed`) at a step."""
    return (mix(entity + step * GOLDEN) >> 11) & MASK_11


@compiled
def tabled(mean: float, odds: Any, starts: Any, row: int) -> bool:
    """Whether table `row` holds this mean; writes it when the mean has come twice."""
    if not 0.0 < mean < MOST_MEAN:
        return False
    first = row * ODDS
    if odds[first] == bits(mean):
        return True
    if odds[first + 1] != bits(mean):
        odds[first + 1] = bits(mean)
        return False
    count = 0
    low = 0
    while low < TOP and count < ODDS - 3:
        high = TOP  # the least number that gives more than `count`
        while low < high:
            middle = (low + high) // 2
            if poisson_from(middle << 11, mean) > count:
                high = middle
            else:
                low = middle + 1
        odds[first + 2 + count] = low
        count += 1
    if low < TOP:
        return False
    odds[first + 2 + count] = TOP
    count = 0
    for k in range(BINS):
        while (k << 43) >= odds[first + 2 + count]:
            count += 1
        starts[row * BINS + k] = count
    odds[first] = bits(mean)
    return True


@inlined
def counted(number: int, odds: Any, starts: Any, row: int) -> float:
    """How many thresholds of table `row` a number of 53 bits has passed."""
    first = uint64(row * ODDS + 2)  # places that cannot be negative need no check
    count = uint64(starts[uint64(row * BINS) + (uint64(number) >> uint64(43))])
    while number >= odds[first + count]:
        count += uint64(1)
    return float(count)


def one_mean(hook: list[str]) -> list[str] | None:
    """The hook with `mean = ...` in place of its Poisson count, if a count is all that chance decides."""
    text = "\n".join(hook)
    tree = parsing.module(text)
    calls = [
        found
        for found in ast.walk(tree)
        if isinstance(found, ast.Call)
        and isinstance(found.func, ast.Name)
        and found.func.id in ("poisson", "uniform", "normal", "binomial")
    ]
    written = [
        found
        for found in ast.walk(tree)
        if isinstance(found, ast.Assign)
        and isinstance(found.targets[0], ast.Name)
        and found.targets[0].id == "inp_count"
    ]
    if len(calls) != 1 or len(written) != 1 or written[0].value is not calls[0]:
        return None
    call = calls[0]
    assert isinstance(call.func, ast.Name)
    if call.func.id != "poisson" or any("inp_" in ast.unparse(a) for a in call.args[:1]):
        return None
    written[0].targets = [ast.Name("mean", ast.Store())]
    written[0].value = call.args[0]
    return ast.unparse(ast.fix_missing_locations(tree)).splitlines()
