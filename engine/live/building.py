"""Building simulations for a live session, without compiling in the window's process.

Compiling holds up every thread, so a child process does it and fills the cache.  While it compiles a rule the
circuit can run without it.
"""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

from engine.live.messages import State
from engine.live.simulating import Bare
from engine.network.edits import Compound, SetRules

if TYPE_CHECKING:
    from engine.runtime.simulation import Simulation

# The kernels bring numba, which takes a third of a second: they are imported when something is built, not
# when the window opens.


class Builder:
    """Builds simulations of networks; what is not in the cache is compiled beside first.

    Args:
        threads: threads a simulation may use; the bits do not depend on it.
        given_up: set from any thread to end a compilation nobody waits for any more.
    """

    def __init__(self, threads: int = 1, given_up: Event | None = None) -> None:
        self.threads = threads
        self.given_up = given_up

    def __call__(self, network: Any, state: State | None = None) -> Simulation:
        """A simulation of `network`, at rest or continuing from a capture; may take a while."""
        from engine.kernels import recipes
        from engine.kernels.warm_up import compile_beside
        from engine.runtime.simulation import Simulation

        compile_beside(recipes.of(network, watched=True), given_up=self.given_up)
        return Simulation(network, threads=self.threads, state=state, eye=True)

    def lacks(self, network: Any) -> bool:
        """Whether anything has to be compiled first."""
        from engine.kernels import recipes
        from engine.kernels.warm_up import missing

        return bool(missing(recipes.of(network, watched=True)))

    def bare(self, network: Any) -> Bare | None:
        """The circuit without the rules that have to be compiled first; None when there are none."""
        from engine.kernels import recipes
        from engine.kernels.warm_up import missing

        lacking = set(missing(recipes.of(network, watched=True)))
        off: list[SetRules] = []
        on: list[SetRules] = []
        for id, projection in network.projections.items():
            own = set(recipes.of_projection(network, projection, projection.rules, watched=True))
            if lacking & own - set(recipes.of_projection(network, projection, (), watched=True)):
                off.append(SetRules(id, ()))
                on.append(SetRules(id, projection.rules, restoring=True))
        if not off:
            return None
        undress, dress = Compound(tuple(off), "prepare rules"), Compound(tuple(on), "prepare rules")
        bare = network.copy()
        undress.apply(bare)
        return Bare(bare, undress, dress)
