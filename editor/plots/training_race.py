"""The race of the training tab: begun anew when the drawing changed, and looked at a few times a second."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from editor.drawing import teaching
from editor.plots.training_views import values_of
from engine.live.race import Look, Race

LOOK = 60
"""Milliseconds between two looks at the race."""


class TrainingRace(QObject):
    """Holds one race of what is drawn; the drawing changes only when somebody keeps what was learned."""

    looked = Signal(object)
    """There is something new to see (`engine.live.race.Look`)."""
    stepped = Signal(object)
    """All learners have done the phase that was asked for; the look at it."""
    began = Signal()
    """There is a race, of the drawing of now."""
    learned = Signal(object)
    """The edit with which the drawing takes over what a learner has learned, None where there is nothing."""
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.network: Any = None
        self.race: Race | None = None
        self.seen: Look | None = None
        self.tuned: dict[int, dict[str, Any]] = {}
        self._raced: tuple[Any, ...] = ()
        self._steps = False
        self._waits: list[Any] = []
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self.look)

    @property
    def is_wanted(self) -> bool:
        """Whether it runs, or will as soon as it can."""
        return self.race is not None and self.race.wanted

    @property
    def is_of_the_drawing(self) -> bool:
        """Whether the race that is there is still one of the circuit that is drawn, whoever learns in it."""
        return self.race is not None and self._raced[0] == self._circuit()

    def follow(self, network: Any) -> None:
        """The network changed: a race goes on with what it began with, but for parameters."""
        self.network = network
        if self.race is None or network is None:
            return
        for id in self.tuned:
            record = network.learners.get(id)
            if record is not None and (values := values_of(record)) != self.tuned[id]:
                self.tuned[id] = values
                self.race.set(id, **values)

    # -- what is asked of it -------------------------------------------------------------------------

    def toggle(self) -> None:
        """Train, or pause."""
        if self.race is not None and self.race.wanted:
            self.race.pause()
        elif self.ready():
            assert self.race is not None
            self.race.play()

    def step(self, *, to_update: bool = False) -> None:
        """Do the next phase of every learner, or all that are left of a stream before its update."""
        if self.race is not None and self._steps and not self.race.is_idle():
            return  # a held button asks faster than this can be done
        if self.ready():
            assert self.race is not None
            self._steps = True
            (self.race.step_to_update if to_update else self.race.step_phase)()

    def begin(self) -> None:
        """Begin anew, with the drawn weights."""
        self.end()
        self.seen = None
        self.ready()
        self.look()

    def ready(self) -> bool:
        """Have a race of the network as it is drawn now; says why where there can be none."""
        if self.network is None or not self.network.tasks or not self.network.learners:
            self.failed.emit("Training needs a task and a learner: use a card of Tasks.")
            return False
        drawn = self._circuit(), self._learners()
        if self.race is not None and self._raced == drawn:
            return True
        self.end()
        self.race = Race(self.network, next(iter(self.network.tasks)))
        self.tuned = {id: values_of(record) for id, record in self.network.learners.items()}
        self._raced = drawn
        self._timer.start()
        self.began.emit()
        return True

    def turn(self, learner: int, name: str, value: Any) -> None:
        """A knob is being turned: the learner follows at once."""
        if self.race is not None and learner in self.tuned:
            self.tuned[learner] = {**self.tuned[learner], name: value}
            self.race.set(learner, **{name: value})

    def keep(self, learner: int) -> None:
        """Have an edit made of what a learner has learned (see `learned`)."""
        if self.race is None or not learner:
            return
        told: list[Any] = []
        self._waits.append(told)
        label = self.network.learners[learner].label
        self.race.learned(learner, lambda net: told.extend((net, label)))

    def end(self) -> None:
        """End the race; waits for what it is doing."""
        self._timer.stop()
        if self.race is not None:
            self.race.close()
            self.race = None

    # -- how -----------------------------------------------------------------------------------------

    def look(self) -> None:
        """Look at the race now."""
        for told in [one for one in self._waits if one]:
            self._waits.remove(told)
            after, label = told
            self.learned.emit(teaching.learned(self.network, after, label) if after is not None else None)
        if self.race is None:
            return
        is_idle = self.race.is_idle()  # asked first: what it then shows is what was asked for
        seen = self.race.look()
        if self.seen is None or seen.version != self.seen.version:
            self.seen = seen
            self.looked.emit(seen)
        if self._steps and is_idle and not seen.is_running:
            self._steps = False
            self.stepped.emit(seen)

    def _circuit(self) -> tuple[Any, ...]:
        """What a race stands on: when it changes, the next one begins anew."""
        net = self.network
        weights = tuple(float(p.synapses.weight.sum()) for p in net.projections.values())
        return id(net), tuple(net.tasks), net.synapse_count, net.neuron_count, weights

    def _learners(self) -> tuple[Any, ...]:
        """Who runs in it."""
        return tuple((id, r.model, r.enabled) for id, r in self.network.learners.items())
