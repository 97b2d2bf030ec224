"""Modulators as the running engine keeps them: what each releases, and what each projection feels of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.declare import Modulator as ModulatorModel
from engine.errors import UsageError
from engine.kernels import recipes, release_loops
from engine.kernels.calls import Call
from engine.kernels.maths import exp
from engine.network import Modulator
from engine.network.listening import modulator_for
from engine.runtime.cells import LONGEST_BLOCK, Cells, common, power_of_two

if TYPE_CHECKING:
    from engine.runtime.circuit import Circuit
    from engine.runtime.pathway import Pathway

Floats = NDArray[np.float64]
EVENTS = 1 << 12
"""Releases a projection remembers; a sweep comes long before they are overwritten."""
SHOWN_FOR = 200.0
"""How long (ms) a release is seen where a rule only asks that it happened."""
MOST_SOURCES = 100
"""Most sources of a field in space: every neuron feels each of them by a share of its own."""


def decays(steps: int, dt: float, tau: Floats) -> Floats:
    """What is left of each channel after so many steps, in the arithmetic of the kernels."""
    return np.array([exp(-steps * dt / t) for t in tau.tolist()])


def number(modulator: Modulator, name: str, missing: float = 0.0) -> float:
    """A parameter of a modulator as a kernel sees it; `missing` where its model has no such parameter."""
    model = registry.find(modulator.model, "modulator")
    if name not in model.params:
        return missing
    value = modulator.params.get(name, model.params[name].default)
    return model.number(name, value) if isinstance(value, str) else float(value)


class Tissue:
    """One modulator: its states, and the doses it releases in the steps between two exchanges.

    Doses belong to a place: place 0 is everywhere, or the user's hand; the others are the sources of a field.
    """

    def __init__(self, modulator: Modulator, circuit: Circuit) -> None:
        self.modulator, self.id = modulator, modulator.id
        model = registry.find(modulator.model, "modulator")
        assert issubclass(model, ModulatorModel)
        self.model = model
        self.cells = circuit.cells
        self.name = circuit.name
        self.sources = modulator.sources[circuit.rows(modulator.sources) >= 0]
        self.is_field = number(modulator, "sigma") > 0.0
        self.places = 1 + (self.sources.size if self.is_field else 0)
        if self.places > 1 + MOST_SOURCES:
            raise UsageError(
                f"modulator {modulator.label!r}: {self.sources.size} sources with a footprint in space; "
                f"it can be {MOST_SOURCES}, or any number with sigma 0"
            )
        self.states = {name: np.zeros(1) for name in model.states}
        for name, declared in model.states.items():
            start = modulator.params.get(name, declared.init)
            self.states[name][:] = number(modulator, start) if isinstance(start, str) else start
        self.hand = np.zeros(1, np.int64)
        self.params = np.zeros(max(len(model.params), 1))
        self.set_params()
        self.counts = np.zeros(LONGEST_BLOCK * self.places, np.int64)
        self.signs = np.zeros(LONGEST_BLOCK * 2, np.int64)
        room = LONGEST_BLOCK * self.places
        self.out = {
            "out_step": np.zeros(room, np.int64), "out_group": np.zeros(room, np.int64),
            "out_dose": np.zeros(room), "out_count": np.zeros(1, np.int64),
        }  # fmt: skip

    def set_params(self) -> None:
        """Read the parameters of the network's record anew."""
        self.params[: len(self.model.params)] = [number(self.modulator, n) for n in self.model.params]

    def calls(self) -> list[Call]:
        """The kernels that count the spikes of its sources and turn them into doses."""
        if not self.modulator.enabled:
            self.out["out_count"][0] = self.hand[0] = 0
            return []
        found = []
        for cells in self.cells.values():
            rows = cells.population.rows(self.sources)
            if not (rows >= 0).any():
                continue
            group = np.full(max(cells.n, 1), -1, np.int32)
            mine = np.flatnonzero(rows >= 0)
            group[rows[mine]] = mine + 1 if self.is_field else 0
            inhibits = int(cells.population.sign < 0)
            found.append(
                Call(
                    common(self.name, "release"), "tally", list(release_loops.TALLY),
                    ii=np.array([*cells.masks, self.places, inhibits], np.int64), group=group,
                    counts=self.counts, signs=self.signs, **cells.recent,
                )
            )  # fmt: skip
        module = recipes.Recipe("modulator", (self.model.slug,), self.name).module()
        bound = {f"S_{n}": column for n, column in self.states.items()}
        emit = Call(
            module, "emit", release_loops.emit_arrays(self.model), ii=np.array([self.places], np.int64),
            pp=self.params, hand=self.hand, counts=self.counts, signs=self.signs, **self.out, **bound,
        )  # fmt: skip
        return [*found, emit]

    def shares(self, post: Cells) -> Floats:
        """How strongly each post neuron feels each place, (places, neurons); the hand is at every source."""
        found = np.ones((self.places, max(post.n, 1)))
        sigma = number(self.modulator, "sigma")
        if not self.is_field or not self.sources.size:
            return found
        at = np.zeros((self.sources.size, 3))
        for cells in self.cells.values():
            rows = cells.population.rows(self.sources)
            at[rows >= 0] = cells.population.positions[rows[rows >= 0]]
        for i in range(self.sources.size):
            apart = ((post.population.positions - at[i]) ** 2).sum(axis=1)
            found[1 + i, : post.n] = np.exp(-apart / (2.0 * sigma * sigma))
        found[0] = found[1:].max(axis=0)
        return found


