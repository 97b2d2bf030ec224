"""From a frame of the running engine to the scene: potentials, spikes, weights, calcium, modulators."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.canvas.changes import Changes
from editor.canvas.columns import MISSING
from editor.canvas.contacts import Clouds, Releases, fullness, has_dendrite
from editor.canvas.scene import Scene
from editor.canvas.scene_parts import HEAD, NEVER, RECEPTOR_SHARE, SPINE
from engine import registry
from engine.errors import UnknownName

OFTEN = 50_000
"""Projections of more synapses than this have their weights read four times a second, not every frame."""
SELDOM = 0.25

BOUTONS, SPINES, CALCIUM, MODULATOR = "boutons", "spines", "calcium", "modulator"
MATURITY, LOCI, ELIGIBILITY = "maturity", "loci", "eligibility"
RELEASED, CLEFTS, RETURNED, SENSITIVITY = "released", "clefts", "returned", "gain_ex"
"""Quantities the engine may be asked for (see `engine.live.messages.Watch`)."""


class Intake:
    """Reads frames into a scene, each only once; keeps what it needs to know from one to the next."""

    def __init__(self, scene: Scene, changes: Changes) -> None:
        """Begin before the first frame."""
        self.scene, self.changes = scene, changes
        self.forget()

    def forget(self) -> None:
        """The run begins anew, or goes back: the next frame is the first."""
        self.scene.meters.clear()
        self.scene.contacts.forget()
        self._step = -1
        self._timeline = -1
        self._at = -1e9
        self._rows: dict[int, tuple[object, NDArray[np.int32]]] = {}
        self._weighed: dict[int, float] = {}
        self._targets: dict[int, float] = {}
        self._peaks: dict[int, tuple[float, float]] = {}
        self._levels: dict[int, float] = {}

    def take(self, frame: Any, network: Any, speed: float, now: float) -> None:
        """Show a frame that arrived at `now` (wall time, s); `speed` is biological over wall time."""
        timeline = int(getattr(frame, "timeline", 0))
        if timeline != self._timeline:
            if self._timeline >= 0:
                self.forget()
            self._timeline = timeline
        quantities = getattr(frame, "quantities", None) or {}
        if network is not None:
            self._follow_spikes(quantities, network)
        self._take_potentials(frame)
        self._take_spikes(frame, speed, now)
        self._take_weights(frame, now)
        self.scene.meters.take(getattr(frame, "samples", None) or {}, speed)
        if quantities and network is not None:
            self._take_quantities(quantities, network, now)
            self._take_contacts(quantities, network, frame)
        self._step = int(getattr(frame, "step", 0))
        self._at = now

    # ---- neurons ---------------------------------------------------------------------------------

    def _take_potentials(self, frame: Any) -> None:
        v01 = getattr(frame, "v01", None)
        if v01 is None or not len(v01):
            return
        columns = self.scene.neurons
        ids = getattr(frame, "ids", None)
        if ids is None or not len(ids):
            if len(v01) == len(columns):
                columns.write("v")[:] = np.clip(v01, 0.0, 1.0)
            return
        rows = columns.rows(ids)
        known = rows != MISSING
        columns.write("v")[rows[known]] = np.clip(v01[known], 0.0, 1.0)

    def _take_spikes(self, frame: Any, speed: float, now: float) -> None:
        spikes = getattr(frame, "spikes", None)
        if spikes is None or not len(spikes):
            return
        spikes = spikes[np.searchsorted(spikes["step"], self._step, side="right") :]
        if not len(spikes):
            return
        step, t = int(frame.step), float(frame.t)
        dt = t / step if step > 0 else 0.1
        ago = (step - spikes["step"]) * dt / 1000.0 / max(speed, 1e-9)
        earliest = self._at if self._at > now - 1.0 else now - 0.1
        when = np.maximum(now - ago, min(earliest, now))
        self.changes.spiked(self.scene, spikes["id"], when)
        self.scene.contacts.spiked(spikes["id"], spikes["step"], when)

    # ---- synapses --------------------------------------------------------------------------------

    def _take_weights(self, frame: Any, now: float) -> None:
        weights = getattr(frame, "weights", None) or {}
        for projection, (ids, values) in weights.items():
            if len(ids) > OFTEN and now - self._weighed.get(projection, -1e9) < SELDOM:
                continue
            first = projection not in self._weighed
            self._weighed[projection] = now
            rows, by = self.scene.set_weights_at(self._rows_of(projection, frame, ids), values)
            if len(rows) and not first:
                self.changes.reweighed(self.scene, rows, by, now)

    def _rows_of(self, projection: int, frame: Any, ids: NDArray[np.int64]) -> NDArray[np.int32]:
        """Rows of a projection's synapses; looked up again only when synapses came or went."""
        version = getattr(frame, "structure_version", 0)
        key = (version, self.scene.wiring, len(ids), int(ids[0]) if len(ids) else 0)
        known = self._rows.get(projection)
        if known is None or known[0] != key:
            known = self._rows[projection] = (key, self.scene.synapses.rows(ids))
        return known[1]

    # ---- further quantities ----------------------------------------------------------------------

    def _take_quantities(self, quantities: dict[str, Any], network: Any, now: float) -> None:
        for id, values in (quantities.get(CALCIUM) or {}).items():
            population = network.populations.get(id)
            if population is not None and population.kind != "astrocyte":
                self._take_calcium(network, population, np.asarray(values))
        for name, side, column in ((BOUTONS, "pre", "free_boutons"), (SPINES, "post", "free_spines")):
            for id, values in (quantities.get(name) or {}).items():
                projection = network.projections.get(id)
                if projection is not None:
                    self._take_elements(network, projection, side, column, np.asarray(values))
        for ids, grown, size in (quantities.get(MATURITY) or {}).values():
            rows = self.scene.synapses.rows(ids)
            known = rows != MISSING
            rows = rows[known]
            self.scene.synapses.write(SPINE)[rows] = np.asarray(grown)[known]
            full = np.maximum(self.scene.synapses["full"][rows], 1e-12)
            self.scene.synapses.write(HEAD)[rows] = np.asarray(size)[known] / full
        for ids, release, quantum in (quantities.get(LOCI) or {}).values():
            rows = self.scene.synapses.rows(ids)
            known = rows != MISSING
            self.scene.synapses.write("release")[rows[known]] = np.asarray(release)[known]
            self.scene.synapses.write(RECEPTOR_SHARE)[rows[known]] = np.clip(quantum, 0.0, 1.0)[known]
        for id, (ids, kept) in (quantities.get(ELIGIBILITY) or {}).items():
            self._take_eligibility(id, ids, np.asarray(kept))
        for id, values in (quantities.get(MODULATOR) or {}).items():
            self._take_modulator(int(id), float(np.max(values, initial=0.0)), now)
        for population in network.populations.values():
            if population.kind == "astrocyte":
                name = calcium_state(population.model)
                values = (quantities.get(name) or {}).get(population.id) if name else None
                if values is not None and len(values) == len(population.neuron_ids):
                    self._take_astrocytes(population, np.asarray(values, np.float64), now)

    def _follow_spikes(self, quantities: dict[str, Any], network: Any) -> None:
        """Keep the spikes whose outcome these quantities tell."""
        homes = [
            network.projections[id].pre for id in quantities.get(RELEASED) or {} if id in network.projections
        ]
        homes += list(quantities.get(RETURNED) or {})
        for home in homes:
            if home in network.populations:
                self.scene.contacts.follow(np.asarray(network.populations[home].neuron_ids, np.int64))

    def _take_contacts(self, quantities: dict[str, Any], network: Any, frame: Any) -> None:
        """Outcomes of releases, transmitter in clefts, spikes that ran back, the sensitivity of receptors."""
        contacts, neurons = self.scene.contacts, self.scene.neurons
        for id, (ids, steps, vesicles) in (quantities.get(RELEASED) or {}).items():
            self._take_releases(id, np.asarray(ids), np.asarray(steps), vesicles)
        for id, (ids, own, around) in (quantities.get(CLEFTS) or {}).items():
            contacts.clouds[id] = Clouds(np.array(ids), fullness(own), fullness(around))
        dt = float(frame.t) / frame.step if frame.step > 0 else 0.1
        for id, (steps, share) in (quantities.get(RETURNED) or {}).items():
            home = network.populations.get(id)
            mine = contacts.dendrites
            if home is None or len(home.neuron_ids) != len(steps) or not len(mine.ids):
                continue
            at = np.searchsorted(mine.ids, home.neuron_ids)
            takes = np.maximum(np.rint(mine.takes[np.minimum(at, len(mine.ids) - 1)] / dt), 1.0)
            there = steps >= 0
            contacts.arrived(home.neuron_ids[there], (steps - takes)[there], share[there])
        for id, gain in (quantities.get(SENSITIVITY) or {}).items():
            home = network.populations.get(id)
            if home is not None and home.kind != "astrocyte" and len(home.neuron_ids) == len(gain):
                rows = neurons.rows(home.neuron_ids)
                neurons.write("sensitivity")[rows[rows != MISSING]] = gain[rows != MISSING]

    def _take_releases(self, projection: int, ids: Any, steps: Any, vesicles: Any) -> None:
        """Spikes that left since the last frame, with what they released; each is told of once."""
        contacts, scene = self.scene.contacts, self.scene
        before = contacts.told.get(projection)
        if before is not None and np.array_equal(before[0], ids):
            new = np.flatnonzero(before[1] != steps)
        else:
            new = np.arange(len(ids))
        contacts.told[projection] = (np.array(ids), np.array(steps))
        rows = scene.synapses.rows(ids[new])
        new, rows = new[rows != MISSING], rows[rows != MISSING]
        at = contacts.seen_at(scene.neurons["id"][scene.synapses["pre"][rows]], steps[new])
        seen = at > NEVER
        contacts.released(Releases(ids[new][seen], at[seen], np.asarray(vesicles, np.float64)[new][seen]))

    def _take_calcium(self, network: Any, population: Any, values: NDArray[Any]) -> None:
        if population.id not in self._targets:
            self._targets[population.id] = calcium_target(network, population.id)
        target = self._targets[population.id]
        rows = self.scene.neurons.rows(population.neuron_ids)
        if target > 0.0 and len(rows) == len(values):
            known = rows != MISSING
            self.scene.neurons.write("calcium")[rows[known]] = values[known] / target

    def _take_elements(
        self, network: Any, projection: Any, side: str, column: str, values: NDArray[Any]
    ) -> None:
        """Share of elements without a partner: (elements - synapses) / elements."""
        population = network.populations.get(getattr(projection, side))
        if population is None or len(population.neuron_ids) != len(values):
            return
        scene = self.scene
        mine = scene.synapses["projection"] == projection.id
        count = np.bincount(scene.synapses[side][mine], minlength=len(scene.neurons))
        rows = scene.neurons.rows(population.neuron_ids)
        known = rows != MISSING
        whole = np.floor(np.maximum(values[known], 0.0))
        vacant = np.maximum(0.0, whole - count[rows[known]])
        scene.neurons.write(column)[rows[known]] = vacant / np.maximum(whole, 1.0)

    def _take_eligibility(self, projection: int, ids: NDArray[np.int64], kept: NDArray[Any]) -> None:
        """What synapses keep for a modulator, as a share of the most that one of them has kept."""
        _, most = self._peaks.get(projection, (0.0, 0.0))
        most = max(most, float(kept.max(initial=0.0)))
        self._peaks[projection] = (0.0, most)
        rows = self.scene.synapses.rows(ids)
        known = rows != MISSING
        self.scene.synapses.write(ELIGIBILITY)[rows[known]] = kept[known] / most if most > 0.0 else 0.0

    def _take_modulator(self, id: int, level: float, now: float) -> None:
        was = self._levels.get(id, 0.0)
        peak = max(self._peaks.get(id, (0.0, 1e-12))[1], level)
        self._peaks[id] = (0.0, peak)
        self._levels[id] = level
        self.scene.set_modulator(id, level / peak, now if level > 1.02 * was + 1e-12 else None)

    def _take_astrocytes(self, population: Any, values: NDArray[np.float64], now: float) -> None:
        rest, peak = self._peaks.get(population.id, (float(values.min()), 0.0))
        rest = min(rest, float(values.min()))
        peak = max(peak, float(values.max()), 4.0 * rest)
        self._peaks[population.id] = (rest, peak)
        self.scene.set_calcium(population.neuron_ids, (values - rest) / max(peak - rest, 1e-12), now)


