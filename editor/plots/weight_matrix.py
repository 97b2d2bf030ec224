"""The weights of one projection as a matrix: a square for each pair, pre downwards and post to the right.

Excitation and inhibition have the canvas's colours, the more of them the larger the weight; where there is no
synapse there is no square.  A population too large for a square each is binned: a square is then the mean of
the synapses between some neurons and some others.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6 import QtCore, QtWidgets

from engine.counting import counted

import pyqtgraph as pg  # isort: skip

from editor.inspector.meaning import unit_of
from editor.inspector.values import StillCombo
from editor.plots.base import Plot, pen
from engine.live.frame import Frame

MOST = 240
"""Squares along a side; larger populations are binned."""
FAINTEST = 0.12
"""Share of the ink that a synapse of weight 0 has: it can still be told from none at all."""
STRONGEST_KEPT = 0.5
"""The scale follows the strongest weight down only when it has fallen to this share of the scale."""

ROUND = [base * 10**power for power in range(9) for base in (1, 2, 5)]
"""Steps between the numbers beside the matrix."""


class Squares:
    """Which square each synapse of a projection falls into.

    Args:
        pre_ids, post_ids: the neurons of both populations, in order.
        ids, pre, post: the synapses, and the neurons each joins.
    """

    def __init__(
        self,
        pre_ids: NDArray[np.int64],
        post_ids: NDArray[np.int64],
        ids: NDArray[np.int64],
        pre: NDArray[np.int64],
        post: NDArray[np.int64],
    ) -> None:
        self.sides = (pre_ids, post_ids)
        self.share = tuple(max(1, -(-len(side) // MOST)) for side in self.sides)
        self.shape = tuple(
            max(1, -(-len(side) // share)) for side, share in zip(self.sides, self.share, strict=True)
        )
        row, column = (
            _place(side, who) // share
            for side, who, share in zip(self.sides, (pre, post), self.share, strict=True)
        )
        order = np.argsort(ids, kind="stable")
        self.ids = ids[order]
        self.square = (row * self.shape[1] + column)[order]
        self.count = np.bincount(self.square, minlength=self.shape[0] * self.shape[1])

    def rows(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The place of each synapse in `ids`; -1 for those this does not know."""
        if not len(self.ids):
            return np.full(len(ids), -1, np.int64)
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[at] == ids, at, -1)

    def means(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """The mean weight in each square, (pre, post); NaN where there is no synapse.  In order of `ids`."""
        total = np.bincount(self.square, weights, minlength=len(self.count))
        with np.errstate(invalid="ignore"):
            found: NDArray[np.float64] = (total / self.count).reshape(self.shape)
        return found

    def inside(self, row: int, column: int) -> NDArray[np.int64]:
        """The synapses in a square."""
        return self.ids[self.square == row * self.shape[1] + column]


def _place(side: NDArray[np.int64], who: NDArray[np.int64]) -> NDArray[np.int64]:
    order = np.argsort(side, kind="stable")
    return order[np.minimum(np.searchsorted(side[order], who), max(len(side) - 1, 0))]


class WeightMatrix(Plot):
    """The matrix of the projection that is chosen, or that holds the synapse that is selected."""

    title = "Matrix"
    order = 31
    hint = "Draw a projection: each of its synapses will be a square here."
    watches = "synapse"
    rate = 5.0
    INKS: ClassVar[dict[int, str]] = {1: "excitatory", -1: "inhibitory", 0: "neutral"}

    def build(self) -> None:
        self.choice = StillCombo(self)
        self.choice.setAccessibleName("Projection shown as a matrix")
        self.choice.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.choice.activated.connect(self._choose)
        layout = self.layout()
        assert isinstance(layout, QtWidgets.QBoxLayout)
        head = layout.itemAt(0).layout()
        assert isinstance(head, QtWidgets.QBoxLayout)
        head.insertWidget(0, self.choice)
        head.insertSpacing(1, 8)
        self.axis = self.add_axes(0, left="", bottom="")
        self.axis.getAxis("bottom").setStyle(showValues=True)
        self.axis.showGrid(x=False, y=False)
        self.axis.invertY(True)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.axis.addItem(self.image)
        self.outline = pg.PlotCurveItem(connect="finite")
        self.axis.addItem(self.outline)
        self.scene = self.view.scene()
        self.scene.sigMouseMoved.connect(self._hover)
        self.scene.sigMouseClicked.connect(self._click)
        self.view.setMouseTracking(True)
        self.projection = 0
        self.unit = "pA"
        self.squares: Squares | None = None
        self.weights = np.zeros(0)
        self.scale = 0.0
        self.chosen: NDArray[np.int64] = np.zeros(0, np.int64)
        self.at: tuple[int, int] | None = None
        self._order: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None

    # -- which projection --------------------------------------------------------------------------

    def watch(self, synapses: NDArray[np.int64]) -> None:
        """What is selected: its projection is shown, and its squares are outlined."""
        self.chosen = np.unique(np.asarray(synapses, np.int64))
        if self.network is not None and len(self.chosen):
            owners = self.network.projection_of(self.chosen[:1])
            if int(owners[0]):
                self._show(int(owners[0]))
        self._is_stale = True
        self.refresh()

    def relearn(self) -> None:
        drawn = [p for p in self.network.projections.values() if len(p.synapses)]
        known = [(self.choice.itemText(k), self.choice.itemData(k)) for k in range(self.choice.count())]
        wanted = [(p.label, p.id) for p in drawn]
        if known != wanted:
            with QtCore.QSignalBlocker(self.choice):
                self.choice.clear()
                for label, id in wanted:
                    self.choice.addItem(label, id)
        self.choice.setVisible(len(wanted) > 1)
        ids = [id for _, id in wanted]
        self._show(self.projection if self.projection in ids else ids[0] if ids else 0, again=True)

    def _choose(self, place: int) -> None:
        self._show(int(self.choice.itemData(place)))
        self._is_stale = True
        self.refresh()

    def _show(self, projection: int, again: bool = False) -> None:
        """Show this projection as the network has it."""
        if projection == self.projection and not again:
            return
        is_same = projection == self.projection
        self.projection, self._order = projection, None
        record = self.network.projections.get(projection)
        if record is None:
            self.squares, self.weights, self.scale = None, np.zeros(0), 0.0
            return
        with QtCore.QSignalBlocker(self.choice):
            self.choice.setCurrentIndex(self.choice.findData(projection))
        table, old = record.synapses, self.squares
        sides = (self.network.populations[side].neuron_ids for side in (record.pre, record.post))
        seen = self.weights
        self.squares = Squares(*sides, table.id, table.pre, table.post)
        self.weights = table.weight[np.argsort(table.id, kind="stable")].astype(np.float64)
        if is_same and old is not None:  # what the run made of those that were there is newer than the table
            at = old.rows(self.squares.ids)
            self.weights[at >= 0] = seen[at[at >= 0]]
        else:
            self.scale = 0.0
        self.unit = unit_of(self.network, record)

    # -- frames ------------------------------------------------------------------------------------

    def grow(self, frame: Frame) -> None:
        if self.squares is None or self.projection not in frame.weights:
            return
        ids, weights = frame.weights[self.projection]
        if self._order is None or not np.array_equal(self._order[0], ids):
            self._order = (np.array(ids), self.squares.rows(np.asarray(ids)))
        at = self._order[1]
        self.weights[at[at >= 0]] = weights[at >= 0]

    def draw(self) -> None:
        if self.squares is None:
            self.image.setImage(np.zeros((1, 1, 4), np.uint8))
            self.outline.setData([], [])
            self.say([])
            return
        high, wide = self.squares.shape
        self.image.setImage(self.pixels(), autoLevels=False, levels=(0, 255))
        self.image.setRect(QtCore.QRectF(0.0, 0.0, float(wide), float(high)))
        self.axis.setXRange(0, wide, padding=0.0)
        self.axis.setYRange(0, high, padding=0.0)
        for name, many, share in (("left", high, 0), ("bottom", wide, 1)):
            self.axis.getAxis(name).setTicks([self._ticks(many, self.squares.share[share])])
        self._draw_outline()
        ends = [s for s in (1, -1) if (np.sign(self.weights) == s).any()]
        words = {1: "excitation", -1: "inhibition"}
        chips = [(words[s], getattr(self.theme, self.INKS[s])) for s in ends]
        record = self.network.projections[self.projection]
        pre, post = (self.network.populations[id].label for id in (record.pre, record.post))
        chips.append((f"rows: {pre} (pre), columns: {post} (post)", self.theme.muted))
        binned = "" if max(self.squares.share) == 1 else ", means of several"
        self.say(chips, self.reading_of(self.at) or f"full colour {self.scale:.3g} {self.unit}{binned}")

    def pixels(self) -> NDArray[np.uint8]:
        """The matrix as colours, (pre, post, RGBA)."""
        assert self.squares is not None
        means = self.squares.means(self.weights)
        there = np.isfinite(means)
        strongest = float(np.abs(means[there]).max(initial=0.0))
        if strongest > self.scale or strongest < STRONGEST_KEPT * self.scale:
            self.scale = strongest
        made = np.zeros((*means.shape, 4), np.uint8)
        share = FAINTEST + (1.0 - FAINTEST) * np.abs(means) / max(self.scale, 1e-12)
        for sign, name in self.INKS.items():
            ink = pg.mkColor(getattr(self.theme, name))
            here = there & (np.sign(means) == sign)
            made[here, :3] = (ink.red(), ink.green(), ink.blue())
        made[there, 3] = np.round(255 * np.clip(share[there], 0.0, 1.0)).astype(np.uint8)
        return made

    @staticmethod
    def _ticks(many: int, share: int) -> list[tuple[float, str]]:
        """The first neuron and about six round ones by their number, at the middle of their squares."""
        every = next(step for step in ROUND if step * 7 >= many * share)
        numbers = [1, *range(every, many * share + 1, every)] if every > 1 else range(1, many + 1)
        return [((number - 1) // share + 0.5, str(number)) for number in numbers]

    def _draw_outline(self) -> None:
        assert self.squares is not None
        at = self.squares.rows(self.chosen) if len(self.chosen) <= MOST else np.zeros(0, np.int64)
        x: list[float] = []
        y: list[float] = []
        for square in np.unique(self.squares.square[at[at >= 0]]).tolist():
            row, column = divmod(square, self.squares.shape[1])
            x += [column, column + 1, column + 1, column, column, np.nan]
            y += [row, row, row + 1, row + 1, row, np.nan]
        self.outline.setData(np.array(x), np.array(y))

    # -- the mouse ---------------------------------------------------------------------------------

    def square_at(self, place: QtCore.QPointF) -> tuple[int, int] | None:
        """Row and column of the square at a place of the scene; None beside the matrix."""
        if self.squares is None or not self.axis.vb.sceneBoundingRect().contains(place):
            return None
        found = self.axis.vb.mapSceneToView(place)
        row, column = int(np.floor(found.y())), int(np.floor(found.x()))
        is_inside = 0 <= row < self.squares.shape[0] and 0 <= column < self.squares.shape[1]
        return (row, column) if is_inside else None

    def reading_of(self, at: tuple[int, int] | None) -> str:
        """In words what a square holds: the pair, and the weight between them."""
        if at is None or self.squares is None:
            return ""
        pair = " \u2192 ".join(self._called(side, place) for side, place in enumerate(at))
        inside = self.weights[self.squares.rows(self.squares.inside(*at))]
        if not len(inside):
            return f"{pair}: no synapse"
        if len(inside) == 1:
            return f"{pair}: {inside[0]:.4g} {self.unit}"
        return f"{pair}: {counted(len(inside), 'synapse')}, {inside.mean():.4g} {self.unit} on average"

    def _called(self, side: int, place: int) -> str:
        """The neuron of a row or column, or the first and the last of its bin."""
        assert self.squares is not None
        record = self.network.projections[self.projection]
        population = self.network.populations[(record.pre, record.post)[side]]
        share = self.squares.share[side]
        first, last = place * share, min((place + 1) * share, len(self.squares.sides[side])) - 1
        if first != last:
            return f"{population.label} {first + 1}\u2013{last + 1}"
        if population.names:
            return str(population.names[first])
        return population.label if len(population) == 1 else f"{population.label} {first + 1}"

    def _hover(self, place: QtCore.QPointF) -> None:
        at = self.square_at(place)
        if at != self.at:
            self.at = at
            self._is_stale = True
            self.refresh()

    def _click(self, click: Any) -> None:
        at = self.square_at(click.scenePos())
        if at is not None and self.squares is not None and click.button() == QtCore.Qt.MouseButton.LeftButton:
            inside = self.squares.inside(*at)
            if len(inside):
                self.chose.emit(inside)

    # -- the rest ----------------------------------------------------------------------------------

    def leaveEvent(self, event: QtCore.QEvent) -> None:
        super().leaveEvent(event)
        self.at = None
        self._is_stale = True
        self.refresh()

    def recolour(self) -> None:
        self.outline.setPen(pen(self.theme.text))

    def forget(self) -> None:
        self.scale, self.at, self.squares = 0.0, None, None
        if self.network is not None:
            self.relearn()

    def is_empty(self) -> bool:
        return self.squares is None or not len(self.squares.ids)

    def table(self) -> dict[str, NDArray[Any]]:
        """Every synapse of the projection: its two neurons, and its weight as last seen."""
        if self.squares is None or self.is_empty():
            return {}
        table = self.network.projections[self.projection].synapses
        at = self.squares.rows(table.id)
        return {
            "synapse": table.id[at >= 0],
            "pre": table.pre[at >= 0],
            "post": table.post[at >= 0],
            f"weight_{self.unit}": self.weights[at[at >= 0]],
        }
