"""What a run pauses for by itself, in words: a weight or a rate that leaves a range, a birth, a death.

Qt-free.  The reasons themselves are the engine's (`engine.live.breakpoints`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from editor.inspector.meaning import unit_of
from editor.selection import Selection
from engine import units
from engine.errors import UsageError
from engine.live.breakpoints import Breakpoint, WhenGrown, WhenPruned, WhenRate, WhenWeight
from engine.network.network import Network

KINDS = {
    "weight": "A weight leaves a range",
    "rate": "A rate leaves a range",
    "grown": "A synapse grows",
    "pruned": "A synapse is pruned",
}
ANY: dict[str, type[WhenGrown | WhenPruned]] = {"grown": WhenGrown, "pruned": WhenPruned}
"""What happens anywhere and knows no range."""
INFINITE = float("inf")


@dataclass(frozen=True)
class Watched:
    """Whose number is to be waited for, its unit, and a range to begin with."""

    words: str
    unit: str = ""
    low: float = -INFINITE
    high: float = INFINITE
    projection: int = 0
    synapse: int | None = None
    population: int = 0


def watched(net: Network, selection: Selection, kind: str) -> Watched | str:
    """What of the selection a reason of this kind is about; a string says what to select."""
    if kind == "weight":
        return _weight(net, selection)
    if kind == "rate":
        owners = net.population_of(selection.neurons)
        homes = {*owners[owners != 0].tolist(), *selection.ids("population").tolist()} & set(net.populations)
        if len(homes) != 1:
            return "Select neurons of one population; its rate is the mean over all of them."
        (home,) = homes
        label = net.populations[home].label
        return Watched(f"the rate of {label}, over one second", "Hz", 0.5, 50.0, population=home)
    return Watched("any projection")


def _weight(net: Network, selection: Selection) -> Watched | str:
    owners = net.projection_of(selection.synapses)
    ways = {*owners[owners != 0].tolist(), *selection.ids("projection").tolist()} & set(net.projections)
    if len(ways) != 1:
        return "Select a synapse, or synapses of one projection."
    (way,) = ways
    record = net.projections[way]
    unit = unit_of(net, record)
    if len(selection.synapses) == 1:
        size = abs(float(record.synapses.take(selection.synapses)["weight"][0]))
        one = int(selection.synapses[0])
        return Watched(f"this synapse of {record.label}", unit, 0.8 * size, 1.2 * size, way, one)
    most = float(np.abs(record.synapses.weight).max(initial=0.0))
    return Watched(f"any synapse of {record.label}", unit, high=1.2 * most, projection=way)


def reason(kind: str, about: Watched, low: str, high: str) -> Breakpoint:
    """The reason with the range that was typed; an empty text is no limit on that side.

    Raises:
        UsageError: what was typed is no number of this unit, or leaves nothing to wait for.
    """
    if kind in ANY:
        return ANY[kind]()
    least = units.read(low, about.unit, 0.0, what="below") if low.strip() else -INFINITE
    most = units.read(high, about.unit, 0.0, what="above") if high.strip() else INFINITE
    if (least, most) == (-INFINITE, INFINITE):
        raise UsageError(f"write a number into one of the two, such as {units.write(10, about.unit)!r}")
    if least > most:
        between = f"{units.write(least, about.unit)} is more than {units.write(most, about.unit)}"
        raise UsageError(f"{between}; the lower limit comes first")
    if kind == "rate":
        return WhenRate(about.population, max(least, 0.0), most)
    return WhenWeight(about.projection, most, max(least, -1.0), about.synapse)


def words(net: Network, waited: Breakpoint) -> str:
    """A reason as a line of a list: "this weight of E to E leaves 80 to 120 pA"."""
    if isinstance(waited, WhenRate):
        home = net.populations.get(waited.population)
        of = home.label if home is not None else "a population that is gone"
        return f"the rate of {of} {_leaves(waited.low, waited.high, 'Hz')}"
    if isinstance(waited, WhenWeight):
        record = net.projections.get(waited.projection)
        of = record.label if record is not None else "a projection that is gone"
        which = "a weight" if waited.synapse is None else f"the weight of synapse {waited.synapse}"
        unit = unit_of(net, record) if record is not None else ""
        return f"{which} of {of} {_leaves(waited.below, waited.above, unit)}"
    return "a synapse grows" if isinstance(waited, WhenGrown) else "a synapse is pruned"


def _leaves(low: float, high: float, unit: str) -> str:
    if high == INFINITE:
        return f"falls below {units.write(low, unit, 4)}"
    if low <= 0.0:
        return f"rises above {units.write(high, unit, 4)}"
    return f"leaves {units.write(low, '', 4)} to {units.write(high, unit, 4)}"
