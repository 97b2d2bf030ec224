"""Rules that fight: two that keep one rate at other values or the same pace, or one faster than its eye.

Read off what rules declare of themselves (`seeks`, `set_point`, `pace`, `looks_back`); no rule is known by
name.  None of it is a fault, but the rate will swing, and it is good to know why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from engine import units
from engine.network.declared import model_of
from engine.network.parts import Projection, RuleUse
from engine.network.problems import Problem, Problems

if TYPE_CHECKING:
    from engine.network.circuit import Circuit

APART = 10.0
"""Two rules that keep one rate get along when one is so many times slower."""
SIGHT = 4.0
"""A rule that acts within fewer times what it looks back over swings: 1 - 4 t_eye / t_act turns negative."""


@dataclass(frozen=True)
class Keeper:
    """A card that keeps the rate of a population."""

    projection: Projection
    use: RuleUse
    label: str
    rate: float
    pace: float
    looks_back: float


def keepers(net: Circuit, population: int) -> list[Keeper]:
    """The cards that keep the rate of the neurons of a population."""
    found = []
    for projection in net.projections.values():
        for use in projection.rules if projection.post == population else ():
            model: Any = model_of(use.slug, "rule")
            if model is None or not use.enabled or getattr(model, "seeks", "") != "rate":
                continue
            row = model.row(**{n: v for n, v in use.params.items() if n in model.params})
            back = model.looks_back(row) if hasattr(model, "looks_back") else 0.0
            pace = model.pace(row) / net.slow
            found.append(Keeper(projection, use, model.label, model.set_point(row), pace, back))
    return found


def fights(net: Circuit, projection: int = 0) -> Iterator[Problem]:
    """Every pair of rules that fight, and every rule that swings by itself; of one projection, or of all."""
    for population in net.populations:
        among = keepers(net, population)
        for one in among:
            if projection in (0, one.projection.id):
                yield from _blind(one)
        for one, other in combinations(among, 2):
            if one.use.slug != other.use.slug and projection in (0, one.projection.id, other.projection.id):
                yield from _fight(one, other)


def _blind(one: Keeper) -> Problems:
    if one.pace < SIGHT * one.looks_back:
        acts, back = units.write(one.pace, "ms"), units.write(one.looks_back, "ms")
        what = f"it acts within {acts} but looks back over {back}, so the rate swings"
        cure = f"let it act in {units.write(SIGHT * one.looks_back, 'ms')} or more, or look back less"
        yield Problem(f"{one.projection.label}, {one.use.slug}", what, cure, (one.projection.id,))


def _fight(one: Keeper, other: Keeper) -> Problems:
    place = f"{one.projection.label}, {one.use.slug}"
    whose = "" if one.projection.id == other.projection.id else f" of {other.projection.label}"
    ids = tuple(dict.fromkeys((one.projection.id, other.projection.id)))
    if abs(one.rate - other.rate) > 0.05 * max(one.rate, other.rate):
        here, there = units.write(one.rate, "Hz", 3), units.write(other.rate, "Hz", 3)
        what = f"it wants {here} and {other.label}{whose} wants {there}, so neither comes to rest"
        yield Problem(place, what, "give both the same rate", ids)
    fast, late = sorted((one.pace, other.pace))
    if 0.0 < late < APART * fast:
        here, there = units.write(one.pace, "ms", 3), units.write(other.pace, "ms", 3)
        what = (
            f"it acts in {here} and {other.label}{whose} in {there}: both mend the same error, and it swings"
        )
        yield Problem(place, what, f"let one be {APART:g} times slower than the other", ids)
