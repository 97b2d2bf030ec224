"""Training: several learners abreast on what is drawn, their curves in one plot, their phases in a strip."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6 import QtCore, QtGui, QtWidgets

import pyqtgraph as pg  # isort: skip  # after PySide6: on its own it hides why Qt cannot load

from editor import teaching
from editor.inspector.values import StillCombo
from editor.plots.base import Plot, pen
from editor.plots.close_up import CloseUp
from editor.plots.gain_fields import GainFields
from editor.plots.phase_strip import PhaseStrip
from editor.plots.repeater import Repeater
from editor.plots.training_layout import lay_out
from editor.plots.training_views import VIEWS, Curve, View, values_of
from editor.style import accent_ground
from engine import registry
from engine.live.frame import Frame
from engine.live.race import Look, Race, Runner
from engine.network.edits import RemoveLearner, SetParams

LOOK = 60
"""Milliseconds between two looks at the race."""
COLUMNS = ("", "learner", "error", "right", "learned at")


class Training(Plot):
    """Trains what is drawn; the network itself changes only when somebody keeps what was learned."""

    title = "Training"
    order = 70
    hint = (
        "Use a card of Tasks: it draws a network that can learn it, or joins the one that is drawn. "
        "Then add learners and train."
    )

    @classmethod
    def concerns(cls, network: Any) -> bool:
        return bool(network.tasks or network.learners)

    def build(self) -> None:
        self.race: Race | None = None
        self.seen: Look | None = None
        self._raced: Any = None
        self._stepped = False
        self._waits: list[Any] = []
        self.main = self.add_axes(0, left="error", bottom="epoch")
        self.lines: dict[tuple[int, int], Any] = {}
        self.tuned: dict[int, dict[str, Any]] = {}
        self.strip = PhaseStrip(self)
        self.play = QtWidgets.QPushButton("Train", self)
        self.play.setProperty("primary", True)
        self.phase = QtWidgets.QPushButton("Step a phase", self)
        self.again = QtWidgets.QPushButton("Start over", self)
        self.keep = QtWidgets.QPushButton("Keep what it learned", self)
        self.repeater = Repeater(self)
        self.add = StillCombo(self)
        self.add.setAccessibleName("Add a learner")
        self.shows = StillCombo(self)
        self.shows.setAccessibleName("What the curves show")
        self.shows.setMinimumWidth(190)
        for view in VIEWS:
            self.shows.addItem(view.text, view.slug)
        self.table_view = QtWidgets.QTreeWidget(self)
        self.table_view.setColumnCount(len(COLUMNS))
        self.table_view.setHeaderLabels(list(COLUMNS))
        self.table_view.setRootIsDecorated(False)
        self.table_view.setAccessibleName("Learners")
        self.table_view.header().setStretchLastSection(False)
        self.table_view.header().setSectionResizeMode(1, QtWidgets.QHeaderView.ResizeMode.Stretch)
        for at, width in ((0, 30), (2, 62), (3, 54), (4, 76)):
            self.table_view.setColumnWidth(at, width)
        self.remark = QtWidgets.QLabel(self)
        self.remark.setWordWrap(True)
        self.sentence = QtWidgets.QLabel(self)
        self.sentence.setWordWrap(True)
        self.sentence.setContentsMargins(12, 0, 8, 6)
        self.close_up = CloseUp(self)
        self.gains = GainFields(self)
        self.widgets = (
            self.table_view, self.add, self.keep, self.repeater, self.strip, self.shows, self.view,
            self.phase, self.again, self.play, self.close_up,
        )  # fmt: skip
        box = self.layout()
        assert isinstance(box, QtWidgets.QVBoxLayout)
        box.addLayout(lay_out(self), 1)
        self.close_up.turned.connect(self._turn)
        self.close_up.let_go.connect(self._let_go)
        self.play.clicked.connect(self.toggle)
        self.phase.clicked.connect(self._step_phase)
        self.again.clicked.connect(self._begin)
        self.keep.clicked.connect(self._keep)
        self.repeater.wanted.connect(self._repeat)
        self.repeater.found.connect(self.told)
        self.repeater.failed.connect(self.failed)
        self.add.activated.connect(self._add)
        self.shows.currentIndexChanged.connect(self._show_other)
        self.table_view.itemChanged.connect(self._switched)
        self.table_view.currentItemChanged.connect(self._watch_other)
        self.table_view.setContextMenuPolicy(QtCore.Qt.ContextMenuPolicy.CustomContextMenu)
        self.table_view.customContextMenuRequested.connect(self._offer_removal)
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self._look)
        self._is_filling = False
        self._fill()

    # -- for the window --------------------------------------------------------------------------

    def follow(self, network: Any) -> None:
        """The network changed: learners may have come or gone; a race goes on with what it began with."""
        self.network = network
        self._tune()
        self._fill()
        self._is_stale = True
        self.refresh()

    def show_frame(self, frame: Frame) -> None:
        """A run of the circuit in time is another matter."""

    def is_empty(self) -> bool:
        return self.network is None or not (self.network.tasks or self.network.learners)

    def forget(self) -> None:
        self._end()
        self.repeater.forget()
        self.seen = self._raced = None

    @property
    def learner(self) -> int:
        """The learner that is watched: its rates and weights are on the canvas; 0 for none."""
        item = self.table_view.currentItem() or self.table_view.topLevelItem(0)
        return int(item.data(0, QtCore.Qt.ItemDataRole.UserRole)) if item is not None else 0

    # -- the race --------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Train, or pause."""
        if self.race is not None and self.race.wanted:
            self.race.pause()
        elif self._ready():
            assert self.race is not None
            self.race.play()
        self._is_stale = True
        self.refresh()  # the button says at once what the next click would do

    def _step_phase(self) -> None:
        if self._ready():
            assert self.race is not None
            self._stepped = True
            self.race.step_phase()

    def _begin(self) -> None:
        self._end()
        self.seen = None
        self._ready()
        self._look()

    def _ready(self) -> bool:
        """Have a race of the network as it is drawn now."""
        if self.network is None or not self.network.tasks or not self.network.learners:
            self.failed.emit("Training needs a task and a learner: use a card of Tasks.")
            return False
        if self.race is not None and self._raced == self._drawn():
            return True
        self._end()
        self.race = Race(self.network, next(iter(self.network.tasks)))
        self.tuned = {id: values_of(record) for id, record in self.network.learners.items()}
        self._raced = self._drawn()
        self.repeater.forget()
        self._timer.start()
        return True

    def _drawn(self) -> tuple[Any, ...]:
        """What a race stands on: when it changes, the next one begins anew."""
        net = self.network
        return (
            id(net), tuple(net.learners), tuple(net.tasks), net.synapse_count, net.neuron_count,
            tuple((r.model, r.enabled) for r in net.learners.values()),
            tuple(float(p.synapses.weight.sum()) for p in net.projections.values()),
        )  # fmt: skip

    def _tune(self) -> None:
        """Give the running learners the parameters that the circuit has now, by whatever route they came."""
        if self.race is None or self.network is None:
            return
        for id in self.tuned:
            record = self.network.learners.get(id)
            if record is not None and (values := values_of(record)) != self.tuned[id]:
                self.tuned[id] = values
                self.race.set(id, **values)

    def _turn(self, name: str, value: Any) -> None:
        """A knob is being turned: the watched learner follows at once."""
        if self.race is not None and self.learner in self.tuned:
            self.tuned[self.learner] = {**self.tuned[self.learner], name: value}
            self.race.set(self.learner, **{name: value})

    def _let_go(self, name: str, value: Any) -> None:
        if self.learner:
            self.wants_edit.emit(SetParams(np.array([self.learner]), {name: value}))

    def _repeat(self) -> None:
        """Repeat the race, as long as it has become, with several seeds."""
        if self.network is not None and self.seen is not None:
            self.repeater.begin(self.network, self.seen.epoch, next(iter(self.network.tasks)))

    def _end(self) -> None:
        self._timer.stop()
        if self.race is not None:
            self.race.close()
            self.race = None

    def _look(self) -> None:
        for told in self._waits[:]:
            if told:
                self._waits.remove(told)
                self._kept(*told)
        if self.race is None:
            return
        seen = self.race.look()
        if self.seen is not None and seen.version == self.seen.version:
            return
        self.seen = seen
        self._is_stale = True
        self.refresh()
        self.told.emit(seen)
        frame = seen.frames.get(self.learner)
        if frame is not None and self.isVisible():
            self._show_on_canvas(frame)
            if self._stepped and not seen.is_running and self.race.is_idle():
                self._stepped = False
                self.passed.emit(self._passing(frame.phase))

    def _show_on_canvas(self, frame: Any) -> None:
        record = self.network.learners.get(self.learner)
        model = registry.find(record.model, "learner") if record is not None else None
        self.looked.emit(frame, teaching.two_phases(model) if model is not None else None)

    def _passing(self, name: str) -> list[teaching.Passing]:
        """What the phase of this name sent over the synapses of the watched learner."""
        record = self.network.learners.get(self.learner)
        if record is None:
            return []
        model = registry.find(record.model, "learner")
        phase = next((p for p in model.phases if p.name == name), None)
        job = next(iter(self.network.tasks.values()))
        return teaching.passing(self.network, job, model, phase) if phase is not None else []

    def _keep(self) -> None:
        """Give the drawn network what the watched learner learned, as one edit."""
        if self.race is None or not self.learner:
            return
        told: list[Any] = []
        self._waits.append(told)
        label = self.network.learners[self.learner].label
        self.race.learned(self.learner, lambda net: told.extend((net, label)))

    def _kept(self, after: Any, label: str) -> None:
        edit = teaching.learned(self.network, after, label) if after is not None else None
        if edit is None:
            self.failed.emit("Nothing was learned yet.")
        else:
            self.wants_edit.emit(edit)

    # -- learners --------------------------------------------------------------------------------

    def _fill(self) -> None:
        """Show the learners there are, and those that could be added."""
        self._is_filling = True
        watched = self.learner
        self.table_view.clear()
        records = {} if self.network is None else self.network.learners
        reasons = {} if self.network is None else teaching.troubles(self.network)
        for place, (id, record) in enumerate(records.items()):
            item = QtWidgets.QTreeWidgetItem(["", record.label, "", "", ""])
            item.setData(0, QtCore.Qt.ItemDataRole.UserRole, id)
            state = QtCore.Qt.CheckState.Checked if record.enabled else QtCore.Qt.CheckState.Unchecked
            item.setCheckState(0, state)
            item.setForeground(1, QtGui.QColor(self._colour(place)))
            item.setToolTip(1, reasons.get(id) or registry.find(record.model, "learner").about())
            self.table_view.addTopLevelItem(item)
            if id == watched:
                self.table_view.setCurrentItem(item)
        self.add.clear()
        self.add.addItem("Add a learner\u2026", "")
        there = {record.model for record in records.values()}
        for model in registry.all("learner"):
            if model.slug not in there:
                self.add.addItem(model.label, model.slug)
        self._is_filling = False
        self._fill_numbers()
        can = bool(records) and self.network is not None and bool(self.network.tasks)
        for button in (self.play, self.phase, self.again):
            button.setEnabled(can)
        self.keep.setEnabled(self.race is not None)

    def _fill_numbers(self) -> None:
        seen = {r.learner: r for r in self.seen.runners} if self.seen is not None else {}
        worst = [r.trouble for r in seen.values() if r.trouble]
        self._is_filling = True
        for at in range(self.table_view.topLevelItemCount()):
            item = self.table_view.topLevelItem(at)
            runner = seen.get(int(item.data(0, QtCore.Qt.ItemDataRole.UserRole)))
            if runner is None or not runner.errors:
                continue
            item.setText(2, f"{runner.errors[-1]:.4f}")
            item.setText(3, f"{100 * runner.rights[-1]:.0f} %")
            item.setText(4, "-" if runner.learned_at is None else f"{runner.learned_at:,}")
            item.setToolTip(4, f"{runner.samples:,} patterns shown so far")
        self._is_filling = False
        self.repeater.offer(self.seen.epoch if self.seen is not None else 0)
        notes = [note for r in seen.values() if r.training is not None for note in r.training.notes]
        self.remark.setText("\n".join(dict.fromkeys([*worst, *notes])))

    def _add(self, at: int) -> None:
        slug = str(self.add.itemData(at) or "")
        if slug and self.network is not None:
            self.wants_edit.emit(teaching.learner(self.network, slug))

    def _switched(self, item: QtWidgets.QTreeWidgetItem, column: int) -> None:
        if self._is_filling or column != 0:
            return
        id = int(item.data(0, QtCore.Qt.ItemDataRole.UserRole))
        is_on = item.checkState(0) == QtCore.Qt.CheckState.Checked
        self.wants_edit.emit(SetParams(np.array([id]), {"enabled": is_on}))

    def _offer_removal(self, at: QtCore.QPoint) -> None:
        item = self.table_view.itemAt(at)
        if item is None:
            return
        menu = QtWidgets.QMenu(self)
        remove = menu.addAction(f"Remove {item.text(1)}")
        chosen = menu.exec(self.table_view.viewport().mapToGlobal(at))
        menu.deleteLater()
        if chosen is remove:
            self.wants_edit.emit(RemoveLearner(int(item.data(0, QtCore.Qt.ItemDataRole.UserRole))))

    def _watch_other(self) -> None:
        if self.seen is not None and not self._is_filling:
            frame = self.seen.frames.get(self.learner)
            if frame is not None:
                self._show_on_canvas(frame)
            self._is_stale = True
            self.refresh()

    # -- drawing ---------------------------------------------------------------------------------

    def _colour(self, place: int) -> str:
        return self.theme.curves[place % len(self.theme.curves)]

    def _show_other(self) -> None:
        view = self._view()
        self.main.setLabel("left", view.axis, color=self.theme.muted)
        self.main.setLabel("bottom", view.bottom, color=self.theme.muted)
        self._is_stale = True
        self.refresh()

    def draw(self) -> None:
        for widget in self.widgets:
            widget.setVisible(not self.is_empty())
        runners = self.seen.runners if self.seen is not None else ()
        watched = next((r for r in runners if r.learner == self.learner), None)
        curves = self._view().curves(runners, watched)
        for key in [key for key in self.lines if key not in {c.key for c in curves}]:
            self.main.removeItem(self.lines.pop(key))
        for curve in curves:
            self._curve(curve)
        self._fill_numbers()
        running = self.race is not None and self.race.wanted
        self.play.setText("Pause" if running else "Train")
        self.keep.setEnabled(self.race is not None)
        epoch = f"epoch {self.seen.epoch:,}" if self.seen is not None else ""
        if running and (self.seen is None or not self.seen.frames):
            epoch = "preparing the learners"
        self.say([(c.label, self._colour(c.place)) for c in curves], epoch)
        view, words = self._view(), ""
        if runners:
            words = (view.tells(watched) if watched is not None else "") + view.sentence
            words = words if curves or (view.is_picture and self._has_gains(watched)) else view.missing
        self.sentence.setText(words)
        self.sentence.setVisible(bool(words))
        self.gains.setVisible(not self.is_empty() and view.is_picture)
        self.view.setVisible(not self.is_empty() and not view.is_picture)
        self.gains.show_fields(*((watched.untrained, watched.gains) if watched is not None else ((), ())))
        self._draw_watched(watched)

    @staticmethod
    def _has_gains(watched: Runner | None) -> bool:
        return watched is not None and bool(watched.gains)

    def _draw_watched(self, watched: Runner | None) -> None:
        record = None if self.network is None else self.network.learners.get(self.learner)
        model = registry.find(record.model, "learner") if record is not None else None
        self.close_up.show_learner(model, values_of(record) if record is not None else {})
        insight = watched.insights[-1] if watched is not None and watched.insights else None
        judged = ""
        if watched is not None and watched.training is not None:
            frame = self.seen.frames.get(watched.learner) if self.seen is not None else None
            self.strip.show_phases(watched.training.phases, frame.phase if frame is not None else "")
            judged = watched.training.lesson.declared.judged
        self.close_up.show_insight(insight, judged)

    def _view(self) -> View:
        return next(view for view in VIEWS if view.slug == self.shows.currentData())

    def _curve(self, curve: Curve) -> None:
        if curve.key not in self.lines:
            self.lines[curve.key] = pg.PlotCurveItem(connect="finite")
            self.main.addItem(self.lines[curve.key])
        line = self.lines[curve.key]
        line.setPen(pen(self._colour(curve.place)))
        line.setData(np.array(curve.x, float), np.array(curve.y, float))

    def recolour(self) -> None:
        theme = self.theme
        self.table_view.setStyleSheet(
            f"QTreeView {{ background: {theme.panel}; border: none; }} "
            f"QTreeView::item {{ height: 22px; }} "
            f"QTreeView::item:selected {{ background: {accent_ground(theme)}; color: {theme.text}; }}"
        )
        self.close_up.set_theme(theme)
        self._fill()

    def table(self) -> dict[str, NDArray[Any]]:
        rows = [
            (runner.label, epoch, error, right)
            for runner in (self.seen.runners if self.seen is not None else ())
            for epoch, error, right in zip(runner.epochs, runner.errors, runner.rights, strict=True)
        ]
        names = ("learner", "epoch", "error", "right")
        return (
            {name: np.array([row[i] for row in rows], object) for i, name in enumerate(names)} if rows else {}
        )
