"""Patterns that make many synapses at once: who is joined to whom.

Every pattern is a function of the neurons on both sides, of a stream of chance and of its own parameters; it
returns the rows of the pre and the post neurons, sorted by pre and then by post.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import UsageError, did_you_mean
from engine.network.given import number, whole
from engine.network.luck import Luck

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Rows = tuple[Ints, Ints]
_AT_ONCE = 1 << 22
"""Pairs looked at together in wiring by distance; it bounds the memory."""
_CUBES = 600
"""Cubes that wiring by distance cuts space into, at most, per population."""


@dataclass(frozen=True)
class Sides:
    """The neurons a wiring joins: how many, where (um), and whether both sides are one population."""

    pre: int
    post: int
    pre_at: Floats
    post_at: Floats
    same: bool
    autapses: bool = False
    multapses: bool = False

    @property
    def bars_self(self) -> bool:
        """Whether a neuron must not be joined to itself."""
        return self.same and not self.autapses


Pattern = Callable[..., Rows]


def all_to_all(sides: Sides, luck: Luck) -> Rows:
    """Every pre neuron with every post neuron."""
    pre, post = np.divmod(np.arange(sides.pre * sides.post, dtype=np.int64), max(sides.post, 1))
    return _without_self(sides, pre, post)


def one_to_one(sides: Sides, luck: Luck) -> Rows:
    """The first with the first, the second with the second, and so on."""
    if sides.pre != sides.post:
        raise UsageError(
            f"one_to_one joins as many pre as post neurons, not {sides.pre} and {sides.post}; "
            "choose populations of one size, or another wiring"
        )
    each = np.arange(sides.pre, dtype=np.int64)
    return each, each.copy()  # a neuron with itself is what one_to_one within a population means


def fixed_probability(sides: Sides, luck: Luck, *, p: float) -> Rows:
    """Each pair with probability `p`."""
    _between("p", p, 0.0, 1.0)
    pre, post = np.divmod(luck.chosen(sides.pre * sides.post, p), max(sides.post, 1))
    return _without_self(sides, pre, post)


def fixed_in(sides: Sides, luck: Luck, *, n: int) -> Rows:
    """Every post neuron gets `n` synapses, from pre neurons drawn by chance."""
    post, pre = _each(sides, luck, n, "fixed_in", sides.post, sides.pre, "pre")
    short = np.uint16 if sides.pre <= 1 << 16 else np.int64  # short numbers are sorted without comparing
    order = np.argsort(pre.astype(short), kind="stable")  # post neurons increase already
    return pre[order], post[order]


def fixed_out(sides: Sides, luck: Luck, *, n: int) -> Rows:
    """Every pre neuron makes `n` synapses, onto post neurons drawn by chance."""
    pre, post = _each(sides, luck, n, "fixed_out", sides.pre, sides.post, "post")
    return pre, np.sort(post.reshape(sides.pre, n), axis=1).reshape(-1)


def fixed_total(sides: Sides, luck: Luck, *, n: int) -> Rows:
    """`n` synapses in all, each between a pre and a post neuron drawn by chance."""
    n = whole(n, "n", 0)
    per_pre = sides.post - 1 if sides.bars_self else sides.post
    total = sides.pre * per_pre
    if n and (total < 1 or (n > total and not sides.multapses)):
        raise UsageError(
            f"fixed_total: there are only {total} pairs for n = {n}; lower n, or allow multapses"
        )
    flat = np.sort(luck.below(total, n)) if sides.multapses else luck.distinct(1, n, total)[0]
    pre, post = np.divmod(flat, max(per_pre, 1))
    return pre, (post + (post >= pre) if sides.bars_self else post)


def distance(
    sides: Sides, luck: Luck, *, profile: str = "gaussian", p0: float = 1.0, scale: float = 100.0
) -> Rows:
    """Each pair with a probability that falls with distance d (um) from `p0` at d = 0.

    "gaussian" is p0 exp(-d^2 / (2 scale^2)), "exponential" is p0 exp(-d / scale).
    """
    _between("p0", p0, 0.0, 1.0)
    if profile not in ("gaussian", "exponential"):
        near = did_you_mean(profile, ("gaussian", "exponential"))
        raise UsageError(f'distance: profile is {profile!r}; it must be "gaussian" or "exponential"{near}')
    if not 0.0 < scale < np.inf:
        raise UsageError(f"distance: scale is {scale} um; it must be longer than 0")

    def falls(square: Any) -> Any:
        return np.exp(-square / (2.0 * scale**2) if profile == "gaussian" else -np.sqrt(square) / scale)

    found = []
    for pre, post, bound in _nearby(sides, luck, scale, lambda square: p0 * falls(square)):
        square = ((sides.pre_at[pre] - sides.post_at[post]) ** 2).sum(axis=1)
        keep = luck.uniform(pre.size) * bound < p0 * falls(square)
        found.append((pre[keep], post[keep]))
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    pre, post = (np.concatenate([rows[side] for rows in found]) for side in (0, 1))
    order = np.lexsort((post, pre))
    return _without_self(sides, pre[order], post[order])


def _nearby(
    sides: Sides, luck: Luck, scale: float, chance: Callable[[Any], Any]
) -> Iterator[tuple[Ints, Ints, float]]:
    """Candidate pairs for wiring by distance, each with the probability it was taken with.

    Space is cut into cubes.  A pair of cubes offers its pairs of neurons with the chance that holds at the
    shortest distance between them, so far cubes cost almost nothing; below 1e-15 they are left out.
    """
    if not sides.pre or not sides.post:
        return
    low = np.minimum(sides.pre_at.min(axis=0), sides.post_at.min(axis=0))
    side, pre_cubes = scale, _Cubes(sides.pre_at - low, scale)
    post_cubes = _Cubes(sides.post_at - low, scale)
    while max(len(pre_cubes.at), len(post_cubes.at)) > _CUBES:
        side *= 1.5
        pre_cubes, post_cubes = _Cubes(sides.pre_at - low, side), _Cubes(sides.post_at - low, side)
    between = np.maximum(np.abs(pre_cubes.at[:, None] - post_cubes.at[None]) - 1, 0)
    shells = (between**2).sum(axis=2)
    for shell in np.unique(shells).tolist():
        bound = float(chance(shell * side**2))
        if bound < 1e-15:
            return
        ones, others = np.nonzero(shells == shell)
        pairs = pre_cubes.count[ones] * post_cubes.count[others]
        batch = np.cumsum(pairs * bound).astype(np.int64) // _AT_ONCE
        for turn in np.unique(batch).tolist():
            mine = np.flatnonzero(batch == turn)
            ends = np.cumsum(pairs[mine])
            flat = luck.chosen(int(ends[-1]), bound)
            which = np.searchsorted(ends, flat, side="right")
            one, other = ones[mine[which]], others[mine[which]]
            row, column = np.divmod(flat - (ends - pairs[mine])[which], post_cubes.count[other])
            yield pre_cubes.rows(one, row), post_cubes.rows(other, column), bound


class _Cubes:
    """Which neurons lie in which cube of space: `at` the cubes that hold any, `count` how many each."""

    def __init__(self, positions: Floats, side: float) -> None:
        cubes = np.floor(positions / side).astype(np.int64)
        self.at, cube, self.count = np.unique(cubes, axis=0, return_inverse=True, return_counts=True)
        self._order = np.argsort(cube.reshape(-1), kind="stable")
        self._start = np.cumsum(self.count) - self.count

    def rows(self, cubes: Ints, places: Ints) -> Ints:
        """The rows of the neurons at the given places within the given cubes."""
        rows: Ints = self._order[self._start[cubes] + places]
        return rows


def small_world(sides: Sides, luck: Luck, *, k: int, p: float) -> Rows:
    """A ring where each neuron joins its `k` nearest; each synapse is moved elsewhere with probability `p`.

    Watts & Strogatz (1998) Nature 393:440-442, doi:10.1038/30918, with directed synapses.
    """
    k = whole(k, "k", 0)
    _between("p", p, 0.0, 1.0)
    if not sides.same:
        raise UsageError("small_world wires a population onto itself; choose one population for pre and post")
    size = sides.pre
    if k % 2 or not 0 < k < size:
        raise UsageError(f"small_world: k is {k}; it must be even and less than {size}, the neurons")
    steps = np.concatenate([np.arange(-(k // 2), 0), np.arange(1, k // 2 + 1)])
    pre = np.repeat(np.arange(size, dtype=np.int64), k)
    post = (pre + np.tile(steps, size)) % size
    moved = luck.uniform(pre.size) < p
    limit = size if sides.autapses else size - 1
    if k == limit and not sides.multapses:
        moved[:] = False  # everyone is joined already: there is nowhere to move to
    free = moved.copy()
    while free.any():
        drawn = luck.below(limit, int(free.sum()))
        post[free] = drawn if sides.autapses else drawn + (drawn >= pre[free])
        if sides.multapses:
            break
        # Of several synapses between one pair those that were not moved stay, then the first.
        order = np.lexsort((np.arange(pre.size), moved, post, pre))
        again = np.zeros(pre.size, np.bool_)
        again[order[1:]] = (pre[order[1:]] == pre[order[:-1]]) & (post[order[1:]] == post[order[:-1]])
        free = again
    order = np.lexsort((post, pre))
    return pre[order], post[order]


PATTERNS: dict[str, Pattern] = {
    pattern.__name__: pattern
    for pattern in (
        all_to_all, one_to_one, fixed_probability, fixed_in, fixed_out, fixed_total, distance, small_world,
    )
}  # fmt: skip
"""The patterns by name; "explicit" is the ninth, a list of pre and post ids."""


def draw(rule: str, sides: Sides, luck: Luck, **params: Any) -> Rows:
    """Rows of pre and post neurons by a named pattern; raises UsageError for what it cannot mean."""
    pattern = PATTERNS.get(rule)
    if pattern is None:
        known = (*PATTERNS, "explicit")
        raise UsageError(
            f"there is no wiring {rule!r}{did_you_mean(rule, known)}; it is one of {', '.join(known)}"
        )
    wanted = [name for name in inspect.signature(pattern).parameters if name not in ("sides", "luck")]
    for name in params:
        if name not in wanted:
            has = f"it takes {', '.join(wanted)}" if wanted else "it takes none"
            raise UsageError(f"{rule} has no parameter {name!r}{did_you_mean(name, wanted) or f'; {has}'}")
    missing = [n for n in wanted if n not in params and n not in (pattern.__kwdefaults__ or {})]
    if missing:
        raise UsageError(f"{rule} needs {' and '.join(missing)}")
    return pattern(sides, luck, **params)


def _each(sides: Sides, luck: Luck, n: int, name: str, rows: int, others: int, word: str) -> Rows:
    """For each of `rows` neurons, `n` of the `others`."""
    n = whole(n, "n", 0)
    limit = others - 1 if sides.bars_self else others
    if n and rows and (limit < 1 or (n > limit and not sides.multapses)):
        raise UsageError(
            f"{name}: there are only {max(limit, 0)} {word} neurons to choose from for n = {n}; "
            "lower n, or allow multapses"
        )
    owner = np.repeat(np.arange(rows, dtype=np.int64), n)
    if not owner.size:
        return owner, owner.copy()
    other = luck.below(limit, rows * n) if sides.multapses else luck.distinct(rows, n, limit).reshape(-1)
    return owner, (other + (other >= owner) if sides.bars_self else other)


def _without_self(sides: Sides, pre: Ints, post: Ints) -> Rows:
    if not sides.bars_self:
        return pre, post
    others = pre != post
    return pre[others], post[others]


def _between(name: str, value: float, low: float, high: float) -> None:
    if not low <= number(value, name) <= high:
        raise UsageError(f"{name} is {value}; it must be between {low:g} and {high:g}")
