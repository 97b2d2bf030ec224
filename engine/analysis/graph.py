"""Who reaches whom: fan-in, reciprocity, clustering, path length, hubs and components of a network.

Synapses come and go while a circuit runs, so a `WiringGraph` keeps its counts as they do and measures
on demand; path length and clustering of large networks are measured from a fixed sample of neurons,
and the answer says how many.  Words of graph theory (degree, component) are allowed here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from engine.network.network import Network

Ints = NDArray[np.int64]

SAMPLE = 256
"""Neurons from which path length and clustering are measured, when there are more."""


@dataclass(frozen=True)
class Measures:
    """What the Structure panel shows.  Lengths are in synapses, shares between 0 and 1."""

    neurons: int
    synapses: int
    pairs: int
    """Ordered pairs with at least one synapse; autapses are left out of everything but `synapses`."""
    density: float
    """Pairs, as a share of all possible ordered pairs."""
    mean_fan: float
    """Synapses per neuron (mean fan-in, which equals mean fan-out)."""
    reciprocity: float
    """Share of the pairs that are answered by a synapse the other way."""
    reciprocity_by_chance: float
    """What the same density gives when partners are drawn at random."""
    clustering: float
    """How often two partners of a neuron are partners themselves (Watts & Strogatz 1998), mean."""
    clustering_by_chance: float
    path_length: float
    """Mean number of synapses on the shortest way between neurons that can reach each other."""
    reachable: float
    """Share of ordered pairs between which there is a way."""
    sampled: int
    """From how many neurons clustering and path length were measured."""
    components: int
    """Parts between which there is no synapse at all (a neuron alone counts as one)."""
    largest: int
    """Neurons in the largest part."""
    lonely: int
    """Neurons without any synapse."""
    hubs: tuple[tuple[int, int], ...]
    """The neurons with most synapses: (id, fan-in plus fan-out), most first."""


class WiringGraph:
    """The wiring as counts per neuron and a list of synapses; no weights.

    Owned by one thread.  Ids are the network's.  A synapse of a neuron that is not here is left out and
    counted in `strangers`.
    """

    def __init__(self, neurons: ArrayLike, pre: ArrayLike = (), post: ArrayLike = ()) -> None:
        self.ids: Ints = np.unique(np.asarray(neurons, np.int64))
        """int64[n], sorted; row i of every per-neuron array is neuron `ids[i]`."""
        n = len(self.ids)
        self.fan_in: Ints = np.zeros(n, np.int64)
        self.fan_out: Ints = np.zeros(n, np.int64)
        self.strangers = 0
        self._keys: Ints = np.zeros(0, np.int64)
        """Ordered pairs pre * n + post, sorted, once each."""
        self._many: Ints = np.zeros(0, np.int64)
        """How many synapses each pair has."""
        self._count(pre, post, +1)

    @classmethod
    def of(cls, net: Network) -> WiringGraph:
        """The graph of a network: every neuron, every synapse and gap junction."""
        neurons = [p.neuron_ids for p in net.populations.values() if p.kind == "neuron"]
        tables = [p.synapses for p in net.projections.values()]
        none = [np.zeros(0, np.int64)]
        return cls(
            np.concatenate(none + neurons),
            np.concatenate(none + [t.pre for t in tables]),
            np.concatenate(none + [t.post for t in tables]),
        )

    @property
    def synapses(self) -> int:
        """How many synapses there are."""
        return int(self.fan_in.sum())

    @property
    def degree(self) -> Ints:
        """int64[n]: synapses in and out of each neuron."""
        return self.fan_in + self.fan_out

    def add(self, pre: ArrayLike, post: ArrayLike) -> None:
        """Synapses grew: ids of their pre and post neurons."""
        self._count(pre, post, +1)

    def remove(self, pre: ArrayLike, post: ArrayLike) -> None:
        """Synapses were pruned; ones that were not there are ignored."""
        self._count(pre, post, -1)

    def _count(self, pre: ArrayLike, post: ArrayLike, sign: int) -> None:
        a, b = np.asarray(pre, np.int64).ravel(), np.asarray(post, np.int64).ravel()
        n = len(self.ids)
        known = np.isin(a, self.ids) & np.isin(b, self.ids)
        self.strangers += int((~known).sum())
        rows = np.searchsorted(self.ids, a[known]) * n + np.searchsorted(self.ids, b[known])
        keys: Ints
        keys, many = np.unique(np.asarray(rows, np.int64), return_counts=True)
        old: Ints = np.asarray(np.searchsorted(self._keys, keys), np.int64)
        there = np.zeros(len(keys), bool)
        inside = old < len(self._keys)
        there[inside] = self._keys[old[inside]] == keys[inside]
        if sign < 0:
            keys, old = keys[there], old[there]
            many = np.minimum(many[there], self._many[old])
            self._many[old] -= many
            kept = self._many > 0
            self._keys, self._many = self._keys[kept], self._many[kept]
        else:
            self._many[old[there]] += many[there]
            self._keys = np.insert(self._keys, old[~there], keys[~there])
            self._many = np.insert(self._many, old[~there], many[~there])
        if n:
            np.add.at(self.fan_out, keys // n, sign * many)
            np.add.at(self.fan_in, keys % n, sign * many)

    def pairs(self) -> tuple[Ints, Ints]:
        """Rows (pre, post) of every ordered pair with a synapse, autapses left out."""
        n = max(len(self.ids), 1)
        pre, post = self._keys // n, self._keys % n
        other = pre != post
        return pre[other], post[other]

    def measures(self, hubs: int = 8, sample: int = SAMPLE) -> Measures:
        """Measure everything; a few ms for hundreds of neurons, below a second for a million synapses."""
        n = len(self.ids)
        pre, post = self.pairs()
        possible = max(n * (n - 1), 1)
        density = len(pre) / possible
        out = Neighbours(n, pre, post)
        around = Neighbours(n, np.concatenate([pre, post]), np.concatenate([post, pre]))
        rows = self._sampled(sample)
        part = components(n, pre, post)
        sizes = np.bincount(part, minlength=1) if n else np.zeros(1, np.int64)
        length, reachable = path_length(out, rows)
        answered = np.isin(pre * n + post, post * n + pre)
        chance = 1.0 - (1.0 - density) ** 2
        degree = self.degree
        top = np.lexsort((self.ids, -degree))[:hubs]
        return Measures(
            neurons=n,
            synapses=self.synapses,
            pairs=len(pre),
            density=density,
            mean_fan=self.synapses / max(n, 1),
            reciprocity=float(answered.mean()) if len(pre) else 0.0,
            reciprocity_by_chance=density,
            clustering=clustering(around, rows),
            clustering_by_chance=chance,
            path_length=length,
            reachable=reachable,
            sampled=len(rows),
            components=int((sizes > 0).sum()),
            largest=int(sizes.max()),
            lonely=int((degree == 0).sum()),
            hubs=tuple((int(self.ids[i]), int(degree[i])) for i in top if degree[i]),
        )

    def _sampled(self, sample: int) -> Ints:
        """Evenly spaced rows: the same neurons each time, so that a change seen is a change of wiring."""
        n = len(self.ids)
        return np.arange(n) if n <= sample else np.linspace(0, n - 1, sample).astype(np.int64)


class Neighbours:
    """For each row, the distinct rows it reaches, as one array and its boundaries."""

    def __init__(self, n: int, pre: Ints, post: Ints) -> None:
        keys = np.unique(pre * max(n, 1) + post)
        self.n = n
        self.post: Ints = keys % max(n, 1)
        self.edges: Ints = np.searchsorted(keys, np.arange(n + 1) * max(n, 1))

    def of(self, rows: Ints) -> Ints:
        """Everything the rows reach in one synapse, with repeats."""
        begin, many = self.edges[rows], self.edges[rows + 1] - self.edges[rows]
        jump = np.repeat(begin - np.concatenate([[0], np.cumsum(many)[:-1]]), many)
        found: Ints = self.post[jump + np.arange(int(many.sum()))]
        return found


def path_length(out: Neighbours, rows: Ints) -> tuple[float, float]:
    """Mean shortest path from `rows` to all they reach, in synapses, and the share they reach."""
    total, reached = 0, 0
    for row in rows:
        seen = np.zeros(out.n, bool)
        seen[row] = True
        front, steps = np.array([row]), 0
        while len(front):
            steps += 1
            marked = np.zeros(out.n, bool)
            marked[out.of(front)] = True
            front = np.flatnonzero(marked & ~seen)
            seen[front] = True
            total += steps * len(front)
            reached += len(front)
    possible = len(rows) * (out.n - 1)
    return (total / reached if reached else 0.0), (reached / possible if possible > 0 else 0.0)


def clustering(around: Neighbours, rows: Ints) -> float:
    """Mean share of partner pairs that are partners of each other, over `rows` (direction ignored)."""
    if not len(rows):
        return 0.0
    shares = np.zeros(len(rows))
    near = np.zeros(around.n, bool)
    for i, row in enumerate(rows):
        partners = around.post[around.edges[row] : around.edges[row + 1]]
        if len(partners) > 1:
            near[partners] = True
            closed = int(near[around.of(partners)].sum())  # each closed pair is seen from both ends
            near[partners] = False
            shares[i] = closed / (len(partners) * (len(partners) - 1))
    return float(shares.mean())


def components(n: int, pre: Ints, post: Ints) -> Ints:
    """int64[n]: the lowest row of the part each row belongs to, direction ignored."""
    label = np.arange(n)
    while True:
        low = np.minimum(label[pre], label[post])
        better = label.copy()
        np.minimum.at(better, pre, low)
        np.minimum.at(better, post, low)
        np.minimum.at(better, label, better)  # the whole part hears of it at once
        better = better[better]
        if np.array_equal(better, label):
            return label
        label = better
