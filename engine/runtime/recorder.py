"""What a run wrote down: every spike, and what the probes saw."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import UnknownName, UsageError, did_you_mean
from engine.kernels import shared_loops
from engine.kernels.calls import Call
from engine.network import Probe
from engine.runtime.cells import common
from engine.runtime.circuit import Circuit
from engine.runtime.stimuli import on_grid

Ints = NDArray[np.int64]

SPIKE = np.dtype([("step", np.int64), ("t", np.float64), ("neuron", np.int64)])
SAMPLE = np.dtype([("step", np.int64), ("t", np.float64), ("id", np.int64), ("value", np.float64)])
ROOM = 4096
"""Samples a probe holds before they are taken away."""


class Recorder:
    """The recordings of one simulation; survives edits, which rebuild the circuit under it."""

    def __init__(self, dt: float) -> None:
        self.dt = dt
        self.spike_chunks: list[tuple[Ints, Ints]] = []
        self.samples: dict[int, list[tuple[Ints, Ints, NDArray[np.float64]]]] = {}
        self.eye = np.zeros(0, np.int64)
        self.quantities: set[str] = set()
        """What rules have kept of neurons so far."""
        self.told: list[tuple[int, int, str, float]] = []
        self._bound: list[tuple[int, Ints, dict[str, NDArray[Any]]]] = []

    # -- probes on neurons -------------------------------------------------------------------------

    def bind(self, circuit: Circuit) -> None:
        """Put the electrodes of the network's probes into the circuit."""
        self._bound, circuit.probe_calls = [], []
        for way in circuit.pathways.values():
            way.synapses.watch[:] = 0
            if self.eye.size:
                place = way.synapses.places(self.eye)
                way.synapses.watch[place[place >= 0]] |= 2
        for probe in circuit.network.probes.values():
            self.samples.setdefault(probe.id, [])
            if not probe.enabled:
                continue
            if self.on_synapses(circuit, probe):
                self._watch(circuit, probe)
            elif probe.what != "spikes":
                self._attach(circuit, probe)
        for way in circuit.pathways.values():
            way.open_eyes()
        circuit.tables()

    @staticmethod
    def on_synapses(circuit: Circuit, probe: Probe) -> bool:
        """Whether the probe's targets are synapses."""
        if isinstance(probe.every, str):
            return True
        return bool(probe.targets.size) and not bool((circuit.rows(probe.targets) >= 0).any())

    def _attach(self, circuit: Circuit, probe: Probe) -> None:
        every = int(on_grid(np.array([float(probe.every)]), self.dt, f"probe {probe.label or probe.id}")[0])
        rows = circuit.rows(probe.targets)
        for cells in circuit.cells.values():
            mine = np.flatnonzero((rows >= cells.offset) & (rows < cells.offset + cells.n))
            if not mine.size:
                continue
            columns = circuit.columns(cells)
            if probe.what not in columns and probe.what in self.quantities:
                continue  # the rule that kept it is gone: the probe waits
            self.quantities |= columns.keys() - cells.states.keys()
            if probe.what not in columns:
                known = sorted([*columns, "spikes"])
                raise UnknownName(
                    f"probe {probe.label or probe.id}: {cells.model.label} has no {probe.what!r}"
                    f"{did_you_mean(probe.what, known)}; it has {', '.join(known)}"
                )
            out = {"out_step": np.zeros(ROOM, np.int64), "out_value": np.zeros(ROOM * mine.size)}
            ii = np.array([max(every, 1), mine.size, 0, ROOM - 64, cells.first_tile], np.int64)
            source = columns[probe.what]
            real = source.dtype.name
            circuit.probe_calls.append(
                Call(
                    common(real, "probe"), "probe", shared_loops.probe_arrays(real), ii=ii,
                    source=source, index=np.ascontiguousarray(rows[mine] - cells.offset),
                    bad=circuit.bad, **out,
                )
            )  # fmt: skip
            self._bound.append((probe.id, probe.targets[mine], {"ii": ii, **out}))

    def _watch(self, circuit: Circuit, probe: Probe) -> None:
        if probe.every != "pre":
            return
        for way in circuit.pathways.values():
            place = way.synapses.places(probe.targets)
            way.synapses.watch[place[place >= 0]] |= 1
            if (place >= 0).any():
                self._check_field(way, probe.what)

    @staticmethod
    def _check_field(way: Any, what: str) -> None:
        known = ["weight", "transmitted", *(name for _, name in way.stack.fields)]
        if what not in known:
            raise UnknownName(
                f"probe: synapses of {way.label!r} have no {what!r}{did_you_mean(what, known)}; "
                f"they have {', '.join(known)}"
            )

    # -- taking in ---------------------------------------------------------------------------------

    def take(self, circuit: Circuit) -> tuple[Ints, Ints]:
        """Empty the records of the circuit; returns the new spikes as (step, row in the network)."""
        step, row = circuit.take_record()
        if step.size:
            self.spike_chunks.append((step, circuit.ids[row]))
        for probe, targets, out in self._bound:
            rows = int(out["ii"][2])
            if rows:
                values = out["out_value"][: rows * targets.size]
                when = np.repeat(out["out_step"][:rows], targets.size)
                self.samples[probe].append((when, np.tile(targets, rows), values.copy()))
                out["ii"][2] = 0
        for way in circuit.pathways.values():
            if way.noted and way.noted["noted"][0]:
                self._take_noted(circuit, way)
            if way.noted and way.noted["told"][0]:
                self._take_told(way)
        return step, row

    def _take_noted(self, circuit: Circuit, way: Any) -> None:
        n = int(way.noted["noted"][0])
        names = ["weight", "transmitted", *(name for _, name in way.stack.fields)]
        table = way.noted["seen_value"].reshape(-1, len(names))[:n].copy()
        when, who = way.noted["seen_step"][:n].copy(), way.noted["seen_id"][:n].copy()
        way.noted["noted"][0] = 0
        for probe in circuit.network.probes.values():
            if probe.enabled and probe.every == "pre" and probe.what in names:
                mine = np.isin(who, probe.targets)
                if mine.any():
                    self.samples[probe.id].append(
                        (when[mine], who[mine], table[mine, names.index(probe.what)])
                    )

    def _take_told(self, way: Any) -> None:
        n = int(way.noted["told"][0])
        cards = [*way.stack.credit_names]
        found = zip(
            way.noted["told_step"][:n].tolist(), way.noted["told_id"][:n].tolist(),
            way.noted["told_card"][:n].tolist(), way.noted["told_value"][:n].tolist(), strict=True,
        )  # fmt: skip
        self.told += [(step, id, cards[card], value) for step, id, card, value in found]
        way.noted["told"][0] = 0

    def sample_synapses(self, circuit: Circuit, probe: Probe, step: int) -> None:
        """Write down a quantity of some synapses as it is at `step`, committing nothing."""
        for way in circuit.pathways.values():
            place = way.synapses.places(probe.targets)
            here = np.flatnonzero(place >= 0)
            if not here.size:
                continue
            self._check_field(way, probe.what)
            now = way.peek(step)
            keys = {name: f"F{key}_{name}" for key, name in way.stack.fields}
            column = now["W" if probe.what in ("weight", "transmitted") else keys[probe.what]]
            values = column[place[here]].astype(np.float64)
            self.samples[probe.id].append((np.full(here.size, step), probe.targets[here], values))

    # -- giving out --------------------------------------------------------------------------------

    def spikes(self) -> NDArray[np.void]:
        """Every spike, sorted by (t, id)."""
        step, neuron = self._joined(self.spike_chunks)
        order = np.lexsort((neuron, step))
        found = np.zeros(step.size, SPIKE)
        found["step"], found["neuron"] = step[order], neuron[order]
        found["t"] = np.round(found["step"] * self.dt, 9)
        return found

    def spikes_since(self, step: int) -> tuple[Ints, Ints]:
        """The spikes after `step`, as (step, neuron id)."""
        late = [c for c in self.spike_chunks if c[0].size and c[0][-1] > step]
        when, neuron = self._joined(late)
        mine = when > step
        return when[mine], neuron[mine]

    @staticmethod
    def _joined(chunks: list[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
        none = np.zeros(0, np.int64)
        return (
            np.concatenate([none, *(step for step, _ in chunks)]),
            np.concatenate([none, *(neuron for _, neuron in chunks)]),
        )

    def record(self, probe: Probe) -> NDArray[np.void]:
        """What a probe saw, sorted by (t, id)."""
        if probe.what == "spikes":
            step, neuron = self._joined(self.spike_chunks)
            mine = np.isin(neuron, probe.targets)
            when, ids, values = step[mine], neuron[mine], np.ones(int(mine.sum()))
        else:
            chunks = self.samples.get(probe.id, [])
            none = np.zeros(0, np.int64)
            when = np.concatenate([none, *(c[0] for c in chunks)])
            ids = np.concatenate([none, *(c[1] for c in chunks)])
            values = np.concatenate([np.zeros(0), *(c[2] for c in chunks)])
        order = np.lexsort((ids, when))
        found = np.zeros(when.size, SAMPLE)
        found["step"], found["id"], found["value"] = when[order], ids[order], values[order]
        found["t"] = np.round(found["step"] * self.dt, 9)
        return found

    def forget_after(self, step: int) -> None:
        """Drop what was recorded after `step`: that future did not happen."""
        self.spike_chunks = [
            (s[s <= step], n[s <= step]) for s, n in self.spike_chunks if s.size and s[0] <= step
        ]
        for probe, chunks in self.samples.items():
            self.samples[probe] = [(s[s <= step], i[s <= step], v[s <= step]) for s, i, v in chunks]

    def forget_before(self, step: int) -> None:
        """Drop what is older than `step`, so that a long live run stays small."""
        self.spike_chunks = [c for c in self.spike_chunks if c[0].size and c[0][-1] > step]
        for probe, chunks in self.samples.items():
            self.samples[probe] = [c for c in chunks if c[0].size and c[0][-1] > step]


def checked_probe(network: Any, probe: Any) -> Probe:
    """The probe record behind a view or an id; raises UsageError when it is none."""
    try:
        found = network.probes.get(int(probe))
    except (TypeError, ValueError, OverflowError):
        found = None
    if found is None:
        raise UsageError(f"{probe!r} is not a probe of this network; add one with add_probe")
    return found  # type: ignore[no-any-return]
