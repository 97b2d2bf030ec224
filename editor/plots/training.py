"""Training: several learners abreast on what is drawn, their curves in one plot, their phases in a strip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6 import QtWidgets

import pyqtgraph as pg  # isort: skip  # after PySide6: on its own it hides why Qt cannot load

from editor.abreast.showing import Showing
from editor.drawing import teaching
from editor.inspector.values import StillCombo
from editor.plots.base import Plot, pen
from editor.plots.close_up import CloseUp
from editor.plots.gain_fields import GainFields
from editor.plots.learner_list import LearnerList
from editor.plots.phase_strip import PhaseStrip
from editor.plots.repeater import Repeater
from editor.plots.training_layout import lay_out
from editor.plots.training_race import TrainingRace
from editor.plots.training_views import VIEWS, Curve, View, values_of
from engine import registry
from engine.live.frame import Frame
from engine.live.race import Look, Race, Runner
from engine.network.edits import RemoveLearner, SetParams

LONG = 4
"""So many times the epochs that all needed to learn are shown, however long they go on."""
STEPPED = "Do the next phase of this batch of patterns; hold for the next and the next"
STREAMED = "Do the next phase of this step of the stream; hold for the next and the next"


class Training(Plot):
    """Trains what is drawn; the network itself changes only when somebody keeps what was learned."""

    title = "Training"
    order = 70
    keeps_room = False
    hint = (
        "Use a card of Tasks: it draws a network that can learn it, or joins the one that is drawn. "
        "Then add learners and train."
    )

    @classmethod
    def concerns(cls, network: Any) -> bool:
        return bool(network.tasks or network.learners)

    def build(self) -> None:
        self.running = TrainingRace(self)
        self.main = self.add_axes(0, left="error", bottom="epoch")
        self.lines: dict[tuple[int, int], Any] = {}
        self.strip = PhaseStrip(self)
        self.play = QtWidgets.QPushButton("Train", self)
        self.play.setProperty("primary", True)
        self.phase = QtWidgets.QPushButton("Step a phase", self)
        self.phase.setAutoRepeat(True)
        self.leap = QtWidgets.QPushButton("To the update", self)
        self.leap.setToolTip("Do all phases of this stream but its last, the update")
        self.again = QtWidgets.QPushButton("Start over", self)
        self.keep = QtWidgets.QPushButton("Keep what it learned", self)
        self.repeater = Repeater(self)
        self.showing = Showing(self.running, self)
        self.add = StillCombo(self)
        self.add.setAccessibleName("Add a learner")
        self.shows = StillCombo(self)
        self.shows.setAccessibleName("What the curves show")
        self.shows.setMinimumWidth(124)
        for view in VIEWS:
            self.shows.addItem(view.text, view.slug)
        self.table_view = LearnerList(self)
        self.remark = QtWidgets.QLabel(self)
        self.remark.setWordWrap(True)
        self.sentence = QtWidgets.QLabel(self)
        self.sentence.setWordWrap(True)
        self.sentence.setContentsMargins(12, 0, 8, 6)
        self.close_up = CloseUp(self)
        self.gains = GainFields(self)
        self.widgets = (
            self.table_view, self.add, self.keep, self.repeater, self.strip, self.shows, self.view,
            self.phase, self.again, self.play, self.close_up, self.showing,
        )  # fmt: skip
        box = self.layout()
        assert isinstance(box, QtWidgets.QVBoxLayout)
        box.addLayout(lay_out(self), 1)
        self._join()
        self._fill()

    def _join(self) -> None:
        running, showing, learners = self.running, self.showing, self.table_view
        running.looked.connect(self._take)
        running.stepped.connect(self._pass)
        running.learned.connect(self._kept)
        running.failed.connect(self.failed)
        running.began.connect(self.repeater.forget)
        showing.staged.connect(self.staged)
        showing.chosen.connect(learners.watch)
        self.close_up.turned.connect(lambda name, value: running.turn(self.learner, name, value))
        self.close_up.let_go.connect(self._let_go)
        self.play.clicked.connect(self.toggle)
        self.phase.clicked.connect(lambda: running.step())
        self.leap.clicked.connect(lambda: running.step(to_update=True))
        self.again.clicked.connect(running.begin)
        self.keep.clicked.connect(lambda: running.keep(self.learner))
        self.repeater.wanted.connect(self._repeat)
        self.repeater.found.connect(self.told)
        self.repeater.failed.connect(self.failed)
        self.add.activated.connect(self._add)
        self.shows.currentIndexChanged.connect(self._show_other)
        learners.switched.connect(self._switch)
        learners.watched_other.connect(self._watch_other)
        learners.removed.connect(lambda id: self.wants_edit.emit(RemoveLearner(id)))

    # -- for the window --------------------------------------------------------------------------

    def follow(self, network: Any) -> None:
        """The network changed: learners may have come or gone; a race goes on with what it began with."""
        self.network = network
        self.running.follow(network)
        if self.race is not None and not self.running.is_of_the_drawing:
            self.showing.leave()  # the circuit has been changed: it is what somebody wants to see
        self._fill()
        self._is_stale = True
        self.refresh()

    def show_frame(self, frame: Frame) -> None:
        """A run of the circuit in time is another matter."""

    def is_empty(self) -> bool:
        return self.network is None or not (self.network.tasks or self.network.learners)

    def forget(self) -> None:
        self.showing.leave()
        self.running.end()
        self.repeater.forget()
        self.running.seen = None

    @property
    def race(self) -> Race | None:
        """The race there is."""
        return self.running.race

    @property
    def seen(self) -> Look | None:
        """What was seen of it last."""
        return self.running.seen

    @property
    def learner(self) -> int:
        """The learner that is watched: its rates and weights are on the canvas; 0 for none."""
        return self.table_view.learner

    # -- the race --------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Train, or pause."""
        self.running.toggle()
        if self.running.is_wanted:
            self.showing.set_off()
        self._is_stale = True
        self.refresh()  # the button says at once what the next click would do

    def _let_go(self, name: str, value: Any) -> None:
        if self.learner:
            self.wants_edit.emit(SetParams(np.array([self.learner]), {name: value}))

    def _repeat(self) -> None:
        """Repeat the race, as long as it has become, with several seeds."""
        if self.network is not None and self.seen is not None:
            self.repeater.begin(self.network, self.seen.epoch, next(iter(self.network.tasks)))

    def _take(self, seen: Look) -> None:
        """There is something new to see."""
        self._is_stale = True
        self.refresh()
        self.told.emit(seen)
        frame = seen.frames.get(self.learner)
        if frame is not None and self.isVisible():
            self._show_on_canvas(frame)

    def _show_on_canvas(self, frame: Any) -> None:
        record = self.network.learners.get(self.learner)
        model = registry.find(record.model, "learner") if record is not None else None
        self.looked.emit(frame, teaching.two_phases(model) if model is not None else None)

    def _pass(self, seen: Look) -> None:
        """A phase was stepped: what it sent runs over the synapses."""
        frame = seen.frames.get(self.learner)
        if frame is not None and self.isVisible():
            self.passed.emit(self._passing(frame.phase))

    def _passing(self, name: str) -> list[teaching.Passing]:
        """What the phase of this name sent over the synapses of the watched learner."""
        record = self.network.learners.get(self.learner)
        if record is None:
            return []
        model = registry.find(record.model, "learner")
        phase = next((p for p in model.phases if p.name == name), None)
        job = next(iter(self.network.tasks.values()))
        return teaching.passing(self.network, job, model, phase) if phase is not None else []

    def _kept(self, edit: Any) -> None:
        """What the watched learner learned is to be the drawing's, as one edit."""
        if edit is None:
            self.failed.emit("Nothing was learned yet.")
        else:
            self.wants_edit.emit(edit)

    # -- learners --------------------------------------------------------------------------------

    def _fill(self) -> None:
        """Show the learners there are, and those that could be added."""
        records = {} if self.network is None else self.network.learners
        reasons = {} if self.network is None else teaching.troubles(self.network)
        self.table_view.fill(records, reasons, self.theme.curves)
        self.showing.watch(self.learner)
        self.add.clear()
        self.add.addItem("Add a learner\u2026", "")
        there = {record.model for record in records.values()}
        for model in registry.all("learner"):
            if model.slug not in there:
                self.add.addItem(model.label, model.slug)
        self._fill_numbers()
        can = bool(records) and self.network is not None and bool(self.network.tasks)
        for button in (self.play, self.phase, self.leap, self.again, self.showing):
            button.setEnabled(can)
        self.keep.setEnabled(self.race is not None)

    def _fill_numbers(self) -> None:
        runners = self.seen.runners if self.seen is not None else ()
        self.table_view.show_numbers(runners)
        self.repeater.offer(self.seen.epoch if self.seen is not None else 0)
        worst = [r.trouble for r in runners if r.trouble]
        notes = [note for r in runners if r.training is not None for note in r.training.notes]
        said = list(dict.fromkeys([*worst, *notes]))
        more = f" ({len(said) - 1} more)" if len(said) > 1 else ""
        self.remark.setText(f"{said[0]}{more}" if said else "")
        self.remark.setToolTip("\n".join(said))

    def _add(self, at: int) -> None:
        slug = str(self.add.itemData(at) or "")
        if slug and self.network is not None:
            self.wants_edit.emit(teaching.learner(self.network, slug))

    def _switch(self, learner: int, is_on: bool) -> None:
        self.wants_edit.emit(SetParams(np.array([learner]), {"enabled": is_on}))

    def _watch_other(self) -> None:
        self.showing.watch(self.learner)
        if self.seen is not None:
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
        self._show_epochs(runners)
        self._fill_numbers()
        running = self.running.is_wanted
        self.play.setText("Pause" if running else "Train")
        self.keep.setEnabled(self.race is not None)
        epoch = f"epoch {self.seen.epoch:,}{self._tick(watched)}" if self.seen is not None else ""
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

    def _show_epochs(self, runners: Sequence[Runner]) -> None:
        """All epochs while somebody still learns; then those in which they learned, and some more."""
        learned = [runner.learned_at for runner in runners]
        if self._view().is_progress and learned and None not in learned:
            last = LONG * max(at for at in learned if at is not None)
            self.main.setXRange(0.0, max(last, 1), padding=0)
        else:
            self.main.enableAutoRange(x=True)

    def _tick(self, watched: Runner | None) -> str:
        """Where in a stream the watched learner stands; "" where it has none or stands between two."""
        frame = (
            self.seen.frames.get(watched.learner) if self.seen is not None and watched is not None else None
        )
        if frame is None or not frame.ticks:
            return ""
        return f" \u00b7 step {frame.ticks:,} of {watched.training.stage.inputs.shape[1]:,}"

    @staticmethod
    def _has_gains(watched: Runner | None) -> bool:
        return watched is not None and bool(watched.gains)

    def _draw_watched(self, watched: Runner | None) -> None:
        record = None if self.network is None else self.network.learners.get(self.learner)
        model = registry.find(record.model, "learner") if record is not None else None
        self.close_up.show_learner(model, values_of(record) if record is not None else {})
        is_streams = model is not None and model.streams
        self.leap.setVisible(is_streams and not self.is_empty())
        self.phase.setToolTip(STREAMED if is_streams else STEPPED)
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
        self.table_view.set_theme(theme)
        self.showing.set_theme(theme)
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
