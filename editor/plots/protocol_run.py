"""A protocol being run beside the window: how far it is, what came out so far, and how to stop it.

Qt-free; the plot looks at it a few times a second.
"""

from __future__ import annotations

from typing import Any

from editor.aside import Aside
from engine.analysis.protocols.bench import Outcome, induce
from engine.analysis.protocols.kinds import Protocol


class ProtocolRun(Aside):
    """One protocol on one synapse; the network given is a copy nobody changes."""

    stopped = "the protocol was stopped"

    def __init__(self, network: Any, synapse: int, protocol: Protocol) -> None:
        super().__init__("neuropil-protocol")
        self.protocol, self.synapse = protocol, synapse
        self.trials = protocol.trials()
        self.outcomes: list[Outcome] = []
        self._network = network
        self._start()

    def work(self) -> None:
        self.outcomes = induce(self._network, self.synapse, self.protocol, self._shown)

    def _shown(self, share: float, outcomes: list[Outcome]) -> bool:
        self.outcomes = outcomes
        return self._told(share)
