"""What a live run remembers of itself: captures, every cause that acted on it, the way back to a good state.

Every cause (an edit, a preview, a poke) makes a new *edition*, a number that is never given twice.  A capture
knows its edition, so what was done after it is known exactly, also when both fall on the same step.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from engine.live.checkpoints import Checkpoints, Moment
from engine.live.frame import Frame
from engine.live.messages import Poke, Preview, State
from engine.live.replay import Hand
from engine.live.simulating import Make, Simulating


@dataclass(frozen=True, eq=False)
class Kept:
    """A capture with the network it belongs to (left out where only a short way back is wanted)."""

    step: int
    t: float
    state: State
    network: Any
    edition: int


@dataclass(frozen=True)
class Cause:
    """Something done to the run, after `step` steps."""

    edition: int
    step: int
    message: Any


class Past:
    """Owns the simulation of a live session and can put any earlier state of it back.

    Args:
        network: what the first simulation is built for.
        make: builds a simulation, `make(network, state=None)`.
        checkpoints: where moments for the timeline are kept.
        state: a capture to continue from.
    """

    def __init__(
        self, network: Any, make: Make, checkpoints: Checkpoints, state: State | None = None
    ) -> None:
        self._make = make
        self.checkpoints = checkpoints
        self._hand = Hand(make(network, state=state))
        self.edition = 0
        self.timeline = 0
        self._editions = 0
        self._shapes = {0: 0}  # the newest edition that changed the network, by edition
        self._trials: dict[int, tuple[Any, ...]] = {}  # the previews in force, by edition
        self._origin = 0
        self._done: list[Cause] = []
        self._script: deque[Cause] = deque()
        self._captured: Kept | None = None
        self._good = self.capture()

    @property
    def simulation(self) -> Simulating:
        """The simulation as it is now; going back may replace it."""
        return self._hand.simulation  # type: ignore[no-any-return]

    @property
    def previews(self) -> tuple[Any, ...]:
        """The edits being tried now."""
        return tuple(self._hand.previews)

    # -- causes ------------------------------------------------------------------------------------

    def do(self, message: Any) -> Any:
        """Let a cause act now and remember it; returns the inverse of an edit.  A script is given up."""
        inverse = self._hand.act(message)
        self._done_now(message)
        return inverse

    def swap(self, work: Any, message: Any) -> Any:
        """Put a prepared edit in place; returns its inverse.  Raises EditRefused."""
        if work.simulation is not self.simulation:  # it was rebuilt meanwhile; nothing is heavy any more
            return self.do(message)
        self._hand.take_back()
        inverse = work.swap()
        self._done_now(message)
        return inverse

    def _done_now(self, message: Any) -> None:
        self._script.clear()
        self._editions += 1
        self._remember(Cause(self._editions, self.simulation.step, message))

    @property
    def next_script_step(self) -> int | None:
        """The step at which something of the old timeline is to be repeated, or None."""
        return self._script[0].step if self._script else None

    def repeat(self) -> tuple[Any, Any]:
        """Do the next thing of the script again; returns its message and the inverse."""
        cause = self._script.popleft()
        inverse = self._hand.act(cause.message)
        self._remember(cause)  # the same thing done to the same run: the same edition
        return cause.message, inverse

    def _remember(self, cause: Cause) -> None:
        changes_nothing = isinstance(cause.message, Poke)
        self._shapes[cause.edition] = self._shapes[self.edition] if changes_nothing else cause.edition
        if self._hand.previews:
            self._trials[cause.edition] = self.previews
        self.edition = cause.edition
        self._done.append(cause)
        self._captured = None

    # -- captures ----------------------------------------------------------------------------------

    def capture(self, with_network: bool = True) -> Kept:
        """Everything the run is doing; the same object again when nothing has happened since the last.

        The network is the one the user knows: without what is only being tried.
        """
        now = self._captured
        if now is None or (now.step, now.edition) != (self.simulation.step, self.edition):
            state = self.simulation.capture()
            now = Kept(self.simulation.step, self.simulation.t, state, None, self.edition)
        if with_network and now.network is None:
            network = self._hand.plain(self.simulation.network)
            now = Kept(now.step, now.t, now.state, network, now.edition)
        self._captured = now
        return now

    def keep(self, picture: Frame) -> Moment:
        """Add this moment to the timeline; it is also the state a later failure falls back to."""
        now = self.capture()
        self._good = now
        return self.checkpoints.add(
            Moment(now.step, now.t, self.timeline, now.state, now.network, picture, now.edition)
        )

    def rewind(self, kept: Kept) -> None:
        """Put back a capture of this edition; what is waiting to be drained is forgotten."""
        self._settle(kept.state)
        self._captured = kept

    def put_back(self, state: State | None, network: Any, edition: int, timeline: int, repeats: bool) -> None:
        """Continue from `state` (None: from t = 0); with `repeats` what came after becomes the script."""
        everything = [*self._done, *self._script]
        trials = self._trials.get(edition, ())
        is_same = edition in self._shapes and self._shapes[edition] == self._shapes[self.edition]
        if state is not None and is_same and not trials:
            self._settle(state)
        else:
            self._rebuild(network, state)
            for edit in trials if repeats else ():
                self._hand.act(Preview(edit))
        if edition not in self._shapes:  # a stranger's
            self._editions += 1
            edition = self._editions
            self._shapes[edition] = edition
        here = self._place_of(edition, everything)
        if here is None:  # nothing is known of what came after it: a stranger's, or of a branch given up
            self._origin, self._done, self._script = edition, [], deque()
        else:
            self._done = everything[:here]
            self._script = deque(everything[here:] if repeats else ())
        self.edition, self.timeline = edition, timeline
        here_now = self.simulation.capture() if state is None else state
        self._captured = self._good = Kept(
            self.simulation.step, self.simulation.t, here_now, network, edition
        )

    def back_to_good(self, step: int) -> None:
        """After a failure: from the last kept state, with all that was done since, to `step`."""
        good = self._good
        since = self._done[self._place_of(good.edition, self._done) or 0 :]
        self._rebuild(good.network, good.state)
        for edit in self._trials.get(good.edition, ()):
            self._hand.act(Preview(edit))
        for cause in since:
            self.simulation.advance(cause.step - self.simulation.step)
            self._hand.act(cause.message)
        self.simulation.advance(step - self.simulation.step)
        self.simulation.drain_changes()
        self._captured = None

    def _settle(self, state: State) -> None:
        self.simulation.restore(state)
        self.simulation.drain_changes()

    def _rebuild(self, network: Any, state: State | None) -> None:
        new = self._make(network, state=state)
        self._hand = Hand(new)
        new.sync()

    def _place_of(self, edition: int, causes: list[Cause]) -> int | None:
        """How many of `causes` had acted by `edition`; None when it is not among them."""
        for place in range(len(causes) - 1, -1, -1):
            if causes[place].edition == edition:
                return place + 1
        return 0 if edition == self._origin else None
