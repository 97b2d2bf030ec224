"""What is drawn: plain columns for neurons, synapses, astrocytes, modulators and marks, no Qt.

The scene is owned by the window's thread and updated in place.  `lend` gives the drawing thread the
columns as they are at that moment.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from editor.canvas.columns import MISSING, Columns
from editor.canvas.compiled import quick
from editor.canvas.contacts import Contacts
from editor.canvas.meters import Meters
from editor.canvas.morton import order_of_lines
from editor.canvas.raster.layout import sorted_by
from editor.canvas.scene_parts import (
    ASTROCYTE_COLUMNS,
    EXCITATORY,
    INHIBITORY,
    NEURON_COLUMNS,
    NEURON_WIDTHS,
    NEUTRAL,
    SYNAPSE_COLUMNS,
    InputMark,
    ModulatorMark,
    Note,
    PopulationMark,
    ProbeMark,
)

Table = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class SceneView:
    """The scene at one moment, lent to the drawing thread; never written."""

    neurons: Table
    synapses: Table
    astrocytes: Table
    populations: tuple[PopulationMark, ...]
    spacing: float
    layout: int
    wiring: int
    looks: int
    glow: int
    ties: NDArray[np.float32]
    """Where what flows to and from astrocytes begins and ends: (n, 4) um."""


@dataclass
class Scene:
    """Everything the canvas draws.

    Four counters tell a drawing what it lags behind: `layout` counts changes of place, `wiring` those
    of which synapses there are, `looks` those of their appearance, `glow` those of the astrocytes.
    """

    neurons: Columns = field(default_factory=lambda: Columns(NEURON_COLUMNS, NEURON_WIDTHS))
    synapses: Columns = field(default_factory=lambda: Columns(SYNAPSE_COLUMNS))
    astrocytes: Columns = field(default_factory=lambda: Columns(ASTROCYTE_COLUMNS))
    populations: list[PopulationMark] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    inputs: list[InputMark] = field(default_factory=list)
    probes: list[ProbeMark] = field(default_factory=list)
    meters: Meters = field(default_factory=Meters)
    """What the probes saw of late."""
    modulators: list[ModulatorMark] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    contacts: Contacts = field(default_factory=Contacts)
    """What frames tell of single contacts and dendrites."""
    layout: int = 0
    wiring: int = 0
    looks: int = 0
    glow: int = 0
    ties: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    units: dict[int, str] = field(default_factory=dict)
    """The unit of the weights of each projection."""
    grows: bool = False
    """Whether a rule may make synapses or take them away."""
    magnified: float = 1.0
    """How much larger than their distances ask for neurons and lines are drawn, as in small pictures."""
    _spacing: tuple[int, float] = (-1, 55.0)
    _outgoing: tuple[tuple[int, int], NDArray[np.int64], NDArray[np.int32]] | None = None

    def tie(self, ends: NDArray[np.float32]) -> None:
        """Draw what flows to and from astrocytes, from and to these places: (n, 4) um."""
        if self.ties.shape != ends.shape or (self.ties != ends).any():
            self.ties = ends
            self.layout += 1

    # ---- neurons -----------------------------------------------------------------------------

    def add_neurons(self, ids: ArrayLike, um: ArrayLike, *, sign: ArrayLike = 1, **columns: object) -> None:
        """Draw neurons at (n, 2 or 3) um; `sign` +1, -1 or 0, further columns by name."""
        at = np.atleast_2d(np.asarray(um, dtype=np.float32))
        new = np.atleast_1d(np.asarray(ids, dtype=np.int64))
        signs = np.broadcast_to(np.asarray(sign, dtype=np.int8), new.shape)
        columns.setdefault("tone", tone_of(signs))
        columns.setdefault("variety", 1.0 + 0.10 * _spread(new))
        self.neurons.append(new, x=at[:, 0], y=at[:, 1], sign=signs, **columns)
        self.layout += 1

    def remove_neurons(self, ids: ArrayLike) -> None:
        """Take neurons away, and every synapse that begins or ends at one."""
        rows = _known(self.neurons.rows(ids))
        if not len(rows):
            return
        gone = np.zeros(len(self.neurons), bool)
        gone[rows] = True
        pre, post = self.synapses["pre"], self.synapses["post"]
        touching = np.flatnonzero(gone[pre] | gone[post])
        if len(touching):
            self.synapses.remove(touching)
        self.wiring += 1
        was, now = self.neurons.remove(rows)
        if len(was):
            place = np.arange(len(gone), dtype=np.int32)
            place[was] = now
            for end in ("pre", "post"):
                column = self.synapses.write(end)
                column[:] = place[column]
        self.layout += 1

    def move_neurons(self, ids: ArrayLike, um: ArrayLike) -> None:
        """Put neurons (or astrocytes) elsewhere; ids that are gone are skipped."""
        at = np.atleast_2d(np.asarray(um, dtype=np.float32))
        for table in (self.neurons, self.astrocytes):
            rows = table.rows(ids)
            known = rows != MISSING
            if known.any():
                table.write("x")[rows[known]] = at[known, 0]
                table.write("y")[rows[known]] = at[known, 1]
        self.layout += 1

    def add_astrocytes(self, ids: ArrayLike, um: ArrayLike) -> None:
        """Draw astrocytes at (n, 2 or 3) um."""
        at = np.atleast_2d(np.asarray(um, dtype=np.float32))
        self.astrocytes.append(ids, x=at[:, 0], y=at[:, 1])
        self.layout += 1

    def remove_astrocytes(self, ids: ArrayLike) -> None:
        """Take astrocytes away."""
        rows = _known(self.astrocytes.rows(ids))
        if len(rows):
            self.astrocytes.remove(rows)
            self.layout += 1

    # ---- synapses ----------------------------------------------------------------------------

    def add_synapses(
        self, ids: ArrayLike, pre: ArrayLike, post: ArrayLike, weight: ArrayLike, **columns: object
    ) -> NDArray[np.int32]:
        """Draw synapses between neuron ids; those with an unknown end are skipped.

        `full` is the magnitude drawn at full width.  Returns the rows.
        """
        new = np.atleast_1d(np.asarray(ids, dtype=np.int64))
        pre_rows, post_rows = self.neurons.rows(pre), self.neurons.rows(post)
        weights = np.broadcast_to(np.asarray(weight, dtype=np.float32), new.shape)
        known = (pre_rows != MISSING) & (post_rows != MISSING) & (self.synapses.rows(new) == MISSING)
        given = {
            name: np.broadcast_to(np.asarray(values), new.shape)[known] for name, values in columns.items()
        }
        full = np.asarray(given.setdefault("full", np.ones(int(known.sum()), np.float32)), np.float32)
        signs = np.sign(weights[known]).astype(np.int8)
        if "tone" not in given:
            given["tone"] = tone_of(np.where(signs == 0, self.neurons["sign"][pre_rows[known]], signs))
        rows = self.synapses.append(
            new[known],
            pre=pre_rows[known],
            post=post_rows[known],
            weight=weights[known],
            weight01=np.minimum(1.0, np.abs(weights[known]) / np.maximum(full, 1e-12)),
            **given,
        )
        self._spread_multapses(rows)
        self.wiring += 1
        return rows

    def remove_synapses(self, ids: ArrayLike) -> None:
        """Take synapses away; ids that are gone are skipped."""
        rows = _known(self.synapses.rows(ids))
        if len(rows):
            self.synapses.remove(rows)
            self.wiring += 1

    def set_weights(self, ids: ArrayLike, weight: ArrayLike) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Give synapses their weights now.  Returns the rows and by how much each grew, 0 to 1 of full."""
        return self.set_weights_at(self.synapses.rows(ids), weight)

    def set_weights_at(
        self, rows: NDArray[np.int32], weight: ArrayLike
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The same for rows; those that are -1 are skipped."""
        values = np.broadcast_to(np.asarray(weight, dtype=np.float32), rows.shape)
        known = rows != MISSING
        rows, values = rows[known], values[known]
        if not len(rows):
            return rows, values
        was = self.synapses["weight01"][rows]
        now = np.minimum(1.0, np.abs(values) / np.maximum(self.synapses["full"][rows], 1e-12))
        changed = now != was
        if changed.any():
            self.synapses.write("weight01")[rows[changed]] = now[changed]
            self.synapses.write("weight")[rows[changed]] = values[changed]
            self.looks += 1
        return rows[changed], (now - was)[changed].astype(np.float32)

    def show_synapses(self, ids: ArrayLike, shown: bool) -> None:
        """Hide synapses from the standing picture (while they are animated), or show them again."""
        rows = _known(self.synapses.rows(ids))
        if len(rows):
            self.synapses.write("shown")[rows] = shown
            self.looks += 1

    def sort(self) -> None:
        """Order the synapses so that neighbours on the canvas are neighbours in memory."""
        if len(self.synapses) > 20_000:
            x, y = self.neurons["x"], self.neurons["y"]
            self.synapses.reorder(order_of_lines(x, y, self.synapses["pre"], self.synapses["post"]))
            self.wiring += 1

    def _spread_multapses(self, rows: NDArray[np.int32]) -> None:
        """Number the synapses of one pair, so that they are drawn beside each other."""
        if not 0 < len(self.synapses) <= 200_000:
            return
        pair = self.synapses["pre"].astype(np.int64) << 32 | self.synapses["post"].astype(np.int64)
        touched = np.isin(pair, pair[rows]) if len(rows) < len(pair) else np.ones(len(pair), bool)
        chosen = np.flatnonzero(touched)
        order = chosen[np.argsort(pair[chosen], kind="stable")]
        ordered = pair[order]
        if len(ordered) < 2 or not (ordered[1:] == ordered[:-1]).any():
            return
        new_pair = np.concatenate([[True], ordered[1:] != ordered[:-1]])
        first = np.flatnonzero(new_pair)
        rank = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
        self.synapses.write("fan")[order] = np.minimum(rank, 12)

    # ---- lookups -----------------------------------------------------------------------------

    def outgoing(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Synapse rows sorted by pre neuron: where each neuron's begin (n + 1), and the rows."""
        if self._outgoing is None or self._outgoing[0] != (self.layout, self.wiring):
            start, rows = quick(sorted_by)(self.synapses["pre"], len(self.neurons))
            self._outgoing = ((self.layout, self.wiring), start, rows)
        return self._outgoing[1], self._outgoing[2]

    def synapses_of(self, rows: ArrayLike) -> NDArray[np.int32]:
        """Rows of the synapses that begin or end at some neurons (rows)."""
        mine = np.zeros(len(self.neurons), bool)
        mine[np.asarray(rows, dtype=np.int64)] = True
        return np.flatnonzero(mine[self.synapses["pre"]] | mine[self.synapses["post"]]).astype(np.int32)

    def spacing(self) -> float:
        """Typical distance between neighbouring neurons, um; what drawn sizes follow."""
        if self._spacing[0] != self.layout:
            self._spacing = (self.layout, spacing_of(self.neurons["x"], self.neurons["y"]))
        return self._spacing[1] * self.magnified

    def places(self) -> NDArray[np.float64]:
        """Everything that has a place, (n, 2) um, for fitting the view."""
        tables = (self.neurons, self.astrocytes)
        return np.concatenate([np.stack([t["x"], t["y"]], axis=1).astype(np.float64) for t in tables])

    def set_modulator(self, id: int, level: float, released_at: float | None = None) -> None:
        """Give a modulator its concentration 0 to 1, and the wall-clock time of its last release."""
        for k, mark in enumerate(self.modulators):
            if mark.id == id:
                when = mark.released_at if released_at is None else released_at
                self.modulators[k] = replace(mark, level=level, released_at=when)

    def set_calcium(self, ids: ArrayLike, calcium: ArrayLike, now: float | None = None) -> None:
        """Give astrocytes their calcium, 0 to 1; a sharp rise at `now` starts a wave."""
        rows = self.astrocytes.rows(ids)
        values = np.broadcast_to(np.asarray(calcium, dtype=np.float32), rows.shape)
        known = rows != MISSING
        rows, values = rows[known], np.clip(values[known], 0.0, 1.0)
        if not len(rows):
            return
        was = self.astrocytes["calcium"][rows]
        if now is not None:
            rising = (was < 0.5) & (values >= 0.5)
            if rising.any():
                self.astrocytes.write("wave_at")[rows[rising]] = now
        if (np.abs(values - was) > 0.03).any():
            self.astrocytes.write("calcium")[rows] = values
            self.glow += 1

    def lend(self) -> SceneView:
        """The scene as it is now, for the drawing thread: later changes go to copies."""
        return self._view(self.neurons.lend(), self.synapses.lend(), self.astrocytes.lend())

    def look(self) -> SceneView:
        """The scene as it is now, to be read at once and not kept."""
        return self._view(self.neurons.look(), self.synapses.look(), self.astrocytes.look())

    def _view(self, neurons: Table, synapses: Table, astrocytes: Table) -> SceneView:
        return SceneView(
            neurons=neurons,
            synapses=synapses,
            astrocytes=astrocytes,
            populations=tuple(self.populations),
            spacing=self.spacing(),
            layout=self.layout,
            wiring=self.wiring,
            looks=self.looks,
            glow=self.glow,
            ties=self.ties,
        )


def tone_of(sign: ArrayLike) -> NDArray[np.int8]:
    """The tone that goes with a sign: excitatory, inhibitory, or neutral for 0."""
    tones = np.array([INHIBITORY, NEUTRAL, EXCITATORY], np.int8)
    return np.asarray(tones[np.asarray(sign, dtype=np.int64) + 1])


def spacing_of(x: NDArray[np.float32], y: NDArray[np.float32]) -> float:
    """Median distance to the nearest neighbour, um; 55 when there are fewer than two neurons."""
    if len(x) < 2:
        return 55.0
    chosen = np.linspace(0, len(x) - 1, min(len(x), 200)).astype(int)
    d = (x[chosen, None] - x[None, :]) ** 2 + (y[chosen, None] - y[None, :]) ** 2
    d[np.arange(len(chosen)), chosen] = np.inf
    nearest = np.sqrt(d.min(axis=1))
    nearest = nearest[nearest > 1e-6]
    return float(np.median(nearest)) if len(nearest) else 55.0


def _known(rows: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.asarray(rows[rows != MISSING], np.int32)


def _spread(ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """A number -1 to 1 for each id, always the same, so that drawn neurons differ a little in size."""
    mixed = (ids * 2654435761 & 0xFFFFFFFF).astype(np.float64) / 2.0**32
    return 2.0 * mixed - 1.0
