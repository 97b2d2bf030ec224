"""What is measured: every workload with its sizes, the variants of ours it alternates with, and its goals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from engine.bench import circuits, numbers
from engine.network.network import Network

Build = Callable[[int, str], Network]
STDP = ("stdp_pair", numbers.STDP)


@dataclass(frozen=True)
class Workload:
    """One row of the table, or several.

    `build(n, precision)` makes the circuit; without it `script` names what is measured instead.
    `small` and `full` are neurons (or synapses); `span` the ms between two looks at the clock.
    `beside` are variants of ours that take turns with it, `peers` what each peer calls it.
    `goals` bound ours / a peer or a circuit with fewer cards (`LESS`), and any other variant / ours.
    """

    name: str
    about: str
    small: int
    full: int
    build: Build | None = None
    script: str = ""
    unit: str = "s CPU per biological s"
    span: float = 100.0
    settle: float = 200.0
    beside: tuple[str, ...] = ()
    peers: tuple[str, ...] = ()
    goals: dict[str, float] = field(default_factory=dict)


LESS = frozenset(("pair alone",))
"""Variants that have less to do: ours is divided by them, as by a peer."""


def _balanced(*rules: tuple[str, Any]) -> Build:
    def build(n: int, precision: str) -> Network:
        return circuits.balanced(n, rules, precision, min(1000, n // 10))

    return build


TRIPLET = ("stdp_triplet", numbers.TRIPLET)
DOPAMINE = ("dopamine", numbers.DOPAMINE)
SCALING = ("scaling", {"target": 10.0})
GROWTH = ("element_growth", {"curve": "linear", "nu": 1e-6, "eps": 0.01, "update": 100.0, "weight": 20.0})
PRUNING = ("prune_weak", {"below": 0.01, "for_": 1000.0})

WORKLOADS: dict[str, Workload] = {
    w.name: w
    for w in (
        Workload(
            "cuba", "4,000 neurons, 320,000 fixed synapses, delay of one step", 400, 4000,
            lambda n, precision: circuits.cuba(n, precision), span=200.0, settle=100.0,
            beside=("double", "unrecorded"), peers=("nest", "brian2"),
            goals={"nest": 1 / 40, "brian2": 1 / 2},
        ),
        Workload(
            "balanced", "10,000 neurons with 1,000 fixed synapses each", 500, 10_000, _balanced(),
            beside=("double", "two threads", "unrecorded"), peers=("nest", "brian2"),
            goals={"nest": 1 / 30, "brian2": 1 / 30, "double": 1.6},
        ),
        Workload(
            "stdp", "the same, 6.4 million synapses under pair STDP", 500, 10_000, _balanced(STDP),
            beside=("double", "two threads", "unrecorded", "watched"), peers=("nest", "brian2"),
            goals={"nest": 1 / 20, "brian2": 1 / 15, "double": 1.6, "watched": 1.25},
        ),
        Workload(
            "triplet", "the same under triplet STDP", 500, 10_000, _balanced(TRIPLET),
            peers=("nest",), goals={"nest": 1 / 10},
        ),
        Workload(
            "dopamine", "the same under pair STDP that waits for dopamine", 500, 10_000,
            _balanced(STDP, DOPAMINE), beside=("pair alone",), peers=("nest",),
            goals={"nest": 1 / 10, "pair alone": 1.4},
        ),
        Workload(
            "everything", "the same under pair STDP, scaling, growth and pruning", 500, 10_000,
            _balanced(STDP, SCALING, GROWTH, PRUNING), beside=("pair alone",), peers=("nest",),
            goals={"nest": 1 / 10, "pair alone": 1.4**3},
        ),
        Workload(
            "poisson", "a Poisson train of its own to every one of 10,000 neurons", 500, 10_000,
            lambda n, _: circuits.driven(n), peers=("nest", "brian2"),
            goals={"nest": 1 / 20, "brian2": 1 / 5},
        ),
        Workload(
            "astrocytes", "1,000 neurons and 1,000 astrocytes", 100, 1000,
            lambda n, _: circuits.astrocytes(n), peers=("nest",), goals={"nest": 1 / 5},
        ),
        Workload(
            "memory", "bytes of a synapse: the whole process less an empty one, after a second of running",
            2000, 10_000, script="memory", unit="bytes per synapse", peers=("nest", "brian2"),
        ),
        Workload(
            "building", "10 million synapses by a wiring rule, until the first step", 2000, 10_000,
            script="building", unit="s CPU", peers=("nest",),
        ),
        Workload(
            "create", "growth joins free ends, matching included, 1 % of the synapses at once", 10_000,
            1_000_000, script="create", unit="us CPU per synapse", peers=("nest",), goals={"nest": 1 / 10},
        ),
        Workload(
            "delete", "lost elements take their synapses along, 1 % of them at once", 10_000, 1_000_000,
            script="delete", unit="us CPU per synapse", peers=("nest",), goals={"nest": 1 / 100},
        ),
        Workload(
            "edit", "from an edit to its effect in the running engine", 10_000, 1_000_000, script="edit",
            unit="ms, 95 %",
        ),
        Workload(
            "saving", "write a circuit in mid-run, with all its state", 10_000, 1_000_000, script="saving",
            unit="s CPU",
        ),
        Workload(
            "opening", "read it again, to the next step", 10_000, 1_000_000, script="opening", unit="s CPU"
        ),
        Workload(
            "curves", "cost against size, one curve after another", 400, 4000, script="curves",
            unit="s CPU for all",
        ),
        Workload(
            "worm", "the worm of the gallery, alone and drawn 30 times a second at real time", 280, 280,
            script="worm", span=500.0, beside=("drawn",),
        ),
        Workload(
            "start", "from the command to a usable window", 1, 1, script="start", unit="s CPU",
            beside=("cold cache",),
        ),
        Workload(
            "canvas", "the synapse layer, every synapse drawn anew", 10_000, 1_000_000, script="canvas",
            unit="ms CPU a frame", beside=("10,000", "100,000"),
        ),
    )
}  # fmt: skip
"""By name, in the order of the table."""


def pair_alone(n: int, precision: str) -> Network:
    """The circuit that further cards are added to."""
    return _balanced(STDP)(n, precision)
