"""One projection as the running engine keeps it: its synapses, the history its rules read, its kernels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.declare import Declaration
from engine.kernels import recipes, shared_loops
from engine.kernels.batches import ENDS
from engine.kernels.calls import Call
from engine.kernels.lags import LAGS, fill
from engine.kernels.leaps import BATCH
from engine.kernels.stack import NEAREST, NOBODY, OWNER
from engine.network import Projection, RuleUse, SynapseTable
from engine.runtime.cells import TILE, Cells, common, power_of_two
from engine.runtime.following import Following
from engine.runtime.synapses import NEVER, Synapses
from engine.runtime.tissue import Listening


def split_delay(total: NDArray[np.int64], dendritic: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Axonal and dendritic part of delays in steps; the dendrite takes a step unless all is axonal."""
    dendrite = np.rint(total * dendritic).astype(np.int64)
    if dendritic > 0.0:
        dendrite = np.maximum(dendrite, 1)
    return total - dendrite, dendrite


def steps(ms: Any, dt: float) -> NDArray[np.int64]:
    """Times as whole steps; off the grid they are rounded up, as delays are."""
    given = np.asarray(ms, np.float64)
    if given.size > 1 and bool((given == given.flat[0]).all()):  # most circuits have one delay
        return np.full(given.shape, steps(given.flat[0], dt))
    exact = given / dt
    near = np.rint(exact)
    return np.where(np.abs(exact - near) < 1e-6, near, np.ceil(exact)).astype(np.int64)


