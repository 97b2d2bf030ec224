"""A protocol being run beside the window: how far it is, what came out so far, and how to stop it.

Qt-free; the plot looks at it a few times a second.
"""

from __future__ import annotations

import threading
from typing import Any

from engine.analysis.protocols.bench import Outcome, induce
from engine.analysis.protocols.library import Protocol
from engine.errors import Cancelled, NeuropilError


class ProtocolRun:
    """One protocol on one synapse, on a thread of its own; the network given is a copy nobody changes."""

    def __init__(self, network: Any, synapse: int, protocol: Protocol) -> None:
        self.protocol, self.synapse = protocol, synapse
        self.share = 0.0
        self.outcomes: list[Outcome] = []
        self.error = ""
        self.is_done = False
        self._network = network
        self._wanted = threading.Event()
        self._wanted.set()
        self._thread = threading.Thread(target=self._run, name="neuropil-protocol")
        self._thread.start()

    def stop(self) -> None:
        """End it, and wait until it has ended."""
        self._wanted.clear()
        self._thread.join()

    def _told(self, share: float, outcomes: list[Outcome]) -> bool:
        self.share, self.outcomes = share, outcomes
        return self._wanted.is_set()

    def _run(self) -> None:
        try:
            self.outcomes = induce(self._network, self.synapse, self.protocol, self._told)
        except Cancelled:
            self.error = "stopped"
        except NeuropilError as error:
            self.error = str(error)
        finally:
            self.is_done = True
