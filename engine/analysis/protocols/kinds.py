"""What a protocol is: trials of forced spikes on the two neurons of a synapse, and what was measured then.

Lags are of the moments at which the two spikes reach the synapse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import nan


@dataclass(frozen=True)
class Trial:
    """One run of a protocol: `x` on the axis, spike times (ms) of both sides, and how long it lasts (ms).

    `pre` are the times at which presynaptic spikes reach the synapse, `post` the same for postsynaptic ones.
    `series` names the curve it belongs to; `silent` stops both neurons and every input meanwhile.
    """

    x: float
    pre: tuple[float, ...]
    post: tuple[float, ...]
    lasts: float
    series: str = ""
    silent: bool = False
    begins: float = 0.0
    """From when on (ms) a change of strength counts; what came before is the past of the neuron."""
    pace: float = 0.0
    """How many times faster than life slow rules go meanwhile; 0: as in the circuit."""


@dataclass(frozen=True)
class Point:
    """A published outcome: relative change of strength, its standard error (NaN: not known), the curve.

    A point whose `series` is empty among named curves belongs to none of them more than to another.
    """

    x: float
    y: float
    error: float = nan
    series: str = ""


@dataclass(frozen=True)
class Protocol:
    """A published way to change a synapse, with what was found and how the run here differs from it."""

    slug: str
    label: str
    what: str
    """What is done here, in a sentence."""
    source: str
    """The paper, with its DOI."""
    known: str
    """What was published, and in which text each number was read; in words where no number was found."""
    differs: str
    """What was done otherwise in the experiment than here."""
    axis: str
    trials: Callable[[], list[Trial]]
    points: tuple[Point, ...] = ()
    logarithmic: bool = False
    shows: tuple[str, ...] = field(default=())
    """Names of the curves, in order."""
