"""Going back in time: looking at an old moment, restoring it, and beginning again at t = 0."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from editor.document.history import Jot, Leap, Run, Side, Step
from editor.document.holding import Branch, Holding
from engine.errors import EditRefused
from engine.live import messages as say
from engine.live.checkpoints import Moment


class PastTimes(Holding):
    """The timeline of a document; a part of `Document`."""

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The moments that can be gone back to, in the order they were kept."""
        session = self.live.session
        return session.checkpoints.moments if session is not None else ()

    def past(self) -> list[Moment]:
        """The moments kept that lie before now, and not on a branch that was given up; oldest first."""
        ours = (moment for moment in self.moments if moment.t <= self._t and self._is_ours(moment))
        return sorted(ours, key=lambda moment: (moment.t, moment.timeline))

    # -- looking ---------------------------------------------------------------------------------------

    @property
    def shown(self) -> tuple[Any, Any]:
        """The network and the picture to draw: now, or the moment that is looked at."""
        if self.looking is not None:
            return self.looking.network, self.looking.picture
        return self.network, self.frame

    def look(self, t: float) -> Moment | None:
        """Show the last moment kept at or before `t` ms, and pause; None when there is none."""
        self.pause()
        moment = self._moment_at(t)
        if moment is not None and moment is not self.looking:
            self.looking = moment
            self._news.everything = self._news.run = self._news.frame = True
            self._tell()
        return moment

    def stop_looking(self) -> None:
        """Show now again."""
        if self.looking is not None:
            self.looking = None
            self._news.everything = self._news.run = self._news.frame = True
            self._tell()

    def _moment_at(self, t: float) -> Moment | None:
        known = [moment for moment in self.moments if self._is_ours(moment)] or list(self.moments)
        if t > self._t:
            known = list(self.moments)
        before = [moment for moment in known if moment.t <= t]
        if before:
            return max(before, key=lambda moment: (moment.t, moment.timeline))
        return min(known, key=lambda moment: moment.t, default=None)

    def _is_ours(self, moment: Moment) -> bool:
        """Whether a moment lies in the past of now, and not on a branch that was given up."""
        latest = float("inf")
        for branch in reversed(self.branches):
            if branch.timeline == moment.timeline:
                return moment.t <= latest
            latest = min(latest, branch.start)
        return False

    # -- going back ------------------------------------------------------------------------------------

    def go_back(self, moment: Moment | None = None) -> bool:
        """Restore a moment (the one looked at, if not given); returns whether it is done already.

        Continuing repeats the same bits, edits included, until something is changed.  It is an entry of the
        history: undoing it returns here.
        """
        target = moment or self.looking
        if target is None:
            return True
        self.looking = None
        return self._queue(self._go_back(target))

    def step_back(self) -> bool:
        """Go back to the last moment kept before now; returns whether it is done already."""
        known = [m for m in self.moments if self._is_ours(m) and m.t < self._t]
        if not known:
            return True
        return self.go_back(max(known, key=lambda m: (m.t, m.timeline)))

    def reset(self) -> bool:
        """Begin again at t = 0, as the circuit was when the run left it; returns whether it is done already.

        What was drawn since is drawn again, unless somebody went back in time in between.  It is an entry of
        the history: undoing it returns here.
        """
        self.looking = None
        return self._queue(self._reset())

    @property
    def beginning(self) -> Side | None:
        """The circuit as the run that began at t = 0 found it; None where no run did, or it is forgotten."""
        run = self._first_run()
        return run.side if run is not None else None

    def hand_over(self, told: Callable[[Side], object]) -> None:
        """Have `told` called with the whole circuit as it now is; a run goes on meanwhile."""
        self._queue(self._hand_over(told))

    def _hand_over(self, told: Callable[[Side], object]) -> Generator[None, None, None]:
        here = yield from self._here()
        told(here)

    def _stand_still(self) -> Generator[None, None, Side]:
        """Pause, and wait for the whole circuit as it then is."""
        while self.live.in_flight:
            yield
        if self.is_running:
            self.live.tell(say.Pause())
        return (yield from self._here())

    def _here(self) -> Generator[None, None, Side]:
        """Wait for the whole circuit as it is when the engine reads this."""
        if not self.live.is_alive:
            return Side(self.network.copy(), self._state, step=self._step, t=self._t)
        while self.live.in_flight:
            yield
        found: list[Side] = []
        self.live.ask(found.append)
        while not found and self.live.is_alive:
            yield
        return found[0] if found else Side(self.network.copy(), None)

    def _become(self, side: Side, repeats: bool = False) -> None:
        """Make the circuit what it was on another side: network here, run in the engine."""
        ids = self.network.ids
        self.network = side.network.copy()
        self.network.ids = ids  # the editor's counter never goes back
        before = self.branches[-1]
        self.branches[-1] = Branch(before.timeline, before.start, self._t)
        if self.live.is_alive:
            self.live.restore(side, repeats)
        else:
            self._state = side.state
        self.branches.append(Branch(self.live.timeline, side.t))
        self._reach(side.step, side.t)
        self._seen = side.step
        self._news.everything = self._news.history = self._news.run = True

    def _go_back(self, moment: Moment) -> Generator[None, None, None]:
        here = yield from self._stand_still()
        last = self.history.last
        is_again = isinstance(last, Leap) and not isinstance(last, Run) and here.step == last.arrived
        side = Side(moment.network, moment.state, moment.edition, moment.step, moment.t)
        self._become(side, repeats=True)
        if is_again and isinstance(last, Leap):  # still looking for the place: one entry
            last.label, last.arrived = _back_to(moment.t), moment.step
            return
        self.history.push(Leap(_back_to(moment.t), here, moment.step))

    def _reset(self) -> Generator[None, None, None]:
        here = yield from self._stand_still()
        done = self.history.done
        first = self._first_run()
        if first is None or first.side is None:
            self._become(Side(self.network, None))
            self.history.push(Leap("back to t = 0", here))
            return
        since = done[done.index(first) + 1 :]
        self._become(first.side)
        self.history.push(Leap("back to t = 0", here))
        if all(isinstance(entry, Step | Jot) for entry in since):
            for entry in since:
                if isinstance(entry, Step):
                    self._draw_again(entry)

    def _first_run(self) -> Run | None:
        """The newest run of the history that began at t = 0."""
        runs = (e for e in reversed(self.history.done) if isinstance(e, Run) and e.start == 0.0 and e.side)
        return next(runs, None)

    def _draw_again(self, entry: Step) -> None:
        for part in entry.parts:
            try:
                inverse = part.edit.apply(self.network)
            except EditRefused as refusal:
                self._line(f"{entry.label}: {refusal}", kind="trouble")
                continue
            self._send(part.edit, inverse)


def _back_to(t: float) -> str:
    return f"go back to {t / 1000:.4g} s" if t >= 1000.0 else f"go back to {t:.4g} ms"
