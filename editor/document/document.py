"""A circuit being edited: the network, its history, and the engine that runs it when there is one.

Only `do`, `undo`, `redo` and `poll` change the network, always through edits; views listen, are told which
ids changed, and ask for the rest.  Everything here happens on one thread and nothing waits: what must wait
for the engine is queued, and goes on when `poll` has read the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from editor.document.history import Entry, Jot, Leap, Part, Run, Side, Step
from editor.document.holding import Work
from editor.document.news import News
from editor.document.reading import Reading
from editor.transport.past_times import PastTimes
from engine.live import messages as say
from engine.network.edits import Compound, Edit


class Document(Reading, PastTimes):
    """A network with its history, and a live session once something was run.

    Args:
        network: the circuit to begin with; an empty one if not given.
        state: the capture of a run to continue, as `engine.files.load` returns it.
        start: makes a session, `start(network, state=None, speed=1.0)`; the real one unless a test says so.
    """

    waits_for_receipts = True

    # -- changing --------------------------------------------------------------------------------------

    def do(self, edit: Edit, label: str = "") -> bool:
        """Change the circuit; one entry in the history, or part of the gesture going on.

        Returns whether it is done: False when it waits behind an undo that waits for the engine.

        Raises:
            EditRefused: nothing was changed; the message says why and what would be right.
        """
        self.stop_looking()
        gesture = self._gesture
        if self._waiting:
            self._waiting.append(self._later(edit, label, gesture))
            return False
        self._do(edit, label, gesture)
        self._tell()
        return True

    def undo(self) -> bool:
        """Take back the newest entry of the history; returns whether it is done already."""
        return self._queue(self._undo())

    def redo(self) -> bool:
        """Make again what was undone last; returns whether it is done already."""
        return self._queue(self._redo())

    def pin(self, notes: Sequence[dict[str, Any]], label: str) -> bool:
        """Have these notes on the canvas and no others; an entry of the history.  Whether it is done."""
        return self._queue(self._pin(list(notes), label))

    @contextmanager
    def gesture(self, label: str) -> Iterator[None]:
        """Everything done inside is one entry: `with document.gesture("connect"): ...`."""
        if self._gesture is not None:  # a gesture made of gestures is one
            yield
            return
        self._gesture = Step(label)
        try:
            yield
        finally:
            self._gesture = None

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self.history.done)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return bool(self.history.undone)

    @property
    def is_waiting(self) -> bool:
        """Whether something waits for the engine's answer."""
        return bool(self._waiting)

    @property
    def is_answering(self) -> bool:
        """Whether the engine still owes an answer to something it was told."""
        return self.live.is_awaited

    def unconfirmed(self) -> News:
        """What the engine has not taken in yet, to be drawn dashed: `.ids("added", "synapse")`."""
        news = News()
        for sent in self.live.in_flight:
            news.tell(sent.inverse, self.network)
        return news

    def _later(self, edit: Edit, label: str, gesture: Step | None) -> Work:
        yield from ()
        self._do(edit, label, gesture)

    def _do(self, edit: Edit, label: str, gesture: Step | None) -> None:
        inverse = edit.apply(self.network)
        if isinstance(inverse, Compound) and not inverse.edits:
            return  # all it names is gone
        part = Part(edit, inverse, self._send(edit, inverse))
        self._told(edit, inverse)
        if gesture is not None and gesture.parts and gesture in self.history.done:
            gesture.parts.append(part)
            return
        step = gesture or Step(label or edit.label)
        step.parts.append(part)
        self.history.push(step)

    def _pin(self, notes: list[dict[str, Any]], label: str) -> Work:
        yield from ()
        jot = Jot(label, notes)
        self._swap(jot)
        self.history.push(jot)

    def _swap(self, jot: Jot) -> None:
        """Put the notes of the other side on the canvas."""
        here = list(self.layout.get("notes", []))
        self.layout["notes"], jot.notes = jot.notes, here
        self._record("notes", self.layout["notes"], self._step)
        self._news.history = True

    def _undo(self) -> Work:
        entry = self.history.last
        if entry is None:
            return
        yield from self._until_settled(entry)
        if entry not in self.history.done:
            return  # the engine had refused it
        if isinstance(entry, Leap):
            yield from self._cross(entry)
        elif isinstance(entry, Jot):
            self._swap(entry)
        else:
            inverse = entry.inverse
            edit = inverse.apply(self.network)
            self._told(inverse, edit)
            entry.parts = [Part(edit, inverse, self._send(inverse, edit), answers="edit")]
        self.history.done.remove(entry)
        self.history.undone.append(entry)
        self._news.history = True

    def _redo(self) -> Work:
        entry = self.history.undone[-1] if self.history.undone else None
        if entry is None:
            return
        yield from self._until_settled(entry)
        if entry not in self.history.undone:
            return  # the engine had refused to undo it
        if isinstance(entry, Leap):
            yield from self._cross(entry)
        elif isinstance(entry, Jot):
            self._swap(entry)
        else:
            edit = entry.edit
            inverse = edit.apply(self.network)
            self._told(edit, inverse)
            entry.parts = [Part(edit, inverse, self._send(edit, inverse))]
        self.history.undone.remove(entry)
        self.history.done.append(entry)
        self._news.history = True

    def _until_settled(self, entry: Entry) -> Work:
        """An edit that brings an id back waits until the receipt of the one that removed it has been read."""
        while not entry.is_settled and (self.waits_for_receipts or isinstance(entry, Leap)):
            yield

    def _cross(self, entry: Leap) -> Work:
        """Put back the circuit on the other side of an entry, which keeps this side instead."""
        there = entry.side
        assert there is not None
        here = yield from self._stand_still()
        self._become(there)
        entry.side = here

    # -- running ---------------------------------------------------------------------------------------

    def play(self) -> None:
        """Let the circuit run from here."""
        if not self.is_running:
            self._queue(self._play(say.Play()))

    def play_again(self) -> None:
        """Begin again at t = 0, and let the circuit run from there."""
        self.reset()
        self._queue(self._play(say.Play()))

    def step(self, kind: say.StepKind = "dt") -> None:
        """Run for one dt, to the next spike, or to the next synapse that grows or is pruned."""
        if not self.is_running:
            self._queue(self._play(say.Step(kind)))

    def toggle(self) -> None:
        """Play, or pause."""
        if self.is_running:
            self.pause()
        else:
            self.play()

    def set_speed(self, ratio: float | None) -> None:
        """Run at so much biological time per wall time; None is as fast as possible."""
        self.speed = ratio
        self.behind = None
        self.live.tell(say.SetSpeed(ratio))
        self._news.run = True
        self._tell()

    def poke(self, kind: str, ids: Any) -> None:
        """By hand: "fire", "silence", "unsilence" neurons, "release" a modulator.  No undo entry."""
        self.stop_looking()
        self._begin_session()
        self.live.tell(say.Poke(kind, np.atleast_1d(np.asarray(ids, np.int64))))

    def preview(self, edit: Edit | None) -> None:
        """Let the running circuit try an edit while a knob is turned; None takes it back.  No undo entry.

        The edit that ends it is done with `do`; undoing that goes back to before the first preview.
        """
        self.live.tell(say.Preview(edit))

    def watch(
        self,
        projections: Sequence[int] | None = None,
        quantities: Sequence[str] = (),
        synapses: Sequence[int] = (),
    ) -> None:
        """Say what frames are to carry.

        Args:
            projections: whose weights; None for all, in turn.
            quantities: further quantities, such as "calcium", "boutons", "modulator".
            synapses: of which it is to be told what each card did (`Frame.told`).
        """
        self._watch = say.Watch(
            None if projections is None else tuple(projections),
            tuple(quantities),
            tuple(int(id) for id in synapses),
        )
        self.live.tell(self._watch)

    def pause_when(self, breakpoints: Sequence[Any]) -> None:
        """Pause by itself when one of these happens (`engine.live.breakpoints`)."""
        self._breakpoints = tuple(breakpoints)
        self.live.tell(say.PauseWhen(self._breakpoints))

    @property
    def breakpoints(self) -> tuple[Any, ...]:
        """Reasons to pause that were asked for."""
        return self._breakpoints

    def prepare(self) -> None:
        """Start the engine without running, so that Play begins at once."""
        self._begin_session()

    def close(self, timeout: float = 10.0) -> bool:
        """End the engine's thread; False when it does not end in time."""
        self.frame = None
        self.is_running = False
        self._waiting.clear()
        jobs_ended = self._end_jobs(timeout)
        return self.live.end(timeout) and jobs_ended

    def _play(self, message: say.Play | say.Step) -> Work:
        yield from ()
        self.stop_looking()
        self._begin_session()
        self.failure = self.behind = None
        last = self.history.last
        if isinstance(last, Run):  # nothing was edited since it paused: the same run goes on
            last.is_open = True
        else:
            run = Run(start=self.t, stop=self.t)
            run.describe()
            self.history.begin_run(run)
            self.live.ask(lambda side: self._keep(run, side))
        self.is_running = True
        self.live.tell(message)
        self._record("run", {"playing": True}, self._step)
        self._news.run = self._news.history = True

    def _keep(self, entry: Leap, side: Side) -> None:
        entry.side = side
        if self.history.trim():
            self._line("the oldest entries of the history were given up to save memory")

    def _begin_session(self) -> None:
        if not self.live.is_alive:
            self.live.begin(self.network, self._state, self.speed)
            self._state = None
            self.live.tell(self._watch)
            if self._breakpoints:
                self.live.tell(say.PauseWhen(self._breakpoints))
