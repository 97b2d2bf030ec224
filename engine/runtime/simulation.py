"""A simulation: a network in time.  Run it, look at it, change it while it runs, capture and restore it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import RunError, Unstable, UsageError
from engine.kernels.follow_loops import UNSTABLE
from engine.network import SynapseTable, reading
from engine.network.edits import Edit, SetParams, asked
from engine.network.given import MOST, number, text, whole, wrong
from engine.network.ids import Ids
from engine.network.network import Network
from engine.runtime import capture as capturing
from engine.runtime import looking
from engine.runtime.changes import Preparation, change, preparation
from engine.runtime.circuit import Circuit
from engine.runtime.growth import Change
from engine.runtime.laying import give_back
from engine.runtime.pathway import Pathway
from engine.runtime.recorder import Recorder, checked_probe
from engine.runtime.slowly import Slowly
from engine.runtime.stimuli import on_grid
from engine.runtime.tally import Tally

State = dict[str, NDArray[Any]]
LARGE = 100_000
"""Synapses of a projection from which on its table is written only when somebody asks for it."""


class Simulation:
    """Runs a copy of `net`, which itself never changes.

    Args:
        net: the network.
        threads: how many threads share the target tiles; the bits do not depend on it.
        state: a capture to continue from.
        eye: whether `look_at` will be asked which card changed a synapse; costs a little per spike.

    Raises:
        NeuropilError: the network cannot run; the message says what and where.
    """

    def __init__(self, net: Network, threads: int = 1, state: State | None = None, eye: bool = False) -> None:
        if not isinstance(net, Network):
            raise wrong(net, "net", "a Network")
        self.base = net.copy()
        self.threads = max(1, whole(threads, "threads"))
        self.eye = eye
        self.engine_ids = Ids(-1, -1)
        for projection in self.base.projections.values():
            self.engine_ids.pass_by(projection.synapses.id)
        self.recorder = Recorder(net.dt)
        self.changes: list[Change] = []
        self.tally = Tally()
        layout = capturing.layout_of(state) if state is not None else (1, 0, 0)
        self.circuit = Circuit(self.base, 0, self.threads, self.watched(), layout)
        self.slowly = Slowly(self)
        if state is not None:
            self._take(state)
        self.holds_more = False
        """Whether building took memory that can be given back once the network it was built from is gone."""
        self._put_tables_off()
        self.recorder.bind(self.circuit)

    def watched(self) -> frozenset[int]:
        """The projections whose synapses may be under an eye or a probe at every presynaptic spike."""
        if self.eye:
            return frozenset(self.base.projections)
        probed = [p.targets for p in self.base.probes.values() if p.every == "pre"]
        if not probed:
            return frozenset()
        owners = self.base.projection_of(np.concatenate(probed))
        return frozenset(owners[owners != 0].tolist())

    # -- time --------------------------------------------------------------------------------------

    @property
    def dt(self) -> float:
        """The step, ms."""
        return self.base.dt

    @property
    def step(self) -> int:
        """How many steps have been done."""
        return self.circuit.now

    @property
    def t(self) -> float:
        """The time reached, ms."""
        return round(self.circuit.now * self.dt, 9)

    def run(self, duration: float, progress: bool | Callable[[float], None] = False) -> Simulation:
        """Run for `duration` ms; `progress` shows a bar, or is called with the share done.

        Raises:
            UsageError: the duration is no whole number of steps.
            Unstable: a value left all bounds; says which, where and when.
        """
        lasts = number(duration, "duration", "ms")
        if not 0.0 <= lasts < MOST * self.dt:
            raise UsageError(f"a run of {lasts:g} ms; it must be 0 or longer, and come to an end")
        total = int(on_grid(np.array([lasts]), self.dt, "duration")[0])
        tell = progress if callable(progress) else (_bar if progress else None)
        done = 0
        while done < total:
            done += self.advance(min(total - done, max(1, total // 100)) if tell else total - done)
            if tell:
                tell(done / total)
        return self

    def advance(self, steps: int) -> int:
        """Run whole steps and return how many."""
        if self.holds_more:
            give_back()
            self.holds_more = False
        end = self.circuit.now + int(steps)
        while self.circuit.now < end:
            target = self.slowly.next_after(self.circuit.now, end)
            since = self.circuit.now
            self.circuit.advance(target)
            stepped, rows = self.recorder.take(self.circuit)
            self.tally.note(self.circuit, rows, since)
            self.slowly.note(stepped, rows)
            self._check()
            if self.circuit.now == target:
                self.slowly.tick(target)
                self._check()
        return int(steps)

    def _check(self) -> None:
        """Raise what a kernel reported; a full record is no trouble."""
        bad = self.circuit.bad
        code = int(bad[0])
        if code in (0, 2):
            bad[0] = 0
            return
        step, who, owner = (int(n) for n in bad[1:4])
        bad[:] = 0
        if code == 1:
            raise self._unstable_neuron(who, step)
        if code == 4:
            raise self._unstable_synapse(who, step)
        if code == UNSTABLE:
            raise self._unstable_quantity(who, step, self.circuit.pathways[owner])
        if code == 3:
            raise RunError(
                "more spikes in one step than a relay can pass on (4 per neuron); "
                "spread the listed times or lower the rate of the input"
            )
        if code == 7:
            raise RunError(
                "more spikes on their way back to synapses that learn than their memory holds; shorten the "
                "delays of what ends at relays, or lower the rate of their input"
            )
        if code == 6:
            raise RunError(
                "more releases of a modulator are on their way than a rule can remember; shorten its delay"
            )
        raise RunError("a probe saw more spikes in one block than it can write down; probe fewer synapses")

    def _unstable_neuron(self, row: int, step: int) -> Unstable:
        cells = self.circuit.cells_at(row)
        i = row - cells.offset
        values = {name: float(column[i]) for name, column in cells.states.items()}
        wild = {name: value for name, value in values.items() if not abs(value) < 1e12}
        t = round(step * self.dt, 9)
        neuron = int(cells.neuron_ids[i])
        name, value = next(iter(wild.items()), ("", None))
        what = f"{name} became {value:g}" if name else f"one of {', '.join(values)} became no number"
        return Unstable(
            f"neuron {neuron} of {cells.label!r} ({cells.model.slug}): {what} at {t:g} ms; "
            "lower its input, its weights or the step",
            neuron=neuron, variable=name, value=value, t=t,
        )  # fmt: skip

    def _unstable_quantity(self, neuron: int, step: int, way: Pathway) -> Unstable:
        cards = [card for _, card in way.stack.cards if card.quantities]
        t = round(step * self.dt, 9)
        return Unstable(
            f"neuron {neuron}: what {' or '.join(c.label for c in cards)} of {way.label!r} keeps of it left "
            f"all bounds at {t:g} ms; lower the weights, the learning rate or the step",
            neuron=neuron, variable=next(iter(cards[0].quantities)), projection=way.id, t=t,
            rule=cards[0].slug,
        )  # fmt: skip

    def _unstable_synapse(self, synapse: int, step: int) -> Unstable:
        t = round(step * self.dt, 9)
        for id, way in self.circuit.pathways.items():
            place = way.synapses.places([synapse])[0]
            if place >= 0:
                value = float(way.synapses.weight[place])
                sums = np.abs(self._credit(id)).sum(axis=1)
                rule = way.stack.credit_names[int(np.argmax(np.where(np.isfinite(sums), sums, np.inf)))]
                return Unstable(
                    f"synapse {synapse} of {way.label!r}: its weight became {value:g} at {t:g} ms by {rule}; "
                    "lower the learning rate or set w_max",
                    variable="weight", value=value, projection=id, rule=rule, t=t,
                )  # fmt: skip
        return Unstable(f"synapse {synapse}: its weight left all bounds at {t:g} ms", variable="weight", t=t)

    # -- looking -----------------------------------------------------------------------------------

    @property
    def network(self) -> Network:
        """The network as it now is, grown and pruned, with the weights it has learned."""
        self.sync()
        return self.base.copy()

    def sync(self) -> None:
        """Write what the engine changed into the tables of its own network."""
        for id, way in self.circuit.pathways.items():
            self.base.projections[id].synapses = self._table(way)

    def _table(self, way: Pathway) -> SynapseTable:
        """The synapses of a projection as a table; it shares columns with the last if they only learned."""
        columns = way.columns(self.circuit.now)
        slow = {n: columns[n] for k, n in way.stack.fields if way.stack.field(k, n).slow}
        version, table = way.table
        if version != way.synapses.version:
            table = SynapseTable()
            table.add({n: columns[n] for n in ("id", "pre", "post", "weight", "delay")} | slow)
            way.table = (way.synapses.version, table)
        return table.renewed({"weight": columns["weight"], **slow})

    def _put_tables_off(self) -> None:
        """A large table that says no more than the running arrays is written when somebody asks for it."""
        for id, way in self.circuit.pathways.items():
            projection = self.base.projections[id]
            held = projection.synapses
            if len(held) >= LARGE and not held.extra:
                self.holds_more = True
                projection.synapses = SynapseTable.later(len(held), held.version, partial(self._table, way))

    def write_back(self, way: Pathway, ids: Any) -> None:
        """Write the weight and slow fields of some synapses, just swept, into the network's own table."""
        table, pool = way.projection.synapses, way.synapses
        place = pool.places(ids)
        here = place >= 0
        wanted, place = np.atleast_1d(np.asarray(ids, np.int64))[here], place[here]
        table.put("weight", wanted, pool.weight[place].astype(np.float64))
        for key, name in way.stack.fields:
            if way.stack.field(key, name).slow:
                table.put(name, wanted, way.shown(key, name, pool.columns[f"F{key}_{name}"][place]))

    def spikes(self) -> NDArray[np.void]:
        """Every spike since t = 0: step, t (ms), neuron (id), sorted by (t, id)."""
        return self.recorder.spikes()

    def spikes_since(self, step: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The spikes after a step, as (step, neuron id)."""
        return self.recorder.spikes_since(step)

    def record(self, probe: Any) -> NDArray[np.void]:
        """What a probe saw: step, t (ms), id, value, sorted by (t, id)."""
        return self.recorder.record(checked_probe(self.base, probe))

    def synapses(self, projection: Any) -> NDArray[np.void]:
        """Every synapse of a projection: id, pre, post, weight, delay, fields; sorted by (pre, post, id)."""
        id = reading.one(self.base, projection, "projection")
        if id in self.circuit.pathways:
            columns = self.circuit.pathways[id].columns(self.circuit.now)
        else:
            table = self.base.projections[id].synapses.sorted()
            columns = {n: table[n] for n in ("id", "pre", "post", "weight", "delay")}
        order = np.lexsort((columns["id"], columns["post"], columns["pre"]))
        kinds = [(n, np.int64 if n in ("id", "pre", "post") else np.float64) for n in columns]
        found = np.zeros(order.size, kinds)
        for name, column in columns.items():
            found[name] = column[order]
        return found

    def state_of(self, ids: Any, name: str) -> NDArray[np.float64]:
        """A state of some neurons now; NaN where a neuron is gone or has no such state."""
        rows = self.circuit.rows(ids)
        found = np.full(rows.size, np.nan)
        for cells in self.circuit.cells.values():
            mine = (rows >= cells.offset) & (rows < cells.offset + cells.n)
            columns = self.circuit.columns(cells) if mine.any() else {}
            if name in columns:
                found[mine] = columns[name][rows[mine] - cells.offset]
        return found

    def weights(self, projection: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Ids and signed weights of a projection now, in no particular order, committing nothing."""
        way = self.circuit.pathways[projection]
        place = way.synapses.expanded()[0]
        return way.synapses.ids_at(place), way.peek(self.circuit.now)["W"][place].astype(np.float64)

    def neuron_view(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Every neuron id with its potential, 0 at rest and 1 at threshold, as a canvas fills a disc."""
        found = np.zeros(self.circuit.ids.size, np.float32)
        for cells in self.circuit.cells.values():
            if cells.model.shown not in cells.states or not cells.n or cells.is_relay:
                continue
            low, high = (
                cells.params[e] if isinstance(e, str) else e for e in (cells.model.rest, cells.model.peak)
            )
            span = np.asarray(high, np.float64) - low
            view = (cells.states[cells.model.shown][: cells.n] - low) / np.where(span == 0, 1.0, span)
            found[cells.offset : cells.offset + cells.n] = np.clip(view, -1.0, 1.0)
        return self.circuit.ids, found

    def quantities(self, name: str) -> dict[Any, Any]:
        """By population, projection or modulator id: "calcium", "boutons", "spines", "modulator", a state.

        Those of single contacts ("eligibility", "released", ...) are as `engine.runtime.looking` says.
        "tally" are the counters of the run, by name.
        """
        if name == "tally":
            return {key.removeprefix("tally/"): rows for key, rows in self.tally.capture().items()}
        found: dict[Any, Any] = {}
        if name in looking.SEEN:
            return looking.SEEN[name](self.circuit)
        if name in ("calcium", "boutons", "spines"):
            spikes = self.slowly.spikes()
            for id, all_elements in self.circuit.elements.items():
                for elements in all_elements:
                    way = elements.pathway
                    z, calcium = elements.peek(self.step, spikes, self.base.slow)
                    if name == "calcium":
                        found[way.pre.id], found[way.post.id] = calcium
                    else:
                        found[id] = z[name == "spines"]
            return found
        if name == "modulator":
            for way in self.circuit.pathways.values():
                if way.hearing is not None:
                    for id in way.hearing.ids:
                        found[id] = np.array([way.hearing.level(id, self.step)])
            return found
        for cells in self.circuit.cells.values():
            columns = self.circuit.columns(cells)
            if name in columns:
                found[cells.id] = columns[name][: cells.n].astype(np.float64)
        for id, tissue in self.circuit.tissues.items():
            if name in tissue.states:
                found[id] = tissue.states[name].copy()
        return found

    def _credit(self, projection: int) -> NDArray[np.float64]:
        way = self.circuit.pathways[projection]
        names = way.stack.credit_names
        if not way.stack.rules:
            return np.zeros((len(names), 2))  # nothing changes a weight, and a window asks again and again
        total: NDArray[np.float64] = way.credit.reshape(-1, len(names), 2).sum(axis=0)
        return total

    def credit(self) -> dict[int, dict[str, tuple[float, float]]]:
        """By projection: how much |weight| each card has added and removed so far (summed over synapses)."""
        return {
            id: {
                name: (float(up), float(down))
                for name, (up, down) in zip(way.stack.credit_names, self._credit(id), strict=True)
            }
            for id, way in self.circuit.pathways.items()
        }

    def look_at(self, ids: Any) -> None:
        """Write down, from now on, which card changes these synapses; needs `eye=True`."""
        self.recorder.eye = np.atleast_1d(np.asarray(ids, np.int64))
        self.recorder.bind(self.circuit)

    def told(self) -> list[tuple[int, int, str, float]]:
        """What happened to the synapses under the eye since the last call: (step, id, card, change)."""
        found, self.recorder.told = self.recorder.told, []
        return found

    def prepare(self, edit: Edit) -> Preparation | None:
        """A heavy edit in stages, None for one that is quick: `work()` aside, `swap()` between two blocks."""
        return preparation(self, edit)

    def drain_changes(self) -> list[Change]:
        """The synapses that grew or were pruned since the last call."""
        found, self.changes = self.changes, []
        return found

    # -- changing ----------------------------------------------------------------------------------

    def apply(self, edit: Edit) -> Edit:
        """Change the running network; returns the edit that undoes it, learned weights included.

        Raises:
            EditRefused: nothing was changed; the message says why and what would be right.
        """
        return change(self, asked(edit))

    def set(self, ids: Any, **values: Any) -> Edit:
        """Set parameters or states of neurons (or of a population, projection, input, ...) as they run."""
        return self.apply(SetParams(reading.of_things(ids), values))

    def poke(self, kind: str, ids: Any) -> None:
        """By hand: "fire", "silence" or "unsilence" neurons, or "release" a modulator."""
        if text(kind, "poke") == "release":
            for id in reading.of_things(ids).tolist():
                if id in self.circuit.tissues and self.base.modulators[id].enabled:
                    self.circuit.tissues[id].hand[0] += 1
            return
        rows = self.circuit.rows(reading.ids(ids))
        for cells in self.circuit.cells.values():
            mine = rows[(rows >= cells.offset) & (rows < cells.offset + cells.n)] - cells.offset
            if kind == "fire":
                cells.forced[mine] = 1
            elif kind in ("silence", "unsilence"):
                cells.silenced[mine] = kind == "silence"
            else:
                raise UsageError(f"poke {kind!r}; it can be fire, silence, unsilence or release")

    # -- captures ----------------------------------------------------------------------------------

    def capture(self) -> State:
        """The run state as named arrays: topology, weights, lazy state and counters, not recordings."""
        found = capturing.capture(self.circuit)
        found["clock/engine_ids"] = np.array([self.engine_ids.next], np.int64)
        found |= self.slowly.capture()
        found |= self.tally.capture()
        return found

    def restore(self, state: State) -> None:
        """Go back to a capture of this simulation; recordings after its time are dropped."""
        layout = capturing.layout_of(state)
        if layout != self.circuit.layout:
            self.circuit = Circuit(self.base, 0, self.threads, self.watched(), layout)
        self._take(state)
        self.sync()
        self.recorder.forget_after(self.step)
        self.recorder.bind(self.circuit)

    def _take(self, state: State) -> None:
        capturing.restore(self.circuit, state)
        self.engine_ids.next = int(state["clock/engine_ids"][0])
        self.slowly.restore(state)
        self.tally.restore(state)
        self.changes.clear()


def _bar(share: float) -> None:
    filled = round(share * 40)
    end = "\n" if share >= 1.0 else ""
    sys.stderr.write(f"\r[{'#' * filled}{'.' * (40 - filled)}] {share:4.0%}{end}")
    sys.stderr.flush()
