"""A race repeated with several seeds, on a thread of its own: a window looks how far it is, or cancels."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.analysis.ledger.repeats import Progress, Repeated, repeat
from engine.errors import NeuropilError
from engine.network.network import Network


@dataclass(frozen=True)
class Repeats:
    """What a window sees of it: `trouble` says why there is nothing to see, if so."""

    seeds: int
    epochs: int
    share: float = 0.0
    """How much of it is done, from 0 to 1."""
    is_running: bool = True
    learners: tuple[Repeated, ...] = ()
    trouble: str = ""


class Repeating:
    """Trains every learner of a network with several seeds; begins at once.

    Args:
        net: the network with its task and learners; it is copied.
        epochs: of every run.
        seeds: how many.
        task: which task, where there are several.
        learners: ids of the learners; all enabled ones where missing.
    """

    def __init__(
        self,
        net: Network,
        epochs: int,
        seeds: int = 5,
        task: int | None = None,
        learners: Sequence[int] | None = None,
    ) -> None:
        self._network = net.copy()
        self._asked = (epochs, seeds, learners, task)
        self._over = False
        self._seen = Repeats(seeds, epochs)
        self._thread = threading.Thread(target=self._run, name="neuropil-repeats")
        self._thread.start()

    def look(self) -> Repeats:
        """How far it is; nothing in it is changed afterwards."""
        return self._seen

    def cancel(self) -> None:
        """Stop after the epoch that is being run; runs that are complete stay."""
        self._over = True

    def close(self) -> None:
        """Cancel and wait for the thread."""
        self.cancel()
        self._thread.join()

    def _run(self) -> None:
        epochs, seeds, learners, task = self._asked
        trouble = ""
        try:
            repeat(self._network, epochs, seeds, learners, task, self._told)
        except NeuropilError as error:
            trouble = str(error)
        self._seen = replace(self._seen, is_running=False, trouble=trouble)

    def _told(self, progress: Progress) -> bool:
        share = progress.done / max(1, progress.total)
        self._seen = replace(self._seen, share=share, learners=progress.learners)
        return not self._over
