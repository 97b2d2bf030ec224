"""From a network to its scene: drawn once in full, then kept up with every edit.

What an edit did is read off the network by comparing ids, so an edit that is new to the program is
drawn too; the few edits that come many times a second are followed directly.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas.contacts import dendrites_of
from editor.canvas.raster.dress import CLAMPED, DISABLED, FROZEN, GREY, HATCHED, MUTE
from editor.canvas.raster.records import CIRCLE, DIAMOND, SQUARE
from editor.canvas.scene import Scene, tone_of
from editor.canvas.scene_parts import (
    CHEMICAL,
    GAP_JUNCTION,
    NEUTRAL,
    InputMark,
    ModulatorMark,
    Note,
    PopulationMark,
    ProbeMark,
)
from editor.inspector.meaning import unit_of
from engine import registry
from engine.errors import UnknownName
from engine.network.edits import AddSynapses, Compound, MoveNeurons, RemoveSynapses, SetSynapses
from engine.network.listening import footprint

OFF_SHARE = 0.06
"""How wide what is switched off is drawn at most, as a share of the widest."""
MOST_DIRECT = 20_000
"""Edits of more synapses than this are drawn by comparing whole tables."""


class Follower:
    """Keeps a scene equal to a network, which it only reads."""

    def __init__(self, scene: Scene, network: Any) -> None:
        """Draw the network into the scene, which should be empty."""
        self.scene, self.network = scene, network
        self._tables: dict[int, tuple[int, int]] = {}
        self._full: dict[int, float] = {}
        self._ways: dict[int, tuple[str, str]] = {}
        self._looks: dict[int, tuple[bool, bool]] = {}
        self._dress: dict[int, tuple[object, ...]] = {}
        self.sync()
        scene.sort()

    def follow(self, edit: Any) -> None:
        """The network was changed by `edit`; draw what it did."""
        if not self._follow_directly(edit):
            self.sync()

    def sync(self) -> None:
        """Draw every difference between the scene and the network."""
        self._sync_populations()
        self._sync_projections()
        self._sync_ties()
        self._sync_marks()
        self.scene.contacts.dendrites = dendrites_of(self.network)

    def grow(self, message: Any) -> None:
        """Draw what the engine grew (a `Grown` message), whether or not the network has it already."""
        projection = self._projections().get(message.projection)
        if projection is None:
            return
        self._full.setdefault(projection.id, _full_weight(projection))
        self._add(projection, message.ids, message.pre, message.post, message.weight, message.delay)
        self.remember(projection.id)

    def remember(self, projection: int) -> None:
        """The scene already shows this projection as it is (its synapses were born or died on the canvas)."""
        table = self._projections().get(projection)
        if table is not None:
            self._tables[projection] = (table.synapses.version, len(table.synapses))

    # ---- edits that come often -------------------------------------------------------------------

    def _follow_directly(self, edit: Any) -> bool:
        match edit:
            case Compound():
                return all(self._follow_directly(part) for part in edit.edits)
            case MoveNeurons():
                self.scene.move_neurons(edit.ids, edit.at)
                return True
            case SetSynapses() if edit.column == "weight":
                self.scene.set_weights(edit.ids, edit.values)
                for projection in self._projections().values():
                    self._refit(projection)
                return True
            case AddSynapses() if len(edit.ids) <= MOST_DIRECT and edit.projection in self._full:
                projection = self._projections().get(edit.projection)
                if projection is None:
                    return False
                self._add(projection, edit.ids, edit.pre, edit.post, edit.weight, edit.delay)
                self.remember(projection.id)
                self._refit(projection)
                return True
            case RemoveSynapses() if len(edit.ids) <= MOST_DIRECT:
                self.scene.remove_synapses(edit.ids)
                for id, projection in self._projections().items():
                    seen = self._tables.get(id)
                    if seen is None or len(projection.synapses) != seen[1]:
                        self.remember(id)
                        self._refit(projection)
                return True
        return False

    # ---- populations -----------------------------------------------------------------------------

    def _sync_populations(self) -> None:
        scene, populations = self.scene, list(self.network.populations.values())
        cells = [p for p in populations if p.kind != "astrocyte"]
        glia = [p for p in populations if p.kind == "astrocyte"]
        scene.populations[:] = [PopulationMark(p.id, p.label, p.sign, p.group, _is_off(p)) for p in cells]
        sources = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for modulator in self.network.modulators.values():
            sources[modulator.enabled].append(np.asarray(modulator.sources, np.int64))
        mute, active = (np.concatenate(part) for part in sources)
        _forget(scene.neurons["id"], cells, scene.remove_neurons)
        _forget(scene.astrocytes["id"], glia, scene.remove_astrocytes)
        scene.names.clear()
        for k, population in enumerate(cells):
            ids, at = population.neuron_ids, population.positions
            rows = scene.neurons.rows(ids)
            new = rows < 0
            if new.any():
                scene.add_neurons(ids[new], at[new], sign=population.sign, population=k)
            rows = scene.neurons.rows(ids)
            self._place(rows, at)
            self._dress_population(population, k, rows, np.isin(ids, active), np.isin(ids, mute))
            if population.names:
                scene.names.update(zip(ids.tolist(), population.names, strict=False))
        for population in glia:
            ids, at = population.neuron_ids, population.positions
            new = scene.astrocytes.rows(ids) < 0
            if new.any():
                scene.add_astrocytes(ids[new], at[new])
            rows = scene.astrocytes.rows(ids)
            known = scene.astrocytes
            if (known["x"][rows] != at[:, 0].astype(np.float32)).any() or (
                known["y"][rows] != at[:, 1].astype(np.float32)
            ).any():
                scene.move_neurons(ids, at)
            off = np.broadcast_to(np.asarray(population.enabled) == 0, rows.shape)
            if (known["off"][rows] != off).any():
                known.write("off")[rows] = off
                scene.glow += 1

    def _place(self, rows: NDArray[np.int32], at: NDArray[np.float64]) -> None:
        x, y = at[:, 0].astype(np.float32), at[:, 1].astype(np.float32)
        columns = self.scene.neurons
        if (columns["x"][rows] != x).any() or (columns["y"][rows] != y).any():
            columns.write("x")[rows] = x
            columns.write("y")[rows] = y
            self.scene.layout += 1

    def _dress_population(
        self,
        population: Any,
        k: int,
        rows: NDArray[np.int32],
        active: NDArray[np.bool_],
        mute: NDArray[np.bool_],
    ) -> None:
        """Give neurons the tone, shape and flags of their population.

        `active` sources release a modulator, `mute` ones would if it were not switched off.
        """
        notes = population.notes
        flags = HATCHED if notes.get("sign") == "unknown" else 0
        flags |= GREY if notes.get("wiring") == "unknown" or notes.get("unwired") else 0
        each = np.full(len(rows), flags, np.uint8)
        each |= np.where(np.asarray(population.enabled) == 0, DISABLED, 0).astype(np.uint8)
        for name, flag in (("clamped", CLAMPED), ("frozen", FROZEN)):
            each |= np.where(np.asarray(getattr(population, name)) != 0, flag, 0).astype(np.uint8)
        each |= np.where(mute & ~active, MUTE, 0).astype(np.uint8)
        releasing = active | mute
        shape = SQUARE if _is_relay(population.model) else CIRCLE
        dress = (k, population.sign, each.tobytes(), shape, int(releasing.sum()), len(rows))
        if self._dress.get(population.id) == dress:
            return
        self._dress[population.id] = dress
        columns = self.scene.neurons
        columns.write("population")[rows] = k
        columns.write("sign")[rows] = population.sign
        columns.write("tone")[rows] = tone_of(population.sign)
        columns.write("flags")[rows] = each
        columns.write("shape")[rows] = np.where(releasing, DIAMOND, shape)
        self.scene.looks += 1

    # ---- projections -----------------------------------------------------------------------------

    def _projections(self) -> dict[int, Any]:
        found: dict[int, Any] = self.network.projections
        return found

    def _sync_projections(self) -> None:
        scene, projections = self.scene, self._projections()
        scene.grows = any(map(_grows, projections.values()))
        self._sync_units()
        gone = [id for id in self._tables if id not in projections]
        if gone:
            lost = np.isin(scene.synapses["projection"], gone)
            scene.remove_synapses(scene.synapses["id"][lost])
            for id in gone:
                del self._tables[id]
                self._full.pop(id, None)
                self._looks.pop(id, None)
        for id, projection in projections.items():
            table = projection.synapses
            seen = (table.version, len(table))
            full = _full_weight(projection)
            changed = self._tables.get(id) != seen
            if changed:
                ids = table.id
                mine = scene.synapses["id"][scene.synapses["projection"] == id]
                scene.remove_synapses(np.setdiff1d(mine, ids))
                rows = scene.synapses.rows(ids)
                new = rows < 0
                self._full[id] = full
                if new.any():
                    self._add(
                        projection,
                        ids[new],
                        table.pre[new],
                        table.post[new],
                        table.weight[new],
                        table.delay[new],
                    )
                moved = rows[~new]
                if len(moved) and (scene.synapses["projection"][moved] != id).any():
                    scene.synapses.write("projection")[moved] = id
                self._tables[id] = seen
            looks = (projection.enabled, _is_plastic(projection))
            if (self._full.get(id), self._looks.get(id)) != (full, looks) or (changed and len(table)):
                self._full[id], self._looks[id] = full, looks
                self._rescale(projection, full)

    def _sync_units(self) -> None:
        """The unit of weights follows from the transmission and from the neurons it reaches."""
        homes = self.network.populations
        for id, projection in self._projections().items():
            post = homes.get(projection.post)
            ways = (projection.transmission, post.model if post is not None else "")
            if self._ways.get(id) != ways:
                self._ways[id] = ways
                self.scene.units[id] = unit_of(self.network, projection)

    def _sync_ties(self) -> None:
        """What flows between astrocytes, and from them to neurons, is a tie on the ground."""
        homes, found = self.network.populations, [np.zeros((0, 4), np.float32)]
        for projection in self._projections().values():
            pre, post = homes.get(projection.pre), homes.get(projection.post)
            if pre is None or post is None or "astrocyte" not in (pre.kind, post.kind):
                continue
            rows = [pre.rows(projection.synapses.pre), post.rows(projection.synapses.post)]
            here = (rows[0] >= 0) & (rows[1] >= 0)
            ends = [home.positions[row[here], :2] for home, row in zip((pre, post), rows, strict=True)]
            found.append(np.hstack(ends).astype(np.float32))
        self.scene.tie(np.concatenate(found))

    def _add(self, projection: Any, ids: Any, pre: Any, post: Any, weight: Any, delay: Any) -> None:
        """Draw new synapses of a projection."""
        is_gap = _gives(projection.transmission) == "gap"
        is_grey = is_gap or not projection.enabled
        more: dict[str, object] = {"tone": np.int8(NEUTRAL)} if is_grey else {}
        self.scene.add_synapses(
            ids,
            pre,
            post,
            weight,
            delay=np.asarray(delay, np.float32),
            full=np.float32(self._drawn_full(projection, self._full[projection.id])),
            projection=np.int32(projection.id),
            kind=np.int8(GAP_JUNCTION if is_gap else CHEMICAL),
            plastic=np.uint8(_is_plastic(projection)),
            off=np.uint8(not projection.enabled),
            **more,
        )

    def _refit(self, projection: Any) -> None:
        """The strongest synapse may have come, gone or changed: all are drawn against it."""
        full = _full_weight(projection)
        if self._full.get(projection.id) != full:
            self._full[projection.id] = full
            self._rescale(projection, full)

    @staticmethod
    def _drawn_full(projection: Any, full: float) -> float:
        """The weight drawn at full width; what is switched off is thin, whatever it weighs."""
        return full if projection.enabled else full / OFF_SHARE

    def _rescale(self, projection: Any, full: float) -> None:
        columns = self.scene.synapses
        rows = np.flatnonzero(columns["projection"] == projection.id)
        if not len(rows):
            return
        plastic, off = _is_plastic(projection), not projection.enabled
        full = self._drawn_full(projection, full)
        share = np.minimum(1.0, np.abs(columns["weight"][rows]) / max(full, 1e-12)).astype(np.float32)
        if (columns["off"][rows] != off).any():
            columns.write("off")[rows] = off
            sign = np.sign(columns["weight"][rows])
            sign = np.where(sign == 0.0, self.scene.neurons["sign"][columns["pre"][rows]], sign)
            is_grey = off or _gives(projection.transmission) == "gap"
            columns.write("tone")[rows] = NEUTRAL if is_grey else tone_of(sign)
            self.scene.looks += 1
        if (columns["weight01"][rows] != share).any() or (columns["plastic"][rows] != plastic).any():
            columns.write("full")[rows] = full
            columns.write("weight01")[rows] = share
            columns.write("plastic")[rows] = plastic
            self.scene.looks += 1

    # ---- marks -----------------------------------------------------------------------------------

    def _sync_marks(self) -> None:
        scene, network = self.scene, self.network
        scene.inputs[:] = [
            InputMark(i.id, i.label, i.model, np.asarray(i.targets), i.enabled)
            for i in network.inputs.values()
        ]
        scene.probes[:] = [
            ProbeMark(p.id, p.what, np.asarray(p.targets), k, p.enabled, _unit(network, p))
            for k, p in enumerate(network.probes.values())
        ]
        levels = {m.id: m for m in scene.modulators}
        scene.modulators[:] = [
            replace(levels[m.id], label=m.label, sigma=footprint(m), enabled=m.enabled)
            if m.id in levels and np.array_equal(levels[m.id].sources, m.sources)
            else ModulatorMark(m.id, m.label, np.asarray(m.sources), sigma=footprint(m), enabled=m.enabled)
            for m in network.modulators.values()
        ]

    def set_notes(self, notes: list[Note]) -> None:
        """Pin texts to the tissue (they live in the layout, not in the network)."""
        self.scene.notes[:] = notes


def _unit(network: Any, probe: Any) -> str:
    """The unit of what a probe sees of neurons, as their model declares it."""
    homes = network.population_of(probe.targets[:1])
    population = network.populations.get(int(homes[0])) if len(homes) else None
    if population is None or not registry.knows(population.model):
        return ""
    state = registry.find(population.model).states.get(probe.what)
    return state.unit if state is not None else ""


def _forget(drawn: NDArray[np.int64], populations: list[Any], remove: Any) -> None:
    """Take away what no population has any more."""
    alive = np.concatenate([p.neuron_ids for p in populations] or [np.zeros(0, np.int64)])
    gone = np.setdiff1d(drawn, alive)
    if len(gone):
        remove(gone)


def _is_off(population: Any) -> bool:
    """Whether none of its neurons takes part."""
    return bool(len(population.neuron_ids)) and not np.asarray(population.enabled).any()


def _is_plastic(projection: Any) -> bool:
    """Whether its rules change it now."""
    return bool(projection.rules) and not projection.rests


def _grows(projection: Any) -> bool:
    """Whether a rule may make or take its synapses."""
    known = (use.slug for use in projection.rules if use.enabled and registry.knows(use.slug, "rule"))
    return not projection.rests and any(registry.find(slug, "rule").stage == "structure" for slug in known)


def _full_weight(projection: Any) -> float:
    """The magnitude drawn at full width: the bound of its rules, else the largest there is."""
    if projection.rules and projection.w_max > 0.0:
        return float(projection.w_max)
    weight = projection.synapses.weight
    return float(np.abs(weight).max()) if len(weight) else 1.0


def _is_relay(slug: str) -> bool:
    try:
        return bool(getattr(registry.find(slug, "neuron"), "is_relay", False))
    except UnknownName:
        return False


def _gives(slug: str) -> str:
    try:
        return str(getattr(registry.find(slug, "transmission"), "gives", ""))
    except UnknownName:
        return ""