def wanted(network: Any) -> tuple[str, ...]:
    """The quantities the canvas would like to see in every frame of this network."""
    names: list[str] = []
    rules = [_rule(use.slug) for projection in network.projections.values() for use in projection.rules]
    if any("grow" in rule.hooks for rule in rules if rule is not None):
        names += [CALCIUM, BOUTONS, SPINES]
    if any(getattr(rule, "spine", "") for rule in rules):
        names.append(MATURITY)
    sends = [model for p in network.projections.values() if (model := _sends(p.transmission)) is not None]
    if any(rule.keeps_loci() for rule in rules if rule is not None) or any(s.probability for s in sends):
        names.append(LOCI)
    if any(rule is not None and _turns_sensitivity(rule) for rule in rules):
        names.append(SENSITIVITY)
    if any(s.outcome for s in sends):
        names.append(RELEASED)
    if any(s.cleft for s in sends):
        names.append(CLEFTS)
    if any(has_dendrite(population.model) for population in network.populations.values()):
        names.append(RETURNED)
    if any(rule.stage == "gate" and rule.fields for rule in rules if rule is not None):
        names.append(ELIGIBILITY)
    if network.modulators:
        names.append(MODULATOR)
    for population in network.populations.values():
        if population.kind == "astrocyte" and (name := calcium_state(population.model)):
            names.append(name)
    return tuple(dict.fromkeys(names))


