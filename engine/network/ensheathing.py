"""Which astrocyte wraps which synapse, where that is drawn by chance and not left to territories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.errors import UsageError, did_you_mean
from engine.network.edits import SetSynapses
from engine.network.luck import Luck
from engine.network.parts import Projection

if TYPE_CHECKING:
    from engine.network.circuit import Circuit

Ints = NDArray[np.int64]
POOLS = ("random", "block")


def pools(neurons: int, astrocytes: int, size: int, kind: str, luck: Luck) -> Ints:
    """The astrocytes (rows) of every post neuron's pool: (neurons, size), each row without doubles."""
    if kind == "random":
        return luck.distinct(neurons, size, astrocytes).reshape(neurons, size)
    first = np.arange(neurons) * astrocytes // max(neurons, 1)
    return (first[:, None] + np.arange(size)) % astrocytes


def plan(net: Circuit, record: Projection, p: float, pool: int, kind: str) -> SetSynapses:
    """The edit that gives each synapse an astrocyte of its post neuron's pool with probability `p`, or none.

    As `third_factor_bernoulli_with_pool` of NEST 3.10 does.  Chance follows from the network's seed and the
    projection's id, so the same call gives the same astrocytes.
    """
    if record.astrocytes is None or not len(net.populations[record.astrocytes]):
        raise UsageError(
            f"{record.label}: it has no astrocytes to choose from; add_projection(astrocytes=...)"
        )
    glia, post = net.populations[record.astrocytes], net.populations[record.post]
    if not 0.0 <= p <= 1.0:
        raise UsageError(f"{record.label}: p is {p:g}; it is a probability, 0 to 1")
    if not (1 <= int(pool) == pool <= len(glia)):
        raise UsageError(
            f"{record.label}: pool is {pool}; it must be 1 to {len(glia)}, the astrocytes there are"
        )
    if kind not in POOLS:
        raise UsageError(
            f"{record.label}: there are no {kind!r} pools{did_you_mean(kind, POOLS)}; use {POOLS}"
        )
    table = record.synapses.sorted()
    count = table["id"].size
    given = pools(len(post), len(glia), int(pool), kind, Luck(net.seed, "pools", record.id))
    chance = Luck(net.seed, "ensheathe", record.id)
    wrapped = chance.uniform(count) < p
    which = chance.below(int(pool), count)
    row = given[post.rows(table["post"]), which]
    return SetSynapses(
        table["id"], "astrocyte", np.where(wrapped, glia.neuron_ids[row], 0).astype(np.float64)
    )
