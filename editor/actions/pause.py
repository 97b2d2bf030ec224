"""Actions that let the run pause by itself: at a birth, a death, a weight or a rate out of its range."""

from __future__ import annotations

from typing import Any

from editor.actions import action


def _waits(kind: str) -> Any:
    def is_on(window: Any) -> bool:
        return any(type(one).__name__ == kind for one in window.document.breakpoints)

    return is_on


def toggle(window: Any, made: Any) -> None:
    """Wait for something that may happen anywhere, or no longer."""
    from editor.transport.pausing import words

    before = window.document.breakpoints
    kept = [one for one in before if one != made]
    if len(kept) == len(before):
        kept.append(made)
        window.say(f"The run will pause when {words(window.document.network, made)}.")
    else:
        window.say(f"The run pauses no more when {words(window.document.network, made)}.")
    window.document.pause_when(kept)


def ask(window: Any, kind: str) -> None:
    """Ask for the range whose leaving is waited for."""
    from editor.transport.pause_panel import open_panel

    open_panel(window, kind)


@action(
    "A synapse grows", "Run/Pause when", group=3, is_on=_waits("WhenGrown"), words="breakpoint stop birth"
)
def pause_when_grown(window: Any) -> None:
    """Stop the clock as soon as a synapse grows."""
    from engine.live.breakpoints import WhenGrown

    toggle(window, WhenGrown())


@action(
    "A synapse is pruned",
    "Run/Pause when",
    group=3,
    is_on=_waits("WhenPruned"),
    words="breakpoint stop death",
)
def pause_when_pruned(window: Any) -> None:
    """Stop the clock as soon as a synapse is pruned."""
    from engine.live.breakpoints import WhenPruned

    toggle(window, WhenPruned())


@action("A weight leaves a range…", "Run/Pause when", group=3, words="breakpoint stop synapse changes above")
def pause_when_weight(window: Any) -> None:
    """Stop the clock when a weight falls below or rises above what you write."""
    ask(window, "weight")


@action("A rate leaves a range…", "Run/Pause when", group=3, words="breakpoint stop silent runaway epileptic")
def pause_when_rate(window: Any) -> None:
    """Stop the clock when a population falls silent or runs away, at rates you write."""
    ask(window, "rate")


def nothing_waited_for(window: Any) -> str:
    """Why there are no reasons to look at."""
    return "" if window.document.breakpoints else "The run waits for nothing yet."


@action("What it waits for…", "Run/Pause when", group=4, why_not=nothing_waited_for,
        words="breakpoints list remove reasons")  # fmt: skip
def pause_reasons(window: Any) -> None:
    """List everything the run pauses for, each to be taken away."""
    ask(window, "weight")
