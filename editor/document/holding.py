"""What a document holds, how its views hear of changes, and how what must wait for the engine waits."""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from editor.document.dialogue import Dialogue, Start
from editor.document.history import History, Step
from editor.document.news import Line, News
from engine.errors import EditRefused, FileError
from engine.live import messages as say
from engine.live.checkpoints import Moment
from engine.live.frame import SPIKE, Frame
from engine.live.session import LiveSession
from engine.network.edits import Edit
from engine.network.network import Network

Listener = Callable[[News], object]
Work = Generator[None, None, None]
"""Something that may have to wait for the engine: it yields until it can go on."""


@dataclass(frozen=True)
class Branch:
    """A stretch of biological time (ms) that was run in one timeline; `end` is None for the one going on."""

    timeline: int
    start: float
    end: float | None = None


class Holding:
    """The ground floor of `Document`."""

    def __init__(
        self, network: Network | None = None, state: say.State | None = None, *, start: Start = LiveSession
    ) -> None:
        self.network = network if network is not None else Network()
        self.history = History()
        self.live = Dialogue(start)
        self.lines: deque[Line] = deque(maxlen=20_000)
        self.recorder: Callable[[str, Any, int], object] | None = None
        """Told (kind, body, step) of everything that changes the circuit, as `Recovery.append` wants it."""
        self.speed: float | None = 1.0
        self.is_running = False
        self.frame: Frame | None = None
        """The newest picture; it may be read until the next `poll`."""
        self.new_spikes: Any = np.empty(0, SPIKE)
        """Spikes (step, id) that came with the last `poll`."""
        self.failure: say.Failed | None = None
        """What last went wrong in the engine, until the next run."""
        self.behind: float | None = None
        """The speed reached, while the machine cannot keep the one asked for."""
        self.preparing = ""
        """What is being made ready beside the run, such as "pair STDP"."""
        self._begin_at(state)
        self._news = News()
        self._listeners: list[Listener | weakref.WeakMethod[Listener]] = []
        self._waiting: deque[Work] = deque()
        self._gesture: Step | None = None
        self._complaint = ""
        self._watch = say.Watch()
        self._breakpoints: tuple[Any, ...] = ()
        self.looking: Moment | None = None
        """The old moment that is being looked at, None for now."""
        self.branches: list[Branch] = [Branch(0, self._t)]
        """Every timeline so far; the last is the one going on."""

    @property
    def t(self) -> float:
        """Biological time reached, ms."""
        return self._t

    @property
    def steps_done(self) -> int:
        """Steps reached."""
        return self._step

    def pause(self) -> None:
        """Stop the clock."""
        if self.is_running:
            self.is_running = False
            self.live.tell(say.Pause())
            self._news.run = True
            self._tell()

    def _begin_at(self, state: say.State | None) -> None:
        """Stand where a capture was taken, or at t = 0; the engine will begin there."""
        self._state = state
        self._step = 0 if state is None else int(state["clock/step"][0])
        self._t = round(self._step * self.network.dt, 9)
        self._seen = self._step

    def _reach(self, step: int, t: float) -> None:
        self._step, self._t = step, t

    def _send(self, edit: Edit, inverse: Edit) -> int | None:
        number = self.live.send(edit, inverse)
        if number is None:
            self._record("edit", edit, self._step)
        return number

    def _told(self, edit: Edit, inverse: Edit) -> None:
        """Note for the views what an edit did."""
        self._news.tell(inverse, self.network)
        self._news.tell_settings(edit, self.network)
        self._news.history = True

    def _queue(self, work: Work) -> bool:
        """Do something in its turn; returns whether it is done."""
        self._waiting.append(work)
        self._go_on()
        self._tell()
        return not self._waiting

    def _go_on(self) -> None:
        """Do what waited, as far as the engine has answered."""
        while self._waiting:
            try:
                next(self._waiting[0])
            except StopIteration:
                self._waiting.popleft()
            except EditRefused as refusal:
                self._waiting.popleft()
                self._line(str(refusal), kind="trouble")
            else:
                return

    def listen(self, listener: Listener) -> None:
        """Have `listener(news)` called after every change; a bound method is not kept alive by this."""
        is_bound = hasattr(listener, "__self__") and hasattr(listener, "__func__")
        self._listeners.append(weakref.WeakMethod(listener) if is_bound else listener)

    def note(self, text: str, kind: str = "note") -> None:
        """Write a line into the log."""
        self._line(text, kind=kind)
        self._tell()

    def forget(self, listener: Listener) -> None:
        """Call it no more."""
        self._listeners = [each for each in self._listeners if each != listener and _alive(each) != listener]

    def _tell(self) -> News:
        """Tell every listener what has changed; an error in one is raised when all have been told."""
        news, self._news = self._news, News()
        errors: list[Exception] = []
        if news:
            for each in list(self._listeners):
                listener = _alive(each)
                if listener is None:
                    self._listeners.remove(each)
                    continue
                try:
                    listener(news)
                except Exception as error:
                    errors.append(error)
        if len(errors) == 1:
            raise errors[0]
        if errors:
            raise ExceptionGroup("several views could not take in a change", errors)
        return news

    def _line(self, text: str, ids: Any = (), kind: str = "note", t: float | None = None) -> None:
        line = Line(self.t if t is None else t, text, tuple(int(id) for id in ids), kind)
        self.lines.append(line)
        self._news.lines.append(line)

    def _record(self, kind: str, body: Any, step: int) -> None:
        if self.recorder is None:
            return
        try:
            self.recorder(kind, body, step)
        except FileError as error:  # it is kept and tried again; the user is told once
            if str(error) != self._complaint:
                self._complaint = str(error)
                self._line(str(error), kind="trouble")


def _alive(listener: Any) -> Listener | None:
    return listener() if isinstance(listener, weakref.WeakMethod) else listener
