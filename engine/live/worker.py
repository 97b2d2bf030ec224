"""The work of a live session: does what the messages say and runs the circuit, a few milliseconds at a time.

It knows nothing of threads or windows: somebody hands it messages and calls `turn` again and again.  Edits,
pokes and captures happen between blocks, in the order in which they were sent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from engine.errors import EditRefused
from engine.live import messages as say
from engine.live.breakpoints import WhenRate
from engine.live.checkpoints import Checkpoints
from engine.live.frame import FramePool
from engine.live.heavy import Heavy, Prepared
from engine.live.news import News
from engine.live.pace import Pace
from engine.live.past import Past
from engine.live.pictures import Circumstances, Pictures
from engine.live.seeking import Seeking
from engine.live.simulating import Bare, Make, Simulating, forget_before
from engine.live.trouble import failure

FRAME = 1 / 60
"""Seconds of wall time between pictures."""
CHECKPOINT = 1.0
"""Seconds of wall time between moments kept for the timeline."""
SHARE = 0.025
"""Share of the time that keeping them may take: an edit that comes meanwhile waits."""
ORDERED = (say.Apply, say.Preview, say.Poke, say.Capture, say.Restore, say.Play, say.Step)
"""Messages that wait their turn behind a heavy edit."""


class Worker:
    """A circuit being run and changed; used by one thread.

    Args:
        network: the circuit; it is never changed.
        send: takes each message for the window.
        state: a capture to continue from.
        make: builds a simulation, `make(network, state=None)`; see `engine.live.simulating.Make`.
        frames, checkpoints: where pictures and moments go.
        post: puts a message into the inbox from another thread, for heavy edits.
        on_record: told (step, message) of everything that changes what is computed, as it happens.
        clock: seconds, for the throttle.
    """

    def __init__(
        self,
        network: Any,
        send: Callable[[Any], None],
        *,
        state: say.State | None = None,
        make: Make,
        frames: FramePool,
        checkpoints: Checkpoints,
        post: Callable[[Any], None],
        on_record: Callable[[int, Any], None] | None = None,
        speed: float | None = 1.0,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._send = send
        self._on_record = on_record
        self._clock = clock
        without = make.bare(network) if state is None and hasattr(make, "bare") else None
        self.past = Past(network if without is None else without.network, make, checkpoints, state)
        self.pace = Pace(self.simulation.dt, speed, clock)
        self.pictures = Pictures(frames)
        self.news = News(self.past, send)
        self.heavy = Heavy(post)
        self.seeking = Seeking(self.past, self.news)
        self.is_running = False
        self.is_over = False
        self._plays = 0
        self._frame_at = self._checkpoint_at = -1e9
        self._checkpoint_cost = 0.0
        self._is_stale = True
        self._queue: deque[Any] = deque()
        self.pictures.begin(self.simulation.step)
        send(say.Ready(self.simulation.step, self.simulation.t, self.simulation.dt))
        self._dressing: say.Apply | None = None
        if without is not None:
            self._begin_bare(without)

    @property
    def simulation(self) -> Simulating:
        """The simulation as it is now; a restore may replace it."""
        return self.past.simulation

    # -- messages ----------------------------------------------------------------------------------

    def receive(self, message: Any) -> None:
        """Do what a message says; never raises, whatever goes wrong is sent as `Failed`."""
        if self.is_over:
            return
        self._is_stale = True
        if self.heavy.is_busy and self._must_wait(message):
            self._queue.append(message)
            return
        try:
            self._do(message)
        except Exception as error:
            asked = message.message if isinstance(message, Prepared) else message
            where = type(asked).__name__.lower()
            if isinstance(asked, say.Restore) or asked is self._dressing:
                self._end(error, where)  # the window has another circuit than this: there is no way back
                return
            self._fail(error, where)
            if isinstance(asked, say.Apply):
                self._send(say.Refused(asked.number, str(error), self.past.timeline))
        if isinstance(message, Prepared):
            self._go_on()

    def _must_wait(self, message: Any) -> bool:
        """Whether a message waits behind the heavy edit being prepared.

        The rules of a circuit just opened are no edit of the user's: it runs, and is poked, without them.
        """
        if not isinstance(message, ORDERED):
            return False
        if self._dressing is None or self._queue:
            return True
        is_at_rest = self.simulation.step == 0 and not self.is_running
        return not (
            isinstance(message, say.Play | say.Step | say.Poke)
            or (isinstance(message, say.Capture) and is_at_rest)
        )

    def _begin_bare(self, without: Bare) -> None:
        """Run without the rules that are still to be compiled, and have them made ready."""
        self._tell_cause(say.Apply(0, without.undress))
        self._dressing = say.Apply(0, without.dress)
        self.receive(self._dressing)

    def _do(self, message: Any) -> None:
        match message:
            case say.Apply():
                self._apply(message)
            case say.Preview() | say.Poke():
                self._act(message)
            case say.Play():
                self._begin_run(None)
            case say.Step(kind):
                self._begin_run(kind)
            case say.Pause():
                self._queue = deque(m for m in self._queue if not isinstance(m, say.Play | say.Step))
                self._pause()
            case say.SetSpeed(ratio):
                self.pace.set_ratio(ratio, self.simulation.step)
            case say.Capture(tag):
                if self._dressing is not None:  # at rest, and without rules: rest says it all
                    self._send(say.Captured(tag, 0, 0.0, None, timeline=self.past.timeline))
                    return
                kept = self.past.capture()
                found = (tag, kept.step, kept.t, kept.state, kept.edition)
                self._send(say.Captured(*found, self.past.timeline, self.past.previews))
            case say.Restore():
                self._restore(message)
            case say.Watch():
                self.pictures.watch = message
                self._look_at()
            case say.PauseWhen(breakpoints):
                self.seeking.set_breakpoints(breakpoints)
            case Prepared():
                self._swap(message)
            case say.Stop():
                self.is_over = True
            case _:
                raise TypeError(f"{message!r} is not a message to the engine")

    def _apply(self, message: say.Apply) -> None:
        what = self.heavy.begin(self.simulation, message)
        if what is not None:
            self._send(say.Preparing(message.number, what, self.past.timeline))
            return
        try:
            inverse = self.past.do(message)
        except EditRefused as refusal:
            self._send(say.Refused(message.number, str(refusal), self.past.timeline))
            return
        self._applied(message, inverse)

    def _applied(self, message: say.Apply, inverse: Any) -> None:
        self.news.changed_shape()
        if message is self._dressing:
            self._dressing = None
            self._tell_cause(message)
            self._guard(self._checkpoint, "keeping a moment")
            return
        self._note(message)
        step, t = self.simulation.step, self.simulation.t
        self._send(say.Applied(message.number, step, t, inverse, self.past.timeline))

    def _swap(self, prepared: Prepared) -> None:
        message = prepared.message
        self.heavy.is_busy = False
        if prepared.error is not None and message is not self._dressing:
            raise prepared.error
        try:  # what could not be compiled aside is compiled here, if it can be at all
            swaps = prepared.error is None
            inverse = self.past.swap(prepared, message) if swaps else self.past.do(message)
        except EditRefused as refusal:
            self._send(say.Refused(message.number, str(refusal), self.past.timeline))
        else:
            self.heavy.retire(prepared)
            self._applied(message, inverse)

    def _go_on(self) -> None:
        """Do what waited behind a heavy edit, up to the next one."""
        while self._queue and not self.heavy.is_busy:
            self.receive(self._queue.popleft())

    def _act(self, message: say.Preview | say.Poke) -> None:
        try:
            self.past.do(message)
        except EditRefused as refusal:  # a knob turned past what is possible; letting go will tell why
            self._send(say.Refused(0, str(refusal), self.past.timeline))
            return
        self._tell_cause(message)

    def _tell_cause(self, message: Any) -> None:
        """Acknowledge something that no receipt is due for, with its step."""
        self._note(message)
        self._send(say.Noted(self.simulation.step, message, self.past.timeline))

    def _note(self, message: Any) -> None:
        if self._on_record is not None:
            self._on_record(self.simulation.step, message)

    def _restore(self, message: say.Restore) -> None:
        self._pause()
        self.past.put_back(message.state, message.network, message.edition, message.timeline, message.repeats)
        step = self.simulation.step
        if self._on_record is not None:
            self._on_record(step, message)
        self.news.begin(step)
        self.pictures.begin(step)
        self.seeking.arm()
        self._look_at()
        self._send(say.Restored(step, self.simulation.t, message.timeline))

    def _look_at(self) -> None:
        """Have the simulation write down what the cards do to the synapses under the user's eye."""
        look_at = getattr(self.simulation, "look_at", None)
        if look_at is not None:
            look_at(np.array(self.pictures.watch.synapses, np.int64))

    # -- running -----------------------------------------------------------------------------------

    def _begin_run(self, kind: say.StepKind | None) -> None:
        self._plays += 1
        if self.is_running:
            if kind is not None or not self.seeking.is_stepping:
                return  # playing already
            self.seeking.begin(None)
        else:
            self.is_running = True
            self.news.begin_run()
            self.seeking.begin(kind)
            is_cheap = kind is None or self._checkpoint_cost < 0.1 * CHECKPOINT
            if is_cheap and self._dressing is None:
                self._guard(self._checkpoint, "keeping a moment")
        self.pace.start(self.simulation.step)

    def _pause(self, why: str = "") -> None:
        if self.is_running:
            self.is_running = False
            self.seeking.end()
            self.news.end_run()
        self._is_stale = True
        step, t = self.simulation.step, self.simulation.t
        self._send(say.Paused(step, t, why, self.past.timeline, self._plays))

    def turn(self) -> float | None:
        """Run a slice if one is due; returns seconds until the next, None when only a message can help."""
        wait: float | None = None
        if self.is_running:
            good = self.simulation.step
            try:
                wait = self._slice()
            except Exception as error:
                self._fail(error, "running", good)
        is_whole = self._dressing is None
        if (
            self.is_running
            and is_whole
            and self._clock() - self._checkpoint_at >= max(CHECKPOINT, self._checkpoint_cost / SHARE)
        ):
            self._guard(self._checkpoint, "keeping a moment")
        if self._is_stale and (not self.is_running or self._clock() - self._frame_at >= FRAME):
            self._guard(self._publish, "taking a picture")
        if not self.is_running or wait is None:
            return None
        return min(wait, FRAME) if self._is_stale else wait

    def _slice(self) -> float:
        step = self.simulation.step
        while self.past.next_script_step == step:
            self._repeat()
        steps = min(self.seeking.due(step), self.pace.most) or self.pace.due(step)
        if steps == 0:
            return self.pace.wait(step)
        if (script := self.past.next_script_step) is not None:
            steps = min(steps, script - step)
        if any(isinstance(each, WhenRate) for each in self.seeking.breakpoints):
            steps = min(steps, self.news.rates.to_bin_end(step))
        began = self._clock()
        reason = self.seeking.advance(steps)
        self.pace.note(self.simulation.step, steps, self._clock() - began)
        spikes = self.news.tell(step)
        self.pictures.add(spikes, self.news.samples(step), self.news.told())
        forget_before(self.simulation, self.simulation.step)
        self._is_stale = True
        if reason is not None:
            self._pause(reason)
            return 0.0
        if self.seeking.is_stepping:
            return 0.0
        if (ratio := self.pace.fallen_behind(self.simulation.step)) is not None:
            self._send(say.Behind(ratio, self.pace.ratio or 0.0, self.past.timeline))
        return self.pace.wait(self.simulation.step)

    def _repeat(self) -> None:
        message, inverse = self.past.repeat()
        step, t = self.simulation.step, self.simulation.t
        self._note(message)
        if isinstance(message, say.Apply):
            self.news.changed_shape()
            self._send(say.Repeated(message.edit, inverse, step, t, self.past.timeline))
        else:
            self._send(say.Noted(step, message, self.past.timeline))

    # -- pictures and moments ----------------------------------------------------------------------

    def _circumstances(self) -> Circumstances:
        step = self.simulation.step
        return Circumstances(
            self.past.timeline,
            self.news.structure_version,
            self.news.rates.hz(step),
            self.pace.achieved if self.is_running else 0.0,
            self.is_running,
        )

    def _publish(self) -> None:
        self._frame_at = self._clock()
        self._is_stale = not self.pictures.publish(self.simulation, self._circumstances())

    def _checkpoint(self) -> None:
        began = self._clock()
        last = self.past.checkpoints.latest()
        network = self.past.capture().network
        before = last.picture if last else None
        picture = self.pictures.small(self.simulation, network, self._circumstances(), before)
        self.past.keep(picture)
        self._checkpoint_at = self._clock()
        self._checkpoint_cost = self._checkpoint_at - began

    # -- trouble -----------------------------------------------------------------------------------

    def _guard(self, work: Callable[[], None], where: str) -> None:
        """Do something that only looks; when it goes wrong, say so and pause, the run is as it was."""
        try:
            work()
        except Exception as error:
            self._is_stale = False
            self._send(self._failure(error, where))
            if self.is_running:
                self._pause(f"could not go on: {error}")
                self._is_stale = False

    def _fail(self, error: Exception, where: str, step: int | None = None) -> None:
        """Put the last good state back, say what happened, and stand still there."""
        failed = self._failure(error, where)
        try:
            self.past.back_to_good(self.simulation.step if step is None else step)
            self._look_at()
        except Exception as second:
            self._send(failed)
            self._end(second, f"going back after {where}")
            return
        self._send(failed)
        self._pause(str(error))

    def _end(self, error: Exception, where: str) -> None:
        """Nothing can be mended: say so and end."""
        self.is_running = False
        self.is_over = True
        self._send(self._failure(error, where, is_over=True))

    def _failure(self, error: Exception, where: str, is_over: bool = False) -> say.Failed:
        return failure(error, where, self.simulation, self.past.timeline, is_over)

    def close(self) -> None:
        """Let go of the helper thread, if there was one."""
        self.heavy.close()
