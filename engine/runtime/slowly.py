"""The slow clock: sweeps, homeostasis, pruning, growth, sampled synapses, each at its multiple of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.network.declared import born_with
from engine.network.parts import Probe
from engine.runtime.cells import LONGEST_BLOCK
from engine.runtime.circuit import REMEMBERED_TICKS, Circuit
from engine.runtime.forming import Forming, distance
from engine.runtime.growth import Change, Elements, Uncounted
from engine.runtime.pathway import Pathway, steps
from engine.runtime.stimuli import on_grid

if TYPE_CHECKING:
    from engine.runtime.simulation import Simulation

Ints = NDArray[np.int64]


class Slowly:
    """What happens between steps, last in its step: first scaling and its kin, then pruning, then growth."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self.recent: list[tuple[Ints, Ints]] = []
        self.bind()

    def bind(self) -> None:
        """Find the periods anew, after an edit."""
        sim, dt = self.sim, self.sim.dt
        self.periods: list[tuple[int, Pathway, str]] = []
        self.growing: list[tuple[int, Elements]] = []
        self.forming: list[tuple[int, Forming]] = []
        for id, way in sim.circuit.pathways.items():
            homeostatic = way.stack.with_hook("on_neuron", ("homeostasis",))
            for key, _ in dict.fromkeys([*way.stack.with_hook("on_slow"), *homeostatic]):
                self.periods.append((self._period(way, key), way, key))
            for elements in sim.circuit.elements[id]:
                self.growing.append((self._period(way, elements.key), elements))
            for key, _ in way.stack.with_hook("form"):
                self.forming.append((self._period(way, key), Forming(way, key, sim.circuit.network.seed)))
        carriers: dict[tuple[int, str], list[tuple[Pathway, str]]] = {}
        for way in sim.circuit.pathways.values():
            for key in dict.fromkeys(key for key, *_ in way.stack.totals):
                carriers.setdefault((way.post.id, way.card(key)[0].slug), []).append((way, key))
        self.carriers = list(carriers.values())
        self.sampled: list[tuple[int, Probe]] = []
        for probe in sim.base.probes.values():
            sampled = probe.enabled and not isinstance(probe.every, str)
            if sampled and sim.recorder.on_synapses(sim.circuit, probe):
                every = int(on_grid(np.array([float(probe.every)]), dt, "probe")[0])
                self.sampled.append((max(1, every), probe))
        self.fading = [
            ((REMEMBERED_TICKS - 24) * way.glia.every - LONGEST_BLOCK, way)
            for way in sim.circuit.pathways.values()
            if way.glia is not None and way.is_lazy and way.stack.learns_from_glia
        ]
        self.lazy = any(way.is_lazy for way in sim.circuit.pathways.values())

    def _period(self, way: Pathway, key: str) -> int:
        return max(1, int(steps(way.value(key, "update"), self.sim.dt)))

    def next_after(self, now: int, end: int) -> int:
        """The next step at which something slow is due, at most `end`."""
        shelves = (self.periods, self.growing, self.forming, self.sampled, self.fading)
        every = [entry[0] for shelf in shelves for entry in shelf]
        if self.lazy:
            every.append(self.sim.base.sweep)
        return min([end, *((now // p + 1) * p for p in every)])

    def note(self, step: Ints, row: Ints) -> None:
        """Keep spikes for the growth cards, which count them when they are due."""
        if self.growing and step.size:
            self.recent.append((step, row))

    def tick(self, step: int) -> None:
        """Everything due at this step."""
        sim = self.sim
        due = [(p, way, key) for p, way, key in self.periods if step % p == 0]
        growing = [(p, e) for p, e in self.growing if step % p == 0]
        if self.lazy and step % sim.base.sweep == 0:
            for way in sim.circuit.pathways.values():
                way.sweep(step)
        for period, way in self.fading:
            if step % period == 0:
                way.sweep(step)
        apart = self.share([(way, key) for _, way, key in due], step)
        for way in dict.fromkeys(way for _, way, _ in due):
            way.sweep(step)
            if way.projection.rests:
                continue
            way.due[:] = 0.0
            for period, owner, key in due:
                if owner is way:
                    way.due[int(key)] = period * sim.dt * sim.base.slow
            for call in (way.following.settle, way.slow):
                if call is not None:
                    phase = step + 2 if call is way.slow and way in apart else step
                    call(step, phase, way.post.first_tile, way.post.first_tile + way.synapses.tiles)
            self.remove(way, step)
        for period, forming in self.forming:
            if step % period == 0 and not forming.pathway.projection.rests:
                pre, post = forming.pairs(step, period * sim.dt * sim.base.slow)
                self.join(forming.pathway, forming.key, pre, post, step)
        if growing:
            spikes = self.spikes()
            for _, elements in growing:
                self.grow(elements, spikes, step)
        for period, probe in self.sampled:
            if step % period == 0:
                sim.recorder.sample_synapses(sim.circuit, probe, step)

    def share(self, due: list[tuple[Pathway, str]], step: int) -> set[Pathway]:
        """Add up the sums that projections onto the same neurons share, since they carry the same card.

        Returns the projections whose sums are ready; those of the others are their own affair.
        """
        groups = [members for members in self.carriers if any(one in due for one in members)]
        apart = {way for members in groups if len(members) > 1 for way, _ in members}
        for members in groups:
            if not any(way in apart for way, _ in members):
                continue
            for way, key in members:
                way.sweep(step)
                way.due[:] = 0.0
                way.due[int(key)] = 1.0
                assert way.slow is not None
                way.slow(step, step + 1, way.post.first_tile, way.post.first_tile + way.synapses.tiles)
            for name in members[0][0].card(members[0][1])[0].totals:
                found = [way.totals[f"T{key}_{name}"] for way, key in members]
                whole = np.sum(found, axis=0)
                for each in found:
                    each[:] = whole
        return apart

    # -- structure ---------------------------------------------------------------------------------

    def spikes(self) -> Uncounted:
        """The spikes no growth card has counted yet."""
        none = np.zeros(0, np.int64)
        return Uncounted(
            np.concatenate([none, *(s for s, _ in self.recent)]),
            np.concatenate([none, *(r for _, r in self.recent)]),
            self.sim.circuit.width,
        )

    def grow(self, elements: Elements, spikes: Uncounted, step: int) -> None:
        """Move elements on, let synapses without elements go, and join free ends."""
        sim, way = self.sim, elements.pathway
        held = [z.copy() for z in elements.z]
        elements.grow(step, spikes, sim.base.slow)
        oldest = min(e.step for _, e in self.growing)
        self.recent = [(s, r) for s, r in self.recent if s[-1] > oldest]
        if way.projection.rests:  # calcium goes on, the elements stay
            elements.z = held
            return
        for _ in elements.let_go(step):
            self.remove(way, step)
        pre, post = elements.match(step)
        self.join(way, elements.key, pre, post, step)
        elements.fade()

    def join(self, way: Pathway, key: str, pre: Ints, post: Ints, step: int) -> None:
        """Make a synapse between each of some pairs of rows, as a card says."""
        if not pre.size:
            return
        sim, card = self.sim, way.stack.rules[int(key)]
        way.sweep(step)
        ids = np.asarray(sim.engine_ids.fresh(pre.size))
        weight = way.sign * born_with(way.projection, way.value(key, "weight"))
        delay = self.delays(way, key, pre, post)
        axon, dendrite = way.split(delay)
        len(way.projection.synapses)  # a table that was put off is written before the arrays change
        way.synapses.add(ids, pre, post, weight, axon, dendrite, step)
        self.rebind(way)
        from_, to = way.pre.neuron_ids[pre], way.post.neuron_ids[post]
        way.projection.synapses.append(ids, from_, to, weight, delay)
        sim.changes.append(
            Change(
                "grown", way.id, ids, from_, to, np.full(pre.size, weight), delay,
                card.slug, self.told(way, key, getattr(card, "because", "")), step,
            )
        )  # fmt: skip

    def delays(self, way: Pathway, key: str, pre: Ints, post: Ints) -> NDArray[np.float64]:
        """The delays (ms) of new synapses: what the card says and the time the distance takes."""
        found = np.full(pre.size, way.value(key, "delay"))
        speed = way.value(key, "speed") if "speed" in way.stack.rules[int(key)].params else 0.0
        if speed > 0.0:
            wrap = way.value(key, "torus") if "torus" in way.stack.rules[int(key)].params else 0.0
            ends = way.pre.population.positions[pre], way.post.population.positions[post]
            found += distance(*ends, wrap) / (1000.0 * speed)
            found = np.minimum(np.maximum(steps(found, self.sim.dt), 1), way.reach) * self.sim.dt
        return found

    def remove(self, way: Pathway, step: int) -> None:
        """Take out the synapses a card marked, and say which card and why."""
        syn = way.synapses
        if not syn.doomed[: syn.used].any():
            return
        marked = np.flatnonzero(syn.doomed[: syn.used])
        place, row, axon, dendrite = syn.expanded()
        where = np.zeros(syn.used, np.int64)
        where[place] = np.arange(place.size)
        at = where[marked]
        pre, post = way.pre.neuron_ids[row[at]], way.post.neuron_ids[syn.post[marked]]
        ids, weight = syn.ids_at(marked), syn.weight[marked].astype(np.float64)
        delay = np.round((axon + dendrite)[at] * self.sim.dt, 9)
        card = syn.doomed[marked].astype(np.int64) - 1
        len(way.projection.synapses)  # a table that was put off is written before the arrays change
        syn.remove_doomed()
        way.projection.synapses.remove(ids)
        self.rebind(way)
        for key in np.unique(card).tolist():
            mine = np.flatnonzero(card == key)
            mine = mine[np.argsort(ids[mine], kind="stable")]
            rule = way.stack.rules[key]
            why = self.told(way, str(key), getattr(rule, "why", "")) or rule.label
            self.sim.changes.append(
                Change(
                    "pruned",
                    way.id,
                    ids[mine],
                    pre[mine],
                    post[mine],
                    weight[mine],
                    delay[mine],
                    rule.slug,
                    why,
                    step,
                )
            )

    @staticmethod
    def told(way: Pathway, key: str, sentence: str) -> str:
        """What a card says in the log, with the numbers of its parameters."""
        return sentence.format(**{n: way.value(key, n) for n in way.stack.rules[int(key)].params})

    def rebind(self, way: Pathway) -> None:
        """The pool of a projection changed: bind its kernels and the driver anew, if an array has moved."""
        if way.is_bound():
            return
        circuit = self.sim.circuit
        circuit.bind_pathway(way)
        circuit.tables()

    def follow(self, old: Circuit, new: Circuit) -> None:
        """The circuit was rebuilt: spikes still to be counted move to their new rows."""
        moved = []
        for step, row in self.recent:
            at = new.rows(old.ids[row])
            moved.append((step[at >= 0], at[at >= 0]))
        self.recent = [(step, row) for step, row in moved if step.size]
        self.bind()

    # -- captures ----------------------------------------------------------------------------------

    def capture(self) -> dict[str, NDArray[Any]]:
        """The spikes that growth has still to count."""
        spikes = self.spikes()
        return {"slow/spike_step": spikes.when, "slow/spike_row": spikes.who}

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Take the pending spikes back and find the periods anew."""
        self.bind()
        step, row = state["slow/spike_step"], state["slow/spike_row"]
        self.recent = [(step.copy(), row.copy())] if step.size else []
