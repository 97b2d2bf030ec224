"""Synaptic elements: boutons and spines grow or shrink with calcium, free ends meet, surplus ones let go.

Order and lottery as Butz & van Ooyen (2013), doi:10.1371/journal.pcbi.1003259, and as in NEST:
lost elements first (pre side, then post side), then free ends are matched at random.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.kernels import chance, growth_loops, recipes
from engine.kernels.calls import Call
from engine.kernels.maths import compiled
from engine.network import RuleUse
from engine.runtime.forming import distance
from engine.runtime.pathway import Pathway

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
MOST = 1e5
"""Elements of one neuron at most: ten times what any neuron has; a rule that asks for more ends here."""


@dataclass
class Change:
    """Synapses that came or went by themselves: what the log, the canvas and the document are told."""

    kind: str
    projection: int
    ids: Ints
    pre: Ints
    post: Ints
    weight: Floats
    delay: Floats
    rule: str
    why: str
    step: int


class Uncounted:
    """Spikes that growth has still to count, in the order its kernels read them: by neuron, then in time.

    All cards of a network are mostly due together: what one of them put in order serves the next.
    """

    def __init__(self, when: Ints, who: Ints, width: int) -> None:
        """`who` are rows in the network, of which there are `width`."""
        self.when, self.who, self.width = when, who, width
        self._found: dict[tuple[int, int], tuple[Ints, Ints]] = {}

    def between(self, begin: int, end: int) -> tuple[Ints, Ints]:
        """The steps of the spikes after `begin` up to `end`, and where those of each neuron start."""
        if (begin, end) not in self._found:
            inside = (self.when > begin) & (self.when <= end)
            who, when = self.who[inside], self.when[inside]
            order = np.lexsort((when, who))
            start = np.searchsorted(who[order], np.arange(self.width + 1)).astype(np.int64)
            self._found[begin, end] = (when[order] if when.size else np.zeros(1, np.int64), start)
        return self._found[begin, end]


class Elements:
    """The boutons and spines of one projection that has a growth card, and the calcium that drives them."""

    def __init__(self, pathway: Pathway, key: str, dt: float, seed: int) -> None:
        self.pathway, self.key, self.dt, self.seed = pathway, key, dt, seed
        self.card = pathway.card(key)[0]
        self.z = [np.zeros(pathway.pre.n), np.zeros(pathway.post.n)]
        self.calcium = [np.zeros(pathway.pre.n), np.zeros(pathway.post.n)]
        self.step = 0
        self._shown: tuple[int, list[Floats], list[Floats]] | None = None
        self.kernels = recipes.Recipe("growth", (self.card.slug,), pathway.stack.real).module()
        self._calls: list[Call | None] = [None, None]
        self._read: tuple[RuleUse, float, list[Floats]] | None = None

    def start(self, step: int) -> None:
        """Every synapse that exists has its two elements; calcium starts at zero."""
        self.step, self._shown = step, None
        self.z = [count.astype(np.float64) for count in self.connected()]
        self.calcium = [np.zeros(z.size) for z in self.z]

    def connected(self) -> list[Ints]:
        """How many boutons of each pre neuron, and spines of each post neuron, have a partner."""
        way = self.pathway
        made, received = way.synapses.degrees(way.post.n)
        return [made[: way.pre.n], received]

    def params(self, side: int = 1, slow: float = 1.0) -> Floats:
        """The parameters of the card, as its kernels take them for boutons (0) or spines (1).

        Where the card has an `eps_pre` that is not zero, every `name_pre` stands for `name` on the pre side.
        """
        use = self.pathway.uses[int(self.key)]  # a frozen record: other parameters come as another
        if self._read is None or self._read[:2] != (use, slow):
            found = {n: self.pathway.value(self.key, n) for n in self.card.params}
            own = {n: found.get(f"{n}_pre", number) for n, number in found.items()}
            sides = [own if found.get("eps_pre") else found, found]
            rows = [np.array([*(numbers | {"nu": numbers["nu"] * slow}).values()]) for numbers in sides]
            self._read = (use, slow, rows)
        return self._read[2][side]

    def grow(self, step: int, spikes: Uncounted, slow: float) -> None:
        """Move all elements on to `step`."""
        self._advance(self.z, self.calcium, self.step, step, spikes, slow)
        self.step = step

    def peek(self, step: int, spikes: Uncounted, slow: float) -> tuple[list[Floats], list[Floats]]:
        """Elements and calcium of both sides as they are at `step`, committing nothing.

        A look goes on from the last one, so that looking often costs little.
        """
        if self._shown is None or not self.step <= self._shown[0] <= step:
            self._shown = (self.step, [a.copy() for a in self.z], [a.copy() for a in self.calcium])
        before, z, calcium = self._shown
        if before < step:
            self._advance(z, calcium, before, step, spikes, slow)
            self._shown = (step, z, calcium)
        return [a.copy() for a in z], [a.copy() for a in calcium]

    def forget_looks(self) -> None:
        """The past was changed: the next look begins at what is committed."""
        self._shown = None

    def _advance(
        self, z: list[Floats], calcium: list[Floats], begin: int, step: int, spikes: Uncounted, slow: float
    ) -> None:
        at, start = spikes.between(begin, step)
        for side, cells in enumerate((self.pathway.pre, self.pathway.post)):
            if cells.n:
                moved = {
                    "pp": self.params(side, slow), "z": z[side], "calcium": calcium[side],
                    "spike_start": start[cells.offset : cells.offset + cells.n + 1], "spike_step": at,
                }  # fmt: skip
                call = self._calls[side] = self._calls[side] or Call(
                    self.kernels, "grow", growth_loops.GROWTH,
                    ii=np.array([cells.n], np.int64), ff=np.array([self.dt]), **moved,
                )  # fmt: skip
                call.on(moved, begin, step, 0, 0)
                z[side][np.isnan(z[side])] = 0.0
                np.minimum(z[side], MOST, out=z[side])

    def vacant(self) -> list[Ints]:
        """Free boutons and free spines of each neuron; negative where elements were lost under synapses."""
        return [
            np.floor(z + 1e-9).astype(np.int64) - c for z, c in zip(self.z, self.connected(), strict=True)
        ]

    def let_go(self, step: int) -> Iterator[None]:
        """Mark synapses of lost elements, picked at random; pauses after each side to have them removed."""
        way = self.pathway
        for side in (0, 1):
            vacant = self.vacant()[side]
            if not (vacant < 0).any():
                continue
            place, row, _, _ = way.synapses.expanded()
            owner = row if side == 0 else way.synapses.post[place].astype(np.int64)
            alive = way.synapses.doomed[place] == 0
            place, owner = place[alive], owner[alive]
            mine = (vacant < 0)[owner]
            place, owner = place[mine], owner[mine]
            key = lottery(self.seed, 16 * way.id + 9 + side, way.synapses.ids_at(place), step)
            order = np.lexsort((key, owner))
            owner, place = owner[order], place[order]
            first = np.searchsorted(owner, owner)
            rank = np.arange(owner.size) - first
            gone = place[rank < -vacant[owner]]
            way.synapses.doomed[gone] = 1 + int(self.key)
            yield

    def match(self, step: int) -> tuple[Ints, Ints]:
        """Pairs of a free bouton and a free spine that find each other: rows of pre and of post neurons."""
        way = self.pathway
        boutons, spines = (np.maximum(v, 0) for v in self.vacant())
        if not boutons.any() or not spines.any():
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        sigma = self.pathway.value(self.key, "sigma")
        pre = np.repeat(np.arange(boutons.size), boutons)
        post = np.repeat(np.arange(spines.size), spines)
        pre = pre[np.argsort(lottery(self.seed, 16 * way.id + 11, np.arange(pre.size), step), kind="stable")]
        post = post[
            np.argsort(lottery(self.seed, 16 * way.id + 12, np.arange(post.size), step), kind="stable")
        ]
        same = way.pre is way.post
        if sigma <= 0.0:
            count = min(pre.size, post.size)
            pre, post = pre[:count], post[:count]
            kept = pre != post if same else np.ones(count, bool)
            return pre[kept], post[kept]
        return self._match_near(boutons.copy(), post, step, same)

    def _match_near(self, boutons: Ints, post: Ints, step: int, same: bool) -> tuple[Ints, Ints]:
        """Each free spine, in random order, draws a free bouton by nearness."""
        way = self.pathway
        at_pre, at_post = way.pre.population.positions, way.post.population.positions
        wrap = way.value(self.key, "torus") if "torus" in self.card.params else 0.0
        draws = lottery(self.seed, 16 * way.id + 13, np.arange(post.size), step)
        chosen = np.full(post.size, -1, np.int64)
        chance_of = np.zeros(max(boutons.size, 1))
        apart = np.zeros(max(boutons.size, 1))
        near = Call(
            self.kernels, "nearness", growth_loops.NEARNESS,
            ii=np.array([boutons.size], np.int64), pp=self.params(),
            distance=apart, chance=chance_of,
        )  # fmt: skip
        for i, spine in enumerate(post.tolist()):
            apart[:] = distance(at_pre, at_post[spine], wrap)
            near(0, 0, 0, 0)
            weight = chance_of * boutons
            if same:
                weight[spine] = 0.0
            total = np.cumsum(weight)
            if total[-1] <= 0.0:
                continue
            pick = min(int(np.searchsorted(total, draws[i] * total[-1], side="right")), boutons.size - 1)
            chosen[i] = pick
            boutons[pick] -= 1
        found = chosen >= 0
        return chosen[found], post[found]

    def fade(self) -> None:
        """Free elements that found nobody are partly taken back."""
        share = self.pathway.value(self.key, "tau_vacant")
        if share > 0.0:
            for z, vacant in zip(self.z, self.vacant(), strict=True):
                z -= np.maximum(vacant, 0) * share


@compiled
def draw(seed: int, purpose: int, entities: Ints, step: int, out: Floats) -> None:
    """What `lottery` does."""
    for i in range(entities.size):
        out[i] = chance.uniform(seed, purpose, entities[i], step, 0)


def lottery(seed: int, purpose: int, entities: Ints, step: int) -> Floats:
    """A random number in [0, 1) for each entity, the same whoever else takes part."""
    out = np.zeros(entities.size)
    draw(seed, purpose, np.ascontiguousarray(entities, np.int64), step, out)
    return out
