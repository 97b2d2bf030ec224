"""What the rules of one projection keep of its neurons, and the kernels that step it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.declare import EXCITABILITY
from engine.kernels.calls import Call
from engine.kernels.sights import LETTER, OWNERS
from engine.network.declared import actual_state
from engine.runtime.cells import TILE, Cells, power_of_two
from engine.runtime.incoming import Incoming
from engine.runtime.synapses import NEVER

if TYPE_CHECKING:
    from engine.runtime.pathway import Pathway

Arrays = dict[str, NDArray[Any]]


def state_of(cells: Cells, name: str) -> NDArray[Any]:
    """The running column of a state, by its name or as `local`."""
    return cells.states[actual_state(cells.model, name)]


class Following:
    """Quantities of the pre and post neurons of `way`, and the rings in which its synapses see them.

    `kept` holds all of it under the names of the kernels; it is captured with the projection's histories.
    """

    def __init__(self, way: Pathway) -> None:
        self.way, stack = way, way.stack
        self.sides: dict[str, Cells] = {"pre": way.pre, "post": way.post}
        self.kept: Arrays = {}
        self.live: Call | None = None
        self.flow: Call | None = None
        self.settle: Call | None = None
        self.follow: list[Call] = []
        self.incoming = Incoming(max(way.post.n, 1)) if stack.is_eager else None
        n_post = max(way.post.n, 1)
        for owner in OWNERS:
            n = max(self.sides[owner].n, 1)
            for key, name, _ in stack.quantities(owner):
                self.kept[f"Q_{LETTER[owner]}q{key}_{name}"] = np.zeros(n)
        self.depths = np.ones(3 + len(stack.rings), np.int64)
        self.depths[0] = n_post
        deep = way.reach + 2
        for i, (variable, (owner, lags)) in enumerate(stack.rings.items()):
            high = [dict(stack.cards)[key].params[by].high for key, by in lags]
            depth = power_of_two(deep + int(np.ceil(max([0.0, *high]) / way.dt)) + 1)
            self.depths[3 + i] = depth - 1
            self.kept[f"R_{variable}"] = np.zeros(depth * max(self.sides[owner].n, 1))
        if stack.is_eager:
            depth = power_of_two(deep)
            self.depths[2] = depth - 1
            self.kept["awake"] = np.zeros(depth * n_post, np.int64)
            self.kept["woken"] = np.full(n_post, NEVER, np.int64)
            self.kept["seen_q"] = np.full(n_post, NEVER, np.int64)
        self.begin()

    @property
    def is_any(self) -> bool:
        """Whether the circuit must stop at every step for this projection."""
        return any(self.way.stack.follows(owner) for owner in OWNERS) or bool(
            self.way.stack.transmission.carries
        )

    @property
    def tunes(self) -> bool:
        """Whether a card may turn how excitable the post neurons are."""
        return bool(self.way.stack.with_hook("on_neuron", ("homeostasis",)))

    def begin(self) -> None:
        """Every quantity at its start, and every ring as if the neurons had always been as they are."""
        way, stack = self.way, self.way.stack
        for owner in OWNERS:
            cells = self.sides[owner]
            for key, name, declared in stack.quantities(owner):
                column = self.kept[f"Q_{LETTER[owner]}q{key}_{name}"]
                init = declared.init
                if isinstance(init, str) and init in way.card(key)[0].params:
                    column[:] = way.value(key, init)
                elif isinstance(init, str):
                    column[: cells.n] = state_of(cells, init)[: cells.n]
                else:
                    column[:] = init
        for variable, (owner, _) in stack.rings.items():
            cells, ring = self.sides[owner], self.kept[f"R_{variable}"]
            ring.reshape(-1, max(cells.n, 1))[:, : cells.n] = self.now(owner, variable)[: cells.n]

    def now(self, owner: str, variable: str) -> NDArray[Any]:
        """The present values behind a variable of the kernels."""
        if variable[1] == "q":
            return self.kept[f"Q_{variable}"]
        return state_of(self.sides[owner], variable[3:])

    def columns(self, cells: Cells) -> dict[str, NDArray[np.float64]]:
        """The quantities kept of one population, by name: what a probe can show."""
        return {
            name: self.kept[f"Q_{LETTER[owner]}q{key}_{name}"]
            for owner in OWNERS
            if self.sides[owner] is cells
            for key, name, _ in self.way.stack.quantities(owner)
        }

    def connect(self, bound: Arrays, bad: NDArray[np.int64], seed: int) -> None:
        """Bind the kernels to the arrays as they now are; `bound` are those of the visit."""
        way, stack = self.way, self.way.stack
        used = way.synapses.segments["dendrite"][: way.synapses.used_segments]
        self.depths[1] = int(used.max()) if used.size else 0
        self.live = self.flow = self.settle = None
        self.follow = []
        if self.incoming is not None:
            names = [n for n, _ in stack.live_arrays]
            found = bound | self.incoming.follow(way.synapses)
            self.live = Call(way.module, "live", stack.live_arrays, **{n: found[n] for n in names})
        if stack.transmission.carries:
            found = {**bound, "flowing": state_of(way.pre, stack.transmission.carries)}
            names = [n for n, _ in stack.flow_arrays]
            self.flow = Call(way.module, "flow", stack.flow_arrays, **{n: found[n] for n in names})
        for owner in OWNERS:
            if stack.follows(owner):
                found = self._of_neurons(owner, bad, seed)
                arrays = stack.follow_arrays(owner)
                call = Call(way.module, f"follow_{owner}", arrays, **{n: found[n] for n, _ in arrays})
                self.follow.append(call)
        if self.tunes:
            found = self._of_neurons("post", bad, seed) | {"due": way.due}
            found |= {name: getattr(way.post, name) for name in EXCITABILITY}
            arrays = stack.settle_arrays
            self.settle = Call(way.module, "settle", arrays, **{n: found[n] for n, _ in arrays})

    def _of_neurons(self, owner: str, bad: NDArray[np.int64], seed: int) -> Arrays:
        way, cells = self.way, self.sides[owner]
        step, index, count = cells.spiking(way.event if owner == "post" else "")
        ids = np.ascontiguousarray(cells.neuron_ids) if cells.n else np.zeros(1, np.int64)
        ii = [cells.n, TILE, cells.first_tile, cells.cap, cells.tiles, way.hist, seed, 16 * way.id]
        return {
            "ii": np.array(ii, np.int64),
            "ff": np.array([way.dt, way.projection.w_min, way.projection.w_max]),
            "pp": way.params, "neuron": ids, "bad": bad, "depths": self.depths,
            **{f"N_{LETTER[owner]}s_{n}": state_of(cells, n) for n in way.stack.states(owner)},
            **self.kept, **way.history, **way.lags, "spike_step": step, "spike_index": index,
            "spike_count": count, "fired": np.zeros(max(cells.n, 1), np.int32),
        }  # fmt: skip

    def carry_over(self, old: Following, before: int) -> None:
        """Take the quantities of the neurons that are still there from the pathway of the circuit before."""
        theirs = {(card.slug, k): k for k, card in old.way.stack.cards}
        renamed: dict[str, str] = {}
        for key, card in self.way.stack.cards:
            was = next((k for (slug, k) in theirs if slug == card.slug), None)
            if was is not None:
                renamed |= {
                    f"{side}q{key}_{n}": f"{side}q{was}_{n}" for side in "eu" for n in card.quantities
                }
        for name, column in self.kept.items():
            if name in ("awake", "woken", "seen_q"):
                continue
            variable = name[2:]
            source = old.kept.get(name[:2] + renamed.get(variable, variable if variable[1] == "s" else ""))
            if source is None:
                continue
            owner = "pre" if variable[0] == "e" else "post"
            at = self.sides[owner].population.rows(old.sides[owner].neuron_ids)
            here = np.flatnonzero(at >= 0)
            n_new, n_old = max(self.sides[owner].n, 1), max(old.sides[owner].n, 1)
            into, out = column.reshape(-1, n_new), source.reshape(-1, n_old)
            if len(into) == 1:
                into[0, at[here]] = out[0, here]
            for step in range(before - min(len(into), len(out)) + 1, before + 1) if len(into) > 1 else ():
                into[step % len(into), at[here]] = out[step % len(out), here]
        self._carry_awake(old, before)

    def _carry_awake(self, old: Following, before: int) -> None:
        if self.incoming is None or old.incoming is None:
            return
        at = self.way.post.population.rows(old.way.post.neuron_ids)
        here = np.flatnonzero(at >= 0)
        slugs_old = [card.slug for card in old.way.stack.rules]
        into = self.kept["awake"].reshape(-1, max(self.way.post.n, 1))
        out = old.kept["awake"].reshape(-1, max(old.way.post.n, 1))
        for step in range(before - min(len(into), len(out)) + 1, before + 1):
            was = out[step % len(out), here]
            now = was & ~np.int64((1 << 40) - 1)
            for key, card in enumerate(self.way.stack.rules):
                if card.slug in slugs_old:
                    now |= ((was >> slugs_old.index(card.slug)) & 1) << key
            into[step % len(into), at[here]] = now
        for name in ("woken", "seen_q"):
            self.kept[name][at[here]] = old.kept[name][here]
