"""Puts what went wrong in an engine into words that can be sent to the window."""

from __future__ import annotations

import traceback

from engine.errors import NeuropilError, Unstable
from engine.live.messages import Failed
from engine.live.simulating import Simulating


def failure(
    error: Exception, where: str, simulation: Simulating | None, timeline: int = 0, is_over: bool = False
) -> Failed:
    """What to tell about an error; an instability names what ran away, anything else brings its trace."""
    named = error if isinstance(error, Unstable) else None
    text = str(error) if isinstance(error, NeuropilError) else f"{type(error).__name__}: {error}"
    step, t = (simulation.step, simulation.t) if simulation is not None else (0, 0.0)
    return Failed(
        error=text,
        where=where,
        step=step,
        t=t if named is None or named.t is None else named.t,
        neuron=named.neuron if named else None,
        projection=named.projection if named else None,
        rule=named.rule if named else "",
        variable=named.variable if named else "",
        value=named.value if named else None,
        trace="" if named else "".join(traceback.format_exception(error)),
        timeline=timeline,
        is_over=is_over,
    )
