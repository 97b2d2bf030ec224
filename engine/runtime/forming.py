"""Contacts that form by chance: every pair of neurons has a few places, and a vacant one fills at a rate.

The places of a pair are alike and independent (potential synapses: Stepanyants, Hof & Chklovskii 2002,
doi:10.1016/S0896-6273(02)00652-9).  Attempts reach each neuron at random in time; one that meets a place
already filled, or a partner too far away, comes to nothing, which is exact for any interval between looks.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernels import chance, growth_loops, recipes
from engine.kernels.calls import Call
from engine.kernels.maths import compiled
from engine.runtime.pathway import Pathway

MOST = 1e3
"""Attempts at one place between two looks at most: a rule that asks for more means every place, at once."""
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Forming:
    """A card of one projection that makes synapses at a rate."""

    def __init__(self, pathway: Pathway, key: str, seed: int) -> None:
        self.pathway, self.key, self.seed = pathway, key, seed
        self.card = pathway.card(key)[0]
        self.kernels = recipes.Recipe("growth", (self.card.slug,), pathway.stack.real).module()

    def params(self) -> Floats:
        """The parameters of the card, as its kernels take them."""
        return np.array([self.pathway.value(self.key, n) for n in self.card.params])

    def rate(self) -> float:
        """Attempts per ms at one place of the nearest pair."""
        found = np.zeros(1)
        Call(self.kernels, "form", growth_loops.FORMATION, pp=self.params(), found=found)(0, 0, 0, 0)
        rate = float(found[0])
        return rate if rate > 0.0 else 0.0  # a rule may come to no number at all

    def pairs(self, step: int, dt: float) -> tuple[Ints, Ints]:
        """Rows of the pre and post neurons that make a contact in the `dt` ms up to `step`."""
        way = self.pathway
        sites = max(int(way.value(self.key, "sites")), 0)
        n_pre, n_post = way.pre.n, way.post.n
        mean = min(self.rate() * dt, MOST) * sites * n_pre
        if not n_pre or not n_post or mean <= 0.0:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        salt, owner = int(self.key), np.ascontiguousarray(way.post.neuron_ids[:n_post], np.int64)
        counts = np.zeros(n_post, np.int64)
        _attempts(self.seed, 16 * way.id + 14, owner, step, salt, mean, counts)
        post = np.repeat(np.arange(n_post), counts)
        if not post.size:
            return np.zeros(0, np.int64), post
        turn = np.arange(post.size) - np.repeat(np.cumsum(counts) - counts, counts)
        draws = np.zeros((3, post.size))
        _draws(self.seed, 16 * way.id + 15, owner[post], step, salt, turn, draws)
        pre = np.minimum((draws[0] * n_pre).astype(np.int64), n_pre - 1)
        kept = draws[1] < self.nearness(pre, post)
        if way.pre is way.post:
            kept &= pre != post
        pre, post, lot = pre[kept], post[kept], draws[2][kept]
        taken = np.zeros(pre.size, np.bool_)
        syn = way.synapses
        _fill(
            pre, post, lot, float(sites), syn.tiles, syn.tile, syn.row_head, syn.segments["next"],
            syn.segments["start"], syn.segments["count"], syn.post, taken,
        )  # fmt: skip
        return pre[taken], post[taken]

    def nearness(self, pre: Ints, post: Ints) -> Floats:
        """The relative chance of each of some pairs; 1 where the card does not care for distance."""
        if "nearness" not in self.card.hooks:
            return np.ones(pre.size)
        way = self.pathway
        wrap = way.value(self.key, "torus") if "torus" in self.card.params else 0.0
        apart = distance(way.pre.population.positions[pre], way.post.population.positions[post], wrap)
        return near(self.kernels, self.params(), apart)


def distance(one: Any, other: Any, torus: float = 0.0) -> Floats:
    """Distances (um) between positions; with `torus`, on a sheet of that side that closes on itself."""
    apart = np.asarray(one, np.float64) - np.asarray(other, np.float64)
    if torus > 0.0:
        apart[..., :2] -= torus * np.rint(apart[..., :2] / torus)
    return np.asarray(np.sqrt((apart**2).sum(axis=-1)))


def near(kernels: Any, params: Floats, apart: Floats) -> Floats:
    """The relative chance of partners at some distances, by the hook of a card."""
    found = np.zeros(max(apart.size, 1))
    Call(
        kernels, "nearness", growth_loops.NEARNESS, ii=np.array([apart.size], np.int64), pp=params,
        distance=np.ascontiguousarray(apart if apart.size else np.zeros(1)), chance=found,
    )(0, 0, 0, 0)  # fmt: skip
    return found[: apart.size]


@compiled
def _attempts(seed: int, purpose: int, ids: Ints, step: int, salt: int, mean: float, out: Ints) -> None:
    for i in range(ids.size):
        out[i] = np.int64(chance.poisson(mean, seed, purpose, ids[i], step, salt))


@compiled
def _draws(seed: int, purpose: int, ids: Ints, step: int, salt: int, turn: Ints, out: Floats) -> None:
    for i in range(ids.size):
        for k in range(3):
            out[k, i] = chance.uniform(seed, purpose, ids[i], step, 3 * (turn[i] * 64 + salt) + k)


@compiled
def _fill(
    pre: Any, post: Any, lot: Any, sites: float, tiles: int, tile: int, row_head: Any, seg_next: Any,
    seg_start: Any, seg_count: Any, pool_post: Any, taken: Any,
) -> None:  # fmt: skip
    """Let attempts succeed one by one: a place is hit at random, and only a vacant one is filled."""
    for i in range(pre.size):
        here = 0.0
        seg = row_head[pre[i] * tiles + post[i] // tile]
        while seg >= 0:
            for j in range(seg_start[seg], seg_start[seg] + seg_count[seg]):
                if pool_post[j] == post[i]:
                    here += 1.0
            seg = seg_next[seg]
        k = i - 1
        while k >= 0 and post[k] == post[i]:
            if taken[k] and pre[k] == pre[i]:
                here += 1.0
            k -= 1
        taken[i] = lot[i] * sites >= here