def calcium_state(model: str) -> str:
    """The state of an astrocyte model that is its calcium; "" when it declares none."""
    try:
        states = registry.find(model, "astrocyte").states
    except UnknownName:
        return ""
    return next((name for name, state in states.items() if state.doc.lower().startswith("calcium")), "")


def calcium_target(network: Any, population: int) -> float:
    """The calcium at which the growth card of a population neither grows nor sheds; 0 for none."""
    for projection in network.projections.values():
        if population not in (projection.pre, projection.post):
            continue
        for use in projection.rules:
            growth = getattr(_rule(use.slug), "growth", None)
            if growth is None:
                continue
            row = _rule(use.slug).row(**dict(use.params))
            levels = np.geomspace(1e-5, 10.0, 2000)
            speed = np.array([growth(level, row) for level in levels])
            falls = np.flatnonzero((speed[:-1] > 0.0) & (speed[1:] <= 0.0))
            if len(falls):
                return float(levels[falls[-1] + 1])
    return 0.0


@cache
def _turns_sensitivity(rule: Any) -> bool:
    """Whether a rule turns how much a neuron makes of all excitation."""
    return SENSITIVITY in rule.read_of("post")


def _sends(slug: str) -> Any:
    try:
        return registry.find(slug, "transmission")
    except UnknownName:
        return None


def _rule(slug: str) -> Any:
    try:
        return registry.find(slug, "rule")
    except UnknownName:
        return None
