"""What can be undone: edits, and runs, each one entry whose label finishes the sentence "Undo ...".

With no engine running an edit's inverse is the document's own.  With one, the engine's receipt brings the
inverse that counts: learned weights come back with an undo, synapses the engine had pruned do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from engine.counting import counted
from engine.live.messages import State
from engine.network.edits import Edit, together

MEMORY = 1 << 30
"""Bytes that captures of runs may hold before the oldest entries are given up."""


@dataclass(eq=False)
class Part:
    """One edit of a step with its inverse; `number` until the engine's receipt has been read.

    `answers` says which of the two the receipt replaces: the inverse after a change was made or redone,
    the edit after it was undone.
    """

    edit: Edit
    inverse: Edit
    number: int | None = None
    answers: str = "inverse"

    def settle(self, inverse: Edit | None) -> None:
        """The receipt was read: the engine's own inverse counts from now on."""
        if inverse is not None:
            if self.answers == "inverse":
                self.inverse = inverse
            else:
                self.edit = inverse
        self.number = None


@dataclass(eq=False)
class Step:
    """One gesture: what it did, and what undoes it."""

    label: str
    parts: list[Part] = field(default_factory=list)

    @property
    def is_settled(self) -> bool:
        """Whether every receipt has been read."""
        return all(part.number is None for part in self.parts)

    @property
    def edit(self) -> Edit:
        """What redoing applies."""
        return together([part.edit for part in self.parts], self.label)

    @property
    def inverse(self) -> Edit:
        """What undoing applies."""
        return together([part.inverse for part in reversed(self.parts)], self.label)


@dataclass(eq=False)
class Side:
    """The whole circuit at a moment: the network, and the capture of its run (None: at rest, t = 0)."""

    network: Any
    state: State | None
    edition: int = -1
    step: int = 0
    t: float = 0.0


@dataclass(eq=False)
class Leap:
    """An entry that is undone by putting back the whole circuit: `side` is what is on the other side.

    `side` is None until the engine has sent the capture.
    """

    label: str
    side: Side | None = None
    arrived: int = -1
    """The step gone back to."""

    @property
    def is_settled(self) -> bool:
        """Whether the other side is known."""
        return self.side is not None

    @property
    def nbytes(self) -> int:
        """Bytes of memory behind the capture on the other side."""
        if self.side is None or self.side.state is None:
            return 0
        return sum(array.nbytes for array in self.side.state.values())


@dataclass(eq=False)
class Run(Leap):
    """A run, placed in the history where it started; what was edited during it lies above it."""

    label: str = ""
    start: float = 0.0
    stop: float = 0.0
    weights: int = 0
    grown: int = 0
    pruned: int = 0
    is_open: bool = True

    def describe(self) -> None:
        """Write the label anew: "run 0-2.4 s: 37 weights, +3 / -5 synapses"."""
        told = []
        if self.weights:
            told.append(counted(self.weights, "weight"))
        if self.grown or self.pruned:
            told.append(f"+{self.grown} / -{counted(self.pruned, 'synapse')}")
        self.label = f"run {span(self.start, self.stop)}" + (f": {', '.join(told)}" if told else "")


@dataclass(eq=False)
class Jot:
    """A change of the notes on the canvas, no part of the network; `notes` are those on the other side."""

    label: str
    notes: list[dict[str, Any]]
    is_settled: bool = True


Entry = Step | Leap | Jot


class History:
    """Entries done and undone, and where among them the document was last saved."""

    def __init__(self) -> None:
        self.done: list[Entry] = []
        self.undone: list[Entry] = []
        self._saved: tuple[object, object] = (None, None)

    def push(self, entry: Entry) -> None:
        """Add an entry just made; what was undone before cannot be redone any more."""
        self.done.append(entry)
        self.undone.clear()

    def begin_run(self, run: Run) -> None:
        """Add a run; edits undone before it may still be redone above it, other runs may not."""
        self.done.append(run)
        if any(isinstance(entry, Leap) for entry in self.undone):
            self.undone.clear()

    def drop(self, entry: Entry) -> None:
        """Forget an entry that turned out not to have happened."""
        for shelf in (self.done, self.undone):
            if entry in shelf:
                shelf.remove(entry)

    def clear(self) -> None:
        """Forget everything: another document."""
        self.done.clear()
        self.undone.clear()
        self._saved = (None, None)

    @property
    def last(self) -> Entry | None:
        """The newest entry that is done."""
        return self.done[-1] if self.done else None

    @property
    def undo_label(self) -> str:
        """What "Undo ..." says; empty when there is nothing."""
        return self.done[-1].label if self.done else ""

    @property
    def redo_label(self) -> str:
        """What "Redo ..." says; empty when there is nothing."""
        return self.undone[-1].label if self.undone else ""

    @property
    def run(self) -> Run | None:
        """The run going on, or None."""
        return next((e for e in reversed(self.done) if isinstance(e, Run) and e.is_open), None)

    def part(self, number: int) -> tuple[Entry, Part] | None:
        """The part whose receipt has this number, with its entry."""
        for entry in self._entries():
            if isinstance(entry, Step):
                for part in entry.parts:
                    if part.number == number:
                        return entry, part
        return None

    def trim(self, budget: int = MEMORY) -> bool:
        """Give up the oldest entries while captures of runs hold more than `budget` bytes; whether it did."""
        leaps = [entry for entry in self.done if isinstance(entry, Leap)]
        sizes = [entry.nbytes for entry in leaps]
        spare = sum(sizes) - budget
        last = None
        for entry, size in zip(leaps[:-1], sizes, strict=False):
            if spare <= 0:
                break
            spare -= size
            last = entry
        if last is None:
            return False
        del self.done[: self.done.index(last) + 1]
        return True

    def settle_all(self) -> None:
        """No receipts will come any more: the document's own inverses stand."""
        for entry in self._entries():
            if isinstance(entry, Step):
                for part in entry.parts:
                    part.settle(None)

    def mark(self) -> tuple[object, object]:
        """Where in the history the document now is; to be given to `saved` when it is on the disk."""
        last = self.last
        return last, last.stop if isinstance(last, Run) else None

    def saved(self, mark: tuple[object, object] | None = None) -> None:
        """The document was saved as it was at `mark` (now, if not given)."""
        self._saved = self.mark() if mark is None else mark

    @property
    def is_saved(self) -> bool:
        """Whether the document is as it was when it was last saved."""
        last, stop = self.mark()
        return last is self._saved[0] and stop == self._saved[1]

    def _entries(self) -> Iterable[Entry]:
        yield from reversed(self.done)
        yield from reversed(self.undone)


def span(start: float, stop: float) -> str:
    """Two times in ms as people say them: "0-2.4 s", "12-80 ms"."""
    if stop < 1000.0:
        return f"{start:.4g}-{stop:.4g} ms"
    return f"{start / 1000:.4g}-{stop / 1000:.4g} s"
