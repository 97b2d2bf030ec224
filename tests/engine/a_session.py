"""A session on its thread, begun with a toy circuit, and the wait for what it says."""

import threading
import time

from engine.live.session import LiveSession
from tests.live_toy import Toy, small_network

PATIENCE = 120.0


def wait_for(session, kind, said=None, where=lambda message: True):
    """Read until a message of a kind comes; returns it with everything read."""
    said = [] if said is None else said
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        said += session.read()
        if found := [m for m in said if isinstance(m, kind) and where(m)]:
            return found[0]
        threading.Event().wait(0.002)
    raise AssertionError(f"no {kind.__name__} in {PATIENCE} s; said: {[type(m).__name__ for m in said]}")


def begun(**named):
    session = LiveSession(small_network(), make=named.pop("make", Toy), **named)
    session.start()
    return session
