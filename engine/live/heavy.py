"""Edits that take long: prepared beside the run, swapped in between two blocks, the old let go of afterwards.

The four stages are *prepare* and *retire* on a helper thread, *swap* and *receipt* on the engine's.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from engine.live.messages import Apply


@dataclass(frozen=True, eq=False)
class Prepared:
    """Comes back through the inbox when the first stage has ended, well or not."""

    message: Apply
    simulation: Any
    stages: Any
    error: Exception | None = None

    def swap(self) -> Any:
        """The second stage; returns the inverse."""
        return self.stages.swap()


class Heavy:
    """At most one heavy edit at a time; what was sent after it waits, so that the order is kept."""

    def __init__(self, post: Callable[[Any], None]) -> None:
        self._post = post
        self._helper: ThreadPoolExecutor | None = None
        self._stages: Any = None
        self.is_busy = False

    def begin(self, simulation: Any, message: Apply) -> str | None:
        """Start on an edit if the simulation calls it heavy, and return what is being prepared; else None."""
        prepare = getattr(simulation, "prepare", None)
        stages = prepare(message.edit) if prepare is not None else None
        if stages is None:
            return None
        if self._helper is None:
            self._helper = ThreadPoolExecutor(1, thread_name_prefix="neuropil-prepare")
        self.is_busy = True
        self._stages = stages
        self._helper.submit(self._prepare, message, simulation, stages)
        return str(getattr(stages, "what", message.edit.label))

    def _prepare(self, message: Apply, simulation: Any, stages: Any) -> None:
        error: Exception | None = None
        try:
            stages.work()
        except Exception as trouble:
            error = trouble  # raised again on the engine's thread, which tells the window
        self._post(Prepared(message, simulation, stages, error))

    def retire(self, prepared: Prepared) -> None:
        """Let go, aside, of what the edit replaced."""
        if self._helper is not None:
            self._helper.submit(prepared.stages.retire)

    def close(self) -> None:
        """End the helper thread; what it was preparing is given up."""
        abandon = getattr(self._stages, "abandon", None)
        if abandon is not None:
            abandon()
        if self._helper is not None:
            self._helper.shutdown(wait=False, cancel_futures=True)
            self._helper = None
