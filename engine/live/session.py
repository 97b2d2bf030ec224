"""A circuit that runs on a thread of its own while somebody looks at it and changes it.

Two lossless queues and one latest picture are all that the two sides share: `send` and `read` are the
queues, `latest` lends the picture.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from engine.live.checkpoints import BUDGET, Checkpoints
from engine.live.frame import FramePool, Lease
from engine.live.messages import FromEngine, Preparing, Preview, Stop, ToEngine
from engine.live.simulating import Make
from engine.live.trouble import failure
from engine.live.worker import Worker


class LiveSession:
    """A simulation edited while it runs.

    The simulation is built on the thread too, so nothing here ever waits for it; messages sent before it is
    ready wait in the inbox.  It begins paused.

    Args:
        network: the circuit; the session works on a copy.
        threads: threads the simulation itself may use.
        on_record: called on the engine's thread with (step, message) of everything that changes what is
            computed, at the moment it takes effect: what a journal must hold for the run to be repeated.
        speed: biological time per wall time, None for as fast as possible.
        memory: bytes for moments to go back to.
        state: a capture to continue from.
        make: builds the simulation; the real one unless a test says otherwise.
    """

    def __init__(
        self,
        network: Any,
        *,
        threads: int = 1,
        on_record: Callable[[int, Any], None] | None = None,
        speed: float | None = 1.0,
        memory: int = BUDGET,
        state: Any = None,
        make: Make | None = None,
    ) -> None:
        self._network = network.copy()
        self._state = state
        self._make = make
        self._threads = threads
        self._on_record = on_record
        self._speed = speed
        self.inbox: SimpleQueue[Any] = SimpleQueue()
        self.outbox: SimpleQueue[FromEngine] = SimpleQueue()
        self.frames = FramePool()
        self.checkpoints = Checkpoints(memory)
        self._given_up = threading.Event()
        self._thread = threading.Thread(target=self._live, name="neuropil-engine", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def send(self, message: ToEngine) -> None:
        """Tell the engine something; returns at once."""
        self.inbox.put(message)

    def read(self, limit: int | None = None) -> list[FromEngine]:
        """What the engine has said since the last call, in order; at most `limit` messages."""
        said: list[FromEngine] = []
        while limit is None or len(said) < limit:
            try:
                said.append(self.outbox.get_nowait())
            except Empty:
                break
        return said

    def latest(self) -> Lease | None:
        """Borrow the newest picture: `with session.latest() as frame:`; None before the first."""
        return self.frames.take()

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def stop(self, timeout: float = 10.0) -> bool:
        """End the thread and wait for it; False when it has not ended in time."""
        self._given_up.set()
        self.inbox.put(Stop())
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    # -- on the engine's thread ----------------------------------------------------------------------

    def _live(self) -> None:
        worker: Worker | None = None
        try:
            worker = Worker(
                self._network,
                self.outbox.put,
                state=self._state,
                make=self._builder(),
                frames=self.frames,
                checkpoints=self.checkpoints,
                post=self.inbox.put,
                on_record=self._on_record,
                speed=self._speed,
            )
            while not worker.is_over:
                for message in self._messages(worker.turn()):
                    worker.receive(message)
        except Exception as error:  # what the worker could not mend: the thread ends, and says so
            where = "building the circuit" if worker is None else "running"
            simulation = worker.simulation if worker is not None else None
            self.outbox.put(failure(error, where, simulation, is_over=True))
        finally:
            if worker is not None:
                worker.close()

    def _builder(self) -> Make:
        """What builds simulations: the real one is imported only when something is run."""
        if self._make is not None:
            return self._make
        from engine.live.building import Builder

        builder = Builder(self._threads, self._given_up)
        if builder.lacks(self._network):
            self.outbox.put(Preparing(0, "the circuit"))
        return builder

    def _messages(self, wait: float | None) -> list[Any]:
        """Everything in the inbox; waits for the first when there is nothing else to do."""
        if wait == 0.0:
            if self.inbox.empty():
                return []
            found = [self.inbox.get()]
        else:
            try:
                found = [self.inbox.get(timeout=wait)]
            except Empty:
                return []
        while not self.inbox.empty():
            found.append(self.inbox.get())
        return newest_previews(found)


def newest_previews(messages: list[Any]) -> list[Any]:
    """The messages without those previews that a later preview of the same knob replaces.

    Only previews with nothing but previews between them count: the order of everything else is kept.
    """
    kept: list[Any] = []
    seen: set[Any] = set()
    for message in reversed(messages):
        if isinstance(message, Preview):
            knob = _knob(message.edit)
            if knob in seen:
                continue
            seen.add(knob)
        else:
            seen.clear()
        kept.append(message)
    return kept[::-1]


def _knob(edit: Any) -> tuple[Any, ...]:
    """What an edit is about, without the value it sets."""
    about: list[Any] = [type(edit).__name__]
    for name, value in vars(edit).items():
        if isinstance(value, dict):
            about.append((name, tuple(sorted(value))))
        elif hasattr(value, "dtype"):
            if value.dtype.kind in "iu":
                about.append((name, value.tobytes()))
        elif isinstance(value, str | int):
            about.append((name, value))
    return tuple(about)