class Pathway:
    """The running arrays of one projection.

    Args:
        pre, post: the populations it joins.
        reach: the longest delay the rings can hold, in steps.
    """

    def __init__(
        self, projection: Projection, pre: Cells, post: Cells, glia: Cells | None, dt: float, reach: int,
        real: type, watched: bool,
    ) -> None:  # fmt: skip
        self.id, self.label, self.projection = projection.id, projection.label, projection
        self.pre, self.post, self.glia, self.dt, self.real = pre, post, glia, dt, real
        self.reach = reach
        self.uses: list[RuleUse] = recipes.in_order(projection.rules)
        self.event = recipes.learns_from(projection, post.model)
        self.recipe = recipes.stack(
            projection.transmission,
            [u.slug for u in self.uses],
            np.dtype(real).name,
            glia is not None,
            watched,
            bool(self.event),
            recipes.owns(projection),
            recipes.is_unsigned(projection, pre.population),
        )
        self.stack = self.recipe.stack()
        self.sign = float(pre.population.sign or 1)
        self.params = self._params()
        starts = {f"F{k}_{n}": self._start(k, n) for k, n in self.stack.fields}
        memories = [f"X{k}_{n}" for k, n, _ in self.stack.traces("pre")]
        self.synapses = Synapses(max(pre.n, 1), post.tiles, TILE, memories, starts, real)
        self.module = self.recipe.module()
        remembers = self.stack.needs_history or bool(self.stack.hears)
        self.hist = max(64, power_of_two(2 * reach + 64)) if remembers else 1
        n_post = max(post.n, 1)
        self.history: dict[str, NDArray[Any]] = {
            "hist_step": np.zeros(n_post * self.hist, np.int64),
            "hist_count": np.zeros(n_post, np.int64),
            **({"hist_size": np.zeros(n_post * self.hist)} if self.event else {}),
            **({"hist_soma": np.zeros(n_post * self.hist)} if self.stack.counts_soma else {}),
            **{f"Y{k}_{n}": np.zeros(n_post * self.hist) for k, n, _ in self.stack.traces("post")},
        }
        if self.stack.hears:
            self.history["heard_step"] = np.zeros(n_post * self.hist, np.int64)
            self.history["heard_kind"] = np.zeros(n_post * self.hist, np.int64)
            self.history["heard_count"] = np.zeros(n_post, np.int64)
        self.following = Following(self)
        self.history |= self.following.kept
        self.lags = {f"D{k}_{n}": np.zeros(LAGS) for o in ("pre", "post") for k, n, _ in self.stack.traces(o)}
        self.lags |= {f"M{k}_{n}": np.zeros(LAGS) for k, n, role in self.stack.roles if role.tau}
        self.lags |= {name: np.zeros(LAGS) for name in self.stack.timed}
        self._fill_lags()
        self.batch = {
            name: np.zeros(post.tiles * BATCH if name.startswith("batch") else n_post, kind)
            for name, kind in self.stack.batch_arrays
        }
        self.fresh = np.zeros(n_post, np.int64)
        self.pressure = np.zeros(post.tiles, np.int64)
        self.credit = np.zeros(post.tiles * len(self.stack.credit_names) * 2)
        self.vesicles = np.zeros(post.tiles, np.int64)
        """Released since the tally last asked, in millionths."""
        self.hearing: Listening | None = None
        self.territory = np.full(n_post, -1, np.int32)
        self.spilled = np.zeros(1)
        self.noted: dict[str, NDArray[Any]] = {}
        self.visit: Call | None = None
        self.remember: Call | None = None
        self.listen: Call | None = None
        self.slow: Call | None = None
        self.due = np.zeros(len(self.uses))
        self.table = (-1, SynapseTable())
        """The last table that was written of it, and the version of its synapses then."""
        self._places_by_id: tuple[int, NDArray[np.int64]] = (-1, np.zeros(0, np.int64))
        self.totals = {f"T{k}_{n}": np.zeros(n_post) for k, n, _ in self.stack.totals}
        self.shared = {f"N_{n}": np.zeros(n_post) for n in self.stack.shared_by_neuron}

    def card(self, key: str) -> tuple[type[Declaration], dict[str, Any]]:
        """The declaration of a card and the parameters the user gave it."""
        if key == "t":
            return self.stack.transmission, dict(self.projection.transmission_params)
        return self.stack.rules[int(key)], dict(self.uses[int(key)].params)

    def value(self, key: str, name: str) -> float:
        """A parameter of a card as its kernel sees it."""
        card, given = self.card(key)
        value = given.get(name, card.params[name].default)
        return card.number(name, value)

    def _start(self, key: str, name: str) -> float:
        if (key, name) == ("s", "P"):
            return self._first_probability()
        given = {} if key in "sg" else self.card(key)[1]
        init: Any = given.get(name, self.stack.field(key, name).init)
        return self.value(key, init) if isinstance(init, str) else float(init)

    def _first_probability(self) -> float:
        """With which release probability a synapse starts."""
        if self.stack.transmission.probability:
            return self.value("t", self.stack.transmission.probability)
        own = [key for key, card in self.stack.cards if "p_start" in card.params]
        return self.value(own[0], "p_start") if own else float(self.stack.field("s", "P").init)

    def _params(self) -> NDArray[np.float64]:
        return np.array([self.value(k, n) for k, n in self.stack.params] or [0.0])

    def _find_latest(self) -> None:
        """The ends of the histories, which a batch of synapses looks at first."""
        if not self.stack.is_batched:
            return
        count, first = self.history["hist_count"], np.arange(self.fresh.size) * self.hist
        for back, name in enumerate(ENDS, 1):
            step = self.history["hist_step"][first + ((count - back) & (self.hist - 1))]
            self.batch[name][:] = np.where(count >= back, step, NEVER)
        for key, name, _ in self.stack.traces("post"):
            last = self.history[f"Y{key}_{name}"][first + ((count - 1) & (self.hist - 1))]
            self.batch[f"L{key}_{name}"][:] = np.where(count > 0, last, 0.0)

    def _fill_lags(self) -> None:
        """The tables of what is left of every memory after some steps, and of all that follows from them."""
        for owner in ("pre", "post"):
            for key, name, trace in self.stack.traces(owner):
                fill(self.lags[f"D{key}_{name}"], self.dt, self.value(key, trace.tau))
        for key, name, role in self.stack.roles:
            if role.tau:
                fill(self.lags[f"M{key}_{name}"], self.dt, self.value(key, role.tau))
        if self.stack.timed:
            tables = {name: self.lags[name] for name in self.stack.timed}
            bound = {"ff": np.array([self.dt]), "pp": self.params, **tables}
            Call(self.module, "timetable", self.stack.timed_arrays, **bound)(0, 0, 0, 0)

    def set_params(self) -> None:
        """Read the parameters of the network's record anew; no kernel is compiled."""
        self.uses = recipes.in_order(self.projection.rules)
        self.params[:] = self._params()
        self._fill_lags()
        if self.hearing is not None:
            self.hearing.set_params()
        if self.visit is not None:
            ff, ii = self.visit.arrays["ff"], self.visit.arrays["ii"]
            ff[2], ff[3] = self.bounds
            ii[8] = int(self.projection.rests)

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most of |w|; what flows from neurons without a sign has weights of both."""
        free = self.stack.transmission.carries and not self.pre.population.sign
        return -self.projection.w_max if free else self.projection.w_min, self.projection.w_max

    # -- layout ------------------------------------------------------------------------------------

    def split(self, delay: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Axonal and dendritic part of total delays (ms), in steps."""
        total = np.maximum(steps(delay, self.dt), 1)
        if self.stack.transmission.carries:
            return total, np.zeros_like(total)  # what flows is at the synapse when the neuron has it
        if not self.is_lazy:
            return np.zeros_like(total), total  # nobody can tell where the delay lies
        return split_delay(total, self.projection.dendritic)

    def build(self, now: int) -> None:
        """Lay out the synapses of the network's table."""
        table: dict[str, Any] = self.projection.synapses.sorted()
        pre = self.pre.population.rows(table["pre"])
        post = self.post.population.rows(table["post"])
        axon, dendrite = self.split(table["delay"])
        extra = self.given(table)
        self.synapses.build(
            table["id"],
            pre,
            post,
            table["weight"],
            axon,
            dendrite,
            now,
            extra,
        )

    def given(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """Fields as kernels keep them, from columns as a network keeps them: an astrocyte by its row."""
        found = {f"F{k}_{n}": columns[n] for k, n in self.stack.fields if n in columns}
        if self.stack.owned and OWNER in columns:
            assert self.glia is not None
            ids = np.asarray(columns[OWNER], np.float64)
            row = self.glia.population.rows(np.nan_to_num(ids).astype(np.int64)).astype(np.float64)
            found[f"Fg_{OWNER}"] = np.where(np.isnan(ids), NEAREST, row)
        return found

    def shown(self, key: str, name: str, values: NDArray[Any]) -> NDArray[np.float64]:
        """A field as a network keeps it, from what kernels keep: an astrocyte by its id."""
        if key != "g":
            return values.astype(np.float64)
        assert self.glia is not None
        row = values.astype(np.int64)
        ids = np.append(self.glia.neuron_ids, 0).astype(np.float64)[np.maximum(row, -1)]
        return np.where(row < NOBODY, np.nan, ids)

    @property
    def is_lazy(self) -> bool:
        """Whether anything has to be brought up to date before it is looked at."""
        return self.stack.is_plastic or self.stack.needs_history or bool(self.stack.hears)

    @property
    def channel(self) -> str:
        """The receptor of its own at which it arrives; "" where excitation and inhibition do."""
        given = self.stack.transmission.gives
        return given if given in self.post.channels and given in self.post.model.receives else ""

    @property
    def is_late(self) -> bool:
        """Whether synapses learn in the very step in which their spike arrives: the delay is all axonal.

        A neuron must have had its threshold test by then, so it takes such arrivals up before its next step.
        """
        return self.is_lazy and self.projection.dendritic == 0.0 and not self.stack.transmission.carries

    @property
    def heard(self) -> dict[str, NDArray[Any]]:
        """What its cards know of their modulators."""
        return self.hearing.arrays() if self.hearing is not None else {}

    @property
    def past(self) -> dict[str, NDArray[Any]]:
        """Everything that has come and has still to be replayed: post spikes and releases."""
        return self.history | (self.hearing.events if self.hearing is not None else {})

    def connect(
        self, rings: dict[str, NDArray[Any]], mask: int, width: int, seed: int, bad: NDArray[np.int64]
    ) -> None:
        """Bind the kernels to the arrays as they now are."""
        syn, stack = self.synapses, self.stack
        deliver = (2 if self.post.passes else 0) if self.post.is_relay else 1
        limit = self.hist - self.reach - 4 if self.hist > 1 else 1 << 60
        ii = np.array(
            [
                0 if self.is_late else mask, width, syn.tiles, self.post.first_tile,
                seed, 16 * self.id, self.hist, deliver,
                int(self.projection.rests), *self.pre.masks, self.post.offset,
                self.hearing.mask if self.hearing else 0,
                self.glia.n if self.glia else 0, self.pre.n, 0, limit, TILE, mask, int(self.is_late),
                self.glia.kept_ticks - 1 if self.glia else 0, self.glia.every if self.glia else 1,
            ],
            np.int64,
        )  # fmt: skip
        ff = np.array([self.dt, self.sign, *self.bounds])
        bound: dict[str, NDArray[Any]] = {
            "ii": ii, "ff": ff, "pp": self.params, "axons": self._axons(),
            "bad": bad, "credit": self.credit, "pressure": self.pressure, "fresh": self.fresh,
            "vesicles": self.vesicles,
            **self.pre.recent, **self.history, **self.lags, **self.heard, **self.pool(),
            "depths": self.following.depths,
            "ring_ex": rings[f"{'late' if self.is_late else 'ring'}_{self.channel or 'ex'}"],
            "ring_in": rings[f"{'late' if self.is_late else 'ring'}_{self.channel or 'in'}"],
            **{name: ring for name, ring in rings.items() if name.startswith("event_")},
        }  # fmt: skip
        if self.glia is not None:
            if self.spilled.size != syn.tiles * (mask + 1) * max(self.glia.n, 1):
                self.spilled = np.zeros(syn.tiles * (mask + 1) * max(self.glia.n, 1))
            bound |= {"territory": self.territory, "spilled": self.spilled}
            bound |= {f"G_{name}": self.glia.kept[name] for name in stack.glia_names}
        if stack.watched:
            room = 1 << 16
            if not self.noted:
                self.noted = {
                    "seen_step": np.zeros(room, np.int64), "seen_id": np.zeros(room, np.int64),
                    "seen_value": np.zeros(room * (2 + len(stack.fields))),
                    "noted": np.array([0, room], np.int64),
                    "told_step": np.zeros(room, np.int64), "told_id": np.zeros(room, np.int64),
                    "told_card": np.zeros(room, np.int64), "told_value": np.zeros(room),
                    "told": np.array([0, room, 0], np.int64),
                }  # fmt: skip
            self.open_eyes()
            bound |= {**self.noted, "watch": syn.watch}
        names = [name for name, _ in stack.arrays]
        self.following.connect(bound, bad, seed)
        visited = [*stack.arrays, *stack.batch_arrays]
        self._find_latest()
        bound |= self.batch
        self.visit = Call(self.module, "visit", visited, **{n: bound[n] for n, _ in visited})
        self.remember = self.listen = self.slow = None
        own = np.array(
            [
                self.hist,
                *self.post.masks,
                TILE,
                self.post.first_tile,
                self.post.n,
                mask,
                width,
                self.post.offset,
                self.reach if self.projection.dendritic > 0.0 else 0,
                limit,
            ],
            np.int64,
        )
        if stack.hears:
            self.listen = Call(
                self.module,
                "listen",
                stack.listen_arrays,
                **{n: own if n == "ii" else bound[n] for n, _ in stack.listen_arrays},
            )
        if stack.needs_history:
            bound |= {**self.post.recent, "ii": own}
            if self.event:
                met = self.post.events[self.event]
                bound |= {name.replace("recent", "soma"): a for name, a in self.post.recent.items()}
                bound |= {**met.recent, "event_size": met.made[f"{self.event}_size"]}
            self.remember = Call(
                self.module,
                "remember",
                [*stack.remember_arrays, *stack.latest_arrays],
                **{n: bound[n] for n, _ in (*stack.remember_arrays, *stack.latest_arrays)},
            )
            bound |= {**self.pre.recent, "ii": ii}
        if stack.with_hook("on_slow"):
            self.slow = Call(
                self.module, "slow", stack.slow_arrays,
                due=self.due, **self.totals, **self.shared, **{n: bound[n] for n in names},
            )  # fmt: skip

    def _axons(self) -> NDArray[np.int64]:
        """Every axonal delay in use, in steps."""
        found = np.unique(self.synapses.segments["axon"][: self.synapses.used_segments]).astype(np.int64)
        return found if found.size else np.zeros(1, np.int64)

    def is_bound(self) -> bool:
        """Whether the kernels know the arrays as they now are: those of a pool with room to spare stay."""
        if self.visit is None or self.following.is_any:
            return False
        bound, now = self.visit.arrays, {**self.pool(), "watch": self.synapses.watch}
        here = all(bound[name] is array for name, array in now.items() if name in bound)
        return here and np.array_equal(bound["axons"], self._axons())

    def pool(self) -> dict[str, NDArray[Any]]:
        """The arrays of the synapses under the names their kernels use."""
        syn = self.synapses
        found: dict[str, NDArray[Any]] = {
            f"seg_{n}": syn.segments[n]
            for n in ("next", "start", "count", "axon", "dendrite", "last", "seen")
        }
        return found | {
            "row_head": syn.row_head, "post": syn.post, "ids": syn.named, "W": syn.weight,
            "doomed": syn.doomed, **syn.traces, **syn.columns,
        }  # fmt: skip

    def open_eyes(self) -> None:
        """Tell the kernels whether any synapse is watched: while none is, fixed ones go the quick way."""
        if self.noted:
            self.noted["told"][2] = self.synapses.watch.any()

    def gather_call(self, rings: dict[str, NDArray[Any]], mask: int, width: int) -> Call:
        """The kernel that brings the glutamate of this projection to its astrocytes."""
        assert self.glia is not None
        ii = np.array(
            [mask, width, self.glia.offset, self.glia.n, self.synapses.tiles, self.glia.first_tile, TILE],
            np.int64,
        )
        real = np.dtype(self.real).name
        return Call(
            common(real, "glia"),
            "gather",
            shared_loops.gather_arrays(real),
            ii=ii,
            spilled=self.spilled,
            ring_ex=rings["ring_ex"],
        )

    # -- looking -----------------------------------------------------------------------------------

    def sweep(self, step: int, onto: Any = None) -> None:
        """Bring synapses up to `step`: a cause fixed in simulated time, so it commits.

        Every synapse, or at least those onto some rows of post neurons: it makes no difference to the others
        when they are brought up to date.
        """
        if self.visit is None or not self.is_lazy:
            return
        low, high = 0, self.synapses.tiles
        if onto is not None and (rows := onto[onto >= 0]).size:
            low, high = int(rows.min()) // TILE, int(rows.max()) // TILE + 1
        self.visit(step, step, self.post.first_tile + low, self.post.first_tile + high)

    def peek(self, step: int) -> dict[str, NDArray[Any]]:
        """Weight and fields of every place as they are at `step`, without committing anything."""
        syn = self.synapses
        names = ["W", *(f"F{k}_{n}" for k, n in self.stack.fields)]
        if self.visit is None or not self.stack.is_plastic:
            return {n: self.visit.arrays[n] if self.visit else syn.weight for n in names}
        scratch = [
            *names,
            "seg_seen",
            "credit",
            "pressure",
            "fresh",
            "bad",
            *(["told"] if self.stack.watched else []),
        ]
        copies = {n: self.visit.arrays[n].copy() for n in scratch}
        if self.stack.watched:
            copies["told"][0] = copies["told"][1]  # no room: a look is not written down
        self.visit.on(copies, step, step, self.post.first_tile, self.post.first_tile + syn.tiles)
        return {n: copies[n] for n in names}

    def columns(self, step: int) -> dict[str, NDArray[Any]]:
        """Every synapse at `step`, sorted by id: id, pre, post (neuron ids), weight, delay (ms), fields."""
        stays, now = self._by_id(), self.peek(step)
        place = stays["place"]
        found = {name: stays[name] for name in ("id", "pre", "post")}
        found["weight"], found["delay"] = now["W"][place].astype(np.float64), stays["delay"]
        for key, name in self.stack.fields:
            found[name] = self.shown(key, name, now[f"F{key}_{name}"][place])
        return found

    def _by_id(self) -> dict[str, NDArray[Any]]:
        """What stays of the synapses until one comes or goes, and their places, sorted by id."""
        version, table = self.table
        known = self._places_by_id
        if version == self.synapses.version == known[0]:
            return {"place": known[1]} | {name: table[name] for name in ("id", "pre", "post", "delay")}
        place, row, axon, dendrite = self.synapses.expanded()
        order = np.argsort(self.synapses.ids_at(place), kind="stable")
        place = place[order]
        self._places_by_id = (self.synapses.version, place)
        return {
            "place": place,
            "id": self.synapses.ids_at(place),
            "pre": self.pre.neuron_ids[row[order]] if self.pre.n else np.zeros(0, np.int64),
            "post": self.post.neuron_ids[self.synapses.post[place]] if self.post.n else np.zeros(0, np.int64),
            "delay": np.round((axon + dendrite)[order] * self.dt, 9),
        }
