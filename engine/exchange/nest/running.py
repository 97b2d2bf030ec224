"""A circuit runs in NEST, in a process of its own; what happened there comes back under the circuit's ids."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import RunError, UsageError
from engine.exchange.nest.script import write_nest
from engine.network import reading
from engine.runtime.recorder import SAMPLE, SPIKE, checked_probe

if TYPE_CHECKING:
    from engine.network.network import Network

NAMED = "NEUROPIL_NEST_PYTHON"
"""The variable that names a Python which has NEST, where this one has not."""


def nest_python() -> str:
    """A Python that has NEST: that of NEUROPIL_NEST_PYTHON, or this one.

    Raises:
        UsageError: there is none; says how to come by one.
    """
    if found := os.environ.get(NAMED):
        return found
    if importlib.util.find_spec("nest"):
        return sys.executable
    raise UsageError(
        "NEST is not installed here: pip install 'neuropil[nest]' (Linux on x86-64), or name a Python that "
        f"has it in {NAMED}; `neuropil convert FILE out.py` writes a script for a cluster that has"
    )


class NestRun:
    """What a run in NEST left, to be asked like a `Simulation` that has run.

    `network` is the circuit with the weights as NEST gave them back: each is that of the last spike its
    synapse carried.  `notes` says what was left out and what NEST does otherwise.
    """

    def __init__(
        self, net: Network, span: float, found: Mapping[str, NDArray[Any]], notes: list[str]
    ) -> None:
        self.network, self.notes = net.copy(), notes
        self.dt, self.t = net.dt, round(span, 9)
        self._found = found
        for id, projection in self.network.projections.items():
            if f"rows_{id}" in found:
                table = projection.synapses
                weight = np.array(table.weight)
                weight[found[f"rows_{id}"]] = found[f"weights_{id}"]
                table.put("weight", table.id, weight)

    def spikes(self) -> NDArray[np.void]:
        """Every spike: step, t (ms), neuron (id), sorted by (t, id)."""
        found, order = self._in_time(SPIKE, "spikes")
        found["neuron"] = self._found["spikes_id"][order]
        return found

    def record(self, probe: Any) -> NDArray[np.void]:
        """What a probe saw: step, t (ms), id, value, sorted by (t, id); nothing for one that was left out."""
        seen = checked_probe(self.network, probe)
        if seen.what == "spikes":
            spikes = self.spikes()
            mine = spikes[np.isin(spikes["neuron"], seen.targets)]
            found = np.ones(mine.size, SAMPLE)
            found["step"], found["t"], found["id"] = mine["step"], mine["t"], mine["neuron"]
            return found
        if f"probe_{seen.id}_t" not in self._found:
            return np.zeros(0, SAMPLE)
        found, order = self._in_time(SAMPLE, f"probe_{seen.id}")
        for name in ("id", "value"):
            found[name] = self._found[f"probe_{seen.id}_{name}"][order]
        return found

    def synapses(self, projection: Any) -> NDArray[np.void]:
        """Every synapse of a projection: id, pre, post, weight, delay; sorted by (pre, post, id)."""
        return self.network.synapses(reading.one(self.network, projection, "projection"))

    def _in_time(self, kind: np.dtype[Any], what: str) -> tuple[NDArray[np.void], NDArray[np.int64]]:
        """Rows with their step and time, and in which order what was seen goes into them."""
        step = np.rint(self._found[f"{what}_t"] / self.dt).astype(np.int64)
        order = np.lexsort((self._found[f"{what}_id"], step))
        found = np.zeros(order.size, kind)
        found["step"], found["t"] = step[order], np.round(step[order] * self.dt, 9)
        return found, order


def run_on_nest(
    net: Network,
    span: float,
    *,
    threads: int = 1,
    drop: bool = False,
    tell: Callable[[float], None] = lambda _: None,
) -> NestRun:
    """Run a circuit in NEST from t = 0, in a process of its own.

    Args:
        net: the circuit; it is not changed.
        span: how long, in ms.
        threads: of NEST; its results depend on how many.
        drop: whether to leave out what NEST has no words for; otherwise it is refused.
        tell: is told now and then how far it is, in ms.

    Raises:
        ModelError: something cannot be said in NEST; the message lists all of it.
        UsageError: there is no NEST here.
        RunError: NEST gave up; the message ends with its last words.
    """
    with tempfile.TemporaryDirectory(prefix="neuropil-nest-") as folder:
        script, out = Path(folder) / "circuit.py", Path(folder) / "found.npz"
        notes = write_nest(net, script, drop=drop)[:-1]
        command = [nest_python(), str(script), "--for", repr(span), "--threads", str(threads)]
        environment = {key: each for key, each in os.environ.items() if key != "PYTHONPATH"}
        with (
            open(Path(folder) / "said", "w+", encoding="utf-8", errors="replace") as said,
            subprocess.Popen(
                [*command, "--out", str(out), "--progress"],
                stdout=subprocess.PIPE, stderr=said, text=True, env=environment | {"PYNEST_QUIET": "1"},
            ) as child,
        ):  # fmt: skip
            try:
                for line in child.stdout or ():
                    if line.startswith("at "):
                        tell(int(line[3:]) * net.dt)
            except BaseException:
                child.kill()
                raise
            if child.wait() or not out.is_file():
                said.seek(0)
                last = " ".join(said.read().split())[-600:]
                raise RunError(f"NEST gave up: {last or f'it ended with {child.returncode}'}")
        with np.load(out) as held:
            return NestRun(net, span, dict(held), notes)
