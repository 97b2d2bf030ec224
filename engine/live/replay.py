"""Repeat a live run from a capture and the list of what was done to it: the same bits come out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.errors import EditRefused, RunError
from engine.live.messages import Apply, Poke, Preview, Restore, State
from engine.live.simulating import Make, simulate

Record = tuple[int, Any]
"""The step at which something took effect (the number of steps run before it), and the message."""


def act(simulation: Any, message: Any) -> Any:
    """Let one recorded cause happen to a simulation; returns the inverse of an edit, else None."""
    if isinstance(message, Apply):
        return simulation.apply(message.edit)
    if isinstance(message, Preview):
        simulation.preview(message.edit)
    elif isinstance(message, Poke):
        simulation.poke(message.kind, message.ids)
    else:
        raise RunError(f"{type(message).__name__} is nothing that a run can repeat")
    return None


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
    build = make or simulate()
    simulation = build(network, state=state)
    begun = simulation.step
    for step, message in records:
        if step < begun and not isinstance(message, Restore):
            continue
        if step < simulation.step:
            raise RunError(
                f"a record of step {step} comes after one of step {simulation.step}; "
                "the list of what was done is not in order"
            )
        simulation.advance(step - simulation.step)
        if isinstance(message, Restore):
            simulation = build(message.network, state=message.state)
            begun = simulation.step
            continue
        try:
            act(simulation, message)
        except EditRefused as refusal:
            raise RunError(f"an edit that took effect at step {step} does not now: {refusal}") from refusal
    if until is not None and until > simulation.step:
        simulation.advance(until - simulation.step)
    return simulation
