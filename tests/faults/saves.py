"""Every way in which the program writes a document, and the networks that are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.exchange.graphml import write_graphml
from engine.exchange.tables import write_edges
from engine.files import atomic
from engine.files.container import write_bundle
from engine.files.layout import about
from engine.files.save import save, to_entries
from tests.faults.circuit import Pretended, rich

SMALL = 3000  # bytes a write, so that a save is many calls
OLD, NEW = rich(1), rich(2)
RUNNING = Pretended(NEW)
RUNNING.run(1.0)
ENTRIES = {
    **to_entries(NEW, RUNNING.capture()),
    "layout.json": {"zoom": 2.0},
    "preview.png": b"\x89PNG" * 900,
}
WAYS: dict[str, Callable[[Path], object]] = {
    "a network": lambda path: save(NEW, path),
    "a run": lambda path: write_bundle(path, about(), ENTRIES),
    "with fixed permissions": lambda path: save(NEW, path, mode=0o600),
    "plain parts": lambda path: atomic.replace_file(path, [b"x" * 2000] * 5),
    "an edge list": lambda path: write_edges(NEW, path),
    "a graph": lambda path: write_graphml(NEW, path),
}
