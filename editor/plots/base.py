"""What every plot can do: follow a network, show frames, hear news, wear a theme, and hand out its numbers.

A plot redraws at most `RATE` times a second and only while it can be seen; what it remembers it remembers
either way.  Lines are one pixel wide: wider ones cost ten times as much.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6 import QtCore, QtGui, QtWidgets

import pyqtgraph as pg  # isort: skip  # after PySide6: on its own it hides why Qt cannot load

from editor.files import csv_file
from editor.plots.rings import Curves
from editor.window.theme import DARK, FONTS, Theme
from engine.errors import FileError
from engine.files.atomic import replace_file
from engine.live.frame import Frame

RATE = 20.0
"""Redraws per second of wall time, at most."""
WINDOWS = (20.0, 50.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5)
"""Widths of the visible stretch of time, ms."""


def pen(colour: str, alpha: float = 1.0, dashed: bool = False) -> QtGui.QPen:
    """A pen one pixel wide, whatever the scale."""
    ink = QtGui.QColor(colour)
    ink.setAlphaF(alpha)
    style = QtCore.Qt.PenStyle.DashLine if dashed else QtCore.Qt.PenStyle.SolidLine
    return pg.mkPen(ink, width=1, style=style)


def fitting_window(speed: float) -> float:
    """How many ms to show so that about ten seconds of watching fill the plot at this speed."""
    wanted = 10_000.0 * max(speed, 1e-3)
    return min(WINDOWS, key=lambda w: abs(np.log(w / wanted)))


class Plot(QtWidgets.QWidget):
    """One plot of the plot dock; subclasses fill in `grow`, `draw` and `table`."""

    title = ""
    order = 0
    hint = ""
    """What an empty plot says: how to get something into it."""
    rate = RATE
    draws = True
    """Whether it draws on `view`; otherwise it stands on widgets of its own."""
    keeps_room = True
    """Whether `view` keeps its room while it is hidden, so that what stands beside it stays where it is."""

    saved = QtCore.Signal(str)
    """The path of a CSV or a picture that was written."""
    failed = QtCore.Signal(str)
    """Why one could not be."""
    asked = QtCore.Signal(str)
    """The slug of an action of the window that somebody clicked here."""
    chose = QtCore.Signal(object)
    """Ids, an int64 array, of what somebody clicked here: to be selected."""
    wants_edit = QtCore.Signal(object)
    """An edit of the network, or in words why there is none."""
    told = QtCore.Signal(object)
    """News every plot may hear (see `hear`)."""
    passed = QtCore.Signal(object)
    """What a phase of a training sent over which synapses (a list of `editor.drawing.teaching.Passing`)."""
    looked = QtCore.Signal(object, object)
    """A frame of a training (`engine.runtime.training.training.Frame`) for the canvas, and its two phases
    (`editor.drawing.teaching.TwoPhases` or None)."""
    staged = QtCore.Signal(object)
    """A widget that takes the place of the canvas; None gives the canvas back."""

    def __init__(self, theme: Theme = DARK, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.network: Any = None
        self.example: Any = None
        """The example of the gallery that is open, if it is one."""
        self.t = 0.0
        self._version = -1
        self._step = -1
        self._timeline = 0
        self._drawn_at = 0.0
        self._is_stale = False
        self.chips = QtWidgets.QLabel(self)
        self.chips.setTextFormat(QtCore.Qt.TextFormat.RichText)
        self.reading = QtWidgets.QLabel(self)
        self.view = pg.GraphicsLayoutWidget(self)
        self.view.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.view.ci.layout.setContentsMargins(0, 2, 6, 0)
        policy = self.view.sizePolicy()
        policy.setRetainSizeWhenHidden(self.draws and self.keeps_room)
        self.view.setSizePolicy(policy)
        self.empty = QtWidgets.QLabel(self.hint, self)
        self.empty.setAlignment(QtCore.Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setAttribute(QtCore.Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        head = QtWidgets.QHBoxLayout()
        head.setContentsMargins(10, 4, 10, 0)
        head.addWidget(self.chips, 1)
        head.addWidget(self.reading)
        box = QtWidgets.QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self.view, 1)
        self.axes: list[pg.PlotItem] = []
        self.setContextMenuPolicy(QtCore.Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.view.setContextMenuPolicy(QtCore.Qt.ContextMenuPolicy.NoContextMenu)
        self.build()
        self.set_theme(theme)

    # -- for subclasses --------------------------------------------------------------------------

    @classmethod
    def concerns(cls, network: Any) -> bool:
        """Whether it has anything to do with this circuit; if not, it waits in the menu of plots."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height it can do with: a page scrolls only what does not fit into that."""
        box = self.layout()
        return box.totalMinimumHeightForWidth(width) if box is not None else -1

    def build(self) -> None:
        """Make the axes and items once."""

    def relearn(self) -> None:
        """The network changed: which rows, colours and limits there are."""

    def grow(self, frame: Frame) -> None:
        """Remember what is new in a frame.  Copy what is kept: the frame is on loan."""

    def draw(self) -> None:
        """Put what is remembered on the screen."""

    def recolour(self) -> None:
        """Give the items the colours of `self.theme`."""

    def forget(self) -> None:
        """Drop everything remembered."""

    def table(self) -> dict[str, NDArray[Any]]:
        """What a CSV of this plot holds: columns of equal length by heading."""
        return {}

    def is_empty(self) -> bool:
        """Whether there is nothing to show yet."""
        return False

    def advice(self) -> str:
        """What it says while it is empty: how to get something into it, in the circuit as it is."""
        return self.hint

    # -- for the window --------------------------------------------------------------------------

    def follow(self, network: Any) -> None:
        """Which network the frames are of; call again when its structure changed."""
        if network is not self.network or getattr(network, "version", 0) != self._version:
            self.network = network
            self._version = getattr(network, "version", 0)
            self.relearn()
            self._is_stale = True
            self.refresh()

    def show_frame(self, frame: Frame) -> None:
        """Take in a frame; draws if it is time and anybody can see it."""
        if frame.timeline != self._timeline or frame.step < self._step:
            self._timeline = frame.timeline
            self._step = min(self._step, frame.step)
        self.t = frame.t
        self.grow(frame)
        self._step = frame.step
        self._is_stale = True
        if time.monotonic() - self._drawn_at >= 1.0 / self.rate:
            self.refresh()

    def hear(self, message: object) -> None:
        """News of the run: synapses grown, pruned, a moment restored.  Most plots need none."""

    def clear(self) -> None:
        """Forget everything and show an empty plot."""
        self.t, self._step = 0.0, -1
        self.forget()
        self._is_stale = True
        self.refresh()

    def refresh(self) -> None:
        """Draw now, if visible and out of date."""
        if not self._is_stale or not self.isVisible():
            return
        self._drawn_at = time.monotonic()
        self._is_stale = False
        nothing = self.is_empty()
        self.empty.setVisible(nothing)
        self.view.setVisible(self.draws and not nothing)
        if nothing:
            self.empty.setText(self.advice())
        self.draw()

    def new_spikes(self, frame: Frame) -> NDArray[Any]:
        """The spikes of the frame that this plot has not seen."""
        return frame.spikes_since(self._step)

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours."""
        self.theme = theme
        self.view.setBackground(theme.panel)
        family = ", ".join(f'"{name}"' for name in FONTS)
        self.setStyleSheet(f"QLabel {{ color: {theme.muted}; font-family: {family}; font-size: 11.5px; }}")
        self.setAutoFillBackground(True)
        palette = self.palette()
        palette.setColor(QtGui.QPalette.ColorRole.Window, QtGui.QColor(theme.panel))
        self.setPalette(palette)
        for axes in self.axes:
            self._dress(axes)
        self.recolour()
        self._is_stale = True
        self.refresh()

    def export_csv(self, path: str | Path) -> None:
        """Write `table()` as CSV, a heading and a row per point; raises FileError."""
        csv_file.write(path, self.table())

    def picture(self) -> QtGui.QImage:
        """What the plot shows, as an image."""
        return self.grab().toImage()

    def export_picture(self, path: str | Path) -> None:
        """Write `picture()` as PNG; raises FileError."""
        held = QtCore.QBuffer()
        held.open(QtCore.QIODevice.OpenModeFlag.WriteOnly)
        self.picture().save(held, "PNG")
        replace_file(path, [bytes(held.data().data())])

    # -- how -------------------------------------------------------------------------------------

    def add_axes(
        self,
        row: int,
        column: int = 0,
        *,
        left: str = "",
        bottom: str = "t (ms)",
        below: pg.AxisItem | None = None,
    ) -> pg.PlotItem:
        """A pair of axes in the look of the program: no box, faint grid, wheel zooms time only.

        `below` is an axis with numbers of its own, in place of the usual one.
        """
        items = {} if below is None else {"bottom": below}
        axes = self.view.addPlot(row=row, col=column, enableMenu=False, axisItems=items)
        axes.ctrlMenu.setParent(self, axes.ctrlMenu.windowFlags())  # never shown; it goes when the plot goes
        axes.hideButtons()
        axes.setMenuEnabled(False)
        axes.setMouseEnabled(x=False, y=False)
        axes.showGrid(x=False, y=True, alpha=0.12)
        axes.getAxis("left").setWidth(64)
        axes.setLabel("left", left)
        if bottom:
            axes.setLabel("bottom", bottom)
        else:
            axes.getAxis("bottom").setStyle(showValues=False)
        axes.getAxis("left").enableAutoSIPrefix(False)
        axes.getAxis("bottom").enableAutoSIPrefix(False)
        self.axes.append(axes)
        return axes

    def show_time(self, axes: pg.PlotItem, begin: float, end: float) -> None:
        """Show the stretch from `begin` to `end` (ms), with ticks in ms or in s, whichever reads better."""
        axes.setXRange(begin, end, padding=0)
        in_seconds = end >= 10_000.0
        for one in self.axes:
            axis = one.getAxis("bottom")
            if axis.labelText in ("", "t (ms)", "t (s)") and in_seconds != (axis.scale != 1.0):
                axis.setScale(0.001 if in_seconds else 1.0)
                if axis.labelText:
                    axis.setLabel("t (s)" if in_seconds else "t (ms)", color=self.theme.muted)

    def say(self, chips: list[tuple[str, str]], reading: str = "") -> None:
        """The line above the plot: coloured names on the left, one number on the right."""
        text = "&nbsp;&nbsp;&nbsp;".join(
            f'<span style="color:{colour}">\u25cf</span>&nbsp;{name}' for name, colour in chips
        )
        if text != self.chips.text():
            self.chips.setText(text)
        self.reading.setText(reading)

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:
        super().resizeEvent(event)
        self.empty.setGeometry(self.rect().adjusted(24, 0, -24, 0))

    def showEvent(self, event: QtGui.QShowEvent) -> None:
        super().showEvent(event)
        self._is_stale = True
        self.refresh()

    def _dress(self, axes: pg.PlotItem) -> None:
        font = QtGui.QFont(list(FONTS))
        font.setPixelSize(11)
        for side in ("left", "bottom"):
            axis = axes.getAxis(side)
            axis.setPen(pen(self.theme.line))
            axis.setTextPen(pen(self.theme.muted))
            axis.setTickFont(font)
            axis.setStyle(tickLength=-4)
            axis.label.setFont(font)
            axis.label.setDefaultTextColor(QtGui.QColor(self.theme.muted))
            axis.setLabel(axis.labelText, units=axis.labelUnits, color=self.theme.muted)

    def _menu(self, at: QtCore.QPoint) -> None:
        menu = QtWidgets.QMenu(self)
        save = menu.addAction("Save as CSV\u2026")
        save.setEnabled(bool(self.table()))
        picture = menu.addAction("Save picture\u2026")
        picture.setEnabled(not self.is_empty())
        clear = menu.addAction("Clear this plot")
        chosen = menu.exec(self.mapToGlobal(at))
        if chosen is save:
            self.ask_and_save("CSV")
        elif chosen is picture:
            self.ask_and_save("picture")
        elif chosen is clear:
            self.clear()
        menu.deleteLater()

    def ask_and_save(self, what: str) -> None:
        """Ask where to, and write the numbers ("CSV") or a "picture" there."""
        suffix, kind, write = {
            "CSV": (".csv", "CSV (*.csv)", self.export_csv),
            "picture": (".png", "PNG (*.png)", self.export_picture),
        }[what]
        name = self.title.lower().replace(" ", "-") + suffix
        path, _ = QtWidgets.QFileDialog.getSaveFileName(self, f"Save {self.title} as {what}", name, kind)
        if not path:
            return
        path = path if Path(path).suffix else path + suffix
        try:
            write(path)
        except FileError as error:
            self.failed.emit(f"{path} was not written: {error}")
        else:
            self.saved.emit(path)


class CurvesPlot(Plot):
    """A plot of one or more curves over time, with the ghosts of abandoned branches behind them."""

    whole_run = False
    left = ""
    bottom = "t (ms)"
    """What stands below the upper axes; nothing where others follow below them."""
    room = 4096

    def build(self) -> None:
        self.curves = Curves(self.room, whole_run=self.whole_run)
        self.main = self.add_axes(0, left=self.left, bottom=self.bottom)
        self.lines: dict[object, pg.PlotCurveItem] = {}
        self.ghost = pg.PlotCurveItem(connect="finite")
        self.main.addItem(self.ghost)
        self.visible_ms = WINDOWS[-2]

    def label_of(self, name: object) -> str:
        """What people call a curve."""
        return str(name)

    def colour_of(self, name: object) -> str:
        """The colour of a curve."""
        cycle = self.theme.curves
        place = self.curves.names.index(name) if name in self.curves.names else 0
        return cycle[place % len(cycle)]

    def show_frame(self, frame: Frame) -> None:
        if not self.whole_run and frame.is_running and frame.achieved > 0:
            fits = fitting_window(frame.achieved)
            if not 0.4 < fits / self.visible_ms < 2.5:
                self.visible_ms = fits
        if frame.timeline != self._timeline:
            for curves in self.kept():
                curves.jump(frame.t)
        super().show_frame(frame)

    def kept(self) -> tuple[Curves, ...]:
        """Everything it remembers over time."""
        return (self.curves,)

    def forget(self) -> None:
        self.curves.clear()

    def is_empty(self) -> bool:
        return len(self.curves) == 0

    def draw(self) -> None:
        self.draw_curves(self.main, self.curves, self.lines, self.ghost)
        self.say(
            [(self.label_of(n), self.colour_of(n)) for n in self.curves.names[:8]], f"t = {self.t:.1f} ms"
        )

    def draw_curves(
        self,
        axes: pg.PlotItem,
        curves: Curves,
        lines: dict[object, pg.PlotCurveItem],
        ghost: pg.PlotCurveItem | None = None,
    ) -> None:
        """Bring the items of one pair of axes up to date with what is remembered."""
        for name in [n for n in lines if n not in curves.names]:
            axes.removeItem(lines.pop(name))
        for name in curves.names:
            if name not in lines:
                lines[name] = pg.PlotCurveItem(connect="finite")
                lines[name].setSegmentedLineMode("off")
                axes.addItem(lines[name])
            lines[name].setPen(pen(self.colour_of(name)))
            lines[name].setData(*self.points(name, curves))
        if ghost is not None:
            gap = np.array([np.nan])
            x, y = [np.zeros(0)], [np.zeros(0)]
            for _, when, values in curves.ghosts:
                x += [when, gap]
                y += [values, gap]
            ghost.setPen(pen(self.theme.muted, 0.45))
            ghost.setData(np.concatenate(x), np.concatenate(y))
        if len(curves):
            begin = 0.0 if self.whole_run else max(self.t - self.visible_ms, 0.0)
            end = max(self.t, begin + (1.0 if self.whole_run else self.visible_ms))
            self.show_time(axes, begin, end)

    def points(self, name: object, curves: Curves) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The points of a curve as drawn."""
        return curves.t.copy(), curves.of(name).copy()

    def recolour(self) -> None:
        for name, line in self.lines.items():
            line.setPen(pen(self.colour_of(name)))

    def table(self) -> dict[str, NDArray[Any]]:
        if not len(self.curves):
            return {}
        return {"t_ms": self.curves.t, **self.columns(self.curves)}

    def columns(self, curves: Curves) -> dict[str, NDArray[Any]]:
        """The values of every curve by its label, with its number where several are called the same."""
        labels = [self.label_of(name) for name in curves.names]
        found = {}
        for name, label in zip(curves.names, labels, strict=True):
            number = name[-1] if isinstance(name, tuple) else name
            found[label if labels.count(label) == 1 else f"{label} ({number})"] = curves.of(name)
        return found