class Listening:
    """What the cards of one projection hear: a list of releases, and the level of every channel after each.

    A channel is one place of one modulator in one role of one card.
    """

    def __init__(self, way: Pathway, circuit: Circuit) -> None:
        self.way, self.dt = way, circuit.dt
        self.tissues: list[Tissue] = []
        self.keys: list[tuple[str, str, int, int]] = []
        bound = []
        for key, name, role in way.stack.roles:
            card = way.stack.rules[int(key)]
            wanted = int(way.value(key, role.chosen_by))
            found, why = modulator_for(circuit.network.modulators, role, wanted, len(card.roles))
            if found is None:
                raise UsageError(f"projection {way.label!r}: {card.label} {why}; add one with add_modulator")
            tissue = circuit.tissues[found.id]
            bound.append(len(self.keys))
            self.tissues.append(tissue)
            at = (0, *tissue.sources.tolist()) if tissue.is_field else (0,)
            self.keys += [(card.slug, name, found.id, place) for place in at]
        self.channels = len(self.keys)
        self.bounds = np.array([*bound, self.channels, max(way.post.n, 1), 0], np.int64)
        room = max(EVENTS, power_of_two(4 * LONGEST_BLOCK * self.channels))
        self.mask = room - 1
        self.events: dict[str, NDArray[Any]] = {
            "mod_step": np.zeros(room, np.int64), "mod_chan": np.zeros(room, np.int64),
            "mod_dose": np.zeros(room), "mod_n": np.zeros(room * self.channels),
            "mod_count": np.zeros(1, np.int64), "mod_force": np.full(1, -1, np.int64),
        }  # fmt: skip
        self.tau, self.norm = np.ones(self.channels), np.ones(self.channels)
        self.rest = np.zeros(len(self.tissues))
        self.reach = np.ones(self.channels * max(way.post.n, 1))
        self.delays = np.ones(len(self.tissues), np.int64)
        self.set_params()
        self.place()

    @property
    def ids(self) -> set[int]:
        """The modulators that are listened to."""
        return {tissue.id for tissue in self.tissues}

    def set_params(self) -> None:
        """Read time constants and levels at rest anew."""
        for i, (key, _, role) in enumerate(self.way.stack.roles):
            mine = slice(self.bounds[i], self.bounds[i + 1])
            self.tau[mine] = self.way.value(key, role.tau) if role.tau else SHOWN_FOR
            self.norm[mine] = self.tau[mine] if role.has_area else 1.0
            released = self.tissues[i].modulator
            level = number(released, "tonic") if released.enabled else 0.0
            self.rest[i] = level / float(self.norm[self.bounds[i]])

    def place(self) -> None:
        """How strongly every post neuron feels every channel, from where they are."""
        wide = self.reach.reshape(self.channels, -1)
        for i, tissue in enumerate(self.tissues):
            wide[self.bounds[i] : self.bounds[i + 1]] = tissue.shares(self.way.post)
        self.bounds[-1] = int(bool((wide == wide[:, :1]).all()))  # whether all neurons feel the same

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What the kernels of the projection read."""
        fixed = {"mod_bound": self.bounds, "mod_rest": self.rest, "mod_reach": self.reach}
        return {**self.events, **fixed}

    def calls(self, steps: Any, bad: NDArray[np.int64]) -> list[Call]:
        """The kernels by which releases reach this projection, one for each role."""
        found = []
        for i, tissue in enumerate(self.tissues):
            delay = max(int(steps(tissue.modulator.delay, self.dt)), 1)
            ii = np.array([self.mask, self.bounds[i], self.channels, delay], np.int64)
            found.append(
                Call(
                    common(tissue.name, "release"), "hear", list(release_loops.HEAR),
                    ii=ii, ff=np.array([self.dt]),
                    tau=self.tau, norm=self.norm, bad=bad, **tissue.out, **self.events,
                )
            )  # fmt: skip
        return found

    # -- looking and changing ----------------------------------------------------------------------

    def _last(self, step: int) -> int:
        """How many releases have arrived by a step."""
        c = count = int(self.events["mod_count"][0])
        while c > 0 and c > count - self.mask and self.events["mod_step"][(c - 1) & self.mask] > step:
            c -= 1
        return c

    def levels(self, step: int) -> Floats:
        """The level of every channel above rest, at its source."""
        c = self._last(step)
        if c == 0:
            return np.zeros(self.channels)
        at = (c - 1) & self.mask
        n = self.events["mod_n"][at * self.channels : (at + 1) * self.channels]
        return np.asarray(n * decays(step - int(self.events["mod_step"][at]), self.dt, self.tau))

    def level(self, modulator: int, step: int) -> float:
        """The level of one modulator, rest included: everywhere, or where its field is strongest."""
        now = self.levels(step)
        for i, tissue in enumerate(self.tissues):
            if tissue.id == modulator:
                mine = now[self.bounds[i] : self.bounds[i + 1]]
                return float(self.rest[i] + mine[np.argmax(np.abs(mine))])
        return 0.0

    def keep(self, step: int) -> None:
        """Write the levels of `step` down, before the time constants by which they decay are changed."""
        c, e = self._last(step), self.events
        if c == 0:
            return
        now, count = self.levels(step), int(e["mod_count"][0])
        later = np.arange(c, count)
        for name in ("mod_step", "mod_chan", "mod_dose"):
            e[name][(later + 1) & self.mask] = e[name][later & self.mask].copy()
        at = c & self.mask
        e["mod_step"][at], e["mod_chan"][at], e["mod_dose"][at] = step, self.channels, 0.0
        e["mod_n"].reshape(-1, self.channels)[at] = now
        e["mod_count"][0] = count + 1
        self.follow(c + 1)

    def follow(self, first: int) -> None:
        """Bring the levels after the releases still on their way up to date, from number `first` on."""
        e, wide = self.events, self.events["mod_n"].reshape(-1, self.channels)
        for i in range(first, int(e["mod_count"][0])):
            at, before = i & self.mask, (i - 1) & self.mask
            apart = int(e["mod_step"][at] - e["mod_step"][before])
            wide[at] = wide[before] * decays(apart, self.dt, self.tau) if i else 0.0
            if e["mod_chan"][at] < self.channels:
                wide[at, e["mod_chan"][at]] += e["mod_dose"][at] / self.norm[e["mod_chan"][at]]

    def take_over(self, old: Listening) -> None:
        """Carry on with what another one heard; what its vanished channels released is gone."""
        count = int(old.events["mod_count"][0])
        keep = min(count, old.mask, self.mask)
        source, into = np.arange(count - keep, count) & old.mask, np.arange(keep) & self.mask
        where = np.array([self.keys.index(k) if k in self.keys else self.channels for k in old.keys] + [-1])
        where[-1] = self.channels
        chan = where[old.events["mod_chan"][source]]
        self.events["mod_step"][into] = old.events["mod_step"][source]
        self.events["mod_chan"][into] = chan
        self.events["mod_dose"][into] = np.where(chan < self.channels, old.events["mod_dose"][source], 0.0)
        self.events["mod_count"][0] = keep
        was, now = (one.events["mod_n"].reshape(-1, one.channels) for one in (old, self))
        for i, k in enumerate(where[:-1].tolist()):
            if k < self.channels:
                now[into, k] = was[source, i]
