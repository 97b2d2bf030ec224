"""One population as the running engine keeps it: states, parameters, constants, spikes of the moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.declare import EXCITABILITY, Astrocyte, Neuron
from engine.kernels import loops, neuron_loops, recipes, shared_loops
from engine.kernels.calls import Call
from engine.kernels.hooks import channels
from engine.kernels.lanes import GROUP
from engine.kernels.solver import in_step
from engine.network import Population

TILE = 1024
"""Neurons per target tile: what one thread works on.  A property of the engine, never of the thread count."""
LONGEST_BLOCK = 32
"""Most steps between two exchanges, however long the delays."""


def power_of_two(least: int) -> int:
    """The smallest power of two that is at least `least`."""
    return 1 << max(int(least) - 1, 0).bit_length()


@dataclass(frozen=True)
class Event:
    """What happens in a population besides its spikes: as its tiles write it down, and in order."""

    made: dict[str, NDArray[Any]]
    recent: dict[str, NDArray[Any]]
    exchange_ii: NDArray[np.int64]
    tally: NDArray[np.int64]


class Cells:
    """The running arrays of one population at rows `offset` to `offset + n` of the whole network.

    Args:
        dt: the step, ms.
        block: most steps between two exchanges; sizes the buffers.
        reach: most steps a spike must stay findable after its block (axonal delays).
        ring: the rings of the network, and its potentials.
    """

    def __init__(
        self,
        population: Population,
        offset: int,
        first_tile: int,
        dt: float,
        block: int,
        reach: int,
        real: type,
    ) -> None:
        model = registry.find(population.model, population.kind)
        assert issubclass(model, Neuron)
        self.id, self.model, self.label = population.id, model, population.label
        self.channels = channels(model)
        self.n, self.offset, self.first_tile = len(population), offset, first_tile
        self.tiles = max(1, -(-self.n // TILE))
        self.neuron_ids = population.neuron_ids
        self.dt, self.real = dt, real
        self.name = np.dtype(real).name
        self.population = population
        self.is_relay, self.passes = model.is_relay, population.passes
        self.every = max(1, round(model.every / dt)) if issubclass(model, Astrocyte) else 1
        n = max(self.n, 1)
        self.states: dict[str, NDArray[Any]] = {}
        for name in model.states:
            self.states[name] = np.zeros(n, real)
        self.params: dict[str, NDArray[np.float64]] = {}
        self.consts: dict[str, NDArray[np.float64]] = {}
        self.forced = np.zeros(n, np.uint8)
        self.silenced = np.zeros(n, np.uint8)
        self.hold = np.zeros(n, np.uint8)
        """By neuron whether it stands still (switched off, or frozen) or is clamped; see the loops."""
        self.waiting = np.zeros(n)
        self.mark = np.zeros(-(-n // GROUP) * GROUP, np.int32)
        self.flux: NDArray[Any] = np.zeros(n, real)
        self.has_tuner = False
        """Whether a card may turn its excitability while it runs."""
        self.gain_ex = np.full(n, EXCITABILITY["gain_ex"])
        self.bias = np.full(n, EXCITABILITY["bias"])
        self.tally = np.zeros(n, np.int64)
        self.cap = min(TILE, n) * block * (4 if self.is_relay else 1) + 64
        self.spike_step = np.zeros(self.tiles * self.cap, np.int64)
        self.spike_index = np.zeros(self.tiles * self.cap, np.int32)
        self.spike_count = np.zeros(self.tiles, np.int64)
        steps = power_of_two(block + reach + 2)
        room = power_of_two(n * (block + reach + 1) * (4 if self.is_relay else 1) + 64)
        self.recent: dict[str, NDArray[Any]] = {
            "recent_step": np.full(steps, -1, np.int64),
            "recent_start": np.zeros(steps, np.int64),
            "recent_count": np.zeros(steps, np.int64),
            "recent_index": np.zeros(room, np.int32),
        }
        self.masks = (steps - 1, room - 1)
        findable = block + reach + 1
        self.exchange_ii = np.array(
            [self.tiles, self.cap, steps - 1, room - 1, offset, 0, 1, findable], np.int64
        )
        self.cursor = np.zeros(self.tiles, np.int64)
        self.events = {name: self._event(name) for name in model.events}
        self.kept: dict[str, NDArray[Any]] = {}
        self.kept_ticks = 1
        self.set_params()
        self.rest()

    @property
    def is_astrocyte(self) -> bool:
        """Whether these are astrocytes."""
        return issubclass(self.model, Astrocyte)

    @property
    def excitability(self) -> dict[str, NDArray[np.float64]]:
        """What rules may turn in the neurons themselves."""
        return {"gain_ex": self.gain_ex, "bias": self.bias}

    @property
    def is_tuned(self) -> bool:
        """Whether a rule has turned, or may turn, how excitable they are."""
        return self.has_tuner or bool((self.gain_ex != 1.0).any() or self.bias.any())

    def recall(self, recent: Mapping[str, NDArray[Any]], steps: range, rows: NDArray[np.int64]) -> None:
        """Take over who spiked at some steps from buffers of another size; `rows` are their rows here."""
        end = 0
        step_mask, index_mask = recent["recent_step"].size - 1, recent["recent_index"].size - 1
        for step in steps:
            slot = step & step_mask
            if step < 0 or recent["recent_step"][slot] != step:
                continue
            begin, count = int(recent["recent_start"][slot]), int(recent["recent_count"][slot])
            spikers = rows[recent["recent_index"][(begin + np.arange(count)) & index_mask]]
            spikers = spikers[spikers >= 0]
            into = step & self.masks[0]
            self.recent["recent_step"][into] = step
            self.recent["recent_start"][into], self.recent["recent_count"][into] = end, spikers.size
            self.recent["recent_index"][(end + np.arange(spikers.size)) & self.masks[1]] = spikers
            end += spikers.size
        self.exchange_ii[5] = end & self.masks[1]

    def set_params(self) -> None:
        """Read the parameters of the network's record anew, and derive the constants."""
        given, model = self.population.params, self.model
        self.shared = not any(isinstance(given.get(name), np.ndarray) for name in model.params)
        size = 1 if self.shared else max(self.n, 1)
        self.params = {}
        for name, declared in model.params.items():
            value = given.get(name, declared.default)
            number: Any = model.number(name, value) if isinstance(value, str) else value
            self.params[name] = np.ascontiguousarray(np.broadcast_to(np.asarray(number, np.float64), (size,)))
        self.consts = {name: np.zeros(size) for name in loops.constants(model)}
        own = [value for name, value in given.items() if name in model.params]
        self.module = recipes.neuron(model.slug, own, self.name).module()
        sizes = np.array([size], np.int64)
        bound = {f"P_{n}": a for n, a in self.params.items()} | {f"K_{n}": a for n, a in self.consts.items()}
        derive = Call(
            recipes.derive(model.slug).module(), "derive", loops.derive(model).arrays, ii=sizes,
            ff=np.array([self.dt * self.every]), **bound,
        )  # fmt: skip
        derive(0, 0, 0, 0)

    def rest(self) -> None:
        """Every state where its declaration, or the user, starts it."""
        for name in self.model.states:
            self.states[name][: self.n] = self.start(name)

    def start(self, name: str) -> NDArray[np.float64]:
        """The first value of a state for every neuron."""
        value = self.population.params.get(name)
        if value is None:
            return self.resting(name)
        return np.broadcast_to(np.asarray(value, np.float64), (self.n,))

    def resting(self, name: str) -> NDArray[np.float64]:
        """The declared start of a state for every neuron, whatever the user gave it."""
        init = self.model.states[name].init
        value = self.params[init] if isinstance(init, str) else init
        return np.broadcast_to(np.asarray(value, np.float64), (self.n,))

    @property
    def is_off(self) -> NDArray[np.bool_]:
        """Which neurons are out of the circuit."""
        return np.broadcast_to(np.asarray(self.population.enabled) == 0, (self.n,))

    def take_switches(self) -> None:
        """Read the switches of the network's record anew: whoever is out of the circuit is at rest."""
        off, record = self.is_off, self.population
        still = off | (np.asarray(record.frozen) != 0)
        clamped = np.asarray(record.clamped) != 0
        self.hold[: self.n] = np.where(still, loops.STILL, np.where(clamped, loops.CLAMPED, 0))
        if off.any():
            for name, column in self.states.items():
                column[: self.n][off] = self.resting(name)[off]

    def step_call(
        self,
        rings: dict[str, NDArray[Any]],
        bad: NDArray[np.int64],
        mask: int,
        width: int,
        late: bool,
        seed: int,
    ) -> Call:
        """The kernel that integrates this population; `late`: some arrivals come after its threshold test."""
        ii = np.array(
            [self.n, mask, width, self.offset, TILE, self.cap, self.every, self.first_tile, int(late), seed,
             int(self.is_tuned), self.masks[0], int(self.hold.any())],
            np.int64,
        )  # fmt: skip
        bound = {f"S_{n}": a for n, a in self.states.items()}
        bound |= {f"T_{n}": np.zeros(max(self.n, 1)) for n in in_step(self.model)}
        if self.is_astrocyte:
            bound["flux"] = self.flux
        bound |= {f"P_{n}": a for n, a in self.params.items()} | {f"K_{n}": a for n, a in self.consts.items()}
        return Call(
            self.module, "step", neuron_loops.neuron_arrays(self.model, self.name), ii=ii,
            ff=np.array([self.dt * self.every]),
            mark=self.mark,
            forced=self.forced, silenced=self.silenced, hold=self.hold,
            waiting=self.waiting, ids=self.neuron_ids,
            **self.excitability, **{n: a for event in self.events.values() for n, a in event.made.items()},
            spike_step=self.spike_step, spike_index=self.spike_index, spike_count=self.spike_count,
            bad=bad, **rings, **bound,
        )  # fmt: skip

    # -- what synapses read of astrocytes ----------------------------------------------------------

    def keep(self, names: list[str], ticks: int) -> None:
        """Keep these quantities of the last `ticks` steps of the astrocytes (a power of two), or more."""
        self.kept_ticks = max(self.kept_ticks, ticks)
        self.kept = {
            n: np.zeros(self.kept_ticks * max(self.n, 1), self.real) for n in sorted({*self.kept, *names})
        }
        self.keep_all()

    def offered(self, name: str) -> NDArray[Any]:
        """What an astrocyte offers under a name: a state as it is, or a parameter."""
        assert issubclass(self.model, Astrocyte)
        own = self.model.offered(name)
        if own in self.states:
            return self.states[own]
        wide = np.broadcast_to(self.params[own], (max(self.n, 1),))
        return np.ascontiguousarray(wide, self.real)

    def of_glia(self) -> dict[str, NDArray[Any]]:
        """What astrocytes have besides: the flux from their neighbours, and what is kept of their past."""
        if not self.is_astrocyte:
            return {}
        return {"flux": self.flux, **{f"kept/{n}": ring for n, ring in self.kept.items()}}

    def keep_all(self) -> None:
        """As if the astrocytes had always been as they are now."""
        for name, ring in self.kept.items():
            ring.reshape(self.kept_ticks, -1)[:] = self.offered(name)

    def keep_now(self, step: int) -> None:
        """As if the astrocytes had become what they are now at their last step."""
        for name, ring in self.kept.items():
            at = step // self.every & (self.kept_ticks - 1)
            ring.reshape(self.kept_ticks, -1)[at] = self.offered(name)

    def keep_calls(self) -> list[Call]:
        """The kernels that keep what is read of these astrocytes."""
        ii = np.array([self.every, max(self.n, 1), self.kept_ticks - 1, self.first_tile], np.int64)
        arrays = shared_loops.keep_arrays(self.name)
        return [
            Call(common(self.name, "glia"), "keep", arrays, ii=ii, source=self.offered(name), ring=ring)
            for name, ring in self.kept.items()
        ]

    def _event(self, name: str) -> Event:
        """Room for the events of one kind; they are met in the block in which they happen."""
        n = max(self.n, 1)
        return Event(
            {
                f"{name}_step": np.zeros_like(self.spike_step),
                f"{name}_index": np.zeros_like(self.spike_index),
                f"{name}_count": np.zeros_like(self.spike_count),
                f"{name}_size": np.zeros((self.masks[0] + 1) * n),
                f"{name}_last": np.full(n, -1, np.int64),  # of each neuron, for who looks
                f"{name}_last_size": np.zeros(n),
            },
            {key: column.copy() for key, column in self.recent.items()},
            np.array([self.tiles, self.cap, *self.masks, self.offset, 0, 0, self.exchange_ii[7]], np.int64),
            np.zeros(n, np.int64),
        )  # fmt: skip

    def spiking(self, event: str) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
        """Step and neuron of each spike of this block, or of each event of a kind, and how many by tile."""
        if not event:
            return self.spike_step, self.spike_index, self.spike_count
        made = self.events[event].made
        return made[f"{event}_step"], made[f"{event}_index"], made[f"{event}_count"]

    def event_calls(self, record: dict[str, NDArray[Any]], bad: NDArray[np.int64]) -> list[Call]:
        """The kernels that put events other than spikes in order."""
        found = []
        for name, event in self.events.items():
            step, index, count = self.spiking(name)
            found.append(
                Call(
                    common(self.name), "exchange", shared_loops.EXCHANGE,
                    ii=event.exchange_ii, spike_step=step, spike_index=index, spike_count=count,
                    cursor=self.cursor, tally=event.tally, bad=bad, **record, **event.recent,
                )
            )  # fmt: skip
        return found

    def exchange_call(self, record: dict[str, NDArray[Any]], bad: NDArray[np.int64]) -> Call:
        """The kernel that puts this population's spikes in order."""
        return Call(
            common(self.name), "exchange", shared_loops.EXCHANGE,
            ii=self.exchange_ii, spike_step=self.spike_step,
            spike_index=self.spike_index, spike_count=self.spike_count, cursor=self.cursor, tally=self.tally,
            bad=bad, **record, **self.recent,
        )  # fmt: skip


def common(real: str, group: str = "") -> ModuleType:
    """The small kernels every network needs, or those of a group (`recipes.COMMON`)."""
    return recipes.Recipe("common", (), real, (group,) if group else ()).module()
