"""Repeat a live run from a capture and the list of what was done to it: the same bits come out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.errors import EditRefused, RunError
from engine.live.building import Builder
from engine.live.messages import Apply, Poke, Preview, Restore, State, from_record
from engine.live.simulating import Make

Record = tuple[int, Any]
"""The step at which something took effect (the number of steps run before it), and the message."""


class Hand:
    """What acts on a simulation: edits, pokes, and a knob that is being turned.

    A preview is an edit that is taken back before the next one, so that letting go of a knob is one change
    from where it was, and undoing it goes back there.
    """

    def __init__(self, simulation: Any) -> None:
        self.simulation = simulation
        self.previews: list[Any] = []
        """The previews in force, oldest first."""
        self._inverses: list[Any] = []

    def act(self, message: Any) -> Any:
        """Let one cause happen; returns the inverse of an edit, else None.  Raises EditRefused."""
        if isinstance(message, Apply):
            previews = list(self.previews)
            self.take_back()
            try:
                return self.simulation.apply(message.edit)
            except EditRefused:
                for edit in previews:
                    self._preview(edit)
                raise
        if isinstance(message, Preview):
            if message.edit is None:
                self.take_back()
            else:
                self._preview(message.edit)
        elif isinstance(message, Poke):
            self.simulation.poke(message.kind, message.ids)
        else:
            raise RunError(f"{type(message).__name__} is nothing that a run can repeat")
        return None

    def _preview(self, edit: Any) -> None:
        self._inverses.append(self.simulation.apply(edit))
        self.previews.append(edit)

    def take_back(self) -> None:
        """Undo the previews in force."""
        self.previews.clear()
        while self._inverses:
            self.simulation.apply(self._inverses.pop())

    def plain(self, network: Any) -> Any:
        """`network`, a copy of the one being run, without the previews in force."""
        for inverse in reversed(self._inverses):
            inverse.apply(network)
        return network


def replay(
    network: Any,
    state: State | None,
    records: Iterable[Record],
    until: int | None = None,
    *,
    make: Make | None = None,
) -> Any:
    """The simulation after everything in `records` happened again, each at its step, and then up to `until`.

    Records before the step of `state` are passed over; a restore among them is followed.  Frames, pauses and
    the number of threads of the first run make no difference.

    Raises:
        RunError: when a record lies before the moment reached, so the list is not of this run.
    """
    build = make or Builder()
    hand = Hand(build(network, state=state))
    begun = hand.simulation.step
    for step, message in records:
        now = hand.simulation.step
        if isinstance(message, Restore):
            hand = Hand(build(message.network, state=message.state))
            begun = hand.simulation.step
            continue
        if step < begun:
            continue
        if step < now:
            raise RunError(
                f"a record of step {step} comes after one of step {now}; "
                "the list of what was done is not in order"
            )
        hand.simulation.advance(step - now)
        try:
            hand.act(message)
        except EditRefused as refusal:
            raise RunError(f"an edit that took effect at step {step} does not now: {refusal}") from refusal
    if until is not None and until > hand.simulation.step:
        hand.simulation.advance(until - hand.simulation.step)
    return hand.simulation


class Reliving:
    """A simulation for `engine.files.recovered.recover`: edits and other records act as they did live.

    Use `recover(offer, simulate=Reliving, replay=Reliving.repeat)`.
    """

    def __init__(self, network: Any, state: State | None = None, *, make: Make | None = None) -> None:
        self._hand = Hand((make or Builder())(network, state=state))

    @property
    def step(self) -> int:
        """Whole steps since t = 0."""
        return int(self._hand.simulation.step)

    @property
    def network(self) -> Any:
        """The network as it now is, without what was only being tried."""
        return self._hand.plain(self._hand.simulation.network)

    def run(self, duration: float) -> None:
        """Run for `duration` ms."""
        self._hand.simulation.advance(round(duration / self._hand.simulation.dt))

    def apply(self, edit: Any) -> Any:
        """Make an edit; returns its inverse."""
        return self._hand.act(Apply(0, edit))

    def repeat(self, record: Any) -> None:
        """Let a record that is no edit happen again; those that change nothing are passed over."""
        message = from_record(record.kind, record.body)
        if message is not None:
            self._hand.act(message)

    def capture(self) -> State:
        """Everything the run is doing."""
        return self._hand.simulation.capture()  # type: ignore[no-any-return]
