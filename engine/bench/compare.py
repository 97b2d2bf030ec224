"""Lets the sides of a workload take turns, each in a process of its own, and sums up what each turn cost."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from engine.bench.statistics import quartiles, ratios
from engine.bench.workloads import LESS, Workload
from engine.errors import RunError, UsageError

SCRIPTS = Path(__file__).resolve().parents[2] / "tests" / "benchmarks"
PEERS = {"nest": "nest_side.py", "brian2": "brian2_side.py"}
IN_THE_WINDOW = ("worm", "start", "canvas")
"""What the engine alone cannot measure."""
FEWEST = 3

Tell = Callable[[str], None]


class Process:
    """One side, waiting in its process for its turn."""

    def __init__(self, label: str, command: list[str], asked: dict[str, Any]) -> None:
        self.label = label
        self.costs: list[float] = []
        self.facts: dict[str, Any] = {}
        path = os.pathsep.join(filter(None, [str(SCRIPTS.parents[1]), os.environ.get("PYTHONPATH", "")]))
        self.child = subprocess.Popen(
            [*command, json.dumps(asked)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip

    def answer(self, key: str) -> Any:
        """Wait for the line that holds `key`; other lines are somebody's chatter."""
        assert self.child.stdout is not None
        for line in self.child.stdout:
            if line.startswith("{"):
                said = json.loads(line)
                if key in said:
                    return said[key]
        raise RunError(f"{self.label} ended early, with exit code {self.child.wait()}")

    def go(self) -> None:
        """Its turn."""
        assert self.child.stdin is not None
        self.child.stdin.write("go\n")
        self.child.stdin.flush()
        self.costs.append(float(self.answer("cost")))

    def end(self) -> None:
        """Let it tell what it came to, and end."""
        assert self.child.stdin is not None
        self.child.stdin.close()
        self.facts |= self.answer("end")
        self.child.wait(60)

    def stop(self) -> None:
        """End it, whatever it does."""
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()


def python_of(peer: str, given: str | None = None) -> str:
    """A Python that has the peer: the one given, that of NEUROPIL_<PEER>_PYTHON, or this one.

    Raises:
        UsageError: there is none; says how to name one.
    """
    name = f"NEUROPIL_{peer.upper()}_PYTHON"
    found = given or os.environ.get(name)
    if found:
        return found
    if importlib.util.find_spec(peer):
        return sys.executable
    raise UsageError(
        f"--against {peer}: {peer} is not installed here; give a Python that has it with "
        f"--{peer}-python or in {name}"
    )


def sides(workload: Workload, n: int, against: dict[str, str]) -> list[tuple[str, list[str], dict[str, Any]]]:
    """Label, command and question of every side of a workload; ours is the first."""
    asked = {"name": workload.name, "n": n, "variant": "", "span": workload.span, "settle": workload.settle}
    ours = [sys.executable, "-m", "engine.bench.side"]
    if workload.script in IN_THE_WINDOW:
        if not (SCRIPTS / "window_side.py").is_file():
            raise UsageError(f"{workload.name} needs the window, from a checkout of the repository")
        ours = [sys.executable, str(SCRIPTS / "window_side.py")]
    found = [("ours", ours, asked)]
    for peer, python in against.items():
        if peer in workload.peers:
            if not (SCRIPTS / PEERS[peer]).is_file():
                raise UsageError(f"--against {peer} needs a checkout of the repository, for its scripts")
            found.append((peer, [python, str(SCRIPTS / PEERS[peer])], asked))
    return found + [(v, ours, {**asked, "variant": v}) for v in workload.beside]


def compare(workload: Workload, n: int, turns: int, against: dict[str, str], tell: Tell) -> dict[str, Any]:
    """Every side of one workload takes its turn, again and again; what came of it, as plain values."""
    running: list[Process] = []
    try:
        for label, command, asked in sides(workload, n, against):
            tell(f"{workload.name}: {label} builds")
            running.append(Process(label, command, asked))
            running[-1].facts = running[-1].answer("ready")
        for turn in range(turns):
            tell(f"{workload.name}: turn {turn + 1} of {turns}")
            for side in running if turn % 2 == 0 else running[::-1]:
                side.go()
        for side in running:
            side.end()
    finally:
        for side in running:
            side.stop()
    return summed(workload, n, running)


def summed(workload: Workload, n: int, running: Iterable[Process]) -> dict[str, Any]:
    """What a workload came to: per side its costs and facts, and ours over each other side."""
    ours, *others = running
    rows = []
    for side in (ours, *others):
        low, middle, high = quartiles(side.costs)
        row: dict[str, Any] = {
            "side": side.label, "least": min(side.costs), "median": middle, "quartiles": [low, high],
            "turns": len(side.costs), **{k: v for k, v in side.facts.items() if k != "t"},
        }  # fmt: skip
        if side is not ours:
            over = ratios(ours.costs, side.costs)
            if side.label not in PEERS and side.label not in LESS:
                over = 1.0 / over  # a variant that has more to do is compared with the plain one
            row["ratio"] = quartiles(over)[1]
            row["ratio_quartiles"] = [quartiles(over)[0], quartiles(over)[2]]
            if side.label in workload.goals:
                row["goal"] = workload.goals[side.label]
                row["met"] = bool(row["ratio"] <= row["goal"])
        rows.append(row)
    return {"name": workload.name, "about": workload.about, "unit": workload.unit, "n": n, "sides": rows}
