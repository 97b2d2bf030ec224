"""From what happened to what is seen: news of the document and frames of the run, for canvas and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject

from editor.canvas.overlay.items import Halves
from editor.document.news import News
from editor.selection import KINDS
from editor.transport.quiet import Quiet
from engine.analysis.slowness import compression
from engine.live.frame import Frame
from engine.live.messages import Grown, Pruned, Restored

if TYPE_CHECKING:
    from editor.document.document import Document
    from editor.drawing.teaching import Passing, TwoPhases
    from editor.selection import Selection
    from editor.transport.timeline import Timeline
    from editor.window.plots_dock import PlotTabs
    from engine.analysis.ledger.reach import Reach

NONE = np.empty(0, np.int64)
UNDER_THE_EYE = 64
"""Selected synapses of which frames say what each card did."""
REPLAY = 0.25
"""How fast the stream of a training is shown, times real time."""
FULL = 10.0
"""Steps of 1 ms for one spike at which a disc is full: 100 Hz, as the ledger reads a rate of 1."""
PLOTTED = 64
"""Neurons or synapses of each selected thing that plots are told of; they draw fewer."""


class Feed(QObject):
    """Keeps the canvas, the plots and the timeline up with a document.

    The canvas comes later than the window and may be missing for a while.
    """

    def __init__(
        self, document: Document, selection: Selection, timeline: Timeline, plots: PlotTabs, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.selection = selection
        self.timeline = timeline
        self.plots = plots
        self.canvas: Any = None
        self._drawn: Any = None
        self._asked: tuple[tuple[str, ...], tuple[int, ...]] = ((), ())
        self.quiet = Quiet()
        self._replayed, self._replayed_at = 0, 0.0
        selection.watch(self.show_selection)
        plots.made.connect(self._ask_for_quantities)

    def use_canvas(self, canvas: Any) -> None:
        """From now on there is a canvas."""
        self.canvas = canvas
        self.show_all(fit_view=True)

    def show_all(self, *, fit_view: bool) -> None:
        """Draw the whole circuit anew."""
        network, frame = self.document.shown
        self._drawn = network
        self.plots.follow(network)
        self._ask_for_quantities()
        if self.canvas is not None:
            from editor.gestures.noting import notes_of

            self.canvas.set_network(network, fit_view=fit_view)
            self.canvas.scene.notes[:] = notes_of(self.document.layout)
            self.say_title()
            self.show_selection()
            if frame is not None:
                self.canvas.show_frame(frame)

    def take_in(self, news: News) -> None:
        """The document changed."""
        if news.run or news.everything:
            self._catch_up_with_the_clock()
        network, _ = self.document.shown
        if network is not self._drawn:
            self.show_all(fit_view=False)
            if self.canvas is not None:
                self.canvas.restart()
        elif news.touches_network:
            self._forget_gone(news)
            self.plots.follow(network)
            self._ask_for_quantities()
            if self.canvas is not None:
                self._redraw(news)
        if news.settings:
            self.say_title()
        if news.history:
            self._show_notes()

    def _show_notes(self) -> None:
        """Notes were written, deleted, or brought back."""
        from editor.gestures.noting import notes_of

        if self.canvas is not None and self.canvas.scene.notes != (notes := notes_of(self.document.layout)):
            self.canvas.scene.notes[:] = notes
            gone = set(self.selection.ids("note").tolist()) - {note.id for note in notes}
            self.selection.forget("note", np.array(sorted(gone), np.int64))
            self.canvas.touch()

    def hear(self, lines: list[Any]) -> None:
        """The log has new lines: births and deaths go to the timeline and the plots."""
        for line in lines:
            ids = np.asarray(line.ids, np.int64)
            if line.kind == "grown":
                self.timeline.born(line.t, len(ids))
                self.plots.hear(Grown(0, ids, NONE, NONE, NONE, NONE, "", line.text, 0, line.t))
            elif line.kind == "pruned":
                self.timeline.died(line.t, len(ids))
                self.plots.hear(Pruned(0, ids, "", line.text, 0, line.t))

    def show_frame(self, frame: Any) -> None:
        """There is a new picture of the run."""
        if self.canvas is not None and self.document.looking is None:
            if frame.is_running:
                self.canvas.items.halves = None
            self.canvas.show_frame(frame)
            silence = self.quiet.hear(frame, self.canvas.clock(), self.document.network)
            self.canvas.chrome.hint, self.canvas.chrome.offer = silence or ("", None)
        self.plots.show_frame(frame)

    def show_training(self, seen: Any, phases: TwoPhases | None) -> None:
        """There is a new picture of a training: the rates of its first pattern, and every weight."""
        if self.canvas is None or self.document.looking is not None:
            return
        rates = seen.states["x"][0] if len(seen.states["x"]) else NONE.astype(np.float64)
        if len(seen.stream) and seen.spiking.any():
            rates = self._replay(seen)
        order = np.argsort(seen.neurons)
        self.canvas.items.halves = Halves.of(seen, phases)
        self.canvas.show_frame(Frame(ids=seen.neurons[order], v01=rates[order], weights=seen.weights))

    def _replay(self, seen: Any) -> Any:
        """Go on through the stream of a training, slowly and over and over; return how active who is now."""
        now, length = self.canvas.clock(), len(seen.stream)
        first = self._replayed % length
        many = int(np.clip((now - self._replayed_at) * 1000.0 * REPLAY, 1, length))
        self._replayed, self._replayed_at = first + many, now
        part = seen.stream[np.arange(first, first + many) % length]
        ids = seen.neurons[seen.spiking & (part > 0.5).any(axis=0)]
        self.canvas.changes.spiked(self.canvas.scene, ids, np.full(len(ids), now))
        return np.where(seen.spiking, (seen.stream > 0.5).mean(axis=0) * FULL, part[-1])

    def show_passing(self, passing: list[Passing]) -> None:
        """A phase of a training was stepped: what it sent runs over the synapses, turn after turn."""
        if self.canvas is None:
            return
        from editor.canvas.teaching import waves_of

        waves = waves_of(passing, self.document.network.projections, self.canvas.clock())
        self.canvas.changes.waves.send(waves)
        self.canvas.touch()

    def show_reach(self, found: Reach, spike: str, error: str) -> None:
        """Light up what a spike reaches, and after it what an error changes, with these words over them."""
        if self.canvas is None:
            return
        from editor.canvas.teaching import STAYS, WHOLE, Wave

        now = self.canvas.clock()
        waves = [
            Wave(found.spike, now, WHOLE, "warning", words=spike),
            Wave(found.error, now + STAYS, WHOLE, "danger", words=error),
        ]
        self.canvas.changes.waves.send(waves)
        self.canvas.touch()

    def show_selection(self) -> None:
        """Another selection: what is selected is drawn in full, the rest steps back."""
        self._ask_for_quantities()
        net = self.document.network
        chosen = self.selection.ids("population").tolist()
        neurons = [
            self.selection.neurons,
            *(net.populations[id].neuron_ids for id in chosen if id in net.populations),
        ]
        projections = self.selection.ids("projection").tolist()
        synapses = [
            self.selection.synapses,
            *(net.projections[id].synapses.id for id in projections if id in net.projections),
        ]
        self.plots.watch(*(np.concatenate([part[:PLOTTED] for part in one]) for one in (neurons, synapses)))
        if self.canvas is not None:
            self.canvas.select(np.concatenate(neurons), np.concatenate(synapses))

    def say_title(self) -> None:
        """What stands around the picture: title, the first line of the notes as a strip, slow time."""
        if self.canvas is not None:
            network = self.document.network
            self.canvas.chrome.title = network.title
            self.canvas.chrome.strip = network.notes.strip().partition("\n")[0]
            self.canvas.chrome.pace = compression(network.slow)
            self.canvas.touch()

    def _ask_for_quantities(self) -> None:
        """Have frames carry what canvas and plots show of this circuit, and nothing else."""
        if self.canvas is None:
            return
        from editor.canvas.intake import wanted

        names = tuple(sorted({*wanted(self.document.network), *self.plots.wants()}))
        eyed = tuple(self.selection.synapses[:UNDER_THE_EYE].tolist())
        if (names, eyed) != self._asked:
            self._asked = (names, eyed)
            self.document.watch(None, names, eyed)

    def _redraw(self, news: News) -> None:
        canvas = self.canvas
        now = canvas.clock()
        if news.pruned:
            canvas.changes.died(canvas.scene, np.concatenate(news.pruned), now)
        canvas.sync()
        if news.grown:
            canvas.changes.born(canvas.scene, np.concatenate(news.grown), now)
        canvas.touch()

    def _forget_gone(self, news: News) -> None:
        for kind in set(news.removed) & set(KINDS):
            self.selection.forget(kind, news.ids("removed", kind))

    def _catch_up_with_the_clock(self) -> None:
        t = self.document.t
        if t < self.timeline.t - 1e-9:
            self.timeline.rewind(t)
            self.plots.hear(Restored(0, t, 0))
        self.timeline.reach(t)
