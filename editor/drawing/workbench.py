"""What the user has in hand: the selection, what comes next, clippings, sources; and the edits made of them.

Qt-free.  Actions, the palette and gestures go through here, so that a key, a menu and the mouse do the same.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from editor.drawing import clippings, placing
from editor.drawing.clippings import Clipping
from editor.drawing.next_drawn import NextDrawn
from editor.palette.cards import Card
from editor.selection import NOTHING, Ids, Selection
from engine.counting import counted
from engine.errors import EditRefused
from engine.network.edits import AddNeurons, AddPopulation, Edit
from engine.network.network import Network


class Document(Protocol):
    """What a workbench asks of whatever holds the network."""

    @property
    def network(self) -> Network:
        """The network as it is now."""
        ...

    def do(self, edit: Edit) -> Any:
        """Make an edit; raises EditRefused."""

    def gesture(self, label: str) -> AbstractContextManager[None]:
        """Everything done inside is one entry of the history."""

    def poke(self, kind: str, ids: Any) -> None:
        """Fire, silence or release by hand."""


class Workbench:
    """The user's hands.

    `say(text, is_bad)` tells the user something; it is called, never stored in a signal.
    """

    def __init__(
        self, document: Document, selection: Selection, coming: NextDrawn, say: Callable[[str, bool], None]
    ) -> None:
        self.document = document
        self.selection = selection
        self.coming = coming
        self.say = say
        self.card: Card | None = None
        """The card chosen in the palette."""
        self.clipping: Clipping | None = None
        self.sources: Ids = NOTHING
        self._pasted = 0
        self._twins: tuple[Ids, Ids] | None = None
        self._homes: dict[tuple[str, int], int] = {}

    def start_over(self) -> None:
        """Another circuit is open: forget what was meant in the last one."""
        self.sources = NOTHING
        self._twins = None
        self._homes.clear()

    @property
    def network(self) -> Network:
        """The network one works on."""
        return self.document.network

    def do(self, edit: Edit | str) -> bool:
        """Make an edit, or say why not; a string is a reason that was found before."""
        if isinstance(edit, str):
            self.say(edit, True)
            return False
        try:
            self.document.do(edit)
        except EditRefused as refusal:
            self.say(str(refusal), True)
            return False
        return True

    def put(self, coming: NextDrawn, at: ArrayLike) -> Ids:
        """Place neurons by hand (um); neurons of one kind and sign drawn one by one share a population.

        Returns the ids of the new neurons, none when they were refused.
        """
        kind = (coming.neuron, coming.sign)
        if not coming.population and self._homes.get(kind, 0) in self.network.populations:
            coming = replace(coming, population=self._homes[kind])
        edit = placing.neurons(self.network, coming, at)
        if not self.do(edit):
            return NOTHING
        if isinstance(edit, AddPopulation):
            self._homes[kind] = edit.population.id
            return edit.population.neuron_ids
        return edit.ids if isinstance(edit, AddNeurons) else NOTHING

    def neurons(self) -> Ids:
        """The selected neurons, those of selected populations included, that still exist."""
        net = self.network
        chosen = [
            net.populations[i].neuron_ids
            for i in self.selection.ids("population").tolist()
            if i in net.populations
        ]
        every = np.unique(np.concatenate([self.selection.neurons, *chosen]))
        return every[net.population_of(every) != 0] if len(every) else NOTHING

    def choose(self, ids: Ids) -> None:
        """Select things of whatever kind by their ids, and look at them."""
        net = self.network
        chosen: dict[str, Any] = {
            "neuron": ids[net.population_of(ids) != 0],
            "synapse": ids[net.projection_of(ids) != 0],
        }
        for id in ids.tolist():
            if (record := net.thing(id)) is not None:
                chosen.setdefault(type(record).__name__.lower(), []).append(id)
        self.selection.choose(**chosen)
        if self.selection.is_empty:
            self.say("What this was about is gone.", False)

    # -- copies --------------------------------------------------------------------------------------

    def copy(self) -> None:
        """Take a clipping of the selected neurons."""
        self.clipping = clippings.clip(self.network, self.neurons())
        self._pasted = 0
        count = self.clipping.count
        self.say(f"Copied {counted(count, 'neuron')}.", False)

    def paste(self, shift: tuple[float, float]) -> None:
        """Put the clipping in; each time a little further to the side."""
        if self.clipping is None:
            return
        self._pasted += 1
        moved = (shift[0] * self._pasted, shift[1] * self._pasted)
        edit, ids = clippings.paste(self.network, self.clipping, moved)
        if self.do(edit):
            self.selection.choose(neuron=ids)

    def duplicate(self, shift: tuple[float, float]) -> None:
        """Copy and paste in one; if the last twins were moved, the next ones go as far again."""
        neurons = self.neurons()
        moved = self._offset(neurons, shift)
        edit, ids = clippings.paste(self.network, clippings.clip(self.network, neurons), moved, "duplicate")
        if self.do(edit):
            self._twins = (neurons, ids)
            self.selection.choose(neuron=ids)

    def _offset(self, neurons: Ids, shift: tuple[float, float]) -> tuple[float, float]:
        if self._twins is None or not np.array_equal(self._twins[1], neurons):
            return shift
        was, now = (self.network.positions_of(ids)[:, :2].mean(axis=0) for ids in self._twins)
        if not np.isfinite([*was, *now]).all():
            return shift
        return float(now[0] - was[0]), float(now[1] - was[1])

    # -- wiring --------------------------------------------------------------------------------------

    def take_sources(self) -> None:
        """Remember the selected neurons as the sources of the next wiring."""
        self.sources = self.neurons()
        count = len(self.sources)
        self.say(f"{counted(count, 'source')}. Select the targets and press 2.", False)

    def wire_to(self, targets: Ids) -> None:
        """Wire the sources to these with the pattern chosen in the palette; few are wired all to all."""
        pattern = self.coming.pattern if len(self.sources) * len(targets) > 16 else "all_to_all"
        self.do(placing.wire(self.network, self.sources, targets, self.coming.synapse, pattern))

    # -- cards ---------------------------------------------------------------------------------------

    def pick(self, card: Card) -> None:
        """A card was chosen: it says what comes next."""
        self.card = card
        if card.kind != "rule":
            self.coming.take(card)

    def use(self, card: Card, middle: tuple[float, float]) -> None:
        """Place a card in the middle of the view, or attach it to what is selected."""
        net, chosen = self.network, self.neurons()
        synapses = self.selection.synapses
        projections = self.selection.ids("projection").tolist()
        if placing.is_pattern(card):
            self.coming.take(card)
            if len(self.sources) and len(chosen):
                self.do(placing.wire(net, self.sources, chosen, self.coming.synapse, card.slug))
            else:
                self.say(f"{card.label}: select sources and press 1, then targets and press 2.", False)
        elif card.kind == "transmission":
            self.coming.take(card)
            self.say(f"The next synapse: {self.coming.synapse.words()}.", False)
        elif card.kind in ("neuron", "astrocyte"):
            self.do(placing.place(net, card, self.coming, middle))
        elif card.kind == "rule" and not (len(synapses) or projections):
            self.coming.take(card)
            self.say(f"The next synapse: {self.coming.synapse.words()}.", False)
        elif card.kind in ("input", "modulator") and not len(chosen):
            self.do(placing.place(net, card, self.coming, middle))
        else:
            found = placing.attach(
                net, card, self.coming, neurons=chosen, synapses=synapses, projections=projections
            )
            self.do(found)
