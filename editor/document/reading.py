"""How a document takes in what the engine says: news become changes of the network, receipts settle edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from editor.document.dialogue import Fact
from editor.document.filing import Filing
from editor.document.history import Part, Step
from editor.document.news import News
from engine.live import messages as say
from engine.live.frame import SPIKE

if TYPE_CHECKING:
    from editor.document.dialogue import Sent


class Reading(Filing):
    """`poll`, and what each message means; a part of `Document`."""

    def poll(self, limit: int | None = None) -> News:
        """Read what the engine has said (at most `limit` messages), and the newest picture; call each frame.

        Returns what changed, which the listeners have been told.
        """
        session = self.live.session
        if session is not None:
            facts: list[Fact] = []
            for message in session.read(limit):
                if not self.live.is_news(message):
                    continue
                if isinstance(message, say.Grown | say.Pruned):
                    facts.append(message)
                    continue
                self._facts(facts)
                self._hear(message)
            self._facts(facts)
            self._look()
        self._finish_jobs()
        self._go_on()
        return self._tell()

    def _look(self) -> None:
        frame = self.live.newest()
        self.new_spikes = np.empty(0, SPIKE)
        if frame is None:
            return
        self.frame = frame
        self.new_spikes = frame.spikes_since(self._seen)
        self._seen = frame.step
        self._reach(frame.step, frame.t)
        run = self.history.run
        if run is not None and frame.is_running:
            was_saved = self.history.is_saved
            run.stop = frame.t
            run.describe()
            if was_saved:
                self._news.history = True
        self._news.frame = True
        if self.behind is not None and self.speed and frame.achieved >= 0.95 * self.speed:
            self.behind = None  # it keeps up again
            self._news.run = True

    def _hear(self, message: say.FromEngine) -> None:
        match message:
            case say.Ready():
                self._reach(message.step, message.t)
                self._answered()
            case say.Applied():
                self._applied(message)
            case say.Refused():
                self._refused(message)
            case say.Repeated():
                self._repeated(message)
            case say.Noted():
                if isinstance(message.message, say.Apply):
                    self._answered()
                self._record(*say.to_record(message.message), message.step)
            case say.Captured():
                self.live.captured(message, self.network)
            case say.Restored():
                self._reach(message.step, message.t)
                self._record("restore", {"timeline": message.timeline}, message.step)
                self._news.run = True
            case say.Ran():
                self._ran(message)
            case say.Paused():
                self._paused(message)
            case say.Behind():
                self.behind = message.ratio
                self._news.run = True
            case say.Preparing():
                self.preparing = message.what
                self._news.run = True
            case say.Failed():
                self._failed(message)

    def _applied(self, message: say.Applied) -> None:
        self._answered()
        sent = self.live.answered(message.number)
        if sent is None:
            return
        found = self.history.part(message.number)
        if found is not None:
            found[1].settle(message.inverse)
        self._record("edit", sent.edit, message.step)
        self._news.history = True

    def _answered(self) -> None:
        if self.preparing:
            self.preparing = ""
            self._news.run = True

    def _refused(self, message: say.Refused) -> None:
        self._answered()
        self._line(message.why, kind="trouble")
        if all(sent.number != message.number for sent in self.live.in_flight):
            return  # a preview
        found = self.history.part(message.number)
        self._renew(self.live.refused(message.number, self.network))
        self._news.everything = self._news.history = True
        if found is None:
            return
        entry, part = found
        assert isinstance(entry, Step)
        if part.answers == "edit":  # it was to be undone, and is not
            part.settle(None)
            part.answers = "inverse"
            self.history.undone.remove(entry)
            self.history.done.append(entry)
        elif entry in self.history.done:
            entry.parts.remove(part)
            if not entry.parts:
                self.history.drop(entry)

    def _renew(self, later: list[Sent]) -> None:
        """Edits in flight were taken off and put back: their own inverses are new."""
        for sent in later:
            found = self.history.part(sent.number)
            if found is None:
                continue
            part = found[1]
            if part.answers == "inverse":
                part.inverse = sent.inverse
            else:
                part.edit = sent.inverse

    def _facts(self, facts: list[Fact]) -> None:
        """Take in a series of births and deaths at once, and empty the list."""
        if not facts:
            return
        inverse = self.live.facts(facts, self.network)
        news = News()
        news.tell(inverse, self.network)
        happened = {"grown": news.ids("added", "synapse"), "pruned": news.ids("removed", "synapse")}
        self._news = self._news.and_then(news)
        for fact in facts:
            kind = "grown" if isinstance(fact, say.Grown) else "pruned"
            ids = fact.ids[np.isin(fact.ids, happened[kind])]
            if ids.size:  # else it was about something that is gone here
                self._tell_fact(fact, kind, ids)
        facts.clear()

    def _tell_fact(self, fact: Fact, kind: str, ids: NDArray[np.int64]) -> None:
        projection = self.network.projections.get(fact.projection)
        where = f" in {projection.label}" if projection is not None else ""
        count = int(ids.size)
        what = f"{count} synapses" if count != 1 else "a synapse"
        text = f"{what} grew{where}" if kind == "grown" else f"pruned {what}{where}"
        self._line(f"{text}: {fact.why}", ids, kind, fact.t)
        run = self.history.run
        if kind == "grown":
            self._news.grown.append(ids)
            if run is not None:
                run.grown += count
        else:
            self._news.pruned.append(ids)
            if run is not None:
                run.pruned += count

    def _repeated(self, message: say.Repeated) -> None:
        self._renew(self.live.underneath(message.edit, self.network))
        self.history.done.append(Step(message.edit.label, [Part(message.edit, message.inverse)]))
        self._record("edit", message.edit, message.step)
        self._news.everything = self._news.history = True

    def _ran(self, message: say.Ran) -> None:
        run = self.history.run
        if run is not None:
            run.weights = max(run.weights, message.weights)

    def _paused(self, message: say.Paused) -> None:
        if message.plays != self.live.plays:
            return  # it was told to play again since
        self.live.paused = message.plays
        self._reach(message.step, message.t)
        self.is_running = False
        run = self.history.run
        if run is not None:
            run.stop, run.is_open = message.t, False
            run.describe()
            self._line(run.label, kind="run", t=message.t)
        if message.why:
            self._line(f"paused: {message.why}", kind="pause", t=message.t)
        self._record("run", {"playing": False}, message.step)
        self._news.run = self._news.history = True

    def _failed(self, message: say.Failed) -> None:
        self.failure = message
        named = [id for id in (message.neuron, message.projection) if id is not None]
        self._line(message.error, named, "trouble", message.t)
        self._news.run = True
        if message.is_over:
            self._lost_engine()

    def _lost_engine(self) -> None:
        """The engine's thread has ended: what waited for it goes on without it."""
        self.live.abandon(self.network)
        self.live.end(timeout=0.0)
        self.frame = None
        self.is_running = False
        self.history.settle_all()
        run = self.history.run
        if run is not None:
            run.is_open = False
