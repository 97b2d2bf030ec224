"""The document's half of the talk with the running engine: what was sent, what has been answered.

Two copies of one network change in two places, and must end equal.  The document applies its edits at once
and the engine's news when they are read.  As long as an edit is in flight (sent, its receipt not read), what
the document has is the engine's network with the edits in flight on top; when the engine refuses one, or has
repeated an old one, the edits in flight are taken off, the change is made underneath, and they are put back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from editor.document.history import Side
from engine.errors import EditRefused
from engine.live import messages as say
from engine.live.frame import Frame, Lease
from engine.live.session import LiveSession
from engine.network.edits import NOTHING, AddSynapses, Edit, RemoveSynapses, together
from engine.network.network import Network

Fact = say.Grown | say.Pruned
Start = Callable[..., LiveSession]
"""`start(network, state=None, speed=1.0)` makes a session."""


@dataclass(eq=False)
class Sent:
    """An edit in flight, with the inverse it had in the document."""

    number: int
    edit: Edit
    inverse: Edit


def take_in(facts: Sequence[Fact], network: Network) -> Edit:
    """Let a network have what the engine grew and pruned, but for what is gone; returns the inverse.

    No id is grown twice, so births can go before deaths, and all of a projection are one edit.
    """
    inverses: list[Edit] = []
    births: dict[int, list[say.Grown]] = {}
    for fact in facts:
        if isinstance(fact, say.Grown):
            births.setdefault(fact.projection, []).append(fact)
    for projection, grown in births.items():
        ids = np.concatenate([fact.ids for fact in grown])
        new = network.projection_of(ids) == 0
        if new.any():
            columns = [
                np.concatenate([getattr(fact, name) for fact in grown])[new]
                for name in ("pre", "post", "weight", "delay")
            ]
            inverses.append(AddSynapses(projection, ids[new], *columns, restoring=True).apply(network))
    gone = [fact.ids for fact in facts if isinstance(fact, say.Pruned)]
    if gone:
        inverses.append(RemoveSynapses(np.concatenate(gone), restoring=True).apply(network))
    return together(inverses[::-1])


class Dialogue:
    """A live session with what it was told and what it answered; used by the window's thread."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self.session: LiveSession | None = None
        self.timeline = 0
        self.in_flight: list[Sent] = []
        self.plays = 0
        self.paused = 0
        """How many of those have ended."""
        self._number = 0
        self._tag = 0
        self._facts: list[Fact] = []  # read while anything was in flight
        self._asked: dict[int, Callable[[Side], None]] = {}
        self._lease: Lease | None = None
        self._ending: list[LiveSession] = []

    @property
    def is_awaited(self) -> bool:
        """Whether an answer is on its way: a receipt, a capture, a pause."""
        return bool(self.in_flight or self._asked) or self.paused != self.plays

    # -- beginning and ending ------------------------------------------------------------------------

    @property
    def is_alive(self) -> bool:
        """Whether there is an engine to talk to."""
        return self.session is not None

    def begin(self, network: Network, state: say.State | None, speed: float | None) -> None:
        """Start an engine on `network`."""
        self.session = self._start(network, state=state, speed=speed)
        self.session.start()

    def end(self, timeout: float = 10.0) -> bool:
        """Stop the engine; False when it (or one before it) has not stopped in time."""
        session, self.session = self.session, None
        self.give_back()
        if session is not None:
            self._ending.append(session)
        self.in_flight.clear()
        self._facts.clear()
        self._asked.clear()
        self.plays = self.paused = 0
        self._ending = [session for session in self._ending if not session.stop(timeout)]
        return not self._ending

    def abandon(self, network: Network) -> None:
        """No captures will come: give those who asked the network alone."""
        asked, self._asked = self._asked, {}
        for callback in asked.values():
            callback(Side(self.as_the_engine_has_it(network), None))

    # -- saying --------------------------------------------------------------------------------------

    def tell(self, message: say.ToEngine) -> None:
        """Send a message, if there is an engine."""
        if self.session is not None:
            if isinstance(message, say.Play | say.Step):
                self.plays += 1
            self.session.send(message)

    def send(self, edit: Edit, inverse: Edit) -> int | None:
        """Send an edit that the document has just applied; returns its number, None without an engine."""
        if self.session is None:
            return None
        self._number += 1
        self.in_flight.append(Sent(self._number, edit, inverse))
        self.session.send(say.Apply(self._number, edit))
        return self._number

    def ask(self, callback: Callable[[Side], None]) -> None:
        """Have `callback` called with the whole circuit as it is when the engine reads this."""
        self._tag += 1
        self._asked[self._tag] = callback
        self.tell(say.Capture(self._tag))

    def restore(self, side: Side, repeats: bool) -> None:
        """Put the engine back to `side`; news of the future given up will be dropped."""
        self.timeline += 1
        network = side.network.copy()
        self.tell(say.Restore(side.state, network, self.timeline, side.edition, repeats))

    # -- hearing -------------------------------------------------------------------------------------

    def is_news(self, message: Any) -> bool:
        """Whether a message is of this timeline; receipts and failures always are."""
        if isinstance(message, say.Applied | say.Refused | say.Failed | say.Ready | say.Preparing):
            return True
        return bool(message.timeline == self.timeline)

    def answered(self, number: int) -> Sent | None:
        """Take an edit out of flight; None when it was not in flight."""
        sent = next((sent for sent in self.in_flight if sent.number == number), None)
        if sent is not None:
            self.in_flight.remove(sent)
            if not self.in_flight:
                self._facts.clear()
        return sent

    def facts(self, facts: Sequence[Fact], network: Network) -> Edit:
        """Let the document have what the engine grew and pruned; returns the inverse."""
        if self.in_flight:
            self._facts.extend(facts)
        return take_in(facts, network)

    def captured(self, message: say.Captured, network: Network) -> None:
        """Tell who asked: the capture, and the network as the engine had it then."""
        callback = self._asked.pop(message.tag, None)
        if callback is not None:
            there = self.as_the_engine_has_it(network)
            callback(Side(there, message.state, message.edition, message.step, message.t))

    def as_the_engine_has_it(self, network: Network) -> Network:
        """A copy of the document's network without what is in flight."""
        copy = network.copy()
        for sent in reversed(self.in_flight):
            sent.inverse.apply(copy)
        take_in(self._facts, copy)
        return copy

    def refused(self, number: int, network: Network) -> list[Sent]:
        """Take an edit back that the engine refused; returns those in flight, whose inverses are new."""
        place = next(i for i, sent in enumerate(self.in_flight) if sent.number == number)
        later = self._lift(place, network)
        self.in_flight.remove(later[0])
        self._put_back(later[1:], network)
        return later[1:]

    def underneath(self, edit: Edit, network: Network) -> list[Sent]:
        """Apply an edit that the engine has made before those in flight; returns those, as `refused`."""
        later = self._lift(0, network)
        edit.apply(network)
        self._put_back(later, network)
        return later

    def _lift(self, place: int, network: Network) -> list[Sent]:
        later = self.in_flight[place:]
        for sent in reversed(later):
            sent.inverse.apply(network)
        take_in(self._facts, network)
        return later

    def _put_back(self, later: list[Sent], network: Network) -> None:
        for sent in later:
            try:
                sent.inverse = sent.edit.apply(network)
            except EditRefused:  # the engine will refuse it for the same reason, and say so
                sent.inverse = NOTHING
        if not self.in_flight:
            self._facts.clear()

    # -- looking -------------------------------------------------------------------------------------

    def newest(self) -> Frame | None:
        """Exchange the frame held for the newest one of this timeline; None when there is no newer."""
        if self.session is None:
            return None
        lease = self.session.latest()
        if lease is None:
            return None
        held = self._lease.frame if self._lease else None
        if lease.frame is held or lease.frame.timeline != self.timeline:
            lease.give_back()
            return None
        self.give_back()
        self._lease = lease
        return lease.frame

    def give_back(self) -> None:
        """Return the frame held."""
        if self._lease is not None:
            self._lease.give_back()
            self._lease = None
