"""P17: after any number of cycles of open, grow, prune, undo, run and close, nothing is left over.

Counted by cycles done and not by the clock: what a program warms up to is there after the first cycles.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from engine.network.edits import AddNeurons, AddSynapses, RemoveSynapses
from engine.network.network import Network
from tests.editor.a_window import opened
from tests.leftovers import let_go

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
WARM = 30
"""Cycles before the first count: histories, pools and caches have a size they keep."""


def small() -> Network:
    net = Network(seed=11, title="Cycle")
    exc = net.add_population("E", "iaf_psc_exp", 4)
    projection = net.add_projection("E to E", exc, exc, rules=["stdp_pair"], w_max=2000.0)
    net.wire(projection, "fixed_total", n=6, weight=400.0, delay=1.5)
    net.add_input("poisson", exc, rate=2500.0, weight=250.0)
    return net


@pytest.fixture
def window(qtbot: Any) -> Any:
    monkeypatch = pytest.MonkeyPatch()
    home = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    kept = Path(tempfile.mkdtemp(prefix="neuropil-", dir=home))
    monkeypatch.setattr("engine.files.recovery.default_folders", lambda: [kept])
    made = opened(qtbot, size=(600, 400))
    made.bring_canvas()
    yield made
    made.close()
    monkeypatch.undo()
    shutil.rmtree(kept)


def cycle(window: Any, qtbot: Any, turn: int) -> None:
    """Open a circuit, grow and prune in it, look at it, undo, redo, and every so often let it run."""
    document = window.document
    document.replace(small())
    window.show_document()
    net = document.network
    population = next(iter(net.populations.values()))
    projection = next(iter(net.projections.values()))
    new = net.ids.fresh(1)
    document.do(AddNeurons(population.id, new, np.array([[float(turn % 50), 30.0, 0.0]])))
    first = int(population.neuron_ids[0])
    document.do(AddSynapses(projection.id, net.ids.fresh(1), [first], [int(new[0])], [300.0], [1.5]))
    document.do(RemoveSynapses(projection.synapses.id[:2].copy()))
    if turn % 5 == 0:
        window.bench.choose(np.array([first]))
        window.bench.choose(projection.synapses.id[:1].copy())
    if turn % 25 == 0:
        document.step("dt")
        qtbot.waitUntil(lambda: not document.is_answering and not document.is_running and document.t > 0.0)
    for _ in range(3):
        document.undo()
    for _ in range(2):
        document.redo()
    if turn % 5 == 0:
        QApplication.processEvents()


def counted() -> dict[str, int]:
    """How many of everything there are now, and of which kinds."""
    for _ in range(2):
        let_go()
        gc.collect()
    told = {"objects": len(gc.get_objects()), "widgets": len(QApplication.allWidgets())}
    told["threads"] = threading.active_count()
    if Path("/proc/self/fd").is_dir():
        told["files"] = len(os.listdir("/proc/self/fd"))
    return told


def kinds() -> Counter[str]:
    return Counter(f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects())


def growth(cycles: int, one: Callable[[int], None]) -> dict[str, float]:
    """How many more of everything a cycle leaves, in the later half; the kinds that grew are named."""
    for turn in range(WARM + cycles // 2):
        one(turn)
    before, kinds_before = counted(), kinds()
    for turn in range(cycles - cycles // 2):
        one(turn)
    after, kinds_after = counted(), kinds()
    per_cycle = {name: (after[name] - before[name]) / (cycles - cycles // 2) for name in after}
    more = kinds_after - kinds_before
    print(f"{per_cycle}; grew: {more.most_common(12)}")
    return per_cycle


@pytest.mark.parametrize("cycles", [300, pytest.param(5000, marks=pytest.mark.long)])
def test_P17_cycles_of_open_grow_prune_undo_and_run_leave_nothing(
    window: Any, qtbot: Any, cycles: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # what watches over timers in every test keeps each it has seen
    found = growth(cycles, lambda turn: cycle(window, qtbot, turn))
    assert found["widgets"] <= 0.0
    assert found["threads"] * (cycles - cycles // 2) <= 1.0, "the one that draws may just have begun"
    assert found.get("files", 0.0) <= 0.0
    assert found["objects"] < (1.0 if cycles < 1000 else 0.05)  # one kept a cycle is a leak


def test_a_panel_kept_alive_by_its_own_slot_is_found(window: Any) -> None:
    class Panel(QWidget):
        def __init__(self) -> None:
            super().__init__()
            self.label = QLabel(self)
            window.files.opened.connect(lambda: self.label.setText("again"))

    found = growth(60, lambda turn: Panel().deleteLater())
    assert found["objects"] >= 1.0
