"""The running circuit: every array and every bound kernel of a network, and the loop that steps them.

Nothing here knows about durations, probes on synapses or edits; `simulation.py` does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine import registry
from engine.declare import Astrocyte, Transmission
from engine.errors import RunError
from engine.kernels import calls, growth_loops, together
from engine.kernels.calls import Call
from engine.network import Projection
from engine.network.network import Network
from engine.runtime.cells import LONGEST_BLOCK, TILE, Cells, power_of_two
from engine.runtime.flows import flow_call, flowing
from engine.runtime.growth import Elements
from engine.runtime.pathway import Pathway, split_delay, steps
from engine.runtime.sharing import shares
from engine.runtime.stimuli import stimulus_call
from engine.runtime.tissue import Listening, Tissue

Ints = NDArray[np.int64]
REMEMBERED_TICKS = 1024
"""Steps of an astrocyte that are kept where learning depends on it: synapses catch up before they go."""


def grown_delays(projection: Projection, network: Network) -> list[float]:
    """The shortest and the longest delays (ms) of the synapses that cards of a projection may make."""
    found = []
    sides = [network.populations[id].positions for id in (projection.pre, projection.post)]
    for use in projection.rules:
        card = registry.find(use.slug, "rule")
        if use.enabled and growth_loops.makes_synapses(card):
            least, speed = (
                float(use.params.get(n, card.params[n].default)) if n in card.params else 0.0
                for n in ("delay", "speed")
            )
            found.append(least)
            at = np.concatenate(sides)
            if speed > 0.0 and len(at):
                found.append(least + float(np.linalg.norm(np.ptp(at, axis=0))) / (1000.0 * speed))
    return found


def late_return(projection: Projection) -> float:
    """How long after a presynaptic spike (ms) a card of a projection still waits for it."""
    found = 0.0
    for use in projection.rules:
        card = registry.find(use.slug, "rule")
        if use.enabled and "on_late" in card.hooks:
            late = card.late  # type: ignore[attr-defined]
            found = max(found, float(use.params.get(late, card.params[late].default)))
    return found


def event_kinds(network: Network) -> list[str]:
    """The kinds of event that a synapse brings to the other synapses of its neuron, or that they hear."""
    found: set[str] = set()
    for projection in network.projections.values():
        found.add(getattr(registry.find(projection.transmission, "transmission"), "event", ""))
        found |= {getattr(registry.find(use.slug, "rule"), "hears", "") for use in projection.rules}
    return sorted(found - {""})


class Circuit:
    """All running arrays of `network` from step `now` on.

    `watched` names the projections whose synapses are probed at every presynaptic spike; `layout` is the
    room for delays of a circuit whose state is to be taken over: a block is then no longer than its were,
    though the shortest delay may have gone since.
    """

    def __init__(
        self, network: Network, now: int = 0, threads: int = 1, watched: frozenset[int] = frozenset(),
        layout: tuple[int, int, int] | None = None,
    ) -> None:  # fmt: skip
        self.network, self.now, self.threads = network, now, max(1, threads)
        self.watched = watched
        self.dt = network.dt
        self.real: type = np.float32 if network.precision == "single" else np.float64
        self.name = np.dtype(self.real).name
        self.bad = np.zeros(4, np.int64)
        self._shared: tuple[list[int], list[tuple[int, int]]] = ([], [])
        self._delays(layout)
        self._cells()
        self._rings()
        self.tissues = {
            id: Tissue(modulator, self)
            for id, modulator in network.modulators.items()
            if registry.knows(modulator.model, "modulator")
        }
        self._pathways(watched)
        self.bind()

    # -- layout ------------------------------------------------------------------------------------

    def _delays(self, layout: tuple[int, int, int] | None) -> None:
        """Shortest and longest delay decide how many steps may pass between two exchanges."""
        shortest, longest, axon = LONGEST_BLOCK, 1, 0
        self.flows_exist = False
        for projection in self.network.projections.values():
            table = projection.synapses
            if (model := flowing(projection)) is not None:
                self.flows_exist |= bool(len(table))
                held = self._hold(projection.pre)
                longest = max(longest, held, int(self.flow_delay(model, table.delay).max(initial=0)) + held)
                continue
            delay = np.maximum(
                steps(np.append(table.delay, grown_delays(projection, self.network)), self.dt), 1
            )
            if not delay.size:
                continue
            again = int(np.rint(late_return(projection) / self.dt))
            axon = max(axon, again)
            longest = max(longest, int(delay.max()))
            if projection.dendritic < 1.0 and any(use.enabled for use in projection.rules):
                axons, delay = split_delay(delay, projection.dendritic)
                axon = max(axon, int(axons.max()) + again)
            shortest = max(1, min(shortest, int(delay.min())))
        self.block = 1 if self.flows_exist else max(1, shortest)
        self.room, reach, least_axon = layout or (self.block, 0, 0)
        self.block, self.axon = min(self.block, self.room), max(axon, least_axon)
        # A step in a large circuit costs what its rings take of the cache, so they hold what is in flight
        # and no more; a small one has room for longer delays that somebody may draw.
        neurons = sum(len(p) for p in self.network.populations.values())
        self.spare = max(self.room, LONGEST_BLOCK if neurons <= TILE else 0) + 2
        self.reach = max(power_of_two(max(longest + self.spare, 8)) - self.spare, reach)

    def outgrown_in(self, network: Network) -> bool:
        """Whether what may grow in `network` takes longer than there is room for here."""
        for projection in network.projections.values():
            grown = np.array(grown_delays(projection, network))
            if grown.size:
                axon, dendrite = split_delay(np.maximum(steps(grown, self.dt), 1), projection.dendritic)
                if (axon + dendrite > self.reach).any() or axon.max() > self.axon:
                    return True
        return False

    def _hold(self, population: int) -> int:
        """For how many steps what flows from a population stays as it is."""
        record = self.network.populations[population]
        model = registry.find(record.model, record.kind)
        return max(1, round(model.every / self.dt)) if issubclass(model, Astrocyte) else 1

    @property
    def layout(self) -> tuple[int, int, int]:
        """The room for delays: steps of a block, of a delay, of an axonal delay."""
        return self.room, self.reach, self.axon

    def _cells(self) -> None:
        self.cells: dict[int, Cells] = {}
        offset = tile = 0
        for id, population in self.network.populations.items():
            cells = Cells(population, offset, tile, self.dt, self.room, self.axon, self.real)
            self.cells[id] = cells
            offset += cells.n
            tile += cells.tiles
        self.width, self.tiles = max(offset, 1), max(tile, 1)
        starts = [c.offset + t * TILE for c in self.cells.values() for t in range(c.tiles)]
        self.bounds = np.array([*starts, offset], np.int64)
        self.ids = np.concatenate([np.zeros(0, np.int64), *(c.neuron_ids for c in self.cells.values())])
        order = np.argsort(self.ids, kind="stable")
        self._sorted_ids, self._row_of_sorted = self.ids[order], order
        self.v: NDArray[Any] = np.zeros(self.width, self.real)
        self.flux: NDArray[Any] = np.zeros(self.width, self.real)
        for cells in self.cells.values():
            if cells.is_astrocyte and cells.n:
                cells.flux = self.flux[cells.offset : cells.offset + cells.n]
            if "v" in cells.states and cells.n:
                view = self.v[cells.offset : cells.offset + cells.n]
                view[:] = cells.states["v"][: cells.n]
                cells.states["v"] = view

    def rows(self, ids: Any) -> Ints:
        """The row in the whole network of each neuron id, -1 where there is none."""
        wanted = np.atleast_1d(np.asarray(ids, np.int64))
        if not self._sorted_ids.size:
            return np.full(wanted.shape, -1, np.int64)
        at = np.minimum(np.searchsorted(self._sorted_ids, wanted), self._sorted_ids.size - 1)
        return np.where(self._sorted_ids[at] == wanted, self._row_of_sorted[at], -1)

    def columns(self, cells: Cells) -> dict[str, NDArray[Any]]:
        """Everything that is known of the neurons of a population now, by name: states first."""
        found: dict[str, NDArray[Any]] = {}
        for way in self.pathways.values():
            for name, column in way.following.columns(cells).items():
                found.setdefault(name, column)
        return found | cells.excitability | cells.states

    def cells_at(self, row: int) -> Cells:
        """The population a row of the whole network belongs to."""
        for cells in self.cells.values():
            if cells.offset <= row < cells.offset + cells.n:
                return cells
        raise RunError(f"row {row} belongs to no population")

    def _rings(self) -> None:
        self.slots = power_of_two(self.reach + self.spare)
        self.rings: dict[str, NDArray[Any]] = {
            name: np.zeros(self.slots * self.width, self.real) for name in ("ring_ex", "ring_in", "ring_cur")
        }
        self.rings |= {name: np.zeros(self.width, self.real) for name in ("late_ex", "late_in")}
        for channel in sorted({name for c in self.cells.values() for name in c.channels}):
            self.rings[f"ring_{channel}"] = np.zeros(self.slots * self.width, self.real)
            self.rings[f"late_{channel}"] = np.zeros(self.width, self.real)
        for kind in event_kinds(self.network):  # when it came (times 16, and how many) by slot and neuron
            self.rings[f"event_{kind}"] = np.zeros(self.slots * self.width, np.int64)
        worst = sum(c.tiles * c.cap for c in self.cells.values())
        room = worst + (1 << 15)
        self.record: dict[str, NDArray[Any]] = {
            "record_step": np.zeros(room, np.int64),
            "record_index": np.zeros(room, np.int32),
            "record": np.array([0, room - worst - 1], np.int64),
        }

    def _pathways(self, watched: frozenset[int]) -> None:
        self.pathways: dict[int, Pathway] = {}
        self.elements: dict[int, list[Elements]] = {}
        for id, projection in self.network.projections.items():
            if flowing(projection) is not None:
                continue
            glia = self.cells.get(projection.astrocytes) if projection.astrocytes is not None else None
            if glia is not None and not glia.n:
                glia = None
            pre, post = self.cells[projection.pre], self.cells[projection.post]
            way = Pathway(projection, pre, post, glia, self.dt, self.reach, self.real, id in watched)
            way.build(self.now)
            if way.stack.roles:
                way.hearing = Listening(way, self)
            self.pathways[id] = way
            self.elements[id] = []
            for key, _ in way.stack.with_hook("grow"):
                elements = Elements(way, key, self.dt, self.network.seed)
                elements.start(self.now)
                self.elements[id].append(elements)
            self.territories(way)
            if way.glia is not None and way.stack.glia_names:
                far = REMEMBERED_TICKS if way.stack.learns_from_glia else 2 * LONGEST_BLOCK
                way.glia.keep(way.stack.glia_names, far)
            if way.following.is_any:
                self.block = 1  # what a neuron is in one step is gone in the next

    def territories(self, way: Pathway) -> None:
        """Every post neuron lies in the territory of the nearest astrocyte."""
        if way.glia is None or not way.post.n:
            return
        at, centres = way.post.population.positions, way.glia.population.positions
        for i in range(0, len(at), 1024):
            apart = ((at[i : i + 1024, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
            way.territory[i : i + 1024][: len(apart)] = apart.argmin(axis=1)

    def learning_from(self, astrocytes: int) -> list[Pathway]:
        """The projections in which what is learned depends on these astrocytes."""
        ways = self.pathways.values()
        return [w for w in ways if w.glia and w.glia.id == astrocytes and w.stack.learns_from_glia]

    # -- binding -----------------------------------------------------------------------------------

    def bind(self) -> None:
        """Bind every kernel to the arrays as they now are."""
        mask = self.mask = self.slots - 1
        self._bind_neurons()
        self.exchange_calls: list[Call] = []
        for c in self.cells.values():
            self.exchange_calls.append(c.exchange_call(self.record, self.bad))
            self.exchange_calls += c.event_calls(self.record, self.bad)
        self.gather_calls: list[Call] = []
        for way in self.pathways.values():
            self.bind_pathway(way)
            if way.glia is not None:
                self.gather_calls.append(way.gather_call(self.rings, mask, self.width))
        for tissue in self.tissues.values():
            self.exchange_calls += tissue.calls()
        for way in self.pathways.values():
            if way.hearing is not None:
                self.exchange_calls += way.hearing.calls(steps, self.bad)
        self._bind_inputs()
        self._bind_flows()
        self.probe_calls: list[Call] = []
        self.tables()

    def _bind_neurons(self) -> None:
        late = any(way.is_late for way in self.pathways.values())
        for cells in self.cells.values():
            cells.take_switches()
            cells.has_tuner = any(w.post is cells and w.following.tunes for w in self.pathways.values())
        self.neuron_calls = [
            c.step_call(self.rings, self.bad, self.mask, self.width, late, self.network.seed)
            for c in self.cells.values()
            if c.n
        ]
        self.keep_calls = [call for c in self.cells.values() if c.kept for call in c.keep_calls()]

    def bind_numbers(self, *, neurons: bool, inputs: bool) -> None:
        """Bind anew what reads parameters of neurons, or of inputs, after they were set."""
        if neurons:
            self._bind_neurons()
        if inputs:
            self._bind_inputs()
        self.tables()

    def bind_pathway(self, way: Pathway) -> None:
        """Bind one projection anew, after its pool moved."""
        way.connect(self.rings, self.mask, self.width, self.network.seed, self.bad)

    def _bind_inputs(self) -> None:
        self.input_calls: list[Call] = []
        relays = np.zeros(self.width, bool)
        for c in self.cells.values():
            if c.is_relay:
                relays[c.offset : c.offset + c.n] = True
        for given in self.network.inputs.values():
            rows = self.rows(given.targets)
            keep = np.flatnonzero(rows >= 0)
            keep = keep[np.argsort(rows[keep], kind="stable")]
            found = rows[keep]
            self.input_calls.append(
                stimulus_call(
                    given, found, given.targets[keep], keep, relays[found], self.bounds, self.rings,
                    self.mask, self.width, self.dt, self.network.seed, self.name,
                )
            )  # fmt: skip

    def _bind_flows(self) -> None:
        self.flow_calls: list[Call] = []
        for projection in self.network.projections.values():
            model = flowing(projection)
            if model is not None and len(projection.synapses) and projection.enabled:
                delay = self.flow_delay(model, projection.synapses.sorted()["delay"])
                self.flow_calls.append(flow_call(self, projection, model, delay))

    def flow_delay(self, model: type[Transmission], delay: Any) -> Ints:
        """After how many steps more a flow arrives; what flows both ways meets no delay."""
        return np.zeros(len(delay), np.int64) if model.both_ways else steps(delay, self.dt)

    def tables(self) -> None:
        """The addresses the driver runs through."""
        following = [call for way in self.pathways.values() for call in way.following.follow]
        arrivals: list[Call] = []
        for way in sorted(self.pathways.values(), key=lambda way: not way.stack.transmission.event):
            follow = way.following
            delivers = (follow.live, way.visit, follow.flow) if way.projection.enabled else ()
            each = (way.remember, way.listen, *delivers)
            arrivals += [call for call in each if call is not None]
        self.called = {
            "inputs": calls.table([*self.gather_calls, *self.input_calls]),
            "gaps": calls.table(self.flow_calls),
            "neurons": calls.table([*self.neuron_calls, *following]),
            "probes": calls.table([*self.keep_calls, *self.probe_calls]),
            "exchange": calls.table(self.exchange_calls),
            "arrivals": calls.table(arrivals),
        }

    # -- stepping ----------------------------------------------------------------------------------

    def advance(self, end: int) -> None:
        """Run to step `end`, or stop at the exchange where something went wrong or a record is full."""
        if self.threads > 1 and self.tiles > 1:
            self._advance_together(end)
        else:
            c = self.called
            done = calls.run(
                c["inputs"], c["gaps"], c["neurons"], c["probes"], c["exchange"], c["arrivals"],
                self.now + 1, end + 1, self.block, self.tiles, self.bad,
            )  # fmt: skip
            self.now = int(done) - 1

    def _advance_together(self, end: int) -> None:
        """The same steps on several threads; each owns whole tiles, so the bits are the same."""
        c = self.called
        block = 1 if len(c["gaps"]) or len(c["probes"]) else self.block
        versions = [way.synapses.version for way in self.pathways.values()]
        if versions != self._shared[0] or not self._shared[1]:
            owned = shares(self.cells.values(), self.pathways.values(), self.tiles, self.threads)
            self._shared = versions, owned
        self.now = together.run(c, self.now + 1, end + 1, block, self.tiles, self.bad, self._shared[1]) - 1

    def take_record(self) -> tuple[Ints, Ints]:
        """The spikes since the last time, (step, row in the network), and an empty record."""
        n = int(self.record["record"][0])
        self.record["record"][0] = 0
        return self.record["record_step"][:n].copy(), self.record["record_index"][:n].astype(np.int64)
