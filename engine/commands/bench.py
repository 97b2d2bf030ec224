"""`bench`: what a second of biology costs on this machine, beside the other simulators that are installed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from engine.commands.console import Answer, add_command, as_json
from engine.errors import UnknownName, UsageError, did_you_mean

PEERS = ("nest", "brian2")


def add(commands: Any, shared: argparse.ArgumentParser, prog: str) -> None:
    """Add the command `bench`."""
    parser = add_command(
        commands,
        shared,
        prog,
        "bench",
        "measure what a second of biology costs on this machine",
        [
            "bench --size small",
            "bench stdp --against nest,brian2",
            "bench --against nest --write results.json --markdown RESULTS.md",
        ],
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="one workload; all by default")
    parser.add_argument(
        "--size", choices=("small", "full"), default="full", help="small takes seconds and proves nothing"
    )
    parser.add_argument("--against", metavar="nest,brian2", help="other simulators beside ours")
    parser.add_argument("--nest-python", metavar="PYTHON", help="a Python that has NEST")
    parser.add_argument("--brian2-python", metavar="PYTHON", help="a Python that has Brian2")
    parser.add_argument("--turns", type=int, metavar="N", help="turns of every side; 20, or 3 when small")
    parser.add_argument(
        "--write", metavar="FILE", help="write JSON after every workload; what is in it already is not redone"
    )
    parser.add_argument("--markdown", metavar="FILE", help="write the table as Markdown")
    parser.set_defaults(answer=answer)


def answer(args: argparse.Namespace) -> Answer:
    """Measure what was asked for, one workload after the other, and tabulate it."""
    from engine.bench import compare, report
    from engine.bench.workloads import WORKLOADS
    from engine.commands.console import Progress

    if args.name and args.name not in WORKLOADS:
        raise UnknownName(
            f"there is no benchmark called {args.name!r}{did_you_mean(args.name, WORKLOADS)}; "
            f"there are {', '.join(WORKLOADS)}"
        )
    asked = [peer for peer in (args.against or "").split(",") if peer]
    for peer in asked:
        if peer not in PEERS:
            raise UsageError(f"--against {peer}: it can be nest, brian2 or both{did_you_mean(peer, PEERS)}")
    against = {peer: compare.python_of(peer, getattr(args, f"{peer}_python")) for peer in asked}
    turns = args.turns or (3 if args.size == "small" else 20)
    found = _found(args.write, args.size)
    chosen = [WORKLOADS[args.name]] if args.name else list(WORKLOADS.values())
    progress = Progress(len(chosen), "bench")
    for done, workload in enumerate(chosen):
        if workload.name in found["workloads"] and not args.name:
            continue
        n = workload.small if args.size == "small" else workload.full

        def tell(text: str, done: int = done) -> None:
            progress.show(done, text)

        found["workloads"][workload.name] = compare.compare(workload, n, turns, against, tell)
        if args.write:
            Path(args.write).write_text(as_json(found) + "\n", "utf-8")
    progress.end()
    shown = [found["workloads"][w.name] for w in chosen if w.name in found["workloads"]]
    if args.markdown:
        Path(args.markdown).write_text(report.markdown(found), "utf-8")
    return Answer(report.text(shown, found["machine"]), {**found, "workloads": shown})


def _found(path: str | None, size: str) -> dict[str, Any]:
    """What an earlier call measured at this size; empty when there was none."""
    from engine.bench import report

    if path and Path(path).is_file():
        known: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
        if known.get("size") == size:
            return known
    return {"size": size, "machine": report.machine(), "workloads": {}}
